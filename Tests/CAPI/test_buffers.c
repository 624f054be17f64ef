/* The buffer rule: NULL and 0 ask the size, one byte short writes nothing, an exact fit is enough. */
#include "check.h"

typedef struct asked {
  affetto_engine *engine;
  affetto_session *session;
  char session_id[64];
  uint64_t decision;
} asked;

static affetto_access own = AFFETTO_ACCESS_INIT;

typedef affetto_status (*text_call)(asked *, char *, size_t, size_t *);

static affetto_status ask_export(asked *a, char *buffer, size_t capacity, size_t *length) {
  return affetto_learner_export(a->engine, "ana", buffer, capacity, length);
}
static affetto_status ask_sessions(asked *a, char *buffer, size_t capacity, size_t *length) {
  return affetto_learner_sessions(a->engine, &own, "ana", buffer, capacity, length);
}
static affetto_status ask_read(asked *a, char *buffer, size_t capacity, size_t *length) {
  return affetto_session_read(a->engine, &own, "ana", a->session_id, buffer, capacity, length);
}
static affetto_status ask_report(asked *a, char *buffer, size_t capacity, size_t *length) {
  return affetto_report_html(a->engine, &own, "ana", a->session_id, buffer, capacity, length);
}
static affetto_status ask_consents(asked *a, char *buffer, size_t capacity, size_t *length) {
  return affetto_learner_consents(a->engine, "ana", buffer, capacity, length);
}
static affetto_status ask_policy(asked *a, char *buffer, size_t capacity, size_t *length) {
  return affetto_policy_describe(a->engine, NULL, buffer, capacity, length);
}
static affetto_status ask_attestations(asked *a, char *buffer, size_t capacity, size_t *length) {
  return affetto_policy_attestations(a->engine, buffer, capacity, length);
}
static affetto_status ask_retention(asked *a, char *buffer, size_t capacity, size_t *length) {
  return affetto_store_retention(a->engine, buffer, capacity, length);
}
static affetto_status ask_study(asked *a, char *buffer, size_t capacity, size_t *length) {
  return affetto_study_export(a->engine, "s", 10, buffer, capacity, length);
}
static affetto_status ask_id(asked *a, char *buffer, size_t capacity, size_t *length) {
  return affetto_session_id(a->session, buffer, capacity, length);
}
static affetto_status ask_explain(asked *a, char *buffer, size_t capacity, size_t *length) {
  return affetto_session_explain(a->session, buffer, capacity, length);
}
static affetto_status ask_why(asked *a, char *buffer, size_t capacity, size_t *length) {
  return affetto_session_why(a->session, a->decision, buffer, capacity, length);
}
static affetto_status ask_prompt(asked *a, char *buffer, size_t capacity, size_t *length) {
  return affetto_session_prompt(a->session, 2 * SECOND, "en", buffer, capacity, length);
}

static void test_rule(asked *a, const char *name, text_call call) {
  size_t need = 0, length = 0;
  OK(call(a, NULL, 0, &need));
  CHECK(need > 0);
  char *buffer = malloc(need + 64);
  if (buffer == NULL || need == 0) {
    printf("       %s gave no text\n", name);
    free(buffer);
    return;
  }
  const size_t short_ones[] = {0, 1, need / 2, need};
  for (size_t i = 0; i < 4; i++) {
    memset(buffer, 0x5A, need + 64);
    length = 0;
    STATUS(call(a, buffer, short_ones[i], &length), AFFETTO_ERR_BUFFER_TOO_SMALL);
    CHECK(length == need);
    int untouched = 1;
    for (size_t at = 0; at < need + 64; at++) untouched &= buffer[at] == 0x5A;
    CHECK(untouched);
  }
  memset(buffer, 0x5A, need + 64);
  OK(call(a, buffer, need + 1, &length));
  CHECK(length == need);
  CHECK(strlen(buffer) == need); /* closed by a NUL, none inside */
  CHECK(buffer[need + 1] == 0x5A);
  OK(call(a, buffer, need + 64, &length));
  EITHER(call(a, buffer, SIZE_MAX, &length), AFFETTO_OK, AFFETTO_ERR_BUFFER_TOO_SMALL); /* no buffer is so large */
  STATUS(call(a, NULL, need + 1, &length), AFFETTO_ERR_ARGUMENT);
  free(buffer);
}

void test_buffers(void) {
  asked a = {engine_with_ana(), NULL, "", 0};
  put_track(a.engine, "a", 0.5f, -0.5f);
  a.session = open_session(a.engine, "ana");
  OK(affetto_session_push_text(a.session, SECOND, "I am so happy today", -1));
  OK(affetto_session_advance(a.session, 2 * SECOND));
  affetto_decision decision = AFFETTO_DECISION_INIT;
  OK(affetto_session_decide(a.session, 2 * SECOND, AFFETTO_GOAL_FOCUS, &decision));
  a.decision = decision.id;
  size_t length = 0;
  OK(affetto_session_id(a.session, a.session_id, sizeof a.session_id, &length));
  CHECK(length == 32 && strspn(a.session_id, "0123456789abcdef") == 32);

  test_rule(&a, "session_id", ask_id);
  test_rule(&a, "explain", ask_explain);
  test_rule(&a, "why", ask_why);
  test_rule(&a, "prompt", ask_prompt);
  test_rule(&a, "sessions", ask_sessions);
  affetto_session_destroy(a.session); /* written now: the read-back texts stand still */
  a.session = NULL;
  test_rule(&a, "export", ask_export);
  test_rule(&a, "read", ask_read);
  test_rule(&a, "report", ask_report);
  test_rule(&a, "consents", ask_consents);
  test_rule(&a, "policy", ask_policy);
  test_rule(&a, "attestations", ask_attestations);
  test_rule(&a, "retention", ask_retention);
  OK(affetto_study_create(a.engine, "s", 1));
  test_rule(&a, "study", ask_study);

  STATUS(affetto_session_read(a.engine, &own, "ana", "00000000000000000000000000000000", NULL, 0, &length),
         AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_session_read(a.engine, &own, "ana", "not an id", NULL, 0, &length), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_session_read(a.engine, &own, "nobody", a.session_id, NULL, 0, &length), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_report_html(a.engine, &own, "ana", "not an id", NULL, 0, &length), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_learner_sessions(a.engine, &own, "nobody", NULL, 0, &length), AFFETTO_ERR_NOT_FOUND);
  affetto_engine_destroy(a.engine);
}
