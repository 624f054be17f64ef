"""The structs of affetto.h in ctypes, in the header's order.

The package's tests compare names, types, sizes and offsets with the header and with a C compiler.
"""

from __future__ import annotations

from ctypes import (
    CFUNCTYPE,
    POINTER,
    Structure,
    c_char,
    c_char_p,
    c_double,
    c_float,
    c_int32,
    c_int64,
    c_size_t,
    c_uint8,
    c_uint32,
    c_uint64,
    c_void_p,
)

ABI_VERSION = 0
BLENDSHAPE_COUNT = 52
ACTION_UNIT_COUNT = 23
EXPRESSION_COUNT = 8
VOICE_FEATURE_COUNT = 88
EMOTION_COUNT = 14
VOICE_DESCRIPTOR_COUNT = 25
TURN_MODALITY_COUNT = 3
TURN_EVIDENCE_COUNT = 18
DATASET_MODALITIES = 8

# int32_t (*)(void *context, uint8_t key[32])
KEY_FN = CFUNCTYPE(c_int32, c_void_p, POINTER(c_uint8))
# void (*)(void *context, int32_t level, const char *line)
LOG_FN = CFUNCTYPE(None, c_void_p, c_int32, c_char_p)


class affetto_crisis(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("tier", c_int32),
        ("source", c_int32),
        ("is_acknowledged", c_int32),
        ("is_escalated", c_int32),
        ("reserved", c_int32),
        ("time", c_int64),
        ("deadline", c_int64),
    ]


# void (*)(void *context, const char *learner, const char *session_id, const affetto_crisis *crisis)
CRISIS_FN = CFUNCTYPE(None, c_void_p, c_char_p, c_char_p, POINTER(affetto_crisis))
# int32_t (*)(void *context, const char *utf8, size_t length); the text has no closing NUL
CLASSIFIER_FN = CFUNCTYPE(c_int32, c_void_p, POINTER(c_char), c_size_t)


class affetto_engine_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("read_only", c_int32),
        ("store_path", c_char_p),
        ("policy_preset", c_char_p),
        ("key", KEY_FN),
        ("key_context", c_void_p),
        ("key_path", c_char_p),
        ("passphrase", c_char_p),
        ("log", LOG_FN),
        ("log_context", c_void_p),
        ("seed", c_uint64),
        ("crisis", CRISIS_FN),
        ("crisis_second", CRISIS_FN),
        ("crisis_classifier", CLASSIFIER_FN),
        ("crisis_context", c_void_p),
        ("crisis_resources", c_char_p),
        ("crisis_deadline_s", c_int32),
        ("reserved", c_int32),
    ]


class affetto_consent(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("modality", c_int32),
        ("purpose", c_int32),
        ("grantor", c_int32),
        ("granted_unix_s", c_int64),
        ("expires_unix_s", c_int64),
        ("method", c_char_p),
        ("evidence_sha256", c_char_p),
    ]


class affetto_session_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("task", c_int32),
        ("purpose", c_int32),
        ("playback", c_int32),
        ("audio_rate_hz", c_uint32),
        ("audio_channels", c_uint32),
        ("started_unix_s", c_int64),
    ]


class affetto_face_frame(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("tracking", c_float),
        ("blendshape", c_float * BLENDSHAPE_COUNT),
        ("action_unit", c_float * ACTION_UNIT_COUNT),
        ("yaw", c_float),
        ("pitch", c_float),
        ("roll", c_float),
        ("gaze_x", c_float),
        ("gaze_y", c_float),
        ("point_layout", c_int32),
        ("point_count", c_uint32),
        ("points", c_void_p),
    ]


class affetto_face_signals(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("is_valid", c_int32),
        ("time", c_int64),
        ("basis", c_int32),
        ("quality", c_float),
        ("action_unit", c_float * ACTION_UNIT_COUNT),
        ("smile", c_float),
        ("frown", c_float),
        ("brow_raise", c_float),
        ("brow_lower", c_float),
        ("smile_genuineness", c_float),
        ("eye_closure", c_float),
        ("blink_rate", c_float),
        ("eyes_closed_share", c_float),
        ("gaze_away", c_float),
        ("head_motion", c_float),
        ("smile_mean", c_float),
        ("smile_sd", c_float),
        ("smile_peak", c_float),
        ("frown_mean", c_float),
        ("frown_sd", c_float),
        ("frown_peak", c_float),
        ("brow_raise_mean", c_float),
        ("brow_raise_sd", c_float),
        ("brow_raise_peak", c_float),
        ("brow_lower_mean", c_float),
        ("brow_lower_sd", c_float),
        ("brow_lower_peak", c_float),
        ("eye_closure_mean", c_float),
        ("eye_closure_sd", c_float),
        ("eye_closure_peak", c_float),
        ("expression", c_float * EXPRESSION_COUNT),
        ("valence", c_float),
        ("arousal", c_float),
        ("confusion", c_float),
        ("frustration", c_float),
        ("boredom", c_float),
        ("engagement", c_float),
        ("learning_sd", c_float),
    ]


