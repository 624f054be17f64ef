"""Affetto senses how a learner feels, steers music towards how they need to feel, and learns from what happened.

    with affetto.Engine("learners.affetto", preset="eu_home", key_path="learners.key") as engine:
        engine.create_learner("ana", {"age_band": "adult"})
        engine.grant("ana", Modality.TEXT)
        with engine.session("ana") as session:
            session.push_text("I keep getting this wrong")
            session.advance()
            decision = session.decide(Goal.CALM)

It claims no cure and makes no diagnosis: music may help, and often silence does.
"""

from . import conversation, crisis, evaluation, face, music, report, text, voice
from ._call import now
from ._library import library as _load
from .crisis import Crisis, CrisisPlan
from .engine import Engine
from .errors import (
    AffettoError,
    ArgumentError,
    BusyError,
    CancelledError,
    ClosedError,
    ConsentError,
    EncodingError,
    LibraryError,
    ModelError,
    NotFoundError,
    OutOfMemoryError,
    OverrunError,
    PolicyError,
    RangeError,
    StateError,
    Status,
    StoreError,
    StoreKeyError,
)
from .learner import Consent, frames
from .library import Library, Track
from .session import Decision, Prompt, Session, State, TurnReading, blendshape_names
from .study import Answer, Study
from .vocabulary import (
    Abstain,
    Action,
    Activity,
    CrisisTier,
    Emotion,
    Gate,
    Goal,
    LabelSource,
    LyricsTag,
    Modality,
    PartyRole,
    Playback,
    Purpose,
    ReviewStatus,
    Role,
    Strategy,
    Task,
)
from .voice import VoiceSummary

__version__ = "0.1.0"


def library_version() -> str:
    """The version of the library that is loaded, "0.1.0". Loads it; raises LibraryError."""
    return str(_load().affetto_version().decode("ascii"))


__all__ = [
    "Abstain",
    "Action",
    "Activity",
    "AffettoError",
    "Answer",
    "ArgumentError",
    "BusyError",
    "CancelledError",
    "ClosedError",
    "Consent",
    "ConsentError",
    "Crisis",
    "CrisisPlan",
    "CrisisTier",
    "Decision",
    "Emotion",
    "EncodingError",
    "Engine",
    "Gate",
    "Goal",
    "LabelSource",
    "Library",
    "LibraryError",
    "LyricsTag",
    "Modality",
    "ModelError",
    "NotFoundError",
    "OutOfMemoryError",
    "OverrunError",
    "PartyRole",
    "Playback",
    "PolicyError",
    "Prompt",
    "Purpose",
    "RangeError",
    "ReviewStatus",
    "Role",
    "Session",
    "State",
    "StateError",
    "Status",
    "StoreError",
    "StoreKeyError",
    "Strategy",
    "Study",
    "Task",
    "Track",
    "TurnReading",
    "VoiceSummary",
    "blendshape_names",
    "conversation",
    "crisis",
    "evaluation",
    "face",
    "frames",
    "library_version",
    "music",
    "now",
    "report",
    "text",
    "voice",
]
