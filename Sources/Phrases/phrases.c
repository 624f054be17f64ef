/* Sentences as bytes. */
#include "phrases.h"

#include <string.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char crisis_en_train[] = {
#embed "sets/crisis-en-train.tsv"
};
static const unsigned char crisis_en_dev[] = {
#embed "sets/crisis-en-dev.tsv"
};
static const unsigned char crisis_en_held[] = {
#embed "sets/crisis-en-held.tsv"
};
static const unsigned char crisis_zh_train[] = {
#embed "sets/crisis-zh-train.tsv"
};
static const unsigned char crisis_zh_dev[] = {
#embed "sets/crisis-zh-dev.tsv"
};
static const unsigned char crisis_zh_held[] = {
#embed "sets/crisis-zh-held.tsv"
};
static const unsigned char student_en_train[] = {
#embed "sets/student-en-train.tsv"
};
static const unsigned char student_en_held[] = {
#embed "sets/student-en-held.tsv"
};
static const unsigned char student_zh_train[] = {
#embed "sets/student-zh-train.tsv"
};
static const unsigned char student_zh_held[] = {
#embed "sets/student-zh-held.tsv"
};

#define SET(name, bytes) {name, bytes, sizeof bytes}
static const struct {
  const char *name;
  const unsigned char *bytes;
  size_t size;
} sets[] = {
    SET("crisis-en-train", crisis_en_train),   SET("crisis-en-dev", crisis_en_dev),       SET("crisis-en-held", crisis_en_held),
    SET("crisis-zh-train", crisis_zh_train),   SET("crisis-zh-dev", crisis_zh_dev),       SET("crisis-zh-held", crisis_zh_held),
    SET("student-en-train", student_en_train), SET("student-en-held", student_en_held),
    SET("student-zh-train", student_zh_train), SET("student-zh-held", student_zh_held),
};

const void *affetto_phrases(const char *name, size_t *out_size) {
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
    if (strcmp(sets[i].name, name) == 0) {
      *out_size = sets[i].size;
      return sets[i].bytes;
    }
  }
  *out_size = 0;
  return NULL;
}
