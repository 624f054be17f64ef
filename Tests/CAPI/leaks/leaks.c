/*
 * Looks for planted words, sounds and keys where they must not be: in the store's files while it is open and after, in log
 * lines and error texts, and, once everything is released, in all memory of the process, which is what a core dump
 * would hold. Prints one line; fails where anything is found.
 *
 * The markers lie here coded (each byte xor CODE), are decoded into memory that is wiped after use, and are compared
 * decoded byte by byte, so that the test itself leaves none.
 */
#define _DEFAULT_SOURCE
#include <affetto.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CODE 0x5a
#define RATE 16000

typedef struct {
  const char *what;
  unsigned char coded[64];
  size_t length;
} marker;

/* Filled by `plant` from words that are spelt here with every letter moved by one, so that not even this file's strings
 * hold them. */
static marker markers[16];
static int marker_count;
static char *name, *style, *method, *evidence, *words, *lone, *veto;
static float tone[64]; /* one marker more: 16 samples that are no sound */
static unsigned char key_bytes[32];

static void add_marker(const char *what, const void *bytes, size_t length) {
  marker *m = &markers[marker_count++];
  m->what = what;
  m->length = length;
  for (size_t i = 0; i < length; i++) m->coded[i] = ((const unsigned char *)bytes)[i] ^ CODE;
}

static char *plant(const char *what, const char *moved) {
  size_t length = strlen(moved);
  char *text = malloc(length + 1);
  if (text == NULL) abort();
  for (size_t i = 0; i < length; i++) text[i] = moved[i] == ' ' ? ' ' : (char)(moved[i] - 1);
  text[length] = 0;
  add_marker(what, text, length < 48 ? length : 48);
  return text;
}

static void uproot(char *text) {
  explicit_bzero(text, strlen(text));
  free(text);
}

static int holds(const unsigned char *bytes, size_t size, const marker *m) {
  for (size_t i = 0; i + m->length <= size; i++) {
    size_t k = 0;
    while (k < m->length && (bytes[i + k] ^ CODE) == m->coded[k]) k++;
    if (k == m->length) return 1;
  }
  return 0;
}

static int found, quiet;

static void look(const char *where, const void *bytes, size_t size) {
  for (int i = 0; i < marker_count; i++)
    if (holds(bytes, size, &markers[i])) {
      if (!quiet) printf("leak: %s in %s\n", markers[i].what, where);
      found++;
    }
}

static unsigned char window[(1 << 20) + 64];

static void look_in_file(const char *path) {
  int file = open(path, O_RDONLY);
  if (file < 0) return;
  ssize_t kept = 0, got;
  while ((got = read(file, window + kept, 1 << 20)) > 0) {
    look(path, window, (size_t)(kept + got));
    kept = kept + got < 63 ? kept + got : 63;
    memmove(window, window + got, (size_t)kept);
  }
  close(file);
}

static void look_in_folder(const char *folder) {
  DIR *directory = opendir(folder);
  struct dirent *entry;
  while (directory != NULL && (entry = readdir(directory)) != NULL) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (entry->d_name[0] != '.') look_in_file(path);
  }
  if (directory != NULL) closedir(directory);
}

/* All that is mapped and can be written: heap, stacks, static data. */
static size_t look_in_memory(void) {
  FILE *maps = fopen("/proc/self/maps", "r");
  int memory = open("/proc/self/mem", O_RDONLY);
  size_t seen = 0;
  char line[512];
  if (maps == NULL || memory < 0) return 0;
  while (fgets(line, sizeof line, maps) != NULL) {
    unsigned long long start, end;
    char rights[8];
    if (sscanf(line, "%llx-%llx %7s", &start, &end, rights) != 3 || rights[1] != 'w') continue;
    for (unsigned long long at = start; at < end;) {
      unsigned long long size = end - at < (1 << 20) ? end - at : (1 << 20);
      /* Not the window through which we look. */
      unsigned long long own = (unsigned long long)(uintptr_t)window, own_end = own + sizeof window;
      if (at < own_end && own < at + size) {
        if (at < own) size = own - at;
        else { at = own_end; continue; }
      }
      ssize_t got = pread(memory, window, (size_t)size, (off_t)at);
      if (got <= 0) break;
      look("memory after release", window, (size_t)got);
      seen += (size_t)got;
      at += size > 64 && at + size < end ? size - 64 : size;
    }
  }
  fclose(maps);
  close(memory);
  return seen;
}

