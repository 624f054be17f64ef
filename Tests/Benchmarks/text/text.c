/*
 * Reads messages, one a line, and says what reading them takes: CPU microseconds a message, and how often memory is asked
 * for, once warm.
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
  printf("%.3f %.2f %.3f %.3f %f\n", taken / messages * 1e6, (double)(allocations - before) / messages, whole * 1e3, whole / half,
         (double)sum);
  return 0;
}
