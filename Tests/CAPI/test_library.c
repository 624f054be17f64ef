/* The music library: analysis, putting, finding. */
#include "check.h"

static float music[12 * RATE];

/* C major triads struck twice a second. */
static void compose(void) {
  const float notes[] = {261.63f, 329.63f, 392.0f};
  for (size_t i = 0; i < sizeof music / sizeof music[0]; i++) {
    float t = (float)i / RATE, since = fmodf(t, 0.5f), sum = 0;
    for (int n = 0; n < 3; n++)
      for (int k = 1; k <= 4; k++) sum += sinf(6.2831853f * fmodf(notes[n] * (float)k * t, 1.0f)) / (float)k;
    music[i] = 0.15f * sum * expf(-6 * since);
  }
}

static void test_analysis(affetto_engine *engine) {
  affetto_audio audio = AFFETTO_AUDIO_INIT;
  affetto_track track = AFFETTO_TRACK_INIT;
  audio.samples = music;
  audio.frames = 12 * RATE;
  memcpy(track.title, "kept", 5);
  OK(affetto_library_analyze(engine, &audio, &track));
  CHECK(strcmp(track.title, "kept") == 0 && track.id[0] == 0);
  CHECK(fabsf(track.duration_s - 12) < 0.1f);
  CHECK(track.key == 0 && track.is_minor == 0);
  CHECK(fabsf(track.valence) <= 1 && fabsf(track.arousal) <= 1);
  CHECK(track.valence_sd > 0 && track.arousal_sd > 0);
  CHECK(fabsf(track.tempo_bpm - 120) < 3 || fabsf(track.tempo_bpm - 60) < 2 || fabsf(track.tempo_bpm - 240) < 5);
  CHECK(track.loudness_lufs < 0 && track.loudness_lufs > -40 && isfinite(track.brightness_hz));
  memcpy(track.id, "analysed", 9);
  OK(affetto_library_put(engine, &track));

  audio.frames = RATE / 2; /* shorter than a second */
  EITHER(affetto_library_analyze(engine, &audio, &track), AFFETTO_ERR_RANGE, AFFETTO_ERR_ARGUMENT);
  audio.frames = 12 * RATE;
  audio.channels = 9;
  STATUS(affetto_library_analyze(engine, &audio, &track), AFFETTO_ERR_RANGE);
  audio.channels = 1;
  audio.rate_hz = 1;
  STATUS(affetto_library_analyze(engine, &audio, &track), AFFETTO_ERR_RANGE);
  audio.rate_hz = RATE;
  const size_t huge[] = {SIZE_MAX, SIZE_MAX / 4 + 1, PTRDIFF_MAX};
  for (size_t i = 0; i < 3; i++) {
    audio.frames = huge[i];
    CHECK(affetto_library_analyze(engine, &audio, &track) != AFFETTO_OK);
  }
  audio.frames = 12 * RATE;
  music[RATE] = INFINITY;
  STATUS(affetto_library_analyze(engine, &audio, &track), AFFETTO_ERR_RANGE);
  static float silence[2 * RATE]; /* nothing to hear must still give numbers */
  audio.samples = silence;
  audio.frames = 2 * RATE;
  OK(affetto_library_analyze(engine, &audio, &track));
  CHECK(isfinite(track.valence) && isfinite(track.arousal) && track.tempo_bpm == 0);
  memcpy(track.id, "silence", 8);
  OK(affetto_library_put(engine, &track)); /* what analysis gives can be put */
}

static void test_put(affetto_engine *engine) {
  affetto_track track = AFFETTO_TRACK_INIT;
  STATUS(affetto_library_put(engine, &track), AFFETTO_ERR_ARGUMENT); /* no id */
  memset(track.id, 'x', sizeof track.id);                           /* not NUL-terminated */
  EITHER(affetto_library_put(engine, &track), AFFETTO_ERR_ARGUMENT, AFFETTO_ERR_RANGE);
  track.id[63] = 0;
  OK(affetto_library_put(engine, &track));
  memset(track.uri, 'u', sizeof track.uri);
  EITHER(affetto_library_put(engine, &track), AFFETTO_ERR_ARGUMENT, AFFETTO_ERR_RANGE);
  track.uri[511] = 0;
  OK(affetto_library_put(engine, &track));
  const float bad[] = {NAN, INFINITY, 1.5f, -1.5f};
  for (size_t i = 0; i < 4; i++) {
    affetto_track wrong = track;
    wrong.valence = bad[i];
    STATUS(affetto_library_put(engine, &wrong), AFFETTO_ERR_RANGE);
    wrong = track;
    wrong.arousal = bad[i];
    STATUS(affetto_library_put(engine, &wrong), AFFETTO_ERR_RANGE);
  }
  affetto_track wrong = track;
  wrong.valence_sd = -1;
  STATUS(affetto_library_put(engine, &wrong), AFFETTO_ERR_RANGE);
  wrong = track;
  wrong.key = 12;
  STATUS(affetto_library_put(engine, &wrong), AFFETTO_ERR_RANGE);
  wrong = track;
  wrong.label_source = 99;
  STATUS(affetto_library_put(engine, &wrong), AFFETTO_ERR_RANGE);
  wrong = track;
  wrong.tempo_bpm = NAN;
  STATUS(affetto_library_put(engine, &wrong), AFFETTO_ERR_RANGE);
  wrong = track;
  wrong.duration_s = -1;
  STATUS(affetto_library_put(engine, &wrong), AFFETTO_ERR_RANGE);
}

