/* Numbers that are not finite, out of range, or of no vocabulary; times at the ends of the clock. */
#include "check.h"

#define OUT_OF_RANGE(call) STATUS(call, AFFETTO_ERR_RANGE)

static const float BAD[] = {NAN, INFINITY, -INFINITY, 1.5f, -1.5f};
static const int32_t NO_CODE[] = {-2, 99, INT32_MIN, INT32_MAX};
#define EACH(i, values) for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)

static void test_options(affetto_engine *engine) {
  affetto_session_options options = AFFETTO_SESSION_OPTIONS_INIT;
  affetto_session *session = NULL;
  const uint32_t rates[] = {0, 7999, 96001, UINT32_MAX}, channels[] = {0, 9, UINT32_MAX};
  EACH(i, rates) {
    options.audio_rate_hz = rates[i];
    OUT_OF_RANGE(affetto_session_create(engine, "ana", &options, &session));
  }
  options.audio_rate_hz = 48000;
  EACH(i, channels) {
    options.audio_channels = channels[i];
    OUT_OF_RANGE(affetto_session_create(engine, "ana", &options, &session));
  }
  options.audio_channels = 2;
  EACH(i, NO_CODE) {
    affetto_session_options bad = options;
    bad.task = NO_CODE[i];
    OUT_OF_RANGE(affetto_session_create(engine, "ana", &bad, &session));
    bad = options;
    bad.purpose = NO_CODE[i];
    OUT_OF_RANGE(affetto_session_create(engine, "ana", &bad, &session));
    bad = options;
    bad.playback = NO_CODE[i];
    OUT_OF_RANGE(affetto_session_create(engine, "ana", &bad, &session));
  }
  CHECK(session == NULL);
  OK(affetto_session_create(engine, "ana", &options, &session));
  affetto_session_destroy(session);

  EACH(i, NO_CODE) {
    affetto_consent consent = AFFETTO_CONSENT_INIT;
    consent.modality = NO_CODE[i];
    OUT_OF_RANGE(affetto_learner_grant(engine, "ana", &consent));
    consent.modality = AFFETTO_TEXT;
    consent.purpose = NO_CODE[i];
    OUT_OF_RANGE(affetto_learner_grant(engine, "ana", &consent));
    consent.purpose = AFFETTO_PURPOSE_INTERVENTION;
    consent.grantor = NO_CODE[i];
    OUT_OF_RANGE(affetto_learner_grant(engine, "ana", &consent));
    OUT_OF_RANGE(affetto_learner_revoke(engine, "ana", NO_CODE[i], AFFETTO_PURPOSE_INTERVENTION));
    OUT_OF_RANGE(affetto_learner_revoke(engine, "ana", AFFETTO_TEXT, NO_CODE[i]));
    OUT_OF_RANGE(affetto_policy_check(engine, NULL, "ana", NO_CODE[i], AFFETTO_PURPOSE_INTERVENTION));
    OUT_OF_RANGE(affetto_policy_check(engine, NULL, "ana", AFFETTO_TEXT, NO_CODE[i]));
  }
  affetto_consent backwards = AFFETTO_CONSENT_INIT;
  backwards.granted_unix_s = 2000;
  backwards.expires_unix_s = 1000;
  EITHER(affetto_learner_grant(engine, "ana", &backwards), AFFETTO_ERR_RANGE, AFFETTO_ERR_ARGUMENT);
  affetto_consent endless = AFFETTO_CONSENT_INIT; /* granted + 365 days would overflow */
  endless.granted_unix_s = INT64_MAX;
  (void)affetto_learner_grant(engine, "ana", &endless);
}

static void test_face_values(affetto_session *session) {
  affetto_face_frame face = resting_face();
  const float outside[] = {INFINITY, -INFINITY, 1.5f, -0.1f};
  EACH(i, outside) {
    face.blendshape[3] = outside[i];
    OUT_OF_RANGE(affetto_session_push_face(session, SECOND, &face));
  }
  face.blendshape[3] = 0;
  EACH(i, BAD) {
    face.tracking = BAD[i];
    OUT_OF_RANGE(affetto_session_push_face(session, SECOND, &face));
  }
  face.tracking = 1;
  for (int i = 0; i < 52; i++) face.blendshape[i] = NAN;
  STATUS(affetto_session_push_face(session, SECOND, &face), AFFETTO_ERR_ARGUMENT); /* a face, and nothing of it */
  face.tracking = 0;
  OK(affetto_session_push_face(session, SECOND, &face)); /* no face */
}

