/*
 * The main job in C11: a learner gets stuck, the engine hears of it in five ways, chooses music, says a kind word, and
 * learns from what came of it.
 *
 *     ./main_job FOLDER      FOLDER gets learners.affetto (sealed), its key ring, learners.key and report.html
 *
 * Music, voice and face are synthesised here, so that nothing else is needed; a host gives its own.
 */
#include <affetto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE 16000
#define PIECE_SECONDS 12
#define VOICE_SECONDS 3
#define PI 3.14159265f

/* Ends the program if a call failed, with the library's reason. */
static void check(affetto_status status, const char *what) {
  if (status == AFFETTO_OK) return;
  fprintf(stderr, "%s: %s: %s\n", what, affetto_status_name(status), affetto_last_error_message());
  exit(1);
}

/* One tiny piece: a chord progression, a note on every beat, `partials` overtones; mono at RATE. */
typedef struct piece {
  const char *id, *style;
  int minor, partials;
  float bpm, tonic_hz, gain;
} piece;

static const piece PIECES[] = {
  {"sunny-run", "pop", 0, 8, 132, 262, 0.5f},
  {"still-lake", "ambient", 0, 2, 60, 220, 0.15f},
  {"grey-rain", "piano", 1, 3, 66, 196, 0.2f},
  {"night-train", "electronic", 1, 12, 144, 165, 0.6f},
};

static void compose(const piece *p, float *out) {
  const float roots[] = {0, 5, 7, 0};          /* I IV V I, or i iv v i */
  const float beat = 60.0f / p->bpm;           /* seconds */
  for (size_t i = 0; i < (size_t)RATE * PIECE_SECONDS; i++) {
    float t = (float)i / RATE;
    int count = (int)(t / beat);
    const float root = roots[count / 4 % 4];
    const float notes[] = {root, root + (p->minor ? 3 : 4), root + 7, root + (count % 2 == 0 ? 12 : 19)};
    float since = t - (float)count * beat, sum = 0; /* every note is struck on its beat and fades */
    for (int n = 0; n < 4; n++)
      for (int k = 1; k <= p->partials; k++)
        sum += sinf(2 * PI * fmodf(p->tonic_hz * powf(2, notes[n] / 12) * (float)k * t, 1.0f)) / (float)(k * 4);
    out[i] = p->gain * sum * expf(-3.0f * since / beat) * fminf(1.0f, since / 0.01f);
  }
}

/* Something like "ah-ah-ah": harmonics of a wavering pitch under three formants, four syllables a second. */
static void speak(float *out) {
  const float formant[] = {700, 1200, 2500};
  float phase = 0;
  for (size_t i = 0; i < (size_t)RATE * VOICE_SECONDS; i++) {
    float t = (float)i / RATE, sum = 0;
    float f0 = 210.0f + 25.0f * sinf(2 * PI * 0.7f * t);
    phase = fmodf(phase + f0 / RATE, 1.0f);
    for (int k = 1; k <= 20; k++) {
      float gain = 0.02f;
      for (int f = 0; f < 3; f++) gain += 1.0f / (1.0f + powf(((float)k * f0 - formant[f]) / 120.0f, 2));
      sum += gain / (float)k * sinf(2 * PI * (float)k * phase);
    }
    out[i] = 0.2f * sum * fmaxf(0.0f, sinf(2 * PI * 4.0f * t));
  }
}

static void fill_library(affetto_engine *engine) {
  static float samples[RATE * PIECE_SECONDS];
  for (size_t i = 0; i < sizeof PIECES / sizeof PIECES[0]; i++) {
    compose(&PIECES[i], samples);
    affetto_audio audio = AFFETTO_AUDIO_INIT;
    audio.rate_hz = RATE;
    audio.samples = samples;
    audio.frames = (size_t)RATE * PIECE_SECONDS;
    affetto_track track = AFFETTO_TRACK_INIT;
    check(affetto_library_analyze(engine, &audio, &track), "analyze");
    snprintf(track.id, sizeof track.id, "%s", PIECES[i].id);
    snprintf(track.style, sizeof track.style, "%s", PIECES[i].style);
    check(affetto_library_put(engine, &track), "put");
    printf("track     %-12s %5.1f bpm  %s  valence %+.2f  arousal %+.2f\n", track.id, (double)track.tempo_bpm,
           track.is_minor ? "minor" : "major", (double)track.valence, (double)track.arousal);
  }
}

/* Three seconds of voice in blocks of 20 ms, with a frowning face in every second block. Returns the time after it. */
static affetto_time talk(affetto_session *session, affetto_time now) {
  static float voice[RATE * VOICE_SECONDS];
  const char *frown[] = {"browDownLeft", "browDownRight", "mouthFrownLeft", "mouthFrownRight", "mouthPressLeft"};
  affetto_face_frame face = AFFETTO_FACE_FRAME_INIT;
  for (size_t i = 0; i < AFFETTO_BLENDSHAPE_COUNT; i++) face.blendshape[i] = 0; /* this tracker has them all */
  for (size_t i = 0; i < sizeof frown / sizeof frown[0]; i++)
    check(affetto_face_frame_set(&face, frown[i], 0.6f), "frown");
  speak(voice);
  for (size_t i = 0; i < (size_t)VOICE_SECONDS * 50; i++, now += 20000) {
    check(affetto_session_push_audio(session, now, voice + i * (RATE / 50), RATE / 50), "push audio");
    if (i % 2 == 0) check(affetto_session_push_face(session, now, &face), "push face");
    check(affetto_session_advance(session, now), "advance");
  }
  return now;
}