static int32_t give_key(void *context, uint8_t key[32]) {
  (void)context;
  memcpy(key, key_bytes, 32);
  return 0;
}

static int log_lines;

static void log_line(void *context, int32_t level, const char *line) {
  (void)context, (void)level;
  log_lines++;
  look("a log line", line, strlen(line));
}

static int calls;

static affetto_status call(affetto_status status) {
  calls++;
  if (status != AFFETTO_OK) look("an error text", affetto_last_error_message(), strlen(affetto_last_error_message()));
  return status;
}

static void must(affetto_status status) {
  if (call(status) == AFFETTO_OK) return;
  printf("leaks: %s\n", affetto_last_error_message());
  exit(2);
}

/* Reads a text of the library and wipes it. */
static void read_and_wipe(affetto_engine *engine, const char *session_id) {
  static const affetto_access own = AFFETTO_ACCESS_INIT;
  for (int i = 0; i < 3; i++) {
    size_t length = 0;
    char *text = NULL;
    for (int ask = 0; ask < 2; ask++) {
      if (i == 0) must(affetto_learner_export(engine, name, text, text ? length + 1 : 0, &length));
      if (i == 1) must(affetto_session_read(engine, &own, name, session_id, text, text ? length + 1 : 0, &length));
      if (i == 2) must(affetto_report_html(engine, &own, name, session_id, text, text ? length + 1 : 0, &length));
      if (ask == 0) text = malloc(length + 1);
    }
    explicit_bzero(text, length + 1);
    free(text);
  }
}

static void live(affetto_engine *engine, const char *folder) {
  char json[512];
  snprintf(json, sizeof json, "{\"liked_styles\": [\"%s\"], \"never_play\": [\"%s\"], \"languages\": [\"en\"]}", style, veto);
  must(affetto_learner_create(engine, name, json));
  snprintf(json, sizeof json, "{\"liked_styles\": \"%s\"}", style);
  call(affetto_learner_create(engine, name, json));
  explicit_bzero(json, sizeof json);
  affetto_consent consent = AFFETTO_CONSENT_INIT;
  consent.method = method;
  consent.evidence_sha256 = evidence;
  for (consent.modality = AFFETTO_VOICE; consent.modality <= AFFETTO_SELF_REPORT; consent.modality++)
    must(affetto_learner_grant(engine, name, &consent));
  affetto_session_options options = AFFETTO_SESSION_OPTIONS_INIT;
  affetto_session *session = NULL;
  must(affetto_session_create(engine, name, &options, &session));
  float *sound = malloc(4 * RATE * sizeof *sound);
  for (int i = 0; i < 4 * RATE; i++) sound[i] = tone[i % 64];
  affetto_time now = 1000000;
  for (int turn = 0; turn < 20; turn++, now += 2000000) {
    must(affetto_session_push_audio(session, now, sound, RATE));
    must(affetto_session_push_text(session, now, words, -1));
    must(affetto_session_push_text(session, now, lone, -1));
    affetto_self_report report = AFFETTO_SELF_REPORT_INIT;
    report.emotion = AFFETTO_FRUSTRATED;
    must(affetto_session_push_self_report(session, now, &report));
    must(affetto_session_advance(session, now + 1000000));
    affetto_decision decision = AFFETTO_DECISION_INIT;
    must(affetto_session_decide(session, now + 1000000, AFFETTO_GOAL_CALM, &decision));
  }
  /* Refusals: their texts must not repeat what they refuse. */
  char broken[256];
  snprintf(broken, sizeof broken, "%s\xff", words);
  call(affetto_session_push_text(session, now, broken, -1));
  explicit_bzero(broken, sizeof broken);
  call(affetto_session_veto(session, now, veto));
  call(affetto_learner_sessions(engine, &(affetto_access)AFFETTO_ACCESS_INIT, words, NULL, 0, &(size_t){0}));
  call(affetto_session_read(engine, &(affetto_access)AFFETTO_ACCESS_INIT, name, words, NULL, 0, &(size_t){0}));
  call(affetto_learner_import(engine, words, -1));
  call(affetto_policy_check(engine, words, name, AFFETTO_TEXT, AFFETTO_PURPOSE_RESEARCH));
  must(affetto_session_push_audio(session, now, sound, 100));
  must(affetto_learner_revoke(engine, name, AFFETTO_TEXT, AFFETTO_PURPOSE_INTERVENTION));
  call(affetto_session_push_text(session, now, words, -1));
  affetto_voice_summary summary = AFFETTO_VOICE_SUMMARY_INIT;
  affetto_audio audio = AFFETTO_AUDIO_INIT;
  audio.samples = sound;
  audio.frames = 4 * RATE;
  must(affetto_voice_analyze(&audio, &summary));
  char id[64];
  size_t length = 0;
  must(affetto_session_id(session, id, sizeof id, &length));
  read_and_wipe(engine, id);
  look_in_folder(folder);
  affetto_session_destroy(session);
  explicit_bzero(sound, 4 * RATE * sizeof *sound);
  free(sound);
}

