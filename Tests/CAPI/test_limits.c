/* What must hold where hosts are least forgiving: calls that may not allocate, samples beyond all sense, and a disk that
 * takes no more. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

/* The library's allocations on this thread, counted in front of glibc's own; a sanitizer wants them for itself. */
#ifndef __has_feature
#define __has_feature(name) 0
#endif
static _Thread_local long allocations;
#if !__has_feature(thread_sanitizer)
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
  allocations++;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  allocations++;
  return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
  allocations++;
  return __libc_realloc(old, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
  allocations++;
  *out = __libc_memalign(alignment, size);
  return *out == NULL;
}
#endif

static void test_hot_calls(affetto_engine *engine) {
  affetto_session *session = open_session(engine, "ana");
  static float block[RATE];
  affetto_state state = AFFETTO_STATE_INIT;
  OK(affetto_session_push_audio(session, 0, block, 160));
  OK(affetto_session_poll(session, &state));
  long before = allocations;
  for (int i = 0; i < 3; i++) (void)affetto_session_push_audio(session, 0, block, RATE);
  for (int i = 0; i < 100; i++) (void)affetto_session_poll(session, &state);
  CHECK(allocations == before);

  /* Refusals too; the first on a thread makes the room for its message. */
  STATUS(affetto_session_push_audio(session, 0, block, 2 * RATE), AFFETTO_ERR_OVERRUN);
  before = allocations;
  for (int i = 0; i < 100; i++) (void)affetto_session_push_audio(session, 0, block, RATE);
  CHECK(allocations == before);
  OK(affetto_learner_revoke(engine, "ana", AFFETTO_VOICE, AFFETTO_PURPOSE_INTERVENTION));
  before = allocations;
  for (int i = 0; i < 100; i++) (void)affetto_session_push_audio(session, 0, block, RATE);
  CHECK(allocations == before);
  STATUS(affetto_session_push_audio(session, 0, block, RATE), AFFETTO_ERR_CONSENT);
  affetto_session_destroy(session);
  before = allocations;
  for (int i = 0; i < 100; i++) (void)affetto_session_push_audio(session, 0, block, RATE);
  CHECK(allocations == before);
}

/* A voice stream allocates nothing once made: not for frames, nor windows, nor refusals. */
static void test_voice_stream(void) {
  static float block[RATE / 10];
  static affetto_voice_frame frames[64];
  static affetto_voice_window windows[4];
  size_t got = 0;
  make_voice(block, RATE / 10, RATE);
  for (int32_t mode = 0; mode < 2; mode++) {
    affetto_voice_options options = AFFETTO_VOICE_OPTIONS_INIT;
    options.mode = mode;
    options.provisional = 1;
    options.window_s = 1;
    affetto_voice *voice = NULL;
    OK(affetto_voice_create(&options, &voice));
    long before = 0;
    size_t windows_seen = 0;
    for (int i = 0; i < 100; i++) {
      if (i == 5) before = allocations;
      OK(affetto_voice_push(voice, block, RATE / 10));
      OK(affetto_voice_advance(voice));
      OK(affetto_voice_poll(voice, frames, 64, &got));
      OK(affetto_voice_poll_windows(voice, windows, 4, &got));
      windows_seen += got;
    }
    CHECK(allocations == before);
    CHECK(windows_seen >= 8);
    for (int i = 0; i < 60; i++) (void)affetto_voice_push(voice, block, RATE / 10);
    STATUS(affetto_voice_push(voice, block, RATE / 10), AFFETTO_ERR_OVERRUN);
    before = allocations; /* the first refusal on a thread makes the room for its message */
    for (int i = 0; i < 60; i++) (void)affetto_voice_push(voice, block, RATE / 10);
    CHECK(allocations == before);
    affetto_voice_destroy(voice);
  }
}

/* Finite samples so large that their squares are not. */
static void test_huge_samples(void) {
  static float samples[RATE];
  const float sizes[] = {1e18f, 1e20f, 1e30f, 3e38f};
  const uint32_t rates[] = {8000, 16000, 44100};
  for (size_t s = 0; s < 4; s++) {
    for (size_t i = 0; i < RATE; i++) samples[i] = (float)((int)(i % 3) - 1) * sizes[s];
    for (size_t r = 0; r < 3; r++) {
      affetto_audio audio = AFFETTO_AUDIO_INIT;
      audio.rate_hz = rates[r];
      audio.samples = samples;
      audio.frames = RATE;
      affetto_voice_summary summary = AFFETTO_VOICE_SUMMARY_INIT;
      OK(affetto_voice_analyze(&audio, &summary));
      CHECK(summary.clipped_ratio > 0.6f);
    }
  }
}

static int count(const char *text, const char *needle) {
  int found = 0;
  while (text != NULL && (text = strstr(text, needle)) != NULL) {
    found++;
    text++;
  }
  return found;
}

/* No file of this process may grow: what a full disk does, for as long as the tests like. */
static void let_files_grow(int may) {
  struct rlimit limit;
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = may ? limit.rlim_max : 4096;
  setrlimit(RLIMIT_FSIZE, &limit);
}

