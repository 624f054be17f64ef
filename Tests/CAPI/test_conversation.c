/* Conversation models trained by the host, and turns of a session: who is heard, what is kept, bad input. */
#include "check.h"

#define WIDTH AFFETTO_TURN_EVIDENCE_COUNT
#define SHAPE "{\"modalities\": [{\"name\": \"text\", \"width\": 18}, {\"name\": \"voice\", \"width\": 18}], " \
              "\"labels\": [\"calm\", \"frustrated\"]}"
#define PACK "conversation-test.pack"

static uint32_t state = 7;
static float noise(void) {
  state = state * 1664525u + 1013904223u;
  return (float)(state >> 8) / 8388608.0f - 1.0f;
}

/* Conversations in which the second modality is missing every other turn; the sign of the first number is the label. */
static affetto_dataset *make_data(int conversations) {
  affetto_dataset *data = NULL;
  OK(affetto_dataset_create(SHAPE, &data));
  float text[WIDTH], voice[WIDTH];
  for (int c = 0; c < conversations; c++) {
    char group[32];
    snprintf(group, sizeof group, "speaker %d", c / 2);
    OK(affetto_dataset_begin(data, group));
    for (int t = 0; t < 8; t++) {
      affetto_turn turn = AFFETTO_TURN_INIT;
      turn.party = t % 2;
      turn.label = noise() > 0;
      for (int i = 0; i < WIDTH; i++) {
        text[i] = noise() + (turn.label ? -1.0f : 1.0f) * (i == 14);
        voice[i] = i < 14 ? NAN : noise() + (turn.label ? 0.7f : -0.7f) * (i == 15);
      }
      turn.features[0] = text;
      turn.features[1] = t % 2 ? NULL : voice;
      affetto_status added = affetto_dataset_add(data, &turn);
      if (added != AFFETTO_OK) OK(added);
    }
  }
  uint64_t turns = 0;
  OK(affetto_dataset_count(data, &turns));
  CHECK(turns == (uint64_t)conversations * 8);
  return data;
}

typedef struct watch {
  uint32_t epochs, stop_at;
  affetto_dataset *destroyed;
} watch;

static int32_t on_progress(void *context, const affetto_training_progress *progress) {
  watch *w = context;
  w->epochs = progress->epoch;
  CHECK(progress->struct_size == sizeof *progress && progress->loss > 0 && progress->validation_accuracy >= 0);
  affetto_dataset_destroy(w->destroyed); /* the training has a copy */
  w->destroyed = NULL;
  return progress->epoch == w->stop_at;
}

static affetto_model *train(watch *w) {
  affetto_dataset *data = make_data(40);
  affetto_training_options options = AFFETTO_TRAINING_OPTIONS_INIT;
  options.width = 8;
  options.epochs = 40;
  options.decay = 0.02f;
  options.dropout = 0.1f;
  options.progress = on_progress;
  options.progress_context = w;
  w->destroyed = data;
  affetto_model *model = NULL;
  STATUS(affetto_model_train(data, &options, &model), w->stop_at ? AFFETTO_ERR_CANCELLED : AFFETTO_OK);
  CHECK((model == NULL) == (w->stop_at != 0));
  STATUS(affetto_dataset_begin(data, "x"), AFFETTO_ERR_CLOSED);
  return model;
}

