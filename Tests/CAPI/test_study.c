/* Studies: who is in, what is left out, and a budget that ends. */
#include "check.h"

static char text[1 << 20];
static size_t length;

static void add_learner(affetto_engine *engine, int n, const char *age_band, int32_t purpose) {
  char name[32], json[96];
  snprintf(name, sizeof name, "learner-%d", n);
  snprintf(json, sizeof json, "{\"age_band\": \"%s\", \"languages\": [\"en\"]}", age_band);
  OK(affetto_learner_create(engine, name, json));
  for (int32_t p = AFFETTO_PURPOSE_INTERVENTION; p <= purpose; p += AFFETTO_PURPOSE_RESEARCH) {
    affetto_consent consent = AFFETTO_CONSENT_INIT;
    consent.purpose = p;
    OK(affetto_learner_grant(engine, name, &consent));
  }
  affetto_session *session = open_session(engine, name);
  affetto_self_report report = AFFETTO_SELF_REPORT_INIT;
  report.valence = 0.5f;
  OK(affetto_session_push_self_report(session, SECOND, &report));
  OK(affetto_session_advance(session, 2 * SECOND));
  affetto_session_destroy(session);
}

static int count_of(const char *needle) {
  int count = 0;
  for (const char *at = text; (at = strstr(at, needle)) != NULL; at++) count++;
  return count;
}

void test_study(void) {
  affetto_engine *engine = memory_engine("eu_home");
  for (int i = 0; i < 12; i++) add_learner(engine, i, "adult", AFFETTO_PURPOSE_RESEARCH);
  for (int i = 12; i < 15; i++) add_learner(engine, i, "under_13", AFFETTO_PURPOSE_RESEARCH);
  for (int i = 15; i < 20; i++) add_learner(engine, i, "adult", AFFETTO_PURPOSE_INTERVENTION);

  STATUS(affetto_study_export(engine, "none", 10, text, sizeof text, &length), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_study_create(engine, "", 1), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_study_create(engine, "s", NAN), AFFETTO_ERR_RANGE);
  STATUS(affetto_study_create(engine, "s", 0), AFFETTO_ERR_RANGE);
  STATUS(affetto_study_create(engine, "s", 11), AFFETTO_ERR_RANGE);
  OK(affetto_study_create(engine, "s", 1));
  OK(affetto_study_create(engine, "s", 10)); /* goes on with the budget it has */
  STATUS(affetto_study_export(engine, "s", 9, text, sizeof text, &length), AFFETTO_ERR_RANGE);
  OK(affetto_study_export(engine, "s", 10, text, sizeof text, &length));
  CHECK(count_of("\"pseudonym\"") == 12); /* the three children would stand alone; the last five did not consent */
  CHECK(count_of("\"under_13\"") == 0 && count_of("learner-") == 0);
  CHECK(strstr(text, "\"suppressed\" : 3") != NULL && strstr(text, "\"learners\" : 15") != NULL);
  STATUS(affetto_study_export(engine, "s", 13, text, sizeof text, &length), AFFETTO_ERR_RANGE); /* k stays */
  OK(affetto_study_create(engine, "s13", 1));
  OK(affetto_study_export(engine, "s13", 13, text, sizeof text, &length));
  CHECK(count_of("\"pseudonym\"") == 15); /* all together, without age band */
  CHECK(count_of("\"age_band\"") == 0);
  OK(affetto_study_create(engine, "s16", 1));
  OK(affetto_study_export(engine, "s16", 16, text, sizeof text, &length));
  CHECK(count_of("\"pseudonym\"") == 0);

  const char *learners = "{\"statistic\": \"count\", \"of\": \"learners\", \"epsilon\": 0.4}";
  STATUS(affetto_study_answer(engine, "s", learners, text, 255, &length), AFFETTO_ERR_BUFFER_TOO_SMALL);
  STATUS(affetto_study_answer(engine, "s", learners, NULL, 0, &length), AFFETTO_ERR_BUFFER_TOO_SMALL);
  CHECK(length == 256);
  STATUS(affetto_study_answer(engine, "none", learners, text, sizeof text, &length), AFFETTO_ERR_NOT_FOUND);
  const char *bad[] = {"", "{}", "{\"statistic\": \"sum\", \"of\": \"learners\", \"epsilon\": 0.1}",
                       "{\"statistic\": \"mean\", \"of\": \"learners\", \"epsilon\": 0.1}",
                       "{\"statistic\": \"count\", \"of\": \"benefit\", \"epsilon\": 0.1}",
                       "{\"statistic\": \"count\", \"of\": \"learners\", \"epsilon\": 0.1, \"age_band\": \"Ana\"}",
                       "{\"statistic\": \"count\", \"of\": \"learners\", \"epsilon\": 0.1, \"ageband\": \"adult\"}"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    STATUS(affetto_study_answer(engine, "s", bad[i], text, sizeof text, &length), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_study_answer(engine, "s", "{\"statistic\": \"count\", \"of\": \"learners\", \"epsilon\": -1}", text,
                              sizeof text, &length), AFFETTO_ERR_RANGE);
  /* None of these cost anything. */
  OK(affetto_study_answer(engine, "s", learners, text, sizeof text, &length));
  CHECK(strstr(text, "\"epsilon_left\":0.6") != NULL);
  OK(affetto_study_answer(engine, "s", "{\"statistic\": \"mean\", \"of\": \"valence\", \"epsilon\": 0.4}", text,
                          sizeof text, &length));
  CHECK(strstr(text, "\"epsilon_left\":0.2") != NULL);
  STATUS(affetto_study_answer(engine, "s", learners, text, sizeof text, &length), AFFETTO_ERR_POLICY);
  CHECK(strstr(affetto_last_error_message(), "0.2") != NULL);
  OK(affetto_store_audit(engine, text, sizeof text, &length));
  CHECK(count_of("\"study_answered\"") == 2 && count_of("\"study_exported\"") == 3 && count_of("\"study_made\"") == 3);
  OK(affetto_store_check(engine, text, sizeof text, &length));
  CHECK(strstr(text, "\"is_sound\":true") != NULL);
  affetto_engine_destroy(engine);
}
