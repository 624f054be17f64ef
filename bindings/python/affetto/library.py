"""The music library: analysis of pieces, and the tracks the engine may choose from."""

from __future__ import annotations

import ctypes
import io
import json
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from . import _ffi
from ._call import INT64, audio, check, encode, integer, new, number, read_json, read_text, utf8
from ._library import library
from .errors import ArgumentError, Status
from .music import MusicAnalysis
from .vocabulary import LabelSource, ReviewStatus, TableFormat

if TYPE_CHECKING:
    from pandas import DataFrame

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
    centroid; ``flux`` mean spectral flux; ``onset_rate`` per second. The rest: MUSIC.md. ``measured_valence``,
    ``measured_arousal``: what analysis alone would say, NaN where none was made; ``raters``: how many people the label
    rests on; ``review``: whether somebody should look.
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
    review: ReviewStatus = ReviewStatus.NONE
    minimum_age: int = 0
    raters: int = 0
    beats_per_bar: int = 0
    tempo_stability: float = 0.0
    loudness_range_lu: float = 0.0
    true_peak_db: float = 0.0
    crest_db: float = 0.0
    attack_db: float = 0.0
    percussiveness: float = 0.0
    roughness: float = 0.0
    vocal_activity: float = 0.0
    measured_valence: float = math.nan
    measured_arousal: float = math.nan


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

    def add(self, found: MusicAnalysis, **about: Any) -> Track:
        """Keeps an analysed piece; ``about``: fields of :class:`Track` in words, as ``id``, ``title``, ``uri``.

        The label is what was measured, unless valence and arousal are given. A track of the same ``uri`` is updated;
        one with the same audio whose file is gone has moved, and keeps its id; else it is new. Returns what is kept.
        """
        about.setdefault("label_source", LabelSource.HOST if "valence" in about else LabelSource.MODEL)
        raw, kept = _to_c(Track(**about)), new(_ffi.affetto_track)
        check(
            library().affetto_library_add(
                self._engine._pointer(), found._handle, ctypes.byref(raw), ctypes.byref(kept)
            )
        )
        return _from_c(kept)

    def remove(self, id: str) -> None:
        """Takes a track out of the library. Raises NotFoundError."""
        check(library().affetto_library_remove(self._engine._pointer(), encode(id, "id")))

    def get(self, id: str) -> dict[str, Any]:
        """Everything known of a track: {"track": {..}, "detail": {"beats", ..} or None}. Raises NotFoundError."""
        pointer, name = self._engine._pointer(), encode(id, "id")
        record: dict[str, Any] = read_json(lambda *out: library().affetto_library_get(pointer, name, *out))
        record.setdefault("detail", None)
        return record

    def find(
        self,
        *,
        valence: float | None = None,
        arousal: float | None = None,
        radius: float | None = None,
        style: str | None = None,
        instrumental_only: bool = False,
        text: str | None = None,
        like: str | None = None,
        tempo: tuple[float | None, float | None] = (None, None),
        key: int | None = None,
        mode: str | None = None,
        age: int | None = None,
        clean_only: bool = False,
        needs_review: bool = False,
        with_rejected: bool = False,
        limit: int | None = None,
    ) -> list[Track]:
        """Tracks that fit, nearest first, else in the order in which they came; None = any.

        ``valence``, ``arousal``: centre, -1..1. ``like``: id of a track; the nearest to it in style come first.
        ``text``: letters in a row of title, artist, style or tags. ``tempo``: (slowest, fastest), beats per minute.
        ``key``: 0 = C .. 11 = B. ``mode``: "major" or "minor". ``age``: of the youngest listener. ``limit``: at most.
        """
        query = new(_ffi.affetto_query)
        query.instrumental_only = int(instrumental_only)
        query.valence, query.arousal, query.radius = number(valence), number(arousal), number(radius)
        query.tempo_min, query.tempo_max = number(tempo[0]), number(tempo[1])
        for name, value in (("style", style), ("text", text), ("like", like)):
            if value is not None:
                setattr(query, name, encode(value, name))
        if key is not None:
            query.key = integer(key, "key")
        if mode is not None:
            if mode not in _MODES:
                raise ArgumentError(Status.ARGUMENT, "mode must be 'major' or 'minor'")
            query.mode = _MODES.index(mode)
        if age is not None:
            query.age = integer(age, "age")
        query.clean_only, query.needs_review = int(clean_only), int(needs_review)
        query.with_rejected = int(with_rejected)
        capacity = 64 if limit is None else limit
        while True:
            found = (_ffi.affetto_track * capacity)()
            count = ctypes.c_size_t()
            status = library().affetto_library_find(
                self._engine._pointer(), ctypes.byref(query), found, capacity, ctypes.byref(count)
            )
            if status == Status.BUFFER_TOO_SMALL and count.value > capacity:
                if limit is None:
                    capacity = count.value
                    continue
            else:
                check(status)
            return [_from_c(raw) for raw in found[: min(count.value, capacity)]]

    def correct(self, id: str, **fields: Any) -> None:
        """What a person says of a track, as ``valence=0.4, key="C minor", tags="guitar; calm"``.

        No import changes these fields again. Raises NotFoundError, ArgumentError, RangeError.
        """
        text = encode(json.dumps(fields), "fields")
        check(library().affetto_library_correct(self._engine._pointer(), encode(id, "id"), text))

    def rate(
        self,
        id: str,
        rater: str,
        valence: float,
        arousal: float,
        *,
        source: LabelSource = LabelSource.CROWD,
        now: int | None = None,
    ) -> None:
        """One person's rating, -1..1; the track's label becomes the mean of its experts, else of the crowd.

        ``rater``: a name of yours, no learner's. Raises NotFoundError, ArgumentError, RangeError.
        """
        check(
            library().affetto_library_rate(
                self._engine._pointer(),
                encode(id, "id"),
                encode(rater, "rater"),
                int(source),
                valence,
                arousal,
                int(time.time()) if now is None else integer(now, "now", *INT64),
            )
        )

    def settle(self, id: str, review: ReviewStatus) -> None:
        """What you made of a track in the review queue (``find(needs_review=True)``). A rejected one is not played."""
        check(library().affetto_library_settle(self._engine._pointer(), encode(id, "id"), int(review)))

    def agreement(self) -> dict[str, Any]:
        """How far raters agree: Krippendorff's alpha for valence and arousal, and the counts behind it."""
        pointer = self._engine._pointer()
        agreement: dict[str, Any] = read_json(lambda *out: library().affetto_library_agreement(pointer, *out))
        return {"valence": None, "arousal": None} | agreement

    def import_table(self, table: str | Iterable[Mapping[str, Any]] | DataFrame) -> dict[str, Any]:
        """Takes CSV text, a DataFrame, or dicts: ``id`` or ``uri`` and the fields of :meth:`correct`; with ``rater``
        the row is that person's rating. Rows with faults are left out and named in the report's "errors".
        """
        if isinstance(table, str):
            form, text = TableFormat.CSV, table
        elif hasattr(table, "to_csv"):
            form, text = TableFormat.CSV, table.to_csv(index=table.index.name == "id")
        else:
            form, text = TableFormat.JSON, json.dumps([dict(row) for row in table])
        data, pointer = utf8(text, "table"), self._engine._pointer()
        report: dict[str, Any] = read_json(
            lambda *out: library().affetto_library_import(pointer, int(form), data, len(data), *out)
        )
        return report

    def to_frame(self) -> DataFrame:
        """The library as a pandas DataFrame, one row a track, by id: labels, rights and every measured number."""
        import pandas

        pointer = self._engine._pointer()
        text = read_text(lambda *out: library().affetto_library_export(pointer, int(TableFormat.CSV), *out))
        gaps = {"measured_valence": [""], "measured_arousal": [""]}
        texts = {name: str for name in ("id", "title", "artist", "uri", "isrc", "licence", "style", "tags")}
        return pandas.read_csv(io.StringIO(text), dtype=texts, keep_default_na=False, na_values=gaps).set_index("id")

    def to_json(self) -> str:
        """Every track, as :meth:`import_table` reads it back after ``json.loads``."""
        pointer = self._engine._pointer()
        return read_text(lambda *out: library().affetto_library_export(pointer, int(TableFormat.JSON), *out))

    def map_svg(self, side: float = 640) -> str:
        """The library in the plane of valence and arousal, as an SVG picture. ``side``: pixels, 240..2000."""
        pointer = self._engine._pointer()
        return read_text(lambda *out: library().affetto_library_map(pointer, side, *out))


_MODES = ("major", "minor")
_KINDS: dict[str, Any] = {"is_explicit": bool, "is_minor": bool, "label_source": LabelSource, "review": ReviewStatus}


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