static void test_models(void) {
  watch stopped = {0, 3, NULL}, whole = {0, 0, NULL};
  CHECK(train(&stopped) == NULL && stopped.epochs == 3);
  affetto_model *model = train(&whole), *again = NULL;
  CHECK(whole.epochs > 3);
  affetto_dataset *test = make_data(10);

  size_t count = 0;
  OK(affetto_model_predict(model, test, NULL, 0, &count));
  CHECK(count == 160);
  float said[160], same[160];
  STATUS(affetto_model_predict(model, test, said, 159, &count), AFFETTO_ERR_BUFFER_TOO_SMALL);
  OK(affetto_model_predict(model, test, said, 160, &count));
  int sums = 1;
  for (int i = 0; i < 160; i += 2) sums &= fabsf(said[i] + said[i + 1] - 1) < 1e-5f;
  CHECK(sums);
  char text[4096];
  size_t length = 0;
  OK(affetto_model_evaluate(model, test, text, sizeof text, &length));
  const char *accuracy = strstr(text, "\"accuracy\":");
  CHECK(accuracy != NULL && strtod(accuracy + 11, NULL) > 0.8);
  OK(affetto_model_card(model, text, sizeof text, &length));
  CHECK(strstr(text, "\"is_causal\":true") != NULL && strstr(text, "\"frustrated\"") != NULL);

  OK(affetto_model_save(model, PACK));
  OK(affetto_model_load(PACK, &again));
  OK(affetto_model_predict(again, test, same, 160, &count));
  CHECK(memcmp(said, same, sizeof said) == 0);
  STATUS(affetto_model_load("none.pack", &again), AFFETTO_ERR_NOT_FOUND);
  CHECK(again == NULL);
  STATUS(affetto_model_save(model, "no/such/folder/x"), AFFETTO_ERR_STORE);
  STATUS(affetto_model_save(model, "/dev/null"), AFFETTO_ERR_STORE);
  STATUS(affetto_model_save(NULL, PACK), AFFETTO_ERR_ARGUMENT);
  affetto_model_destroy(model);
  affetto_model_destroy(model);
  STATUS(affetto_model_card(model, text, sizeof text, &length), AFFETTO_ERR_CLOSED);
  affetto_dataset_destroy(test);
  affetto_dataset_destroy(NULL);
  affetto_model_destroy(NULL);
}

/* Every byte of the header and some of the rest, changed and cut: refused, and never worse. */
static void test_damaged_packs(void) {
  FILE *file = fopen(PACK, "rb");
  CHECK(file != NULL);
  if (file == NULL) return;
  static unsigned char bytes[1 << 20];
  size_t size = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  int refused = 1;
  for (size_t i = 0; i < size; i += i < 64 ? 1 : size / 40) {
    for (int cut = 0; cut < 2; cut++) {
      file = fopen("damaged.pack", "wb");
      unsigned char old = bytes[i];
      bytes[i] ^= 0x41;
      fwrite(bytes, 1, cut ? i : size, file);
      bytes[i] = old;
      fclose(file);
      affetto_model *model = NULL;
      affetto_status status = affetto_model_load("damaged.pack", &model);
      refused &= (status == AFFETTO_ERR_MODEL || status == AFFETTO_ERR_MODEL_VERSION) && model == NULL;
      affetto_model_destroy(model);
    }
  }
  CHECK(refused);
  remove("damaged.pack");
}

