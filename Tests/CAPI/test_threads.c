/* Threads: sessions of one engine side by side, one session under many threads, engines apart, handles ended in use. */
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>

#define THREADS 8

typedef struct shared {
  affetto_engine *engine;
  affetto_session *session;
  atomic_int done;
} shared;

static void run_all(void *(*body)(void *), void *argument) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, body, argument) == 0);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
}

static void sit(affetto_engine *engine, int turns) {
  affetto_session *session = open_session(engine, "ana");
  affetto_decision decision = AFFETTO_DECISION_INIT;
  affetto_state state = AFFETTO_STATE_INIT;
  for (int i = 1; i <= turns; i++) {
    OK(affetto_session_push_text(session, i * 60 * SECOND, "I like this", -1));
    OK(affetto_session_advance(session, i * 60 * SECOND));
    OK(affetto_session_poll(session, &state));
    OK(affetto_session_decide(session, i * 60 * SECOND, AFFETTO_GOAL_FOCUS, &decision));
    CHECK(decision.id == (uint64_t)i);
  }
  affetto_session_destroy(session);
}

static void *own_session(void *argument) {
  sit(((shared *)argument)->engine, 20);
  return NULL;
}

static void *own_engine(void *argument) {
  (void)argument;
  affetto_engine *engine = engine_with_ana();
  put_track(engine, "a", 0.2f, 0.2f);
  sit(engine, 5);
  affetto_engine_destroy(engine);
  return NULL;
}

/* The message of a failure belongs to the thread that failed. */
static void *own_message(void *argument) {
  (void)argument;
  CHECK(strcmp(affetto_last_error_message(), "") == 0);
  CHECK(affetto_engine_create(NULL, NULL) == AFFETTO_ERR_ARGUMENT);
  CHECK(strlen(affetto_last_error_message()) > 0);
  return NULL;
}

/* Opens a sitting of the learner while grave words arrive in others. */
static void *sit_in_danger(void *argument) {
  shared *s = argument;
  affetto_session *session = open_session(s->engine, "ana");
  int turn = atomic_fetch_add(&s->done, 1);
  OK(affetto_session_push_text(session, SECOND, turn % 2 == 0 ? "i want to die" : "I like this", -1));
  return session;
}

/* Whenever a sitting began, an open crisis of its learner holds it, too. */
static void test_crisis_race(affetto_engine *engine) {
  for (int round = 0; round < 20; round++) {
    shared s = {.engine = engine};
    pthread_t threads[THREADS];
    affetto_session *sessions[THREADS];
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, sit_in_danger, &s) == 0);
    for (int i = 0; i < THREADS; i++) {
      void *result = NULL;
      pthread_join(threads[i], &result);
      sessions[i] = result;
    }
    for (int i = 0; i < THREADS; i++) {
      affetto_decision decision = AFFETTO_DECISION_INIT;
      OK(affetto_session_decide(sessions[i], 2 * SECOND, AFFETTO_GOAL_CALM, &decision));
      CHECK(decision.gate == AFFETTO_GATE_CRISIS);
    }
    OK(affetto_session_resolve_crisis(sessions[0], 3 * SECOND));
    for (int i = 0; i < THREADS; i++) affetto_session_destroy(sessions[i]);
  }
}

static void *poll_until_done(void *argument) {
  shared *s = argument;
  affetto_state state = AFFETTO_STATE_INIT;
  uint64_t last = 0;
  int refused = 0, torn = 0, backwards = 0;
  do { /* once at least, if this thread starts late */
    if (affetto_session_poll(s->session, &state) != AFFETTO_OK) refused++;
    float sum = 0;
    for (int i = 0; i < 14; i++) sum += state.probability[i];
    if (fabsf(sum - 1) > 1e-3f) torn++;
    if (state.generation < last) backwards++;
    last = state.generation;
  } while (!atomic_load(&s->done));
  CHECK(refused == 0);
  CHECK(torn == 0);
  CHECK(backwards == 0);
  return NULL;
}

static void *produce_audio(void *argument) {
  shared *s = argument;
  static float block[320];
  for (int i = 0; !atomic_load(&s->done); i++) {
    affetto_status status = affetto_session_push_audio(s->session, SECOND + i * (affetto_time)20, block, 320);
    if (status != AFFETTO_OK && status != AFFETTO_ERR_OVERRUN) break;
  }
  return NULL;
}

static void test_audio_and_poll_beside(affetto_engine *engine) {
  shared s = {engine, open_session(engine, "ana"), 0};
  pthread_t poller, producer;
  CHECK(pthread_create(&poller, NULL, poll_until_done, &s) == 0);
  CHECK(pthread_create(&producer, NULL, produce_audio, &s) == 0);
  affetto_time now = SECOND;
  for (int i = 0; i < 200; i++, now += 5000) {
    if (i % 10 == 0) OK(affetto_session_push_text(s.session, now, "good", -1));
    OK(affetto_session_advance(s.session, now));
  }
  atomic_store(&s.done, 1);
  pthread_join(poller, NULL);
  pthread_join(producer, NULL);
  affetto_session_destroy(s.session);
}

