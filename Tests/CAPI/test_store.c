/* The store on disk: keys, persistence, what can be read in the file, damage. Also model packs and the log. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <unistd.h>

static char folder[] = "/tmp/affetto-abi-XXXXXX";
static char store[64], key_file[64], other_key[64], junk[64];

static int32_t give_key(void *context, uint8_t key[32]) {
  memset(key, *(const char *)context, 32);
  return 0;
}

static int32_t give_none(void *context, uint8_t key[32]) {
  (void)context;
  (void)key;
  return 1;
}

static void count_line(void *context, int32_t level, const char *line) {
  CHECK(level >= 0 && level <= 2);
  CHECK(line != NULL && strchr(line, '\n') == NULL && strstr(line, "ana") == NULL);
  ++*(int *)context;
}

static affetto_status open_store(const char *path, const char *key_path, affetto_engine **engine) {
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.store_path = path;
  options.key_path = key_path;
  options.policy_preset = "eu_home";
  *engine = NULL;
  return affetto_engine_create(&options, engine);
}

/* Removes a store with everything that lies beside it. */
static void remove_store(const char *path) {
  const char *const endings[] = {"", "-wal", "-shm", "-journal", "-keys", "-keys-wal", "-keys-shm"};
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
    char name[128];
    snprintf(name, sizeof name, "%s%s", path, endings[i]);
    unlink(name);
  }
}

static int file_contains(const char *path, const char *needle) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return 0;
  static char bytes[1 << 22];
  size_t size = fread(bytes, 1, sizeof bytes, file), length = strlen(needle);
  fclose(file);
  for (size_t i = 0; i + length <= size; i++)
    if (memcmp(bytes + i, needle, length) == 0) return 1;
  return 0;
}

static void test_persistence(void) {
  affetto_engine *engine = NULL;
  char id[64];
  size_t length = 0;
  OK(open_store(store, key_file, &engine));
  OK(affetto_learner_create(engine, "ana-marker", "{\"age_band\": \"adult\", \"liked_styles\": [\"zydeco\"]}"));
  grant_all(engine, "ana-marker", AFFETTO_PURPOSE_INTERVENTION);
  put_track(engine, "kept-track", 0.5f, 0);
  affetto_session *session = open_session(engine, "ana-marker");
  OK(affetto_session_id(session, id, sizeof id, &length));
  OK(affetto_session_push_text(session, SECOND, "planted words", -1));
  OK(affetto_session_advance(session, SECOND));
  affetto_decision decision = AFFETTO_DECISION_INIT;
  OK(affetto_session_decide(session, SECOND, AFFETTO_GOAL_CALM, &decision));
  OK(affetto_engine_maintain(engine, 2 * SECOND));
  affetto_engine_destroy(engine); /* ends and writes the session */
  affetto_session_destroy(session);

  const char *const files[] = {"", "-wal", "-keys", "-keys-wal"};
  for (size_t i = 0; i < 4; i++) {
    char name[128];
    snprintf(name, sizeof name, "%s%s", store, files[i]);
    CHECK(!file_contains(name, "ana-marker") && !file_contains(name, "planted") && !file_contains(name, "zydeco"));
  }
  CHECK(access(store, F_OK) == 0);

  OK(open_store(store, key_file, &engine));
  char *export = export_text(engine, "ana-marker");
  CHECK(export != NULL && strstr(export, id) != NULL && strstr(export, "zydeco") != NULL);
  free(export);
  affetto_query query = AFFETTO_QUERY_INIT;
  affetto_track track = AFFETTO_TRACK_INIT;
  OK(affetto_library_find(engine, &query, &track, 1, &length));
  CHECK(strcmp(track.id, "kept-track") == 0);
  OK(affetto_policy_check(engine, NULL, "ana-marker", AFFETTO_TEXT, AFFETTO_PURPOSE_INTERVENTION));
  OK(affetto_learner_erase(engine, "ana-marker"));
  affetto_engine_destroy(engine);
  OK(open_store(store, key_file, &engine));
  STATUS(affetto_learner_export(engine, "ana-marker", NULL, 0, &length), AFFETTO_ERR_NOT_FOUND);
  affetto_engine_destroy(engine);
}