static void count_crisis(void *context, const char *learner, const char *session, const affetto_crisis *crisis) {
  CHECK(strcmp(learner, "bo") == 0 && session != NULL && crisis->tier == AFFETTO_CRISIS_IDEATION);
  ++*(int *)context;
}

/* Nothing can be written: a person is told all the same, the second one too, and the sitting stands still. */
static void check_grave_words(affetto_engine *engine, affetto_session *session, const int *calls) {
  affetto_decision decision = AFFETTO_DECISION_INIT;
  affetto_crisis crisis = AFFETTO_CRISIS_INIT;
  (void)affetto_session_push_text(session, SECOND, "i want to die", -1);
  CHECK(*calls == 1);
  OK(affetto_session_crisis(session, &crisis));
  CHECK(crisis.tier == AFFETTO_CRISIS_IDEATION);
  affetto_status status = affetto_session_decide(session, 2 * SECOND, AFFETTO_GOAL_CALM, &decision);
  CHECK(status == AFFETTO_ERR_STORE || (status == AFFETTO_OK && decision.gate == AFFETTO_GATE_CRISIS));
  (void)affetto_engine_maintain(engine, 600 * SECOND);
  CHECK(*calls == 2);
}

static void test_store_that_takes_no_more(void) {
  char folder[] = "/tmp/affetto-limits-XXXXXX", store[64], key[64], name[128];
  CHECK(mkdtemp(folder) != NULL);
  snprintf(store, sizeof store, "%s/store", folder);
  snprintf(key, sizeof key, "%s/key", folder);
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.store_path = store;
  options.key_path = key;
  options.policy_preset = "eu_home";
  int calls = 0;
  options.crisis = options.crisis_second = count_crisis;
  options.crisis_context = &calls;
  affetto_engine *engine = NULL;
  OK(affetto_engine_create(&options, &engine));
  const char *const learners[] = {"ana", "bo"};
  for (int i = 0; i < 2; i++) {
    OK(affetto_learner_create(engine, learners[i], NULL));
    grant_all(engine, learners[i], AFFETTO_PURPOSE_INTERVENTION);
  }
  affetto_session *session = open_session(engine, "ana"), *bo = open_session(engine, "bo");
  affetto_decision decision = AFFETTO_DECISION_INIT;
  affetto_feedback feedback = AFFETTO_FEEDBACK_INIT;
  feedback.liking = 0.25f;
  affetto_state state = AFFETTO_STATE_INIT;
  affetto_time now = SECOND;
  int texts = 0, decisions = 0;

  OK(affetto_session_decide(session, now, AFFETTO_GOAL_CALM, &decision));
  decisions++;
  let_files_grow(0);
  /* Taken, though its writing fails: it must not be given again. */
  STATUS(affetto_session_feedback(session, now, decision.id, &feedback), AFFETTO_ERR_STORE);
  STATUS(affetto_session_feedback(session, now, decision.id, &feedback), AFFETTO_ERR_STATE);
  for (int i = 0; i < 5; i++) {
    now += SECOND;
    OK(affetto_session_push_text(session, now, "I like this very much", -1));
    texts++;
    STATUS(affetto_session_advance(session, now), AFFETTO_ERR_STORE);
    STATUS(affetto_session_decide(session, now, AFFETTO_GOAL_CALM, &decision), AFFETTO_ERR_STORE);
  }
  OK(affetto_session_poll(session, &state));
  CHECK(state.generation > 0 && state.time == now);
  /* A revocation that cannot be written still shuts what is open. */
  STATUS(affetto_learner_revoke(engine, "ana", AFFETTO_TEXT, AFFETTO_PURPOSE_INTERVENTION), AFFETTO_ERR_STORE);
  STATUS(affetto_session_push_text(session, now, "hello", -1), AFFETTO_ERR_CONSENT);
  check_grave_words(engine, bo, &calls);
  let_files_grow(1);

  affetto_session_destroy(bo);
  OK(affetto_session_advance(session, now));
  for (int i = 0; i < 3; i++, now += SECOND, decisions++)
    OK(affetto_session_decide(session, now, AFFETTO_GOAL_CALM, &decision));
  char *text = export_text(engine, "ana");
  CHECK(count(text, "\"kind\" : \"text\"") == texts);
  CHECK(count(text, "\"path_progress\"") - count(text, "\"withdrawn\"") == decisions);
  CHECK(count(text, "\"liking\" : 0.25") == 1);
  free(text);
  affetto_session_destroy(session);
  affetto_engine_destroy(engine);
  const char *const endings[] = {"store", "store-wal", "store-shm", "store-keys", "store-keys-journal", "key"};
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
    snprintf(name, sizeof name, "%s/%s", folder, endings[i]);
    unlink(name);
  }
  CHECK(rmdir(folder) == 0);
}

void test_limits(void) {
  test_voice_stream();
  signal(SIGXFSZ, SIG_IGN);
  affetto_engine *engine = engine_with_ana();
  test_hot_calls(engine);
  affetto_engine_destroy(engine);
  test_huge_samples();
  test_store_that_takes_no_more();
}