static void test_find(void) {
  affetto_engine *engine = memory_engine("eu_home");
  affetto_query query = AFFETTO_QUERY_INIT;
  affetto_track found[4];
  size_t count = 99;
  memset(found, 0, sizeof found); /* size 0 means this header's */
  OK(affetto_library_find(engine, &query, NULL, 0, &count));
  CHECK(count == 0);
  put_track(engine, "c", 0.5f, 0.5f);
  put_track(engine, "a", 0.5f, 0.5f);
  put_track(engine, "b", -0.5f, -0.5f);
  put_track(engine, "b", -0.4f, -0.5f); /* replaces */
  OK(affetto_library_find(engine, &query, NULL, 0, &count));
  CHECK(count == 3);
  OK(affetto_library_find(engine, &query, found, 4, &count));
  CHECK(count == 3);
  CHECK(found[0].struct_size == sizeof(affetto_track) || found[0].struct_size == 0);
  query.valence = query.arousal = 0.5f;
  memset(found, 0, sizeof found);
  OK(affetto_library_find(engine, &query, found, 4, &count));
  CHECK(strcmp(found[0].id, "c") == 0 && strcmp(found[1].id, "a") == 0 && strcmp(found[2].id, "b") == 0);
  CHECK(strcmp(found[0].title, "Piece c") == 0 && found[0].valence == 0.5f && found[0].tempo_bpm == 80);
  memset(found, 0, sizeof found);
  STATUS(affetto_library_find(engine, &query, found, 1, &count), AFFETTO_ERR_BUFFER_TOO_SMALL);
  CHECK(count == 3 && strcmp(found[0].id, "c") == 0 && found[1].id[0] == 0);
  query.radius = 0.2f;
  OK(affetto_library_find(engine, &query, found, 4, &count));
  CHECK(count == 2);
  query.style = "metal";
  OK(affetto_library_find(engine, &query, found, 4, &count));
  CHECK(count == 0);
  query.style = NULL;
  query.instrumental_only = 1;
  OK(affetto_library_find(engine, &query, found, 4, &count));
  CHECK(count == 2);
  for (int i = 0; i < 4; i++) found[i].struct_size = 7;
  STATUS(affetto_library_find(engine, &query, found, 4, &count), AFFETTO_ERR_ARGUMENT);
  const float bad[] = {INFINITY, -INFINITY};
  for (size_t i = 0; i < 2; i++) {
    affetto_query wrong = AFFETTO_QUERY_INIT;
    wrong.valence = bad[i];
    STATUS(affetto_library_find(engine, &wrong, NULL, 0, &count), AFFETTO_ERR_RANGE);
    wrong.valence = wrong.arousal = 0;
    wrong.radius = bad[i];
    STATUS(affetto_library_find(engine, &wrong, NULL, 0, &count), AFFETTO_ERR_RANGE);
  }
  affetto_query wrong = AFFETTO_QUERY_INIT;
  wrong.radius = -1;
  STATUS(affetto_library_find(engine, &wrong, NULL, 0, &count), AFFETTO_ERR_RANGE);
  affetto_query half = AFFETTO_QUERY_INIT;
  half.arousal = 0.5f;
  STATUS(affetto_library_find(engine, &half, NULL, 0, &count), AFFETTO_ERR_ARGUMENT);
  affetto_engine_destroy(engine);
}

void test_library(void) {
  compose();
  affetto_engine *engine = memory_engine("eu_home");
  test_analysis(engine);
  test_put(engine);
  affetto_engine_destroy(engine);
  test_find();
}