class affetto_activity_event(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("kind", c_int32),
        ("correct", c_int32),
        ("attempts", c_int32),
        ("seconds", c_float),
        ("difficulty", c_float),
    ]


class affetto_self_report(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("emotion", c_int32),
        ("valence", c_float),
        ("arousal", c_float),
        ("control", c_float),
        ("reserved", c_uint32),
        ("word", c_char_p),
    ]


class affetto_state(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("emotion", c_int32),
        ("time", c_int64),
        ("valence", c_float),
        ("arousal", c_float),
        ("control", c_float),
        ("valence_sd", c_float),
        ("arousal_sd", c_float),
        ("control_sd", c_float),
        ("probability", c_float * 14),
        ("confidence", c_float),
        ("abstain", c_int32),
        ("evidence", c_float * 5),
        ("generation", c_uint64),
    ]


class affetto_decision(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("action", c_int32),
        ("id", c_uint64),
        ("gate", c_int32),
        ("strategy", c_int32),
        ("goal", c_int32),
        ("reserved", c_int32),
        ("track", c_char * 64),
        ("propensity", c_double),
        ("expected_benefit", c_float),
        ("expected_liking", c_float),
        ("target_valence", c_float),
        ("target_arousal", c_float),
        ("path_progress", c_float),
        ("reserved_2", c_float),
    ]


class affetto_feedback(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("skipped", c_int32),
        ("liking", c_float),
        ("benefit", c_float),
        ("listened_seconds", c_float),
    ]


class affetto_audio(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("rate_hz", c_uint32),
        ("channels", c_uint32),
        ("reserved", c_uint32),
        ("samples", c_void_p),
        ("frames", c_size_t),
    ]


class affetto_track(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("is_explicit", c_int32),
        ("id", c_char * 64),
        ("title", c_char * 128),
        ("artist", c_char * 128),
        ("uri", c_char * 512),
        ("licence", c_char * 64),
        ("style", c_char * 32),
        ("lyrics_language", c_char * 16),
        ("label_source", c_int32),
        ("key", c_int32),
        ("is_minor", c_int32),
        ("valence", c_float),
        ("arousal", c_float),
        ("valence_sd", c_float),
        ("arousal_sd", c_float),
        ("duration_s", c_float),
        ("tempo_bpm", c_float),
        ("pulse_clarity", c_float),
        ("key_clarity", c_float),
        ("majorness", c_float),
        ("loudness_lufs", c_float),
        ("energy_db", c_float),
        ("brightness_hz", c_float),
        ("flux", c_float),
        ("onset_rate", c_float),
        ("review", c_int32),
        ("minimum_age", c_int32),
        ("raters", c_int32),
        ("beats_per_bar", c_int32),
        ("tempo_stability", c_float),
        ("loudness_range_lu", c_float),
        ("true_peak_db", c_float),
        ("crest_db", c_float),
        ("attack_db", c_float),
        ("percussiveness", c_float),
        ("roughness", c_float),
        ("vocal_activity", c_float),
        ("measured_valence", c_float),
        ("measured_arousal", c_float),
    ]


class affetto_query(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("instrumental_only", c_int32),
        ("valence", c_float),
        ("arousal", c_float),
        ("radius", c_float),
        ("style", c_char_p),
        ("text", c_char_p),
        ("like", c_char_p),
        ("tempo_min", c_float),
        ("tempo_max", c_float),
        ("key", c_int32),
        ("mode", c_int32),
        ("age", c_int32),
        ("clean_only", c_int32),
        ("needs_review", c_int32),
        ("with_rejected", c_int32),
    ]


class affetto_evaluation_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("draws", c_int32),
        ("seed", c_uint64),
        ("ridge", c_double),
        ("least_sample_size", c_double),
        ("least_coverage", c_double),
    ]


class affetto_access(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("purpose", c_int32),
        ("role", c_int32),
        ("reserved", c_int32),
    ]


class affetto_voice_frame(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("is_final", c_int32),
        ("index", c_int64),
        ("time_s", c_double),
        ("f0_hz", c_float),
        ("periodicity", c_float),
        ("intensity_db", c_float),
        ("is_speech", c_int32),
        ("is_nucleus", c_int32),
        ("descriptor", c_float * VOICE_DESCRIPTOR_COUNT),
    ]


