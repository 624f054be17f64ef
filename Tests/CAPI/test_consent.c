/* Policy and consent before every push: presets, purposes, expiry, revocation, erasure. */
#include "check.h"

static affetto_status push(affetto_session *session, int32_t modality, affetto_time now) {
  static float samples[1600];
  affetto_face_frame face = resting_face();
  affetto_activity_event event = AFFETTO_ACTIVITY_EVENT_INIT;
  affetto_self_report report = AFFETTO_SELF_REPORT_INIT;
  report.emotion = AFFETTO_CALM;
  switch (modality) {
  case AFFETTO_VOICE: return affetto_session_push_audio(session, now, samples, 1600);
  case AFFETTO_FACE: return affetto_session_push_face(session, now, &face);
  case AFFETTO_TEXT: return affetto_session_push_text(session, now, "hello", -1);
  case AFFETTO_ACTIVITY: return affetto_session_push_activity(session, now, &event);
  default: return affetto_session_push_self_report(session, now, &report);
  }
}

static affetto_status give(affetto_engine *engine, int32_t modality, int32_t purpose, int64_t from, int64_t until) {
  affetto_consent consent = AFFETTO_CONSENT_INIT;
  consent.modality = modality;
  consent.purpose = purpose;
  consent.granted_unix_s = from;
  consent.expires_unix_s = until;
  consent.method = "paper form";
  consent.evidence_sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  return affetto_learner_grant(engine, "ana", &consent);
}

/* One modality at a time: refused, granted, taken, revoked, refused; the others stay as they are. */
static void test_ledger(void) {
  affetto_engine *engine = memory_engine("eu_home");
  OK(affetto_learner_create(engine, "ana", "{\"age_band\": \"adult\"}"));
  affetto_session *session = open_session(engine, "ana");
  const int32_t purpose = AFFETTO_PURPOSE_INTERVENTION;
  for (int32_t modality = AFFETTO_VOICE; modality <= AFFETTO_SELF_REPORT; modality++) {
    STATUS(push(session, modality, SECOND), AFFETTO_ERR_CONSENT);
    CHECK(strlen(affetto_last_error_message()) > 0);
    STATUS(affetto_policy_check(engine, NULL, "ana", modality, purpose), AFFETTO_ERR_CONSENT);
    OK(give(engine, modality, AFFETTO_PURPOSE_RESEARCH, 0, 0)); /* for another purpose */
    STATUS(push(session, modality, SECOND), AFFETTO_ERR_CONSENT);
    OK(give(engine, modality, purpose, 1000, 2000)); /* expired in 1970 */
    STATUS(push(session, modality, SECOND), AFFETTO_ERR_CONSENT);
    OK(give(engine, modality, purpose, 0, 0));
    OK(affetto_policy_check(engine, NULL, "ana", modality, purpose));
    OK(push(session, modality, SECOND));
  }
  for (int32_t modality = AFFETTO_VOICE; modality <= AFFETTO_SELF_REPORT; modality++) {
    OK(affetto_learner_revoke(engine, "ana", modality, purpose));
    STATUS(push(session, modality, SECOND), AFFETTO_ERR_CONSENT);
    for (int32_t other = modality + 1; other <= AFFETTO_SELF_REPORT; other++) OK(push(session, other, SECOND));
  }
  affetto_session_destroy(session);
  STATUS(affetto_learner_grant(engine, "nobody", &(affetto_consent)AFFETTO_CONSENT_INIT), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_learner_revoke(engine, "nobody", AFFETTO_TEXT, purpose), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_policy_check(engine, NULL, "nobody", AFFETTO_TEXT, purpose), AFFETTO_ERR_NOT_FOUND);
  affetto_engine_destroy(engine);
}

/* What was said before the revocation must not speak after it. */
static void test_revoked_audio_is_gone(void) {
  affetto_engine *engine = engine_with_ana();
  affetto_session *session = open_session(engine, "ana");
  static float voice[2 * RATE];
  make_voice(voice, 2 * RATE, RATE);
  OK(affetto_session_push_audio(session, SECOND, voice, 2 * RATE));
  OK(affetto_learner_revoke(engine, "ana", AFFETTO_VOICE, AFFETTO_PURPOSE_INTERVENTION));
  OK(affetto_session_advance(session, 4 * SECOND));
  affetto_state state = AFFETTO_STATE_INIT;
  OK(affetto_session_poll(session, &state));
  CHECK(state.evidence[AFFETTO_VOICE] == 0);
  CHECK(state.abstain == AFFETTO_ABSTAIN_NO_EVIDENCE && state.emotion == AFFETTO_UNKNOWN);
  affetto_session_destroy(session);
  affetto_engine_destroy(engine);
}

