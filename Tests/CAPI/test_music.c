/* Music as a stream, and what the library does with it: adding, correcting, rating, tables, the map. */
#include "check.h"

#include <math.h>
#include <unistd.h>

#define MUSIC_RATE 22050
#define FRAMES (16 * MUSIC_RATE)

static float sound[FRAMES];

/* Struck chords, one every half second, C major and its neighbours. */
static void compose(void) {
  const int roots[] = {0, 5, 7, 0, 9, 2, 7, 0};
  for (int i = 0; i < FRAMES; i++) {
    double t = (double)i / MUSIC_RATE, begun = fmod(t, 0.5);
    int root = roots[(int)(t * 2) % 8];
    double y = 0;
    for (int k = 0; k < 3; k++) {
      double f = 261.63 * pow(2, (root + (int[]){0, 4, 7}[k]) / 12.0);
      y += sin(6.283185307 * f * t) + 0.4 * sin(6.283185307 * 2 * f * t);
    }
    sound[i] = (float)(0.12 * y * exp(-4 * begun) * fmin(1, begun * 200));
  }
}

static affetto_music *heard(void) {
  affetto_audio audio = AFFETTO_AUDIO_INIT;
  audio.rate_hz = MUSIC_RATE;
  audio.samples = sound;
  audio.frames = FRAMES;
  affetto_music *music = NULL;
  OK(affetto_music_analyze(&audio, &music));
  return music;
}

/* The text that a call gives, until the next one. */
static char buffer[4 << 20];
static const size_t capacity = sizeof buffer;
static size_t length;
#define TEXT(call) (OK(call), CHECK(strlen(buffer) == length), buffer)

static void test_stream(void) {
  affetto_music *music = NULL, *whole = heard();
  OK(affetto_music_create(MUSIC_RATE, 1, &music));
  for (size_t at = 0; at < FRAMES;) {
    size_t count = at % 7919 + 1;
    if (count > FRAMES - at) count = FRAMES - at;
    OK(affetto_music_push(music, sound + at, count));
    at += count;
  }
  size_t needed = 0;
  STATUS(affetto_music_json(music, NULL, 0, &needed), AFFETTO_ERR_STATE);
  affetto_track track = AFFETTO_TRACK_INIT, again = AFFETTO_TRACK_INIT;
  strcpy(track.title, "kept");
  OK(affetto_music_finish(music, &track));
  OK(affetto_music_finish(music, &again));
  OK(affetto_music_finish(music, NULL));
  CHECK(strcmp(track.title, "kept") == 0 && track.duration_s > 15.9f && track.key == 0 && track.is_minor == 0);
  CHECK(fabsf(track.tempo_bpm - 120) < 1.2f || fabsf(track.tempo_bpm - 60) < 0.6f);
  CHECK(track.true_peak_db < 0 && track.true_peak_db > -20 && track.crest_db > 3 && track.attack_db > 10);
  CHECK(track.measured_valence == track.valence && track.tempo_stability > 0.9f && track.label_source == 0);
  STATUS(affetto_music_push(music, sound, 16), AFFETTO_ERR_STATE);
  char *streamed = malloc(capacity);
  strcpy(streamed, TEXT(affetto_music_json(music, buffer, capacity, &length)));
  CHECK(strcmp(streamed, TEXT(affetto_music_json(whole, buffer, capacity, &length))) == 0);
  CHECK(strstr(streamed, "\"beats\":[") != NULL && strstr(streamed, "\"tension\":") != NULL);
  char small[16];
  STATUS(affetto_music_json(music, small, sizeof small, &needed), AFFETTO_ERR_BUFFER_TOO_SMALL);
  CHECK(needed == strlen(streamed));
  free(streamed);
  affetto_music_destroy(music);
  affetto_music_destroy(music);
  affetto_music_destroy(NULL);
  affetto_music_destroy(whole);
  STATUS(affetto_music_push(music, sound, 16), AFFETTO_ERR_CLOSED);
  STATUS(affetto_music_finish(music, &track), AFFETTO_ERR_CLOSED);
  STATUS(affetto_music_json(music, NULL, 0, &needed), AFFETTO_ERR_CLOSED);
}

