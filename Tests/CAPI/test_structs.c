/* Versions, names, and structs that grow: defaults, and sizes that are too small, zero, or of a later header. */
#include "check.h"

#include <stddef.h>

/* The init function must give what the macro gives, and write no further than `size`. */
#define CHECK_INIT(type, macro)                                            \
  do {                                                                     \
    type from_macro = macro;                                               \
    struct { type value; unsigned char after[16]; } room;                  \
    memset(&room, 0xA5, sizeof room);                                      \
    type##_init(&room.value, (uint32_t)sizeof(type));                      \
    CHECK(same_fields(#type, &from_macro, &room.value, sizeof(type)));     \
    for (size_t i = 0; i < sizeof room.after; i++) CHECK(room.after[i] == 0xA5); \
    memset(&room, 0xA5, sizeof room);                                      \
    type##_init(&room.value, 8); /* a size no header ever had */           \
    CHECK(((unsigned char *)&room)[8] == 0xA5);                            \
    type##_init(NULL, (uint32_t)sizeof(type));                             \
    type##_init(NULL, 0);                                                  \
  } while (0)

/* Equal word for word, but for the bits of NaN and the one gap: affetto_state has it before `generation`. */
static int same_fields(const char *type, const void *left, const void *right, size_t size) {
  for (size_t at = 0; at + 4 <= size; at += 4) {
    if (strcmp(type, "affetto_state") == 0 && at + 4 == offsetof(affetto_state, generation)) continue;
    uint32_t a, b;
    memcpy(&a, (const char *)left + at, 4);
    memcpy(&b, (const char *)right + at, 4);
    float x, y;
    memcpy(&x, &a, 4);
    memcpy(&y, &b, 4);
    if (a != b && !(isnan(x) && isnan(y))) {
      printf("       %s differs at offset %zu: %08x, %08x\n", type, at, a, b);
      return 0;
    }
  }
  return 1;
}

static void test_names(void) {
  CHECK(affetto_abi_version() == AFFETTO_ABI_VERSION);
  CHECK(strcmp(affetto_version(), "0.1.0") == 0);
  CHECK(strcmp(affetto_status_name(AFFETTO_OK), "AFFETTO_OK") == 0);
  CHECK(strcmp(affetto_status_name(AFFETTO_ERR_CONSENT), "AFFETTO_ERR_CONSENT") == 0);
  CHECK(strcmp(affetto_status_name(AFFETTO_ERR_INTERNAL), "AFFETTO_ERR_INTERNAL") == 0);
  CHECK(strcmp(affetto_status_name((affetto_status)-5000), "AFFETTO_ERR_UNKNOWN") == 0);
  CHECK(strcmp(affetto_status_name((affetto_status)7), "AFFETTO_ERR_UNKNOWN") == 0);

  struct { const char *(*name)(int32_t); int32_t last; const char *first_name, *last_name; } vocabularies[] = {
    {affetto_emotion_name, 13, "neutral", "disgusted"},
    {affetto_modality_name, 6, "voice", "singing"},
    {affetto_task_name, 6, "verbal", "lecture"},
    {affetto_goal_name, 5, "calm", "express"},
    {affetto_strategy_name, 4, "iso", "self_choice"},
    {affetto_action_name, 4, "play", "hand_to_person"},
    {affetto_gate_name, 13, "none", "crisis"},
    {affetto_abstain_name, 5, "none", "crisis"},
    {affetto_crisis_tier_name, 5, "none", "imminent"},
  };
  for (size_t i = 0; i < sizeof vocabularies / sizeof vocabularies[0]; i++) {
    CHECK(strcmp(vocabularies[i].name(0), vocabularies[i].first_name) == 0);
    CHECK(strcmp(vocabularies[i].name(vocabularies[i].last), vocabularies[i].last_name) == 0);
    CHECK(strcmp(vocabularies[i].name(vocabularies[i].last + 1), "unknown") == 0);
    CHECK(strcmp(vocabularies[i].name(-1), "unknown") == 0);
    CHECK(strcmp(vocabularies[i].name(INT32_MIN), "unknown") == 0);
    CHECK(strcmp(vocabularies[i].name(INT32_MAX), "unknown") == 0);
  }

  CHECK(affetto_blendshape_count() == AFFETTO_BLENDSHAPE_COUNT);
  CHECK(strcmp(affetto_blendshape_name(0), "browDownLeft") == 0);
  CHECK(strcmp(affetto_blendshape_name(51), "tongueOut") == 0);
  CHECK(affetto_blendshape_name(-1) == NULL && affetto_blendshape_name(52) == NULL);
  for (int32_t i = 0; i < affetto_blendshape_count(); i++) {
    CHECK(affetto_blendshape_index(affetto_blendshape_name(i)) == i);
    if (i > 0) CHECK(strcmp(affetto_blendshape_name(i - 1), affetto_blendshape_name(i)) < 0);
  }
  int32_t blink = affetto_blendshape_index("eyeBlinkLeft");
  CHECK(blink >= 0);
  CHECK(affetto_blendshape_index("EyeBlinkLeft") == blink && affetto_blendshape_index("eyeBlink_L") == blink);
  CHECK(affetto_blendshape_index("noSuchShape") == -1 && affetto_blendshape_index("") == -1);
  CHECK(affetto_blendshape_index("\xff\xfe") == -1);
}

static void test_defaults(void) {
  CHECK_INIT(affetto_engine_options, AFFETTO_ENGINE_OPTIONS_INIT);
  CHECK_INIT(affetto_consent, AFFETTO_CONSENT_INIT);
  CHECK_INIT(affetto_session_options, AFFETTO_SESSION_OPTIONS_INIT);
  CHECK_INIT(affetto_face_frame, AFFETTO_FACE_FRAME_INIT);
  CHECK_INIT(affetto_face_signals, AFFETTO_FACE_SIGNALS_INIT);
  CHECK_INIT(affetto_face_recording_options, AFFETTO_FACE_RECORDING_OPTIONS_INIT);
  CHECK_INIT(affetto_face_recording_summary, AFFETTO_FACE_RECORDING_SUMMARY_INIT);
  CHECK_INIT(affetto_activity_event, AFFETTO_ACTIVITY_EVENT_INIT);
  CHECK_INIT(affetto_self_report, AFFETTO_SELF_REPORT_INIT);
  CHECK_INIT(affetto_state, AFFETTO_STATE_INIT);
  CHECK_INIT(affetto_decision, AFFETTO_DECISION_INIT);
  CHECK_INIT(affetto_feedback, AFFETTO_FEEDBACK_INIT);
  CHECK_INIT(affetto_access, AFFETTO_ACCESS_INIT);
  CHECK_INIT(affetto_text_reading, AFFETTO_TEXT_READING_INIT);
  CHECK_INIT(affetto_lyrics, AFFETTO_LYRICS_INIT);
  CHECK_INIT(affetto_crisis, AFFETTO_CRISIS_INIT);
  CHECK_INIT(affetto_audio, AFFETTO_AUDIO_INIT);
  CHECK_INIT(affetto_track, AFFETTO_TRACK_INIT);
  CHECK_INIT(affetto_query, AFFETTO_QUERY_INIT);
  CHECK_INIT(affetto_evaluation_options, AFFETTO_EVALUATION_OPTIONS_INIT);
  CHECK_INIT(affetto_voice_summary, AFFETTO_VOICE_SUMMARY_INIT);
  CHECK_INIT(affetto_voice_frame, AFFETTO_VOICE_FRAME_INIT);
  CHECK_INIT(affetto_voice_options, AFFETTO_VOICE_OPTIONS_INIT);
  CHECK_INIT(affetto_turn_reading, AFFETTO_TURN_READING_INIT);
  CHECK_INIT(affetto_turn, AFFETTO_TURN_INIT);
  CHECK_INIT(affetto_training_progress, AFFETTO_TRAINING_PROGRESS_INIT);
  CHECK_INIT(affetto_training_options, AFFETTO_TRAINING_OPTIONS_INIT);
  CHECK_INIT(affetto_voice_window, AFFETTO_VOICE_WINDOW_INIT);
}

/* Runs `call` with the struct `value` one byte too small, of size zero, and as a later header's larger one. */
#define CHECK_SIZES(type, macro, call)                      \
  do {                                                      \
    struct { type value; unsigned char later[64]; } room;   \
    memset(&room, 0x5A, sizeof room);                       \
    type *value = &room.value;                              \
    const type defaults = macro;                            \
    *value = defaults;                                      \
    value->struct_size = (uint32_t)sizeof(type) - 1;        \
    STATUS(call, AFFETTO_ERR_ARGUMENT);                     \
    value->struct_size = 3;                                 \
    STATUS(call, AFFETTO_ERR_ARGUMENT);                     \
    value->struct_size = 0;                                 \
    STATUS(call, AFFETTO_ERR_ARGUMENT);                     \
    value->struct_size = (uint32_t)sizeof room;             \
    OK(call);                                               \
    for (size_t i = 0; i < sizeof room.later; i++) CHECK(room.later[i] == 0x5A || room.later[i] == 0); \
  } while (0)

static void test_sizes(void) {
  affetto_engine *engine = engine_with_ana(), *second = NULL;
  CHECK_SIZES(affetto_engine_options, AFFETTO_ENGINE_OPTIONS_INIT, affetto_engine_create(value, &second));
  affetto_engine_destroy(second);
  affetto_session *session = NULL, *other = NULL;
  CHECK_SIZES(affetto_session_options, AFFETTO_SESSION_OPTIONS_INIT,
              affetto_session_create(engine, "ana", value, &other));
  affetto_session_destroy(other);
  session = open_session(engine, "ana");
  affetto_time now = SECOND;
  CHECK_SIZES(affetto_consent, AFFETTO_CONSENT_INIT, affetto_learner_grant(engine, "ana", value));
  CHECK_SIZES(affetto_face_frame, AFFETTO_FACE_FRAME_INIT,
              (value->blendshape[0] = 0, affetto_session_push_face(session, now, value)));
  CHECK_SIZES(affetto_face_signals, AFFETTO_FACE_SIGNALS_INIT, affetto_session_face(session, value));
  CHECK_SIZES(affetto_activity_event, AFFETTO_ACTIVITY_EVENT_INIT,
              affetto_session_push_activity(session, now, value));
  CHECK_SIZES(affetto_self_report, AFFETTO_SELF_REPORT_INIT,
              (value->emotion = AFFETTO_CALM, affetto_session_push_self_report(session, now, value)));
  OK(affetto_session_advance(session, now));
  CHECK_SIZES(affetto_state, AFFETTO_STATE_INIT, affetto_session_poll(session, value));
  CHECK_SIZES(affetto_decision, AFFETTO_DECISION_INIT,
              affetto_session_decide(session, now, AFFETTO_GOAL_CALM, value));
  affetto_decision decision = AFFETTO_DECISION_INIT;
  OK(affetto_session_decide(session, now, AFFETTO_GOAL_CALM, &decision));
  CHECK_SIZES(affetto_feedback, AFFETTO_FEEDBACK_INIT,
              affetto_session_feedback(session, now, decision.id, value));
  CHECK_SIZES(affetto_track, AFFETTO_TRACK_INIT, (value->id[0] = 'a', affetto_library_put(engine, value)));
  size_t count = 0;
  CHECK_SIZES(affetto_query, AFFETTO_QUERY_INIT, affetto_library_find(engine, value, NULL, 0, &count));

  static float samples[2 * RATE];
  make_voice(samples, 2 * RATE, RATE);
  affetto_voice_summary summary = AFFETTO_VOICE_SUMMARY_INIT;
  CHECK_SIZES(affetto_audio, AFFETTO_AUDIO_INIT,
              (value->samples = samples, value->frames = 2 * RATE, affetto_voice_analyze(value, &summary)));
  affetto_audio audio = AFFETTO_AUDIO_INIT;
  audio.samples = samples;
  audio.frames = 2 * RATE;
  CHECK_SIZES(affetto_voice_summary, AFFETTO_VOICE_SUMMARY_INIT, affetto_voice_analyze(&audio, value));
  CHECK_SIZES(affetto_track, AFFETTO_TRACK_INIT, affetto_library_analyze(engine, &audio, value));
  affetto_voice *voice = NULL;
  CHECK_SIZES(affetto_voice_options, AFFETTO_VOICE_OPTIONS_INIT, affetto_voice_create(value, &voice));
  CHECK_SIZES(affetto_voice_summary, AFFETTO_VOICE_SUMMARY_INIT, affetto_voice_summarize(voice, value));
  affetto_voice_destroy(voice);

  affetto_session_destroy(session);
  affetto_engine_destroy(engine);
}

void test_structs(void) {
  CHECK(strcmp(affetto_last_error_message(), "") == 0); /* nothing has failed yet on this thread */
  test_names();
  test_defaults();
  test_sizes();
  CHECK(strlen(affetto_last_error_message()) > 0);
}
