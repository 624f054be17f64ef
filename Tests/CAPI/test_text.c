/* Text: lengths at the ends of the integers, and bytes that are not UTF-8, in every parameter that takes words. */
#include "check.h"

static const char *const BROKEN[] = {
  "\xff\xfe",               /* never in UTF-8 */
  "caf\xe9",                /* Latin-1 */
  "\xe2\x82",               /* cut off */
  "\xc0\x80",               /* overlong NUL */
  "\xed\xa0\x80",           /* half of a surrogate pair */
  "\xf4\x90\x80\x80",       /* beyond U+10FFFF */
  "ok\x80",                 /* a continuation without a start */
};
#define EACH_BROKEN(text)                                              \
  for (size_t i_ = 0; i_ < sizeof BROKEN / sizeof BROKEN[0]; i_++)     \
    for (const char *text = BROKEN[i_]; text != NULL; text = NULL)

static void test_pushed(affetto_session *session) {
  EACH_BROKEN(text) {
    STATUS(affetto_session_push_text(session, SECOND, text, -1), AFFETTO_ERR_ENCODING);
    STATUS(affetto_session_push_text(session, SECOND, text, (ptrdiff_t)strlen(text)), AFFETTO_ERR_ENCODING);
  }
  const ptrdiff_t negative[] = {-2, -1000, PTRDIFF_MIN};
  for (size_t i = 0; i < 3; i++)
    EITHER(affetto_session_push_text(session, SECOND, "hello", negative[i]), AFFETTO_ERR_ARGUMENT, AFFETTO_ERR_RANGE);
  const size_t most = (size_t)1 << 20;
  char *text = malloc(most + 2);
  if (text == NULL) return;
  for (size_t i = 0; i < most + 1; i++) text[i] = i % 6 == 5 ? ' ' : 'a';
  text[most + 1] = 0;
  OK(affetto_session_push_text(session, SECOND, text, (ptrdiff_t)most));
  STATUS(affetto_session_push_text(session, SECOND, text, (ptrdiff_t)most + 1), AFFETTO_ERR_RANGE);
  STATUS(affetto_session_push_text(session, SECOND, text, -1), AFFETTO_ERR_RANGE);
  STATUS(affetto_session_push_text(session, SECOND, text, PTRDIFF_MAX), AFFETTO_ERR_RANGE);
  free(text);
  OK(affetto_session_push_text(session, SECOND, "sch\xc3\xb6n \xf0\x9f\x98\x80", -1));
  OK(affetto_session_push_text(session, SECOND, "nul\0inside", 10));
  OK(affetto_session_push_text(session, SECOND, "happy\xff", 5)); /* only the length counts */
  EITHER(affetto_session_push_text(session, SECOND, "", -1), AFFETTO_OK, AFFETTO_ERR_ARGUMENT);
  EITHER(affetto_session_push_text(session, SECOND, "", 0), AFFETTO_OK, AFFETTO_ERR_ARGUMENT);
  EITHER(affetto_session_push_text(session, SECOND, " \n\t", -1), AFFETTO_OK, AFFETTO_ERR_ARGUMENT);
  OK(affetto_session_advance(session, SECOND));
}

