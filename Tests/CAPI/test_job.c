/* The main job: sense, fuse, decide, guide, learn. */
#include "check.h"

#include <stddef.h>

static affetto_state state_of(affetto_session *session) {
  affetto_state state = AFFETTO_STATE_INIT;
  OK(affetto_session_poll(session, &state));
  return state;
}

static void check_state(const affetto_state *state) {
  float sum = 0, share = 0;
  for (int i = 0; i < 14; i++) {
    CHECK(state->probability[i] >= 0 && state->probability[i] <= 1);
    sum += state->probability[i];
  }
  for (int i = 0; i < 5; i++) {
    CHECK(state->evidence[i] >= 0 && state->evidence[i] <= 1);
    share += state->evidence[i];
  }
  CHECK(fabsf(sum - 1) < 1e-3f);
  CHECK(share < 1.001f);
  CHECK(fabsf(state->valence) <= 1 && fabsf(state->arousal) <= 1 && fabsf(state->control) <= 1);
  CHECK(state->valence_sd > 0 && state->arousal_sd > 0 && state->control_sd > 0);
  CHECK(state->confidence >= 0 && state->confidence <= 1);
  CHECK((state->emotion == AFFETTO_UNKNOWN) == (state->abstain != AFFETTO_ABSTAIN_NONE));
}

static void check_decision(const affetto_decision *decision) {
  CHECK(decision->propensity > 0 && decision->propensity <= 1);
  CHECK((decision->action == AFFETTO_ACTION_PLAY) == (decision->track[0] != 0));
  CHECK(memchr(decision->track, 0, sizeof decision->track) != NULL);
  CHECK(decision->path_progress >= 0 && decision->path_progress <= 1);
  CHECK(fabsf(decision->target_valence) <= 1 && fabsf(decision->target_arousal) <= 1);
}

static void test_fusion(affetto_engine *engine) {
  affetto_session *session = open_session(engine, "ana");
  affetto_state state = state_of(session);
  check_state(&state);
  CHECK(state.emotion == AFFETTO_UNKNOWN && state.abstain == AFFETTO_ABSTAIN_NO_EVIDENCE);
  uint64_t generation = state.generation;

  OK(affetto_session_push_text(session, SECOND, "I am so happy today, this is wonderful!", -1));
  OK(affetto_session_advance(session, SECOND));
  state = state_of(session);
  check_state(&state);
  CHECK(state.valence > 0);
  CHECK(state.evidence[AFFETTO_TEXT] > 0 && state.evidence[AFFETTO_VOICE] == 0);
  CHECK(state.generation > generation);
  CHECK(state.time == SECOND);
  float happy = state.valence;

  OK(affetto_session_push_text(session, 30 * SECOND, "I hate this, I am so sad and everything is terrible", -1));
  OK(affetto_session_advance(session, 30 * SECOND));
  state = state_of(session);
  CHECK(state.valence < happy);

  affetto_self_report report = AFFETTO_SELF_REPORT_INIT;
  report.valence = 0.8f;
  report.arousal = -0.6f;
  OK(affetto_session_push_self_report(session, 31 * SECOND, &report));
  OK(affetto_session_advance(session, 31 * SECOND));
  state = state_of(session);
  check_state(&state);
  CHECK(state.valence > 0.4f && state.arousal < -0.2f); /* the learner's own word outweighs inference */
  CHECK(state.evidence[AFFETTO_SELF_REPORT] > 0.5f);

  report.emotion = AFFETTO_ANXIOUS;
  report.valence = report.arousal = NAN;
  OK(affetto_session_push_self_report(session, 60 * SECOND, &report));
  OK(affetto_session_advance(session, 60 * SECOND));
  state = state_of(session);
  CHECK(state.emotion == AFFETTO_ANXIOUS && state.valence < 0);
  affetto_session_destroy(session);
}

/* After a self-report the state is clear enough to act on; an hour between decisions keeps burden out of the way. */
static affetto_decision decide_at(affetto_session *session, int step, int32_t goal) {
  affetto_time now = (affetto_time)(step + 1) * 3600 * SECOND;
  affetto_self_report report = AFFETTO_SELF_REPORT_INIT;
  affetto_decision decision = AFFETTO_DECISION_INIT;
  report.emotion = AFFETTO_TIRED;
  report.valence = -0.3f;
  report.arousal = -0.4f;
  OK(affetto_session_push_self_report(session, now, &report));
  OK(affetto_session_advance(session, now));
  OK(affetto_session_decide(session, now, goal, &decision));
  check_decision(&decision);
  CHECK(decision.goal == goal);
  return decision;
}

