"""Voice features: files, arrays, windows and streams give the same numbers; bad input is refused."""

from __future__ import annotations

import sys
import wave
from pathlib import Path

import affetto
import numpy as np
import pytest
from affetto import voice as av

RATE = 16000
F0 = "F0semitoneFrom27.5Hz_sma3nz_percentile50.0"


def write(path: Path, samples: np.ndarray, rate: int = RATE, width: int = 2) -> Path:
    whole = np.round(samples * (1 << (8 * width - 1))).astype(np.int64)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(b"".join(int(x).to_bytes(width, "little", signed=True) for x in whole.ravel()))
    return path


def same(a: av.Table, b: av.Table) -> bool:
    return list(a) == list(b) and all(np.array_equal(a[name], b[name]) for name in a)


def test_names() -> None:
    names = av.feature_names()
    assert len(names) == len(set(names)) == 88
    assert names[0] == "F0semitoneFrom27.5Hz_sma3nz_amean" and names[-1] == "equivalentSoundLevel_dBp"
    assert len(av.descriptor_names()) == 25
    assert av.feature_units()["equivalentSoundLevel_dBp"] == "dB"
    assert av.descriptor_units()["F1frequency_sma3nz"] == "Hz"


def test_features_of_a_known_voice(voice: np.ndarray) -> None:
    table = av.features(voice, RATE)
    assert list(table) == av.feature_names() and all(values.shape == (1,) for values in table.values())
    assert table[F0][0] == pytest.approx(12 * np.log2(200 / 27.5), abs=0.05)
    assert table["VoicedSegmentsPerSec"][0] == pytest.approx(4, abs=0.3)


@pytest.mark.parametrize("mode", ["corrected", "compatible"])
@pytest.mark.parametrize("without_soundfile", [False, True])
def test_file_and_array_give_the_same_numbers(
    tmp_path: Path, voice: np.ndarray, mode: av.Mode, without_soundfile: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if without_soundfile:
        monkeypatch.setitem(sys.modules, "soundfile", None)
    samples = (np.round(voice * 32768) / 32768).astype(np.float32)
    path = write(tmp_path / "voice.wav", samples)
    assert same(av.features(path, mode=mode), av.features(samples, RATE, mode=mode))
    assert same(av.descriptors(str(path), mode=mode), av.descriptors(samples, RATE, mode=mode))
    assert av.analyze(path).f0_mean_hz == av.analyze(samples, RATE).f0_mean_hz


@pytest.mark.parametrize("width", [2, 3, 4])
def test_wave_files_of_every_width(
    tmp_path: Path, voice: np.ndarray, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "soundfile", None)
    stereo = np.stack([voice[:8000], -0.5 * voice[:8000]], axis=1)
    samples, rate = av.read(write(tmp_path / "x.wav", stereo, 22050, width))
    assert rate == 22050 and samples.shape == stereo.shape and samples.dtype == np.float32
    assert np.abs(samples - stereo).max() < 2 ** (1 - 8 * min(width, 3))


def test_descriptors(voice: np.ndarray) -> None:
    table = av.descriptors(voice, RATE)
    assert list(table)[6:] == av.descriptor_names()
    assert len(table["time"]) == 400
    assert np.allclose(np.diff(table["time"]), 0.01) and table["time"][0] == pytest.approx(0.005)
    voiced = table["f0_hz"] > 0
    assert 0.4 < voiced.mean() < 0.7
    assert np.all((table["F1frequency_sma3nz"] > 0) <= voiced)
    assert np.median(np.abs(table["f0_hz"][voiced] - 200)) < 0.5


def test_windows_and_streams(voice: np.ndarray) -> None:
    long = np.concatenate([voice, voice, voice])
    table = av.features(long, RATE, window=3, hop=2)
    assert list(table)[:2] == ["start", "end"] and list(table)[2:] == av.feature_names()
    assert table["start"].tolist() == [0, 2, 4, 6, 8]
    assert np.allclose(table[F0], 12 * np.log2(200 / 27.5), atol=0.1)
    with av.Stream(RATE, provisional=True) as stream:
        frames = []
        for start in range(0, len(long), 441):
            stream.push(long[start : start + 441])
            stream.advance()
            frames.append(stream.frames())
        stream.finish()
        frames.append(stream.frames())
        joined = {name: np.concatenate([part[name] for part in frames]) for name in frames[0]}
        final = {name: values[joined["is_final"] == 1] for name, values in joined.items() if name != "is_final"}
        assert same(final, av.descriptors(long, RATE))
        assert (joined["is_final"] == 0).sum() > 1100
        assert same(stream.features(), av.features(long, RATE))
        assert stream.summary().duration_s == pytest.approx(12)
        assert stream.dropped == 0
    with pytest.raises(affetto.ClosedError):
        stream.advance()


def test_an_overrun_is_counted(voice: np.ndarray) -> None:
    with av.Stream(RATE) as stream:
        stream.push(voice)
        with pytest.raises(affetto.OverrunError):
            stream.push(voice)
        assert 0 < stream.dropped <= len(voice)
        stream.finish()
        with pytest.raises(affetto.StateError):
            stream.finish()


def test_bad_input(tmp_path: Path, voice: np.ndarray) -> None:
    with pytest.raises(affetto.ArgumentError):
        av.features(voice)
    with pytest.raises(affetto.ArgumentError):
        av.features(voice[:100], RATE)
    with pytest.raises(affetto.ArgumentError):
        av.features(voice, RATE, mode="exact")  # type: ignore[arg-type]
    with pytest.raises(affetto.RangeError):
        av.features(np.full(RATE, np.nan, np.float32), RATE)
    with pytest.raises(affetto.RangeError):
        av.features(voice, 4000)
    with pytest.raises(affetto.RangeError):
        av.features(voice, RATE, window=0.01)
    with pytest.raises(affetto.ArgumentError):
        av.features(write(tmp_path / "a.wav", voice), 44100)
    with pytest.raises(FileNotFoundError):
        av._read_wave(tmp_path / "none.wav")
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF\x24\x00")
    with pytest.raises(ValueError, match="soundfile"):
        av._read_wave(broken)
    with pytest.raises(affetto.RangeError):
        av.Stream(100)
    with av.Stream(RATE, 2) as stream, pytest.raises(affetto.ArgumentError):
        stream.push(voice)