static void test_activity_and_self_report(affetto_session *session) {
  EACH(i, NO_CODE) {
    affetto_activity_event event = AFFETTO_ACTIVITY_EVENT_INIT;
    event.kind = NO_CODE[i];
    OUT_OF_RANGE(affetto_session_push_activity(session, SECOND, &event));
    event.kind = AFFETTO_ANSWER;
    event.correct = NO_CODE[i];
    OUT_OF_RANGE(affetto_session_push_activity(session, SECOND, &event));
    affetto_self_report report = AFFETTO_SELF_REPORT_INIT;
    report.emotion = NO_CODE[i];
    OUT_OF_RANGE(affetto_session_push_self_report(session, SECOND, &report));
  }
  affetto_activity_event event = AFFETTO_ACTIVITY_EVENT_INIT;
  event.kind = AFFETTO_ANSWER;
  event.attempts = 0;
  OUT_OF_RANGE(affetto_session_push_activity(session, SECOND, &event));
  event.attempts = 1;
  const float seconds[] = {-1, INFINITY, -INFINITY}, difficulty[] = {-0.1f, 1.1f, INFINITY};
  EACH(i, seconds) {
    event.seconds = seconds[i];
    OUT_OF_RANGE(affetto_session_push_activity(session, SECOND, &event));
  }
  event.seconds = NAN;
  EACH(i, difficulty) {
    event.difficulty = difficulty[i];
    OUT_OF_RANGE(affetto_session_push_activity(session, SECOND, &event));
  }
  event.difficulty = 0.5f;
  OK(affetto_session_push_activity(session, SECOND, &event));

  affetto_self_report report = AFFETTO_SELF_REPORT_INIT;
  STATUS(affetto_session_push_self_report(session, SECOND, &report), AFFETTO_ERR_ARGUMENT); /* nothing given */
  for (size_t i = 1; i < sizeof BAD / sizeof BAD[0]; i++) { /* NaN is "not given" */
    report.valence = BAD[i];
    OUT_OF_RANGE(affetto_session_push_self_report(session, SECOND, &report));
    report.valence = NAN;
    report.arousal = BAD[i];
    OUT_OF_RANGE(affetto_session_push_self_report(session, SECOND, &report));
    report.arousal = NAN;
    report.control = BAD[i];
    OUT_OF_RANGE(affetto_session_push_self_report(session, SECOND, &report));
    report.control = NAN;
  }
  report.valence = -1;
  OK(affetto_session_push_self_report(session, SECOND, &report));
}

static void test_decide_and_feedback(affetto_session *session) {
  affetto_decision decision = AFFETTO_DECISION_INIT;
  EACH(i, NO_CODE) {
    OUT_OF_RANGE(affetto_session_decide(session, SECOND, NO_CODE[i], &decision));
    OUT_OF_RANGE(affetto_session_set_task(session, SECOND, NO_CODE[i]));
  }
  OK(affetto_session_decide(session, SECOND, AFFETTO_GOAL_CALM, &decision));
  affetto_feedback feedback = AFFETTO_FEEDBACK_INIT;
  for (size_t i = 1; i < sizeof BAD / sizeof BAD[0]; i++) {
    feedback.liking = BAD[i];
    OUT_OF_RANGE(affetto_session_feedback(session, SECOND, decision.id, &feedback));
    feedback.liking = NAN;
    feedback.benefit = BAD[i];
    OUT_OF_RANGE(affetto_session_feedback(session, SECOND, decision.id, &feedback));
    feedback.benefit = NAN;
  }
  feedback.listened_seconds = -1;
  OUT_OF_RANGE(affetto_session_feedback(session, SECOND, decision.id, &feedback));
  feedback.listened_seconds = NAN;
  OK(affetto_session_feedback(session, SECOND, decision.id, &feedback)); /* none of the refused ones counted */
}

/* Time may step back by a second, not by more; its ends must not overflow. */
static void test_time(affetto_engine *engine) {
  affetto_session *session = open_session(engine, "ana");
  affetto_state state = AFFETTO_STATE_INIT;
  OK(affetto_session_push_text(session, 100 * SECOND, "hello", -1));
  OK(affetto_session_push_text(session, 99 * SECOND + SECOND / 2, "hello", -1));
  STATUS(affetto_session_push_text(session, 90 * SECOND, "hello", -1), AFFETTO_ERR_STATE);
  OK(affetto_session_advance(session, 100 * SECOND));
  STATUS(affetto_session_advance(session, 90 * SECOND), AFFETTO_ERR_STATE);
  affetto_session_destroy(session);

  const affetto_time ends[][2] = {{INT64_MIN, INT64_MAX}, {INT64_MAX, INT64_MIN}, {0, INT64_MAX}, {-1, INT64_MIN}};
  EACH(i, ends) {
    affetto_decision decision = AFFETTO_DECISION_INIT;
    affetto_face_frame face = resting_face();
    affetto_feedback feedback = AFFETTO_FEEDBACK_INIT;
    float samples[160] = {0};
    char text[4096];
    size_t length = 0;
    session = open_session(engine, "ana");
    for (int step = 0; step < 2; step++) {
      affetto_time now = ends[i][step];
      (void)affetto_session_push_text(session, now, "I am so happy", -1);
      (void)affetto_session_push_audio(session, now, samples, 160);
      (void)affetto_session_push_face(session, now, &face);
      (void)affetto_session_advance(session, now);
      (void)affetto_session_decide(session, now, AFFETTO_GOAL_CALM, &decision);
      (void)affetto_session_prompt(session, now, "en", text, sizeof text, &length);
      (void)affetto_session_feedback(session, now, decision.id, &feedback);
      (void)affetto_session_pause(session, now);
      (void)affetto_session_resume(session, now);
      (void)affetto_engine_maintain(engine, now);
    }
    OK(affetto_session_poll(session, &state));
    CHECK(isfinite(state.valence) && isfinite(state.valence_sd));
    affetto_session_destroy(session);
  }
}

void test_values(void) {
  affetto_engine *engine = engine_with_ana();
  put_track(engine, "a", 0.5f, -0.5f);
  test_options(engine);
  affetto_session *session = open_session(engine, "ana");
  test_face_values(session);
  test_activity_and_self_report(session);
  OK(affetto_session_advance(session, SECOND));
  test_decide_and_feedback(session);
  affetto_session_destroy(session);
  test_time(engine);
  affetto_engine_destroy(engine);
}
