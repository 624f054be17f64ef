"""Self-report: finer words, the assessment, questionnaires, and what a report teaches."""

from __future__ import annotations

import json

import affetto
import pytest
from affetto import Emotion, report

SECOND = 1_000_000
MOOD = {
    "id": "mood",
    "title": "Mood",
    "language": "en",
    "licence": "CC0-1.0",
    "items": [{"id": "a", "text": "I feel good"}, {"id": "b", "text": "I feel bad", "reverse": True}],
    "scale": {"min": 1, "max": 5},
    "scores": [{"name": "mood", "items": ["a", "b"], "method": "mean", "reports": "valence"}],
}


def test_finer_words(session: affetto.Session) -> None:
    words = {word.word: word for word in report.feeling_words()}
    assert words["overwhelmed"].emotion is Emotion.ANXIOUS and len(words) > 50
    assert report.feeling_words("zh-Hant") and report.feeling_words("fr") == []
    session.push_self_report("overwhelmed", now=SECOND)
    assert session.state().emotion is Emotion.ANXIOUS
    session.push_self_report("放松", now=2 * SECOND)
    assert session.state().emotion is Emotion.CALM
    with pytest.raises(affetto.NotFoundError):
        session.push_self_report("flabbergasted by it all", now=3 * SECOND)


def test_the_assessment_takes_three_minutes_and_becomes_a_prior(engine: affetto.Engine) -> None:
    for language in ("en", "zh"):
        form = report.assessment_form(language)
        assert len(form) <= 15 and sum(item["seconds"] for item in form) <= 180
    filled = report.assessment({"age_band": "13_15", "mood_study": -0.5, "mood_free": 0.1, "goals": None})
    assert filled["age_band"] == "13_15" and filled["typical_valence"] == pytest.approx(-0.2) and "goals" not in filled
    engine.create_learner("kim", filled)
    assert report.assessment({}) == {}
    for wrong in ({"age": 3}, {"age_band": "old"}, {"goals": "calm"}, {"mood_study": "good"}):
        with pytest.raises(affetto.ArgumentError):
            report.assessment(wrong)
    with pytest.raises(affetto.RangeError):
        report.assessment({"mood_study": 3})


def test_questionnaires() -> None:
    scores = report.score(MOOD, {"a": 4, "b": 1})
    assert scores.scores == {"mood": 4.5} and scores.report == {"valence": 0.75}
    assert report.score(MOOD, {"a": None}).scores == {}
    with pytest.raises(affetto.ArgumentError, match="licence"):
        report.score({**MOOD, "licence": " "}, {})
    with pytest.raises(affetto.RangeError):
        report.score(MOOD, {"a": 6})


def test_a_contradiction_goes_on_file_and_teaches(engine: affetto.Engine) -> None:
    with engine.session("ana") as session:
        for n in range(1, 11):
            session.push_text("I am so sad, this is terrible", now=n * 60 * SECOND)
            session.push_self_report(valence=0.6, now=(n * 60 + 20) * SECOND)
    export = json.loads(engine.export("ana")) if isinstance(engine.export("ana"), str) else engine.export("ana")
    kinds = [event["kind"] for event in export["sessions"][0]["events"]]
    assert kinds.count("contradiction") >= 1
    assert export["model"]["senses"]["valence"]["text"]["bias"] > 0.3
    with engine.session("ana") as session, affetto.Engine(preset="eu_home") as other:
        other.create_learner("bo")
        other.grant("bo", affetto.Modality.TEXT)
        with other.session("bo") as fresh:
            for sitting in (session, fresh):
                sitting.push_text("I am so sad, this is terrible", now=SECOND)
                sitting.advance(SECOND)
            assert session.state().valence > fresh.state().valence + 0.1
