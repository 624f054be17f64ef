/* NULL for every pointer argument of every function: a status, never a crash. */
#include "check.h"

/* A NULL handle is a missing argument or a handle that never was one. */
#define NO_HANDLE(call) EITHER(call, AFFETTO_ERR_ARGUMENT, AFFETTO_ERR_CLOSED)
#define MISSING(call) STATUS(call, AFFETTO_ERR_ARGUMENT)

static void test_engine(affetto_engine *engine, const char *session_id) {
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  affetto_engine *none = NULL;
  MISSING(affetto_engine_create(NULL, &none));
  CHECK(none == NULL);
  MISSING(affetto_engine_create(&options, NULL));
  MISSING(affetto_engine_create(NULL, NULL));
  affetto_engine_destroy(NULL);
  NO_HANDLE(affetto_engine_maintain(NULL, 0));
  NO_HANDLE(affetto_engine_load_model(NULL, "x"));
  MISSING(affetto_engine_load_model(engine, NULL));

  affetto_consent consent = AFFETTO_CONSENT_INIT;
  char buffer[16];
  size_t length = 0;
  NO_HANDLE(affetto_learner_create(NULL, "ana", NULL));
  MISSING(affetto_learner_create(engine, NULL, NULL));
  OK(affetto_learner_create(engine, "nobody", NULL));
  NO_HANDLE(affetto_learner_grant(NULL, "ana", &consent));
  MISSING(affetto_learner_grant(engine, NULL, &consent));
  MISSING(affetto_learner_grant(engine, "ana", NULL));
  NO_HANDLE(affetto_learner_revoke(NULL, "ana", AFFETTO_TEXT, AFFETTO_PURPOSE_INTERVENTION));
  MISSING(affetto_learner_revoke(engine, NULL, AFFETTO_TEXT, AFFETTO_PURPOSE_INTERVENTION));
  NO_HANDLE(affetto_policy_check(NULL, NULL, "ana", AFFETTO_TEXT, AFFETTO_PURPOSE_INTERVENTION));
  MISSING(affetto_policy_check(engine, NULL, NULL, AFFETTO_TEXT, AFFETTO_PURPOSE_INTERVENTION));
  NO_HANDLE(affetto_learner_export(NULL, "ana", NULL, 0, &length));
  MISSING(affetto_learner_export(engine, NULL, NULL, 0, &length));
  MISSING(affetto_learner_export(engine, "ana", NULL, 0, NULL));
  MISSING(affetto_learner_export(engine, "ana", NULL, 16, &length));
  MISSING(affetto_learner_export(engine, "ana", buffer, sizeof buffer, NULL));
  NO_HANDLE(affetto_learner_erase(NULL, "ana"));
  MISSING(affetto_learner_erase(engine, NULL));
  affetto_access own = AFFETTO_ACCESS_INIT;
  NO_HANDLE(affetto_learner_sessions(NULL, &own, "ana", NULL, 0, &length));
  MISSING(affetto_learner_sessions(engine, NULL, "ana", NULL, 0, &length));
  MISSING(affetto_learner_sessions(engine, &own, NULL, NULL, 0, &length));
  MISSING(affetto_learner_sessions(engine, &own, "ana", NULL, 0, NULL));
  NO_HANDLE(affetto_session_read(NULL, &own, "ana", "0", NULL, 0, &length));
  MISSING(affetto_session_read(engine, NULL, "ana", session_id, NULL, 0, &length));
  MISSING(affetto_session_read(engine, &own, NULL, "0", NULL, 0, &length));
  MISSING(affetto_session_read(engine, &own, "ana", NULL, NULL, 0, &length));
  MISSING(affetto_session_read(engine, &own, "ana", session_id, NULL, 0, NULL));
  NO_HANDLE(affetto_report_html(NULL, &own, "ana", "0", NULL, 0, &length));
  MISSING(affetto_report_html(engine, NULL, "ana", session_id, NULL, 0, &length));
  MISSING(affetto_report_html(engine, &own, NULL, "0", NULL, 0, &length));
  MISSING(affetto_report_html(engine, &own, "ana", NULL, NULL, 0, &length));
  MISSING(affetto_report_html(engine, &own, "ana", session_id, NULL, 0, NULL));
  NO_HANDLE(affetto_learner_consents(NULL, "ana", NULL, 0, &length));
  MISSING(affetto_learner_consents(engine, NULL, NULL, 0, &length));
  MISSING(affetto_learner_consents(engine, "ana", NULL, 0, NULL));
  NO_HANDLE(affetto_learner_export_to(NULL, "ana", "x"));
  MISSING(affetto_learner_export_to(engine, NULL, "x"));
  MISSING(affetto_learner_export_to(engine, "ana", NULL));
  NO_HANDLE(affetto_policy_describe(NULL, NULL, NULL, 0, &length));
  MISSING(affetto_policy_describe(engine, NULL, NULL, 0, NULL));
  NO_HANDLE(affetto_policy_amend(NULL, "{}"));
  MISSING(affetto_policy_amend(engine, NULL));
  NO_HANDLE(affetto_policy_attestations(NULL, NULL, 0, &length));
  MISSING(affetto_policy_attestations(engine, NULL, 0, NULL));
  NO_HANDLE(affetto_store_set_retention(NULL, 30, 365));
  NO_HANDLE(affetto_store_retention(NULL, NULL, 0, &length));
  MISSING(affetto_store_retention(engine, NULL, 0, NULL));
  NO_HANDLE(affetto_study_create(NULL, "s", 1));
  MISSING(affetto_study_create(engine, NULL, 1));
  OK(affetto_study_create(engine, "s", 1));
  NO_HANDLE(affetto_study_export(NULL, "s", 10, NULL, 0, &length));
  MISSING(affetto_study_export(engine, NULL, 10, NULL, 0, &length));
  MISSING(affetto_study_export(engine, "s", 10, NULL, 0, NULL));
  NO_HANDLE(affetto_study_answer(NULL, "s", "{}", buffer, sizeof buffer, &length));
  MISSING(affetto_study_answer(engine, NULL, "{}", buffer, sizeof buffer, &length));
  MISSING(affetto_study_answer(engine, "s", NULL, buffer, sizeof buffer, &length));
  MISSING(affetto_study_answer(engine, "s", "{}", buffer, sizeof buffer, NULL));

  affetto_session_options sitting = AFFETTO_SESSION_OPTIONS_INIT;
  affetto_session *session = NULL;
  NO_HANDLE(affetto_session_create(NULL, "ana", &sitting, &session));
  MISSING(affetto_session_create(engine, NULL, &sitting, &session));
  MISSING(affetto_session_create(engine, "ana", NULL, &session));
  MISSING(affetto_session_create(engine, "ana", &sitting, NULL));
  CHECK(session == NULL);
  affetto_session_destroy(NULL);
}

