/* Grave words: who is told, what stops, what goes on afterwards, and engines that are not made without a handler. */
#include "check.h"

static struct {
  int first, second;
  affetto_crisis last;
  char learner[64], session[64];
  affetto_session *acknowledge;
} told;

static void first(void *context, const char *learner, const char *session, const affetto_crisis *crisis) {
  CHECK(context == &told && crisis->struct_size == sizeof *crisis);
  told.first++;
  told.last = *crisis;
  snprintf(told.learner, sizeof told.learner, "%s", learner);
  snprintf(told.session, sizeof told.session, "%s", session);
  /* The library may be called from here. */
  if (told.acknowledge != NULL) OK(affetto_session_acknowledge_crisis(told.acknowledge, crisis->time));
}

static void second(void *context, const char *learner, const char *session, const affetto_crisis *crisis) {
  CHECK(context == &told && crisis->is_escalated == 1 && strcmp(learner, told.learner) == 0 && session != NULL);
  told.second++;
}

static int32_t classify(void *context, const char *utf8, size_t length) {
  CHECK(context == &told);
  return length == 7 && memcmp(utf8, "orchids", 7) == 0 ? AFFETTO_CRISIS_ABUSE : AFFETTO_CRISIS_NONE;
}

static const char *const RESOURCES =
    "{\"en\": {\"contacts\": [{\"name\": \"Ms Okafor\", \"reach\": \"room 12\"}]}, \"zh-Hans\": {\"contacts\": "
    "[{\"name\": \"\xe8\xbe\x85\xe5\xaf\xbc\xe5\x91\x98\", \"reach\": \"12355\"}]}}";

static affetto_engine_options options_for(const char *preset) {
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.policy_preset = preset;
  options.crisis = first;
  options.crisis_second = second;
  options.crisis_classifier = classify;
  options.crisis_context = &told;
  options.crisis_resources = RESOURCES;
  options.crisis_deadline_s = 60;
  return options;
}

static void test_refused_engines(void) {
  const char *const minors[] = {"eu_school", "uk_school", "us_under13", "us_teen", "us_il_bipa", "cn_under14", "cn_minor"};
  affetto_engine *engine = NULL;
  for (size_t i = 0; i < sizeof minors / sizeof minors[0]; i++) {
    affetto_engine_options options = options_for(minors[i]);
    options.crisis = NULL;
    STATUS(affetto_engine_create(&options, &engine), AFFETTO_ERR_POLICY);
    CHECK(engine == NULL && strstr(affetto_last_error_message(), minors[i]) != NULL);
    options = options_for(minors[i]);
    options.crisis_resources = NULL;
    STATUS(affetto_engine_create(&options, &engine), AFFETTO_ERR_POLICY);
    CHECK(engine == NULL && strstr(affetto_last_error_message(), "resources") != NULL);
    options.crisis_resources = RESOURCES;
    OK(affetto_engine_create(&options, &engine));
    affetto_engine_destroy(engine);
    engine = NULL;
  }
  const char *const bad[] = {
      "", "{}", "[]", "{\"en\": {}}", "{\"en\": {\"contacts\": []}}",
      "{\"en\": {\"contacts\": [{\"name\": \"\", \"reach\": \"1\"}]}}",
      "{\"fr\": {\"contacts\": [{\"name\": \"a\", \"reach\": \"1\"}]}}", /* no words of ours, none of the host's */
  };
  affetto_engine_options options = options_for("strict");
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    options.crisis_resources = bad[i];
    STATUS(affetto_engine_create(&options, &engine), AFFETTO_ERR_ARGUMENT);
  }
  options.crisis_resources = "\xff";
  STATUS(affetto_engine_create(&options, &engine), AFFETTO_ERR_ENCODING);
  options = options_for("strict");
  options.crisis_deadline_s = -1;
  STATUS(affetto_engine_create(&options, &engine), AFFETTO_ERR_RANGE);
}

static int shows(affetto_session *session, affetto_time now, const char *language, const char *words) {
  char text[2048];
  size_t length = 0;
  return affetto_session_prompt(session, now, language, text, sizeof text, &length) == AFFETTO_OK &&
         strstr(text, words) != NULL;
}

