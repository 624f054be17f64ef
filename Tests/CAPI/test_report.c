/* What learners say about themselves: finer words, the assessment, questionnaires. */
#include "check.h"

static affetto_status words(const char *language, char *buffer, size_t capacity, size_t *length) {
  return affetto_feeling_words(language, buffer, capacity, length);
}

static void test_words_for_feelings(void) {
  char buffer[16384];
  size_t need = 0, length = 0;
  OK(words(NULL, NULL, 0, &need));
  CHECK(need > 1000 && need < sizeof buffer);
  STATUS(words(NULL, buffer, need, &length), AFFETTO_ERR_BUFFER_TOO_SMALL);
  OK(words("en-GB", buffer, need + 1, &length));
  CHECK(length == need && strstr(buffer, "\"overwhelmed\"") != NULL);
  OK(words("zh-Hant", buffer, sizeof buffer, &length));
  CHECK(strstr(buffer, "\xe6\x93\x94\xe5\xbf\x83") != NULL);
  OK(words("fr", buffer, sizeof buffer, &length));
  CHECK(strcmp(buffer, "[]") == 0);
  STATUS(words("\xff", buffer, sizeof buffer, &length), AFFETTO_ERR_ENCODING);

  affetto_engine *engine = engine_with_ana();
  affetto_session *session = open_session(engine, "ana");
  affetto_self_report report = AFFETTO_SELF_REPORT_INIT;
  report.word = "Overwhelmed";
  OK(affetto_session_push_self_report(session, SECOND, &report));
  affetto_state state = AFFETTO_STATE_INIT;
  OK(affetto_session_poll(session, &state));
  CHECK(state.emotion == AFFETTO_ANXIOUS && state.valence < -0.4f);
  report.valence = 0.5f; /* a slider beats the word */
  OK(affetto_session_push_self_report(session, 2 * SECOND, &report));
  OK(affetto_session_poll(session, &state));
  CHECK(state.valence > 0.3f);
  report.word = "flabbergasted";
  STATUS(affetto_session_push_self_report(session, 3 * SECOND, &report), AFFETTO_ERR_NOT_FOUND);
  report.word = "\xff";
  STATUS(affetto_session_push_self_report(session, 3 * SECOND, &report), AFFETTO_ERR_ENCODING);
  affetto_session_destroy(session);
  affetto_engine_destroy(engine);
}

static void test_assessment(void) {
  char buffer[16384];
  size_t length = 0;
  OK(affetto_assessment_form(NULL, buffer, sizeof buffer, &length));
  CHECK(strstr(buffer, "\"mood_study\"") != NULL);
  OK(affetto_assessment_form("zh-CN", buffer, sizeof buffer, &length));
  CHECK(strstr(buffer, "\xe4\xbd\xa0\xe5\xa4\x9a\xe5\xa4\xa7\xe4\xba\x86") != NULL);
  STATUS(affetto_assessment_form("\xff", buffer, sizeof buffer, &length), AFFETTO_ERR_ENCODING);
  OK(affetto_assessment_fill("{\"age_band\": \"adult\", \"energy\": 0.5, \"languages\": null, \"dwells_with_music\": \"yes\"}",
                             buffer, sizeof buffer, &length));
  CHECK(strstr(buffer, "\"adult\"") != NULL && strstr(buffer, "\"typical_arousal\":0.5") != NULL);
  CHECK(strstr(buffer, "\"feels_worse_after_sad_music\":true") != NULL && strstr(buffer, "languages") == NULL);
  affetto_engine *engine = memory_engine("strict");
  OK(affetto_learner_create(engine, "ana", buffer));
  affetto_engine_destroy(engine);
  const char *const bad[] = {"", "[]", "{\"who\": 1}", "{\"age_band\": 3}", "{\"age_band\": \"ancient\"}", "{\"goals\": [\"win\"]}",
                             "{\"mood_free\": [1]}", "{\"liked_styles\": {}}"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    STATUS(affetto_assessment_fill(bad[i], buffer, sizeof buffer, &length), AFFETTO_ERR_ARGUMENT);
  EITHER(affetto_assessment_fill("{\"mood_free\": 1e300}", buffer, sizeof buffer, &length), AFFETTO_ERR_RANGE,
         AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_assessment_fill("{\"mood_free\": 1.5}", buffer, sizeof buffer, &length), AFFETTO_ERR_RANGE);
  STATUS(affetto_assessment_fill(NULL, buffer, sizeof buffer, &length), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_assessment_fill("\xff", buffer, sizeof buffer, &length), AFFETTO_ERR_ENCODING);
}

#define ITEMS "\"items\": [{\"id\": \"a\", \"text\": \"A\"}, {\"id\": \"b\", \"text\": \"B\", \"reverse\": true}]"
#define HEAD "{\"id\": \"q\", \"title\": \"Q\", \"language\": \"en\", "
#define SCALE "\"scale\": {\"min\": 0, \"max\": 4}"
#define SCORE "\"scores\": [{\"name\": \"s\", \"items\": [\"a\", \"b\"], \"method\": \"sum\", \"reports\": \"arousal\"}]"

static void test_instruments(void) {
  char buffer[1024];
  size_t length = 0;
  const char *good = HEAD "\"licence\": \"CC0-1.0\", " ITEMS ", " SCALE ", " SCORE "}";
  OK(affetto_instrument_score(good, "{\"a\": 4, \"b\": 1}", buffer, sizeof buffer, &length));
  CHECK(strstr(buffer, "\"s\":7") != NULL && strstr(buffer, "\"arousal\":0.75") != NULL);
  OK(affetto_instrument_score(good, "{\"a\": 4}", buffer, sizeof buffer, &length));
  CHECK(strstr(buffer, "\"s\":8") != NULL && strstr(buffer, "\"answered\":1") != NULL);
  OK(affetto_instrument_score(good, "{\"a\": null}", buffer, sizeof buffer, &length));
  CHECK(strstr(buffer, "\"scores\":{}") != NULL);
  STATUS(affetto_instrument_score(good, "{\"c\": 1}", buffer, sizeof buffer, &length), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_instrument_score(good, "{\"a\": 5}", buffer, sizeof buffer, &length), AFFETTO_ERR_RANGE);
  STATUS(affetto_instrument_score(good, "{\"a\": \"nan\"}", buffer, sizeof buffer, &length), AFFETTO_ERR_RANGE);
  const char *const bad[] = {
      "", "{}", HEAD ITEMS ", " SCALE ", " SCORE "}", HEAD "\"licence\": \" \", " ITEMS ", " SCALE ", " SCORE "}",
      HEAD "\"licence\": \"x\", \"items\": [], " SCALE ", " SCORE "}",
      HEAD "\"licence\": \"x\", \"items\": [{\"id\": \"a\", \"text\": \"\"}], " SCALE ", " SCORE "}",
      HEAD "\"licence\": \"x\", " ITEMS ", " SCALE ", \"scores\": []}",
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    STATUS(affetto_instrument_score(bad[i], "{}", buffer, sizeof buffer, &length), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_instrument_score(HEAD "\"licence\": \"x\", " ITEMS ", \"scale\": {\"min\": 4, \"max\": 4}, " SCORE "}", "{}", buffer,
                                  sizeof buffer, &length), AFFETTO_ERR_RANGE);
  STATUS(affetto_instrument_score(NULL, "{}", buffer, sizeof buffer, &length), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_instrument_score(good, NULL, buffer, sizeof buffer, &length), AFFETTO_ERR_ARGUMENT);
}

void test_report(void) {
  test_words_for_feelings();
  test_assessment();
  test_instruments();
}
