/*
 * Voice features in C11: the 88 of eGeMAPSv02 of one recording, one "name value unit" a line. Nothing is stored.
 *
 *     ./voice_features FILE RATE      FILE holds mono 32-bit floats, as `sox talk.wav -c 1 -t f32 talk.f32` makes
 */
#include <affetto.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
  if (!file) {
    fprintf(stderr, "usage: voice_features FILE RATE (mono 32-bit floats)\n");
    return 2;
  }
  static float samples[48000 * 60]; /* a minute at 48 kHz */
  affetto_audio audio = AFFETTO_AUDIO_INIT;
  audio.rate_hz = (uint32_t)strtoul(argv[2], NULL, 10);
  audio.samples = samples;
  audio.frames = fread(samples, sizeof samples[0], sizeof samples / sizeof samples[0], file);
  fclose(file);

  float value[AFFETTO_VOICE_FEATURE_COUNT];
  size_t count = 0;
  if (affetto_voice_features(&audio, AFFETTO_VOICE_CORRECTED, value, AFFETTO_VOICE_FEATURE_COUNT, &count)) {
    fprintf(stderr, "%s\n", affetto_last_error_message());
    return 1;
  }
  for (int32_t i = 0; i < (int32_t)count; i++)
    printf("%-44s %12g %s\n", affetto_voice_feature_name(i), value[i], affetto_voice_feature_unit(i));
  return 0;
}
