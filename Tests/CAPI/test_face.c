/* Faces: frames by name, signals of a stream and of a session, trackers' recordings, and everything that is not one. */
#include "check.h"

#include <math.h>

static affetto_face_frame smiling(float much) {
  affetto_face_frame frame = resting_face();
  OK(affetto_face_frame_set(&frame, "mouthSmile_L", much));
  OK(affetto_face_frame_set(&frame, "MouthSmileRight", much));
  return frame;
}

static void test_names(void) {
  CHECK(affetto_action_unit_count() == AFFETTO_ACTION_UNIT_COUNT && affetto_expression_count() == AFFETTO_EXPRESSION_COUNT);
  CHECK(affetto_action_unit_number(0) == 1 && affetto_action_unit_number(22) == 43);
  CHECK(affetto_action_unit_number(-1) == 0 && affetto_action_unit_number(23) == 0);
  CHECK(strcmp(affetto_expression_name(1), "happiness") == 0);
  CHECK(affetto_expression_name(-1) == NULL && affetto_expression_name(8) == NULL);
  affetto_face_frame frame = AFFETTO_FACE_FRAME_INIT;
  for (int i = 0; i < AFFETTO_BLENDSHAPE_COUNT; i++) CHECK(isnan(frame.blendshape[i]));
  for (int i = 0; i < AFFETTO_ACTION_UNIT_COUNT; i++) CHECK(isnan(frame.action_unit[i]));
  CHECK(isnan(frame.yaw) && isnan(frame.gaze_y) && frame.points == NULL && frame.tracking == 1);
  OK(affetto_face_frame_set(&frame, "AU45_r", 0.5f));
  CHECK(frame.action_unit[22] == 0.5f);
  OK(affetto_face_frame_set(&frame, "eyeBlink_R", 0.25f));
  CHECK(frame.blendshape[affetto_blendshape_index("eyeBlinkRight")] == 0.25f);
  OK(affetto_face_frame_set(&frame, "pitch", 0.125f));
  OK(affetto_face_frame_set(&frame, "gaze_y", -0.125f));
  CHECK(frame.pitch == 0.125f && frame.gaze_y == -0.125f);
  OK(affetto_face_frame_set(&frame, "_neutral", 1));
  STATUS(affetto_face_frame_set(&frame, "smirk", 1), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_face_frame_set(&frame, NULL, 1), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_face_frame_set(NULL, "jawOpen", 1), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_face_frame_set(&frame, "\xff", 1), AFFETTO_ERR_ENCODING);
  frame.struct_size = 7;
  STATUS(affetto_face_frame_set(&frame, "jawOpen", 1), AFFETTO_ERR_ARGUMENT);
}

