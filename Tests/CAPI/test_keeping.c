/* Opening for reading alone, how long things are kept, a learner's data as files. */
#define _DEFAULT_SOURCE
#include "check.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char folder[] = "/tmp/affetto-keeping-XXXXXX";
static char path[80], key[80], files[80], text[1 << 20];
static size_t length;

static affetto_engine *opened(int read_only) {
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.store_path = path;
  options.key_path = key;
  options.policy_preset = "eu_home";
  options.read_only = read_only;
  affetto_engine *engine = NULL;
  OK(affetto_engine_create(&options, &engine));
  return engine;
}

/* A session of 3 events that began so many days ago; its id. */
static void sit(affetto_engine *engine, int days_ago, char id[64]) {
  affetto_session_options options = AFFETTO_SESSION_OPTIONS_INIT;
  options.started_unix_s = (int64_t)time(NULL) - days_ago * (int64_t)86400;
  affetto_session *session = NULL;
  OK(affetto_session_create(engine, "ana", &options, &session));
  for (int i = 1; i <= 3; i++) OK(affetto_session_push_text(session, i * SECOND, "I am so happy today", -1));
  affetto_decision decision = AFFETTO_DECISION_INIT;
  OK(affetto_session_decide(session, 4 * SECOND, AFFETTO_GOAL_CALM, &decision));
  OK(affetto_session_id(session, id, 64, &length));
  affetto_session_destroy(session);
}

static long size_of(const char *name) {
  struct stat status;
  return stat(name, &status) == 0 ? (long)status.st_size : -1;
}

static void test_reading(const char *id) {
  affetto_access own = AFFETTO_ACCESS_INIT;
  affetto_engine *engine = opened(1);
  long before = size_of(path);
  char *export = export_text(engine, "ana");
  CHECK(export != NULL && strstr(export, id) != NULL);
  OK(affetto_session_read(engine, &own, "ana", id, text, sizeof text, &length));
  OK(affetto_report_html(engine, &own, "ana", id, text, sizeof text, &length));
  OK(affetto_policy_check(engine, NULL, "ana", AFFETTO_TEXT, AFFETTO_PURPOSE_INTERVENTION));
  OK(affetto_store_check(engine, text, sizeof text, &length));
  CHECK(strstr(text, "\"is_sound\":true") != NULL);
  OK(affetto_store_audit(engine, text, sizeof text, &length));
  CHECK(strstr(text, "\"report_made\"") == NULL); /* nothing is written, the audit log neither */
  OK(affetto_engine_maintain(engine, SECOND));

  affetto_session_options sitting = AFFETTO_SESSION_OPTIONS_INIT;
  affetto_session *session = NULL;
  affetto_consent consent = AFFETTO_CONSENT_INIT;
  affetto_track track = AFFETTO_TRACK_INIT;
  STATUS(affetto_learner_create(engine, "bo", NULL), AFFETTO_ERR_STATE);
  STATUS(affetto_learner_grant(engine, "ana", &consent), AFFETTO_ERR_STATE);
  STATUS(affetto_learner_revoke(engine, "ana", AFFETTO_TEXT, AFFETTO_PURPOSE_INTERVENTION), AFFETTO_ERR_STATE);
  STATUS(affetto_learner_erase(engine, "ana"), AFFETTO_ERR_STATE);
  STATUS(affetto_learner_forget(engine, "ana", 0, 4000000000, 0, text, sizeof text, &length), AFFETTO_ERR_STATE);
  STATUS(affetto_learner_import(engine, export, -1), AFFETTO_ERR_STATE);
  STATUS(affetto_session_create(engine, "ana", &sitting, &session), AFFETTO_ERR_STATE);
  STATUS(affetto_store_rekey(engine, NULL, "words"), AFFETTO_ERR_STATE);
  STATUS(affetto_store_rekey(engine, files, NULL), AFFETTO_ERR_STATE);
  CHECK(access(files, F_OK) != 0); /* no key file is left behind */
  OK(affetto_store_backup(engine, files));
  unlink(files);
  STATUS(affetto_store_set_retention(engine, 1, 1), AFFETTO_ERR_STATE);
  STATUS(affetto_study_create(engine, "s", 1), AFFETTO_ERR_STATE);
  snprintf(track.id, sizeof track.id, "t");
  STATUS(affetto_library_put(engine, &track), AFFETTO_ERR_STATE);
  CHECK(size_of(path) == before);
  free(export);
  affetto_engine_destroy(engine);

  /* A folder that nobody may write to (root may, and then this shows nothing). */
  CHECK(chmod(folder, 0500) == 0);
  engine = opened(1);
  OK(affetto_session_read(engine, &own, "ana", id, text, sizeof text, &length));
  affetto_engine_destroy(engine);
  CHECK(chmod(folder, 0700) == 0);

  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.read_only = 1;
  STATUS(affetto_engine_create(&options, &engine), AFFETTO_ERR_ARGUMENT); /* of what? */
  options.store_path = "/no/such/store";
  options.key_path = key;
  STATUS(affetto_engine_create(&options, &engine), AFFETTO_ERR_STORE);
  CHECK(access("/no/such/store", F_OK) != 0);
}