static void test_decide_and_learn(affetto_engine *engine) {
  affetto_session *session = open_session(engine, "ana");
  char text[65536];
  size_t length = 0;
  int plays = 0;
  for (int step = 0; step < 30; step++) {
    affetto_decision decision = decide_at(session, step, step % 6);
    affetto_time now = (affetto_time)(step + 1) * 3600 * SECOND + 120 * SECOND;
    CHECK(decision.id == (uint64_t)step + 1);
    OK(affetto_session_why(session, decision.id, text, sizeof text, &length));
    CHECK(strstr(text, "\"reasons\"") != NULL && strstr(text, "\"propensity\"") != NULL);
    if (decision.action == AFFETTO_ACTION_PLAY) {
      plays++;
      CHECK(decision.gate == AFFETTO_GATE_NONE);
      CHECK(strstr(text, decision.track) != NULL);
    }
    affetto_feedback feedback = AFFETTO_FEEDBACK_INIT;
    feedback.liking = 0.5f;
    feedback.benefit = step % 2 == 0 ? 0.3f : NAN;
    feedback.listened_seconds = 100;
    OK(affetto_session_feedback(session, now, decision.id, &feedback));
    STATUS(affetto_session_feedback(session, now, decision.id, &feedback), AFFETTO_ERR_STATE);
  }
  CHECK(plays > 0);
  affetto_feedback feedback = AFFETTO_FEEDBACK_INIT;
  STATUS(affetto_session_feedback(session, 200000 * SECOND, 999, &feedback), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_session_feedback(session, 200000 * SECOND, 0, &feedback), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_session_feedback(session, 200000 * SECOND, UINT64_MAX, &feedback), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_session_why(session, UINT64_MAX, NULL, 0, &length), AFFETTO_ERR_NOT_FOUND);
  affetto_session_destroy(session);
}

static void test_override(affetto_engine *engine) {
  affetto_session *session = open_session(engine, "ana");
  char text[8192];
  size_t length = 0;
  affetto_decision decision = decide_at(session, 0, AFFETTO_GOAL_UPLIFT);

  OK(affetto_session_stop_now(session));
  decision = decide_at(session, 1, AFFETTO_GOAL_UPLIFT);
  CHECK(decision.gate == AFFETTO_GATE_STOPPED && decision.action != AFFETTO_ACTION_PLAY);
  STATUS(affetto_session_prompt(session, 7200 * SECOND, "en", text, sizeof text, &length), AFFETTO_ERR_STATE);
  OK(affetto_session_resume(session, 7200 * SECOND));
  decision = decide_at(session, 2, AFFETTO_GOAL_UPLIFT);
  CHECK(decision.gate != AFFETTO_GATE_STOPPED);

  OK(affetto_session_pause(session, 3 * 3600 * SECOND));
  decision = decide_at(session, 3, AFFETTO_GOAL_UPLIFT);
  CHECK(decision.gate == AFFETTO_GATE_PAUSED && decision.action != AFFETTO_ACTION_PLAY);
  OK(affetto_session_prompt(session, 4 * 3600 * SECOND, "en", text, sizeof text, &length));
  CHECK(strstr(text, "\"text\"") != NULL && strstr(text, "\"choices\"") != NULL);
  OK(affetto_session_resume(session, 4 * 3600 * SECOND));

  OK(affetto_session_set_task(session, 4 * 3600 * SECOND, AFFETTO_TASK_EXAM));
  decision = decide_at(session, 4, AFFETTO_GOAL_FOCUS);
  CHECK(decision.gate == AFFETTO_GATE_EXAM && decision.action != AFFETTO_ACTION_PLAY);
  OK(affetto_session_set_task(session, 5 * 3600 * SECOND, AFFETTO_TASK_LECTURE));
  decision = decide_at(session, 5, AFFETTO_GOAL_FOCUS);
  CHECK(decision.gate == AFFETTO_GATE_LECTURE && decision.action != AFFETTO_ACTION_PLAY);
  OK(affetto_session_set_task(session, 6 * 3600 * SECOND, AFFETTO_TASK_REST));

  OK(affetto_session_veto(session, 6 * 3600 * SECOND, "bright"));
  for (int step = 6; step < 36; step++) {
    decision = decide_at(session, step, AFFETTO_GOAL_UPLIFT);
    CHECK(strcmp(decision.track, "bright") != 0);
  }
  EITHER(affetto_session_veto(session, 36 * 3600 * SECOND, ""), AFFETTO_ERR_ARGUMENT, AFFETTO_ERR_NOT_FOUND);
  affetto_session_destroy(session);

  session = open_session(engine, "ana"); /* never again means later sessions too */
  for (int step = 0; step < 10; step++) {
    decision = decide_at(session, step, AFFETTO_GOAL_UPLIFT);
    CHECK(strcmp(decision.track, "bright") != 0);
  }
  affetto_session_destroy(session);
}

