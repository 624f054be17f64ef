/*
 * affetto.h - the public interface of libaffetto.
 *
 * Affetto senses how a learner feels, steers music towards how they need to feel, says so in kind words, and
 * learns from what happened. It claims no cure and makes no diagnosis: music may help, and often silence does.
 *
 *     sense -> fuse -> decide -> guide -> learn          policy and consent before every step
 *
 * Threads    An affetto_engine may be shared by threads. An affetto_session belongs to one thread at a time, except
 *            affetto_session_push_audio (one producer), affetto_session_poll and affetto_session_stop_now (any
 *            thread), which never wait. A second thread that enters a session elsewhere waits; nothing breaks.
 *            The library starts no threads.
 * Ownership  T **out: yours, release it with the matching _destroy (NULL is fine, twice is fine). const char *
 *            returned: borrowed, lives as long as the library unless said otherwise.
 * Buffers    Text of unknown size goes to a buffer of yours: pass NULL and 0 to ask the size. *out_length is the
 *            length in bytes without the closing NUL; a buffer needs one byte more. Too small a buffer gets
 *            AFFETTO_ERR_BUFFER_TOO_SMALL, *out_length the need, and nothing written.
 * Errors     Every call that can fail returns an affetto_status; affetto_last_error_message() says why in one line.
 *            The library never traps, exits, prints or opens a socket. A handle that was destroyed is refused with
 *            AFFETTO_ERR_CLOSED, not followed.
 * Text       UTF-8, NUL-terminated unless a length is given. Broken UTF-8 is AFFETTO_ERR_ENCODING.
 * Time       affetto_time is the host's monotonic clock in microseconds, given with every push. It must not run
 *            backwards by more than a second within a session.
 *
 * A whole program (`now` is your clock; examples/c/main_job.c has music and feedback, too):
 *
 *     affetto_engine_options options = AFFETTO_ENGINE_OPTIONS_INIT;
 *     options.store_path = "learners.affetto";
 *     options.key_path = "learners.key";
 *     affetto_engine *engine = NULL;
 *     if (affetto_engine_create(&options, &engine) != AFFETTO_OK) return complain();
 *     affetto_learner_create(engine, "ana", "{\"typical_valence\": 0.2}");
 *     affetto_consent consent = AFFETTO_CONSENT_INIT;
 *     for (consent.modality = AFFETTO_TEXT; consent.modality <= AFFETTO_SELF_REPORT; consent.modality++)
 *       affetto_learner_grant(engine, "ana", &consent);  // one consent a modality; without it a push is refused
 *     affetto_session_options sitting = AFFETTO_SESSION_OPTIONS_INIT;
 *     affetto_session *session = NULL;
 *     affetto_session_create(engine, "ana", &sitting, &session);
 *     affetto_session_push_text(session, now, "I keep getting this wrong", -1);
 *     affetto_session_advance(session, now);
 *     affetto_state state = AFFETTO_STATE_INIT;
 *     affetto_session_poll(session, &state);
 *     affetto_decision decision = AFFETTO_DECISION_INIT;   // plays from what affetto_library_put has brought
 *     affetto_session_decide(session, now, AFFETTO_GOAL_CALM, &decision);
 *     affetto_session_destroy(session);
 *     affetto_engine_destroy(engine);
 */
#ifndef AFFETTO_H
#define AFFETTO_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ----------------------------------------------------------------------------------------------------- */

/* The ABI this header describes. 0 = may still change with every release. Compare it with affetto_abi_version()
 * after loading the library. */
#define AFFETTO_ABI_VERSION 0

/* The ABI of the library that is loaded. Never fails. */
uint32_t affetto_abi_version(void);

/* The library's own version, "0.1.0". */
const char *affetto_version(void);

/* ---- Status ------------------------------------------------------------------------------------------------------ */

/* Numbers are never renumbered; the gaps between families are for growth. */
typedef enum affetto_status {
  AFFETTO_OK = 0,
  AFFETTO_ERR_ARGUMENT = -1,         /* NULL or malformed where a value was needed */
  AFFETTO_ERR_RANGE = -2,            /* NaN, infinite or outside the documented range */
  AFFETTO_ERR_ENCODING = -3,         /* text that is not UTF-8 */
  AFFETTO_ERR_BUFFER_TOO_SMALL = -4, /* *out_length holds the need */
  AFFETTO_ERR_STATE = -20,           /* not now: the call does not fit what came before */
  AFFETTO_ERR_NOT_FOUND = -21,       /* no such learner, track, session or decision */
  AFFETTO_ERR_BUSY = -22,            /* another process or thread holds it */
  AFFETTO_ERR_CANCELLED = -23,       /* a callback of yours asked for it */
  AFFETTO_ERR_OVERRUN = -24,         /* call advance more often: the audio ring was full (affetto_session_dropped()
                                        counts what was lost), or 4096 items wait to be written (nothing was taken) */
  AFFETTO_ERR_CLOSED = -25,          /* the handle was destroyed, or never was one */
  AFFETTO_ERR_POLICY = -40,          /* the preset forbids it; the message cites the rule */
  AFFETTO_ERR_CONSENT = -41,         /* no consent on file, expired, revoked, or for another purpose */
  AFFETTO_ERR_STORE = -60,           /* the store could not be read or written */
  AFFETTO_ERR_STORE_CORRUPT = -61,   /* the file is damaged or is not a store of ours */
  AFFETTO_ERR_STORE_FULL = -62,      /* no space left */
  AFFETTO_ERR_KEY = -63,             /* no key, or the wrong one */
  AFFETTO_ERR_MODEL = -80,           /* a model pack is damaged or does not fit its task */
  AFFETTO_ERR_MODEL_VERSION = -81,   /* a model pack of a format this library does not read */
  AFFETTO_ERR_MEMORY = -100,
  AFFETTO_ERR_INTERNAL = -101,
  AFFETTO_STATUS_FORCE_32 = 0x7fffffff
} affetto_status;

/* "AFFETTO_ERR_CONSENT" and so on; "AFFETTO_ERR_UNKNOWN" for a number that is none of the above. */
const char *affetto_status_name(affetto_status status);

/* This thread's last failure in one line, without personal data. Lives until this thread's next failing call; "" if
 * nothing has failed. */
const char *affetto_last_error_message(void);

/* ---- Handles ----------------------------------------------------------------------------------------------------- */

typedef struct affetto_engine affetto_engine;   /* models, library, store, policy: one a process, shared */
typedef struct affetto_session affetto_session; /* one learner's sitting */
typedef struct affetto_voice affetto_voice;     /* voice features as a stream, without a session */
typedef struct affetto_face affetto_face;       /* a face's signals as a stream, without a session */
typedef struct affetto_face_recording affetto_face_recording; /* frames from a tracker's file */
typedef struct affetto_music affetto_music;     /* one piece of music, analysed as it comes */
typedef struct affetto_dataset affetto_dataset; /* your labelled turns of conversations */
typedef struct affetto_model affetto_model;     /* a conversation model trained on them */

/* ---- Vocabulary: structs hold these as int32_t ------------------------------------------------------------------- */

typedef int64_t affetto_time; /* microseconds on the host's monotonic clock */

typedef enum affetto_emotion {
  AFFETTO_NEUTRAL = 0, AFFETTO_CALM = 1, AFFETTO_HAPPY = 2, AFFETTO_EXCITED = 3, AFFETTO_ENGAGED = 4,
  AFFETTO_SURPRISED = 5, AFFETTO_CONFUSED = 6, AFFETTO_BORED = 7, AFFETTO_TIRED = 8, AFFETTO_SAD = 9,
  AFFETTO_ANXIOUS = 10, AFFETTO_FRUSTRATED = 11, AFFETTO_ANGRY = 12, AFFETTO_DISGUSTED = 13,
  AFFETTO_UNKNOWN = -1, /* the engine abstains */
  AFFETTO_EMOTION_FORCE_32 = 0x7fffffff
} affetto_emotion;

typedef enum affetto_modality {
  AFFETTO_VOICE = 0, AFFETTO_FACE = 1, AFFETTO_TEXT = 2, AFFETTO_ACTIVITY = 3, AFFETTO_SELF_REPORT = 4,
  /* What consents and presets can be about besides; nothing in this library reads them yet. */
  AFFETTO_TYPING_RHYTHM = 5, AFFETTO_SINGING = 6,
  AFFETTO_MODALITY_FORCE_32 = 0x7fffffff
} affetto_modality;

typedef enum affetto_purpose { /* consent is given, and checked, per purpose */
  AFFETTO_PURPOSE_INTERVENTION = 0, AFFETTO_PURPOSE_FEEDBACK = 1, AFFETTO_PURPOSE_SKILL = 2,
  AFFETTO_PURPOSE_RESEARCH = 3, AFFETTO_PURPOSE_SAFETY = 4,
  AFFETTO_PURPOSE_FORCE_32 = 0x7fffffff
} affetto_purpose;

typedef enum affetto_role { /* who grants a consent, or reads */
  AFFETTO_ROLE_LEARNER = 0, AFFETTO_ROLE_GUARDIAN = 1, AFFETTO_ROLE_SCHOOL = 2, AFFETTO_ROLE_CLINICIAN = 3,
  AFFETTO_ROLE_RESEARCHER = 4,
  AFFETTO_ROLE_FORCE_32 = 0x7fffffff
} affetto_role;

typedef enum affetto_task { /* what the learner is doing; when in doubt, verbal: the careful choice */
  AFFETTO_TASK_VERBAL = 0, AFFETTO_TASK_NUMERIC = 1, AFFETTO_TASK_MOTOR = 2, AFFETTO_TASK_CREATIVE = 3,
  AFFETTO_TASK_REST = 4, AFFETTO_TASK_EXAM = 5, AFFETTO_TASK_LECTURE = 6,
  AFFETTO_TASK_FORCE_32 = 0x7fffffff
} affetto_task;

typedef enum affetto_goal {
  AFFETTO_GOAL_CALM = 0, AFFETTO_GOAL_FOCUS = 1, AFFETTO_GOAL_CREATE = 2, AFFETTO_GOAL_MOTIVATE = 3,
  AFFETTO_GOAL_UPLIFT = 4, AFFETTO_GOAL_EXPRESS = 5,
  AFFETTO_GOAL_FORCE_32 = 0x7fffffff
} affetto_goal;

typedef enum affetto_strategy {
  AFFETTO_STRATEGY_ISO = 0,          /* begin where the learner is, then lead */
  AFFETTO_STRATEGY_COMPENSATORY = 1, /* begin where the learner should arrive */
  AFFETTO_STRATEGY_STEADY = 2,       /* even music near neutral */
  AFFETTO_STRATEGY_SILENCE = 3,
  AFFETTO_STRATEGY_SELF_CHOICE = 4,  /* what the learner likes best, whatever its mood */
  AFFETTO_STRATEGY_FORCE_32 = 0x7fffffff
} affetto_strategy;

typedef enum affetto_action {
  AFFETTO_ACTION_PLAY = 0, AFFETTO_ACTION_SILENCE = 1, AFFETTO_ACTION_ASK = 2, AFFETTO_ACTION_WAIT = 3,
  AFFETTO_ACTION_HAND_TO_PERSON = 4,
  AFFETTO_ACTION_FORCE_32 = 0x7fffffff
} affetto_action;

typedef enum affetto_gate { /* why an intervention was withheld */
  AFFETTO_GATE_NONE = 0, AFFETTO_GATE_STOPPED = 1, AFFETTO_GATE_PAUSED = 2, AFFETTO_GATE_POLICY = 3,
  AFFETTO_GATE_CONSENT = 4, AFFETTO_GATE_EXAM = 5, AFFETTO_GATE_LECTURE = 6, AFFETTO_GATE_LOW_CONFIDENCE = 7,
  AFFETTO_GATE_FLOW = 8, AFFETTO_GATE_CONFUSION_GRACE = 9, AFFETTO_GATE_BURDEN = 10, AFFETTO_GATE_NO_TRACK = 11,
  AFFETTO_GATE_DISTRESS = 12, AFFETTO_GATE_CRISIS = 13,
  AFFETTO_GATE_FORCE_32 = 0x7fffffff
} affetto_gate;

typedef enum affetto_abstain { /* why no emotion is named */
  AFFETTO_ABSTAIN_NONE = 0, AFFETTO_ABSTAIN_NO_EVIDENCE = 1, AFFETTO_ABSTAIN_LOW_PROBABILITY = 2,
  AFFETTO_ABSTAIN_HIGH_ENTROPY = 3, AFFETTO_ABSTAIN_STALE = 4, AFFETTO_ABSTAIN_CRISIS = 5,
  AFFETTO_ABSTAIN_FORCE_32 = 0x7fffffff
} affetto_abstain;