static void test_bad_data(void) {
  affetto_dataset *data = NULL;
  static const char *shapes[] = {
      "", "{}", "[]", "{\"modalities\": [], \"labels\": [\"a\", \"b\"]}",
      "{\"modalities\": [{\"name\": \"t\", \"width\": 0}], \"labels\": [\"a\", \"b\"]}",
      "{\"modalities\": [{\"name\": \"t\", \"width\": 1e99}], \"labels\": [\"a\", \"b\"]}",
      "{\"modalities\": [{\"name\": \"t\", \"width\": 4097}], \"labels\": [\"a\", \"b\"]}",
      "{\"modalities\": [{\"name\": \"t\", \"width\": 2}], \"labels\": [\"a\"]}",
      "{\"modalities\": [{\"name\": \"t\", \"width\": 2}], \"labels\": [\"a\", \"a\"]}",
      "{\"modalities\": [{\"name\": \"t\", \"width\": 2}], \"labels\": []}"};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    STATUS(affetto_dataset_create(shapes[i], &data), AFFETTO_ERR_ARGUMENT);
    CHECK(data == NULL);
  }
  STATUS(affetto_dataset_create(NULL, &data), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_dataset_create(SHAPE, NULL), AFFETTO_ERR_ARGUMENT);
  OK(affetto_dataset_create(SHAPE, &data));
  affetto_turn turn = AFFETTO_TURN_INIT;
  STATUS(affetto_dataset_add(data, &turn), AFFETTO_ERR_STATE);
  STATUS(affetto_dataset_begin(data, ""), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_dataset_begin(data, "\xff"), AFFETTO_ERR_ENCODING);
  OK(affetto_dataset_begin(data, "g"));
  affetto_model *model = NULL;
  STATUS(affetto_model_train(data, NULL, &model), AFFETTO_ERR_STATE);
  OK(affetto_dataset_add(data, &turn));
  turn.label = 2;
  STATUS(affetto_dataset_add(data, &turn), AFFETTO_ERR_RANGE);
  turn.label = INT32_MIN;
  STATUS(affetto_dataset_add(data, &turn), AFFETTO_ERR_RANGE);
  turn.label = 1;
  turn.valence = 1.5f;
  STATUS(affetto_dataset_add(data, &turn), AFFETTO_ERR_RANGE);
  turn.valence = INFINITY;
  STATUS(affetto_dataset_add(data, &turn), AFFETTO_ERR_RANGE);
  STATUS(affetto_dataset_add(data, NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_dataset_count(data, NULL), AFFETTO_ERR_ARGUMENT);

  /* One turn, nothing sensed, numbers beyond all measure: it trains, and says something finite. */
  turn.valence = NAN;
  float wild[WIDTH];
  for (int i = 0; i < WIDTH; i++) wild[i] = i % 3 ? 3e38f : (i % 2 ? -INFINITY : NAN);
  turn.features[0] = wild;
  OK(affetto_dataset_add(data, &turn));
  affetto_training_options options = AFFETTO_TRAINING_OPTIONS_INIT;
  options.epochs = 2;
  OK(affetto_model_train(data, &options, &model));
  float said[4] = {NAN, NAN, NAN, NAN};
  size_t count = 0;
  OK(affetto_model_predict(model, data, said, 4, &count));
  CHECK(count == 4 && isfinite(said[0]) && isfinite(said[1]) && isfinite(said[2]) && isfinite(said[3]));
  affetto_model_destroy(model);

  affetto_training_options bad[12];
  for (int i = 0; i < 12; i++) bad[i] = (affetto_training_options)AFFETTO_TRAINING_OPTIONS_INIT;
  bad[0].width = 0;
  bad[1].width = UINT32_MAX;
  bad[2].epochs = 0;
  bad[3].patience = UINT32_MAX;
  bad[4].batch = 0;
  bad[5].rate = NAN;
  bad[6].decay = -1;
  bad[7].dropout = 1;
  bad[8].modality_dropout = INFINITY;
  bad[9].class_balance = 2;
  bad[10].validation_share = 0.9f;
  bad[11].mixing[1] = 2;
  for (int i = 0; i < 12; i++) {
    STATUS(affetto_model_train(data, &bad[i], &model), AFFETTO_ERR_RANGE);
    CHECK(model == NULL);
  }
  options.checkpoint_path = "no/such/folder/x";
  STATUS(affetto_model_train(data, &options, &model), AFFETTO_ERR_STORE);
  options.struct_size = 8;
  STATUS(affetto_model_train(data, &options, &model), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_model_train(data, NULL, NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_model_train(NULL, NULL, &model), AFFETTO_ERR_ARGUMENT);
  affetto_dataset *other = NULL;
  OK(affetto_dataset_create("{\"modalities\": [{\"name\": \"t\", \"width\": 2}], \"labels\": [\"a\", \"b\"]}", &other));
  OK(affetto_model_load(PACK, &model));
  STATUS(affetto_model_predict(model, other, NULL, 0, &count), AFFETTO_ERR_ARGUMENT);
  affetto_model_destroy(model);
  affetto_dataset_destroy(other);
  affetto_dataset_destroy(data);
}

/* Each half of the groups lacks what the other has: nothing to mix with, no label in common. */
static void test_odd_data(void) {
  float some[WIDTH] = {0.5f, 0.25f};
  affetto_training_options options = AFFETTO_TRAINING_OPTIONS_INIT;
  options.epochs = 2;
  options.width = 4;
  options.validation_share = 0.5f;
  options.mixing[0] = options.mixing[1] = 1;
  for (int seed = 0; seed < 4; seed++) {
    affetto_dataset *data = NULL;
    affetto_model *model = NULL;
    OK(affetto_dataset_create(SHAPE, &data));
    for (int g = 0; g < 2; g++) {
      OK(affetto_dataset_begin(data, g ? "a" : "b"));
      affetto_turn turn = AFFETTO_TURN_INIT;
      turn.party = g ? INT32_MIN : INT32_MAX;
      turn.label = g;
      turn.features[g] = some;
      OK(affetto_dataset_add(data, &turn));
    }
    OK(affetto_dataset_begin(data, "empty"));
    options.seed = (uint64_t)seed;
    OK(affetto_model_train(data, &options, &model));
    float said[4];
    size_t count = 0;
    OK(affetto_model_predict(model, data, said, 4, &count));
    CHECK(count == 4 && fabsf(said[0] + said[1] - 1) < 1e-5f && fabsf(said[2] + said[3] - 1) < 1e-5f);
    affetto_model_destroy(model);
    affetto_dataset_destroy(data);
  }
  /* Dimensions that the shape does not ask for are nothing to learn from. */
  affetto_dataset *data = NULL;
  affetto_model *model = NULL;
  OK(affetto_dataset_create(SHAPE, &data));
  OK(affetto_dataset_begin(data, "a"));
  affetto_turn turn = AFFETTO_TURN_INIT;
  turn.valence = 0.5f;
  turn.features[0] = some;
  OK(affetto_dataset_add(data, &turn));
  STATUS(affetto_model_train(data, &options, &model), AFFETTO_ERR_STATE);
  affetto_dataset_destroy(data);
  STATUS(affetto_dataset_create("{\"modalities\": [{\"name\": \"t\", \"width\": 2}], \"lables\": [\"a\"]}", &data),
         AFFETTO_ERR_ARGUMENT);
}

/* Times that make no sense are refused before anything is changed. */
static void test_odd_times(void) {
  affetto_engine *engine = engine_with_ana();
  affetto_session *session = open_session(engine, "ana");
  int32_t tutor = 0;
  OK(affetto_session_add_party(session, AFFETTO_PARTY_TUTOR, 1, &tutor));
  OK(affetto_session_begin_turn(session, 10 * SECOND, tutor));
  OK(affetto_session_push_text(session, 10 * SECOND, "well done, I am so happy", -1));
  OK(affetto_session_begin_turn(session, 11 * SECOND, 0));
  static float samples[RATE];
  make_voice(samples, RATE, RATE);
  OK(affetto_session_push_audio(session, 11 * SECOND, samples, RATE));
  static const affetto_time odd[] = {INT64_MIN, INT64_MAX, (affetto_time)1 << 60, -((affetto_time)1 << 61)};
  affetto_state state_ = AFFETTO_STATE_INIT;
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    STATUS(affetto_session_begin_turn(session, odd[i], 0), AFFETTO_ERR_RANGE);
    STATUS(affetto_session_end_turn(session, odd[i], NULL), AFFETTO_ERR_RANGE);
    STATUS(affetto_session_party_state(session, odd[i], tutor, &state_), AFFETTO_ERR_RANGE);
  }
  STATUS(affetto_session_end_turn(session, 2 * SECOND, NULL), AFFETTO_ERR_STATE);
  OK(affetto_session_advance(session, 12 * SECOND));
  OK(affetto_session_poll(session, &state_));
  CHECK(state_.time == 12 * SECOND);
  /* The end of the sitting ends the turn. */
  affetto_session_destroy(session);
  char *all = export_text(engine, "ana");
  int turns = 0;
  for (const char *at = all; at != NULL && (at = strstr(at, "\"turn\"")) != NULL; at++) turns++;
  CHECK(turns == 2);
  free(all);
  affetto_engine_destroy(engine);
}