static void test_parameters(affetto_engine *engine, affetto_session *session) {
  char buffer[64];
  size_t length = 0;
  affetto_session_options sitting = AFFETTO_SESSION_OPTIONS_INIT;
  affetto_session *none = NULL;
  EACH_BROKEN(text) {
    STATUS(affetto_learner_create(engine, text, NULL), AFFETTO_ERR_ENCODING);
    STATUS(affetto_learner_create(engine, "bo", text), AFFETTO_ERR_ENCODING);
    STATUS(affetto_session_create(engine, text, &sitting, &none), AFFETTO_ERR_ENCODING);
    STATUS(affetto_learner_export(engine, text, NULL, 0, &length), AFFETTO_ERR_ENCODING);
    STATUS(affetto_learner_erase(engine, text), AFFETTO_ERR_ENCODING);
    STATUS(affetto_session_read(engine, &(affetto_access)AFFETTO_ACCESS_INIT, "ana", text, NULL, 0, &length), AFFETTO_ERR_ENCODING);
    STATUS(affetto_session_veto(session, SECOND, text), AFFETTO_ERR_ENCODING);
    STATUS(affetto_session_prompt(session, SECOND, text, buffer, sizeof buffer, &length), AFFETTO_ERR_ENCODING);
    affetto_consent consent = AFFETTO_CONSENT_INIT;
    consent.method = text;
    STATUS(affetto_learner_grant(engine, "ana", &consent), AFFETTO_ERR_ENCODING);
    affetto_track track = AFFETTO_TRACK_INIT;
    memcpy(track.id, "broken", 7);
    memcpy(track.title, text, strlen(text) + 1);
    STATUS(affetto_library_put(engine, &track), AFFETTO_ERR_ENCODING);
    affetto_query query = AFFETTO_QUERY_INIT;
    query.style = text;
    STATUS(affetto_library_find(engine, &query, NULL, 0, &length), AFFETTO_ERR_ENCODING);
  }
}

static void test_learner_ids(affetto_engine *engine) {
  char id[140];
  memset(id, 'x', sizeof id);
  id[129] = 0;
  EITHER(affetto_learner_create(engine, id, NULL), AFFETTO_ERR_ARGUMENT, AFFETTO_ERR_RANGE);
  id[128] = 0;
  OK(affetto_learner_create(engine, id, NULL));
  EITHER(affetto_learner_create(engine, "", NULL), AFFETTO_ERR_ARGUMENT, AFFETTO_ERR_RANGE);
  OK(affetto_learner_create(engine, "\xe5\xad\xa6\xe7\x94\x9f-7", NULL));
  OK(affetto_learner_create(engine, "'; DROP TABLE learners; --", NULL));
  OK(affetto_learner_create(engine, "ana", "{}"));
}

static void test_assessments(affetto_engine *engine) {
  const char *const bad[] = {
    "", "{", "[]", "7", "null", "\"text\"", "{\"age_band\": 7}", "{\"age_band\": \"ancient\"}",
    "{\"goals\": [\"riches\"]}", "{\"typical_valence\": \"x\"}", "{\"typical_valence\": 1e999}",
    "{\"liked_styles\": \"jazz\"}",
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    EITHER(affetto_learner_create(engine, "cy", bad[i]), AFFETTO_ERR_ARGUMENT, AFFETTO_ERR_RANGE);
  EITHER(affetto_learner_create(engine, "cy", "{\"typical_valence\": 2}"), AFFETTO_ERR_RANGE, AFFETTO_ERR_ARGUMENT);
  /* Nested deep enough to exhaust a careless parser's stack. */
  static char deep[200001];
  memset(deep, '[', 200000);
  EITHER(affetto_learner_create(engine, "cy", deep), AFFETTO_ERR_ARGUMENT, AFFETTO_ERR_RANGE);
  size_t length = 0;
  STATUS(affetto_learner_export(engine, "cy", NULL, 0, &length), AFFETTO_ERR_NOT_FOUND);
  OK(affetto_learner_create(engine, "cy",
                            "{\"age_band\": \"13_15\", \"languages\": [\"en\"], \"typical_valence\": 0.2, "
                            "\"typical_arousal\": -0.1, \"goals\": [\"focus\"], \"liked_styles\": [\"jazz\"], "
                            "\"disliked_styles\": [\"metal\"], \"never_play\": [\"sad-song\"], "
                            "\"lyrics_welcome\": false, \"feels_worse_after_sad_music\": true, "
                            "\"face_not_readable\": false, \"voice_not_readable\": true}"));
}

void test_text(void) {
  affetto_engine *engine = engine_with_ana();
  affetto_session *session = open_session(engine, "ana");
  test_pushed(session);
  test_parameters(engine, session);
  test_learner_ids(engine);
  test_assessments(engine);
  affetto_session_destroy(session);
  affetto_engine_destroy(engine);
}