static void test_hit(affetto_engine *engine) {
  affetto_session *session = open_session(engine, "ana"), *beside = open_session(engine, "ana");
  affetto_session *bo = open_session(engine, "bo");
  affetto_crisis crisis = AFFETTO_CRISIS_INIT;
  OK(affetto_session_push_text(session, SECOND, "I am so happy today, this homework is killing me", -1));
  OK(affetto_session_crisis(session, &crisis));
  CHECK(crisis.tier == AFFETTO_CRISIS_NONE && told.first == 0);
  STATUS(affetto_session_acknowledge_crisis(session, SECOND), AFFETTO_ERR_STATE);
  STATUS(affetto_session_resolve_crisis(session, SECOND), AFFETTO_ERR_STATE);

  OK(affetto_session_push_text(session, 2 * SECOND, "i want to die", -1));
  char id[40];
  size_t length = 0;
  OK(affetto_session_id(session, id, sizeof id, &length));
  CHECK(told.first == 1 && strcmp(told.learner, "ana") == 0 && strcmp(told.session, id) == 0);
  CHECK(told.last.tier == AFFETTO_CRISIS_IDEATION && told.last.source == 0 && told.last.time == 2 * SECOND);
  CHECK(told.last.deadline == 62 * SECOND && told.last.is_acknowledged == 0);
  OK(affetto_session_crisis(session, &crisis));
  CHECK(crisis.tier == AFFETTO_CRISIS_IDEATION);

  /* Nothing is named, nothing plays, and the words are the fixed ones: here and in the learner's other sitting. */
  affetto_session *const both[] = {session, beside};
  for (int i = 0; i < 2; i++) {
    affetto_state state = AFFETTO_STATE_INIT;
    affetto_self_report sad = AFFETTO_SELF_REPORT_INIT;
    sad.emotion = AFFETTO_SAD;
    OK(affetto_session_push_self_report(both[i], 3 * SECOND, &sad));
    OK(affetto_session_advance(both[i], 3 * SECOND));
    OK(affetto_session_poll(both[i], &state));
    CHECK(state.emotion == AFFETTO_UNKNOWN && state.abstain == AFFETTO_ABSTAIN_CRISIS && state.confidence < 0.1f);
    affetto_decision decision = AFFETTO_DECISION_INIT;
    OK(affetto_session_decide(both[i], 3 * SECOND, AFFETTO_GOAL_UPLIFT, &decision));
    CHECK(decision.action == AFFETTO_ACTION_HAND_TO_PERSON && decision.gate == AFFETTO_GATE_CRISIS);
    CHECK(decision.track[0] == 0 && decision.propensity == 1);
    CHECK(shows(both[i], 3 * SECOND, NULL, "Ms Okafor: room 12") && shows(both[i], 3 * SECOND, "en-GB", "room 12"));
    CHECK(shows(both[i], 3 * SECOND, "zh-Hans", "12355") && shows(both[i], 3 * SECOND, "zh-TW", "12355"));
    CHECK(shows(both[i], 3 * SECOND, "zh-TW", "\xe8\x81\xbd\xe8\xb5\xb7\xe4\xbe\x86")); /* in traditional characters */
  }
  affetto_decision decision = AFFETTO_DECISION_INIT;
  OK(affetto_session_decide(bo, 3 * SECOND, AFFETTO_GOAL_UPLIFT, &decision));
  CHECK(decision.gate != AFFETTO_GATE_CRISIS); /* nobody else is touched */

  /* As grave again is no news; graver is. */
  OK(affetto_session_push_text(session, 4 * SECOND, "i want to die", -1));
  CHECK(told.first == 1);
  OK(affetto_session_push_text(session, 5 * SECOND, "goodbye everyone forever, i took the pills", -1));
  CHECK(told.first == 2 && told.last.tier == AFFETTO_CRISIS_IMMINENT);

  /* Nobody acknowledges: the second is called, once. */
  OK(affetto_session_advance(beside, 61 * SECOND)); /* the deadline is the first words' */
  CHECK(told.second == 0);
  OK(affetto_engine_maintain(engine, 66 * SECOND));
  OK(affetto_session_advance(session, 70 * SECOND));
  CHECK(told.second == 1);
  OK(affetto_session_acknowledge_crisis(session, 71 * SECOND));
  OK(affetto_session_crisis(beside, &crisis));
  CHECK(crisis.is_acknowledged == 1 && crisis.is_escalated == 1);
  OK(affetto_session_decide(session, 72 * SECOND, AFFETTO_GOAL_UPLIFT, &decision));
  CHECK(decision.gate == AFFETTO_GATE_CRISIS); /* acknowledged is not resolved */

  /* Ending the sitting ends nothing. */
  affetto_session_destroy(beside);
  beside = open_session(engine, "ana");
  OK(affetto_session_decide(beside, 73 * SECOND, AFFETTO_GOAL_UPLIFT, &decision));
  CHECK(decision.gate == AFFETTO_GATE_CRISIS);
  OK(affetto_session_resolve_crisis(beside, 74 * SECOND));
  OK(affetto_session_decide(session, 75 * SECOND, AFFETTO_GOAL_UPLIFT, &decision));
  CHECK(decision.gate != AFFETTO_GATE_CRISIS);

  /* The host's classifier; acknowledged from within the handler. */
  told.acknowledge = session;
  OK(affetto_session_push_text(session, 76 * SECOND, "orchids", -1));
  CHECK(told.first == 3 && told.last.tier == AFFETTO_CRISIS_ABUSE && told.last.source == 1);
  OK(affetto_session_advance(session, 200 * SECOND));
  CHECK(told.second == 1);
  told.acknowledge = NULL;
  affetto_session_destroy(session);
  affetto_session_destroy(beside);
  affetto_session_destroy(bo);

  char *text = export_text(engine, "ana");
  CHECK(text != NULL && strstr(text, "\"imminent\"") != NULL && strstr(text, "pills") == NULL);
  CHECK(text != NULL && strstr(text, "crisis_acknowledged") != NULL && strstr(text, "crisis_resolved") != NULL);
  free(text);
}

