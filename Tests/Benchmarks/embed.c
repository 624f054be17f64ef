/* Times what an embedding host waits for, in one fresh process: dlopen, then engine to first estimate.
 *   embed LIBRARY    prints two numbers of milliseconds */
#include "affetto.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

#define GET(name) __typeof__(name) *p_##name = (__typeof__(name) *)dlsym(library, #name)
#define OK(call) do { if ((call) != AFFETTO_OK) { fprintf(stderr, "embed: %s\n", p_affetto_last_error_message()); exit(1); } } while (0)

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  double start = now_ms();
  void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fprintf(stderr, "embed: %s\n", dlerror());
    return 1;
  }
  double loaded = now_ms();
  GET(affetto_engine_create);
  GET(affetto_learner_create);
  GET(affetto_learner_grant);
  GET(affetto_session_create);
  GET(affetto_session_push_text);
  GET(affetto_session_advance);
  GET(affetto_session_poll);
  GET(affetto_last_error_message);

  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  affetto_engine *engine = NULL;
  OK(p_affetto_engine_create(&options, &engine));
  OK(p_affetto_learner_create(engine, "ana", NULL));
  affetto_consent consent = AFFETTO_CONSENT_INIT;
  consent.modality = AFFETTO_TEXT;
  OK(p_affetto_learner_grant(engine, "ana", &consent));
  affetto_session_options sitting = AFFETTO_SESSION_OPTIONS_INIT;
  affetto_session *session = NULL;
  OK(p_affetto_session_create(engine, "ana", &sitting, &session));
  OK(p_affetto_session_push_text(session, 1000000, "I keep getting this wrong and it is so annoying", -1));
  OK(p_affetto_session_advance(session, 1000000));
  affetto_state state = AFFETTO_STATE_INIT;
  OK(p_affetto_session_poll(session, &state));
  if (state.generation == 0) {
    fprintf(stderr, "embed: no estimate\n");
    return 1;
  }
  printf("%.3f %.3f\n", loaded - start, now_ms() - loaded);
  return 0;
}
