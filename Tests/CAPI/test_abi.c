/* The promises of affetto.h, kept by a built library: one file of checks for each kind. */
#include "check.h"

/* All of them, or those that are named. */
static int is_wanted(const char *name, int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    if (!strcmp(argv[i], name)) return 1;
  return argc < 2;
}

int main(int argc, char **argv) {
  struct { const char *name; void (*run)(void); } tests[] = {
    {"structs", test_structs}, {"null", test_null},       {"values", test_values},   {"audio", test_audio},
    {"text", test_text},       {"face", test_face},       {"buffers", test_buffers}, {"handles", test_handles}, {"consent", test_consent}, {"crisis", test_crisis}, {"report", test_report},
    {"job", test_job},         {"library", test_library}, {"store", test_store},     {"threads", test_threads},
    {"limits", test_limits},
    {"music", test_music},
    {"voice", test_voice},
    {"keeping", test_keeping},
    {"policy", test_policy},
    {"words", test_words},
    {"conversation", test_conversation},
    {"study", test_study},
  };
  setvbuf(stdout, NULL, _IOLBF, 0);
  for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
    if (!is_wanted(tests[i].name, argc, argv)) continue;
    int before = failed_checks();
    tests[i].run();
    printf("%-8s %s\n", tests[i].name, failed_checks() == before ? "ok" : "FAILED");
  }
  printf("%d passed, %d failed\n", passed_checks(), failed_checks());
  return failed_checks() == 0 ? 0 : 1;
}