typedef enum affetto_language { /* as far as the library reads them */
  AFFETTO_LANGUAGE_UNKNOWN = 0, AFFETTO_LANGUAGE_ENGLISH = 1, AFFETTO_LANGUAGE_CHINESE_SIMPLIFIED = 2,
  AFFETTO_LANGUAGE_CHINESE_TRADITIONAL = 3,
  AFFETTO_LANGUAGE_FORCE_32 = 0x7fffffff
} affetto_language;

typedef enum affetto_crisis_tier { /* how urgent it is that a person looks at what a learner wrote */
  AFFETTO_CRISIS_NONE = 0, AFFETTO_CRISIS_DISTRESS = 1, AFFETTO_CRISIS_ABUSE = 2, AFFETTO_CRISIS_SELF_HARM = 3,
  AFFETTO_CRISIS_IDEATION = 4, AFFETTO_CRISIS_IMMINENT = 5,
  AFFETTO_CRISIS_FORCE_32 = 0x7fffffff
} affetto_crisis_tier;

typedef enum affetto_activity { /* one thing done in the exercise */
  AFFETTO_ITEM_SHOWN = 0, AFFETTO_ANSWER = 1, AFFETTO_HINT = 2, AFFETTO_EDIT = 3, AFFETTO_IDLE = 4,
  AFFETTO_NAVIGATION = 5, AFFETTO_HELP_REQUEST = 6, AFFETTO_ABANDON = 7, AFFETTO_RESUME = 8,
  AFFETTO_ACTIVITY_FORCE_32 = 0x7fffffff
} affetto_activity;

typedef enum affetto_playback { /* who hears the music */
  AFFETTO_PLAYBACK_OWN = 0, AFFETTO_PLAYBACK_SHARED = 1,
  AFFETTO_PLAYBACK_FORCE_32 = 0x7fffffff
} affetto_playback;

/* Names of the numbers above in snake case ("self_report"); "unknown" for a number that is none of them. */
const char *affetto_emotion_name(int32_t emotion);
const char *affetto_modality_name(int32_t modality);
const char *affetto_task_name(int32_t task);
const char *affetto_goal_name(int32_t goal);
const char *affetto_strategy_name(int32_t strategy);
const char *affetto_action_name(int32_t action);
const char *affetto_gate_name(int32_t gate);
const char *affetto_abstain_name(int32_t abstain);
const char *affetto_language_name(int32_t language); /* BCP 47: "en", "zh-Hans", "zh-Hant", "und" */
const char *affetto_crisis_tier_name(int32_t tier);

/* ---- Engine ------------------------------------------------------------------------------------------------------ */

/* Writes the 32-byte key of the engine to `key` and returns 0; anything else means "no key". Called once, inside
 * affetto_engine_create, on the calling thread; it must not call the library. */
typedef int32_t (*affetto_key_fn)(void *context, uint8_t key[32]);

/* Receives one line of UTF-8 about the library's own work, without personal data; `level` 0 = error, 1 = warning,
 * 2 = information. Called inside the calls that cause it, on their thread; it must not call the library. */
typedef void (*affetto_log_fn)(void *context, int32_t level, const char *line);

/* Grave words of a learner, without the words. */
typedef struct affetto_crisis {
  uint32_t struct_size;
  int32_t tier;            /* affetto_crisis_tier; AFFETTO_CRISIS_NONE: nothing is open */
  int32_t source;          /* 0 the engine, 1 the host's classifier, 2 both */
  int32_t is_acknowledged; /* 1: someone has taken it on */
  int32_t is_escalated;    /* 1: the second handler was called */
  int32_t reserved;
  affetto_time time;       /* of the words */
  affetto_time deadline;   /* by which someone must have acknowledged */
} affetto_crisis;
#define AFFETTO_CRISIS_INIT { (uint32_t)sizeof(affetto_crisis), AFFETTO_CRISIS_NONE, 0, 0, 0, 0, 0, 0 }
void affetto_crisis_init(affetto_crisis *crisis, uint32_t size);

/* Called when a learner's words are grave, inside the push that brought them and on its thread; it may call the
 * library, and destroy what it likes. The second one is called inside advance or maintain when nobody has acknowledged
 * by the deadline, and inside affetto_engine_destroy for what is still unacknowledged then. */
typedef void (*affetto_crisis_fn)(void *context, const char *learner, const char *session_id,
                                  const affetto_crisis *crisis);

/* The host's own reading of a message: returns an affetto_crisis_tier. Called inside push_text, which waits for it; it
 * must not call the library. A number above the tiers counts as IMMINENT, one below as NONE. The graver of the two
 * readings counts. */
typedef int32_t (*affetto_classifier_fn)(void *context, const char *utf8, size_t length);

typedef struct affetto_engine_options {
  uint32_t struct_size;      /* set by the macro */
  int32_t read_only;         /* 1: an existing store, for reports: nothing is written, the audit log neither; what would
                                write is STATE. Its folder may be read-only */
  const char *store_path;    /* file of the store, made if absent; NULL: everything stays in memory and ends with it */
  const char *policy_preset; /* "strict" (NULL), "eu_school", "eu_home", "eu_medical", "us_under13", "us_teen",
                                "us_il_bipa", "uk_school", "cn_under14", "cn_minor", "research_irb"; an unknown name is
                                treated as "strict". affetto_policy_describe says what each allows */
  affetto_key_fn key;        /* gives the engine key; or key_path; or passphrase. A store on disk needs one of them */
  void *key_context;
  const char *key_path;      /* file of 32 random bytes, mode 0600; made if absent */
  const char *passphrase;    /* stretched with Argon2id; the salt lies in the key ring */
  affetto_log_fn log;        /* NULL: silent */
  void *log_context;
  uint64_t seed;             /* of every random choice; the same seed and inputs give the same decisions */
  affetto_crisis_fn crisis;  /* whom to turn to when words are grave; eu_school, uk_school, us_under13, us_teen,
                                us_il_bipa, cn_under14 and cn_minor refuse to go without this and crisis_resources */
  affetto_crisis_fn crisis_second;         /* where nobody acknowledges in time; may be NULL */
  affetto_classifier_fn crisis_classifier; /* may be NULL */
  void *crisis_context;                    /* for the three */
  const char *crisis_resources; /* JSON: {"en": {"contacts": [{"name": "School counsellor", "reach": "room 12"}]}}, and
                                   so for "zh-Hans", "zh-Hant"; another language needs a "text", too, in place of the
                                   library's own fixed words */
  int32_t crisis_deadline_s;    /* seconds until the second handler is called; 0 = 120 */
  int32_t reserved;
} affetto_engine_options;
#define AFFETTO_ENGINE_OPTIONS_INIT \
  { (uint32_t)sizeof(affetto_engine_options), 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, \
    NULL, NULL, NULL, NULL, NULL, 0, 0 }

/* Sets every field to its default; `size` is sizeof(affetto_engine_options) of the caller. The same holds for the
 * other _init functions below: twins of the macros for languages without a C preprocessor. NULL is ignored. */
void affetto_engine_options_init(affetto_engine_options *options, uint32_t size);

/* Opens the store, loads the embedded models and returns an engine in *out_engine. Beside the store lies its key
 * ring, STORE_PATH + "-keys": it holds each learner's wrapped data key, and must not go into backups of the store.
 * @return OK, ARGUMENT, RANGE, STORE, STORE_CORRUPT, KEY (wrong or missing key), MODEL, POLICY (the preset needs a
 * crisis handler and resources, and one is missing). */
affetto_status affetto_engine_create(const affetto_engine_options *options, affetto_engine **out_engine);

/* Ends the engine. Sessions still open are ended and written first; their handles are closed. NULL is fine. */
void affetto_engine_destroy(affetto_engine *engine);

/* Writes what sessions have gathered and not yet committed; and, at the first call and then once an hour of wall clock,
 * deletes what was kept long enough (affetto_store_set_retention). Turns to the second crisis handler where nobody has
 * acknowledged in time. Call it every few minutes.
 * `now` as in the pushes. @return OK, STORE, STORE_FULL. */
affetto_status affetto_engine_maintain(affetto_engine *engine, affetto_time now);

/* Replaces the embedded model of the pack's task (voice, face, text or text_zh), or adds a conversation model, for
 * sessions created from now on. The file is one that affetto-train or affetto_model_save wrote; a conversation model
 * must be causal, name emotions of affetto_emotion, and read of "voice", "face" and "text" (any of them) the numbers of
 * affetto_turn_reading. @return OK, NOT_FOUND, MODEL (damaged, wrong task), MODEL_VERSION. */
affetto_status affetto_engine_load_model(affetto_engine *engine, const char *path);

/* ---- Learner: assessment, consent, rights ------------------------------------------------------------------------ */

/* Creates a learner. `learner` is the host's id, 1..128 bytes; it is never stored in the clear. `assessment_json` is
 * an object, NULL for none; every field may be missing:
 *   age_band "under_13" "13_15" "16_17" "adult" | languages ["en"] | typical_valence, typical_arousal -1..1 |
 *   goals ["focus"] | liked_styles, disliked_styles, never_play ["..."] | lyrics_welcome bool |
 *   feels_worse_after_sad_music bool | face_not_readable, voice_not_readable bool
 * An existing learner gets the new assessment and keeps everything else. @return OK, ARGUMENT, ENCODING, STORE. */
affetto_status affetto_learner_create(affetto_engine *engine, const char *learner, const char *assessment_json);

typedef struct affetto_consent {
  uint32_t struct_size;
  int32_t modality;            /* affetto_modality */
  int32_t purpose;             /* affetto_purpose */
  int32_t grantor;             /* affetto_role */
  int64_t granted_unix_s;      /* 0: now */
  int64_t expires_unix_s;      /* 0: 365 days after granted */
  const char *method;          /* how it was given: "paper form"; NULL = "in-app" */
  const char *evidence_sha256; /* fingerprint of the signed form; may be NULL */
} affetto_consent;
#define AFFETTO_CONSENT_INIT \
  { (uint32_t)sizeof(affetto_consent), AFFETTO_SELF_REPORT, AFFETTO_PURPOSE_INTERVENTION, \
    AFFETTO_ROLE_LEARNER, 0, 0, NULL, NULL }
void affetto_consent_init(affetto_consent *consent, uint32_t size);

/* Puts a consent on file. @return OK, NOT_FOUND, ARGUMENT, RANGE, STORE. */
affetto_status affetto_learner_grant(affetto_engine *engine, const char *learner, const affetto_consent *consent);

/* Revokes: the next push is refused, and what live sessions have buffered of that modality is zeroed before this
 * returns. Other modalities stay. Sessions of another engine on the same file (another process) notice at their next
 * advance. @return OK, NOT_FOUND, STORE. */
affetto_status affetto_learner_revoke(affetto_engine *engine, const char *learner, int32_t modality, int32_t purpose);

/* All consents ever given, the expired and the revoked among them, as a JSON array: modality, purpose, grantor,
 * granted, expires, revoked (seconds since 1970), method, evidence_sha256. Buffer rule as above. @return OK,
 * NOT_FOUND. */
affetto_status affetto_learner_consents(affetto_engine *engine, const char *learner, char *buffer, size_t capacity,
                                        size_t *out_length);

/* Everything held about the learner as one JSON object: assessment, consents, sessions with states, decisions,
 * reasons and outcomes, and what was learned. Buffer rule as above. @return OK, NOT_FOUND, STORE, KEY,
 * BUFFER_TOO_SMALL. */
affetto_status affetto_learner_export(affetto_engine *engine, const char *learner, char *buffer, size_t capacity,
                                      size_t *out_length);

/* The same as files in `folder`, which must not exist and is made for its owner alone: export.json, which
 * affetto_learner_import takes, and consents, sessions, events, states, decisions, reasons, outcomes and prompts,
 * each as .csv with a header line. @return OK, NOT_FOUND, ARGUMENT (the folder is there), STORE, STORE_FULL. */
affetto_status affetto_learner_export_to(affetto_engine *engine, const char *learner, const char *folder);

/* What the learner's own reports have taught about how far each modality errs on them, as JSON: {"reports", "points":
 * [counts of reports that can be restored], "modalities": {"text": {"reports", "base_error", "personal_error" (root
 * mean square, of the models alone and as corrected), "alarms", "valence_bias", ...}}}. Where the correction is worse
 * than none for long, that modality's begins anew: "alarms" counts it, and the session keeps an event "drift". The
 * models never change. Buffer rule as above; noted in the audit log. @return OK, NOT_FOUND, BUFFER_TOO_SMALL, STORE. */
affetto_status affetto_learner_adaptation(affetto_engine *engine, const char *learner, char *buffer, size_t capacity,
                                          size_t *out_length);

/* Goes back to what had been learned of it after `reports` reports, one of "points", or 0: as the models have it. What
 * was learned about music stays. Open sessions go by it at once. @return OK, NOT_FOUND, RANGE, STORE. */
