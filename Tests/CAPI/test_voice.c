/* Voice features without a session: one call, frames, stream; names; what is refused. */
#include "check.h"

#include <string.h>

static float sound[6 * RATE];

static affetto_audio recording(void) {
  affetto_audio audio = AFFETTO_AUDIO_INIT;
  audio.samples = sound;
  audio.frames = 6 * RATE;
  return audio;
}

static void test_names(void) {
  CHECK(affetto_voice_feature_count() == AFFETTO_VOICE_FEATURE_COUNT);
  CHECK(affetto_voice_descriptor_count() == AFFETTO_VOICE_DESCRIPTOR_COUNT);
  CHECK(!strcmp(affetto_voice_feature_name(0), "F0semitoneFrom27.5Hz_sma3nz_amean"));
  CHECK(!strcmp(affetto_voice_feature_name(87), "equivalentSoundLevel_dBp"));
  CHECK(!strcmp(affetto_voice_feature_unit(87), "dB"));
  CHECK(!strcmp(affetto_voice_descriptor_name(16), "F1frequency_sma3nz"));
  CHECK(!strcmp(affetto_voice_descriptor_unit(16), "Hz"));
  CHECK(affetto_voice_feature_name(-1) == NULL && affetto_voice_feature_name(88) == NULL);
  CHECK(affetto_voice_feature_unit(INT32_MAX) == NULL && affetto_voice_descriptor_unit(25) == NULL);
  CHECK(affetto_voice_descriptor_name(INT32_MIN) == NULL);
}