static void test_bad_sound(void) {
  affetto_music *music = NULL;
  affetto_track track = AFFETTO_TRACK_INIT;
  STATUS(affetto_music_create(MUSIC_RATE, 1, NULL), AFFETTO_ERR_ARGUMENT);
  const uint32_t wrong[][2] = {{7999, 1}, {96001, 1}, {0, 1}, {44100, 0}, {44100, 9}, {UINT32_MAX, UINT32_MAX}};
  for (size_t i = 0; i < 6; i++) STATUS(affetto_music_create(wrong[i][0], wrong[i][1], &music), AFFETTO_ERR_RANGE);
  OK(affetto_music_create(8000, 2, &music));
  OK(affetto_music_push(music, NULL, 0));
  STATUS(affetto_music_push(music, NULL, 1), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_music_push(music, sound, SIZE_MAX), AFFETTO_ERR_RANGE);
  STATUS(affetto_music_push(music, sound, SIZE_MAX / 2), AFFETTO_ERR_RANGE);
  OK(affetto_music_push(music, sound, 4000)); /* half a second */
  STATUS(affetto_music_finish(music, &track), AFFETTO_ERR_RANGE);
  affetto_music_destroy(music);
  float bad[] = {NAN, INFINITY, 101};
  for (size_t i = 0; i < 3; i++) {
    OK(affetto_music_create(MUSIC_RATE, 1, &music));
    OK(affetto_music_push(music, sound, MUSIC_RATE * 2));
    OK(affetto_music_push(music, &bad[i], 1));
    STATUS(affetto_music_finish(music, &track), AFFETTO_ERR_RANGE);
    affetto_music_destroy(music);
  }
  STATUS(affetto_music_analyze(NULL, &music), AFFETTO_ERR_ARGUMENT);
  affetto_audio audio = AFFETTO_AUDIO_INIT;
  STATUS(affetto_music_analyze(&audio, &music), AFFETTO_ERR_ARGUMENT);
  audio.samples = sound;
  audio.frames = 100;
  STATUS(affetto_music_analyze(&audio, &music), AFFETTO_ERR_RANGE);
  STATUS(affetto_music_analyze(&audio, NULL), AFFETTO_ERR_ARGUMENT);
}

static void test_style(void) {
  CHECK(affetto_style_dimensions() == 24 && affetto_style_version() >= 1);
  CHECK(strcmp(affetto_style_name(0), "mfcc_1") == 0 && affetto_style_name(23) != NULL);
  CHECK(affetto_style_name(24) == NULL && affetto_style_name(-1) == NULL && affetto_style_name(INT32_MIN) == NULL);
}

static void test_add(affetto_engine *engine) {
  char here[64];
  snprintf(here, sizeof here, "/tmp/affetto-music-%ld", (long)getpid());
  FILE *file = fopen(here, "w");
  CHECK(file != NULL);
  if (file != NULL) fclose(file);
  affetto_music *music = heard();
  affetto_track about = AFFETTO_TRACK_INIT, kept = AFFETTO_TRACK_INIT;
  about.label_source = AFFETTO_LABEL_MODEL;
  strcpy(about.id, "chords");
  strcpy(about.title, "Chords");
  snprintf(about.uri, sizeof about.uri, "%s", here);
  OK(affetto_library_add(engine, music, &about, &kept));
  CHECK(strcmp(kept.id, "chords") == 0 && kept.key == 0 && kept.measured_valence == kept.valence);
  about.label_source = AFFETTO_LABEL_EXPERT;
  about.valence = 0.75f;
  about.arousal = -0.5f;
  about.tempo_bpm = NAN; /* numbers of the audio are not read */
  OK(affetto_library_add(engine, music, &about, &kept));
  CHECK(kept.valence == 0.75f && kept.label_source == AFFETTO_LABEL_EXPERT && kept.measured_valence != 0.75f);
  unlink(here);
  strcat(about.uri, ".moved");
  strcpy(about.id, "other");
  OK(affetto_library_add(engine, music, &about, &kept));
  CHECK(strcmp(kept.id, "chords") == 0 && strstr(kept.uri, ".moved") != NULL);
  const char *all = TEXT(affetto_library_get(engine, "chords", buffer, capacity, &length));
  CHECK(strstr(all, "\"fingerprint\":\"") != NULL && strstr(all, "\"beats\":[") != NULL);
  STATUS(affetto_library_add(engine, NULL, &about, &kept), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_library_add(NULL, music, &about, &kept), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_library_add(engine, music, NULL, &kept), AFFETTO_ERR_ARGUMENT);
  about.id[0] = about.uri[0] = 0;
  STATUS(affetto_library_add(engine, music, &about, NULL), AFFETTO_ERR_ARGUMENT);
  affetto_music_destroy(music);
  STATUS(affetto_library_add(engine, music, &about, &kept), AFFETTO_ERR_CLOSED);
  OK(affetto_music_create(MUSIC_RATE, 1, &music));
  STATUS(affetto_library_add(engine, music, &about, &kept), AFFETTO_ERR_STATE);
  affetto_music_destroy(music);
}

