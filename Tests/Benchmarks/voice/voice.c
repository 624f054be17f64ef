/* Measures libaffetto's voice features through its C interface; every allocation of the process is counted.
 *
 *   voice functionals FILE RATE MODE    FILE: 32-bit float samples. Prints CPU ms a minute, and of the FFT floor
 *   voice stream FILE RATE              prints allocations a hop, RSS growth (KiB an hour), latency (ms) of both frames
 *   voice session FILE RATE             prints the CPU time of a whole session that listens, per cent of real time
 *
 * The floor: the transforms that the work cannot do without, 6000 x (r2c 1024 + r2c 512 + c2r 1024) a minute. */
#define _GNU_SOURCE
#include "affetto.h"

#include <dlfcn.h>
#include <fftw3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static unsigned long allocations;
static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static char early[4096];
static size_t early_used;

static void find_real(void) {
  real_malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
  real_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
  real_calloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
}

void *malloc(size_t size) {
  if (!real_malloc) find_real();
  allocations++;
  return real_malloc(size);
}

void *calloc(size_t count, size_t size) {
  if (!real_calloc) { /* dlsym itself may ask */
    void *p = early + early_used;
    early_used += (count * size + 15) & ~(size_t)15;
    return early_used <= sizeof early ? p : NULL;
  }
  allocations++;
  return real_calloc(count, size);
}

