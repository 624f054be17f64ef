"""affetto.h in ctypes: every struct and every function, in the header's order.

The package's tests compare names, types, sizes and offsets with the header and with a C compiler.
"""

from __future__ import annotations

from ctypes import (
    CDLL,
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
    c_ssize_t,
    c_uint8,
    c_uint32,
    c_uint64,
    c_void_p,
)
from typing import Any

ABI_VERSION = 0
BLENDSHAPE_COUNT = 52
VOICE_FEATURE_COUNT = 88
VOICE_DESCRIPTOR_COUNT = 25

# int32_t (*)(void *context, uint8_t key[32])
KEY_FN = CFUNCTYPE(c_int32, c_void_p, POINTER(c_uint8))
# void (*)(void *context, int32_t level, const char *line)
LOG_FN = CFUNCTYPE(None, c_void_p, c_int32, c_char_p)


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
    ]


class affetto_query(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("instrumental_only", c_int32),
        ("valence", c_float),
        ("arousal", c_float),
        ("radius", c_float),
        ("style", c_char_p),
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


class affetto_voice_window(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("start_s", c_double),
        ("end_s", c_double),
        ("feature", c_float * VOICE_FEATURE_COUNT),
    ]


STRUCTS: tuple[type[Structure], ...] = (
    affetto_engine_options,
    affetto_consent,
    affetto_session_options,
    affetto_face_frame,
    affetto_activity_event,
    affetto_self_report,
    affetto_state,
    affetto_decision,
    affetto_feedback,
    affetto_access,
    affetto_audio,
    affetto_track,
    affetto_query,
    affetto_voice_frame,
    affetto_voice_summary,
    affetto_voice_options,
    affetto_voice_window,
)

# Short names for the table below. Handles are opaque; a text result goes to (buffer, capacity, &length).
_STATUS = c_int32
_ENGINE = _SESSION = _VOICE = c_void_p
_TIME = c_int64
_ACCESS = POINTER(affetto_access)
_RESULT = (c_char_p, c_size_t, POINTER(c_size_t))
_NUMBERS = (c_void_p, c_size_t, POINTER(c_size_t))

# Name -> (result, parameters).
PROTOTYPES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "affetto_abi_version": (c_uint32, ()),
    "affetto_version": (c_char_p, ()),
    "affetto_status_name": (c_char_p, (_STATUS,)),
    "affetto_last_error_message": (c_char_p, ()),
    "affetto_emotion_name": (c_char_p, (c_int32,)),
    "affetto_modality_name": (c_char_p, (c_int32,)),
    "affetto_task_name": (c_char_p, (c_int32,)),
    "affetto_goal_name": (c_char_p, (c_int32,)),
    "affetto_strategy_name": (c_char_p, (c_int32,)),
    "affetto_action_name": (c_char_p, (c_int32,)),
    "affetto_gate_name": (c_char_p, (c_int32,)),
    "affetto_abstain_name": (c_char_p, (c_int32,)),
    **{f"{struct.__name__}_init": (None, (POINTER(struct), c_uint32)) for struct in STRUCTS},
    "affetto_engine_create": (_STATUS, (POINTER(affetto_engine_options), POINTER(_ENGINE))),
    "affetto_engine_destroy": (None, (_ENGINE,)),
    "affetto_engine_maintain": (_STATUS, (_ENGINE, _TIME)),
    "affetto_engine_load_model": (_STATUS, (_ENGINE, c_char_p)),
    "affetto_learner_create": (_STATUS, (_ENGINE, c_char_p, c_char_p)),
    "affetto_learner_grant": (_STATUS, (_ENGINE, c_char_p, POINTER(affetto_consent))),
    "affetto_learner_revoke": (_STATUS, (_ENGINE, c_char_p, c_int32, c_int32)),
    "affetto_learner_consents": (_STATUS, (_ENGINE, c_char_p, *_RESULT)),
    "affetto_learner_export": (_STATUS, (_ENGINE, c_char_p, *_RESULT)),
    "affetto_learner_export_to": (_STATUS, (_ENGINE, c_char_p, c_char_p)),
    "affetto_learner_erase": (_STATUS, (_ENGINE, c_char_p)),
    "affetto_learner_forget": (_STATUS, (_ENGINE, c_char_p, c_int64, c_int64, c_int32, *_RESULT)),
    "affetto_learner_import": (_STATUS, (_ENGINE, c_char_p, c_ssize_t)),
    "affetto_policy_check": (_STATUS, (_ENGINE, c_char_p, c_char_p, c_int32, c_int32)),
    "affetto_policy_describe": (_STATUS, (_ENGINE, c_char_p, *_RESULT)),
    "affetto_policy_amend": (_STATUS, (_ENGINE, c_char_p)),
    "affetto_policy_attestations": (_STATUS, (_ENGINE, *_RESULT)),
    "affetto_session_create": (
        _STATUS,
        (_ENGINE, c_char_p, POINTER(affetto_session_options), POINTER(_SESSION)),
    ),
    "affetto_session_destroy": (None, (_SESSION,)),
    "affetto_session_id": (_STATUS, (_SESSION, *_RESULT)),
    # The samples' address is passed as a number: ctypes would otherwise build a pointer object for every block.
    "affetto_session_push_audio": (_STATUS, (_SESSION, _TIME, c_void_p, c_size_t)),
    "affetto_session_push_text": (_STATUS, (_SESSION, _TIME, c_char_p, c_ssize_t)),
    "affetto_blendshape_count": (c_int32, ()),
    "affetto_blendshape_name": (c_char_p, (c_int32,)),
    "affetto_blendshape_index": (c_int32, (c_char_p,)),
    "affetto_session_push_face": (_STATUS, (_SESSION, _TIME, POINTER(affetto_face_frame))),
    "affetto_session_push_activity": (_STATUS, (_SESSION, _TIME, POINTER(affetto_activity_event))),
    "affetto_session_push_self_report": (_STATUS, (_SESSION, _TIME, POINTER(affetto_self_report))),
    "affetto_session_advance": (_STATUS, (_SESSION, _TIME)),
    "affetto_session_poll": (_STATUS, (_SESSION, POINTER(affetto_state))),
    "affetto_session_dropped": (_STATUS, (_SESSION, POINTER(c_uint64))),
    "affetto_session_explain": (_STATUS, (_SESSION, *_RESULT)),
    "affetto_session_decide": (_STATUS, (_SESSION, _TIME, c_int32, POINTER(affetto_decision))),
    "affetto_session_why": (_STATUS, (_SESSION, c_uint64, *_RESULT)),
    "affetto_session_prompt": (_STATUS, (_SESSION, _TIME, c_char_p, *_RESULT)),
    "affetto_session_feedback": (_STATUS, (_SESSION, _TIME, c_uint64, POINTER(affetto_feedback))),
    "affetto_session_stop_now": (_STATUS, (_SESSION,)),
    "affetto_session_pause": (_STATUS, (_SESSION, _TIME)),
    "affetto_session_resume": (_STATUS, (_SESSION, _TIME)),
    "affetto_session_veto": (_STATUS, (_SESSION, _TIME, c_char_p)),
    "affetto_session_set_task": (_STATUS, (_SESSION, _TIME, c_int32)),
    "affetto_learner_sessions": (_STATUS, (_ENGINE, _ACCESS, c_char_p, *_RESULT)),
    "affetto_session_read": (_STATUS, (_ENGINE, _ACCESS, c_char_p, c_char_p, *_RESULT)),
    "affetto_report_html": (_STATUS, (_ENGINE, _ACCESS, c_char_p, c_char_p, *_RESULT)),
    "affetto_store_check": (_STATUS, (_ENGINE, *_RESULT)),
    "affetto_store_backup": (_STATUS, (_ENGINE, c_char_p)),
    "affetto_store_rekey": (_STATUS, (_ENGINE, c_char_p, c_char_p)),
    "affetto_store_set_retention": (_STATUS, (_ENGINE, c_int32, c_int32)),
    "affetto_store_retention": (_STATUS, (_ENGINE, *_RESULT)),
    "affetto_store_retain": (_STATUS, (_ENGINE, c_int32, c_int32, *_RESULT)),
    "affetto_store_audit": (_STATUS, (_ENGINE, *_RESULT)),
    "affetto_study_create": (_STATUS, (_ENGINE, c_char_p, c_double)),
    "affetto_study_export": (_STATUS, (_ENGINE, c_char_p, c_int32, *_RESULT)),
    "affetto_study_answer": (_STATUS, (_ENGINE, c_char_p, c_char_p, *_RESULT)),
    "affetto_library_analyze": (_STATUS, (_ENGINE, POINTER(affetto_audio), POINTER(affetto_track))),
    "affetto_library_put": (_STATUS, (_ENGINE, POINTER(affetto_track))),
    "affetto_library_find": (
        _STATUS,
        (_ENGINE, POINTER(affetto_query), POINTER(affetto_track), c_size_t, POINTER(c_size_t)),
    ),
    "affetto_voice_feature_count": (c_int32, ()),
    "affetto_voice_descriptor_count": (c_int32, ()),
    "affetto_voice_feature_name": (c_char_p, (c_int32,)),
    "affetto_voice_feature_unit": (c_char_p, (c_int32,)),
    "affetto_voice_descriptor_name": (c_char_p, (c_int32,)),
    "affetto_voice_descriptor_unit": (c_char_p, (c_int32,)),
    "affetto_voice_features": (_STATUS, (POINTER(affetto_audio), c_int32, *_NUMBERS)),
    "affetto_voice_frames": (
        _STATUS,
        (POINTER(affetto_audio), c_int32, POINTER(affetto_voice_frame), c_size_t, POINTER(c_size_t)),
    ),
    "affetto_voice_analyze": (_STATUS, (POINTER(affetto_audio), POINTER(affetto_voice_summary))),
    "affetto_voice_create": (_STATUS, (POINTER(affetto_voice_options), POINTER(_VOICE))),
    "affetto_voice_destroy": (None, (_VOICE,)),
    "affetto_voice_push": (_STATUS, (_VOICE, c_void_p, c_size_t)),
    "affetto_voice_advance": (_STATUS, (_VOICE,)),
    "affetto_voice_finish": (_STATUS, (_VOICE,)),
    "affetto_voice_poll": (_STATUS, (_VOICE, POINTER(affetto_voice_frame), c_size_t, POINTER(c_size_t))),
    "affetto_voice_poll_windows": (_STATUS, (_VOICE, POINTER(affetto_voice_window), c_size_t, POINTER(c_size_t))),
    "affetto_voice_functionals": (_STATUS, (_VOICE, *_NUMBERS)),
    "affetto_voice_summarize": (_STATUS, (_VOICE, POINTER(affetto_voice_summary))),
    "affetto_voice_dropped": (_STATUS, (_VOICE, POINTER(c_uint64))),
}


def declare(library: CDLL) -> None:
    """Gives every function its result and parameter types; AttributeError names one that the library lacks."""
    for name, (result, parameters) in PROTOTYPES.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = parameters
