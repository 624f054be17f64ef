"""What learners say about themselves: words for feelings, the initial assessment, questionnaires."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ._call import encode, read_json
from ._library import library
from .vocabulary import Emotion


@dataclass(frozen=True)
class FeelingWord:
    """A finer word for an emotion, with a place of its own in valence, arousal and control (-1..1)."""

    word: str
    emotion: Emotion
    valence: float
    arousal: float
    control: float


@dataclass(frozen=True)
class Scores:
    """``scores`` by name; ``report``: what :meth:`affetto.Session.push_self_report` takes as keywords."""

    scores: dict[str, float]
    report: dict[str, float]
    answered: int
    items: int


def feeling_words(language: str = "en") -> list[FeelingWord]:
    """Words that ``push_self_report`` takes, in "en" or "zh"; none in any other language."""
    tag = encode(language, "language")
    words = read_json(lambda *out: library().affetto_feeling_words(tag, *out))
    return [FeelingWord(**{**word, "emotion": Emotion[word["emotion"].upper()]}) for word in words]


def assessment_form(language: str = "en") -> list[dict[str, Any]]:
    """The questions of the initial assessment: id, kind, text, choices, ends, seconds. Each can be skipped."""
    tag = encode(language, "language")
    form: list[dict[str, Any]] = read_json(lambda *out: library().affetto_assessment_form(tag, *out))
    return form


def assessment(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by id (None = skipped) as what :meth:`affetto.Engine.create_learner` takes. Raises ArgumentError."""
    text = json.dumps(dict(answers), ensure_ascii=False).encode("utf-8")
    filled: dict[str, Any] = read_json(lambda *out: library().affetto_assessment_fill(text, *out))
    return filled


def score(instrument: Mapping[str, Any], answers: Mapping[str, float | None]) -> Scores:
    """Scores a questionnaire of yours; affetto.h has its form. Without a "licence" it is an ArgumentError."""
    definition = json.dumps(dict(instrument), ensure_ascii=False).encode("utf-8")
    given = json.dumps(dict(answers)).encode("utf-8")
    return Scores(**read_json(lambda *out: library().affetto_instrument_score(definition, given, *out)))
