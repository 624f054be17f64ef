/* Counting checks, and what the tests share: an engine in memory, a learner who consented, a session, some sound. */
#ifndef AFFETTO_TEST_CHECK_H
#define AFFETTO_TEST_CHECK_H

#include <affetto.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Checks so far. */
int passed_checks(void);
int failed_checks(void);

/* Counts one check; prints the failed ones. Any thread. */
void check_result(int passed, const char *file, int line, const char *what);
/* As check_result, for a status that should be `expected` (or `other`); prints what came and why. */
void check_status(affetto_status status, affetto_status expected, affetto_status other, const char *file, int line,
                  const char *what);

#define CHECK(condition) check_result((condition) != 0, __FILE__, __LINE__, #condition)
#define STATUS(call, expected) check_status((call), (expected), (expected), __FILE__, __LINE__, #call)
/* Where the header leaves two answers open. */
#define EITHER(call, expected, other) check_status((call), (expected), (other), __FILE__, __LINE__, #call)
#define OK(call) STATUS(call, AFFETTO_OK)

/* The learner consents to all five modalities for one purpose. */
void grant_all(affetto_engine *engine, const char *learner, int32_t purpose);
/* An engine in memory, seed 1; ends the program if there is none. */
affetto_engine *memory_engine(const char *preset);
/* memory_engine("eu_home") with the adult learner "ana", who consented to everything. */
affetto_engine *engine_with_ana(void);
/* A session with the defaults of the header; NULL and a failed check if there is none. */
affetto_session *open_session(affetto_engine *engine, const char *learner);
/* Adds a track with a given place in valence and arousal. */
void put_track(affetto_engine *engine, const char *id, float valence, float arousal);
/* Reads a text of any length: a malloc'ed, NUL-terminated string, or NULL. */
char *export_text(affetto_engine *engine, const char *learner);
/* Fills `samples` with syllables of a harmonic tone, at `rate` Hz. */
void make_voice(float *samples, size_t frames, float rate);

/* A frame with all blendshapes at 0. */
affetto_face_frame resting_face(void);

#define SECOND ((affetto_time)1000000)
#define RATE 16000

/* One file each. */
void test_structs(void);
void test_null(void);
void test_values(void);
void test_audio(void);
void test_text(void);
void test_buffers(void);
void test_handles(void);
void test_consent(void);
void test_crisis(void);
void test_report(void);
void test_job(void);
void test_library(void);
void test_music(void);
void test_keeping(void);
void test_policy(void);
void test_words(void);
void test_store(void);
void test_study(void);
void test_threads(void);
void test_limits(void);
void test_voice(void);
void test_face(void);
void test_conversation(void);

#endif