affetto_status affetto_learner_restore(affetto_engine *engine, const char *learner, int64_t reports);

/* Erases: the learner's key is destroyed, the rows are deleted, the file is vacuumed. What a backup holds of the
 * learner no longer decrypts. Live sessions of the learner are ended. @return OK, NOT_FOUND, STORE, BUSY. */
affetto_status affetto_learner_erase(affetto_engine *engine, const char *learner);

/* Deletes what is kept of a stretch of the learner's time, seconds since 1970 ("forget the last hour": now - 3600 to
 * now + 1), or with dry_run 1 only counts it; JSON {"sessions": whole ones, "items"} to `buffer`, which must have
 * room for 64 bytes. What was learned from it stays, and so do earlier backups: only affetto_learner_erase reaches
 * those.
 * @return OK, ARGUMENT, RANGE, NOT_FOUND, BUFFER_TOO_SMALL (nothing is deleted), BUSY, STORE. */
affetto_status affetto_learner_forget(affetto_engine *engine, const char *learner, int64_t from_unix_s,
                                      int64_t to_unix_s, int32_t dry_run, char *buffer, size_t capacity,
                                      size_t *out_length);

/* Takes a learner in as affetto_learner_export gave them out: `length` bytes of UTF-8, or -1 for NUL-terminated. Where
 * it fails nothing stays (a process killed in the middle leaves a part: erase, and import again); exporting again gives
 * the same bytes. @return OK, ARGUMENT (no export of ours), ENCODING, RANGE (over 256 MiB), STATE (the learner, or one
 * of the sessions, is there already), STORE. */
affetto_status affetto_learner_import(affetto_engine *engine, const char *json, ptrdiff_t length);

/* ---- Policy: what may be sensed and read ------------------------------------------------------------------------- */

/* Would a push of this modality for this purpose be taken, now? `preset` NULL = the engine's own; another name asks
 * what that preset would say. @return OK, POLICY or CONSENT (the message cites the rule), NOT_FOUND. */
affetto_status affetto_policy_check(affetto_engine *engine, const char *preset, const char *learner, int32_t modality,
                                    int32_t purpose);

/* A preset as JSON, NULL = the engine's own with what the host has changed in it: {"preset", "version", "rules":
 * [{"data" (a modality), "stance" ("forbidden", "consent", "allowed"), "from" (whose consent), "needs_evidence",
 * "is_statutory", "is_amended", "text", "citation"}], "view": {"roles", "text", "citation"} (who besides learner and
 * guardian may read one learner), "play" ("suggest", "automatic") and "reminder_hours" (for the host to follow),
 * "changes"}. An unknown name is "strict". Buffer rule as above. @return OK. */
affetto_status affetto_policy_describe(affetto_engine *engine, const char *preset, char *buffer, size_t capacity,
                                       size_t *out_length);

/* Changes rules of the engine's preset, for as long as the engine lives: {"rules": [{"data": "face", "stance":
 * "forbidden"}]}, or "stance": "consent" with "from": ["guardian"], and "needs_evidence"; a field of another name is
 * ARGUMENT. What is stricter than the preset is taken. What is looser needs "attestation": {"by", "reason",
 * "document_sha256"} in the same object, which goes on file in the clear and for good (affetto_policy_attestations) and
 * into the audit log; what the law forbids ("is_statutory") stays forbidden. All or nothing; live sessions go by it at
 * once. @return OK, ARGUMENT, POLICY (the message cites the rule), STORE. */
affetto_status affetto_policy_amend(affetto_engine *engine, const char *json);

/* What hosts have attested in this store, oldest first, as a JSON array. Buffer rule as above. @return OK. */
affetto_status affetto_policy_attestations(affetto_engine *engine, char *buffer, size_t capacity, size_t *out_length);

/* ---- Session: sense ---------------------------------------------------------------------------------------------- */

typedef struct affetto_session_options {
  uint32_t struct_size;
  int32_t task;             /* affetto_task */
  int32_t purpose;          /* affetto_purpose: what the evidence is for */
  int32_t playback;         /* affetto_playback */
  uint32_t audio_rate_hz;   /* of what push_audio will get: 8000..96000 */
  uint32_t audio_channels;  /* 1..8, interleaved; mixed to mono */
  int64_t started_unix_s;   /* wall clock for the record; 0 = now */
} affetto_session_options;
#define AFFETTO_SESSION_OPTIONS_INIT \
  { (uint32_t)sizeof(affetto_session_options), AFFETTO_TASK_VERBAL, AFFETTO_PURPOSE_INTERVENTION, \
    AFFETTO_PLAYBACK_OWN, 16000, 1, 0 }
void affetto_session_options_init(affetto_session_options *options, uint32_t size);

/* Begins a sitting of a learner who exists. @return OK, NOT_FOUND, RANGE, STORE, KEY. */
affetto_status affetto_session_create(affetto_engine *engine, const char *learner,
                                      const affetto_session_options *options,
                                      affetto_session **out_session);

/* Ends and writes the sitting. NULL is fine. */
void affetto_session_destroy(affetto_session *session);

/* The session's id in the store, 32 hex digits. Buffer rule as above. */
affetto_status affetto_session_id(affetto_session *session, char *buffer, size_t capacity, size_t *out_length);

/* Each push is checked against preset, consent, purpose and expiry before a byte is copied. Refusals: POLICY, CONSENT.
 * A push never waits for the disk: what it brings is written by advance and maintain, and with 4096 items waiting it is
 * OVERRUN. Time that runs backwards by more than a second is STATE. */

/* `samples`: frames x channels floats, interleaved, -1..1 (louder is taken and counts as clipping); NaN or infinite
 * is RANGE. `now` is the time of the first sample. Wait-free, allocates nothing; may run on an audio thread beside
 * the session's own. Audio waits in a ring of 4 s until advance. @return OK, RANGE, POLICY, CONSENT, OVERRUN. */
affetto_status affetto_session_push_audio(affetto_session *session, affetto_time now, const float *samples,
                                          size_t frames);

/* What the learner wrote or said in words, in English or Chinese: `length` bytes of UTF-8, or -1 for NUL-terminated.
 * The text is read and forgotten; only numbers are kept. Grave words are no evidence of a feeling: see "Crisis" below.
 * At most 1 MiB. @return OK, ARGUMENT, RANGE, ENCODING, POLICY, CONSENT. */
affetto_status affetto_session_push_text(affetto_session *session, affetto_time now, const char *utf8,
                                         ptrdiff_t length);

#define AFFETTO_BLENDSHAPE_COUNT 52
int32_t affetto_blendshape_count(void);
/* Name of blendshape `index` in the order of affetto_face_frame ("browDownLeft" .. "tongueOut": ARKit's names in
 * alphabetical order); NULL outside 0..51. Match by name: every tool has its own order. */
const char *affetto_blendshape_name(int32_t index);
/* The index of a name in any usual spelling (EyeBlinkLeft, eyeBlinkLeft, eyeBlink_L); -1 if there is none. */
int32_t affetto_blendshape_index(const char *name);

#define AFFETTO_ACTION_UNIT_COUNT 23
int32_t affetto_action_unit_count(void);
/* Number of action unit `index` in the order of affetto_face_frame: 1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17,
 * 18, 20, 22, 23, 24, 25, 26, 28, 43 (43 also stands for 45); 0 outside 0..22. */
int32_t affetto_action_unit_number(int32_t index);

typedef enum affetto_point_layout {
  AFFETTO_POINTS_NONE = 0,
  AFFETTO_POINTS_IBUG68 = 1,    /* 68 points: OpenFace, dlib, py-feat */
  AFFETTO_POINTS_MEDIAPIPE = 2, /* 478 or 468 points of MediaPipe's mesh */
  AFFETTO_POINTS_FORCE_32 = 0x7fffffff
} affetto_point_layout;

#define AFFETTO_NAN_X4_ NAN, NAN, NAN, NAN
#define AFFETTO_NAN_X20_ AFFETTO_NAN_X4_, AFFETTO_NAN_X4_, AFFETTO_NAN_X4_, AFFETTO_NAN_X4_, AFFETTO_NAN_X4_

/* One frame of a face, as far as the host's tracker sees it: any of blendshapes, action units and points will do, and
 * more is better. NaN = not given; it is never taken for 0. Left and right are the learner's. */
typedef struct affetto_face_frame {
  uint32_t struct_size;
  float tracking;                                /* the tracker's confidence 0..1; 0 = no face, which is not neutral */
  float blendshape[AFFETTO_BLENDSHAPE_COUNT];    /* 0..1 */
  float action_unit[AFFETTO_ACTION_UNIT_COUNT];  /* 0..1; OpenFace's 0..5 divided by 5 */
  float yaw, pitch, roll;                        /* of the head, radians: to the learner's left, downwards, to the
                                                    learner's right shoulder are positive */
  float gaze_x, gaze_y;                          /* radians against the camera: to the learner's left, downwards */
  int32_t point_layout;                          /* affetto_point_layout */
  uint32_t point_count;
  const float *points;                           /* x, y of each, y downwards, both in one unit; NULL = none */
} affetto_face_frame;
#define AFFETTO_FACE_FRAME_INIT \
  { (uint32_t)sizeof(affetto_face_frame), 1.0f, \
    { AFFETTO_NAN_X20_, AFFETTO_NAN_X20_, AFFETTO_NAN_X4_, AFFETTO_NAN_X4_, AFFETTO_NAN_X4_ }, \
    { AFFETTO_NAN_X20_, NAN, NAN, NAN }, NAN, NAN, NAN, NAN, NAN, AFFETTO_POINTS_NONE, 0, NULL }
void affetto_face_frame_init(affetto_face_frame *frame, uint32_t size);
/* Sets a value by its name: a blendshape in any spelling, "AU12", "AU04_r", "yaw", "pitch", "roll", "gaze_x", "gaze_y".
 * MediaPipe's "_neutral" is known and says nothing. @return OK, ARGUMENT, NOT_FOUND (no such name). */
affetto_status affetto_face_frame_set(affetto_face_frame *frame, const char *name, float value);
/* Twice a second what the face showed becomes evidence, of the mean of half a second. The first 20 s also teach how
 * this learner's face looks at rest. Without reports of the learner's own to compare it with, the face has at most 35 %
 * of the say. @return OK, ARGUMENT (a face, and nothing of it; points that do not fit their layout), RANGE, POLICY,
 * CONSENT. */
affetto_status affetto_session_push_face(affetto_session *session, affetto_time now, const affetto_face_frame *frame);

#define AFFETTO_EXPRESSION_COUNT 8
int32_t affetto_expression_count(void);
/* "neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"; NULL outside 0..7. What raters
 * saw in pictures, not what was felt. */
const char *affetto_expression_name(int32_t index);

typedef enum affetto_face_basis { /* what an expression was read from */
  AFFETTO_FACE_NOTHING = 0,
  AFFETTO_FACE_PROTOTYPES = 1,  /* action units alone, against textbook prototypes */
  AFFETTO_FACE_BLENDSHAPES = 2, /* with the head where given */
  AFFETTO_FACE_POINTS = 3,      /* with the head where given */
  AFFETTO_FACE_ALL = 4,
  AFFETTO_FACE_BASIS_FORCE_32 = 0x7fffffff
} affetto_face_basis;

/* What a face does. NaN = this source cannot show it, or nothing was seen yet. Windows: the latest 10 s, or 60. */
typedef struct affetto_face_signals {
  uint32_t struct_size;
  int32_t is_valid;          /* 1: a face now and in most of the latest 10 s. Invalid is not neutral */
  affetto_time time;
  int32_t basis;             /* affetto_face_basis */
  float quality;             /* 0..1: share of frames with a face times the tracker's confidence */
  float action_unit[AFFETTO_ACTION_UNIT_COUNT]; /* 0..1. Of MediaPipe 6 and 9 stay unknown: it does not drive them */
  float smile, frown;        /* 0..1: action units 12 and 15 */
  float brow_raise, brow_lower; /* 0..1: mean of 1 and 2; 4 */
  float smile_genuineness;   /* the smaller of 6 and 12, over 12; NaN where nobody smiles */
  float eye_closure;         /* 0 open .. 1 closed */
  float blink_rate;          /* a minute, over 60 s; NaN before 10 s */
  float eyes_closed_share;   /* of 60 s, eyes closed to 0.8 or more (PERCLOS) */
  float gaze_away;           /* of 10 s, eyes or head more than 25 degrees aside, or 20 up or down, from the usual */
  float head_motion;         /* root mean square of the head's turning, radians a second */
  float smile_mean, smile_sd, smile_peak;
  float frown_mean, frown_sd, frown_peak;
  float brow_raise_mean, brow_raise_sd, brow_raise_peak;
  float brow_lower_mean, brow_lower_sd, brow_lower_peak;
  float eye_closure_mean, eye_closure_sd, eye_closure_peak;
  float expression[AFFETTO_EXPRESSION_COUNT];   /* probabilities of the latest moments, summing to 1 */
  float valence, arousal;    /* -1..1: where such expressions usually lie */
  float confusion, frustration, boredom, engagement; /* 0..1: rules of thumb (see bindings/python/FACE.md), which do not
                                                        go into the state */
  float learning_sd;         /* standard deviation of these four, at best */
} affetto_face_signals;
#define AFFETTO_FACE_SIGNALS_INIT \
  { (uint32_t)sizeof(affetto_face_signals), 0, 0, 0, 0, { 0 }, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
    0, 0, 0, 0, 0, 0, 0, 0, { 0 }, 0, 0, 0, 0, 0, 0, 0 }