int main(void) {
  char folder[] = "/tmp/affetto-leaks-XXXXXX", path[128];
  if (mkdtemp(folder) == NULL) return 2;
  name = plant("the learner's id", "uif.mfbsofs.xip.jt.opcpez");
  style = plant("a style", "cpttb.opwb.gspn.opxifsf");
  method = plant("how consent was given", "b.mfuufs.gspn.uif.bvou");
  evidence = plant("a form's fingerprint", "5g2e9b77d0ff01238947bcdebcde0001");
  words = plant("the learner's words", "xiz nvtu uif iptfqjqf tjoh up nf bu ojhiu");
  lone = plant("one long word", "rvppmlboejtimzgsjhiufofe");
  veto = plant("a style that is never played", "bddpsejpo.gspn.uif.npvoubjo");
  for (int i = 0; i < 64; i++) tone[i] = 0.25f * (float)((i * 7919 + 13) % 101 - 50) / 50.0f + (float)i * 1e-5f;
  add_marker("samples of audio", tone + 8, 40);
  for (int i = 0; i < 32; i++) key_bytes[i] = (unsigned char)(17 + 29 * i);
  add_marker("the engine key", key_bytes, 32);

  snprintf(path, sizeof path, "%s/s.affetto", folder);
  affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
  options.store_path = path;
  options.policy_preset = "eu_home";
  options.key = give_key;
  options.log = log_line;
  affetto_engine *engine = NULL;
  must(affetto_engine_create(&options, &engine));
  live(engine, folder);
  affetto_engine_destroy(engine);
  look_in_folder(folder);
  /* Once more, as a host would that opens the store again, and erases. */
  must(affetto_engine_create(&options, &engine));
  must(affetto_learner_erase(engine, name));
  affetto_engine_destroy(engine);
  look_in_folder(folder);

  uproot(name), uproot(style), uproot(method), uproot(evidence), uproot(words), uproot(lone), uproot(veto);
  explicit_bzero(tone, sizeof tone);
  explicit_bzero(key_bytes, sizeof key_bytes);
  size_t seen = look_in_memory();
  /* The search itself must be able to find: a marker put back is found. */
  int before = found;
  unsigned char *again = malloc(64);
  for (size_t i = 0; i < markers[4].length; i++) again[i] = markers[4].coded[i] ^ CODE;
  quiet = 1;
  look_in_memory();
  int works = found > before;
  explicit_bzero(again, 64);
  free(again);

  char command[160];
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command) != 0) return 2;
  printf("%d markers, %d calls, %d log lines, %zu MiB of memory: %d leaks\n", marker_count, calls, log_lines, seen >> 20,
         before);
  if (!works) printf("leaks: the search finds nothing at all\n");
  return before == 0 && works && seen > 0 ? 0 : 1;
}