static void test_session(affetto_session *session) {
  char buffer[16];
  float samples[16] = {0};
  size_t length = 0;
  uint64_t frames = 0;
  affetto_face_frame face = AFFETTO_FACE_FRAME_INIT;
  affetto_activity_event event = AFFETTO_ACTIVITY_EVENT_INIT;
  affetto_self_report report = AFFETTO_SELF_REPORT_INIT;
  affetto_state state = AFFETTO_STATE_INIT;
  affetto_decision decision = AFFETTO_DECISION_INIT;
  affetto_feedback feedback = AFFETTO_FEEDBACK_INIT;
  report.emotion = AFFETTO_CALM;

  NO_HANDLE(affetto_session_id(NULL, buffer, sizeof buffer, &length));
  MISSING(affetto_session_id(session, NULL, 0, NULL));
  MISSING(affetto_session_id(session, NULL, 64, &length));
  NO_HANDLE(affetto_session_push_audio(NULL, 0, samples, 16));
  MISSING(affetto_session_push_audio(session, 0, NULL, 16));
  NO_HANDLE(affetto_session_push_text(NULL, 0, "a", -1));
  MISSING(affetto_session_push_text(session, 0, NULL, -1));
  MISSING(affetto_session_push_text(session, 0, NULL, 4));
  CHECK(affetto_blendshape_index(NULL) == -1);
  NO_HANDLE(affetto_session_push_face(NULL, 0, &face));
  MISSING(affetto_session_push_face(session, 0, NULL));
  affetto_face_signals signals = AFFETTO_FACE_SIGNALS_INIT;
  NO_HANDLE(affetto_session_face(NULL, &signals));
  MISSING(affetto_session_face(session, NULL));
  NO_HANDLE(affetto_session_push_activity(NULL, 0, &event));
  MISSING(affetto_session_push_activity(session, 0, NULL));
  NO_HANDLE(affetto_session_push_self_report(NULL, 0, &report));
  MISSING(affetto_session_push_self_report(session, 0, NULL));
  NO_HANDLE(affetto_session_advance(NULL, 0));
  NO_HANDLE(affetto_session_poll(NULL, &state));
  MISSING(affetto_session_poll(session, NULL));
  NO_HANDLE(affetto_session_dropped(NULL, &frames));
  MISSING(affetto_session_dropped(session, NULL));
  NO_HANDLE(affetto_session_explain(NULL, NULL, 0, &length));
  MISSING(affetto_session_explain(session, NULL, 0, NULL));
  NO_HANDLE(affetto_session_decide(NULL, 0, AFFETTO_GOAL_CALM, &decision));
  MISSING(affetto_session_decide(session, 0, AFFETTO_GOAL_CALM, NULL));
  NO_HANDLE(affetto_session_why(NULL, 1, NULL, 0, &length));
  OK(affetto_session_decide(session, 0, AFFETTO_GOAL_CALM, &decision));
  MISSING(affetto_session_why(session, decision.id, NULL, 0, NULL));
  NO_HANDLE(affetto_session_prompt(NULL, 0, "en", NULL, 0, &length));
  EITHER(affetto_session_prompt(session, 0, NULL, NULL, 0, &length), AFFETTO_ERR_ARGUMENT, AFFETTO_OK); /* "en" */
  MISSING(affetto_session_prompt(session, 0, "en", NULL, 0, NULL));
  NO_HANDLE(affetto_session_feedback(NULL, 0, 1, &feedback));
  MISSING(affetto_session_feedback(session, 0, decision.id, NULL));
  NO_HANDLE(affetto_session_stop_now(NULL));
  NO_HANDLE(affetto_session_pause(NULL, 0));
  NO_HANDLE(affetto_session_resume(NULL, 0));
  NO_HANDLE(affetto_session_veto(NULL, 0, "a"));
  MISSING(affetto_session_veto(session, 0, NULL));
  NO_HANDLE(affetto_session_set_task(NULL, 0, AFFETTO_TASK_REST));
}

