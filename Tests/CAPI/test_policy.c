/* Who may sense what and read what: presets as they are told, a host's changes, reads by others than the learner. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <unistd.h>

static char text[1 << 20];
static size_t length;

#define SAYS(call, words)               \
  do {                                  \
    OK(call);                           \
    CHECK(strstr(text, words) != NULL); \
  } while (0)
#define REFUSED(call, words)                                         \
  do {                                                               \
    STATUS(call, AFFETTO_ERR_POLICY);                                \
    CHECK(strstr(affetto_last_error_message(), words) != NULL);      \
  } while (0)

static const char *attested =
    "\"attestation\": {\"by\": \"data protection officer\", \"reason\": \"approved trial 17\", \"document_sha256\": "
    "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}}";

static affetto_status push_face(affetto_session *session, affetto_time now) {
  affetto_face_frame frame = resting_face();
  return affetto_session_push_face(session, now, &frame);
}

static void test_describe(affetto_engine *engine) {
  SAYS(affetto_policy_describe(engine, NULL, text, sizeof text, &length), "\"preset\":\"eu_home\"");
  CHECK(strstr(text, "\"data\":\"typing_rhythm\"") != NULL && strstr(text, "\"play\":\"automatic\"") != NULL);
  SAYS(affetto_policy_describe(engine, "eu_school", text, sizeof text, &length), "Art. 5(1)(f)");
  CHECK(strstr(text, "\"is_statutory\":true") != NULL);
  SAYS(affetto_policy_describe(engine, "cn_under14", text, sizeof text, &length), "\"reminder_hours\":2");
  SAYS(affetto_policy_describe(engine, "anything", text, sizeof text, &length), "\"preset\":\"strict\"");
}

/* Statutory or not, typing rhythm has its rule and its consents. */
static void test_typing_rhythm(affetto_engine *engine) {
  affetto_consent consent = AFFETTO_CONSENT_INIT;
  consent.modality = AFFETTO_TYPING_RHYTHM;
  int32_t purpose = AFFETTO_PURPOSE_INTERVENTION;
  STATUS(affetto_policy_check(engine, NULL, "ana", AFFETTO_TYPING_RHYTHM, purpose), AFFETTO_ERR_CONSENT);
  OK(affetto_learner_grant(engine, "ana", &consent));
  OK(affetto_policy_check(engine, NULL, "ana", AFFETTO_TYPING_RHYTHM, purpose));
  REFUSED(affetto_policy_check(engine, "eu_school", "ana", AFFETTO_TYPING_RHYTHM, purpose), "typing rhythm");
  OK(affetto_learner_revoke(engine, "ana", AFFETTO_TYPING_RHYTHM, purpose));
  STATUS(affetto_policy_check(engine, NULL, "ana", AFFETTO_TYPING_RHYTHM, purpose), AFFETTO_ERR_CONSENT);
  STATUS(affetto_policy_check(engine, NULL, "ana", 7, purpose), AFFETTO_ERR_RANGE);
  SAYS(affetto_learner_consents(engine, "ana", text, sizeof text, &length), "\"modality\":\"typing_rhythm\"");
  CHECK(strstr(text, "\"revoked\":") != NULL && text[0] == '[');
}