static void report_decision(affetto_session *session, const affetto_decision *decision) {
  char why[32768];
  size_t length;
  check(affetto_session_why(session, decision->id, why, sizeof why, &length), "why");
  printf("decision  %s %s  (%s, gate %s, probability %.3f)\n", affetto_action_name(decision->action), decision->track,
         affetto_strategy_name(decision->strategy), affetto_gate_name(decision->gate), decision->propensity);
  const char *text = strstr(why, "\"reasons\""); /* the JSON holds all of them; here the first will do */
  if (text != NULL && (text = strstr(text, "\"text\"")) != NULL && (text = strchr(text + 6, '"')) != NULL)
    printf("          %.*s\n", (int)strcspn(text + 1, "\""), text + 1);
}

static void write_report(affetto_engine *engine, const char *session_id, const char *path) {
  affetto_access own = AFFETTO_ACCESS_INIT; /* the learner reads what is theirs */
  size_t length = 0;
  check(affetto_report_html(engine, &own, "ana", session_id, NULL, 0, &length), "report size");
  char *html = malloc(length + 1);
  if (html == NULL) { perror(path); exit(1); }
  check(affetto_report_html(engine, &own, "ana", session_id, html, length + 1, &length), "report");
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(html, 1, length, file) != length || fclose(file) != 0) { perror(path); exit(1); }
  free(html);
  printf("report    %s (%zu bytes)\n", path, length);
}

int main(int argc, char **argv) {
  if (argc != 2) { fprintf(stderr, "usage: %s FOLDER\n", argv[0]); return 2; }
  char store[1024], key[1024], report[1024], text[4096];
  snprintf(store, sizeof store, "%s/learners.affetto", argv[1]);
  snprintf(key, sizeof key, "%s/learners.key", argv[1]);
  snprintf(report, sizeof report, "%s/report.html", argv[1]);
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.store_path = store;
  options.key_path = key;
  options.policy_preset = "eu_home"; /* the default, strict, takes no voice and no face */
  affetto_engine *engine = NULL;
  check(affetto_engine_create(&options, &engine), "engine");
  fill_library(engine);

  check(affetto_learner_create(engine, "ana", "{\"age_band\": \"adult\", \"goals\": [\"calm\"]}"), "learner");
  for (int32_t modality = AFFETTO_VOICE; modality <= AFFETTO_SELF_REPORT; modality++) {
    affetto_consent consent = AFFETTO_CONSENT_INIT;
    consent.modality = modality;
    check(affetto_learner_grant(engine, "ana", &consent), "consent");
  }

  /* [main-job] */
  affetto_session_options sitting = AFFETTO_SESSION_OPTIONS_INIT;
  affetto_session *session = NULL;
  check(affetto_session_create(engine, "ana", &sitting, &session), "session");

  affetto_time now = talk(session, 1000000); /* voice and face, and advance */
  check(affetto_session_push_text(session, now, "I keep getting this wrong, it is so annoying", -1), "text");
  affetto_activity_event event = AFFETTO_ACTIVITY_EVENT_INIT;
  event.kind = AFFETTO_ANSWER;
  event.correct = 0;
  event.attempts = 3;
  check(affetto_session_push_activity(session, now, &event), "activity");
  affetto_self_report word = AFFETTO_SELF_REPORT_INIT;
  word.emotion = AFFETTO_FRUSTRATED;
  check(affetto_session_push_self_report(session, now, &word), "self-report");

  check(affetto_session_advance(session, now), "advance");
  affetto_state state = AFFETTO_STATE_INIT;
  check(affetto_session_poll(session, &state), "poll");
  printf("state     %s  valence %+.2f (sd %.2f)  arousal %+.2f  control %+.2f\n", affetto_emotion_name(state.emotion),
         (double)state.valence, (double)state.valence_sd, (double)state.arousal, (double)state.control);
  affetto_decision decision = AFFETTO_DECISION_INIT;
  check(affetto_session_decide(session, now, AFFETTO_GOAL_CALM, &decision), "decide");
  /* [main-job] */
  report_decision(session, &decision);
  size_t length = 0;
  check(affetto_session_prompt(session, now, "en", text, sizeof text, &length), "prompt");
  printf("prompt    %s\n", text);

  /* Three minutes later: it was liked, but calm is not there yet. */
  now += 180 * (affetto_time)1000000;
  word.emotion = AFFETTO_TIRED;
  check(affetto_session_push_self_report(session, now, &word), "self-report");
  check(affetto_session_advance(session, now), "advance");
  affetto_feedback feedback = AFFETTO_FEEDBACK_INIT;
  feedback.liking = 0.6f;
  check(affetto_session_feedback(session, now, decision.id, &feedback), "feedback");
  check(affetto_session_decide(session, now, AFFETTO_GOAL_UPLIFT, &decision), "decide again");
  report_decision(session, &decision);

  char session_id[64];
  check(affetto_session_id(session, session_id, sizeof session_id, &length), "session id");
  affetto_session_destroy(session);
  check(affetto_learner_export(engine, "ana", NULL, 0, &length), "export size");
  printf("export    %zu bytes of JSON: everything held about this learner\n", length);
  write_report(engine, session_id, report);
  affetto_engine_destroy(engine);
  return 0;
}
