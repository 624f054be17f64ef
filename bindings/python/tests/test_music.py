"""affetto.music: one piece at a time, and the library of a host."""

from __future__ import annotations

import gc
import math
from pathlib import Path

import numpy as np
import pytest
from conftest import RATE

import affetto
from affetto import LabelSource, ReviewStatus
from affetto.music import Analyzer, analyze, style_names


def test_numbers_and_vectors(music: np.ndarray) -> None:
    found = analyze(music, RATE)
    assert len(found) == len(found.names) == 36
    assert found["duration_s"] == pytest.approx(12, abs=0.1)
    assert found["key"] == 0
    assert found["energy"] == pytest.approx((found["valence"] + found["arousal"]) / math.sqrt(2), abs=1e-6)
    assert found["tension"] == pytest.approx((found["arousal"] - found["valence"]) / math.sqrt(2), abs=1e-6)
    assert found.chroma.shape == (12,)
    assert found.chroma.max() == 1
    assert found.mfcc.shape == found.mfcc_sd.shape == (13,)
    assert found.style.shape == (24,) == (len(style_names()),)
    assert np.all(np.diff(found.beats) > 0)
    assert found.sections[0] == 0
    assert len(found.fingerprint) == 64
    row = found.row()
    assert len(row) == 36 + 12 + 26 + 24
    assert all(isinstance(value, int | float) for value in row.values())
    assert "MusicAnalysis(12" in repr(found)


@pytest.mark.parametrize("block", [1, 1000, 10**6])
def test_streams_give_the_same(music: np.ndarray, block: int) -> None:
    music = music[: 3 * RATE] if block == 1 else music
    with Analyzer(RATE) as piece:
        for start in range(0, len(music), max(block, 64)):
            piece.push(music[start : start + max(block, 64)])
        found = piece.finish()
    assert found.row() == analyze(music, RATE).row()
    assert found.fingerprint == analyze(music, RATE).fingerprint


def test_stereo_and_float64(music: np.ndarray) -> None:
    both = np.stack([music, music], axis=1)
    assert analyze(both, RATE)["tempo_bpm"] == pytest.approx(analyze(music, RATE)["tempo_bpm"], rel=0.01)
    assert analyze(both.astype(np.float64), RATE).row() == analyze(both, RATE).row()


def test_refusals(music: np.ndarray) -> None:
    with pytest.raises(affetto.RangeError):
        analyze(music[: RATE // 2], RATE)
    with pytest.raises(affetto.RangeError):
        analyze(np.where(np.arange(len(music)) == 99, np.nan, music), RATE)
    with pytest.raises(affetto.RangeError):
        analyze(music, 100)
    with pytest.raises(TypeError):
        analyze(np.zeros(RATE * 2, dtype=np.int16), RATE)
    with pytest.raises(affetto.RangeError):
        Analyzer(RATE, 99)
    piece = Analyzer(RATE, 2)
    with pytest.raises(affetto.ArgumentError):
        piece.push(music)
    piece.push(np.stack([music, music], axis=1))
    piece.finish()
    with pytest.raises(affetto.AffettoError):
        piece.finish()
    with pytest.raises(affetto.AffettoError):
        piece.push(np.zeros((10, 2)))


def test_handles_are_given_back(music: np.ndarray) -> None:
    # More than there are handles.
    for _ in range(17000):
        Analyzer(RATE)
    gc.collect()
    assert analyze(music, RATE)["key"] == 0


def test_a_library_as_a_frame(engine: affetto.Engine, music: np.ndarray) -> None:
    pandas = pytest.importorskip("pandas")
    library = engine.library
    found = analyze(music, RATE)
    kept = library.add(found, id="triads", title="Triads", uri="https://example.org/triads.flac")
    assert kept.label_source is LabelSource.MODEL
    assert kept.valence == pytest.approx(found["valence"])
    labelled = library.add(found, id="other", valence=0.5, arousal=-0.5, label_source=LabelSource.EXPERT)
    assert (labelled.valence, labelled.measured_valence) == (0.5, pytest.approx(found["valence"]))
    report = library.import_table(
        pandas.DataFrame([{"id": "x", "title": "Müll, \"q\"", "tempo_bpm": 70}, {"id": "y", "valence": 7}])
    )
    assert report["added"] == 1
    assert report["errors"][0]["line"] == 3
    frame = library.to_frame()
    assert list(frame.index) == ["other", "triads", "x"]
    assert frame.loc["x", "title"] == 'Müll, "q"'
    assert frame.loc["triads", "brightness_hz"] == pytest.approx(found["brightness_hz"], rel=1e-5)
    assert library.get("triads")["detail"]["beats"] == pytest.approx(found.beats.tolist())
    assert library.get("x")["detail"] is None
    assert [track.id for track in library.find(like="triads")] == ["other"]
    assert [track.id for track in library.find(text="müll")] == ["x"]
    assert [track.id for track in library.find(tempo=(60, 75), limit=1)] == ["x"]
    assert len(library.find(limit=2)) == 2
    assert library.map_svg().startswith("<svg")
    library.remove("x")
    with pytest.raises(affetto.NotFoundError):
        library.get("x")


def test_people_have_the_last_word(engine: affetto.Engine, music: np.ndarray) -> None:
    library = engine.library
    found = analyze(music, RATE)
    library.add(found, id="a")
    library.correct("a", tempo_bpm=91, tags=["slow", "guitar"], key="Am")
    again = library.add(found, id="a")
    assert (again.tempo_bpm, again.key, again.is_minor) == (91, 9, True)
    assert library.get("a")["track"]["corrected"] == ["key", "tags", "tempo_bpm"]
    for rater, valence in (("x", -0.9), ("y", -0.8), ("z", 0.9)):
        library.rate("a", rater, valence, 0.1, source=LabelSource.EXPERT)
    track = library.find()[0]
    assert track.valence == pytest.approx(-0.2667, abs=1e-3)
    assert (track.label_source, track.raters, track.review) == (LabelSource.EXPERT, 3, ReviewStatus.NEEDED)
    assert [waiting.id for waiting in library.find(needs_review=True)] == ["a"]
    assert library.agreement() == {"valence": None, "arousal": None, "ratings": 3, "raters": 3, "tracks": 1} | {
        key: value for key, value in library.agreement().items() if key in ("valence", "arousal")
    }
    library.settle("a", ReviewStatus.REJECTED)
    assert library.find() == []
    assert [track.id for track in library.find(with_rejected=True)] == ["a"]
    with pytest.raises(affetto.ArgumentError):
        library.correct("a", colour="red")
    with pytest.raises(affetto.NotFoundError):
        library.rate("nowhere", "x", 0, 0)


def test_json_comes_back(engine: affetto.Engine, music: np.ndarray, tmp_path: Path) -> None:
    import json

    engine.library.add(analyze(music, RATE), id="a", title="A")
    rows = json.loads(engine.library.to_json())
    report = engine.library.import_table(rows)
    assert (report["added"], report["unchanged"], report["errors"]) == (0, 1, [])
