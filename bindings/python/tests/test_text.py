"""Messages without a session."""

from __future__ import annotations

import math

import affetto
import pytest
from affetto import Emotion, LyricsTag, text


def test_reading() -> None:
    glad = text.read("I am so happy today, thank you!")
    sad = text.read("I miss her so much, I am really sad")
    assert glad.valence > 0.2 > -0.1 > sad.valence
    assert max(sad.probability, key=sad.probability.__getitem__) is Emotion.SAD and sad.emotion is Emotion.SAD
    assert math.isclose(sum(sad.probability.values()), 1, abs_tol=1e-4) and glad.valence_sd > 0
    assert text.read("").quality == 0 and text.read("мне грустно").emotion is None


def test_chinese_in_both_scripts() -> None:
    simplified, traditional = text.read("我好难过"), text.read("我好難過")
    assert (simplified.language, traditional.language) == ("zh-Hans", "zh-Hant")
    assert simplified.valence == traditional.valence < -0.1
    assert text.read("今日は楽しい一日でした").language == "und"


@pytest.mark.parametrize("message", ["I hate this naïve idea 😀😀, so much!", "ok", "", "a\0b", "我好难过，真的 help"])
def test_explanation_sums_to_the_odds(message: str) -> None:
    why = text.explain(message, Emotion.ANGRY)
    assert why.bias + why.word_list + sum(word.weight for word in why.words) == pytest.approx(why.log_odds, abs=1e-3)
    assert all(word.text in message for word in why.words)


def test_the_word_that_tells() -> None:
    why = text.explain("today we went out and it was absolutely disgusting")
    assert why.emotion is Emotion.DISGUSTED
    assert max(why.words, key=lambda word: word.weight).text == "disgusting"
    with pytest.raises(affetto.NotFoundError):
        text.explain("мне грустно")


def test_labels() -> None:
    said = text.labels("Thank you so much!")
    assert len(said["labels"]) == 28 and max(said["labels"], key=said["labels"].__getitem__) == "gratitude"
    assert set(text.labels("我好难过")["perceived"]) == {"anger", "disgust", "fear", "joy", "sadness", "surprise"}
    assert text.labels("мне грустно") == {"labels": {}, "perceived": {}}


def test_lyrics() -> None:
    assert text.lyrics("We roll another joint\nand the whiskey flows").tags == LyricsTag.SUBSTANCE
    assert text.lyrics("Sunshine on the water\nwhat a lovely day").tags == LyricsTag(0)


def test_bad_messages() -> None:
    with pytest.raises(affetto.RangeError):
        text.read("a" * (1 << 20) + "a")
    with pytest.raises(affetto.EncodingError):
        text.read("\ud800")
    assert text.read("happy " * (1 << 17)).quality > 0


def test_frame() -> None:
    pytest.importorskip("pandas")
    table = text.frame(["I finally got it!!", "whatever", "", "我终于懂了！！"])
    assert list(table["quality"] > 0) == [True, True, False, True]
    assert {"happy", "valence", "because", "emotion", "crisis"} <= set(table)
    assert table["because"][0] and not table["because"][2]
