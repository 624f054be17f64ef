"""The music library: analysis of pieces, and the tracks the engine may choose from."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from . import _ffi
from ._call import audio, check, encode, integer, new, number
from ._library import library
from .errors import ArgumentError, Status
from .vocabulary import LabelSource

if TYPE_CHECKING:
    from .engine import Engine


@dataclass
class Track:
    """A piece of music. Texts are "" where unknown; give the bytes of UTF-8 that fit: id 63, title and artist 127,
    uri 511, licence 63, style 31, lyrics_language 15.

    ``uri``: where you find the audio. ``style``: lower case. ``lyrics_language``: BCP 47, "" = instrumental, "und" =
    sung in an unknown language. ``is_explicit``: not for minors. ``valence``, ``arousal``: perceived, -1..1, with one
    standard deviation of doubt; ``label_source`` says who judged. ``duration_s`` in seconds; ``tempo_bpm`` in beats a
    minute, 0 = no pulse; ``pulse_clarity``, ``key_clarity`` 0..1; ``key`` 0 = C .. 11 = B; ``majorness`` -1..1;
    ``loudness_lufs`` integrated (ITU-R BS.1770-4); ``energy_db`` RMS re full scale; ``brightness_hz`` spectral
    centroid; ``flux`` mean spectral flux; ``onset_rate`` per second.
    """

    id: str = ""
    title: str = ""
    artist: str = ""
    uri: str = ""
    licence: str = ""
    style: str = ""
    lyrics_language: str = ""
    is_explicit: bool = False
    label_source: LabelSource = LabelSource.HOST
    key: int = 0
    is_minor: bool = False
    valence: float = 0.0
    arousal: float = 0.0
    valence_sd: float = 0.3
    arousal_sd: float = 0.3
    duration_s: float = 0.0
    tempo_bpm: float = 0.0
    pulse_clarity: float = 0.0
    key_clarity: float = 0.0
    majorness: float = 0.0
    loudness_lufs: float = 0.0
    energy_db: float = 0.0
    brightness_hz: float = 0.0
    flux: float = 0.0
    onset_rate: float = 0.0


class Library:
    """The library of an engine: ``engine.library``. May be shared by threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def analyze(self, samples: ArrayLike, rate: int, *, id: str = "", title: str = "") -> Track:
        """Analyses a piece of at least 1 s to tempo, key, mode, level, energy, brightness, valence and arousal.

        ``samples``: floats in -1..1, (n,) or (n, channels); ``rate``: Hz, 8000..96000. Raises ArgumentError,
        RangeError. The track is not yet in the library: name it, add what you know, and :meth:`put` it.
        """
        view, _keep = audio(samples, rate)
        raw = new(_ffi.affetto_track)
        check(library().affetto_library_analyze(self._engine._pointer(), ctypes.byref(view), ctypes.byref(raw)))
        track = _from_c(raw)
        track.id, track.title = id, title
        return track

    def put(self, track: Track) -> None:
        """Adds a track, or replaces the one with the same id. Raises ArgumentError (no id), RangeError."""
        raw = _to_c(track)
        check(library().affetto_library_put(self._engine._pointer(), ctypes.byref(raw)))

    def find(
        self,
        *,
        valence: float | None = None,
        arousal: float | None = None,
        radius: float | None = None,
        style: str | None = None,
        instrumental_only: bool = False,
    ) -> list[Track]:
        """Tracks that fit, nearest first, then by id; None = any. ``valence``, ``arousal``: centre, -1..1."""
        query = new(_ffi.affetto_query)
        query.instrumental_only = int(instrumental_only)
        query.valence = number(valence)
        query.arousal = number(arousal)
        query.radius = number(radius)
        if style is not None:
            query.style = encode(style, "style")
        capacity = 64
        while True:
            found = (_ffi.affetto_track * capacity)()
            count = ctypes.c_size_t()
            status = library().affetto_library_find(
                self._engine._pointer(), ctypes.byref(query), found, capacity, ctypes.byref(count)
            )
            if status == Status.BUFFER_TOO_SMALL and count.value > capacity:
                capacity = count.value
                continue
            check(status)
            return [_from_c(raw) for raw in found[: count.value]]


_KINDS: dict[str, Any] = {"is_explicit": bool, "is_minor": bool, "label_source": LabelSource}


def _from_c(raw: _ffi.affetto_track) -> Track:
    values: dict[str, Any] = {}
    for field in fields(Track):
        value = getattr(raw, field.name)
        if isinstance(value, bytes):
            value = value.decode("utf-8")
        values[field.name] = _KINDS.get(field.name, lambda same: same)(value)
    return Track(**values)


def _to_c(track: Track) -> _ffi.affetto_track:
    raw = new(_ffi.affetto_track)
    for field in fields(Track):
        value = getattr(track, field.name)
        if isinstance(value, str):
            value = encode(value, field.name)
            room = getattr(_ffi.affetto_track, field.name).size - 1
            if len(value) > room:
                raise ArgumentError(Status.ARGUMENT, f"{field.name} has {len(value)} bytes; at most {room} fit")
        elif isinstance(value, int):
            value = integer(value, field.name)
        setattr(raw, field.name, value)
    return raw