void affetto_face_signals_init(affetto_face_signals *signals, uint32_t size);
/* As of the latest frame pushed. @return OK, ARGUMENT, POLICY, CONSENT. */
affetto_status affetto_session_face(affetto_session *session, affetto_face_signals *out_signals);

typedef struct affetto_activity_event {
  uint32_t struct_size;
  int32_t kind;      /* affetto_activity */
  int32_t correct;   /* for an answer: 1 right, 0 wrong, -1 unknown */
  int32_t attempts;  /* for an answer: which attempt at this item, from 1 */
  float seconds;     /* answer: time taken; idle: how long; else 0. NaN = unknown */
  float difficulty;  /* 0..1 where the host knows it; NaN = unknown */
} affetto_activity_event;
#define AFFETTO_ACTIVITY_EVENT_INIT { (uint32_t)sizeof(affetto_activity_event), AFFETTO_ITEM_SHOWN, -1, 1, NAN, NAN }
void affetto_activity_event_init(affetto_activity_event *event, uint32_t size);
/* @return OK, RANGE, POLICY, CONSENT. */
affetto_status affetto_session_push_activity(affetto_session *session, affetto_time now,
                                             const affetto_activity_event *event);

typedef struct affetto_self_report {
  uint32_t struct_size;
  int32_t emotion;   /* affetto_emotion, or AFFETTO_UNKNOWN: no word given */
  float valence;     /* -1..1, NaN = not given */
  float arousal;     /* -1..1, NaN = not given */
  float control;     /* -1..1, NaN = not given */
  uint32_t reserved;
  const char *word;  /* a finer word, one of affetto_feeling_words, in place of the emotion; NULL = none */
} affetto_self_report;
#define AFFETTO_SELF_REPORT_INIT \
  { (uint32_t)sizeof(affetto_self_report), AFFETTO_UNKNOWN, NAN, NAN, NAN, 0, NULL }
void affetto_self_report_init(affetto_self_report *report, uint32_t size);
/* The learner's own word sets the state and outweighs inference; its weight halves every 10 minutes. What was inferred
 * in the two minutes before is held against it: a plain error goes on file ("contradiction"), and each one teaches how
 * far voice, face, text and activity err on this learner.
 * @return OK, ARGUMENT (nothing given), RANGE, NOT_FOUND (no such word), POLICY, CONSENT. */
affetto_status affetto_session_push_self_report(affetto_session *session, affetto_time now,
                                                const affetto_self_report *report);

/* Words for feelings, finer than the fourteen, as a JSON array: {"word", "emotion", "valence", "arousal", "control"}.
 * `language` "en" or "zh" (both scripts), NULL = "en"; empty for any other. Buffer rule as above.
 * @return OK, ENCODING, BUFFER_TOO_SMALL. */
affetto_status affetto_feeling_words(const char *language, char *buffer, size_t capacity, size_t *out_length);

/* The initial assessment as questions, at most three minutes, each of which can be skipped: a JSON array of {"id",
 * "kind" ("choice", "choices", "words", "slider"), "text", "choices": [{"value", "text"}], "ends", "seconds"}.
 * `language` "en" or "zh", NULL = "en". Buffer rule as above. @return OK, ENCODING, BUFFER_TOO_SMALL. */
affetto_status affetto_assessment_form(const char *language, char *buffer, size_t capacity, size_t *out_length);

/* Answers by id ({"age_band": "13_15", "goals": ["focus"], "mood_study": -0.2, "never_play": null}; what is null or
 * left out was skipped) -> the JSON that affetto_learner_create takes. Buffer rule as above.
 * @return OK, ARGUMENT (no such question, or an answer of another kind), RANGE, ENCODING, BUFFER_TOO_SMALL. */
affetto_status affetto_assessment_fill(const char *answers_json, char *buffer, size_t capacity, size_t *out_length);

/* Scores a questionnaire of the host's: definition {"id", "title", "language", "licence" (required), "items": [{"id",
 * "text", "reverse"}], "scale": {"min", "max", "labels"}, "scores": [{"name", "items": ["id"], "method": "mean" |
 * "sum", "reports": "valence" | "arousal" | "control"}]}, answers {"id": 3, "other": null} -> {"scores": {"name": 2.5},
 * "answered", "items", "report": {"valence": 0.2}}. A score needs half of its items; "report" is for push_self_report.
 * Nothing is kept. Buffer rule as above.
 * @return OK, ARGUMENT (what does not fit, a missing licence above all), RANGE, ENCODING, BUFFER_TOO_SMALL. */
affetto_status affetto_instrument_score(const char *definition_json, const char *answers_json, char *buffer,
                                        size_t capacity, size_t *out_length);

/* ---- Session: fuse ----------------------------------------------------------------------------------------------- */

typedef struct affetto_state { /* how the learner seems to feel; plain data */
  uint32_t struct_size;
  int32_t emotion;                          /* most likely, or AFFETTO_UNKNOWN when abstaining */
  affetto_time time;
  float valence, arousal, control;          /* -1..1 */
  float valence_sd, arousal_sd, control_sd; /* one standard deviation of doubt */
  float probability[14];                    /* by affetto_emotion; sums to 1 */
  float confidence;                         /* of the most likely emotion, 0..1 */
  int32_t abstain;                          /* affetto_abstain */
  float evidence[5];                        /* by affetto_modality: share of the present state that came from it */
  uint64_t generation;                      /* grows with every change */
} affetto_state;
#define AFFETTO_STATE_INIT \
  { (uint32_t)sizeof(affetto_state), AFFETTO_UNKNOWN, 0, 0, 0, 0, 0, 0, 0, { 0 }, 0, \
    AFFETTO_ABSTAIN_NO_EVIDENCE, { 0 }, 0 }
void affetto_state_init(affetto_state *state, uint32_t size);

/* Does the work: analyses waiting audio, folds the evidence of up to `now` into the state, commits what is due.
 * Call it 10 to 50 times a second, or whenever evidence came. @return OK, STATE, STORE, STORE_FULL. */
affetto_status affetto_session_advance(affetto_session *session, affetto_time now);

/* Copies the latest state. Wait-free, allocates nothing, any thread. @return OK, ARGUMENT. */
affetto_status affetto_session_poll(const affetto_session *session, affetto_state *out_state);

/* Audio frames dropped so far because the ring was full. */
affetto_status affetto_session_dropped(affetto_session *session, uint64_t *out_frames);

/* JSON: which evidence moved the present state, when, how much, with what quality. Buffer rule as above. */
affetto_status affetto_session_explain(affetto_session *session, char *buffer, size_t capacity, size_t *out_length);

/* ---- Session: conversation --------------------------------------------------------------------------------------- */

typedef enum affetto_party_role {
  AFFETTO_PARTY_LEARNER = 0, AFFETTO_PARTY_TUTOR = 1, AFFETTO_PARTY_AGENT = 2, AFFETTO_PARTY_PEER = 3,
  AFFETTO_PARTY_FORCE_32 = 0x7fffffff
} affetto_party_role;

/* Somebody besides the learner, who is party 0. With has_consented 0 no more is taken of them than that they spoke.
 * At most 16 parties. @return OK, ARGUMENT (NULL; the learner is there), RANGE, CLOSED. */
affetto_status affetto_session_add_party(affetto_session *session, int32_t role, int32_t has_consented,
                                         int32_t *out_party);

/* A party gives (1) or takes back (0) their consent: what was read of them is forgotten before this returns. The
 * learner's own consents are affetto_learner_grant's. @return OK, ARGUMENT, NOT_FOUND, CLOSED. */
affetto_status affetto_session_set_party_consent(affetto_session *session, int32_t party, int32_t has_consented);

/* It is this party's turn. Until it ends, push_text brings their words (CONSENT where they have not consented; a peer's
 * grave words open the crisis of the learner's session, a tutor's or an agent's are not searched for any), and audio is
 * not read in others' turns. Face, activity and self-report are the learner's at any time. Ends the turn before. A
 * sitting without turns is all the learner's. affetto_session_prompt's words count as a turn of an agent.
 * @return OK, NOT_FOUND (no such party), STATE, RANGE (the time), CLOSED. */
affetto_status affetto_session_begin_turn(affetto_session *session, affetto_time now, int32_t party);

/* Voice, face and text: the modalities of a turn, in the order of affetto_modality. */
#define AFFETTO_TURN_MODALITY_COUNT 3
/* Numbers of a modality: log-likelihoods by affetto_emotion (14), valence, arousal, control, quality. */
#define AFFETTO_TURN_EVIDENCE_COUNT 18

typedef struct affetto_turn_reading { /* what was read in a turn: what conversation models learn from, and read */
  uint32_t struct_size;
  int32_t party;
  int32_t has_evidence[AFFETTO_TURN_MODALITY_COUNT]; /* 0: nothing was sensed of it, and its numbers are NaN */
  int32_t has_probability; /* 1: a conversation model is loaded and spoke */
  float evidence[AFFETTO_TURN_MODALITY_COUNT][AFFETTO_TURN_EVIDENCE_COUNT]; /* NaN: not spoken about */
  float probability[14];   /* the conversation model's, by affetto_emotion; NaN: it cannot name it */
  float seconds;
  int32_t reserved;
} affetto_turn_reading;
#define AFFETTO_TURN_READING_INIT { (uint32_t)sizeof(affetto_turn_reading), 0, { 0 }, 0, { { 0 } }, { 0 }, 0, 0 }
void affetto_turn_reading_init(affetto_turn_reading *reading, uint32_t size);

/* The turn is over. With a conversation model loaded, what it makes of the turn and the 127 before enters the party's
 * state; until then no classes of what it reads did. The end of the session ends its turn. The numbers given out are
 * personal data: keep them, as examples to train on, only with leave.
 * @param out_reading NULL = not wanted
 * @return OK, ARGUMENT, STATE (no turn is open; time), RANGE (time), CLOSED. */
affetto_status affetto_session_end_turn(affetto_session *session, affetto_time now, affetto_turn_reading *out_reading);

/* How a party seems to feel, from their words; of party 0 the session's state. Held in memory only.
 * @return OK, ARGUMENT, NOT_FOUND, CONSENT, RANGE (time), CLOSED. */
affetto_status affetto_session_party_state(affetto_session *session, affetto_time now, int32_t party,
                                           affetto_state *out_state);

/* ---- Session: decide, guide, learn ------------------------------------------------------------------------------- */

typedef struct affetto_decision {
  uint32_t struct_size;
  int32_t action;            /* affetto_action */
  uint64_t id;               /* within the session, from 1 */
  int32_t gate;              /* affetto_gate: why not play; 0 when a choice was made */
  int32_t strategy, goal;
  int32_t reserved;
  char track[64];            /* library id, NUL-terminated; "" unless action is play */
  double propensity;         /* exact probability with which this was chosen */
  float expected_benefit, expected_liking;
  float target_valence, target_arousal; /* where this step aims */
  float path_progress;       /* 0..1 */
  float reserved_2;
} affetto_decision;
#define AFFETTO_DECISION_INIT \
  { (uint32_t)sizeof(affetto_decision), AFFETTO_ACTION_WAIT, 0, 0, 0, 0, 0, { 0 }, 0, 0, 0, 0, 0, 0, 0 }
void affetto_decision_init(affetto_decision *decision, uint32_t size);

/* Decides what to do now. The decision and its propensity are committed to the store before this returns, so they
 * are on file before the track starts. @return OK, STATE, RANGE, STORE, STORE_FULL. */
affetto_status affetto_session_decide(affetto_session *session, affetto_time now, int32_t goal,
                                      affetto_decision *out_decision);

/* JSON: a decision of this session with its reasons, action set and probabilities. @return OK, NOT_FOUND. */
affetto_status affetto_session_why(affetto_session *session, uint64_t decision, char *buffer, size_t capacity,
                                   size_t *out_length);

