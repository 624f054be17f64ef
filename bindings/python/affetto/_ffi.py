"""affetto.h in ctypes: every function, in the header's order, and the structs they take.

The package's tests compare names, types, sizes and offsets with the header and with a C compiler.
"""

from __future__ import annotations

from ctypes import (
    CDLL,
    POINTER,
    c_char_p,
    c_double,
    c_float,
    c_int32,
    c_int64,
    c_size_t,
    c_ssize_t,
    c_uint32,
    c_uint64,
    c_void_p,
)
from typing import Any

from ._structs import *  # noqa: F403
from ._structs import STRUCTS

# Short names for the table below. Handles are opaque; a text result goes to (buffer, capacity, &length).
_STATUS = c_int32
_ENGINE = _SESSION = _VOICE = _FACE = _RECORDING = _DATASET = _MODEL = c_void_p
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
    "affetto_language_name": (c_char_p, (c_int32,)),
    "affetto_crisis_tier_name": (c_char_p, (c_int32,)),
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
    "affetto_learner_adaptation": (_STATUS, (_ENGINE, c_char_p, *_RESULT)),
    "affetto_learner_restore": (_STATUS, (_ENGINE, c_char_p, c_int64)),
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
    "affetto_action_unit_count": (c_int32, ()),
    "affetto_action_unit_number": (c_int32, (c_int32,)),
    "affetto_face_frame_set": (_STATUS, (POINTER(affetto_face_frame), c_char_p, c_float)),
    "affetto_session_push_face": (_STATUS, (_SESSION, _TIME, POINTER(affetto_face_frame))),
    "affetto_expression_count": (c_int32, ()),
    "affetto_expression_name": (c_char_p, (c_int32,)),
    "affetto_session_face": (_STATUS, (_SESSION, POINTER(affetto_face_signals))),
    "affetto_session_push_activity": (_STATUS, (_SESSION, _TIME, POINTER(affetto_activity_event))),
    "affetto_session_push_self_report": (_STATUS, (_SESSION, _TIME, POINTER(affetto_self_report))),
    "affetto_feeling_words": (_STATUS, (c_char_p, *_RESULT)),
    "affetto_assessment_form": (_STATUS, (c_char_p, *_RESULT)),
    "affetto_assessment_fill": (_STATUS, (c_char_p, *_RESULT)),
    "affetto_instrument_score": (_STATUS, (c_char_p, c_char_p, *_RESULT)),
    "affetto_session_advance": (_STATUS, (_SESSION, _TIME)),
    "affetto_session_poll": (_STATUS, (_SESSION, POINTER(affetto_state))),
    "affetto_session_dropped": (_STATUS, (_SESSION, POINTER(c_uint64))),
    "affetto_session_add_party": (_STATUS, (_SESSION, c_int32, c_int32, POINTER(c_int32))),
    "affetto_session_set_party_consent": (_STATUS, (_SESSION, c_int32, c_int32)),
    "affetto_session_begin_turn": (_STATUS, (_SESSION, _TIME, c_int32)),
    "affetto_session_end_turn": (_STATUS, (_SESSION, _TIME, POINTER(affetto_turn_reading))),
    "affetto_session_party_state": (_STATUS, (_SESSION, _TIME, c_int32, POINTER(affetto_state))),
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
    "affetto_session_crisis": (_STATUS, (_SESSION, POINTER(affetto_crisis))),
    "affetto_session_acknowledge_crisis": (_STATUS, (_SESSION, _TIME)),
    "affetto_session_resolve_crisis": (_STATUS, (_SESSION, _TIME)),
    "affetto_crisis_check": (_STATUS, (c_char_p, c_ssize_t, POINTER(c_int32))),
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
    "affetto_dataset_create": (_STATUS, (c_char_p, POINTER(_DATASET))),
    "affetto_dataset_destroy": (None, (_DATASET,)),
    "affetto_dataset_begin": (_STATUS, (_DATASET, c_char_p)),
    "affetto_dataset_add": (_STATUS, (_DATASET, POINTER(affetto_turn))),
    "affetto_dataset_count": (_STATUS, (_DATASET, POINTER(c_uint64))),
    "affetto_model_train": (_STATUS, (_DATASET, POINTER(affetto_training_options), POINTER(_MODEL))),
    "affetto_model_save": (_STATUS, (_MODEL, c_char_p)),
    "affetto_model_load": (_STATUS, (c_char_p, POINTER(_MODEL))),
    "affetto_model_destroy": (None, (_MODEL,)),
    "affetto_model_predict": (_STATUS, (_MODEL, _DATASET, *_NUMBERS)),
    "affetto_model_evaluate": (_STATUS, (_MODEL, _DATASET, *_RESULT)),
    "affetto_model_card": (_STATUS, (_MODEL, *_RESULT)),
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
    "affetto_face_create": (_STATUS, (POINTER(_FACE),)),
    "affetto_face_destroy": (None, (_FACE,)),
    "affetto_face_push": (_STATUS, (_FACE, _TIME, POINTER(affetto_face_frame))),
    "affetto_face_poll": (_STATUS, (_FACE, POINTER(affetto_face_signals))),
    "affetto_face_recording_read": (
        _STATUS,
        (c_char_p, c_size_t, POINTER(affetto_face_recording_options), POINTER(_RECORDING)),
    ),
    "affetto_face_recording_destroy": (None, (_RECORDING,)),
    "affetto_face_recording_summarize": (_STATUS, (_RECORDING, POINTER(affetto_face_recording_summary))),
    "affetto_face_recording_frame": (
        _STATUS,
        (_RECORDING, c_uint64, POINTER(_TIME), POINTER(affetto_face_frame)),
    ),
    "affetto_text_read": (_STATUS, (c_char_p, c_ssize_t, POINTER(affetto_text_reading))),
    "affetto_text_labels": (_STATUS, (c_char_p, c_ssize_t, *_RESULT)),
    "affetto_text_explain": (_STATUS, (c_char_p, c_ssize_t, c_int32, *_RESULT)),
    "affetto_lyrics_read": (_STATUS, (c_char_p, c_ssize_t, POINTER(affetto_lyrics))),
}


def declare(library: CDLL) -> None:
    """Gives every function its result and parameter types; AttributeError names one that the library lacks."""
    for name, (result, parameters) in PROTOTYPES.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = parameters
