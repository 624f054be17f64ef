"""One learner's sitting: sense, fuse, decide, guide, learn.

Every ``now`` is in microseconds on a monotonic clock and must not run backwards by more than a second within a
session; left out, it is :func:`affetto.now`. A session belongs to one thread at a time, except
:meth:`Session.push_audio` (one producer), :meth:`Session.state` and :meth:`Session.stop_now` (any thread).
"""

from __future__ import annotations

import ctypes
import math
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _ffi
from ._call import UINT64, address, check, clock, encode, integer, interleaved, new, number, read_json, read_text, utf8
from ._library import library
from .crisis import Crisis
from .crisis import read as read_crisis
from .errors import ArgumentError, ClosedError, Status
from .face import Frame, Signals, read_signals
from .vocabulary import Abstain, Action, Activity, Emotion, Gate, Goal, PartyRole, Strategy, Task

if TYPE_CHECKING:
    from .engine import Engine


@dataclass(frozen=True)
class State:
    """How the learner seems to feel.

    ``time`` in microseconds; ``valence``, ``arousal`` and ``control`` in -1..1, each with one standard deviation of
    doubt. ``probability`` is indexed by :class:`Emotion` and sums to 1. ``confidence``, 0..1, is that of the most
    likely emotion; ``emotion`` is ``Emotion.UNKNOWN`` when the engine abstains, and ``abstain`` says why. ``evidence``
    is indexed by :class:`Modality`: the share of the present state that came from it. ``generation`` grows with every
    change.
    """

    time: int
    emotion: Emotion
    valence: float
    arousal: float
    control: float
    valence_sd: float
    arousal_sd: float
    control_sd: float
    probability: tuple[float, ...]
    confidence: float
    abstain: Abstain
    evidence: tuple[float, ...]
    generation: int


@dataclass(frozen=True)
class TurnReading:
    """What was read in a turn that has ended: what conversation models learn from.

    ``evidence``: by modality ("voice", "face", "text"; left out where nothing was sensed) 18 numbers: log-likelihoods by
    :class:`Emotion`, valence, arousal, control, quality; NaN = not spoken about. ``probability``: by emotion, what the
    loaded conversation model makes of it; None without one. Personal data: keep it only with leave.
    """

    party: int
    seconds: float
    evidence: dict[str, NDArray[np.float32]]
    probability: dict[Emotion, float] | None


@dataclass(frozen=True)
class Decision:
    """What to do now.

    ``id`` counts from 1 within the session. ``gate`` says why nothing plays. ``track`` is a library id, None unless
    ``action`` is ``Action.PLAY``. ``propensity`` is the exact probability, in (0, 1], with which this was chosen.
    ``target_valence`` and ``target_arousal``, -1..1: where this step aims. ``path_progress``: 0..1.
    """

    id: int
    action: Action
    gate: Gate
    strategy: Strategy
    goal: Goal
    track: str | None
    propensity: float
    expected_benefit: float
    expected_liking: float
    target_valence: float
    target_arousal: float
    path_progress: float


@dataclass(frozen=True)
class Prompt:
    """Tentative words for the learner and what may be answered; both empty when it is kinder to say nothing."""

    text: str
    choices: tuple[str, ...]


def _state(raw: _ffi.affetto_state) -> State:
    return State(
        time=raw.time,
        emotion=Emotion(raw.emotion),
        valence=raw.valence,
        arousal=raw.arousal,
        control=raw.control,
        valence_sd=raw.valence_sd,
        arousal_sd=raw.arousal_sd,
        control_sd=raw.control_sd,
        probability=tuple(raw.probability),
        confidence=raw.confidence,
        abstain=Abstain(raw.abstain),
        evidence=tuple(raw.evidence),
        generation=raw.generation,
    )


