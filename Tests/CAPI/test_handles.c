/* Handles that were destroyed, or never were one: refused with CLOSED, not followed. */
#include "check.h"

#define CLOSED(call) STATUS(call, AFFETTO_ERR_CLOSED)

static void refused_engine(affetto_engine *engine) {
  size_t length = 0;
  affetto_consent consent = AFFETTO_CONSENT_INIT;
  affetto_session_options sitting = AFFETTO_SESSION_OPTIONS_INIT;
  affetto_session *session = NULL;
  affetto_track track = AFFETTO_TRACK_INIT;
  affetto_query query = AFFETTO_QUERY_INIT;
  affetto_audio audio = AFFETTO_AUDIO_INIT;
  static float samples[2 * RATE];
  audio.samples = samples;
  audio.frames = 2 * RATE;
  track.id[0] = 'a';
  CLOSED(affetto_engine_maintain(engine, SECOND));
  CLOSED(affetto_engine_load_model(engine, "x"));
  CLOSED(affetto_learner_create(engine, "bo", NULL));
  CLOSED(affetto_learner_grant(engine, "ana", &consent));
  CLOSED(affetto_learner_revoke(engine, "ana", AFFETTO_TEXT, AFFETTO_PURPOSE_INTERVENTION));
  CLOSED(affetto_policy_check(engine, NULL, "ana", AFFETTO_TEXT, AFFETTO_PURPOSE_INTERVENTION));
  CLOSED(affetto_learner_export(engine, "ana", NULL, 0, &length));
  CLOSED(affetto_learner_erase(engine, "ana"));
  CLOSED(affetto_session_create(engine, "ana", &sitting, &session));
  affetto_access own = AFFETTO_ACCESS_INIT;
  CLOSED(affetto_learner_sessions(engine, &own, "ana", NULL, 0, &length));
  CLOSED(affetto_session_read(engine, &own, "ana", "0", NULL, 0, &length));
  CLOSED(affetto_report_html(engine, &own, "ana", "0", NULL, 0, &length));
  CLOSED(affetto_library_analyze(engine, &audio, &track));
  CLOSED(affetto_library_put(engine, &track));
  CLOSED(affetto_library_find(engine, &query, NULL, 0, &length));
  CLOSED(affetto_library_remove(engine, "a"));
  CLOSED(affetto_library_get(engine, "a", NULL, 0, &length));
  CLOSED(affetto_library_correct(engine, "a", "{}"));
  CLOSED(affetto_library_rate(engine, "a", "x", AFFETTO_LABEL_CROWD, 0, 0, 0));
  CLOSED(affetto_library_settle(engine, "a", AFFETTO_REVIEW_NONE));
  CLOSED(affetto_library_agreement(engine, NULL, 0, &length));
  CLOSED(affetto_library_export(engine, AFFETTO_TABLE_CSV, NULL, 0, &length));
  CLOSED(affetto_library_map(engine, 640, NULL, 0, &length));
  affetto_engine_destroy(engine);
}

static void refused_session(affetto_session *session) {
  char buffer[64];
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
  CLOSED(affetto_session_id(session, buffer, sizeof buffer, &length));
  CLOSED(affetto_session_push_audio(session, SECOND, samples, 16));
  CLOSED(affetto_session_push_text(session, SECOND, "a", -1));
  CLOSED(affetto_session_push_face(session, SECOND, &face));
  affetto_face_signals signals = AFFETTO_FACE_SIGNALS_INIT;
  CLOSED(affetto_session_face(session, &signals));
  CLOSED(affetto_session_push_activity(session, SECOND, &event));
  CLOSED(affetto_session_push_self_report(session, SECOND, &report));
  CLOSED(affetto_session_advance(session, SECOND));
  CLOSED(affetto_session_poll(session, &state));
  CLOSED(affetto_session_dropped(session, &frames));
  CLOSED(affetto_session_explain(session, NULL, 0, &length));
  CLOSED(affetto_session_decide(session, SECOND, AFFETTO_GOAL_CALM, &decision));
  CLOSED(affetto_session_why(session, 1, NULL, 0, &length));
  CLOSED(affetto_session_prompt(session, SECOND, "en", buffer, sizeof buffer, &length));
  CLOSED(affetto_session_feedback(session, SECOND, 1, &feedback));
  CLOSED(affetto_session_stop_now(session));
  CLOSED(affetto_session_pause(session, SECOND));
  CLOSED(affetto_session_resume(session, SECOND));
  CLOSED(affetto_session_veto(session, SECOND, "a"));
  CLOSED(affetto_session_set_task(session, SECOND, AFFETTO_TASK_REST));
  affetto_session_destroy(session);
}

/* A pointer made of a number, through a type that holds one. */
static void *made_up(uintptr_t number) { return (void *)number; }

void test_handles(void) {
  affetto_engine *engine = engine_with_ana();
  affetto_session *session = open_session(engine, "ana");
  affetto_session_destroy(session);
  refused_session(session);
  affetto_session_destroy(session);

  affetto_session *orphan = open_session(engine, "ana"); /* ended by its engine */
  OK(affetto_session_push_text(orphan, SECOND, "hello", -1));
  affetto_engine_destroy(engine);
  refused_session(orphan);
  refused_engine(engine);
  affetto_engine_destroy(engine);

  int64_t memory[32] = {0};
  const uintptr_t numbers[] = {1, 8, 4096, UINTPTR_MAX, UINTPTR_MAX / 2, (uintptr_t)1 << 48, (uintptr_t)memory};
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
    refused_engine(made_up(numbers[i]));
    refused_session(made_up(numbers[i]));
  }

  /* One kind of handle given for the other. */
  engine = engine_with_ana();
  session = open_session(engine, "ana");
  refused_engine((affetto_engine *)(void *)session);
  refused_session((affetto_session *)(void *)engine);
  OK(affetto_session_advance(session, SECOND)); /* neither was ended by that */

  /* A new handle is not taken for an old one, however often memory is used again. */
  affetto_session *old = session;
  affetto_session_destroy(old);
  for (int i = 0; i < 100; i++) {
    affetto_session *next = open_session(engine, "ana");
    STATUS(affetto_session_advance(old, SECOND), AFFETTO_ERR_CLOSED);
    affetto_session_destroy(next);
  }
  affetto_engine_destroy(engine);
}
