"""What a piece of music is like, from its samples: no engine, no store, no policy, for music is not personal.

    found = affetto.music.analyze(y, 44100)            # y: (n,) or (n, channels), floats in -1..1
    found["tempo_bpm"], found["valence"], found.beats  # numbers by name; times and vectors as arrays
    pandas.DataFrame([found.row() for found in ...])   # one row a piece

    with affetto.music.Analyzer(44100, channels=2) as piece:   # a piece of any length, in constant memory
        for block in blocks:
            piece.push(block)
        found = piece.finish()

Every number, its unit, definition and source: MUSIC.md beside this package's README.
"""

from __future__ import annotations

import ctypes
import os
import wave
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._call import UINT32, address, audio, check, integer, interleaved, read_json
from ._library import library
from .errors import ArgumentError, Status

Vector = NDArray[np.float32]

_LISTS = ("beats", "sections", "chroma", "mfcc", "mfcc_sd", "style")

class MusicAnalysis:
    """What was found in one piece. ``found["tempo_bpm"]``: a number by its name; ``names``: all of them.

    ``beats``, ``sections``: seconds from the beginning. ``downbeats``: indices of ``beats`` that begin a bar; empty
    where that is unclear. ``chroma``: 12, C to B, largest 1. ``mfcc``, ``mfcc_sd``: 13 each, without that of level.
    ``style``: 24 numbers in -1..1, the place in the style space. ``fingerprint``: 64 hexadecimal digits that copies of
    the piece nearly share.
    """

    def __init__(self, handle: ctypes.c_void_p) -> None:
        self._handle = handle
        self._finalizer = weakref.finalize(self, library().affetto_music_destroy, handle)
        found: dict[str, Any] = read_json(lambda *out: library().affetto_music_json(handle, *out))
        self.beats, self.sections, self.chroma, self.mfcc, self.mfcc_sd, self.style = (
            np.array(found.pop(name), dtype=np.float32) for name in _LISTS
        )
        self.downbeats: NDArray[np.int64] = np.array(found.pop("downbeats"), dtype=np.int64)
        self.fingerprint: str = found.pop("fingerprint")
        self._numbers: dict[str, float] = found

    def __getitem__(self, name: str) -> float:
        return self._numbers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def names(self) -> list[str]:
        return list(self._numbers)

    def row(self) -> dict[str, float]:
        """Every number and vector under one name each: 30 of MUSIC.md, affect, chroma, MFCC and style."""
        row = dict(self._numbers)
        row.update({f"chroma_{i}": float(x) for i, x in enumerate(self.chroma)})
        row.update({f"mfcc_{i}": float(x) for i, x in enumerate(self.mfcc, 1)})
        row.update({f"mfcc_sd_{i}": float(x) for i, x in enumerate(self.mfcc_sd, 1)})
        row.update({f"style_{name}": float(x) for name, x in zip(style_names(), self.style, strict=True)})
        return row

    def __repr__(self) -> str:
        mode = "minor" if self["is_minor"] else "major"
        return (
            f"MusicAnalysis({self['duration_s']:.1f} s, {self['tempo_bpm']:.0f} bpm, key {self['key']:.0f} {mode}, "
            f"{self['loudness_lufs']:.1f} LUFS, valence {self['valence']:+.2f}, arousal {self['arousal']:+.2f})"
        )

def analyze(samples: ArrayLike, rate: int) -> MusicAnalysis:
    """Analyses a piece of at least 1 s. ``samples``: floats in -1..1, (n,) or (n, channels); ``rate``: Hz, 8000..96000.

    Raises ArgumentError, RangeError (too short, a sample that is no number). Releases the interpreter lock.
    """
    view, _keep = audio(samples, rate)
    handle = ctypes.c_void_p()
    check(library().affetto_music_analyze(ctypes.byref(view), ctypes.byref(handle)))
    return MusicAnalysis(handle)

def read_wav(path: str | os.PathLike[str]) -> tuple[Vector, int]:
    """Samples (n, channels) and rate of a WAV file of 16-bit integers; for other files use soundfile or librosa."""
    with wave.open(os.fspath(path), "rb") as file:
        if file.getsampwidth() != 2:
            raise ArgumentError(Status.ARGUMENT, f"{os.fspath(path)} does not hold 16-bit samples")
        bytes_ = file.readframes(file.getnframes())
        if len(bytes_) != file.getnframes() * file.getnchannels() * 2:
            raise ArgumentError(Status.ARGUMENT, f"{os.fspath(path)} is cut short")
        data = np.frombuffer(bytes_, dtype="<i2")
        return data.reshape(-1, file.getnchannels()).astype(np.float32) / 32768, file.getframerate()

class Analyzer:
    """One piece as it comes: ``push`` blocks of any size, then ``finish``. The same numbers as :func:`analyze`."""

    def __init__(self, rate: int, channels: int = 1) -> None:
        handle = ctypes.c_void_p()
        check(
            library().affetto_music_create(
                integer(rate, "rate", *UINT32), integer(channels, "channels", *UINT32), ctypes.byref(handle)
            )
        )
        self._channels = channels
        self._handle: ctypes.c_void_p | None = handle
        self._finalizer = weakref.finalize(self, library().affetto_music_destroy, handle)

    def push(self, samples: ArrayLike) -> None:
        """(n,) or (n, channels). Raises ArgumentError, StateError (finished)."""
        block, frames, channels = interleaved(samples)
        if channels != self._channels:
            raise ArgumentError(Status.ARGUMENT, f"samples have {channels} channels, not {self._channels}")
        check(library().affetto_music_push(self._handle, address(block), frames))

    def finish(self) -> MusicAnalysis:
        """Raises RangeError (shorter than 1 s, a sample that is no number), ClosedError."""
        check(library().affetto_music_finish(self._handle, None))
        handle, self._handle = self._handle, None
        self._finalizer.detach()
        assert handle is not None
        return MusicAnalysis(handle)

    def close(self) -> None:
        self._handle = None
        self._finalizer()

    def __enter__(self) -> Analyzer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

def style_names() -> list[str]:
    """What the numbers of ``MusicAnalysis.style`` stand for."""
    lib = library()
    return [lib.affetto_style_name(i).decode("utf-8") for i in range(lib.affetto_style_dimensions())]

def style_version() -> int:
    return int(library().affetto_style_version())

__all__ = ["Analyzer", "MusicAnalysis", "analyze", "read_wav", "style_names", "style_version"]