static int32_t give_sevens(void *context, uint8_t bytes[32]) {
  (void)context;
  memset(bytes, 7, 32);
  return 0;
}

/* Files and folder that the reader may not write to: by nobody, where we are root, who may write everywhere. */
static void test_reading_as_nobody(void) {
  char sealed[] = "/tmp/affetto-sealed-XXXXXX", store[80], ring[96];
  CHECK(mkdtemp(sealed) != NULL);
  snprintf(store, sizeof store, "%s/store", sealed);
  snprintf(ring, sizeof ring, "%s-keys", store);
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.store_path = store;
  options.key = give_sevens;
  affetto_engine *engine = NULL;
  OK(affetto_engine_create(&options, &engine));
  OK(affetto_learner_create(engine, "ana", NULL));
  affetto_engine_destroy(engine);
  CHECK(chmod(store, 0444) == 0 && chmod(ring, 0444) == 0 && chmod(sealed, 0555) == 0);
  pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(9);
    if (access(sealed, W_OK) == 0) _exit(8);
    options.read_only = 0;
    if (affetto_engine_create(&options, &engine) == AFFETTO_OK) _exit(1); /* not for writing */
    options.read_only = 1;
    if (affetto_engine_create(&options, &engine) != AFFETTO_OK) _exit(2);
    char *export = export_text(engine, "ana");
    if (export == NULL || strstr(export, "\"ana\"") == NULL) _exit(3);
    if (affetto_learner_create(engine, "bo", NULL) != AFFETTO_ERR_STATE) _exit(4);
    affetto_engine_destroy(engine);
    _exit(0);
  }
  int status = -1;
  CHECK(child > 0 && waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  if (WEXITSTATUS(status) != 0) printf("       the reader left with %d\n", WEXITSTATUS(status));
  CHECK(chmod(sealed, 0700) == 0 && unlink(store) == 0 && unlink(ring) == 0);
  CHECK(rmdir(sealed) == 0); /* nothing was laid beside them */
}

static void test_export_to(void) {
  affetto_engine *engine = opened(0);
  OK(affetto_learner_export_to(engine, "ana", files));
  STATUS(affetto_learner_export_to(engine, "ana", files), AFFETTO_ERR_ARGUMENT);
  STATUS(affetto_learner_export_to(engine, "ana", "/no/such/folder/x"), AFFETTO_ERR_STORE);
  STATUS(affetto_learner_export_to(engine, "bo", "/no/such/folder/x"), AFFETTO_ERR_NOT_FOUND);
  OK(affetto_store_audit(engine, text, sizeof text, &length)); /* what was refused was not exported */
  int exported = 0;
  for (const char *at = text; (at = strstr(at, "\"exported\"")) != NULL; at++) exported++;
  CHECK(exported == 1);
  static const char *const names[] = {"export.json", "consents.csv", "sessions.csv", "events.csv", "states.csv",
                                      "decisions.csv", "reasons.csv", "outcomes.csv", "prompts.csv"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    char name[160];
    snprintf(name, sizeof name, "%s/%s", files, names[i]);
    struct stat status;
    CHECK(stat(name, &status) == 0 && (status.st_mode & 0777) == 0600 && status.st_size > 0);
    FILE *file = fopen(name, "rb");
    if (file == NULL) continue;
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = 0;
    if (i == 1) {
      CHECK(strncmp(text, "modality,purpose,grantor,", 25) == 0);
      int lines = 0;
      for (const char *at = text; *at != 0; at++) lines += *at == '\n';
      CHECK(lines == 6 && strstr(text, "\r\nself_report,intervention,learner,") != NULL);
    }
    if (i == 0) {
      char *export = export_text(engine, "ana");
      CHECK(export != NULL && strcmp(export, text) == 0);
      free(export);
    }
    unlink(name);
  }
  CHECK(rmdir(files) == 0);
  affetto_engine_destroy(engine);
}

static int holds(affetto_engine *engine, const char *id, const char *what) {
  affetto_access own = AFFETTO_ACCESS_INIT;
  if (affetto_session_read(engine, &own, "ana", id, text, sizeof text, &length) != AFFETTO_OK) return -1;
  return strstr(text, what) != NULL;
}