/* JSON {"text", "choices"}: tentative words for the learner about the present state, or a question when the engine
 * does not know. `language` BCP 47, NULL = "en", which is what there is (but in a crisis). "" and no choices when it is
 * kinder to say nothing.
 * With a buffer the prompt counts as said, and is kept; asking the size is free.
 * @return OK, ARGUMENT, STATE (stopped), BUFFER_TOO_SMALL. */
affetto_status affetto_session_prompt(affetto_session *session, affetto_time now, const char *language, char *buffer,
                                      size_t capacity, size_t *out_length);

typedef struct affetto_feedback {
  uint32_t struct_size;
  int32_t skipped;        /* 1: the learner skipped the track */
  float liking;           /* -1..1, NaN = not said; a skip without a word counts as -0.5 */
  float benefit;          /* -1..1 where the host measured it; NaN: from the change of state towards the goal */
  float listened_seconds; /* NaN = unknown */
} affetto_feedback;
#define AFFETTO_FEEDBACK_INIT { (uint32_t)sizeof(affetto_feedback), 0, NAN, NAN, NAN }
void affetto_feedback_init(affetto_feedback *feedback, uint32_t size);

/* What came of a decision: benefit and liking, two numbers that are never merged. Shifts later choices, in this
 * session and in later ones. @return OK, NOT_FOUND, STATE (already given), RANGE, STORE. */
affetto_status affetto_session_feedback(affetto_session *session, affetto_time now, uint64_t decision,
                                        const affetto_feedback *feedback);

/* Human override. stop_now: any thread, at once; nothing plays or speaks until resume. pause: no new music, prompts
 * go on. veto: this track never again for this learner. */
affetto_status affetto_session_stop_now(affetto_session *session);
affetto_status affetto_session_pause(affetto_session *session, affetto_time now);
affetto_status affetto_session_resume(affetto_session *session, affetto_time now);
affetto_status affetto_session_veto(affetto_session *session, affetto_time now, const char *track);

/* The learner turned to something else. */
affetto_status affetto_session_set_task(affetto_session *session, affetto_time now, int32_t task);

/* ---- Session: crisis --------------------------------------------------------------------------------------------- */

/* Words of a learner in danger are looked for in every pushed text, apart from all affect, by versioned patterns, by
 * a model, and by the host's classifier; the gravest counts. It notices words and misses others: it is no assessment
 * of a person, and no promise. From a hit until someone resolves it, in every sitting of the learner in this engine:
 * decide says HAND_TO_PERSON, the state names nothing (AFFETTO_ABSTAIN_CRISIS), prompt gives the fixed words and the
 * resources (also when stopped), nothing is learned. It is so without a handler, too, and for as long as this engine
 * lives: another process does not know of it. What is kept is the tier and the times, never the words. */

/* The learner's open crisis; tier NONE where there is none. @return OK, ARGUMENT. */
affetto_status affetto_session_crisis(affetto_session *session, affetto_crisis *out_crisis);

/* Someone has taken it on: the second handler will not be called. @return OK, STATE (nothing is open, or time runs
 * backwards), RANGE (the time), STORE (it holds, but is not in the audit log). */
affetto_status affetto_session_acknowledge_crisis(affetto_session *session, affetto_time now);

/* A person says that the learner's sittings may go on. @return as above. */
affetto_status affetto_session_resolve_crisis(affetto_session *session, affetto_time now);

/* How grave a message's words are, to try the detector: nobody is called, nothing is kept. `length` as in push_text.
 * @return OK, ARGUMENT, RANGE, ENCODING. */
affetto_status affetto_crisis_check(const char *utf8, ptrdiff_t length, int32_t *out_tier);

/* ---- Read back: sessions and reports ----------------------------------------------------------------------------- */

typedef struct affetto_access { /* who reads, and what for */
  uint32_t struct_size;
  int32_t purpose;              /* affetto_purpose */
  int32_t role;                 /* affetto_role */
  int32_t reserved;             /* 0 */
} affetto_access;
#define AFFETTO_ACCESS_INIT \
  { (uint32_t)sizeof(affetto_access), AFFETTO_PURPOSE_INTERVENTION, AFFETTO_ROLE_LEARNER, 0 }
void affetto_access_init(affetto_access *access, uint32_t size);

/* Learner and guardian read what is theirs. Anybody else must be let in by the preset ("view"), and for every kind of
 * evidence in the session there must be a consent to the purpose of this read: POLICY says what is missing, nothing is
 * copied, and the audit log notes the refusal. */

/* JSON array of the learner's sessions: id, started, task, number of decisions. Buffer rule as above.
 * @return OK, ARGUMENT, NOT_FOUND, POLICY. */
affetto_status affetto_learner_sessions(affetto_engine *engine, const affetto_access *access, const char *learner,
                                        char *buffer, size_t capacity, size_t *out_length);

/* One session as JSON: events, states, decisions with reasons, outcomes, prompts.
 * @return OK, ARGUMENT, NOT_FOUND, POLICY, KEY, STORE. */
affetto_status affetto_session_read(affetto_engine *engine, const affetto_access *access, const char *learner,
                                    const char *session_id, char *buffer, size_t capacity, size_t *out_length);

/* One session as a self-contained HTML page with charts. @return as affetto_session_read. */
affetto_status affetto_report_html(affetto_engine *engine, const affetto_access *access, const char *learner,
                                   const char *session_id, char *buffer, size_t capacity, size_t *out_length);

/* ---- Store: check, backup, key, retention, audit ----------------------------------------------------------------- */

/* Reads the whole store and says, as JSON, whether it is sound, what is wrong with it, and how much it holds:
 * {"is_sound", "findings": ["..."], "schema", "bytes", "learners", "consents", "sessions", "items", "tracks",
 *  "audit": {"entries", "is_intact", "first_bad", "finding"}}. Buffer rule as above; the store is read on every call.
 * @return OK (also when it is not sound), BUFFER_TOO_SMALL, STORE. */
affetto_status affetto_store_check(affetto_engine *engine, char *buffer, size_t capacity, size_t *out_length);

/* Copies the store, while it is in use, to a new file (mode 0600) that must not exist. The key ring is not in the copy:
 * keep it apart, with its own backups, or an erased learner lives on in a backup of both. Losing the ring is losing the
 * data. To restore, put the copy in the store's place beside the ring.
 * @return OK, ARGUMENT (in memory; the file exists), STORE, STORE_FULL. */
affetto_status affetto_store_backup(affetto_engine *engine, const char *path);

/* Locks all keys by another engine key from now on: `key_path` (made if absent) or `passphrase`, the other NULL. The
 * old key opens nothing afterwards: engines of other processes get KEY and must be opened again. All or nothing, also
 * when the process is killed. @return OK, ARGUMENT, KEY, STATE (read-only), STORE. */
affetto_status affetto_store_rekey(affetto_engine *engine, const char *key_path, const char *passphrase);

/* How long things are kept, in days from the beginning of their session; 0 = for as long as the learner is on file.
 * Moments are events, states and prompts; with their session go decisions and outcomes. 30 and 365 unless set; kept in
 * the store. affetto_engine_maintain sees to it. A clock that stands more than a week after the last look, or that
 * nobody has seen in this store before, is not believed at once: nothing is deleted before a second look, an hour or
 * more later, finds it so again.
 * @return OK, RANGE (0..36500; moments not longer than sessions), STORE. */
affetto_status affetto_store_set_retention(affetto_engine *engine, int32_t moments_days, int32_t sessions_days);

/* JSON {"moments_days", "sessions_days", "due": {"sessions", "items"}}: what is set, and what would be deleted now.
 * Buffer rule as above. @return OK, STORE. */
affetto_status affetto_store_retention(affetto_engine *engine, char *buffer, size_t capacity, size_t *out_length);

/* Deletes every session, of all learners, that began more than `days` (1..36500) ago, but those open in this engine,
 * or with dry_run 1 only counts them; JSON as in affetto_learner_forget. @return OK, RANGE, BUFFER_TOO_SMALL (nothing
 * is deleted), BUSY, STORE. */
affetto_status affetto_store_retain(affetto_engine *engine, int32_t days, int32_t dry_run, char *buffer,
                                    size_t capacity, size_t *out_length);

/* The audit log as JSON: {"verdict": {"entries", "is_intact", "first_bad", "finding"}, "entries": [{"seq", "at"
 * (seconds since 1970), "action", "detail", "subject"}]}. It says that something was done, never what it was about;
 * entries of one learner share a subject until that learner is erased. Each entry is chained to the one before under
 * a key: what is removed, moved or edited shows. Buffer rule as above. @return OK, BUFFER_TOO_SMALL, STORE. */
affetto_status affetto_store_audit(affetto_engine *engine, char *buffer, size_t capacity, size_t *out_length);

/* ---- Studies: research on many, never on one ----------------------------------------------------------------------*/

/* A study is of all learners who have consented to research: of each, the sessions for whose every kind of evidence a
 * consent to the purpose of research is in force.
 *
 * Begins a study with its privacy budget: what all answers of affetto_study_answer together may cost, 0.01..10 (1 is
 * usual). One of this id goes on with the budget it has. The budget is the study's, not the learners': a second study
 * of the same people spends a second one, so keep to one for each body of data. `study` 1..64 bytes, and nothing
 * personal: it is kept in the clear. @return OK, ARGUMENT, RANGE, STORE. */
affetto_status affetto_study_create(affetto_engine *engine, const char *study, double epsilon);

/* One row a session as JSON, for analysis elsewhere: {"study", "rows": [{"pseudonym", "age_band", "language", "day",
 * "task", "minutes", "states", "valence_first", "valence_last", "valence_mean", "arousal_...", "decisions", "plays",
 * "silences", "questions", "outcomes", "benefit_mean", "liking_mean"}], "report": {...}}. Pseudonyms hold within one
 * study and die with the learner's key. Days are shifted by a secret number of weeks, the same for all of a learner.
 * Age band and language are made coarser, or the learner left out, until every combination is shared by `k` (10..1000)
 * learners; the report counts what was changed and left out. The first export sets the study's k. Two exports with time
 * between them show who has come and gone: give out one, and keep the other. Buffer rule as above; each call with a
 * buffer goes into the audit log.
 * @return OK, RANGE (k; or another than before), NOT_FOUND (no such study), BUFFER_TOO_SMALL. */
affetto_status affetto_study_export(affetto_engine *engine, const char *study, int32_t k, char *buffer, size_t capacity,
                                    size_t *out_length);

/* One number with differential privacy for each learner, by noise (discrete Laplace; Canonne, Kamath and Steinke 2020):
 * question {"statistic": "count" | "mean", "of": "learners" | "sessions" (count; of each learner at most 20) |
 * "benefit" | "liking" | "valence" | "arousal" (mean of the learners' means, -1..1), "age_band": only these,
 * "epsilon": 0.1} -> {"value" (null where the noisy count of learners is below 1), "standard_error" (of the noise),
 * "epsilon", "epsilon_left"} to `buffer`, which must have room for 256 bytes. The cost is on file before the answer is
 * given. @return OK, ARGUMENT, RANGE, NOT_FOUND, POLICY (the budget is spent), BUFFER_TOO_SMALL (nothing is spent),
 * STORE. */
affetto_status affetto_study_answer(affetto_engine *engine, const char *study, const char *question, char *buffer,
                                    size_t capacity, size_t *out_length);

/* ---- Music: analysis --------------------------------------------------------------------------------------------- */

typedef struct affetto_audio { /* audio that the caller owns and keeps until the call returns */
  uint32_t struct_size;
  uint32_t rate_hz;      /* 8000..96000 */
  uint32_t channels;     /* 1..8, interleaved */
  uint32_t reserved;
  const float *samples;  /* frames x channels, -1..1 */
  size_t frames;
} affetto_audio;
#define AFFETTO_AUDIO_INIT { (uint32_t)sizeof(affetto_audio), 16000, 1, 0, NULL, 0 }
void affetto_audio_init(affetto_audio *audio, uint32_t size);

typedef enum affetto_label_source { /* who said how a track feels */
  AFFETTO_LABEL_MODEL = 0,
  AFFETTO_LABEL_CROWD = 1,
  AFFETTO_LABEL_EXPERT = 2,
  AFFETTO_LABEL_HOST = 3,
  AFFETTO_LABEL_SOURCE_FORCE_32 = 0x7FFFFFFF
} affetto_label_source;

typedef enum affetto_review_status { /* whether a track waits for a person to look at it */
  AFFETTO_REVIEW_NONE = 0,
  AFFETTO_REVIEW_NEEDED = 1,    /* something contradicts something else */
  AFFETTO_REVIEW_ACCEPTED = 2,  /* a person looked, and it stays as it is */
  AFFETTO_REVIEW_REJECTED = 3,  /* a person looked, and it is not to be played */
  AFFETTO_REVIEW_STATUS_FORCE_32 = 0x7FFFFFFF
} affetto_review_status;

