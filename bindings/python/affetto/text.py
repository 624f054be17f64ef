"""What the embedded text models say of messages in English or Chinese, without an engine or a learner. For research."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import _ffi
from ._call import check, integer, new, read_json, utf8
from ._library import library
from .vocabulary import CrisisTier, Emotion, LyricsTag

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class TextReading:
    """What one message says.

    ``language``     "en", "zh-Hans", "zh-Hant"; "und" = none that is read
    ``emotion``      the most likely one; None where it is too unsure to name one, and beside grave words
    ``probability``  by emotion, summing to 1; emotions that the language's model cannot name are left out
    ``valence``, ``arousal``, ``control``  -1..1, each with the standard deviation of its error on texts left out
    ``goal_blocked``, ``other_to_blame``, ``uncertainty``  appraisals, 0..1, by cues in the words
    ``help``, ``vent``, ``plan``  what the writer may want, 0..1, each by itself
    ``crisis``       how grave the words are
    ``quality``      0..1: how much of the message the model knows; 0 = it says nothing
    """

    language: str
    emotion: Emotion | None
    probability: dict[Emotion, float]
    valence: float
    arousal: float
    control: float
    valence_sd: float
    arousal_sd: float
    control_sd: float
    goal_blocked: float
    other_to_blame: float
    uncertainty: float
    help: float
    vent: float
    plan: float
    crisis: CrisisTier
    quality: float


@dataclass(frozen=True)
class Word:
    """A word of the message and what it adds to the emotion's log odds."""

    text: str
    weight: float


@dataclass(frozen=True)
class Explanation:
    """Why an emotion is likely: ``bias``, ``word_list`` and the words' weights sum to ``log_odds``."""

    emotion: Emotion
    probability: float
    log_odds: float
    bias: float
    word_list: float
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Lyrics:
    """What a host should know of lyrics. ``tags`` are found by word patterns: no tag is no review."""

    language: str
    tags: LyricsTag
    valence: float
    arousal: float
    valence_sd: float
    arousal_sd: float
    quality: float


_NUMBERS = (
    "valence", "arousal", "control", "valence_sd", "arousal_sd", "control_sd", "goal_blocked", "other_to_blame",
    "uncertainty", "help", "vent", "plan", "quality",
)  # fmt: skip


def _language(number: int) -> str:
    return str(library().affetto_language_name(number).decode("ascii"))


def read(message: str) -> TextReading:
    """Reads one message of at most 1 MiB. Raises EncodingError, RangeError."""
    data = utf8(message, "message")
    raw = new(_ffi.affetto_text_reading)
    check(library().affetto_text_read(data, len(data), ctypes.byref(raw)))
    return TextReading(
        language=_language(raw.language),
        emotion=None if raw.emotion < 0 else Emotion(raw.emotion),
        probability={Emotion(n): p for n, p in enumerate(raw.probability) if p == p},
        crisis=CrisisTier(raw.crisis),
        **{name: getattr(raw, name) for name in _NUMBERS},
    )


def explain(message: str, emotion: Emotion | None = None) -> Explanation:
    """Why ``emotion`` is likely, word by word; None = the most likely one. Raises NotFoundError."""
    data = utf8(message, "message")
    number = -1 if emotion is None else integer(emotion, "emotion")
    why = read_json(lambda *out: library().affetto_text_explain(data, len(data), number, *out))
    words = tuple(
        Word(data[span["from"] : span["to"]].decode("utf-8"), span["weight"]) for span in why["spans"]
    )
    return Explanation(
        emotion=Emotion[why["emotion"].upper()],
        probability=why["probability"],
        log_odds=why["log_odds"],
        bias=why["bias"],
        word_list=why["word_list"],
        words=words,
    )


def labels(message: str) -> dict[str, dict[str, float]]:
    """The message in the corpora's own terms: ``labels`` (GoEmotions' 28, CPED's 13) and ``perceived`` (BRIGHTER's)."""
    data = utf8(message, "message")
    native = read_json(lambda *out: library().affetto_text_labels(data, len(data), *out))
    return {"labels": native["labels"], "perceived": native["perceived"]}


def lyrics(words: str) -> Lyrics:
    """Content tags and valence of lyrics, one line a verse."""
    data = utf8(words, "words")
    raw = new(_ffi.affetto_lyrics)
    check(library().affetto_lyrics_read(data, len(data), ctypes.byref(raw)))
    return Lyrics(
        language=_language(raw.language),
        tags=LyricsTag(raw.tags),
        valence=raw.valence,
        arousal=raw.arousal,
        valence_sd=raw.valence_sd,
        arousal_sd=raw.arousal_sd,
        quality=raw.quality,
    )


def frame(messages: Iterable[str]) -> pandas.DataFrame:
    """A column of messages as a pandas table: one row each, with what :func:`read` says and a column an emotion,
    and ``because``, the words that speak most for the likeliest one. Needs pandas."""
    import pandas

    rows = []
    for message in messages:
        reading = read(message)
        row = {"text": message, "language": reading.language}
        row["emotion"] = None if reading.emotion is None else reading.emotion.name.lower()
        row["because"] = ", ".join(word.text for word in _telling(message)) if reading.probability else ""
        row |= {name: getattr(reading, name) for name in _NUMBERS}
        row["crisis"] = reading.crisis.name.lower()
        row |= {emotion.name.lower(): p for emotion, p in reading.probability.items()}
        rows.append(row)
    return pandas.DataFrame(rows)


def _telling(message: str, count: int = 3) -> list[Word]:
    words = [word for word in explain(message).words if word.weight > 0.1]
    return sorted(words, key=lambda word: -word.weight)[:count]