static void test_read_back(affetto_engine *engine) {
  affetto_session *session = open_session(engine, "ana");
  char id[64];
  size_t length = 0;
  OK(affetto_session_id(session, id, sizeof id, &length));
  (void)decide_at(session, 0, AFFETTO_GOAL_CALM);
  OK(affetto_session_push_text(session, 3600 * SECOND, "a secret marker phrase", -1));
  OK(affetto_session_advance(session, 3600 * SECOND));
  affetto_session_destroy(session);

  char *export = export_text(engine, "ana");
  CHECK(export != NULL && export[0] == '{');
  if (export != NULL) {
    CHECK(strstr(export, id) != NULL);
    CHECK(strstr(export, "secret marker") == NULL); /* words are read and forgotten */
  }
  free(export);
  static char text[1 << 20];
  affetto_access own = AFFETTO_ACCESS_INIT;
  OK(affetto_learner_sessions(engine, &own, "ana", text, sizeof text, &length));
  CHECK(text[0] == '[' && strstr(text, id) != NULL);
  OK(affetto_session_read(engine, &own, "ana", id, text, sizeof text, &length));
  CHECK(text[0] == '{' && strstr(text, "\"decisions\"") != NULL && strstr(text, "secret marker") == NULL);
  OK(affetto_report_html(engine, &own, "ana", id, text, sizeof text, &length));
  CHECK(strstr(text, "<!doctype html>") == text || strstr(text, "<!DOCTYPE html>") == text);
  CHECK(strstr(text, "<svg") != NULL && strstr(text, "src=\"http") == NULL);
}

/* The same seed and inputs give the same states and decisions. */
static void test_same_again(void) {
  affetto_state states[2];
  affetto_decision decisions[2][20];
  for (int run = 0; run < 2; run++) {
    affetto_engine *engine = engine_with_ana();
    for (int i = 0; i < 8; i++) {
      char id[2] = {(char)('a' + i), 0};
      put_track(engine, id, -0.8f + 0.2f * (float)i, 0.1f * (float)i);
    }
    affetto_session_options options = AFFETTO_SESSION_OPTIONS_INIT;
    options.started_unix_s = 1790000000;
    options.task = AFFETTO_TASK_REST;
    affetto_session *session = NULL;
    OK(affetto_session_create(engine, "ana", &options, &session));
    for (int step = 0; step < 20; step++) decisions[run][step] = decide_at(session, step, AFFETTO_GOAL_CALM);
    states[run] = state_of(session);
    affetto_session_destroy(session);
    affetto_engine_destroy(engine);
  }
  CHECK(memcmp(&states[0], &states[1], offsetof(affetto_state, evidence)) == 0);
  for (int step = 0; step < 20; step++)
    CHECK(memcmp(&decisions[0][step], &decisions[1][step], sizeof(affetto_decision)) == 0);
}

void test_job(void) {
  affetto_engine *engine = engine_with_ana();
  put_track(engine, "bright", 0.7f, 0.6f);
  put_track(engine, "gentle", 0.4f, -0.5f);
  put_track(engine, "steady", 0.1f, 0.0f);
  put_track(engine, "blue", -0.5f, -0.4f);
  test_fusion(engine);
  test_decide_and_learn(engine);
  test_override(engine);
  test_read_back(engine);
  affetto_session_options sitting = AFFETTO_SESSION_OPTIONS_INIT;
  affetto_session *none = NULL;
  STATUS(affetto_session_create(engine, "nobody", &sitting, &none), AFFETTO_ERR_NOT_FOUND);
  affetto_engine_destroy(engine);
  test_same_again();
}