/* What is known of a track in numbers; the rest is in affetto_library_get. How: bindings/python/MUSIC.md. */
typedef struct affetto_track {
  uint32_t struct_size;
  int32_t is_explicit;        /* 1: not for minors */
  char id[64];                /* unique; text fields are NUL-terminated UTF-8, "" = unknown */
  char title[128];
  char artist[128];
  char uri[512];              /* where the host finds the audio */
  char licence[64];
  char style[32];             /* genre or style tag, lower case */
  char lyrics_language[16];   /* BCP 47; "" = instrumental; "und" = sung, language unknown */
  int32_t label_source;       /* affetto_label_source */
  int32_t key;                /* 0 = C .. 11 = B */
  int32_t is_minor;
  float valence, arousal;     /* perceived, -1..1 */
  float valence_sd, arousal_sd;
  float duration_s;
  float tempo_bpm;            /* 0 = no pulse found */
  float pulse_clarity;        /* 0..1 */
  float key_clarity;          /* 0..1 */
  float majorness;            /* -1..1 */
  float loudness_lufs;        /* ITU-R BS.1770-4, integrated */
  float energy_db;            /* RMS, dB re full scale */
  float brightness_hz;        /* spectral centroid */
  float flux;
  float onset_rate;           /* per second */
  int32_t review;             /* affetto_review_status */
  int32_t minimum_age;        /* years; 0 = all */
  int32_t raters;             /* how many people the label rests on; 0 = the host or a model gave it */
  int32_t beats_per_bar;      /* 3 or 4 where downbeats stand out, else 0 */
  float tempo_stability;      /* share of beats within 4 % of the usual distance, 0..1 */
  float loudness_range_lu;    /* EBU Tech 3342 */
  float true_peak_db;         /* BS.1770-4 Annex 2, dB re full scale */
  float crest_db;             /* true peak over RMS */
  float attack_db;            /* sharpest rise of level within 50 ms, 0..60 */
  float percussiveness;       /* share of the power in strokes, 0..1 */
  float roughness;            /* sensory, 0 = smooth */
  float vocal_activity;       /* how much the partials glide as in a voice, 0..1: a rule of thumb */
  float measured_valence, measured_arousal; /* by analysis alone, whatever the label says; NaN = not analysed */
} affetto_track;
#define AFFETTO_TRACK_INIT \
  { (uint32_t)sizeof(affetto_track), 0, { 0 }, { 0 }, { 0 }, { 0 }, { 0 }, { 0 }, { 0 }, 3, 0, 0, \
                             0, 0, 0.3f, 0.3f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
                             0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NAN, NAN }
void affetto_track_init(affetto_track *track, uint32_t size);

/* One piece of music as it comes: create, push blocks of any size, finish. Memory stays under 3 MB however long the
 * piece is, but for eight bytes a beat. No policy applies: music is not personal.
 * @return OK, ARGUMENT, RANGE, MEMORY. */
affetto_status affetto_music_create(uint32_t rate_hz, uint32_t channels, affetto_music **out_music);
void affetto_music_destroy(affetto_music *music);

/* `frames` x channels interleaved samples, -1..1. A sample that is no number, or beyond 100, makes finish refuse the
 * piece. @return OK, ARGUMENT, RANGE (frames), STATE (finished), CLOSED. */
affetto_status affetto_music_push(affetto_music *music, const float *samples, size_t frames);

/* Ends the piece, which must last at least 1 s, and writes its numbers; text fields of *out_track stay as they are, and
 * out_track may be NULL. May be called again, and says the same again. @return OK, RANGE, CLOSED. */
affetto_status affetto_music_finish(affetto_music *music, affetto_track *out_track);

/* All that was found in a finished piece: {"duration_s", "tempo_bpm" .. every number of MUSIC.md .. "valence",
 * "valence_sd", "arousal", "arousal_sd", "energy", "tension", "beats" (s), "downbeats" (indices of beats), "sections"
 * (s), "chroma" (12, C to B), "mfcc", "mfcc_sd" (13 each), "style" (24 in -1..1), "fingerprint"}.
 * @return OK, STATE (not finished), BUFFER_TOO_SMALL, CLOSED. */
affetto_status affetto_music_json(affetto_music *music, char *buffer, size_t capacity, size_t *out_length);

/* create, push and finish in one call. @return OK, ARGUMENT, RANGE, MEMORY. */
affetto_status affetto_music_analyze(const affetto_audio *audio, affetto_music **out_music);

/* ---- Music: library ---------------------------------------------------------------------------------------------- */

/* Analyses a piece of at least 1 s and writes its numbers, as affetto_music_analyze and finish; nothing is kept.
 * @return OK, ARGUMENT, RANGE. */
affetto_status affetto_library_analyze(affetto_engine *engine, const affetto_audio *audio, affetto_track *out_track);

/* Keeps a finished piece under what `about` says in words (its numbers are not read; with label_source HOST, EXPERT or
 * CROWD its valence and arousal are the label, with MODEL those measured are). A track of the same uri is updated; one
 * with the same audio (of 15 s or more) whose uri is a whole path or file:/// where nothing lies any more has moved,
 * and keeps its id; else it is a new track, whose id gets a number where it is taken. Without a uri the id decides.
 * *out_track (NULL for none) is what is kept.
 * @return OK, ARGUMENT, RANGE, STATE (not finished), STORE, CLOSED. */
affetto_status affetto_library_add(affetto_engine *engine, affetto_music *music, const affetto_track *about,
                                   affetto_track *out_track);

/* Adds a track, or replaces the one with the same id. Fields that a person has corrected stay so, the label of a rated
 * track stays what its raters say, a label by people is not replaced by a model's, and what affetto_track has no room
 * for stays as it was. Styles are kept in lower case. What another process puts shows when the engine is opened anew.
 * @return OK, ARGUMENT (no id), RANGE, ENCODING, STORE. */
affetto_status affetto_library_put(affetto_engine *engine, const affetto_track *track);

/* @return OK, NOT_FOUND, STORE. */
affetto_status affetto_library_remove(affetto_engine *engine, const char *id);

/* Everything known of a track: {"track": {..}, "detail": {"beats", "downbeats", "sections", "chroma", "mfcc",
 * "mfcc_deviation"} or null}. @return OK, NOT_FOUND, BUFFER_TOO_SMALL, STORE. */
affetto_status affetto_library_get(affetto_engine *engine, const char *id, char *buffer, size_t capacity,
                                   size_t *out_length);

typedef struct affetto_query {
  uint32_t struct_size;
  int32_t instrumental_only;
  float valence, arousal;  /* centre, both or neither; NaN = any */
  float radius;            /* in valence-arousal; NaN = any */
  const char *style;       /* NULL = any */
  const char *text;        /* letters in a row of title, artist, style or tags, whatever their case; NULL = any */
  const char *like;        /* id of a track: the nearest in the style space, without it; NULL = any */
  float tempo_min, tempo_max; /* beats per minute; NaN = any */
  int32_t key;             /* 0 = C .. 11 = B; -1 = any */
  int32_t mode;            /* 0 = major, 1 = minor, -1 = any */
  int32_t age;             /* of the youngest listener, years; -1 = any */
  int32_t clean_only;      /* 1: nothing explicit */
  int32_t needs_review;    /* 1: only what waits for a person */
  int32_t with_rejected;   /* 1: also what a person has rejected */
} affetto_query;
#define AFFETTO_QUERY_INIT \
  { (uint32_t)sizeof(affetto_query), 0, NAN, NAN, NAN, NULL, NULL, NULL, NAN, NAN, -1, -1, -1, 0, 0, 0 }
void affetto_query_init(affetto_query *query, uint32_t size);

/* Tracks that fit: nearest to `like` in style, or to the centre, first; else in the order in which they came.
 * `capacity` tracks fit into `out`; *out_count is how many there are (NULL and 0 to ask). Every element of `out` must
 * have its struct_size set, or be zero, which means this header's.
 * @return OK, RANGE, NOT_FOUND (`like`), STATE (`like` was not analysed), STORE, BUFFER_TOO_SMALL (the first `capacity`
 * are written). */
affetto_status affetto_library_find(affetto_engine *engine, const affetto_query *query, affetto_track *out,
                                    size_t capacity,
                                    size_t *out_count);

/* What a person says of a track, as a JSON object: title, artist, uri, isrc, licence, rights_holder, permitted_use,
 * style, tags, lyrics_language, is_explicit, minimum_age, valence, valence_sd, arousal, arousal_sd, label_source,
 * label_method, tempo_bpm, key ("C minor"). No import and no put changes these fields again.
 * @return OK, NOT_FOUND, ARGUMENT, RANGE, STORE. */
affetto_status affetto_library_correct(affetto_engine *engine, const char *id, const char *json);

/* One person's rating, -1..1; a later one by the same rater replaces it. The track's label becomes the mean of its
 * experts, or where there are none of the crowd. `rater`: a name of yours, no learner's. `source`: EXPERT or CROWD.
 * `now`: Unix seconds. @return OK, NOT_FOUND, ARGUMENT, RANGE, STORE. */
affetto_status affetto_library_rate(affetto_engine *engine, const char *id, const char *rater, int32_t source,
                                    float valence, float arousal, int64_t now);

/* What a person decided of a track in the review queue (affetto_query.needs_review; the reasons are in
 * affetto_library_get): ACCEPTED, REJECTED, or NONE to leave it to the rules again. @return OK, NOT_FOUND, ARGUMENT,
 * STORE. */
affetto_status affetto_library_settle(affetto_engine *engine, const char *id, int32_t review);

/* How far raters agree: {"valence", "arousal" (Krippendorff's alpha, interval; null where nobody rated what another
 * rated), "ratings", "raters", "tracks" (rated by two or more)}. @return OK, BUFFER_TOO_SMALL, STORE. */
affetto_status affetto_library_agreement(affetto_engine *engine, char *buffer, size_t capacity, size_t *out_length);

typedef enum affetto_table_format {
  AFFETTO_TABLE_CSV = 0,
  AFFETTO_TABLE_JSON = 1,
  AFFETTO_TABLE_FORMAT_FORCE_32 = 0x7FFFFFFF
} affetto_table_format;

/* Takes a table of tracks: CSV with a header line, or a JSON array. Columns: id or uri, the fields of
 * affetto_library_correct, and `rater` (the row is then that person's rating). A row with a fault is left out, and the
 * others are taken; written some hundred at a time. The report, {"added", "updated", "unchanged", "ratings", "errors":
 * [{"line", "message"}]}, holds the first 100 faults and needs room for 32 KiB.
 * @return OK, ARGUMENT (no table), ENCODING, BUFFER_TOO_SMALL (nothing is taken), STORE. */
affetto_status affetto_library_import(affetto_engine *engine, int32_t format, const char *text, size_t length,
                                      char *buffer, size_t capacity, size_t *out_length);

/* Every track as affetto_library_import takes it; the CSV has what was measured besides, which an import passes over.
 * @return OK, ARGUMENT, BUFFER_TOO_SMALL, STORE. */
affetto_status affetto_library_export(affetto_engine *engine, int32_t format, char *buffer, size_t capacity,
                                      size_t *out_length);

/* A picture of the library in the plane of valence and arousal, SVG. `side` in pixels, 240..2000.
 * @return OK, RANGE, BUFFER_TOO_SMALL, STORE. */
affetto_status affetto_library_map(affetto_engine *engine, double side, char *buffer, size_t capacity,
                                   size_t *out_length);

/* Names of the numbers of a place in the style space, "mfcc_1" ..; NULL from affetto_style_dimensions() on. A change of
 * the space is a new version. */
int32_t affetto_style_dimensions(void);
int32_t affetto_style_version(void);
const char *affetto_style_name(int32_t index);

/* ---- Evaluation: what another policy would have brought ---------------------------------------------------------- */

typedef struct affetto_evaluation_options {
  uint32_t struct_size;
  int32_t draws;                /* resamplings of the learners for the intervals, 10..100000 */
  uint64_t seed;
  double ridge;                 /* weight of the squared coefficients of the outcome model, > 0 */
  double least_sample_size;     /* no estimate below this effective sample size */
  double least_coverage;        /* nor where less of the target's chances fall on actions that were to be had, 0..1 */
} affetto_evaluation_options;
#define AFFETTO_EVALUATION_OPTIONS_INIT { (uint32_t)sizeof(affetto_evaluation_options), 500, 1, 1.0, 30.0, 0.9 }
void affetto_evaluation_options_init(affetto_evaluation_options *options, uint32_t size);