static void test_turns(void) {
  affetto_engine *engine = engine_with_ana();
  OK(affetto_engine_load_model(engine, PACK));
  affetto_session *session = open_session(engine, "ana");
  int32_t tutor = -1, peer = -1, many = 0;
  OK(affetto_session_add_party(session, AFFETTO_PARTY_TUTOR, 1, &tutor));
  OK(affetto_session_add_party(session, AFFETTO_PARTY_PEER, 0, &peer));
  CHECK(tutor == 1 && peer == 2);
  STATUS(affetto_session_add_party(session, AFFETTO_PARTY_LEARNER, 1, &many), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_session_add_party(session, 9, 1, &many), AFFETTO_ERR_RANGE);
  STATUS(affetto_session_add_party(session, AFFETTO_PARTY_PEER, 1, NULL), AFFETTO_ERR_ARGUMENT);
  while (affetto_session_add_party(session, AFFETTO_PARTY_AGENT, 0, &many) == AFFETTO_OK) continue;
  CHECK(many == 15);

  affetto_turn_reading reading = AFFETTO_TURN_READING_INIT;
  affetto_state before = AFFETTO_STATE_INIT, state_ = AFFETTO_STATE_INIT;
  STATUS(affetto_session_end_turn(session, SECOND, &reading), AFFETTO_ERR_STATE);
  STATUS(affetto_session_begin_turn(session, SECOND, 16), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_session_begin_turn(session, SECOND, -1), AFFETTO_ERR_NOT_FOUND);

  /* The tutor's words are not the learner's state. */
  OK(affetto_session_poll(session, &before));
  OK(affetto_session_begin_turn(session, SECOND, tutor));
  OK(affetto_session_push_text(session, 2 * SECOND, "I am so happy with you, what a wonderful day", -1));
  OK(affetto_session_advance(session, 2 * SECOND));
  OK(affetto_session_poll(session, &state_));
  CHECK(state_.generation == before.generation);
  OK(affetto_session_party_state(session, 2 * SECOND, tutor, &state_));
  CHECK(state_.valence > 0.05f && state_.generation > 0);
  /* Their voice is not listened to: what the microphone hears now is not the learner. */
  static float samples[RATE];
  make_voice(samples, RATE, RATE);
  for (int i = 0; i < 4; i++) {
    OK(affetto_session_push_audio(session, (3 + i) * SECOND, samples, RATE));
    OK(affetto_session_advance(session, (4 + i) * SECOND));
  }
  OK(affetto_session_end_turn(session, 8 * SECOND, &reading));
  CHECK(reading.party == tutor && reading.has_evidence[2] == 1 && reading.has_evidence[0] == 0);
  CHECK(isnan(reading.evidence[0][0]) && reading.evidence[2][14] > 0 && reading.seconds == 7.0f);
  OK(affetto_session_poll(session, &state_));
  CHECK(state_.generation == before.generation);

  /* A peer who has not consented: only that they spoke. */
  OK(affetto_session_begin_turn(session, 9 * SECOND, peer));
  STATUS(affetto_session_push_text(session, 9 * SECOND, "I am sad", -1), AFFETTO_ERR_CONSENT);
  STATUS(affetto_session_party_state(session, 9 * SECOND, peer, &state_), AFFETTO_ERR_CONSENT);

  /* The learner's turn ends the peer's; the model speaks at its end, of the turn as a whole. */
  OK(affetto_session_begin_turn(session, 10 * SECOND, 0));
  OK(affetto_session_push_text(session, 11 * SECOND, "I hate this, I keep getting it wrong", -1));
  OK(affetto_session_end_turn(session, 12 * SECOND, &reading));
  CHECK(reading.party == 0 && reading.has_probability == 1);
  CHECK(fabsf(reading.probability[AFFETTO_CALM] + reading.probability[AFFETTO_FRUSTRATED] - 1) < 1e-4f);
  CHECK(isnan(reading.probability[AFFETTO_HAPPY]));
  OK(affetto_session_poll(session, &state_));
  CHECK(state_.generation == before.generation + 2 && state_.valence < 0);

  /* Consent taken back: gone at once. The learner's own is revoked by name. */
  OK(affetto_session_set_party_consent(session, tutor, 0));
  STATUS(affetto_session_party_state(session, 12 * SECOND, tutor, &state_), AFFETTO_ERR_CONSENT);
  STATUS(affetto_session_set_party_consent(session, 0, 0), AFFETTO_ERR_ARGUMENT);
  OK(affetto_session_begin_turn(session, 13 * SECOND, 0));
  OK(affetto_session_push_text(session, 13 * SECOND, "this is fine", -1));
  OK(affetto_learner_revoke(engine, "ana", AFFETTO_TEXT, AFFETTO_PURPOSE_INTERVENTION));
  OK(affetto_session_end_turn(session, 14 * SECOND, &reading));
  CHECK(reading.has_evidence[2] == 0 && reading.has_probability == 0);
  STATUS(affetto_session_end_turn(session, 15 * SECOND, NULL), AFFETTO_ERR_STATE);
  reading.struct_size = 4;
  OK(affetto_session_begin_turn(session, 16 * SECOND, 0));
  STATUS(affetto_session_end_turn(session, 17 * SECOND, &reading), AFFETTO_ERR_ARGUMENT);
  OK(affetto_session_end_turn(session, 17 * SECOND, NULL));
  affetto_session_destroy(session);
  STATUS(affetto_session_begin_turn(session, 18 * SECOND, 0), AFFETTO_ERR_CLOSED);

  affetto_engine_destroy(engine);
  remove(PACK);
}