static affetto_session *doomed;
static int destroyed;

static void destroy(void *context, const char *learner, const char *session, const affetto_crisis *crisis) {
  (void)context, (void)learner, (void)session, (void)crisis;
  destroyed++;
  affetto_session_destroy(doomed);
}

/* A handler may destroy the very session it is called for; absurd clocks are refused and change nothing. */
static void test_odd_hosts(void) {
  affetto_engine_options options = options_for("strict");
  options.crisis = destroy;
  options.crisis_second = destroy;
  affetto_engine *engine = NULL;
  OK(affetto_engine_create(&options, &engine));
  OK(affetto_learner_create(engine, "ana", NULL));
  grant_all(engine, "ana", AFFETTO_PURPOSE_INTERVENTION);
  doomed = open_session(engine, "ana");
  OK(affetto_session_push_text(doomed, 100 * SECOND, "I want to die", -1));
  CHECK(destroyed == 1);
  STATUS(affetto_session_advance(doomed, 101 * SECOND), AFFETTO_ERR_CLOSED);
  doomed = open_session(engine, "ana");
  const affetto_time absurd[] = {INT64_MIN, INT64_MAX, -(INT64_C(1) << 61)};
  affetto_crisis crisis = AFFETTO_CRISIS_INIT;
  for (size_t i = 0; i < 3; i++) {
    STATUS(affetto_session_acknowledge_crisis(doomed, absurd[i]), AFFETTO_ERR_RANGE);
    STATUS(affetto_session_resolve_crisis(doomed, absurd[i]), AFFETTO_ERR_RANGE);
    OK(affetto_session_crisis(doomed, &crisis));
    CHECK(crisis.tier == AFFETTO_CRISIS_IDEATION && crisis.is_acknowledged == 0 && crisis.is_escalated == 0);
  }
  STATUS(affetto_session_advance(doomed, 300 * SECOND), AFFETTO_ERR_CLOSED); /* the second handler destroyed it */
  CHECK(destroyed == 2);
  affetto_engine_destroy(engine);
  CHECK(destroyed == 2); /* escalated already */
}