/* Off-policy evaluation (Dudik, Langford & Li 2011) of choices made at random with known chances. `log`: UTF-8, one
 * JSON object a line: {"learner", "context": [numbers], "chances": [of each action under the policy that chose],
 * "action": index, "outcome": number or null, "target": [chances under the policy to be judged]}. The answer: {"ips",
 * "snips", "dm", "dr": {"value", "low", "high"} (95 %, over learners; absent with a "refusal" where the log says too
 * little), "logged", "choices", "unknown", "learners", "effective_sample_size", "coverage"}. options: NULL for the
 * defaults. @return OK, ARGUMENT (with the line), ENCODING, RANGE, BUFFER_TOO_SMALL. */
affetto_status affetto_evaluate(const char *log, size_t length, const affetto_evaluation_options *options, char *buffer,
                                size_t capacity, size_t *out_length);

/* ---- Conversation models: trained on your own turns -------------------------------------------------------------- */

/* A network over the turns of a conversation (GRUs of context, party and emotion a modality, attention, pairwise
 * fusion, after Multilogue-Net) with any subset of modalities present. Train it here, save it as a pack, and read
 * recordings with affetto_model_predict or give it to an engine with affetto_engine_load_model. No consent is asked:
 * your data is yours to answer for. Handles may be shared; a data set is read as it was when the call began. */

#define AFFETTO_DATASET_MODALITIES 8

/* `shape_json`: {"modalities": [{"name": "text", "width": 18}, ...], "labels": ["calm", "frustrated", ...],
 * "dimensions": false}: 1..8 modalities of 1..4096 numbers, 2..64 labels; with "dimensions" valence, arousal and
 * control are learned, too, and labels may be missing. @return OK, ARGUMENT, ENCODING, MEMORY. */
affetto_status affetto_dataset_create(const char *shape_json, affetto_dataset **out_dataset);
/* NULL is fine, twice is fine. */
void affetto_dataset_destroy(affetto_dataset *dataset);

/* A new conversation. `group` says what must not be on both sides of a split: a speaker, a video, a family; 1..128
 * bytes. @return OK, ARGUMENT, RANGE, ENCODING, CLOSED. */
affetto_status affetto_dataset_begin(affetto_dataset *dataset, const char *group);

typedef struct affetto_turn {
  uint32_t struct_size;
  int32_t party;                   /* the same number for the same person within a conversation */
  int32_t label;                   /* place in the labels; -1 = not labelled */
  float valence, arousal, control; /* -1..1; NaN = not known */
  const float *features[AFFETTO_DATASET_MODALITIES]; /* a modality each, `width` numbers; NULL = missing. NaN among the
                                                        numbers = that one is not known */
} affetto_turn;
#define AFFETTO_TURN_INIT { (uint32_t)sizeof(affetto_turn), 0, -1, NAN, NAN, NAN, { NULL } }
void affetto_turn_init(affetto_turn *turn, uint32_t size);

/* The next turn of the conversation that was begun last; its numbers are copied. At most 2^24 turns and 2^28 numbers.
 * @return OK, ARGUMENT, RANGE, STATE (no conversation was begun), CLOSED. */
affetto_status affetto_dataset_add(affetto_dataset *dataset, const affetto_turn *turn);
affetto_status affetto_dataset_count(affetto_dataset *dataset, uint64_t *out_turns);

typedef struct affetto_training_progress {
  uint32_t struct_size;
  uint32_t epoch, epochs;
  int32_t is_best;                 /* 1: best so far on what is held back */
  float loss;                      /* mean over the epoch */
  float validation_loss;           /* on what is held back: log loss, accuracy, unweighted average recall; NaN = */
  float validation_accuracy;       /* nothing is held back */
  float validation_uar;
  float gigaflops;                 /* matrix arithmetic so far, 1e9 operations a second of this thread's time */
} affetto_training_progress;
#define AFFETTO_TRAINING_PROGRESS_INIT { (uint32_t)sizeof(affetto_training_progress), 0, 0, 0, 0, 0, 0, 0, 0 }
void affetto_training_progress_init(affetto_training_progress *progress, uint32_t size);

/* Called after each epoch on the training thread; anything but 0 cancels. */
typedef int32_t (*affetto_progress_fn)(void *context, const affetto_training_progress *progress);

typedef struct affetto_training_options {
  uint32_t struct_size;
  uint32_t width;                  /* units of each GRU, 4..256 */
  int32_t is_causal;               /* 1: a turn sees what came before, for live use; 0: the whole conversation */
  uint32_t epochs, patience;       /* at most; and after how many without progress on what is held back it stops */
  uint32_t batch;                  /* conversations a step, but at most a twelfth of all */
  float rate, decay;               /* of Adam; weight decay */
  float dropout;                   /* share of units, 0..0.9 */
  float modality_dropout;          /* how often a modality is hidden, 0..0.9: so that any subset will do later */
  float class_balance;             /* 0: turns count alike; 1: classes do */
  float validation_share;          /* of the groups, 0..0.5, held back to stop in time and to calibrate */
  float mixing[AFFETTO_DATASET_MODALITIES]; /* 0..1.95: how far numbers are drawn towards another turn's while training;
                                      for features that know the training turns too well. The own share is drawn from
                                      max(0, 1 - m)..min(1, 2 - m) */
  uint64_t seed;                   /* same data, options and seed: same model */
  const char *about;               /* for the card, at most 4096 bytes; NULL = "" */
  const char *checkpoint_path;     /* a pack is written here at each best epoch; NULL = none */
  affetto_progress_fn progress;    /* NULL = none */
  void *progress_context;
} affetto_training_options;
#define AFFETTO_TRAINING_OPTIONS_INIT \
  { (uint32_t)sizeof(affetto_training_options), 32, 1, 60, 10, 16, 0.002f, 0.4f, 0.4f, 0.3f, 0, 0.15f, { 0 }, 1, NULL, \
    NULL, NULL, NULL }
void affetto_training_options_init(affetto_training_options *options, uint32_t size);

/* Trains on the calling thread: seconds for a thousand turns. The card's figures are on what was held back, mixed as in
 * training, with the temperature that was fitted there: a little kinder than others' turns will be.
 * @param options NULL = the defaults
 * @return OK, ARGUMENT, RANGE, ENCODING, STATE (no turn is labelled), CANCELLED, STORE, STORE_FULL (the checkpoint),
 *         MEMORY (over 8 GiB, or than there is), CLOSED. */
affetto_status affetto_model_train(affetto_dataset *dataset, const affetto_training_options *options,
                                   affetto_model **out_model);

/* Whole or not at all: what was at `path` stays where writing fails.
 * @return OK, ARGUMENT, STORE, STORE_FULL, CLOSED. */
affetto_status affetto_model_save(affetto_model *model, const char *path);
/* @return OK, NOT_FOUND, MODEL (damaged, cut short, another task), MODEL_VERSION (of another format or revision). */
affetto_status affetto_model_load(const char *path, affetto_model **out_model);
/* NULL is fine, twice is fine. */
void affetto_model_destroy(affetto_model *model);

/* Per turn, in the order of adding: probabilities of the labels, which sum to 1, then valence, arousal and control
 * where the model tells them. `capacity` counts floats; *out_count is how many there are; NULL and 0 to ask, which is
 * quick. @return OK, ARGUMENT (other modalities than the model's), RANGE, BUFFER_TOO_SMALL (nothing is written),
 * MEMORY (a conversation needs over 8 GiB, or than there is), CLOSED. */
affetto_status affetto_model_predict(affetto_model *model, affetto_dataset *dataset, float *out, size_t capacity,
                                     size_t *out_count);

/* How well the model does on labelled turns, as JSON: {"turns", "accuracy", "uar", "weighted_f1", "macro_f1", "ece",
 * "log_loss", "confusion" (rows: truth)}, and "valence_r", "arousal_r", "control_r" where it tells them. Meaningful on
 * groups it was not trained on. Buffer rule as above. */
affetto_status affetto_model_evaluate(affetto_model *model, affetto_dataset *dataset, char *buffer, size_t capacity,
                                      size_t *out_length);

/* The model's card as JSON: {"about", "shape", "is_causal", "parameters", "turns", "conversations", "epochs", "seed",
 * "validation"}. Buffer rule as above. */
affetto_status affetto_model_card(affetto_model *model, char *buffer, size_t capacity, size_t *out_length);

/* ---- Research: voice features without a session ------------------------------------------------------------------ */

/* These calls infer no feeling and ask no policy: whoever brings the recording answers for it.
 *
 * The features are those of eGeMAPSv02 (Eyben et al. 2016, IEEE Trans. Affective Computing 7(2)): 25 descriptors a
 * frame, one frame every 10 ms, and 88 functionals of a recording or a window, with their usual names and order.
 * Definitions, units and what differs from openSMILE: bindings/python/VOICE.md. */
typedef enum affetto_voice_mode {
  AFFETTO_VOICE_CORRECTED = 0,  /* sound signal processing, the same at every sample rate: the default */
  AFFETTO_VOICE_COMPATIBLE = 1, /* as openSMILE 3.0 computes them, its known errors included */
  AFFETTO_VOICE_MODE_FORCE_32 = 0x7fffffff
} affetto_voice_mode;

#define AFFETTO_VOICE_FEATURE_COUNT 88
#define AFFETTO_VOICE_DESCRIPTOR_COUNT 25
int32_t affetto_voice_feature_count(void);
int32_t affetto_voice_descriptor_count(void);
/* Standard names ("F0semitoneFrom27.5Hz_sma3nz_amean", "Loudness_sma3") and units ("semitone", "dB"); NULL outside
 * the range. */
const char *affetto_voice_feature_name(int32_t index);
const char *affetto_voice_feature_unit(int32_t index);
const char *affetto_voice_descriptor_name(int32_t index);
const char *affetto_voice_descriptor_unit(int32_t index);

/* The 88 functionals of a recording of 0.1 s or more, of any length, in constant memory: beyond ten minutes
 * percentiles come from a histogram of 1/64 semitone and 0.4 % of loudness. Channels are averaged (compatible mode
 * takes the first). A functional that found nothing to measure (no voice, say) is 0, as in openSMILE.
 * @param mode        affetto_voice_mode
 * @param out         room for `capacity` numbers; NULL and 0 ask the count
 * @return OK, ARGUMENT (shorter than 0.1 s), RANGE, BUFFER_TOO_SMALL. */
affetto_status affetto_voice_features(const affetto_audio *audio, int32_t mode, float *out, size_t capacity,
                                      size_t *out_count);

typedef struct affetto_voice_frame {
  uint32_t struct_size;
  int32_t is_final;         /* 0: provisional, a final frame of the same index follows */
  int64_t index;            /* from 0 */
  double time_s;            /* the frame's centre; in compatible mode its beginning, as openSMILE has it */
  float f0_hz;              /* 0 = unvoiced */
  float periodicity;        /* 0..1 */
  float intensity_db;       /* mean square over 20 ms, dB re full scale; -100 = digital silence */
  int32_t is_speech;        /* voice activity */
  int32_t is_nucleus;       /* a syllable nucleus was completed here */
  float descriptor[AFFETTO_VOICE_DESCRIPTOR_COUNT]; /* smoothed over three frames when final; 0 = none */
} affetto_voice_frame;
#define AFFETTO_VOICE_FRAME_INIT { (uint32_t)sizeof(affetto_voice_frame), 0, 0, 0, 0, 0, 0, 0, 0, { 0 } }
void affetto_voice_frame_init(affetto_voice_frame *frame, uint32_t size);

/* Every frame of a recording of 0.1 s or more, all final. `capacity` frames fit into `out`; *out_count is how many
 * there are (NULL and 0 to ask, which is quick and does not look at the samples). Elements of `out` have their
 * struct_size set, or zero. @return OK, ARGUMENT, RANGE (not finite: `out` may hold the frames before it),
 * BUFFER_TOO_SMALL (nothing is written). */
affetto_status affetto_voice_frames(const affetto_audio *audio, int32_t mode, affetto_voice_frame *out, size_t capacity,
                                    size_t *out_count);

typedef struct affetto_voice_summary { /* of one recording; NaN where there was nothing to measure */
  uint32_t struct_size;
  float duration_s;
  float speech_ratio;      /* share of time with speech */
  float voiced_ratio;      /* share of speech that is voiced */
  float f0_mean_hz;        /* geometric mean over voiced frames */
  float f0_sd_semitones;
  float intensity_db;      /* mean over speech, dB re full scale */
  float intensity_sd_db;
  float syllables_per_s;   /* syllable nuclei per second of recording (de Jong & Wempe 2009) */
  float alpha_ratio_db;    /* energy above over below 1 kHz, voiced frames */
  float snr_db;            /* speech against the quietest tenth */
  float clipped_ratio;     /* share of samples at or above full scale */
  float pauses_per_min;    /* silences of 0.2 s or more between stretches of speech */
  float pause_mean_s;
  float bandwidth_hz;      /* up to where the speech reaches: within 55 dB of its strongest band; at most 8000 */
} affetto_voice_summary;
#define AFFETTO_VOICE_SUMMARY_INIT \
  { (uint32_t)sizeof(affetto_voice_summary), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }
void affetto_voice_summary_init(affetto_voice_summary *summary, uint32_t size);

/* Pitch, level, rate, pauses and recording quality of 0.1 s or more. The numbers equal those of the same samples
 * pushed in blocks of any size. @return OK, ARGUMENT, RANGE. */
affetto_status affetto_voice_analyze(const affetto_audio *audio, affetto_voice_summary *out_summary);

/* The same as a stream: push from one (real-time) thread, advance on another, poll from anywhere. */
typedef struct affetto_voice_options {
  uint32_t struct_size;
  uint32_t rate_hz;      /* 8000..96000 */
  uint32_t channels;     /* 1..8, interleaved */
  int32_t mode;          /* affetto_voice_mode */
  int32_t provisional;   /* 1: each frame also comes at once, before its pitch is decided */
  float window_s;        /* functionals over windows of this length, 0.5..600; 0 = no windows */
  float hop_s;           /* from one window to the next, 0.1..600; of no account without windows */
} affetto_voice_options;
#define AFFETTO_VOICE_OPTIONS_INIT \
  { (uint32_t)sizeof(affetto_voice_options), 16000, 1, AFFETTO_VOICE_CORRECTED, 0, 0, 1 }
void affetto_voice_options_init(affetto_voice_options *options, uint32_t size);

/* About 3 MB, and 50 KB for each second of window. @return OK, RANGE, MEMORY. */
affetto_status affetto_voice_create(const affetto_voice_options *options, affetto_voice **out_voice);
/* Everything heard is zeroed. NULL is fine, twice is fine. */
void affetto_voice_destroy(affetto_voice *voice);

/* Takes `frames` x channels samples, -1..1. One producer; waits for nobody, allocates nothing (but a thread's first
 * error message). @return OK, ARGUMENT, RANGE (not finite: nothing is taken), STATE (finished), CLOSED,
 *         OVERRUN (4 s wait for advance already: the rest is dropped and counted). */
affetto_status affetto_voice_push(affetto_voice *voice, const float *samples, size_t frames);

/* Analyses what was pushed; allocates nothing. A provisional frame is ready 25 ms after its centre was pushed, a
 * final one 0.34 s after it (compatible: when its 60 ms are complete, and at most 0.42 s later).
 * @return OK, STATE (finished), CLOSED. */
affetto_status affetto_voice_advance(affetto_voice *voice);

/* The signal has ended: advances, then gives out the frames that still waited. @return OK, STATE, CLOSED. */
affetto_status affetto_voice_finish(affetto_voice *voice);

/* Takes up to `capacity` frames, oldest first; *out_count is how many were taken. Of frames that nobody takes the
 * latest 2048 are kept. Allocates nothing. Elements of `out` have their struct_size set, or zero. @return OK,
 * ARGUMENT, CLOSED. */
affetto_status affetto_voice_poll(affetto_voice *voice, affetto_voice_frame *out, size_t capacity, size_t *out_count);

typedef struct affetto_voice_window {
  uint32_t struct_size;
  uint32_t reserved;
  double start_s, end_s;
  float feature[AFFETTO_VOICE_FEATURE_COUNT];
} affetto_voice_window;
#define AFFETTO_VOICE_WINDOW_INIT { (uint32_t)sizeof(affetto_voice_window), 0, 0, 0, { 0 } }
void affetto_voice_window_init(affetto_voice_window *window, uint32_t size);

/* Takes windows that are complete, as affetto_voice_poll takes frames; the latest 64 are kept. */
affetto_status affetto_voice_poll_windows(affetto_voice *voice, affetto_voice_window *out, size_t capacity,
                                          size_t *out_count);

/* The functionals, and the summary, of all that was advanced so far. Buffer as in affetto_voice_features. */
affetto_status affetto_voice_functionals(affetto_voice *voice, float *out, size_t capacity, size_t *out_count);
affetto_status affetto_voice_summarize(affetto_voice *voice, affetto_voice_summary *out_summary);

/* Audio frames dropped because the ring was full. */
affetto_status affetto_voice_dropped(affetto_voice *voice, uint64_t *out_frames);

/* ---- Research: a face without a session -------------------------------------------------------------------------- */

/* Signals and expression of frames, by the embedded model; no consent is asked, nothing is kept. Used by one thread at
 * a time. @return OK, ARGUMENT, MEMORY. */
affetto_status affetto_face_create(affetto_face **out_face);
/* What was seen is overwritten. NULL is fine, twice is fine. */
void affetto_face_destroy(affetto_face *face);
/* Takes a frame; once warm it allocates nothing. A time of more than a second before the last begins anew; frames more
 * than 2 s apart make no moment to read an expression from. @return OK, ARGUMENT, RANGE, CLOSED. */
affetto_status affetto_face_push(affetto_face *face, affetto_time time, const affetto_face_frame *frame);
/* The signals as of the latest frame; allocates nothing. @return OK, ARGUMENT, CLOSED. */
affetto_status affetto_face_poll(affetto_face *face, affetto_face_signals *out_signals);

typedef enum affetto_face_format {
  AFFETTO_FACE_TABLE = 0,      /* any CSV whose header names blendshapes, action units or points; "time" or "frame" */
  AFFETTO_FACE_LIVE_LINK = 1,  /* Live Link Face, CSV */
  AFFETTO_FACE_MEDIAPIPE = 2,  /* FaceLandmarker results, JSON: an array, {"frames": ..}, or one a line */
  AFFETTO_FACE_OPENFACE = 3,   /* OpenFace 2, CSV */
  AFFETTO_FACE_PYFEAT = 4,     /* py-feat, CSV */
  AFFETTO_FACE_FORMAT_FORCE_32 = 0x7fffffff
} affetto_face_format;

typedef struct affetto_face_recording_options {
  uint32_t struct_size;
  int32_t face;              /* of several faces this one (OpenFace's face_id, MediaPipe's index); -1 = the main one */
  double frames_per_s;       /* for files that count frames; 0 = as the file lets guess, or 30 */
  double image_aspect;       /* width over height, which MediaPipe's points need; 0 = as the file says (imageWidth,
                                imageHeight), or points are left out */
} affetto_face_recording_options;
#define AFFETTO_FACE_RECORDING_OPTIONS_INIT { (uint32_t)sizeof(affetto_face_recording_options), -1, 0, 0 }
void affetto_face_recording_options_init(affetto_face_recording_options *options, uint32_t size);

/* Reads a file's bytes; which format it is shows. Columns are matched by name. The last line may be cut short.
 * @param options NULL = the defaults
 * @return OK, ARGUMENT (none of the formats; a line that cannot be read, named; eight columns AU01..AU08, which are
 *         OpenFace 3's and not these units), RANGE, MEMORY. */
affetto_status affetto_face_recording_read(const char *bytes, size_t length,
                                           const affetto_face_recording_options *options,
                                           affetto_face_recording **out_recording);
/* NULL is fine, twice is fine. */
void affetto_face_recording_destroy(affetto_face_recording *recording);

typedef struct affetto_face_recording_summary {
  uint32_t struct_size;
  int32_t format;            /* affetto_face_format */
  int32_t is_cut;            /* 1: the file ended in the middle of a frame, which is left out */
  int32_t has_blendshapes, has_action_units, has_points, has_head; /* 1: in some frame */
  uint64_t frames;
  uint64_t faces;            /* frames with a face */
  double duration_s;         /* from the first frame to the last */
} affetto_face_recording_summary;
#define AFFETTO_FACE_RECORDING_SUMMARY_INIT \
  { (uint32_t)sizeof(affetto_face_recording_summary), 0, 0, 0, 0, 0, 0, 0, 0, 0 }
void affetto_face_recording_summary_init(affetto_face_recording_summary *summary, uint32_t size);
/* @return OK, ARGUMENT, CLOSED. */
affetto_status affetto_face_recording_summarize(affetto_face_recording *recording,
                                                affetto_face_recording_summary *out_summary);
/* Frame `index` with its time. Its points, in the order of iBUG's 68, live as long as the recording.
 * @return OK, ARGUMENT, RANGE (no such frame), CLOSED. */
affetto_status affetto_face_recording_frame(affetto_face_recording *recording, uint64_t index, affetto_time *out_time,
                                            affetto_face_frame *out_frame);

/* ---- Research: text without a session ---------------------------------------------------------------------------- */

/* What the embedded text models say of a message in English or Chinese; no consent is asked, nothing is kept. */
typedef struct affetto_text_reading {
  uint32_t struct_size;
  int32_t language;                         /* affetto_language */
  int32_t emotion;                          /* most likely, or AFFETTO_UNKNOWN where it is too unsure to name one,
                                               and beside grave words */
  int32_t crisis;                           /* affetto_crisis_tier */
  float quality;                            /* 0..1: how much of the message the model knows; 0 = nothing was said, or
                                               in no language it reads */
  float valence, arousal, control;          /* -1..1 */
  float valence_sd, arousal_sd, control_sd; /* of the error on texts left out */
  float probability[14];                    /* by affetto_emotion, summing to 1; NaN = this model cannot name it; all
                                               NaN where nothing is said, and beside grave words */
  float goal_blocked, other_to_blame, uncertainty; /* 0..1: appraisals, by cues in the words */
  float help, vent, plan;                   /* 0..1: what the writer may want, each by itself */
} affetto_text_reading;
#define AFFETTO_TEXT_READING_INIT \
  { (uint32_t)sizeof(affetto_text_reading), 0, AFFETTO_UNKNOWN, 0, 0, 0, 0, 0, 0, 0, 0, { 0 }, 0, 0, 0, 0, 0, 0 }
void affetto_text_reading_init(affetto_text_reading *reading, uint32_t size);

/* `length` bytes of UTF-8, or -1 for NUL-terminated; at most 1 MiB. The first call in a process makes the models ready.
 * @return OK, ARGUMENT, RANGE, ENCODING. */
affetto_status affetto_text_read(const char *utf8, ptrdiff_t length, affetto_text_reading *out_reading);

/* The same message in the terms of the corpora, as JSON: {"language", "labels": {"admiration": 0.1, ...} (GoEmotions'
 * 28, or CPED's 13), "perceived": {"anger": ...} (BRIGHTER's)}, each probability by itself; empty objects where the
 * language is not read. Buffer rule as above. @return OK, ARGUMENT, RANGE, ENCODING, BUFFER_TOO_SMALL. */
affetto_status affetto_text_labels(const char *utf8, ptrdiff_t length, char *buffer, size_t capacity,
                                   size_t *out_length);

/* Why an emotion is likely, word by word, as JSON: {"emotion", "probability", "log_odds", "bias", "word_list", "spans":
 * [{"from", "to" (bytes), "weight"}]}; bias, word_list (rated words as a whole) and weights sum to log_odds. `emotion`
 * AFFETTO_UNKNOWN = the most likely one. Buffer rule as above. @return OK, ARGUMENT, RANGE, ENCODING, NOT_FOUND (the
 * language is not read, the emotion cannot be named, or the words are grave), BUFFER_TOO_SMALL. */
affetto_status affetto_text_explain(const char *utf8, ptrdiff_t length, int32_t emotion, char *buffer, size_t capacity,
                                    size_t *out_length);

typedef enum affetto_lyrics_tag { /* bits */
  AFFETTO_LYRICS_SUICIDE = 1, AFFETTO_LYRICS_SELF_HARM = 2, AFFETTO_LYRICS_VIOLENCE = 4, AFFETTO_LYRICS_SUBSTANCE = 8,
  AFFETTO_LYRICS_SEXUAL = 16, AFFETTO_LYRICS_PROFANITY = 32,
  AFFETTO_LYRICS_FORCE_32 = 0x7fffffff
} affetto_lyrics_tag;

typedef struct affetto_lyrics {
  uint32_t struct_size;
  int32_t language;              /* affetto_language */
  int32_t tags;                  /* of affetto_lyrics_tag: found by word patterns, so no tag is no review */
  float quality;                 /* 0 = no line says anything in a language that is read */
  float valence, arousal;        /* of the words, not of the music: -1..1, mean over the lines */
  float valence_sd, arousal_sd;
} affetto_lyrics;
#define AFFETTO_LYRICS_INIT { (uint32_t)sizeof(affetto_lyrics), 0, 0, 0, 0, 0, 0, 0 }
void affetto_lyrics_init(affetto_lyrics *lyrics, uint32_t size);

/* Reads lyrics, one line a verse. @return OK, ARGUMENT, RANGE, ENCODING. */
affetto_status affetto_lyrics_read(const char *utf8, ptrdiff_t length, affetto_lyrics *out_lyrics);

#ifdef __cplusplus
}
#endif
#endif /* AFFETTO_H */