/* No consent unlocks voice or face where the preset forbids them. */
static void test_presets(void) {
  const char *const closed[] = {"strict", "eu_school", "uk_school", "no_such_preset", NULL};
  for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++) {
    affetto_engine *engine = memory_engine(closed[i]);
    OK(affetto_learner_create(engine, "ana", "{\"age_band\": \"adult\"}"));
    for (int32_t modality = AFFETTO_VOICE; modality <= AFFETTO_SELF_REPORT; modality++)
      EITHER(give(engine, modality, AFFETTO_PURPOSE_INTERVENTION, 0, 0), AFFETTO_OK, AFFETTO_ERR_POLICY);
    affetto_session *session = open_session(engine, "ana");
    for (int32_t modality = AFFETTO_VOICE; modality <= AFFETTO_FACE; modality++) {
      STATUS(push(session, modality, SECOND), AFFETTO_ERR_POLICY);
      CHECK(strlen(affetto_last_error_message()) > 0);
      STATUS(affetto_policy_check(engine, NULL, "ana", modality, AFFETTO_PURPOSE_INTERVENTION), AFFETTO_ERR_POLICY);
    }
    OK(push(session, AFFETTO_TEXT, SECOND));
    OK(push(session, AFFETTO_ACTIVITY, SECOND));
    OK(push(session, AFFETTO_SELF_REPORT, SECOND));
    affetto_session_destroy(session);
    affetto_engine_destroy(engine);
  }
  affetto_engine *home = engine_with_ana();
  OK(affetto_policy_check(home, "eu_home", "ana", AFFETTO_VOICE, AFFETTO_PURPOSE_INTERVENTION));
  STATUS(affetto_policy_check(home, "eu_school", "ana", AFFETTO_VOICE, AFFETTO_PURPOSE_INTERVENTION),
         AFFETTO_ERR_POLICY);
  STATUS(affetto_policy_check(home, "no_such_preset", "ana", AFFETTO_FACE, AFFETTO_PURPOSE_INTERVENTION),
         AFFETTO_ERR_POLICY);
  affetto_engine_destroy(home);
}

/* A child's own word is not a guardian's. */
static void test_grantor(void) {
  affetto_engine *engine = memory_engine("us_under13");
  OK(affetto_learner_create(engine, "ana", "{\"age_band\": \"under_13\"}"));
  affetto_session *session = open_session(engine, "ana");
  (void)give(engine, AFFETTO_VOICE, AFFETTO_PURPOSE_INTERVENTION, 0, 0); /* by the learner */
  EITHER(push(session, AFFETTO_VOICE, SECOND), AFFETTO_ERR_CONSENT, AFFETTO_ERR_POLICY);
  affetto_consent consent = AFFETTO_CONSENT_INIT;
  consent.modality = AFFETTO_VOICE;
  consent.grantor = AFFETTO_ROLE_GUARDIAN;
  OK(affetto_learner_grant(engine, "ana", &consent));
  OK(push(session, AFFETTO_VOICE, SECOND));
  affetto_session_destroy(session);
  affetto_engine_destroy(engine);
}

static void test_erase(void) {
  affetto_engine *engine = engine_with_ana();
  affetto_session *session = open_session(engine, "ana");
  affetto_session_options sitting = AFFETTO_SESSION_OPTIONS_INIT;
  affetto_session *none = NULL;
  size_t length = 0;
  OK(affetto_learner_create(engine, "bo", NULL));
  OK(push(session, AFFETTO_TEXT, SECOND));
  STATUS(affetto_learner_erase(engine, "nobody"), AFFETTO_ERR_NOT_FOUND);
  OK(affetto_learner_erase(engine, "ana"));
  STATUS(push(session, AFFETTO_TEXT, SECOND), AFFETTO_ERR_CLOSED); /* live sessions are ended */
  affetto_session_destroy(session);
  STATUS(affetto_learner_export(engine, "ana", NULL, 0, &length), AFFETTO_ERR_NOT_FOUND);
  affetto_access own = AFFETTO_ACCESS_INIT;
  STATUS(affetto_learner_sessions(engine, &own, "ana", NULL, 0, &length), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_session_create(engine, "ana", &sitting, &none), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_learner_erase(engine, "ana"), AFFETTO_ERR_NOT_FOUND);
  OK(affetto_learner_export(engine, "bo", NULL, 0, &length)); /* nobody else is touched */
  OK(affetto_learner_create(engine, "ana", NULL));            /* comes back without a past, or a consent */
  session = open_session(engine, "ana");
  STATUS(push(session, AFFETTO_TEXT, SECOND), AFFETTO_ERR_CONSENT);
  affetto_session_destroy(session);
  affetto_engine_destroy(engine);
}

void test_consent(void) {
  test_ledger();
  test_revoked_audio_is_gone();
  test_presets();
  test_grantor();
  test_erase();
}
