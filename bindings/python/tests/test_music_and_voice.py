"""Analysis of music and voice, and the music library."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from conftest import RATE

import affetto
from affetto import LabelSource, Track


def test_analyze(engine: affetto.Engine, music: np.ndarray) -> None:
    track = engine.library.analyze(music, RATE, id="triads", title="Triads")
    assert (track.id, track.title, track.artist) == ("triads", "Triads", "")
    assert track.duration_s == pytest.approx(12, abs=0.1)
    assert track.key == 0
    assert track.is_minor is False
    assert isinstance(track.label_source, LabelSource)
    assert -1 <= track.valence <= 1
    assert -1 <= track.arousal <= 1
    stereo = engine.library.analyze(np.stack([music, music], axis=1), RATE)
    assert stereo.tempo_bpm == pytest.approx(track.tempo_bpm, rel=0.01)
    with pytest.raises(affetto.ArgumentError):
        engine.library.analyze(music[: RATE // 2], RATE)
    with pytest.raises(affetto.RangeError):
        engine.library.analyze(np.full(2 * RATE, np.nan), RATE)
    with pytest.raises(affetto.RangeError):
        engine.library.analyze(music, 100)
    with pytest.raises(affetto.RangeError):
        engine.library.analyze(music, 2**32)


def test_put_and_find(engine: affetto.Engine) -> None:
    library = engine.library
    assert library.find() == []
    first = Track(
        id="a",
        title="Überraschung",
        artist="学生",
        uri="file:///music/a.flac",
        licence="CC0-1.0",
        style="jazz",
        lyrics_language="de",
        is_explicit=True,
        valence=0.5,
        arousal=0.25,
        duration_s=100,
        tempo_bpm=90,
        key=9,
        is_minor=True,
        label_source=LabelSource.EXPERT,
    )
    library.put(first)
    library.put(replace(first, id="b", lyrics_language="", style="piano", valence=-0.5))
    found = library.find(valence=0.5, arousal=0.25)
    assert [track.id for track in found] == ["a", "b"]
    assert found[0].title == first.title
    assert found[0].artist == first.artist
    assert (found[0].is_explicit, found[0].is_minor, found[0].key) == (True, True, 9)
    assert found[0].label_source is LabelSource.EXPERT
    assert found[0].valence == 0.5
    assert [track.id for track in library.find(style="jazz")] == ["a"]
    assert [track.id for track in library.find(instrumental_only=True)] == ["b"]
    assert [track.id for track in library.find(valence=-0.5, arousal=0.25, radius=0.1)] == ["b"]
    library.put(replace(first, title="again"))
    assert len(library.find()) == 2


def test_find_more_than_the_first_buffer_holds(engine: affetto.Engine) -> None:
    for index in range(70):
        engine.library.put(Track(id=f"t{index:03}", valence=index / 100))
    found = engine.library.find(valence=0, arousal=0)
    assert [track.id for track in found] == [f"t{index:03}" for index in range(70)]


def test_refused_tracks(engine: affetto.Engine) -> None:
    library = engine.library
    with pytest.raises(affetto.ArgumentError):
        library.put(Track())
    with pytest.raises(affetto.ArgumentError, match="63"):
        library.put(Track(id="x" * 64))
    with pytest.raises(affetto.ArgumentError, match="title"):
        library.put(Track(id="x", title="ü" * 64))
    with pytest.raises(affetto.RangeError):
        library.put(Track(id="x", valence=1.5))
    with pytest.raises(affetto.RangeError):
        library.put(Track(id="x", arousal=math.nan))
    with pytest.raises(affetto.RangeError):
        library.find(radius=-1)
    library.put(Track(id="x" * 63))


def test_voice(voice: np.ndarray) -> None:
    summary = affetto.voice.analyze(voice, RATE)
    assert summary.duration_s == pytest.approx(4, abs=0.01)
    assert summary.f0_mean_hz == pytest.approx(200, rel=0.03)
    assert summary.clipped_ratio == 0
    assert repr(affetto.voice.analyze(voice.astype(np.float64), RATE)) == repr(summary)  # NaN is not equal to itself
    silence = affetto.voice.analyze(np.zeros(RATE, np.float32), RATE)
    assert silence.speech_ratio == 0
    assert math.isnan(silence.f0_mean_hz)
    with pytest.raises(affetto.RangeError):
        affetto.voice.analyze(np.full(RATE, np.inf, np.float32), RATE)
    with pytest.raises(affetto.ArgumentError):
        affetto.voice.analyze(np.zeros(0, np.float32), RATE)
    with pytest.raises(affetto.ArgumentError):
        affetto.voice.analyze(voice, 0)