class Session:
    """Made by :meth:`affetto.Engine.session`. Closing it ends and writes the sitting; closing twice is harmless."""

    def __init__(self, engine: Engine, learner: bytes, options: _ffi.affetto_session_options) -> None:
        lib = library()
        handle = ctypes.c_void_p()
        check(
            lib.affetto_session_create(engine._pointer(), learner, ctypes.byref(options), ctypes.byref(handle)),
        )
        self._engine = engine  # outlives its sessions
        self._handle = handle.value
        self._channels = int(options.audio_channels)
        self._finalizer = weakref.finalize(self, lib.affetto_session_destroy, handle.value)

    @property
    def closed(self) -> bool:
        """True after :meth:`close`, or when the engine was closed."""
        return not self._finalizer.alive or self._engine.closed

    def close(self) -> None:
        """Ends and writes the sitting."""
        self._finalizer()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _pointer(self) -> int | None:
        if self.closed:
            raise ClosedError(Status.CLOSED, "the session is closed")
        return self._handle

    @property
    def id(self) -> str:
        """The session's id in the store: 32 hex digits."""
        pointer = self._pointer()
        return read_text(lambda *out: library().affetto_session_id(pointer, *out))

    # Sense: each push is checked against preset, consent, purpose and expiry; PolicyError and ConsentError refuse it.

    def push_audio(self, samples: ArrayLike, now: int | None = None) -> None:
        """Voice: floats in -1..1, (n,) or (n, channels), at the session's rate; ``now``: time of the first sample.

        C-contiguous float32 is passed without a copy, anything else is converted once. Waits in a ring of 4 s until
        :meth:`advance`; OverrunError when that is full. NaN and infinity are a RangeError.
        """
        array, frames, channels = interleaved(samples)
        if channels != self._channels:
            raise ArgumentError(
                Status.ARGUMENT, f"samples have {channels} channels; the session was made for {self._channels}"
            )
        check(library().affetto_session_push_audio(self._pointer(), clock(now), address(array), frames))

    def push_text(self, text: str, now: int | None = None) -> None:
        """What the learner wrote or said, at most 1 MiB of UTF-8. Read and forgotten; only numbers are kept."""
        data = utf8(text, "text")
        check(library().affetto_session_push_text(self._pointer(), clock(now), data, len(data)))
        self._engine._raise_again()

    def push_face(
        self,
        values: Frame | Mapping[str, float] | ArrayLike | None = None,
        tracking: float = 1.0,
        now: int | None = None,
        *,
        points: ArrayLike | None = None,
    ) -> None:
        """One frame of the learner's face: a :class:`affetto.face.Frame`, or what makes one: blendshapes 0..1, action
        units and angles by name, or all 52 blendshapes in the order of :func:`affetto.blendshape_names`; and points.

        What is left out, and NaN, is unknown to this tracker. ``tracking``: its confidence 0..1; 0 = no face. Raises
        ArgumentError, RangeError, PolicyError, ConsentError.
        """
        frame = values if isinstance(values, Frame) else Frame(values, points=points, tracking=tracking)
        check(library().affetto_session_push_face(self._pointer(), clock(now), ctypes.byref(frame._raw)))

    def face(self) -> Signals:
        """What the face does, as of the latest frame pushed. Raises PolicyError, ConsentError."""
        raw = new(_ffi.affetto_face_signals)
        check(library().affetto_session_face(self._pointer(), ctypes.byref(raw)))
        return read_signals(raw)

    def push_activity(
        self,
        kind: Activity,
        *,
        correct: bool | None = None,
        attempts: int = 1,
        seconds: float | None = None,
        difficulty: float | None = None,
        now: int | None = None,
    ) -> None:
        """One thing done in the exercise.

        ``correct`` and ``attempts`` (from 1): of an answer. ``seconds``: time an answer took, or how long idle.
        ``difficulty``: 0..1. None = unknown.
        """
        event = new(_ffi.affetto_activity_event)
        event.kind = integer(kind, "kind")
        event.correct = -1 if correct is None else int(correct)
        event.attempts = integer(attempts, "attempts")
        event.seconds = number(seconds)
        event.difficulty = number(difficulty)
        check(library().affetto_session_push_activity(self._pointer(), clock(now), ctypes.byref(event)))

    def push_self_report(
        self,
        emotion: Emotion | str = Emotion.UNKNOWN,
        *,
        valence: float | None = None,
        arousal: float | None = None,
        control: float | None = None,
        now: int | None = None,
    ) -> None:
        """The learner's own word, which outweighs inference: an emotion, a finer word ("overwhelmed", one of
        :func:`affetto.report.feeling_words`), or any of the three dimensions in -1..1."""
        report = new(_ffi.affetto_self_report)
        if isinstance(emotion, str):
            report.emotion, report.word = -1, encode(emotion, "emotion")
        else:
            report.emotion = integer(emotion, "emotion")
        report.valence = number(valence)
        report.arousal = number(arousal)
        report.control = number(control)
        check(library().affetto_session_push_self_report(self._pointer(), clock(now), ctypes.byref(report)))

    # Fuse

    def advance(self, now: int | None = None) -> None:
        """Does the work: analyses waiting audio, folds the evidence into the state, commits what is due."""
        check(library().affetto_session_advance(self._pointer(), clock(now)))
        self._engine._raise_again()

    def state(self) -> State:
        """The latest state. Wait-free; any thread."""
        raw = new(_ffi.affetto_state)
        check(library().affetto_session_poll(self._pointer(), ctypes.byref(raw)))
        return _state(raw)

    @property
    def dropped(self) -> int:
        """Audio frames dropped so far because the ring was full."""
        frames = ctypes.c_uint64()
        check(library().affetto_session_dropped(self._pointer(), ctypes.byref(frames)))
        return frames.value

    def explain(self) -> Any:
        """Which evidence moved the present state, when, how much, with what quality."""
        pointer = self._pointer()
        return read_json(lambda *out: library().affetto_session_explain(pointer, *out))

    # Conversation

    def add_party(self, role: PartyRole, *, has_consented: bool = False) -> int:
        """Somebody besides the learner, who is party 0. Without consent no more is taken than that they spoke."""
        party = ctypes.c_int32()
        check(
            library().affetto_session_add_party(
                self._pointer(), integer(role, "role"), int(has_consented), ctypes.byref(party)
            )
        )
        return party.value

    def set_party_consent(self, party: int, has_consented: bool) -> None:
        """A party gives or takes back consent; taken back, what was read of them is forgotten at once."""
        check(library().affetto_session_set_party_consent(self._pointer(), integer(party, "party"), int(has_consented)))

    def begin_turn(self, party: int = 0, now: int | None = None) -> None:
        """From here on :meth:`push_text` brings this party's words, and audio is read in the learner's turn only."""
        check(library().affetto_session_begin_turn(self._pointer(), clock(now), integer(party, "party")))

    def end_turn(self, now: int | None = None) -> TurnReading:
        """The turn is over; a loaded conversation model now speaks of it. Raises StateError where none is open."""
        raw = new(_ffi.affetto_turn_reading)
        check(library().affetto_session_end_turn(self._pointer(), clock(now), ctypes.byref(raw)))
        evidence = {
            name: np.array(raw.evidence[i], np.float32)
            for i, name in enumerate(("voice", "face", "text"))
            if raw.has_evidence[i]
        }
        said = {e: raw.probability[e] for e in Emotion if e >= 0 and not math.isnan(raw.probability[e])}
        return TurnReading(raw.party, raw.seconds, evidence, said if raw.has_probability else None)

    def party_state(self, party: int, now: int | None = None) -> State:
        """How a party seems to feel, from their words; of party 0 the session's state. Raises ConsentError."""
        raw = new(_ffi.affetto_state)
        check(
            library().affetto_session_party_state(
                self._pointer(), clock(now), integer(party, "party"), ctypes.byref(raw)
            )
        )
        return _state(raw)

    # Decide, guide, learn

    def decide(self, goal: Goal, now: int | None = None) -> Decision:
        """Decides what to do now. It is on file, with its propensity, before this returns."""
        raw = new(_ffi.affetto_decision)
        check(
            library().affetto_session_decide(self._pointer(), clock(now), integer(goal, "goal"), ctypes.byref(raw)),
        )
        return Decision(
            id=raw.id,
            action=Action(raw.action),
            gate=Gate(raw.gate),
            strategy=Strategy(raw.strategy),
            goal=Goal(raw.goal),
            track=raw.track.decode("utf-8") or None,
            propensity=raw.propensity,
            expected_benefit=raw.expected_benefit,
            expected_liking=raw.expected_liking,
            target_valence=raw.target_valence,
            target_arousal=raw.target_arousal,
            path_progress=raw.path_progress,
        )

    def why(self, decision: Decision | int) -> dict[str, Any]:
        """A decision of this session with its reasons, action set and probabilities. Raises NotFoundError."""
        pointer, number_ = self._pointer(), _decision_id(decision)
        reasons: dict[str, Any] = read_json(lambda *out: library().affetto_session_why(pointer, number_, *out))
        return reasons

    def prompt(self, language: str = "en", now: int | None = None) -> Prompt:
        """Words for the learner about the present state, or a question when the engine does not know.

        ``language``: BCP 47; "en" is what there is, but in a crisis. Raises StateError after :meth:`stop_now`.
        """
        pointer, moment, tag = self._pointer(), clock(now), encode(language, "language")
        words = read_json(lambda *out: library().affetto_session_prompt(pointer, moment, tag, *out))
        return Prompt(text=words["text"], choices=tuple(words["choices"]))

    @property
    def crisis(self) -> Crisis | None:
        """The learner's open crisis: from grave words until :meth:`resolve_crisis`."""
        raw = new(_ffi.affetto_crisis)
        check(library().affetto_session_crisis(self._pointer(), ctypes.byref(raw)))
        return read_crisis(raw) if raw.tier else None

    def acknowledge_crisis(self, now: int | None = None) -> None:
        """Someone has taken it on: the second handler will not be called. Raises StateError."""
        check(library().affetto_session_acknowledge_crisis(self._pointer(), clock(now)))

    def resolve_crisis(self, now: int | None = None) -> None:
        """A person says that the learner's sittings may go on. Raises StateError."""
        check(library().affetto_session_resolve_crisis(self._pointer(), clock(now)))

    def feedback(
        self,
        decision: Decision | int,
        *,
        liking: float | None = None,
        benefit: float | None = None,
        skipped: bool = False,
        listened_seconds: float | None = None,
        now: int | None = None,
    ) -> None:
        """What came of a decision; shifts later choices.

        ``liking`` and ``benefit`` in -1..1 are never merged. Without ``liking`` a skip counts as -0.5; without
        ``benefit`` the change of state towards the goal is taken. Raises NotFoundError, StateError (already given).
        """
        result = new(_ffi.affetto_feedback)
        result.skipped = int(skipped)
        result.liking = number(liking)
        result.benefit = number(benefit)
        result.listened_seconds = number(listened_seconds)
        check(
            library().affetto_session_feedback(
                self._pointer(), clock(now), _decision_id(decision), ctypes.byref(result)
            )
        )

    def stop_now(self) -> None:
        """At once, from any thread: nothing plays or speaks until :meth:`resume`."""
        check(library().affetto_session_stop_now(self._pointer()))

    def pause(self, now: int | None = None) -> None:
        """No new music; prompts go on."""
        check(library().affetto_session_pause(self._pointer(), clock(now)))

    def resume(self, now: int | None = None) -> None:
        """Ends a stop or a pause."""
        check(library().affetto_session_resume(self._pointer(), clock(now)))

    def veto(self, track: str, now: int | None = None) -> None:
        """This track never again for this learner."""
        check(library().affetto_session_veto(self._pointer(), clock(now), encode(track, "track")))

    def set_task(self, task: Task, now: int | None = None) -> None:
        """The learner turned to something else."""
        check(library().affetto_session_set_task(self._pointer(), clock(now), integer(task, "task")))


def blendshape_names() -> tuple[str, ...]:
    """The 52 blendshapes in the order of arrays given to :meth:`Session.push_face`."""
    lib = library()
    return tuple(lib.affetto_blendshape_name(index).decode("ascii") for index in range(lib.affetto_blendshape_count()))


def _decision_id(decision: Decision | int) -> int:
    return integer(decision.id if isinstance(decision, Decision) else decision, "decision", *UINT64)