/* Neither a full log nor a clock that errs keeps grave words from the handler; the gravest tier and the earliest deadline stay. */
static void test_nothing_stands_between(void) {
  affetto_engine_options options = options_for("strict");
  affetto_engine *engine = NULL;
  OK(affetto_engine_create(&options, &engine));
  OK(affetto_learner_create(engine, "ana", NULL));
  grant_all(engine, "ana", AFFETTO_PURPOSE_INTERVENTION);
  affetto_session *session = open_session(engine, "ana");
  affetto_activity_event event = AFFETTO_ACTIVITY_EVENT_INIT;
  affetto_status status = AFFETTO_OK;
  for (int i = 0; i < 10000 && status == AFFETTO_OK; i++)
    status = affetto_session_push_activity(session, 100 * SECOND + i * 1000, &event);
  STATUS(status, AFFETTO_ERR_OVERRUN);
  int before = told.first;
  OK(affetto_session_push_text(session, 50 * SECOND, "my dad hits me", -1)); /* and the clock runs backwards */
  CHECK(told.first == before + 1 && told.last.tier == AFFETTO_CRISIS_ABUSE && told.last.time > 99 * SECOND);
  affetto_time deadline = told.last.deadline;
  OK(affetto_session_push_text(session, told.last.time + 50 * SECOND, "i want to die", -1));
  CHECK(told.first == before + 2 && told.last.tier == AFFETTO_CRISIS_IDEATION && told.last.deadline == deadline);
  OK(affetto_session_acknowledge_crisis(session, told.last.time + SECOND));
  OK(affetto_session_push_text(session, told.last.time + 2 * SECOND, "my dad hits me", -1));
  affetto_crisis crisis = AFFETTO_CRISIS_INIT;
  OK(affetto_session_crisis(session, &crisis));
  CHECK(told.first == before + 2 && crisis.tier == AFFETTO_CRISIS_IDEATION && crisis.is_acknowledged == 1);
  /* Whom nobody has acknowledged when the engine goes is told of then. */
  OK(affetto_session_resolve_crisis(session, told.last.time + 3 * SECOND));
  OK(affetto_session_push_text(session, told.last.time + 4 * SECOND, "i want to die", -1));
  int second_calls = told.second;
  affetto_session_destroy(session);
  affetto_engine_destroy(engine);
  CHECK(told.second == second_calls + 1);
}

void test_crisis(void) {
  test_refused_engines();
  affetto_engine_options options = options_for("eu_school");
  affetto_engine *engine = NULL;
  OK(affetto_engine_create(&options, &engine));
  OK(affetto_learner_create(engine, "ana", NULL));
  OK(affetto_learner_create(engine, "bo", NULL));
  grant_all(engine, "ana", AFFETTO_PURPOSE_INTERVENTION);
  grant_all(engine, "bo", AFFETTO_PURPOSE_INTERVENTION);
  test_hit(engine);
  affetto_engine_destroy(engine);
  test_odd_hosts();
  test_nothing_stands_between();

  int32_t tier = -1;
  OK(affetto_crisis_check("this homework is killing me", -1, &tier));
  CHECK(tier == AFFETTO_CRISIS_NONE);
  OK(affetto_crisis_check("\xe6\x88\x91\xe4\xb8\x8d\xe6\x83\xb3\xe6\xb4\xbb\xe4\xba\x86", -1, &tier));
  CHECK(tier >= AFFETTO_CRISIS_SELF_HARM && strcmp(affetto_crisis_tier_name(tier), "unknown") != 0);
  CHECK(strcmp(affetto_crisis_tier_name(AFFETTO_CRISIS_SELF_HARM), "self_harm") == 0);
  STATUS(affetto_crisis_check(NULL, -1, &tier), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_crisis_check("a", -1, NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_crisis_check("a", -2, &tier), AFFETTO_ERR_RANGE);
  STATUS(affetto_crisis_check("\xff", -1, &tier), AFFETTO_ERR_ENCODING);
}