void *realloc(void *p, size_t size) {
  if (!real_realloc) find_real();
  allocations++;
  return real_realloc(p, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
  static int (*real)(void **, size_t, size_t);
  if (!real) real = (int (*)(void **, size_t, size_t))dlsym(RTLD_NEXT, "posix_memalign");
  allocations++;
  return real(out, alignment, size);
}

static double cpu_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void check(affetto_status status, const char *what) {
  if (status == AFFETTO_OK) return;
  fprintf(stderr, "voice: %s: %s\n", what, affetto_last_error_message());
  exit(1);
}

static float *load(const char *path, size_t *count) {
  FILE *file = fopen(path, "rb");
  if (!file) exit(2);
  fseek(file, 0, SEEK_END);
  *count = (size_t)ftell(file) / sizeof(float);
  rewind(file);
  float *x = malloc(*count * sizeof(float));
  if (!x || fread(x, sizeof(float), *count, file) != *count) exit(2);
  fclose(file);
  return x;
}

static double floor_ms(double minutes) {
  float *a = fftwf_alloc_real(1024), *b = fftwf_alloc_real(512);
  fftwf_complex *c = fftwf_alloc_complex(513), *d = fftwf_alloc_complex(257);
  fftwf_plan p = fftwf_plan_dft_r2c_1d(1024, a, c, FFTW_ESTIMATE), q = fftwf_plan_dft_r2c_1d(512, b, d, FFTW_ESTIMATE),
             r = fftwf_plan_dft_c2r_1d(1024, c, a, FFTW_ESTIMATE);
  for (int i = 0; i < 1024; i++) a[i] = (float)(i % 7) * 1e-3f;
  for (int i = 0; i < 512; i++) b[i] = (float)(i % 5) * 1e-3f;
  double start = cpu_ms();
  for (long n = 0; n < (long)(6000 * minutes); n++) {
    fftwf_execute(p);
    fftwf_execute(q);
    fftwf_execute(r);
    for (int i = 0; i < 1024; i++) a[i] *= 1.0f / 1024; /* the inverse is not normalised: keep numbers tame */
  }
  return cpu_ms() - start;
}

static void functionals(const float *x, size_t count, uint32_t rate, int32_t mode) {
  double minutes = (double)count / rate / 60;
  float features[AFFETTO_VOICE_FEATURE_COUNT];
  size_t written = 0;
  affetto_audio audio = AFFETTO_AUDIO_INIT;
  audio.rate_hz = rate;
  audio.samples = x;
  audio.frames = count;
  double best = 1e30, bottom = 1e30;
  for (int run = 0; run < 5; run++) {
    double start = cpu_ms();
    check(affetto_voice_features(&audio, mode, features, AFFETTO_VOICE_FEATURE_COUNT, &written), "features");
    double taken = cpu_ms() - start;
    if (taken < best) best = taken;
    taken = floor_ms(minutes);
    if (taken < bottom) bottom = taken;
  }
  printf("%.4f %.4f\n", best / minutes, bottom / minutes);
}

static long rss_kib(void) {
  long pages = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%ld %ld", &pages, &resident) != 2) exit(2);
  fclose(file);
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* An hour through one stream in blocks of 10 ms: final frames, windows of 5 s. */
static void stream(const float *x, size_t count, uint32_t rate) {
  static affetto_voice_frame frames[64];
  static affetto_voice_window windows[8];
  size_t got = 0, hop = rate / 100, hops = 360000;
  affetto_voice_options options = AFFETTO_VOICE_OPTIONS_INIT;
  options.rate_hz = rate;
  options.provisional = 1;
  options.window_s = 5;
  affetto_voice *voice = NULL;
  check(affetto_voice_create(&options, &voice), "create");
  long start_rss = 0;
  unsigned long before = 0;
  double worst_provisional = 0, worst_final = 0;
  for (size_t i = 0; i < hops; i++) {
    if (i == 12000) { /* two minutes in: everything is warm */
      start_rss = rss_kib();
      before = allocations;
    }
    check(affetto_voice_push(voice, x + i * hop % (count - hop), hop), "push");
    check(affetto_voice_advance(voice), "advance");
    check(affetto_voice_poll(voice, frames, 64, &got), "poll");
    double heard = (double)((i + 1) * hop) / rate;
    for (size_t k = 0; k < got; k++) {
      double late = heard - frames[k].time_s; /* from the frame's centre */
      if (frames[k].is_final && late > worst_final) worst_final = late;
      if (!frames[k].is_final && late > worst_provisional) worst_provisional = late;
    }
    check(affetto_voice_poll_windows(voice, windows, 8, &got), "poll_windows");
  }
  unsigned long made = allocations - before;
  double hours = (double)(hops - 12000) / 360000;
  printf("%.6f %.1f %.1f %.1f\n", (double)made / (double)(hops - 12000), (double)(rss_kib() - start_rss) / hours,
         worst_provisional * 1e3, worst_final * 1e3);
  affetto_voice_destroy(voice);
}

/* A learner's session with voice alone: features, recogniser, fusion and the store in memory. */
static void session(const float *x, size_t count, uint32_t rate) {
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.policy_preset = "eu_home";
  affetto_engine *engine = NULL;
  check(affetto_engine_create(&options, &engine), "engine");
  check(affetto_learner_create(engine, "ana", "{\"age_band\": \"adult\"}"), "learner");
  affetto_consent consent = AFFETTO_CONSENT_INIT;
  consent.modality = AFFETTO_VOICE;
  check(affetto_learner_grant(engine, "ana", &consent), "grant");
  affetto_session_options sitting = AFFETTO_SESSION_OPTIONS_INIT;
  sitting.audio_rate_hz = rate;
  affetto_session *listening = NULL;
  check(affetto_session_create(engine, "ana", &sitting, &listening), "session");
  size_t block = rate / 50;
  double start = cpu_ms();
  affetto_time now = 0;
  for (size_t at = 0; at + block <= count; at += block, now += 20000) {
    check(affetto_session_push_audio(listening, now, x + at, block), "push_audio");
    check(affetto_session_advance(listening, now), "advance");
  }
  printf("%.4f\n", (cpu_ms() - start) / ((double)now / 1000) * 100);
  affetto_engine_destroy(engine);
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  size_t count = 0;
  float *x = load(argv[2], &count);
  if (!strcmp(argv[1], "functionals") && argc == 5) functionals(x, count, (uint32_t)atoi(argv[3]), atoi(argv[4]));
  else if (!strcmp(argv[1], "stream")) stream(x, count, (uint32_t)atoi(argv[3]));
  else if (!strcmp(argv[1], "session")) session(x, count, (uint32_t)atoi(argv[3]));
  else return 2;
  return 0;
}
