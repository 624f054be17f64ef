/* Text without a session: readings, explanations, bad input. */
#include "check.h"

static affetto_status ask(const char *label, char *buffer, size_t capacity, size_t *length) {
  return affetto_text_explain("I am so happy today", -1, label, buffer, capacity, length);
}

void test_words(void) {
  CHECK(strcmp(affetto_text_label_name(0), "admiration") == 0 && strcmp(affetto_text_label_name(27), "neutral") == 0);
  CHECK(affetto_text_label_name(28) == NULL && affetto_text_label_name(-1) == NULL);
  CHECK(strcmp(affetto_text_perceived_name(4), "surprise") == 0 && affetto_text_perceived_name(5) == NULL);

  affetto_text_reading glad = AFFETTO_TEXT_READING_INIT, bad = AFFETTO_TEXT_READING_INIT;
  OK(affetto_text_read("I am so happy today", -1, &glad));
  OK(affetto_text_read("I am so happy today, and more", 19, &bad));
  CHECK(memcmp(&glad, &bad, sizeof glad) == 0);
  OK(affetto_text_read("I hate this, it is awful", -1, &bad));
  CHECK(glad.valence > bad.valence + 0.3f && glad.probability[17] > 0.4f); /* joy */
  CHECK(glad.quality > 0 && glad.valence_sd > 0 && glad.perceived[2] > bad.perceived[2]);
  OK(affetto_text_read("", -1, &bad));
  CHECK(bad.quality == 0);
  STATUS(affetto_text_read(NULL, -1, &bad), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_text_read("a", -1, NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_text_read("a", -2, &bad), AFFETTO_ERR_RANGE);
  STATUS(affetto_text_read("a", PTRDIFF_MAX, &bad), AFFETTO_ERR_RANGE);
  STATUS(affetto_text_read("a\xff", -1, &bad), AFFETTO_ERR_ENCODING);
  bad.struct_size = 8;
  STATUS(affetto_text_read("a", -1, &bad), AFFETTO_ERR_ARGUMENT);

  char buffer[2048];
  size_t need = 0, length = 0;
  OK(ask(NULL, NULL, 0, &need));
  CHECK(need > 40 && need < sizeof buffer);
  STATUS(ask(NULL, buffer, need, &length), AFFETTO_ERR_BUFFER_TOO_SMALL);
  OK(ask(NULL, buffer, need + 1, &length));
  CHECK(length == need && strstr(buffer, "\"label\":\"joy\"") != NULL && strstr(buffer, "\"from\":8") != NULL);
  OK(ask("anger", buffer, sizeof buffer, &length));
  CHECK(strstr(buffer, "\"label\":\"anger\"") != NULL);
  STATUS(ask("rage", buffer, sizeof buffer, &length), AFFETTO_ERR_NOT_FOUND);
  STATUS(ask("\xff", buffer, sizeof buffer, &length), AFFETTO_ERR_ENCODING);
  STATUS(affetto_text_explain(NULL, -1, NULL, buffer, sizeof buffer, &length), AFFETTO_ERR_ARGUMENT);
}