static void test_people(affetto_engine *engine) {
  affetto_track found[2];
  affetto_query query = AFFETTO_QUERY_INIT;
  size_t count = 0;
  memset(found, 0, sizeof found);
  put_track(engine, "piece", 0.5f, 0.5f);
  OK(affetto_library_correct(engine, "piece", "{\"valence\": -0.25, \"key\": \"G minor\", \"tags\": [\"calm\"]}"));
  query.text = "CALM";
  OK(affetto_library_find(engine, &query, found, 2, &count));
  CHECK(count == 1 && found[0].valence == -0.25f && found[0].key == 7 && found[0].is_minor == 1);
  put_track(engine, "piece", 0.9f, 0.5f);
  OK(affetto_library_find(engine, &query, found, 2, &count));
  CHECK(count == 1 && found[0].valence == -0.25f);
  const char *wrong[] = {"", "[]", "{\"valence\": 2}", "{\"colour\": 1}", "{\"key\": \"X\"}", "{", "{\"tags\": {}}"};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    EITHER(affetto_library_correct(engine, "piece", wrong[i]), AFFETTO_ERR_ARGUMENT, AFFETTO_ERR_RANGE);
  STATUS(affetto_library_correct(engine, "nowhere", "{\"title\": \"x\"}"), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_library_correct(engine, "piece", NULL), AFFETTO_ERR_ARGUMENT);

  put_track(engine, "rated", 0.5f, 0.5f);
  OK(affetto_library_rate(engine, "rated", "x", AFFETTO_LABEL_CROWD, -0.5f, 0.25f, 1));
  OK(affetto_library_rate(engine, "rated", "y", AFFETTO_LABEL_CROWD, -0.25f, 0.25f, INT64_MAX));
  const char *agreement = TEXT(affetto_library_agreement(engine, buffer, capacity, &length));
  CHECK(strstr(agreement, "\"ratings\":2") != NULL && strstr(agreement, "\"tracks\":1") != NULL);
  STATUS(affetto_library_rate(engine, "rated", "x", 3, 0, 0, 1), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_library_rate(engine, "rated", "x", 77, 0, 0, 1), AFFETTO_ERR_RANGE);
  STATUS(affetto_library_rate(engine, "rated", "x", 1, NAN, 0, 1), AFFETTO_ERR_RANGE);
  STATUS(affetto_library_rate(engine, "rated", "", 1, 0, 0, 1), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_library_rate(engine, "nowhere", "x", 1, 0, 0, 1), AFFETTO_ERR_NOT_FOUND);

  OK(affetto_library_settle(engine, "rated", AFFETTO_REVIEW_REJECTED));
  affetto_query all = AFFETTO_QUERY_INIT;
  size_t shown = 0, with_rejected = 0;
  OK(affetto_library_find(engine, &all, NULL, 0, &shown));
  all.with_rejected = 1;
  OK(affetto_library_find(engine, &all, NULL, 0, &with_rejected));
  CHECK(with_rejected == shown + 1);
  STATUS(affetto_library_settle(engine, "rated", AFFETTO_REVIEW_NEEDED), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_library_settle(engine, "rated", 9), AFFETTO_ERR_RANGE);
  STATUS(affetto_library_settle(engine, "nowhere", 0), AFFETTO_ERR_NOT_FOUND);
  OK(affetto_library_remove(engine, "rated"));
  STATUS(affetto_library_remove(engine, "rated"), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_library_get(engine, "rated", NULL, 0, &count), AFFETTO_ERR_NOT_FOUND);
}