static void test_keys(void) {
  affetto_engine *engine = NULL;
  STATUS(open_store(store, other_key, &engine), AFFETTO_ERR_KEY); /* another key */
  CHECK(engine == NULL);
  STATUS(open_store(store, NULL, &engine), AFFETTO_ERR_KEY); /* none */
  STATUS(open_store("/no/such/folder/store", key_file, &engine), AFFETTO_ERR_STORE);
  FILE *file = fopen(junk, "wb");
  if (file != NULL) {
    for (int i = 0; i < 8192; i++) fputc(i * 37 % 251, file);
    fclose(file);
  }
  STATUS(open_store(junk, key_file, &engine), AFFETTO_ERR_STORE_CORRUPT);
  CHECK(engine == NULL);
  EITHER(open_store(store, junk, &engine), AFFETTO_ERR_KEY, AFFETTO_ERR_ARGUMENT); /* not 32 bytes */

  char path[64];
  snprintf(path, sizeof path, "%s/callback", folder);
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.store_path = path;
  options.key = give_none;
  STATUS(affetto_engine_create(&options, &engine), AFFETTO_ERR_KEY);
  remove_store(path);
  char first = 'k', second = 'q';
  options.key = give_key;
  options.key_context = &first;
  OK(affetto_engine_create(&options, &engine));
  OK(affetto_learner_create(engine, "ana", NULL));
  affetto_engine_destroy(engine);
  options.key_context = &second;
  STATUS(affetto_engine_create(&options, &engine), AFFETTO_ERR_KEY);
  options.key_context = &first;
  OK(affetto_engine_create(&options, &engine));
  affetto_engine_destroy(engine);
  remove_store(path);

  options.key = NULL;
  options.passphrase = "correct horse";
  OK(affetto_engine_create(&options, &engine));
  OK(affetto_learner_create(engine, "ana", NULL));
  affetto_engine_destroy(engine);
  options.passphrase = "wrong horse";
  STATUS(affetto_engine_create(&options, &engine), AFFETTO_ERR_KEY);
  options.passphrase = "correct horse";
  OK(affetto_engine_create(&options, &engine));
  affetto_engine_destroy(engine);
  remove_store(path);
}

static void test_models_and_log(void) {
  int lines = 0;
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.log = count_line;
  options.log_context = &lines;
  affetto_engine *engine = NULL;
  OK(affetto_engine_create(&options, &engine));
  STATUS(affetto_engine_load_model(engine, "/no/such/pack"), AFFETTO_ERR_NOT_FOUND);
  EITHER(affetto_engine_load_model(engine, junk), AFFETTO_ERR_MODEL, AFFETTO_ERR_MODEL_VERSION);
  FILE *file = fopen(junk, "wb"); /* empty */
  if (file != NULL) fclose(file);
  EITHER(affetto_engine_load_model(engine, junk), AFFETTO_ERR_MODEL, AFFETTO_ERR_MODEL_VERSION);
  CHECK(affetto_engine_load_model(engine, folder) != AFFETTO_OK);
  OK(affetto_learner_create(engine, "ana", NULL));
  affetto_engine_destroy(engine);
}

