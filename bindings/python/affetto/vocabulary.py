"""The closed vocabularies of the engine. Numbers are those of affetto.h and never change."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Code(IntEnum):
    """A number with a name. A number that only a newer library knows is kept, under the name ``CODE_<number>``."""

    @classmethod
    def _missing_(cls, value: object) -> Code | None:
        if not isinstance(value, int):
            return None
        code = int.__new__(cls, value)
        code._name_ = f"CODE_{value}"
        code._value_ = value
        return code

    def __str__(self) -> str:
        return self.name.lower()

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class Emotion(Code):
    """What a learner may feel. ``UNKNOWN``: the engine abstains, or no word was given."""

    NEUTRAL = 0
    CALM = 1
    HAPPY = 2
    EXCITED = 3
    ENGAGED = 4
    SURPRISED = 5
    CONFUSED = 6
    BORED = 7
    TIRED = 8
    SAD = 9
    ANXIOUS = 10
    FRUSTRATED = 11
    ANGRY = 12
    DISGUSTED = 13
    UNKNOWN = -1


class Modality(Code):
    """Where evidence comes from; and, of ``TYPING_RHYTHM`` and ``SINGING``, what consents and presets can be about
    besides: nothing reads those two yet."""

    VOICE = 0
    FACE = 1
    TEXT = 2
    ACTIVITY = 3
    SELF_REPORT = 4
    TYPING_RHYTHM = 5
    SINGING = 6


class Purpose(Code):
    """What data may be used for; consent is given, and checked, per purpose."""

    INTERVENTION = 0
    FEEDBACK = 1
    SKILL = 2
    RESEARCH = 3
    SAFETY = 4


class Role(Code):
    """Who grants a consent, or reads."""

    LEARNER = 0
    GUARDIAN = 1
    SCHOOL = 2
    CLINICIAN = 3
    RESEARCHER = 4


class Task(Code):
    """What the learner is doing; when in doubt, verbal: the careful choice."""

    VERBAL = 0
    NUMERIC = 1
    MOTOR = 2
    CREATIVE = 3
    REST = 4
    EXAM = 5
    LECTURE = 6


class Goal(Code):
    """Where the music should lead."""

    CALM = 0
    FOCUS = 1
    CREATE = 2
    MOTIVATE = 3
    UPLIFT = 4
    EXPRESS = 5


class Strategy(Code):
    """How to get there; silence is always among the choices."""

    ISO = 0
    COMPENSATORY = 1
    STEADY = 2
    SILENCE = 3
    SELF_CHOICE = 4


class Action(Code):
    """What a decision asks the host to do."""

    PLAY = 0
    SILENCE = 1
    ASK = 2
    WAIT = 3
    HAND_TO_PERSON = 4


class Gate(Code):
    """Why an intervention was withheld; ``NONE``: nothing stood in the way."""

    NONE = 0
    STOPPED = 1
    PAUSED = 2
    POLICY = 3
    CONSENT = 4
    EXAM = 5
    LECTURE = 6
    LOW_CONFIDENCE = 7
    FLOW = 8
    CONFUSION_GRACE = 9
    BURDEN = 10
    NO_TRACK = 11
    DISTRESS = 12
    CRISIS = 13


class Abstain(Code):
    """Why no emotion is named; ``NONE``: one is."""

    NONE = 0
    NO_EVIDENCE = 1
    LOW_PROBABILITY = 2
    HIGH_ENTROPY = 3
    STALE = 4
    CRISIS = 5


class Language(Code):
    """What a message is written in, as far as the library reads it."""

    UNKNOWN = 0
    ENGLISH = 1
    CHINESE_SIMPLIFIED = 2
    CHINESE_TRADITIONAL = 3


class PartyRole(Code):
    """Who speaks in a conversation."""

    LEARNER = 0
    TUTOR = 1
    AGENT = 2
    PEER = 3


class CrisisTier(Code):
    """How urgent it is that a person looks at what a learner wrote."""

    NONE = 0
    DISTRESS = 1
    ABUSE = 2
    SELF_HARM = 3
    IDEATION = 4
    IMMINENT = 5


class LyricsTag(IntFlag):
    """What in lyrics is not for everyone."""

    SUICIDE = 1
    SELF_HARM = 2
    VIOLENCE = 4
    SUBSTANCE = 8
    SEXUAL = 16
    PROFANITY = 32


class Activity(Code):
    """One thing done in the exercise."""

    ITEM_SHOWN = 0
    ANSWER = 1
    HINT = 2
    EDIT = 3
    IDLE = 4
    NAVIGATION = 5
    HELP_REQUEST = 6
    ABANDON = 7
    RESUME = 8


class PointLayout(Code):
    """How a tracker numbers the points of a face."""

    NONE = 0
    IBUG68 = 1
    MEDIAPIPE = 2


class FaceBasis(Code):
    """What an expression was read from. ``PROTOTYPES``: action units alone, against textbook prototypes."""

    NOTHING = 0
    PROTOTYPES = 1
    BLENDSHAPES = 2
    POINTS = 3
    ALL = 4


class FaceFormat(Code):
    """Whose file a recording is. ``TABLE``: any CSV whose header names what it holds."""

    TABLE = 0
    LIVE_LINK = 1
    MEDIAPIPE = 2
    OPENFACE = 3
    PYFEAT = 4


class Playback(Code):
    """Who hears the music."""

    OWN = 0
    SHARED = 1


class LabelSource(Code):
    """Who said how a track feels."""

    MODEL = 0
    CROWD = 1
    EXPERT = 2
    HOST = 3


class ReviewStatus(Code):
    """Whether a track waits for a person to look at it."""

    NONE = 0
    NEEDED = 1
    ACCEPTED = 2
    REJECTED = 3


class TableFormat(Code):
    """How a table of tracks is written."""

    CSV = 0
    JSON = 1


class VoiceMode(Code):
    """How voice features are computed: with sound signal processing, or as openSMILE does, errors included."""

    CORRECTED = 0
    COMPATIBLE = 1