static void test_amend(void) {
  affetto_engine *engine = engine_with_ana();
  affetto_session *session = open_session(engine, "ana");
  OK(push_face(session, SECOND));
  /* Stricter: at once, for the session that is open, too. */
  OK(affetto_policy_amend(engine, "{\"rules\": [{\"data\": \"face\", \"stance\": \"forbidden\"}]}"));
  REFUSED(push_face(session, SECOND), "tightened by the host");
  SAYS(affetto_policy_describe(engine, NULL, text, sizeof text, &length), "\"is_amended\":true");
  OK(affetto_policy_attestations(engine, text, sizeof text, &length));
  CHECK(strcmp(text, "[]") == 0);
  /* Back to the preset's own rule, but not beyond it. */
  OK(affetto_policy_amend(engine, "{\"rules\": [{\"data\": \"face\", \"stance\": \"consent\", \"from\": [\"guardian\"]}]}"));
  STATUS(push_face(session, SECOND), AFFETTO_ERR_CONSENT);
  OK(affetto_policy_amend(
      engine, "{\"rules\": [{\"data\": \"face\", \"stance\": \"consent\", \"from\": [\"learner\", \"guardian\"]}]}"));
  OK(push_face(session, SECOND));
  const char *looser = "{\"rules\": [{\"data\": \"face\", \"stance\": \"forbidden\"}, {\"data\": \"voice\", \"stance\": \"allowed\"}]";
  snprintf(text, sizeof text, "%s}", looser);
  REFUSED(affetto_policy_amend(engine, text), "needs an attestation");
  OK(push_face(session, SECOND)); /* all or nothing */
  snprintf(text, sizeof text, "%s, %s", looser, attested);
  OK(affetto_policy_amend(engine, text));
  STATUS(push_face(session, SECOND), AFFETTO_ERR_POLICY);
  SAYS(affetto_policy_attestations(engine, text, sizeof text, &length), "approved trial 17");
  CHECK(strstr(text, "\"loosened\":[\"voice\"]") != NULL);

  const char *bad[] = {
      "", "[]", "{}", "{\"rules\": 3}", "{\"rules\": [{\"data\": \"mind\", \"stance\": \"allowed\"}]}",
      "{\"rules\": [{\"data\": \"face\", \"stance\": \"maybe\"}]}",
      "{\"rules\": [{\"data\": \"face\", \"stance\": \"forbidden\", \"needs_evidnece\": true}]}",
      "{\"rules\": [{\"data\": \"face\", \"stance\": \"forbidden\"}], \"attestaton\": {}}", "{\"rules\": [{\"data\": \"face\", \"stance\": \"consent\"}]}",
      "{\"rules\": [{\"data\": \"face\", \"stance\": \"consent\", \"from\": []}]}",
      "{\"rules\": [{\"data\": \"face\", \"stance\": \"forbidden\", \"from\": [\"learner\"]}]}",
      "{\"rules\": [{\"data\": \"voice\", \"stance\": \"allowed\"}], \"attestation\": {\"by\": \"\", \"reason\": \"x\", "
      "\"document_sha256\": \"00\"}}",
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) STATUS(affetto_policy_amend(engine, bad[i]), AFFETTO_ERR_ARGUMENT);
  affetto_session_destroy(session);
  affetto_engine_destroy(engine);

  /* What the law forbids no attestation unlocks. */
  engine = memory_engine("eu_school");
  const char *const statutory[] = {"voice", "face", "typing_rhythm"};
  for (size_t i = 0; i < 3; i++) {
    snprintf(text, sizeof text, "{\"rules\": [{\"data\": \"%s\", \"stance\": \"allowed\"}], %s", statutory[i], attested);
    REFUSED(affetto_policy_amend(engine, text), "Art. 5(1)(f)");
  }
  affetto_engine_destroy(engine);
}

/* A session of words, recorded for intervention; each reader tries to get at it. */
static affetto_engine *recorded(const char *preset, char id[64]) {
  affetto_engine *engine = memory_engine(preset);
  OK(affetto_learner_create(engine, "ana", NULL));
  affetto_consent consent = AFFETTO_CONSENT_INIT;
  consent.modality = AFFETTO_TEXT;
  consent.grantor = AFFETTO_ROLE_GUARDIAN;
  consent.evidence_sha256 = "ab12";
  OK(affetto_learner_grant(engine, "ana", &consent));
  affetto_session *session = open_session(engine, "ana");
  OK(affetto_session_push_text(session, SECOND, "I am so happy today", -1));
  OK(affetto_session_advance(session, SECOND));
  OK(affetto_session_id(session, id, 64, &length));
  affetto_session_destroy(session);
  return engine;
}

static int may_read(affetto_engine *engine, const char *id, int32_t role, int32_t purpose) {
  affetto_access access = AFFETTO_ACCESS_INIT;
  access.role = role;
  access.purpose = purpose;
  memset(text, 0x5A, 4096);
  length = 77;
  affetto_status status = affetto_session_read(engine, &access, "ana", id, text, sizeof text, &length);
  if (status == AFFETTO_OK) return 1;
  CHECK(status == AFFETTO_ERR_POLICY && affetto_last_error_message()[0] != 0);
  for (size_t i = 0; i < 4096; i++)
    if (text[i] != 0x5A) CHECK(!"a refused read wrote");
  CHECK(length == 77);
  CHECK(affetto_report_html(engine, &access, "ana", id, text, sizeof text, &length) == AFFETTO_ERR_POLICY);
  return 0;
}

