/*
 * What a session costs its host: CPU microseconds for one piece of evidence, from the push to the published state, and for a poll:
 * the slowest of a thousand, in the polling thread's own CPU time, with as many pollers as cores beside a session at work.
 */
#define _GNU_SOURCE
#include <affetto.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
static _Thread_local unsigned long allocations;

/* In the library's place, too: it takes memory from the C library that the process has. */
void *malloc(size_t size) {
  allocations++;
  return __libc_malloc(size);
}

enum { POLLS = 200000, UPDATES = 20000, MOST = 64 };

static affetto_session *session;
static atomic_int running = 1;

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void check(affetto_status status) {
  if (status == AFFETTO_OK) return;
  fprintf(stderr, "%s: %s\n", affetto_status_name(status), affetto_last_error_message());
  exit(1);
}

typedef struct poller {
  float micros[POLLS];
  unsigned long asked;
} poller;

static void *poll(void *argument) {
  poller *p = argument;
  affetto_state state = AFFETTO_STATE_INIT;
  for (int i = 0; i < 1000; i++) check(affetto_session_poll(session, &state));
  allocations = 0;
  for (int i = 0; i < POLLS; i++) {
    double start = seconds(CLOCK_THREAD_CPUTIME_ID);
    check(affetto_session_poll(session, &state));
    p->micros[i] = (float)((seconds(CLOCK_THREAD_CPUTIME_ID) - start) * 1e6);
  }
  p->asked = allocations;
  return NULL;
}

static int ascending(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static affetto_time now = 1000000;

/* One piece of evidence: what the learner says of themselves. */
static void update(int i) {
  affetto_self_report report = AFFETTO_SELF_REPORT_INIT;
  report.valence = (float)(i % 19) / 10 - 0.9f;
  report.arousal = (float)(i % 7) / 10 - 0.3f;
  check(affetto_session_push_self_report(session, now += 100000, &report));
  if (i % 512 == 511) check(affetto_session_advance(session, now));
}

static void *work(void *argument) {
  (void)argument;
  for (int i = 0; atomic_load(&running); i++) update(i);
  return NULL;
}

int main(void) {
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.policy_preset = "eu_home";
  affetto_engine *engine = NULL;
  check(affetto_engine_create(&options, &engine));
  check(affetto_learner_create(engine, "ana", "{\"age_band\": \"adult\"}"));
  affetto_consent consent = AFFETTO_CONSENT_INIT;
  consent.modality = AFFETTO_SELF_REPORT;
  check(affetto_learner_grant(engine, "ana", &consent));
  affetto_session_options sitting = AFFETTO_SESSION_OPTIONS_INIT;
  check(affetto_session_create(engine, "ana", &sitting, &session));
  for (int i = 0; i < 2048; i++) update(i);
  double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
  for (int i = 0; i < UPDATES; i++) update(i);
  double micros = (seconds(CLOCK_PROCESS_CPUTIME_ID) - start) / UPDATES * 1e6;

  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  int count = cores < 1 ? 1 : cores > MOST ? MOST : (int)cores;
  poller *pollers = calloc((size_t)count, sizeof *pollers);
  pthread_t threads[MOST], worker;
  pthread_create(&worker, NULL, work, NULL);
  for (int i = 0; i < count; i++) pthread_create(&threads[i], NULL, poll, &pollers[i]);
  for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
  atomic_store(&running, 0);
  pthread_join(worker, NULL);
  float worst = 0, middle = 0;
  unsigned long asked = 0;
  for (int i = 0; i < count; i++) {
    qsort(pollers[i].micros, POLLS, sizeof(float), ascending);
    if (pollers[i].micros[POLLS - POLLS / 1000] > worst) worst = pollers[i].micros[POLLS - POLLS / 1000];
    middle = pollers[i].micros[POLLS / 2];
    asked += pollers[i].asked;
  }
  printf("  an update  %8.2f us, sealed storing in memory included\n", micros);
  printf("  a poll     %8.2f us (median), %.2f us (99.9 %%, of the worst of %d pollers); the clock's own time included\n",
         (double)middle, (double)worst, count);
  printf("{\"fusion.update_us\": %.2f, \"fusion.poll_p999_us\": %.2f, \"fusion.poll_allocations\": %lu}\n", micros,
         (double)worst, asked);
  affetto_session_destroy(session);
  affetto_engine_destroy(engine);
  return 0;
}