static void test_one_call(void) {
  affetto_audio audio = recording();
  float features[AFFETTO_VOICE_FEATURE_COUNT + 1];
  size_t count = 0;
  OK(affetto_voice_features(&audio, AFFETTO_VOICE_CORRECTED, NULL, 0, &count));
  CHECK(count == AFFETTO_VOICE_FEATURE_COUNT);
  features[88] = 42;
  OK(affetto_voice_features(&audio, AFFETTO_VOICE_CORRECTED, features, 88, &count));
  CHECK(features[88] == 42);
  /* 200 Hz is 34.35 semitones above 27.5 Hz. */
  CHECK(fabsf(features[3] - 34.35f) < 0.1f);
  STATUS(affetto_voice_features(&audio, 0, features, 87, &count), AFFETTO_ERR_BUFFER_TOO_SMALL);
  STATUS(affetto_voice_features(&audio, 2, features, 88, &count), AFFETTO_ERR_RANGE);
  STATUS(affetto_voice_features(&audio, 0, NULL, 88, &count), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_voice_features(&audio, 0, features, 88, NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_voice_features(NULL, 0, features, 88, &count), AFFETTO_ERR_ARGUMENT);
  audio.frames = RATE / 10 - 1;
  STATUS(affetto_voice_features(&audio, 0, features, 88, &count), AFFETTO_ERR_ARGUMENT);
  audio.frames = SIZE_MAX / 4;
  CHECK(affetto_voice_features(&audio, 0, features, 88, &count) != AFFETTO_OK);
}

static void test_frames(void) {
  static affetto_voice_frame frames[700], again[700];
  affetto_audio audio = recording();
  for (int32_t mode = 0; mode < 2; mode++) {
    size_t count = 0, asked = 0;
    memset(frames, 0, sizeof frames);
    OK(affetto_voice_frames(&audio, mode, NULL, 0, &asked));
    CHECK(asked > 590 && asked <= 600);
    OK(affetto_voice_frames(&audio, mode, frames, 700, &count));
    CHECK(count == asked);
    CHECK(frames[count - 1].index == (int64_t)count - 1 && frames[count - 1].is_final == 1);
    CHECK(frames[count].struct_size == 0); /* nothing is written beyond */
    STATUS(affetto_voice_frames(&audio, mode, frames, count - 1, &count), AFFETTO_ERR_BUFFER_TOO_SMALL);
    frames[3].struct_size = 7;
    STATUS(affetto_voice_frames(&audio, mode, frames, 700, &count), AFFETTO_ERR_ARGUMENT);
  }
  STATUS(affetto_voice_frames(&audio, 0, NULL, 3, &(size_t){0}), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_voice_frames(&audio, 0, frames, 700, NULL), AFFETTO_ERR_ARGUMENT);

  /* The stream, in blocks of 7 ms, gives the same frames and features to the bit. */
  memset(frames, 0, sizeof frames);
  size_t count = 0, got = 0, total = 0;
  OK(affetto_voice_frames(&audio, 0, frames, 700, &count));
  affetto_voice_options options = AFFETTO_VOICE_OPTIONS_INIT;
  options.window_s = 2;
  affetto_voice *voice = NULL;
  OK(affetto_voice_create(&options, &voice));
  for (size_t at = 0; at < audio.frames; at += 112) {
    size_t block = audio.frames - at < 112 ? audio.frames - at : 112;
    OK(affetto_voice_push(voice, sound + at, block));
    OK(affetto_voice_advance(voice));
    OK(affetto_voice_poll(voice, again + total, 700 - total, &got));
    total += got;
  }
  OK(affetto_voice_finish(voice));
  OK(affetto_voice_poll(voice, again + total, 700 - total, &got));
  total += got;
  CHECK(total == count);
  CHECK(!memcmp(frames, again, count * sizeof frames[0]));
  float batch[88], live[88];
  OK(affetto_voice_features(&audio, 0, batch, 88, &count));
  OK(affetto_voice_functionals(voice, live, 88, &count));
  CHECK(!memcmp(batch, live, sizeof batch));
  affetto_voice_window windows[8] = {{0}};
  OK(affetto_voice_poll_windows(voice, windows, 8, &got));
  CHECK(got == 5 && windows[4].start_s == 4 && windows[4].end_s == 6);
  CHECK(fabsf(windows[2].feature[3] - 34.35f) < 0.1f);
  affetto_voice_summary summary = AFFETTO_VOICE_SUMMARY_INIT;
  OK(affetto_voice_summarize(voice, &summary));
  CHECK(summary.duration_s == 6);
  STATUS(affetto_voice_advance(voice), AFFETTO_ERR_STATE);
  STATUS(affetto_voice_finish(voice), AFFETTO_ERR_STATE);
  STATUS(affetto_voice_push(voice, sound, 160), AFFETTO_ERR_STATE);
  affetto_voice_destroy(voice);
}

static void test_refusals(void) {
  affetto_voice_options options = AFFETTO_VOICE_OPTIONS_INIT;
  affetto_voice *voice = NULL;
  STATUS(affetto_voice_create(NULL, &voice), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_voice_create(&options, NULL), AFFETTO_ERR_ARGUMENT);
  options.rate_hz = 7999;
  STATUS(affetto_voice_create(&options, &voice), AFFETTO_ERR_RANGE);
  options.rate_hz = 16000;
  options.channels = 0;
  STATUS(affetto_voice_create(&options, &voice), AFFETTO_ERR_RANGE);
  options.channels = 1;
  options.mode = -1;
  STATUS(affetto_voice_create(&options, &voice), AFFETTO_ERR_RANGE);
  options.mode = 0;
  options.window_s = NAN;
  STATUS(affetto_voice_create(&options, &voice), AFFETTO_ERR_RANGE);
  options.window_s = 1e30f;
  STATUS(affetto_voice_create(&options, &voice), AFFETTO_ERR_RANGE);
  options.window_s = 0;
  CHECK(voice == NULL);
  options.hop_s = INFINITY; /* counts for nothing without windows */
  OK(affetto_voice_create(&options, &voice));
  float bad[3] = {0, INFINITY, 0}, numbers[88];
  affetto_voice_frame frame = AFFETTO_VOICE_FRAME_INIT;
  affetto_voice_window window = AFFETTO_VOICE_WINDOW_INIT;
  size_t count = 9;
  uint64_t dropped = 9;
  STATUS(affetto_voice_push(voice, bad, 3), AFFETTO_ERR_RANGE);
  STATUS(affetto_voice_push(voice, NULL, 3), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_voice_push(voice, bad, SIZE_MAX), AFFETTO_ERR_RANGE);
  STATUS(affetto_voice_poll(voice, NULL, 1, &count), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_voice_poll(voice, &frame, 1, NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_voice_poll_windows(voice, NULL, 1, &count), AFFETTO_ERR_ARGUMENT);
  OK(affetto_voice_poll(voice, &frame, 1, &count));
  CHECK(count == 0);
  OK(affetto_voice_poll_windows(voice, &window, 1, &count));
  CHECK(count == 0);
  STATUS(affetto_voice_functionals(voice, numbers, 5, &count), AFFETTO_ERR_BUFFER_TOO_SMALL);
  STATUS(affetto_voice_summarize(voice, NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_voice_dropped(voice, NULL), AFFETTO_ERR_ARGUMENT);
  for (int second = 0; second < 5; second++) affetto_voice_push(voice, sound + second * RATE, RATE);
  OK(affetto_voice_dropped(voice, &dropped));
  CHECK(dropped > 0 && dropped <= RATE);
  affetto_voice *closed = voice;
  affetto_voice_destroy(voice);
  affetto_voice_destroy(closed);
  affetto_voice_destroy(NULL);
  STATUS(affetto_voice_push(closed, sound, 10), AFFETTO_ERR_CLOSED);
  STATUS(affetto_voice_advance(closed), AFFETTO_ERR_CLOSED);
  STATUS(affetto_voice_finish(closed), AFFETTO_ERR_CLOSED);
  STATUS(affetto_voice_dropped(closed, &dropped), AFFETTO_ERR_CLOSED);
  STATUS(affetto_voice_advance((affetto_voice *)&options), AFFETTO_ERR_CLOSED);
}

void test_voice(void) {
  make_voice(sound, 6 * RATE, RATE);
  test_names();
  test_one_call();
  test_frames();
  test_refusals();
}