/* What a session rested on is known after its moments are gone, too. */
static void test_reads_without_moments(void) {
  char id[64];
  affetto_engine *engine = recorded("us_under13", id);
  affetto_consent consent = AFFETTO_CONSENT_INIT;
  consent.modality = AFFETTO_TYPING_RHYTHM; /* forbidden there, and by the school */
  consent.purpose = AFFETTO_PURPOSE_SKILL;
  consent.grantor = AFFETTO_ROLE_SCHOOL;
  OK(affetto_learner_grant(engine, "ana", &consent));
  affetto_access access = AFFETTO_ACCESS_INIT;
  access.role = AFFETTO_ROLE_SCHOOL;
  access.purpose = AFFETTO_PURPOSE_SKILL;
  STATUS(affetto_learner_sessions(engine, &access, "ana", text, sizeof text, &length), AFFETTO_ERR_POLICY);
  CHECK(!may_read(engine, id, AFFETTO_ROLE_SCHOOL, AFFETTO_PURPOSE_SKILL));
  OK(affetto_learner_forget(engine, "ana", 0, (int64_t)1 << 40, 0, text, sizeof text, &length));
  STATUS(affetto_learner_sessions(engine, &access, "ana", text, sizeof text, &length), AFFETTO_ERR_POLICY);
  affetto_engine_destroy(engine);
}

static void test_reads(void) {
  char id[64];
  static const struct { const char *preset; int32_t role; } viewers[] = {
      {"us_under13", AFFETTO_ROLE_SCHOOL}, {"eu_medical", AFFETTO_ROLE_CLINICIAN}, {"research_irb", AFFETTO_ROLE_RESEARCHER},
      {"eu_school", -1}, {"eu_home", -1}, {"us_teen", -1}, {"us_il_bipa", -1}, {"uk_school", -1}, {"cn_minor", -1},
      {"cn_under14", -1}, {"strict", -1}, {"unheard of", -1},
  };
  for (size_t i = 0; i < sizeof viewers / sizeof viewers[0]; i++) {
    affetto_engine *engine = recorded(viewers[i].preset, id);
    for (int32_t role = AFFETTO_ROLE_LEARNER; role <= AFFETTO_ROLE_RESEARCHER; role++)
      for (int32_t purpose = AFFETTO_PURPOSE_INTERVENTION; purpose <= AFFETTO_PURPOSE_SAFETY; purpose++) {
        int own = role == AFFETTO_ROLE_LEARNER || role == AFFETTO_ROLE_GUARDIAN;
        /* Consented to intervention and to nothing else. */
        int other = role == viewers[i].role && purpose == AFFETTO_PURPOSE_INTERVENTION;
        CHECK(may_read(engine, id, role, purpose) == (own || other));
      }
    affetto_engine_destroy(engine);
  }

  /* Leave for the purpose, then taken back. */
  affetto_engine *engine = recorded("us_under13", id);
  CHECK(!may_read(engine, id, AFFETTO_ROLE_SCHOOL, AFFETTO_PURPOSE_SKILL));
  affetto_consent consent = AFFETTO_CONSENT_INIT;
  consent.modality = AFFETTO_TEXT;
  consent.purpose = AFFETTO_PURPOSE_SKILL;
  consent.grantor = AFFETTO_ROLE_GUARDIAN;
  OK(affetto_learner_grant(engine, "ana", &consent));
  CHECK(may_read(engine, id, AFFETTO_ROLE_SCHOOL, AFFETTO_PURPOSE_SKILL));
  OK(affetto_learner_revoke(engine, "ana", AFFETTO_TEXT, AFFETTO_PURPOSE_SKILL));
  CHECK(!may_read(engine, id, AFFETTO_ROLE_SCHOOL, AFFETTO_PURPOSE_SKILL));
  OK(affetto_store_audit(engine, text, sizeof text, &length));
  CHECK(strstr(text, "\"read_refused\"") != NULL);
  affetto_access access = AFFETTO_ACCESS_INIT;
  access.role = 99;
  STATUS(affetto_session_read(engine, &access, "ana", id, text, sizeof text, &length), AFFETTO_ERR_RANGE);
  access.role = AFFETTO_ROLE_SCHOOL;
  access.purpose = -1;
  STATUS(affetto_learner_sessions(engine, &access, "ana", text, sizeof text, &length), AFFETTO_ERR_RANGE);
  access.purpose = AFFETTO_PURPOSE_RESEARCH;
  STATUS(affetto_learner_sessions(engine, &access, "ana", text, sizeof text, &length), AFFETTO_ERR_POLICY);
  access.purpose = AFFETTO_PURPOSE_INTERVENTION;
  OK(affetto_learner_sessions(engine, &access, "ana", text, sizeof text, &length));
  access.struct_size = 3;
  STATUS(affetto_learner_sessions(engine, &access, "ana", text, sizeof text, &length), AFFETTO_ERR_ARGUMENT);
  affetto_engine_destroy(engine);
}

void test_policy(void) {
  affetto_engine *engine = engine_with_ana();
  test_describe(engine);
  test_typing_rhythm(engine);
  affetto_engine_destroy(engine);
  test_amend();
  test_reads();
  test_reads_without_moments();
}
