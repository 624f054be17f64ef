"""Faces without a session: frames, streams, trackers' files."""

from __future__ import annotations

import json
import math
from pathlib import Path

import affetto
import numpy as np
import pytest
from affetto import face
from affetto.vocabulary import FaceBasis, FaceFormat

SHAPES = affetto.blendshape_names()


def resting(**values: float) -> dict[str, float]:
    return dict.fromkeys(SHAPES, 0.02) | values


def media_pipe(frames: list[dict[str, float]], fps: float = 30) -> str:
    """Results as FaceLandmarker gives them in JavaScript."""
    names = ["_neutral", *(name for name in SHAPES if name != "tongueOut")]
    results = [
        {
            "faceBlendshapes": [
                {
                    "categories": [
                        {"index": i, "score": values.get(name, 0.01), "categoryName": name, "displayName": ""}
                        for i, name in enumerate(names)
                    ],
                    "headIndex": -1,
                    "headName": "",
                }
            ]
            if values
            else [],
            "faceLandmarks": [],
            "timestampMs": 1000 + i * 1000 / fps,
        }
        for i, values in enumerate(frames)
    ]
    return json.dumps(results)


@pytest.fixture
def smile(tmp_path: Path) -> Path:
    path = tmp_path / "smile.json"
    grin = {"mouthSmileLeft": 0.8, "mouthSmileRight": 0.8}
    path.write_text(media_pipe([{"jawOpen": 0.01}] * 60 + [grin] * 90 + [{}] * 5), encoding="utf-8")
    return path


def test_names() -> None:
    assert len(face.action_unit_numbers()) == 23
    assert face.action_unit_numbers()[-1] == 43
    assert face.expression_names()[:2] == ("neutral", "happiness")


def test_frame() -> None:
    frame = face.Frame({"eyeBlink_L": 0.5, "AU12": 0.25, "yaw": 0.1}, tracking=0.75)
    assert frame.blendshapes[SHAPES.index("eyeBlinkLeft")] == 0.5
    assert np.isnan(frame.blendshapes).sum() == 51
    assert frame.action_units[face.action_unit_numbers().index(12)] == 0.25
    assert frame.head[0] == pytest.approx(0.1)
    assert math.isnan(frame.head[1])
    assert frame.tracking == 0.75
    assert frame.points is None
    for shape in [(68, 2), (478, 3), (468, 2)]:
        assert face.Frame(points=np.zeros(shape)).points is not None
    for shape in [(67, 2), (68,), (68, 4), (2, 68)]:
        with pytest.raises(affetto.ArgumentError):
            face.Frame(points=np.zeros(shape))
    with pytest.raises(affetto.ArgumentError, match="smirk"):
        face.Frame({"smirk": 1})


def test_stream() -> None:
    with face.Stream() as stream:
        assert not stream.signals().is_valid
        for i in range(90):
            stream.push(face.Frame(resting(mouthSmileLeft=0.8, mouthSmileRight=0.8)), i * 33_333)
        signals = stream.signals()
        assert signals.is_valid
        assert signals.basis is FaceBasis.BLENDSHAPES
        assert signals.smile == pytest.approx(0.8)
        assert sum(signals.expression.values()) == pytest.approx(1, abs=1e-4)
        assert max(signals.expression, key=lambda name: signals.expression[name]) == "happiness"
        assert math.isnan(signals.action_units[9])  # always 0.02: this source does not drive it
        with pytest.raises(affetto.RangeError):
            stream.push(face.Frame({"jawOpen": 2.0}), 4_000_000)
        with pytest.raises(affetto.ArgumentError):
            stream.push(face.Frame(), 4_000_000)
    with pytest.raises(affetto.ClosedError):
        stream.signals()


def test_recording(smile: Path) -> None:
    recording = face.read(smile)
    assert recording.format is FaceFormat.MEDIAPIPE
    assert (len(recording), recording.faces, recording.is_cut) == (155, 150, False)
    assert recording.has_blendshapes
    assert not recording.has_points
    assert recording.duration_s == pytest.approx(154 / 30, abs=1e-3)
    time, frame = recording[60]
    assert time == pytest.approx(2e6, abs=10)
    assert frame.blendshapes[SHAPES.index("mouthSmileLeft")] == pytest.approx(0.8)
    with pytest.raises(IndexError):
        recording[155]
    table = face.signals(recording)
    assert len(table["time"]) == 155
    assert table["smile"][30] == pytest.approx(0.01)
    assert table["happiness"][149] > 0.6 > table["happiness"][59]
    assert np.isnan(table["smile"][154])
    assert table["is_valid"][154] == 0
    assert np.isnan(table["AU6"]).all()
    held = face.frames(smile)
    assert held["mouthSmileRight"][100] == pytest.approx(0.8)
    assert np.isnan(held["tongueOut"]).all()
    assert held["tracking"][154] == 0


def test_points_outlive_their_recording(tmp_path: Path) -> None:
    header = ", ".join(["frame", "timestamp", "success", *(f"{a}_{i}" for a in "xy" for i in range(68))])
    rng = np.random.default_rng(3)
    places = rng.integers(0, 640, (2, 68))
    line = ", ".join(["1", "0.0", "1", *map(str, places.reshape(-1))])
    path = tmp_path / "openface.csv"
    path.write_text(f"{header}\n{line}\n", encoding="utf-8")
    _, frame = face.read(path)[0]
    assert frame.points is not None
    np.testing.assert_array_equal(frame.points, places.T)
    with face.Stream() as stream:
        stream.push(frame, 0)
        stream.push(frame, 600_000)
        assert stream.signals().basis is FaceBasis.POINTS


def test_refused_files(tmp_path: Path) -> None:
    path = tmp_path / "file"
    eight = ",".join(f"AU0{i}" for i in range(1, 9))
    for text, words in [
        ("", "empty"),
        ("a,b\n1,2\n", "no column"),
        (f"{eight}\n{','.join(['0'] * 8)}\n", "OpenFace 3"),
        ("jawOpen\n0.1\nx\n", "line 3"),
        ('{"faceBlendshapes": 5}', "not valid"),
    ]:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(affetto.ArgumentError, match=words):
            face.read(path)
    with pytest.raises(OSError, match="nowhere"):
        face.read(tmp_path / "nowhere")
    path.write_text("jawOpen\n0.1\n", encoding="utf-8")
    for options in [{"fps": -1}, {"aspect": math.inf}, {"face": -3}]:
        with pytest.raises(affetto.RangeError):
            face.read(path, **options)


def test_a_recording_into_a_session(smile: Path) -> None:
    with affetto.Engine(preset="eu_home") as engine:
        engine.create_learner("ana", {"age_band": "adult"})
        with engine.session("ana") as session:
            with pytest.raises(affetto.ConsentError):
                session.push_face(face.Frame(resting()), now=0)
            engine.grant("ana", affetto.Modality.FACE)
            for time, frame in face.read(smile):
                session.push_face(frame, now=time)
            session.advance(now=time)
            state = session.state()
            assert state.evidence[affetto.Modality.FACE] > 0.99
            assert state.emotion is affetto.Emotion.UNKNOWN  # a face is never the only witness
            assert session.face().smile_mean > 0.3