static void test_stream(void) {
  affetto_face *face = NULL;
  affetto_face_signals signals = AFFETTO_FACE_SIGNALS_INIT;
  STATUS(affetto_face_create(NULL), AFFETTO_ERR_ARGUMENT);
  OK(affetto_face_create(&face));
  OK(affetto_face_poll(face, &signals)); /* before any frame */
  CHECK(signals.is_valid == 0 && isnan(signals.smile) && signals.basis == AFFETTO_FACE_NOTHING);
  affetto_time now = 0;
  for (int i = 0; i < 150; i++, now += 33333) {
    affetto_face_frame frame = smiling(0.8f);
    OK(affetto_face_push(face, now, &frame));
  }
  OK(affetto_face_poll(face, &signals));
  CHECK(signals.is_valid == 1 && signals.basis == AFFETTO_FACE_BLENDSHAPES && signals.quality == 1);
  CHECK(fabsf(signals.smile - 0.8f) < 1e-5f && fabsf(signals.smile_mean - 0.8f) < 1e-4f && signals.smile_peak >= signals.smile_mean);
  CHECK(signals.expression[1] > 0.6f && signals.valence > 0.3f && signals.learning_sd >= 0.3f);
  CHECK(isnan(signals.action_unit[4])); /* AU6: this source leaves it at 0 */
  float sum = 0;
  for (int i = 0; i < AFFETTO_EXPRESSION_COUNT; i++) sum += signals.expression[i];
  CHECK(fabsf(sum - 1) < 1e-4f);

  affetto_face_frame nobody = AFFETTO_FACE_FRAME_INIT;
  STATUS(affetto_face_push(face, now, &nobody), AFFETTO_ERR_ARGUMENT);
  nobody.tracking = 0;
  OK(affetto_face_push(face, now, &nobody));
  OK(affetto_face_poll(face, &signals));
  CHECK(signals.is_valid == 0 && isnan(signals.expression[0]));

  affetto_face_frame frame = smiling(0.1f);
  float points[2 * 478];
  for (int i = 0; i < 2 * 478; i++) points[i] = (float)(i * 37 % 101);
  frame.points = points;
  frame.point_layout = AFFETTO_POINTS_IBUG68;
  frame.point_count = 478;
  STATUS(affetto_face_push(face, now, &frame), AFFETTO_ERR_ARGUMENT);
  frame.point_count = 68;
  OK(affetto_face_push(face, now, &frame));
  frame.point_layout = AFFETTO_POINTS_MEDIAPIPE;
  STATUS(affetto_face_push(face, now, &frame), AFFETTO_ERR_ARGUMENT);
  frame.point_count = UINT32_MAX;
  STATUS(affetto_face_push(face, now, &frame), AFFETTO_ERR_ARGUMENT);
  frame.point_count = 478;
  OK(affetto_face_push(face, now, &frame));
  frame.point_layout = 3;
  STATUS(affetto_face_push(face, now, &frame), AFFETTO_ERR_RANGE);
  frame.point_layout = AFFETTO_POINTS_MEDIAPIPE;
  points[2 * 162] = NAN; /* one of those that are looked at */
  STATUS(affetto_face_push(face, now, &frame), AFFETTO_ERR_RANGE);
  frame.points = NULL;
  STATUS(affetto_face_push(face, now, &frame), AFFETTO_ERR_ARGUMENT);

  const affetto_time odd[] = {INT64_MIN, INT64_MAX, -1, 0};
  for (int i = 0; i < 4; i++) {
    affetto_face_frame still = resting_face();
    EITHER(affetto_face_push(face, odd[i], &still), AFFETTO_OK, AFFETTO_ERR_RANGE);
    OK(affetto_face_poll(face, &signals));
  }
  affetto_face_destroy(face);
  affetto_face_destroy(face);
  affetto_face_destroy(NULL);
  STATUS(affetto_face_push(face, now, &nobody), AFFETTO_ERR_CLOSED);
  STATUS(affetto_face_poll(face, &signals), AFFETTO_ERR_CLOSED);
  STATUS(affetto_face_push(NULL, now, &nobody), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_face_poll((affetto_face *)(uintptr_t)0x123456, &signals), AFFETTO_ERR_CLOSED);
}

/* In a session: signals and evidence, under consent; a smile alone does not settle how someone feels. */
static void test_session(void) {
  affetto_engine *engine = engine_with_ana();
  affetto_session *session = open_session(engine, "ana");
  affetto_face_signals signals = AFFETTO_FACE_SIGNALS_INIT;
  affetto_state state = AFFETTO_STATE_INIT;
  affetto_time now = SECOND;
  for (int i = 0; i < 900; i++, now += 33333) {
    affetto_face_frame frame = smiling(0.8f);
    OK(affetto_session_push_face(session, now, &frame));
    if (i % 300 == 0) OK(affetto_session_advance(session, now)); /* evidence waits to be written */
  }
  OK(affetto_session_advance(session, now));
  OK(affetto_session_face(session, &signals));
  CHECK(signals.is_valid == 1 && signals.smile_mean > 0.7f);
  OK(affetto_session_poll(session, &state));
  CHECK(state.valence > 0.05f && state.emotion == AFFETTO_UNKNOWN && state.evidence[AFFETTO_FACE] > 0.99f);
  OK(affetto_learner_revoke(engine, "ana", AFFETTO_FACE, AFFETTO_PURPOSE_INTERVENTION));
  STATUS(affetto_session_face(session, &signals), AFFETTO_ERR_CONSENT);
  affetto_session_destroy(session);
  affetto_engine_destroy(engine);

  engine = memory_engine("eu_school");
  OK(affetto_learner_create(engine, "bo", NULL));
  session = open_session(engine, "bo");
  STATUS(affetto_session_face(session, &signals), AFFETTO_ERR_POLICY);
  affetto_session_destroy(session);
  affetto_engine_destroy(engine);
}