/* Against the rule, and still nothing breaks: everyone works one session, one of them ends it. */
static void *misuse(void *argument) {
  shared *s = argument;
  affetto_decision decision = AFFETTO_DECISION_INIT;
  affetto_state state = AFFETTO_STATE_INIT;
  char text[8192];
  size_t length = 0;
  int turn = atomic_fetch_add(&s->done, 1);
  for (int i = 0; i < 50; i++) {
    (void)affetto_session_push_text(s->session, SECOND, "so so", -1);
    (void)affetto_session_advance(s->session, SECOND);
    (void)affetto_session_poll(s->session, &state);
    (void)affetto_session_decide(s->session, SECOND, AFFETTO_GOAL_CALM, &decision);
    (void)affetto_session_explain(s->session, text, sizeof text, &length);
    if (i == 10 && turn % 3 == 0) (void)affetto_session_stop_now(s->session);
    if (i == 40 && turn == 5) affetto_session_destroy(s->session);
    if (i == 45 && turn == 6) affetto_engine_destroy(s->engine);
  }
  return NULL;
}

typedef struct voice_stream {
  affetto_voice *voice;
  atomic_int stage; /* 1: all was pushed, 2: finished */
} voice_stream;

static void *produce_voice(void *argument) {
  voice_stream *s = argument;
  static float block[RATE];
  make_voice(block, RATE, RATE);
  for (int i = 0; i < 500; i++) {
    affetto_status status = affetto_voice_push(s->voice, block + i % 100 * 160, 160);
    if (status != AFFETTO_OK && status != AFFETTO_ERR_OVERRUN) break;
  }
  atomic_store(&s->stage, 1);
  return NULL;
}

static void *poll_voice(void *argument) {
  voice_stream *s = argument;
  static affetto_voice_frame frames[64];
  affetto_voice_window window = AFFETTO_VOICE_WINDOW_INIT;
  affetto_voice_summary summary = AFFETTO_VOICE_SUMMARY_INIT;
  float feature[AFFETTO_VOICE_FEATURE_COUNT];
  size_t count = 0, last;
  int64_t next = 0;
  do {
    last = (size_t)atomic_load(&s->stage); /* before the poll: what comes after it is seen next time */
    if (affetto_voice_poll(s->voice, frames, 64, &count)) break;
    for (size_t i = 0; i < count; i++) CHECK(frames[i].index == next++);
    (void)affetto_voice_poll_windows(s->voice, &window, 1, &(size_t){0});
    (void)affetto_voice_functionals(s->voice, feature, AFFETTO_VOICE_FEATURE_COUNT, &(size_t){0});
    (void)affetto_voice_summarize(s->voice, &summary);
  } while (last < 2 || count > 0);
  return NULL;
}

/* One voice stream under three threads, to its end or destroyed in the middle. */
static void test_voice_stream(int32_t mode, int cut) {
  affetto_voice_options options = AFFETTO_VOICE_OPTIONS_INIT;
  options.mode = mode;
  options.window_s = 1;
  voice_stream s = {NULL, 0};
  OK(affetto_voice_create(&options, &s.voice));
  pthread_t producer, poller;
  CHECK(pthread_create(&producer, NULL, produce_voice, &s) == 0);
  CHECK(pthread_create(&poller, NULL, poll_voice, &s) == 0);
  for (int i = 0; atomic_load(&s.stage) == 0 && (!cut || i < 3); i++) OK(affetto_voice_advance(s.voice));
  if (cut) affetto_voice_destroy(s.voice);
  else OK(affetto_voice_finish(s.voice));
  pthread_join(producer, NULL);
  atomic_store(&s.stage, 2);
  pthread_join(poller, NULL);
  affetto_voice_destroy(s.voice);
}

void test_threads(void) {
  shared s = {engine_with_ana(), NULL, 0};
  put_track(s.engine, "a", 0.2f, 0.2f);
  put_track(s.engine, "b", 0.6f, -0.2f);
  run_all(own_session, &s);
  test_audio_and_poll_beside(s.engine);
  test_crisis_race(s.engine);
  run_all(own_message, NULL);
  run_all(own_engine, NULL);
  for (int32_t mode = 0; mode < 2; mode++)
    for (int cut = 0; cut < 4; cut++) test_voice_stream(mode, cut);
  for (int round = 0; round < 5; round++) {
    shared broken = {engine_with_ana(), NULL, 0};
    broken.session = open_session(broken.engine, "ana");
    run_all(misuse, &broken);
    affetto_session_destroy(broken.session);
    affetto_engine_destroy(broken.engine);
  }
  affetto_engine_destroy(s.engine);
}