static void test_tables(affetto_engine *engine) {
  const char csv[] = "id,title,valence,arousal\nt1,One,0.1,0.2\nt2,Two,9,0\n";
  char report[32 << 10];
  STATUS(affetto_library_import(engine, AFFETTO_TABLE_CSV, csv, sizeof csv - 1, report, 100, &length),
         AFFETTO_ERR_BUFFER_TOO_SMALL);
  STATUS(affetto_library_get(engine, "t1", NULL, 0, &length), AFFETTO_ERR_NOT_FOUND); /* nothing was taken */
  OK(affetto_library_import(engine, AFFETTO_TABLE_CSV, csv, sizeof csv - 1, report, sizeof report, &length));
  CHECK(strstr(report, "\"added\":1") != NULL && strstr(report, "\"line\":3") != NULL);
  CHECK(strlen(report) == length);
  /* A thousand faults still fit. */
  char *many = malloc(200000);
  size_t size = (size_t)sprintf(many, "id,valence\n");
  for (int i = 0; i < 1000; i++) size += (size_t)sprintf(many + size, "x%d,\"%0120d\"\n", i, 7);
  OK(affetto_library_import(engine, AFFETTO_TABLE_CSV, many, size, report, sizeof report, &length));
  free(many);
  const char json[] = "[{\"id\": \"t3\", \"title\": \"Three\"}]";
  OK(affetto_library_import(engine, AFFETTO_TABLE_JSON, json, sizeof json - 1, report, sizeof report, &length));
  STATUS(affetto_library_import(engine, 2, json, sizeof json - 1, report, sizeof report, &length),
         AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_library_import(engine, 1, NULL, 1, report, sizeof report, &length), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_library_import(engine, 1, json, SIZE_MAX, report, sizeof report, &length), AFFETTO_ERR_RANGE);
  STATUS(affetto_library_import(engine, 1, "\xFF", 1, report, sizeof report, &length), AFFETTO_ERR_ENCODING);
  STATUS(affetto_library_import(engine, 1, "{}", 2, report, sizeof report, &length), AFFETTO_ERR_ARGUMENT);
  const char *table = TEXT(affetto_library_export(engine, AFFETTO_TABLE_JSON, buffer, capacity, &length));
  OK(affetto_library_import(engine, AFFETTO_TABLE_JSON, table, strlen(table), report, sizeof report, &length));
  CHECK(strstr(report, "\"added\":0") != NULL && strstr(report, "\"errors\":[]") != NULL);
  table = TEXT(affetto_library_export(engine, AFFETTO_TABLE_CSV, buffer, capacity, &length));
  CHECK(strncmp(table, "id,title", 8) == 0 && strstr(table, "\nt3,Three,") != NULL);
  STATUS(affetto_library_export(engine, 7, NULL, 0, &length), AFFETTO_ERR_ARGUMENT);
  const char *map = TEXT(affetto_library_map(engine, 640, buffer, capacity, &length));
  CHECK(strstr(map, "<svg") != NULL && strstr(map, "Three") != NULL);
  STATUS(affetto_library_map(engine, 10, NULL, 0, &length), AFFETTO_ERR_RANGE);
  STATUS(affetto_library_map(engine, NAN, NULL, 0, &length), AFFETTO_ERR_RANGE);
}

