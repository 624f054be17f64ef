/* Audio: what is refused, the ring of four seconds, channels, and the recording analysed without a session. */
#include "check.h"

static float voice[12 * RATE];

static void test_refusals(affetto_engine *engine) {
  affetto_session *session = open_session(engine, "ana");
  float samples[320] = {0};
  const float bad[] = {NAN, INFINITY, -INFINITY};
  for (size_t i = 0; i < 3; i++) {
    samples[319] = bad[i];
    STATUS(affetto_session_push_audio(session, SECOND, samples, 320), AFFETTO_ERR_RANGE);
    samples[319] = 0;
  }
  uint64_t dropped = 1;
  OK(affetto_session_dropped(session, &dropped));
  CHECK(dropped == 0);
  samples[0] = 3; /* louder than full scale is taken */
  OK(affetto_session_push_audio(session, SECOND, samples, 320));
  /* Counts that no buffer has must be refused before a sample is read. */
  const size_t huge[] = {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 4 + 1, PTRDIFF_MAX, (size_t)1 << 62};
  for (size_t i = 0; i < sizeof huge / sizeof huge[0]; i++)
    CHECK(affetto_session_push_audio(session, SECOND, samples, huge[i]) != AFFETTO_OK);
  EITHER(affetto_session_push_audio(session, SECOND, samples, 0), AFFETTO_OK, AFFETTO_ERR_ARGUMENT);
  EITHER(affetto_session_push_audio(session, SECOND, NULL, 0), AFFETTO_OK, AFFETTO_ERR_ARGUMENT);
  affetto_session_destroy(session);
}

static void test_ring(affetto_engine *engine) {
  affetto_session *session = open_session(engine, "ana");
  affetto_status last = AFFETTO_OK;
  int taken = 0;
  for (affetto_time second = 0; second < 6; second++) {
    last = affetto_session_push_audio(session, (second + 1) * SECOND, voice + second * RATE, RATE);
    if (last == AFFETTO_OK) taken++;
  }
  CHECK(taken >= 3 && taken <= 4);
  CHECK(last == AFFETTO_ERR_OVERRUN);
  uint64_t dropped = 0;
  OK(affetto_session_dropped(session, &dropped));
  CHECK(dropped >= RATE && dropped <= 3 * RATE);
  OK(affetto_session_advance(session, 7 * SECOND)); /* empties it */
  OK(affetto_session_push_audio(session, 7 * SECOND, voice, RATE));
  affetto_session_destroy(session);
}

/* Voice reaches the state, and its share is counted. */
static void test_evidence(affetto_engine *engine) {
  affetto_session_options options = AFFETTO_SESSION_OPTIONS_INIT;
  options.audio_rate_hz = 48000;
  options.audio_channels = 2;
  affetto_session *session = NULL;
  OK(affetto_session_create(engine, "ana", &options, &session));
  static float mono[60 * 4800], stereo[2 * 4800];
  make_voice(mono, 60 * 4800, 48000);
  affetto_time now = SECOND;
  for (size_t block = 0; block < 60; block++, now += SECOND / 10) {
    for (size_t i = 0; i < 4800; i++) stereo[2 * i] = stereo[2 * i + 1] = mono[block * 4800 + i];
    OK(affetto_session_push_audio(session, now, stereo, 4800));
    OK(affetto_session_advance(session, now));
  }
  affetto_state state = AFFETTO_STATE_INIT;
  OK(affetto_session_poll(session, &state));
  CHECK(state.evidence[AFFETTO_VOICE] > 0);
  CHECK(state.generation > 0);
  affetto_session_destroy(session);
}

static void test_recording(void) {
  affetto_audio audio = AFFETTO_AUDIO_INIT;
  affetto_voice_summary summary = AFFETTO_VOICE_SUMMARY_INIT;
  audio.samples = voice;
  audio.frames = 4 * RATE;
  OK(affetto_voice_analyze(&audio, &summary));
  CHECK(fabsf(summary.duration_s - 4) < 0.01f);
  CHECK(summary.f0_mean_hz > 190 && summary.f0_mean_hz < 210);
  CHECK(summary.clipped_ratio == 0);
  CHECK(summary.speech_ratio >= 0 && summary.speech_ratio <= 1);

  const size_t huge[] = {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 4 + 1, PTRDIFF_MAX};
  for (size_t i = 0; i < sizeof huge / sizeof huge[0]; i++) {
    audio.frames = huge[i];
    CHECK(affetto_voice_analyze(&audio, &summary) != AFFETTO_OK);
  }
  audio.channels = 8;
  audio.frames = SIZE_MAX / 8;
  CHECK(affetto_voice_analyze(&audio, &summary) != AFFETTO_OK);
  audio.channels = 1;
  audio.frames = 100; /* less than 0.1 s */
  EITHER(affetto_voice_analyze(&audio, &summary), AFFETTO_ERR_RANGE, AFFETTO_ERR_ARGUMENT);
  audio.frames = 0;
  EITHER(affetto_voice_analyze(&audio, &summary), AFFETTO_ERR_RANGE, AFFETTO_ERR_ARGUMENT);
  audio.frames = 4 * RATE;
  const uint32_t rates[] = {0, 7999, 96001, UINT32_MAX}, channels[] = {0, 9, UINT32_MAX};
  for (size_t i = 0; i < 4; i++) {
    audio.rate_hz = rates[i];
    STATUS(affetto_voice_analyze(&audio, &summary), AFFETTO_ERR_RANGE);
  }
  audio.rate_hz = RATE;
  for (size_t i = 0; i < 3; i++) {
    audio.channels = channels[i];
    STATUS(affetto_voice_analyze(&audio, &summary), AFFETTO_ERR_RANGE);
  }
  audio.channels = 1;
  voice[2 * RATE] = NAN;
  STATUS(affetto_voice_analyze(&audio, &summary), AFFETTO_ERR_RANGE);
  make_voice(voice, sizeof voice / sizeof voice[0], RATE);

  static float silence[RATE];
  audio.samples = silence;
  audio.frames = RATE;
  OK(affetto_voice_analyze(&audio, &summary));
  CHECK(summary.speech_ratio == 0 && isnan(summary.f0_mean_hz));
}

void test_audio(void) {
  make_voice(voice, sizeof voice / sizeof voice[0], RATE);
  affetto_engine *engine = engine_with_ana();
  test_refusals(engine);
  test_ring(engine);
  test_evidence(engine);
  affetto_engine_destroy(engine);
  test_recording();
}