/* Check, audit, backup and a new key through the C interface. */
static void test_upkeep(void) {
  char path[80], key[80], other[80], copy[80], text[8192];
  size_t length = 0;
  snprintf(path, sizeof path, "%s/upkeep.affetto", folder);
  snprintf(key, sizeof key, "%s/upkeep.key", folder);
  snprintf(other, sizeof other, "%s/upkeep.other", folder);
  snprintf(copy, sizeof copy, "%s/upkeep.copy", folder);
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.store_path = path;
  options.key_path = key;
  options.policy_preset = "eu_home";
  affetto_engine *engine = NULL;
  OK(affetto_engine_create(&options, &engine));
  OK(affetto_learner_create(engine, "ana", NULL));
  grant_all(engine, "ana", AFFETTO_PURPOSE_INTERVENTION);
  OK(affetto_store_check(engine, NULL, 0, &length));
  CHECK(length > 50 && length < sizeof text);
  OK(affetto_store_check(engine, text, sizeof text, &length));
  CHECK(strstr(text, "\"is_sound\":true") != NULL);
  STATUS(affetto_store_check(engine, text, 10, &length), AFFETTO_ERR_BUFFER_TOO_SMALL);
  STATUS(affetto_store_check(engine, text, 10, NULL), AFFETTO_ERR_ARGUMENT);
  /* Asking the size of an export is no export; giving it out is. */
  OK(affetto_learner_export(engine, "ana", NULL, 0, &length));
  OK(affetto_store_audit(engine, text, sizeof text, &length));
  CHECK(strstr(text, "exported") == NULL && strstr(text, "consent_granted") != NULL);
  free(export_text(engine, "ana"));
  OK(affetto_store_audit(engine, text, sizeof text, &length));
  CHECK(strstr(text, "exported") != NULL && strstr(text, "\"is_intact\":true") != NULL);
  CHECK(strstr(text, "ana") == NULL);
  STATUS(affetto_store_audit(engine, text, 1, &length), AFFETTO_ERR_BUFFER_TOO_SMALL);
  /* Out, gone, and in again: the same bytes. */
  char *out = export_text(engine, "ana");
  CHECK(out != NULL);
  STATUS(affetto_learner_import(engine, out, -1), AFFETTO_ERR_STATE);
  OK(affetto_learner_erase(engine, "ana"));
  OK(affetto_learner_import(engine, out, -1));
  char *again = export_text(engine, "ana");
  CHECK(again != NULL && out != NULL && strcmp(out, again) == 0);
  free(out);
  free(again);
  STATUS(affetto_learner_import(engine, NULL, -1), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_learner_import(engine, "{}", -1), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_learner_import(engine, "{}", PTRDIFF_MAX), AFFETTO_ERR_RANGE);
  STATUS(affetto_learner_import(engine, "\xff", 1), AFFETTO_ERR_ENCODING);
  OK(affetto_learner_forget(engine, "ana", 0, 4000000000, 1, text, sizeof text, &length));
  CHECK(strcmp(text, "{\"items\":0,\"sessions\":0}") == 0);
  STATUS(affetto_learner_forget(engine, "bob", 0, 1, 0, text, sizeof text, &length), AFFETTO_ERR_NOT_FOUND);
  STATUS(affetto_learner_forget(engine, "ana", 2, 1, 0, text, sizeof text, &length), AFFETTO_ERR_RANGE);
  STATUS(affetto_learner_forget(engine, "ana", INT64_MIN, INT64_MAX, 0, text, 63, &length), AFFETTO_ERR_BUFFER_TOO_SMALL);
  OK(affetto_learner_forget(engine, "ana", INT64_MIN, INT64_MAX, 0, text, sizeof text, &length));
  OK(affetto_store_retain(engine, 30, 1, text, sizeof text, &length));
  STATUS(affetto_store_retain(engine, 0, 1, text, sizeof text, &length), AFFETTO_ERR_RANGE);
  STATUS(affetto_store_retain(engine, 30, 0, NULL, 0, &length), AFFETTO_ERR_BUFFER_TOO_SMALL);
  STATUS(affetto_store_retain(engine, 30, 0, text, sizeof text, NULL), AFFETTO_ERR_ARGUMENT);
  OK(affetto_store_backup(engine, copy));
  STATUS(affetto_store_backup(engine, copy), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_store_backup(engine, NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_store_backup(engine, "\xff\xfe"), AFFETTO_ERR_ENCODING);
  STATUS(affetto_store_rekey(engine, NULL, NULL), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_store_rekey(engine, other, "both"), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_store_rekey(engine, "/nowhere/at/all", NULL), AFFETTO_ERR_KEY);
  OK(affetto_store_rekey(engine, other, NULL));
  affetto_engine_destroy(engine);
  STATUS(affetto_store_check(engine, text, sizeof text, &length), AFFETTO_ERR_CLOSED);
  STATUS(affetto_store_audit(NULL, text, sizeof text, &length), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_engine_create(&options, &engine), AFFETTO_ERR_KEY);
  options.key_path = other;
  OK(affetto_engine_create(&options, &engine));
  affetto_engine_destroy(engine);
  remove_store(path);
  unlink(copy);
  unlink(key);
  unlink(other);
}

void test_store(void) {
  if (mkdtemp(folder) == NULL) {
    CHECK(!"a temporary folder");
    return;
  }
  snprintf(store, sizeof store, "%s/store", folder);
  snprintf(key_file, sizeof key_file, "%s/key", folder);
  snprintf(other_key, sizeof other_key, "%s/other-key", folder);
  snprintf(junk, sizeof junk, "%s/junk", folder);
  test_persistence();
  test_keys();
  test_models_and_log();
  test_upkeep();
  remove_store(store);
  remove_store(junk);
  unlink(key_file);
  unlink(other_key);
  CHECK(rmdir(folder) == 0);
}
