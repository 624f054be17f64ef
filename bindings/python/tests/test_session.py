"""A session: arrays, refusals, closed handles, the human's overrides."""

from __future__ import annotations

import ctypes
import math
from typing import Any

import numpy as np
import pytest
from conftest import RATE, SECOND

import affetto
from affetto import Action, Activity, Emotion, Gate, Goal, Modality, Task
from affetto._library import library
from affetto.errors import Status


class Recorder:
    """Stands in for push_audio and keeps what it was given."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def __call__(self, *arguments: Any) -> int:
        self.calls.append(arguments)
        return 0


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    value = Recorder()
    monkeypatch.setattr(library(), "affetto_session_push_audio", value)
    return value


def test_float32_passes_without_a_copy(session: affetto.Session, recorder: Recorder) -> None:
    block = np.zeros(320, np.float32)
    session.push_audio(block, SECOND)
    session.push_audio(block[160:], SECOND)
    (_, now, first, frames), (_, _, second, rest) = recorder.calls
    assert (first, frames, now) == (block.ctypes.data, 320, SECOND)
    assert (second, rest) == (block.ctypes.data + 640, 160)


def test_stereo_passes_without_a_copy(engine: affetto.Engine, recorder: Recorder) -> None:
    with engine.session("ana", audio_channels=2, audio_rate=48000) as session:
        block = np.zeros((480, 2), np.float32)
        session.push_audio(block, SECOND)
        assert recorder.calls[0][2:] == (block.ctypes.data, 480)


@pytest.mark.parametrize(
    "block",
    [
        np.linspace(-1, 1, 320),
        np.linspace(-1, 1, 640, dtype=np.float32)[::2],
        np.linspace(-1, 1, 320, dtype=">f4"),
        np.linspace(-1, 1, 320, dtype=np.float32).reshape(-1, 1),
        list(np.linspace(-1, 1, 320)),
    ],
    ids=["float64", "strided", "big-endian", "column", "list"],
)
def test_other_layouts_are_converted_once(
    session: affetto.Session, monkeypatch: pytest.MonkeyPatch, block: Any
) -> None:
    seen: list[np.ndarray] = []

    def copy(_session: object, _now: int, data: int, frames: int) -> int:
        seen.append(np.array((ctypes.c_float * frames).from_address(data)))
        return 0

    monkeypatch.setattr(library(), "affetto_session_push_audio", copy)
    session.push_audio(block, SECOND)
    np.testing.assert_array_equal(seen[0], np.asarray(block, np.float32).ravel())


def test_audio_refusals(session: affetto.Session) -> None:
    block = np.zeros(320, np.float32)
    for bad in (np.nan, np.inf, -np.inf):
        block[100] = bad
        with pytest.raises(affetto.RangeError):
            session.push_audio(block, SECOND)
    with pytest.raises(TypeError, match="32768"):
        session.push_audio(np.zeros(320, np.int16), SECOND)
    with pytest.raises(affetto.ArgumentError, match="channels"):
        session.push_audio(np.zeros((160, 2), np.float32), SECOND)
    with pytest.raises(affetto.ArgumentError, match="dimensions"):
        session.push_audio(np.zeros((4, 4, 4), np.float32), SECOND)


def test_overrun(session: affetto.Session, voice: np.ndarray) -> None:
    with pytest.raises(affetto.OverrunError):
        for second in range(6):
            session.push_audio(voice[:RATE], (second + 1) * SECOND)
    assert session.dropped > 0
    session.advance(7 * SECOND)
    session.push_audio(voice[:RATE], 7 * SECOND)


def test_text(session: affetto.Session) -> None:
    session.push_text("schön \U0001f600 with a \0 inside", SECOND)
    with pytest.raises(affetto.EncodingError):
        session.push_text("half a pair \ud800", SECOND)
    broken = b"\xff\xfe"
    status = library().affetto_session_push_text(session._pointer(), SECOND, broken, len(broken))
    assert status == Status.ENCODING
    assert library().affetto_last_error_message()
    with pytest.raises(affetto.RangeError):
        session.push_text("a" * (2**20 + 1), SECOND)


def test_face(session: affetto.Session) -> None:
    names = affetto.blendshape_names()
    assert len(names) == 52
    assert list(names) == sorted(names)
    full = dict.fromkeys(names, 0.0)
    session.push_face(full | {"_neutral": 0.1}, now=SECOND)
    session.push_face({name.replace("Left", "_L").replace("Right", "_R"): 0.1 for name in names}, now=SECOND)
    session.push_face(np.zeros(52), tracking=0.5, now=SECOND)
    with pytest.raises(affetto.ArgumentError, match="smirk"):
        session.push_face(full | {"smirk": 1.0}, now=SECOND)
    with pytest.raises(affetto.ArgumentError, match=r"\(52,\)"):
        session.push_face(np.zeros(51), now=SECOND)
    session.push_face({"jawOpen": 0.5}, now=SECOND)  # parts of a face will do
    session.push_face({"AU12": 0.5, "AU45_r": 0.1, "yaw": 0.1}, now=SECOND)
    session.push_face(points=np.random.default_rng(1).random((68, 2)), now=SECOND)
    session.push_face(tracking=0, now=SECOND)
    with pytest.raises(affetto.ArgumentError):
        session.push_face(now=SECOND)  # a face, and nothing of it
    with pytest.raises(affetto.ArgumentError, match=r"\(67, 2\)"):
        session.push_face(points=np.zeros((67, 2)), now=SECOND)
    assert session.face().is_valid is False  # the latest frame had no face
    with pytest.raises(affetto.RangeError):
        session.push_face(full | {"jawOpen": 1.5}, now=SECOND)
    with pytest.raises(affetto.RangeError):
        session.push_face(full, tracking=math.nan, now=SECOND)


def test_activity_and_self_report(session: affetto.Session) -> None:
    session.push_activity(Activity.ITEM_SHOWN, now=SECOND)
    session.push_activity(Activity.ANSWER, correct=True, attempts=2, seconds=12.5, difficulty=0.4, now=2 * SECOND)
    session.push_activity(Activity.IDLE, seconds=30, now=3 * SECOND)
    with pytest.raises(affetto.RangeError):
        session.push_activity(Activity(99), now=3 * SECOND)
    with pytest.raises(affetto.RangeError):
        session.push_activity(Activity.ANSWER, seconds=-1, now=3 * SECOND)
    with pytest.raises(affetto.ArgumentError):
        session.push_self_report(now=3 * SECOND)
    with pytest.raises(affetto.RangeError):
        session.push_self_report(valence=1.5, now=3 * SECOND)
    session.push_self_report(Emotion.CALM, now=3 * SECOND)
    session.push_self_report(valence=0.2, arousal=-0.2, control=0.5, now=3 * SECOND)


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1])
def test_numbers_too_large_for_c(session: affetto.Session, value: int) -> None:
    with pytest.raises(affetto.RangeError):
        session.set_task(value, SECOND)  # type: ignore[arg-type]


def test_times(session: affetto.Session) -> None:
    for bad in (2**63, -(2**63) - 1):
        with pytest.raises(affetto.RangeError):
            session.advance(bad)
    with pytest.raises(TypeError):
        session.advance(1.5)  # type: ignore[arg-type]
    session.push_text("hello", 100 * SECOND)
    with pytest.raises(affetto.StateError):
        session.push_text("hello", 10 * SECOND)


def test_default_clock(session: affetto.Session) -> None:
    before = affetto.now()
    session.push_self_report(Emotion.HAPPY)
    session.advance()
    assert before <= session.state().time <= affetto.now()


def test_state(session: affetto.Session) -> None:
    state = session.state()
    assert state.emotion is Emotion.UNKNOWN
    assert state.abstain is affetto.Abstain.NO_EVIDENCE
    session.push_self_report(Emotion.HAPPY, now=SECOND)
    session.advance(SECOND)
    later = session.state()
    assert later.emotion is Emotion.HAPPY
    assert later.valence > 0
    assert later.generation > state.generation
    assert later.probability[Emotion.HAPPY] == max(later.probability)
    assert sum(later.probability) == pytest.approx(1, abs=1e-3)
    assert later.evidence[Modality.SELF_REPORT] > 0.5
    with pytest.raises(AttributeError):
        later.valence = 0  # type: ignore[misc]


def test_overrides(session: affetto.Session) -> None:
    session.push_self_report(Emotion.TIRED, now=SECOND)
    session.advance(SECOND)
    session.stop_now()
    stopped = session.decide(Goal.CALM, SECOND)
    assert (stopped.gate, stopped.track) == (Gate.STOPPED, None)
    assert stopped.action is not Action.PLAY
    with pytest.raises(affetto.StateError):
        session.prompt(now=SECOND)
    session.resume(SECOND)
    session.pause(SECOND)
    assert session.decide(Goal.CALM, SECOND).gate is Gate.PAUSED
    session.resume(SECOND)
    session.set_task(Task.EXAM, SECOND)
    assert session.decide(Goal.CALM, SECOND).gate is Gate.EXAM


def test_feedback_once(session: affetto.Session) -> None:
    session.push_self_report(Emotion.TIRED, now=SECOND)
    session.advance(SECOND)
    decision = session.decide(Goal.UPLIFT, SECOND)
    with pytest.raises(affetto.RangeError):
        session.feedback(decision, liking=2, now=2 * SECOND)
    session.feedback(decision, liking=0.5, benefit=0.1, listened_seconds=60, now=2 * SECOND)
    with pytest.raises(affetto.StateError):
        session.feedback(decision, skipped=True, now=2 * SECOND)
    with pytest.raises(affetto.NotFoundError):
        session.feedback(99, liking=0.5, now=2 * SECOND)
    with pytest.raises(affetto.NotFoundError):
        session.why(99)
    with pytest.raises(affetto.RangeError):
        session.decide(Goal(99), 2 * SECOND)


def test_names_in_print() -> None:
    assert str(Modality.SELF_REPORT) == "self_report"
    assert f"{Gate.NO_TRACK:>9} {Emotion(-1)}" == " no_track unknown"
    assert Gate(99) == 99
    assert str(Gate(99)) == "code_99"


def test_closing(engine: affetto.Engine) -> None:
    session = engine.session("ana")
    assert not session.closed
    session.close()
    session.close()
    assert session.closed
    for call in (session.state, session.advance, session.stop_now, session.explain, lambda: session.id):
        with pytest.raises(affetto.ClosedError):
            call()
    with engine.session("ana") as inner:
        pass
    assert inner.closed


def test_a_destroyed_handle_is_refused_by_the_library(engine: affetto.Engine) -> None:
    session = engine.session("ana")
    handle = session._pointer()
    session.close()
    assert library().affetto_session_advance(handle, SECOND) == Status.CLOSED
    library().affetto_session_destroy(handle)
