"""Messages without a session."""

from __future__ import annotations

import math

import affetto
import pytest
from affetto import text


def test_labels() -> None:
    assert len(text.labels()) == 28 and {"joy", "neutral", "grief"} <= set(text.labels())
    assert text.perceived_labels() == ("anger", "fear", "joy", "sadness", "surprise")


def test_reading() -> None:
    glad = text.read("I am so happy today, thank you!")
    sad = text.read("I miss her so much, I am really sad")
    assert glad.valence > 0.2 > -0.1 > sad.valence
    assert max(sad.probability, key=sad.probability.__getitem__) == "sadness"
    assert all(0 <= value <= 1 for value in [*glad.probability.values(), *glad.perceived.values(), glad.quality])
    assert glad.perceived["joy"] > sad.perceived["joy"] and glad.valence_sd > 0
    assert text.read("").quality == 0 and text.read("我很难过").quality == 0


@pytest.mark.parametrize("message", ["I hate this naïve idea 😀😀, so much!", "ok", "", "a\0b"])
def test_explanation_sums_to_the_odds(message: str) -> None:
    why = text.explain(message, "anger")
    odds = why.bias + sum(word.weight for word in why.words)
    assert 1 / (1 + math.exp(-odds)) == pytest.approx(why.probability, abs=1e-4)
    assert why.probability == pytest.approx(text.read(message).probability["anger"], abs=1e-6)
    assert all(word.text in message for word in why.words)


def test_the_word_that_tells() -> None:
    why = text.explain("today we went out and it was absolutely disgusting")
    assert why.label == "disgust"
    assert max(why.words, key=lambda word: word.weight).text == "disgusting"
    with pytest.raises(affetto.NotFoundError):
        text.explain("hello", "no such label")


def test_bad_messages() -> None:
    with pytest.raises(affetto.RangeError):
        text.read("a" * (1 << 20) + "a")
    with pytest.raises(affetto.EncodingError):
        text.read("\ud800")
    assert text.read("happy " * (1 << 17)).quality > 0


def test_frame() -> None:
    pytest.importorskip("pandas")
    table = text.frame(["I finally got it!!", "whatever", ""])
    assert list(table["quality"] > 0) == [True, True, False]
    assert {"joy", "perceived_fear", "valence"} <= set(table)