/* Words that say the opposite of what is felt: learned, kept, gone back from; and an alarm when it changes. */
static void test_adaptation(void) {
  affetto_engine *engine = engine_with_ana();
  affetto_session *session = open_session(engine, "ana");
  char text[4096];
  size_t length = 0;
  OK(affetto_learner_adaptation(engine, "ana", text, sizeof text, &length));
  CHECK(strstr(text, "\"reports\":0") != NULL && strstr(text, "\"points\":[]") != NULL);
  affetto_time now = SECOND;
  for (int i = 0; i < 24; i++) {
    affetto_self_report report = AFFETTO_SELF_REPORT_INIT;
    report.valence = i < 16 ? -0.8f : 0.9f;
    OK(affetto_session_push_text(session, now += 60 * SECOND, "I am so happy, this is wonderful", -1));
    OK(affetto_session_push_self_report(session, now += SECOND, &report));
  }
  OK(affetto_learner_adaptation(engine, "ana", text, sizeof text, &length));
  CHECK(strstr(text, "\"alarms\":1") != NULL && strstr(text, "\"points\":[5,10,15,20]") != NULL);
  char *all = export_text(engine, "ana");
  CHECK(all != NULL && strstr(all, "\"drift\"") != NULL);
  free(all);
  OK(affetto_learner_restore(engine, "ana", 15));
  OK(affetto_learner_adaptation(engine, "ana", text, sizeof text, &length));
  CHECK(strstr(text, "\"reports\":15}") != NULL && strstr(text, "\"points\":[5,10,15]") != NULL);
  CHECK(strstr(text, "\"valence_bias\":-") != NULL);
  STATUS(affetto_learner_restore(engine, "ana", 20), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_learner_restore(engine, "ana", -1), AFFETTO_ERR_RANGE);
  OK(affetto_learner_restore(engine, "ana", 0));
  affetto_session_destroy(session);
  OK(affetto_learner_adaptation(engine, "ana", text, sizeof text, &length));
  CHECK(strstr(text, "\"modalities\":{}") != NULL);
  STATUS(affetto_learner_restore(engine, "nobody", 0), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_learner_adaptation(engine, "nobody", text, sizeof text, &length), AFFETTO_ERR_NOT_FOUND);
  affetto_engine_destroy(engine);
}

void test_conversation(void) {
  test_adaptation();
  test_models();
  test_damaged_packs();
  test_bad_data();
  test_odd_data();
  test_odd_times();
  test_turns();
}
