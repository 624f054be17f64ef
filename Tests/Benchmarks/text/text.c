/*
 * Reads messages, one a line, and says what reading them takes: CPU microseconds a message, how often memory is asked for, once
 * warm, and the floor: what a linear model with these features cannot do without.
 *     text FILE ROUNDS
 */
#define _GNU_SOURCE
#include <affetto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void *__libc_malloc(size_t size);
static unsigned long allocations;

/* In the library's place, too: it takes memory from the C library that the process has. */
void *malloc(size_t size) {
  allocations++;
  return __libc_malloc(size);
}

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The English pack's two heads: features they know, and numbers that each adds to. */
enum { FEATURES = 73500, OUTPUTS = 36, OWN_FEATURES = 20000, OWN_OUTPUTS = 22 };

typedef struct head {
  uint32_t *hashes; /* sorted */
  uint32_t *starts; /* by the upper 16 bits */
  int8_t *weights;
  float *scale;
  int features, outputs;
} head;

static int ascending(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static uint32_t mix(uint32_t hash) {
  hash = (hash ^ (hash >> 15)) * 0x2C1B3C6Du;
  return hash ^ (hash >> 12);
}

static head make_head(int features, int outputs) {
  head h = { calloc((size_t)features, 4), calloc((1 << 16) + 1, 4), calloc((size_t)features, (size_t)outputs),
             calloc((size_t)features, 4), features, outputs };
  for (int i = 0; i < features; i++) h.hashes[i] = mix((uint32_t)i * 2654435761u), h.scale[i] = 1;
  qsort(h.hashes, (size_t)features, 4, ascending);
  for (int i = 0; i < features; i++) h.starts[(h.hashes[i] >> 16) + 1]++;
  for (int i = 1; i <= 1 << 16; i++) h.starts[i] += h.starts[i - 1];
  return h;
}

/* Finds a feature and adds its weights. One that is not known is taken for its neighbour, as most of a message's are known. */
static void add_feature(const head *h, uint32_t hash, float *sums) {
  uint32_t at = h->starts[hash >> 16], end = h->starts[(hash >> 16) + 1];
  while (at < end && h->hashes[at] < hash) at++;
  if (at == (uint32_t)h->features) at--;
  const int8_t *weights = h->weights + (size_t)at * (size_t)h->outputs;
  for (int i = 0; i < h->outputs; i++) sums[i] += h->scale[at] * (float)weights[i];
}

/* Words, pairs and groups of 2 to 5 letters: hashed, found and added up in both heads; nothing sorted, weighed or looked for. */
static void floor_read(const char *line, const head *main_head, const head *own_head, float *sums) {
  unsigned char word[42];
  int length = 1;
  uint32_t pair = 0;
  word[0] = ' ';
  for (const char *c = line;; c++) {
    unsigned char letter = (unsigned char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
    int inside = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    if (inside && length < 41) word[length++] = letter;
    if (!inside && length > 1) {
      word[length++] = ' ';
      uint32_t whole = 1;
      for (int i = 0; i + 1 < length; i++) {
        uint32_t hash = 2166136261u;
        whole = (whole ^ word[i]) * 16777619u;
        for (int k = i; k < i + 5 && k < length; k++) {
          hash = (hash ^ word[k]) * 16777619u;
          if (k == i) continue;
          add_feature(main_head, mix(hash), sums);
          add_feature(own_head, mix(hash), sums);
        }
      }
      add_feature(main_head, mix(whole), sums);
      add_feature(own_head, mix(whole), sums);
      add_feature(main_head, mix(whole ^ pair), sums);
      add_feature(own_head, mix(whole ^ pair), sums);
      pair = whole * 31;
      length = 1;
    }
    if (*c == 0) return;
  }
}

int main(int argc, char **argv) {
  FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
  if (file == NULL) return 2;
  static char *lines[100000];
  size_t count = 0, room = 0;
  char *line = NULL;
  ssize_t length;
  while (count < 100000 && (length = getline(&line, &room, file)) > 0) {
    if (line[length - 1] == '\n') line[length - 1] = 0;
    lines[count++] = strdup(line);
  }
  affetto_text_reading reading = AFFETTO_TEXT_READING_INIT;
  double start = 0;
  unsigned long before = 0;
  int rounds = atoi(argv[2]);
  float sum = 0;
  for (int round = -1; round < rounds; round++) { /* the first one warms up */
    if (round == 0) start = cpu_seconds(), before = allocations;
    for (size_t i = 0; i < count; i++) {
      if (affetto_text_read(lines[i], -1, &reading) != AFFETTO_OK) return 1;
      sum += reading.valence;
    }
  }
  double messages = (double)count * rounds;
  double taken = cpu_seconds() - start;
  head main_head = make_head(FEATURES, OUTPUTS), own_head = make_head(OWN_FEATURES, OWN_OUTPUTS);
  float sums[OUTPUTS] = { 0 };
  double least = cpu_seconds();
  for (int round = 0; round < rounds; round++)
    for (size_t i = 0; i < count; i++) floor_read(lines[i], &main_head, &own_head, sums);
  least = cpu_seconds() - least;
  sum += sums[0];
  /* One long message against one of half its length: linear, or not. */
  size_t mega = (1 << 20) - 1;
  char *large = malloc(mega + 1);
  const char *from = lines[0];
  for (size_t i = 0, at = 0; i < mega; i++) {
    large[i] = *from == 0 ? ' ' : *from;
    if (*from++ == 0) from = lines[at = (at + 1) % count];
  }
  large[mega] = 0;
  /* Neither ends in the middle of a character. */
  while ((large[mega] & 0xC0) == 0x80 || (large[mega / 2] & 0xC0) == 0x80) mega--;
  if (affetto_text_read(large, (ptrdiff_t)mega, &reading) != AFFETTO_OK) return 1;
  double half = cpu_seconds();
  if (affetto_text_read(large, (ptrdiff_t)(mega / 2), &reading) != AFFETTO_OK) return 3;
  half = cpu_seconds() - half;
  double whole = cpu_seconds();
  if (affetto_text_read(large, (ptrdiff_t)mega, &reading) != AFFETTO_OK) return 1;
  whole = cpu_seconds() - whole;
  printf("%.3f %.2f %.3f %.3f %.3f %f\n", taken / messages * 1e6, (double)(allocations - before) / messages,
         whole * 1e3, whole / half, least / messages * 1e6, (double)sum);
  return 0;
}