static const char OPENFACE[] =
    "frame, face_id, timestamp, confidence, success, pose_Rx, pose_Ry, pose_Rz, AU04_r, AU12_r, AU45_r, AU28_c\n"
    "1, 0, 0.000, 0.98, 1, 0.1, -0.2, 0.0, 0.5, 2.5, 0.1, 1.0\n"
    "2, 0, 0.033, 0.98, 0, 0.1, -0.2, 0.0, 0.5, 2.5, 0.1, 1.0\n"
    "3, 0, 0.067, 0.98, 1, 0.1, -0.2, 0.0, 5.0, 0.0, 0.1, 0.0\n4, 0, 0.1, 0.9";

static affetto_status reading(const char *text, const affetto_face_recording_options *options) {
  affetto_face_recording *recording = NULL;
  affetto_status status = affetto_face_recording_read(text, strlen(text), options, &recording);
  CHECK((status == AFFETTO_OK) == (recording != NULL));
  affetto_face_recording_destroy(recording);
  return status;
}

static void test_recording(void) {
  affetto_face_recording *recording = NULL;
  affetto_face_recording_summary summary = AFFETTO_FACE_RECORDING_SUMMARY_INIT;
  OK(affetto_face_recording_read(OPENFACE, strlen(OPENFACE), NULL, &recording));
  OK(affetto_face_recording_summarize(recording, &summary));
  CHECK(summary.format == AFFETTO_FACE_OPENFACE && summary.frames == 3 && summary.faces == 2 && summary.is_cut == 1);
  CHECK(summary.has_action_units == 1 && summary.has_head == 1 && summary.has_blendshapes == 0 && summary.has_points == 0);
  CHECK(fabs(summary.duration_s - 0.067) < 1e-6);
  affetto_face_frame frame = AFFETTO_FACE_FRAME_INIT;
  affetto_time time = -1;
  OK(affetto_face_recording_frame(recording, 2, &time, &frame));
  CHECK(time == 67000 && frame.action_unit[2] == 1 && frame.action_unit[9] == 0 && fabsf(frame.yaw - 0.2f) < 1e-6f);
  CHECK(frame.points == NULL && isnan(frame.blendshape[0]) && fabsf(frame.tracking - 0.98f) < 1e-6f);
  OK(affetto_face_recording_frame(recording, 1, &time, &frame));
  CHECK(frame.tracking == 0 && isnan(frame.action_unit[9]));
  STATUS(affetto_face_recording_frame(recording, 3, &time, &frame), AFFETTO_ERR_RANGE);
  STATUS(affetto_face_recording_frame(recording, UINT64_MAX, &time, &frame), AFFETTO_ERR_RANGE);
  STATUS(affetto_face_recording_frame(recording, 0, NULL, &frame), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_face_recording_frame(recording, 0, &time, NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_face_recording_summarize(recording, NULL), AFFETTO_ERR_ARGUMENT);
  affetto_face_recording_destroy(recording);
  affetto_face_recording_destroy(recording);
  affetto_face_recording_destroy(NULL);
  STATUS(affetto_face_recording_frame(recording, 0, &time, &frame), AFFETTO_ERR_CLOSED);
  STATUS(affetto_face_recording_summarize(recording, &summary), AFFETTO_ERR_CLOSED);
  STATUS(affetto_face_recording_read(NULL, 4, NULL, &recording), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_face_recording_read(OPENFACE, 4, NULL, NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_face_recording_read(OPENFACE, SIZE_MAX, NULL, &recording), AFFETTO_ERR_RANGE);

  STATUS(reading("", NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(reading("jawOpen\n0.5\n\x80\n", NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(reading("{\"faceBlendshapes\": [", NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(reading("AU01,AU02,AU03,AU04,AU05,AU06,AU07,AU08\n0,0,0,0,0,0,0,0\n", NULL), AFFETTO_ERR_ARGUMENT);
  CHECK(strstr(affetto_last_error_message(), "OpenFace 3") != NULL);
  STATUS(reading("jawOpen\n0.5\n7\n", NULL), AFFETTO_ERR_RANGE);
  CHECK(strstr(affetto_last_error_message(), "line 3") != NULL);
  affetto_face_recording_options options = AFFETTO_FACE_RECORDING_OPTIONS_INIT;
  OK(reading("jawOpen\n0.5\n", &options));
  options.frames_per_s = NAN;
  STATUS(reading("jawOpen\n0.5\n", &options), AFFETTO_ERR_RANGE);
  options.frames_per_s = 0;
  options.face = -2;
  STATUS(reading("jawOpen\n0.5\n", &options), AFFETTO_ERR_RANGE);
}

void test_face(void) {
  test_names();
  test_stream();
  test_session();
  test_recording();
}