static void test_library_and_voice(affetto_engine *engine) {
  static float samples[2 * RATE];
  affetto_audio audio = AFFETTO_AUDIO_INIT;
  affetto_track track = AFFETTO_TRACK_INIT;
  affetto_query query = AFFETTO_QUERY_INIT;
  affetto_voice_summary summary = AFFETTO_VOICE_SUMMARY_INIT;
  size_t count = 0;
  audio.frames = 2 * RATE;
  MISSING(affetto_library_analyze(engine, &audio, &track)); /* samples is NULL */
  MISSING(affetto_voice_analyze(&audio, &summary));
  audio.samples = samples;
  NO_HANDLE(affetto_library_analyze(NULL, &audio, &track));
  MISSING(affetto_library_analyze(engine, NULL, &track));
  MISSING(affetto_library_analyze(engine, &audio, NULL));
  MISSING(affetto_voice_analyze(NULL, &summary));
  MISSING(affetto_voice_analyze(&audio, NULL));
  NO_HANDLE(affetto_voice_push(NULL, samples, 1));
  NO_HANDLE(affetto_voice_advance(NULL));
  NO_HANDLE(affetto_voice_finish(NULL));
  NO_HANDLE(affetto_voice_summarize(NULL, &summary));
  NO_HANDLE(affetto_library_put(NULL, &track));
  MISSING(affetto_library_put(engine, NULL));
  NO_HANDLE(affetto_library_find(NULL, &query, NULL, 0, &count));
  MISSING(affetto_library_find(engine, NULL, NULL, 0, &count));
  MISSING(affetto_library_find(engine, &query, NULL, 0, NULL));
  MISSING(affetto_library_find(engine, &query, NULL, 4, &count));
  MISSING(affetto_library_find(engine, &query, NULL, SIZE_MAX, &count));
}

void test_null(void) {
  affetto_engine *engine = engine_with_ana();
  affetto_session *session = open_session(engine, "ana");
  char session_id[64];
  size_t length = 0;
  OK(affetto_session_id(session, session_id, sizeof session_id, &length));
  affetto_session_destroy(session);
  test_engine(engine, session_id);
  session = open_session(engine, "ana");
  test_session(session);
  test_library_and_voice(engine);
  affetto_session_destroy(session);
  affetto_engine_destroy(engine);
}