static void test_searches(affetto_engine *engine) {
  affetto_track found[8];
  size_t count = 0;
  memset(found, 0, sizeof found);
  affetto_query query = AFFETTO_QUERY_INIT;
  query.like = "chords";
  OK(affetto_library_find(engine, &query, found, 8, &count));
  CHECK(count == 0); /* the only analysed one */
  query.like = "t1";
  STATUS(affetto_library_find(engine, &query, found, 8, &count), AFFETTO_ERR_STATE);
  query.like = "nowhere";
  STATUS(affetto_library_find(engine, &query, found, 8, &count), AFFETTO_ERR_NOT_FOUND);
  query.like = NULL;
  query.mode = 1;
  query.key = 7;
  OK(affetto_library_find(engine, &query, found, 8, &count));
  CHECK(count == 1 && strcmp(found[0].id, "piece") == 0);
  query.mode = query.key = -1;
  query.tempo_min = 79;
  query.tempo_max = 81;
  OK(affetto_library_find(engine, &query, found, 8, &count));
  CHECK(count == 1);
  query.tempo_max = 10;
  STATUS(affetto_library_find(engine, &query, found, 8, &count), AFFETTO_ERR_RANGE);
  query.tempo_max = INFINITY;
  STATUS(affetto_library_find(engine, &query, found, 8, &count), AFFETTO_ERR_RANGE);
  affetto_query wrong = AFFETTO_QUERY_INIT;
  wrong.key = 12;
  STATUS(affetto_library_find(engine, &wrong, found, 8, &count), AFFETTO_ERR_RANGE);
  wrong.key = -1;
  wrong.mode = 2;
  STATUS(affetto_library_find(engine, &wrong, found, 8, &count), AFFETTO_ERR_RANGE);
  wrong.mode = -1;
  wrong.text = "\xFF";
  STATUS(affetto_library_find(engine, &wrong, found, 8, &count), AFFETTO_ERR_ENCODING);
  wrong.text = "\"*' OR 1=1 --";
  OK(affetto_library_find(engine, &wrong, found, 8, &count));
  CHECK(count == 0);
}

/* Choices of a coin, judged as if it had two heads. */
static void test_evaluate(void) {
  size_t size = 0;
  for (int i = 0; i < 400; i++)
    size += (size_t)sprintf(buffer + size,
                            "{\"learner\":\"l%d\",\"chances\":[0.5,0.5],\"action\":%d,\"outcome\":%d,\"target\":[1,0]}\n",
                            i % 40, i / 40 % 2, i / 40 % 2 == 0 ? 3 : 1);
  char *log = malloc(size);
  memcpy(log, buffer, size);
  affetto_evaluation_options options = AFFETTO_EVALUATION_OPTIONS_INIT;
  const char *found = TEXT(affetto_evaluate(log, size, &options, buffer, capacity, &length));
  CHECK(strstr(found, "\"dr\":{") != NULL && strstr(found, "\"value\":3") != NULL);
  CHECK(strstr(found, "\"effective_sample_size\":200") != NULL && strstr(found, "\"refusal\"") == NULL);
  options.least_sample_size = 201;
  CHECK(strstr(TEXT(affetto_evaluate(log, size, &options, buffer, capacity, &length)), "\"refusal\"") != NULL);
  OK(affetto_evaluate(log, size, NULL, NULL, 0, &length));
  STATUS(affetto_evaluate(log, size - 5, NULL, NULL, 0, &length), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_evaluate(NULL, 5, NULL, NULL, 0, &length), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_evaluate(log, SIZE_MAX, NULL, NULL, 0, &length), AFFETTO_ERR_RANGE);
  STATUS(affetto_evaluate("", 0, NULL, NULL, 0, &length), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_evaluate("\xFF", 1, NULL, NULL, 0, &length), AFFETTO_ERR_ENCODING);
  const double bad[] = {0, -1, NAN, INFINITY};
  for (size_t i = 0; i < 4; i++) {
    affetto_evaluation_options wrong = AFFETTO_EVALUATION_OPTIONS_INIT;
    wrong.ridge = bad[i];
    STATUS(affetto_evaluate(log, size, &wrong, NULL, 0, &length), AFFETTO_ERR_RANGE);
  }
  options.draws = 0;
  STATUS(affetto_evaluate(log, size, &options, NULL, 0, &length), AFFETTO_ERR_RANGE);
  free(log);
}

void test_music(void) {
  compose();
  test_stream();
  test_bad_sound();
  test_style();
  test_evaluate();
  affetto_engine *engine = memory_engine("eu_home");
  test_add(engine);
  test_people(engine);
  test_tables(engine);
  test_searches(engine);
  affetto_engine_destroy(engine);
}
