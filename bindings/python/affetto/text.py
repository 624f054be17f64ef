"""What the embedded text model says of English messages, without an engine or a learner. For research."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from . import _ffi
from ._call import check, encode, new, read_json, utf8
from ._library import library

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class TextReading:
    """``probability``: of GoEmotions' 28 labels, each by itself; ``perceived``: of what readers see in it (BRIGHTER's 5).

    ``valence``, ``arousal``, ``control`` in -1..1, each with the standard deviation of its error on texts left out.
    ``quality`` 0..1: how much of the message the model knows; 0 = it says nothing.
    """

    probability: dict[str, float]
    perceived: dict[str, float]
    valence: float
    arousal: float
    control: float
    valence_sd: float
    arousal_sd: float
    control_sd: float
    quality: float


@dataclass(frozen=True)
class Word:
    """A word of the message and what it adds to the label's log odds."""

    text: str
    weight: float


@dataclass(frozen=True)
class Explanation:
    """Why a label is likely: ``bias`` and the words' weights sum to its log odds."""

    label: str
    probability: float
    bias: float
    words: tuple[Word, ...]


@cache
def labels() -> tuple[str, ...]:
    """GoEmotions' 28, in the order of the C arrays."""
    lib = library()
    return tuple(lib.affetto_text_label_name(n).decode("ascii") for n in range(_ffi.TEXT_LABEL_COUNT))


@cache
def perceived_labels() -> tuple[str, ...]:
    """BRIGHTER's five."""
    lib = library()
    return tuple(lib.affetto_text_perceived_name(n).decode("ascii") for n in range(_ffi.TEXT_PERCEIVED_COUNT))


def read(message: str) -> TextReading:
    """Reads one message of at most 1 MiB. Raises EncodingError, RangeError."""
    data = utf8(message, "message")
    raw = new(_ffi.affetto_text_reading)
    check(library().affetto_text_read(data, len(data), ctypes.byref(raw)))
    return TextReading(
        probability=dict(zip(labels(), raw.probability)),
        perceived=dict(zip(perceived_labels(), raw.perceived)),
        valence=raw.valence,
        arousal=raw.arousal,
        control=raw.control,
        valence_sd=raw.valence_sd,
        arousal_sd=raw.arousal_sd,
        control_sd=raw.control_sd,
        quality=raw.quality,
    )


def explain(message: str, label: str | None = None) -> Explanation:
    """Why ``label`` is likely, word by word; None = the label that stands out most. Raises NotFoundError."""
    data = utf8(message, "message")
    name = None if label is None else encode(label, "label")
    why = read_json(lambda *out: library().affetto_text_explain(data, len(data), name, *out))
    words = tuple(
        Word(data[span["from"] : span["to"]].decode("utf-8"), span["weight"]) for span in why["spans"]
    )
    return Explanation(label=why["label"], probability=why["probability"], bias=why["bias"], words=words)


def frame(messages: Iterable[str]) -> pandas.DataFrame:
    """A column of messages as a pandas table: one row each, with every number of :func:`read`. Needs pandas."""
    import pandas

    rows = []
    for message in messages:
        reading = read(message)
        row = {"text": message, "quality": reading.quality}
        row |= {axis: getattr(reading, axis) for axis in ("valence", "arousal", "control")}
        row |= reading.probability
        row |= {f"perceived_{name}": value for name, value in reading.perceived.items()}
        rows.append(row)
    return pandas.DataFrame(rows)