static void test_retention(const char *recent) {
  char month[64], year[64];
  affetto_engine *engine = opened(0);
  sit(engine, 40, month);
  sit(engine, 400, year);
  OK(affetto_store_retention(engine, text, sizeof text, &length));
  CHECK(strstr(text, "\"moments_days\":30") != NULL && strstr(text, "\"sessions_days\":365") != NULL);
  CHECK(strstr(text, "\"due\":{\"items\":") != NULL && strstr(text, "\"sessions\":1}") != NULL);
  OK(affetto_engine_maintain(engine, SECOND));
  CHECK(holds(engine, recent, "\"kind\" : \"text\"") == 1);
  CHECK(holds(engine, month, "\"kind\" : \"text\"") == 0 && holds(engine, month, "\"action\"") == 1);
  CHECK(holds(engine, year, "") == -1);
  OK(affetto_store_retention(engine, text, sizeof text, &length));
  CHECK(strstr(text, "\"due\":{\"items\":0,\"sessions\":0}") != NULL);
  affetto_access own = AFFETTO_ACCESS_INIT;
  OK(affetto_report_html(engine, &own, "ana", month, text, sizeof text, &length)); /* a page without its curves */
  OK(affetto_store_check(engine, text, sizeof text, &length));
  CHECK(strstr(text, "\"is_sound\":true") != NULL);

  STATUS(affetto_store_set_retention(engine, -1, 10), AFFETTO_ERR_RANGE);
  STATUS(affetto_store_set_retention(engine, 11, 10), AFFETTO_ERR_RANGE);
  STATUS(affetto_store_set_retention(engine, 0, 10), AFFETTO_ERR_RANGE);
  STATUS(affetto_store_set_retention(engine, 0, 36501), AFFETTO_ERR_RANGE);
  OK(affetto_store_set_retention(engine, 0, 0));
  OK(affetto_store_set_retention(engine, 7, 14));
  affetto_engine_destroy(engine);
  engine = opened(0); /* kept in the store */
  OK(affetto_store_retention(engine, text, sizeof text, &length));
  CHECK(strstr(text, "\"moments_days\":7") != NULL && strstr(text, "\"sessions\":1}") != NULL);
  /* A session that is open is left alone, however old it says it is. */
  affetto_session_options options = AFFETTO_SESSION_OPTIONS_INIT;
  options.started_unix_s = 86400;
  affetto_session *session = NULL;
  OK(affetto_session_create(engine, "ana", &options, &session));
  OK(affetto_session_push_text(session, SECOND, "I am so happy today", -1));
  OK(affetto_engine_maintain(engine, SECOND));
  CHECK(holds(engine, month, "") == -1);
  char id[64];
  OK(affetto_session_id(session, id, sizeof id, &length));
  CHECK(holds(engine, id, "\"kind\" : \"text\"") == 1);
  OK(affetto_store_retain(engine, 1, 0, text, sizeof text, &length));
  OK(affetto_session_push_text(session, 2 * SECOND, "I am so happy today", -1));
  OK(affetto_session_advance(session, 3 * SECOND));
  affetto_session_destroy(session);
  affetto_engine_destroy(engine);
}

/* A push brings memory to work, not the disk; and with nobody writing it ends in a word and not in loss. */
static void test_no_advance(void) {
  affetto_engine *engine = engine_with_ana();
  affetto_session *session = open_session(engine, "ana");
  affetto_activity_event event = AFFETTO_ACTIVITY_EVENT_INIT;
  int taken = 0;
  affetto_status status = AFFETTO_OK;
  while (taken < 10000 && status == AFFETTO_OK) {
    status = affetto_session_push_activity(session, taken * (SECOND / 100), &event);
    taken += status == AFFETTO_OK;
  }
  CHECK(status == AFFETTO_ERR_OVERRUN && taken == 4096);
  OK(affetto_session_advance(session, 100 * SECOND));
  OK(affetto_session_push_activity(session, 100 * SECOND, &event));
  OK(affetto_session_advance(session, 101 * SECOND));
  char *export = export_text(engine, "ana");
  int found = 0;
  for (const char *at = export; at != NULL && (at = strstr(at, "\"activity\"")) != NULL; at++) found++;
  CHECK(found >= 4097);
  free(export);
  affetto_engine_destroy(engine);
}

void test_keeping(void) {
  if (mkdtemp(folder) == NULL) {
    CHECK(!"a temporary folder");
    return;
  }
  char id[64];
  snprintf(path, sizeof path, "%s/store", folder);
  snprintf(key, sizeof key, "%s/key", folder);
  snprintf(files, sizeof files, "%s/ana", folder);
  affetto_engine *engine = opened(0);
  OK(affetto_engine_maintain(engine, 0)); /* a store that has seen the clock */
  OK(affetto_learner_create(engine, "ana", "{\"age_band\": \"adult\"}"));
  grant_all(engine, "ana", AFFETTO_PURPOSE_INTERVENTION);
  sit(engine, 1, id);
  affetto_engine_destroy(engine);
  test_reading(id);
  test_reading_as_nobody();
  test_export_to();
  test_retention(id);
  test_no_advance();
  DIR *directory = opendir(folder);
  struct dirent *entry;
  while (directory != NULL && (entry = readdir(directory)) != NULL) {
    char name[400];
    snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
    if (entry->d_name[0] != '.') unlink(name);
  }
  if (directory != NULL) closedir(directory);
  CHECK(rmdir(folder) == 0);
}
