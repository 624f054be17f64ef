/* Text without a session: readings in two languages, explanations, lyrics, bad input. */
#include "check.h"

static affetto_status ask(int32_t emotion, char *buffer, size_t capacity, size_t *length) {
  return affetto_text_explain("I am so happy today", -1, emotion, buffer, capacity, length);
}

static void test_readings(void) {
  affetto_text_reading glad = AFFETTO_TEXT_READING_INIT, bad = AFFETTO_TEXT_READING_INIT;
  OK(affetto_text_read("I am so happy today", -1, &glad));
  OK(affetto_text_read("I am so happy today, and more", 19, &bad));
  CHECK(memcmp(&glad, &bad, sizeof glad) == 0);
  CHECK(glad.language == AFFETTO_LANGUAGE_ENGLISH && glad.crisis == AFFETTO_CRISIS_NONE);
  CHECK(glad.quality > 0 && glad.valence_sd > 0 && glad.probability[AFFETTO_HAPPY] > 0.3f);
  OK(affetto_text_read("I hate this, it is awful", -1, &bad));
  CHECK(glad.valence > bad.valence + 0.3f && glad.probability[AFFETTO_HAPPY] > bad.probability[AFFETTO_HAPPY]);
  float sum = 0;
  for (int i = 0; i < 14; i++) sum += isnan(bad.probability[i]) ? 0 : bad.probability[i];
  CHECK(fabsf(sum - 1) < 1e-4f);

  /* 我好难过 and the same in traditional characters */
  affetto_text_reading simple = AFFETTO_TEXT_READING_INIT, traditional = AFFETTO_TEXT_READING_INIT;
  OK(affetto_text_read("\xe6\x88\x91\xe5\xa5\xbd\xe9\x9a\xbe\xe8\xbf\x87", -1, &simple));
  OK(affetto_text_read("\xe6\x88\x91\xe5\xa5\xbd\xe9\x9b\xa3\xe9\x81\x8e", -1, &traditional));
  CHECK(simple.language == AFFETTO_LANGUAGE_CHINESE_SIMPLIFIED);
  CHECK(traditional.language == AFFETTO_LANGUAGE_CHINESE_TRADITIONAL && simple.valence == traditional.valence);
  CHECK(simple.valence < -0.1f && simple.quality > 0);
  CHECK(strcmp(affetto_language_name(traditional.language), "zh-Hant") == 0);
  CHECK(strcmp(affetto_language_name(77), "und") == 0);

  const char *const silent[] = {"", " \n", "\xd0\xbc\xd0\xbd\xd0\xb5 \xd0\xb3\xd1\x80\xd1\x83\xd1\x81\xd1\x82\xd0\xbd\xd0\xbe",
                                "ich bin heute sehr traurig und habe keine Lust auf die Schule"};
  for (size_t i = 0; i < 4; i++) {
    OK(affetto_text_read(silent[i], -1, &bad));
    CHECK(bad.quality == 0 && bad.emotion == AFFETTO_UNKNOWN && isnan(bad.probability[0]));
  }
  CHECK(bad.language == AFFETTO_LANGUAGE_UNKNOWN);
  OK(affetto_text_read("I keep getting this wrong and I have no idea why, can you help me?", -1, &bad));
  CHECK(bad.goal_blocked > 0.4f && bad.uncertainty > 0.4f && bad.other_to_blame == 0 && bad.help > bad.plan);

  STATUS(affetto_text_read(NULL, -1, &bad), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_text_read("a", -1, NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_text_read("a", -2, &bad), AFFETTO_ERR_RANGE);
  STATUS(affetto_text_read("a", PTRDIFF_MAX, &bad), AFFETTO_ERR_RANGE);
  STATUS(affetto_text_read("a\xff", -1, &bad), AFFETTO_ERR_ENCODING);
  bad.struct_size = 8;
  STATUS(affetto_text_read("a", -1, &bad), AFFETTO_ERR_ARGUMENT);
}

static void test_reasons(void) {
  char buffer[4096];
  size_t need = 0, length = 0;
  OK(ask(AFFETTO_UNKNOWN, NULL, 0, &need));
  CHECK(need > 40 && need < sizeof buffer);
  STATUS(ask(AFFETTO_UNKNOWN, buffer, need, &length), AFFETTO_ERR_BUFFER_TOO_SMALL);
  OK(ask(AFFETTO_UNKNOWN, buffer, need + 1, &length));
  CHECK(length == need && strstr(buffer, "\"emotion\":\"happy\"") != NULL && strstr(buffer, "\"from\":8") != NULL);
  OK(ask(AFFETTO_ANGRY, buffer, sizeof buffer, &length));
  CHECK(strstr(buffer, "\"emotion\":\"angry\"") != NULL);
  STATUS(affetto_text_explain("I want to die", -1, -1, buffer, sizeof buffer, &length), AFFETTO_ERR_NOT_FOUND);
  STATUS(ask(99, buffer, sizeof buffer, &length), AFFETTO_ERR_RANGE);
  STATUS(affetto_text_explain("\xd0\xbc\xd0\xbd\xd0\xb5", -1, -1, buffer, sizeof buffer, &length), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_text_explain(NULL, -1, -1, buffer, sizeof buffer, &length), AFFETTO_ERR_ARGUMENT);

  OK(affetto_text_labels("Thank you so much", -1, buffer, sizeof buffer, &length));
  CHECK(strstr(buffer, "\"gratitude\":0.") != NULL && strstr(buffer, "\"perceived\":{\"anger\"") != NULL);
  OK(affetto_text_labels("", -1, buffer, sizeof buffer, &length));
  STATUS(affetto_text_labels("a", -1, buffer, 10, &length), AFFETTO_ERR_BUFFER_TOO_SMALL);
  STATUS(affetto_text_labels(NULL, -1, buffer, sizeof buffer, &length), AFFETTO_ERR_ARGUMENT);
}

static void test_lyrics(void) {
  affetto_lyrics lyrics = AFFETTO_LYRICS_INIT;
  OK(affetto_lyrics_read("Sunshine on the water\nI love this lovely day\nWe are happy, we are free\n", -1, &lyrics));
  CHECK(lyrics.tags == 0 && lyrics.valence > 0.1f && lyrics.quality > 0 && lyrics.language == AFFETTO_LANGUAGE_ENGLISH);
  OK(affetto_lyrics_read("Smoke weed every night\nbullets in my gun\n", -1, &lyrics));
  CHECK(lyrics.tags == (AFFETTO_LYRICS_SUBSTANCE | AFFETTO_LYRICS_VIOLENCE));
  OK(affetto_lyrics_read("", -1, &lyrics));
  CHECK(lyrics.quality == 0 && lyrics.tags == 0);
  STATUS(affetto_lyrics_read(NULL, -1, &lyrics), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_lyrics_read("a", -1, NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_lyrics_read("\xff", -1, &lyrics), AFFETTO_ERR_ENCODING);
}

void test_words(void) {
  test_readings();
  test_reasons();
  test_lyrics();
}