class affetto_voice_summary(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("duration_s", c_float),
        ("speech_ratio", c_float),
        ("voiced_ratio", c_float),
        ("f0_mean_hz", c_float),
        ("f0_sd_semitones", c_float),
        ("intensity_db", c_float),
        ("intensity_sd_db", c_float),
        ("syllables_per_s", c_float),
        ("alpha_ratio_db", c_float),
        ("snr_db", c_float),
        ("clipped_ratio", c_float),
        ("pauses_per_min", c_float),
        ("pause_mean_s", c_float),
        ("bandwidth_hz", c_float),
    ]


class affetto_voice_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("rate_hz", c_uint32),
        ("channels", c_uint32),
        ("mode", c_int32),
        ("provisional", c_int32),
        ("window_s", c_float),
        ("hop_s", c_float),
    ]


class affetto_face_recording_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("face", c_int32),
        ("frames_per_s", c_double),
        ("image_aspect", c_double),
    ]


class affetto_face_recording_summary(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("format", c_int32),
        ("is_cut", c_int32),
        ("has_blendshapes", c_int32),
        ("has_action_units", c_int32),
        ("has_points", c_int32),
        ("has_head", c_int32),
        ("frames", c_uint64),
        ("faces", c_uint64),
        ("duration_s", c_double),
    ]


class affetto_text_reading(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("language", c_int32),
        ("emotion", c_int32),
        ("crisis", c_int32),
        ("quality", c_float),
        ("valence", c_float),
        ("arousal", c_float),
        ("control", c_float),
        ("valence_sd", c_float),
        ("arousal_sd", c_float),
        ("control_sd", c_float),
        ("probability", c_float * EMOTION_COUNT),
        ("goal_blocked", c_float),
        ("other_to_blame", c_float),
        ("uncertainty", c_float),
        ("help", c_float),
        ("vent", c_float),
        ("plan", c_float),
    ]


class affetto_lyrics(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("language", c_int32),
        ("tags", c_int32),
        ("quality", c_float),
        ("valence", c_float),
        ("arousal", c_float),
        ("valence_sd", c_float),
        ("arousal_sd", c_float),
    ]


class affetto_voice_window(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("start_s", c_double),
        ("end_s", c_double),
        ("feature", c_float * VOICE_FEATURE_COUNT),
    ]


class affetto_turn_reading(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("party", c_int32),
        ("has_evidence", c_int32 * TURN_MODALITY_COUNT),
        ("has_probability", c_int32),
        ("evidence", c_float * TURN_EVIDENCE_COUNT * TURN_MODALITY_COUNT),
        ("probability", c_float * EMOTION_COUNT),
        ("seconds", c_float),
        ("reserved", c_int32),
    ]


class affetto_turn(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("party", c_int32),
        ("label", c_int32),
        ("valence", c_float),
        ("arousal", c_float),
        ("control", c_float),
        ("features", c_void_p * DATASET_MODALITIES),
    ]


class affetto_training_progress(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("epoch", c_uint32),
        ("epochs", c_uint32),
        ("is_best", c_int32),
        ("loss", c_float),
        ("validation_loss", c_float),
        ("validation_accuracy", c_float),
        ("validation_uar", c_float),
        ("gigaflops", c_float),
    ]


# int32_t (*)(void *context, const affetto_training_progress *progress)
PROGRESS_FN = CFUNCTYPE(c_int32, c_void_p, POINTER(affetto_training_progress))


class affetto_training_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("width", c_uint32),
        ("is_causal", c_int32),
        ("epochs", c_uint32),
        ("patience", c_uint32),
        ("batch", c_uint32),
        ("rate", c_float),
        ("decay", c_float),
        ("dropout", c_float),
        ("modality_dropout", c_float),
        ("class_balance", c_float),
        ("validation_share", c_float),
        ("mixing", c_float * DATASET_MODALITIES),
        ("seed", c_uint64),
        ("about", c_char_p),
        ("checkpoint_path", c_char_p),
        ("progress", PROGRESS_FN),
        ("progress_context", c_void_p),
    ]


STRUCTS: tuple[type[Structure], ...] = (
    affetto_crisis,
    affetto_engine_options,
    affetto_consent,
    affetto_session_options,
    affetto_face_frame,
    affetto_face_signals,
    affetto_activity_event,
    affetto_self_report,
    affetto_state,
    affetto_decision,
    affetto_feedback,
    affetto_turn_reading,
    affetto_turn,
    affetto_training_progress,
    affetto_training_options,
    affetto_access,
    affetto_audio,
    affetto_track,
    affetto_evaluation_options,
    affetto_query,
    affetto_voice_frame,
    affetto_voice_summary,
    affetto_voice_options,
    affetto_voice_window,
    affetto_face_recording_options,
    affetto_face_recording_summary,
    affetto_text_reading,
    affetto_lyrics,
)
