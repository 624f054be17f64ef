#include "check.h"

#include <stdatomic.h>

static atomic_int passed_count, failed_count;

int passed_checks(void) { return atomic_load(&passed_count); }
int failed_checks(void) { return atomic_load(&failed_count); }

void check_result(int passed, const char *file, int line, const char *what) {
  if (passed) {
    atomic_fetch_add(&passed_count, 1);
    return;
  }
  atomic_fetch_add(&failed_count, 1);
  const char *name = strrchr(file, '/');
  printf("FAILED %s:%d  %s\n", name != NULL ? name + 1 : file, line, what);
}

void check_status(affetto_status status, affetto_status expected, affetto_status other, const char *file, int line,
                  const char *what) {
  int passed = status == expected || status == other;
  check_result(passed, file, line, what);
  if (!passed)
    printf("       expected %s, got %s: %s\n", affetto_status_name(expected), affetto_status_name(status),
           affetto_last_error_message());
}

void grant_all(affetto_engine *engine, const char *learner, int32_t purpose) {
  for (int32_t modality = AFFETTO_VOICE; modality <= AFFETTO_SELF_REPORT; modality++) {
    affetto_consent consent = AFFETTO_CONSENT_INIT;
    consent.modality = modality;
    consent.purpose = purpose;
    OK(affetto_learner_grant(engine, learner, &consent));
  }
}

static void nobody_told(void *context, const char *learner, const char *session, const affetto_crisis *crisis) {
  (void)context, (void)learner, (void)session, (void)crisis;
}

affetto_engine *memory_engine(const char *preset) {
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.policy_preset = preset;
  options.crisis = nobody_told;
  options.crisis_resources = "{\"en\": {\"contacts\": [{\"name\": \"Counsellor\", \"reach\": \"room 12\"}]}}";
  affetto_engine *engine = NULL;
  affetto_status status = affetto_engine_create(&options, &engine);
  if (status != AFFETTO_OK || engine == NULL) {
    printf("no engine: %s: %s\n", affetto_status_name(status), affetto_last_error_message());
    printf("0 passed, 1 failed\n");
    exit(1);
  }
  return engine;
}

affetto_engine *engine_with_ana(void) {
  affetto_engine *engine = memory_engine("eu_home");
  OK(affetto_learner_create(engine, "ana", "{\"age_band\": \"adult\"}"));
  grant_all(engine, "ana", AFFETTO_PURPOSE_INTERVENTION);
  return engine;
}

affetto_session *open_session(affetto_engine *engine, const char *learner) {
  affetto_session_options options = AFFETTO_SESSION_OPTIONS_INIT;
  affetto_session *session = NULL;
  OK(affetto_session_create(engine, learner, &options, &session));
  CHECK(session != NULL);
  return session;
}

void put_track(affetto_engine *engine, const char *id, float valence, float arousal) {
  affetto_track track = AFFETTO_TRACK_INIT;
  snprintf(track.id, sizeof track.id, "%s", id);
  snprintf(track.title, sizeof track.title, "Piece %s", id);
  snprintf(track.style, sizeof track.style, "piano");
  track.valence = valence;
  track.arousal = arousal;
  track.duration_s = 180;
  track.tempo_bpm = 80;
  track.loudness_lufs = -18;
  OK(affetto_library_put(engine, &track));
}

char *export_text(affetto_engine *engine, const char *learner) {
  size_t length = 0;
  if (affetto_learner_export(engine, learner, NULL, 0, &length) != AFFETTO_OK) return NULL;
  char *text = malloc(length + 1);
  if (text != NULL && affetto_learner_export(engine, learner, text, length + 1, &length) != AFFETTO_OK) {
    free(text);
    return NULL;
  }
  return text;
}

void make_voice(float *samples, size_t frames, float rate) {
  for (size_t i = 0; i < frames; i++) {
    float t = (float)i / rate, sum = 0;
    for (int k = 1; k <= 12; k++) sum += sinf(6.2831853f * fmodf(200.0f * (float)k * t, 1.0f)) / (float)k;
    samples[i] = 0.15f * sum * fmaxf(0, sinf(6.2831853f * 4 * t));
  }
}

affetto_face_frame resting_face(void) {
  affetto_face_frame frame = AFFETTO_FACE_FRAME_INIT;
  for (int i = 0; i < AFFETTO_BLENDSHAPE_COUNT; i++) frame.blendshape[i] = 0;
  return frame;
}
