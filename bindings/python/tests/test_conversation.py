"""Conversation models from NumPy arrays: what they learn, missing modalities, packs, cancelling, turns of a session."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

import affetto
from affetto import Modality, PartyRole
from affetto.conversation import Conversation, ConversationClassifier, Progress
from affetto.errors import (
    ArgumentError,
    CancelledError,
    ConsentError,
    ModelError,
    NotFoundError,
    RangeError,
    StateError,
    StoreError,
)

LABELS = ["calm", "anxious"]


def talks(count: int, seed: int, noise: float = 1.2) -> list[Conversation]:
    """Two people; how the second feels is how the first felt in the turn before. Two modalities tell of it, a third does not."""
    random = np.random.default_rng(seed)
    out = []
    for number in range(count):
        truth = random.integers(0, 2, 12)
        truth[1::2] = truth[0::2]
        sign = 2.0 * truth - 1
        # The second person shows nothing of it.
        shown = np.where(np.arange(12) % 2 == 0, sign, 0.0)
        def sense(strength: float) -> np.ndarray:
            return strength * shown[:, None] + noise * random.standard_normal((12, 4))
        features = {"text": sense(1.5), "voice": sense(1.0), "video": noise * random.standard_normal((12, 3))}
        out.append(
            Conversation(
                features, parties=[0, 1] * 6, labels=[LABELS[t] for t in truth], group=f"speaker {seed}-{number // 2}"
            )
        )
    return out


@pytest.fixture(scope="module")
def model() -> ConversationClassifier:
    return ConversationClassifier(width=16, epochs=40, about="made up").fit(talks(60, 1))


def test_learns_with_context_and_any_subset(model: ConversationClassifier) -> None:
    test = talks(40, 2)
    all_of_it = model.evaluate(test)
    assert all_of_it["turns"] == 480
    assert all_of_it["accuracy"] > 0.9  # without context every second turn would be a coin's toss: 0.75 at best
    assert all_of_it["ece"] < 0.08
    assert sum(map(sum, all_of_it["confusion"])) == 480
    alone = {m: model.score([t.only(m) for t in test]) for m in ("text", "voice", "video")}
    assert all_of_it["accuracy"] > max(alone.values())
    assert alone["text"] > 0.8 and alone["voice"] > 0.7 and 0.35 < alone["video"] < 0.65
    nothing = model.predict_proba([Conversation({}, parties=[0, 1, 0])])[0]
    assert nothing.shape == (3, 2) and np.abs(nothing - 0.5).max() < 0.2


def test_missing_is_missing(model: ConversationClassifier) -> None:
    talk = talks(1, 3)[0]
    gone = Conversation({**talk.features, "voice": np.full((12, 4), np.nan)}, parties=talk.parties)
    left_out = talk.only("text", "video")
    assert np.array_equal(model.predict_proba([gone])[0], model.predict_proba([left_out])[0])


def test_causal_sees_no_future(model: ConversationClassifier) -> None:
    talk = talks(1, 4)[0]
    whole = model.predict_proba([talk])[0]
    for t in (1, 5, 11):
        head = Conversation({n: a[:t] for n, a in talk.features.items()}, parties=talk.parties[:t])
        assert np.allclose(model.predict_proba([head])[0], whole[:t], atol=1e-5)
    both = ConversationClassifier(causal=False, width=8, epochs=3).fit(talks(20, 1))
    head = Conversation({n: a[:5] for n, a in talk.features.items()}, parties=talk.parties[:5])
    assert not np.allclose(both.predict_proba([head])[0], both.predict_proba([talk])[0][:5], atol=1e-5)


def test_same_seed_same_model(tmp_path: Path) -> None:
    for name in ("a", "b"):
        ConversationClassifier(width=8, epochs=3, seed=5).fit(talks(20, 1)).save(tmp_path / name)
    ConversationClassifier(width=8, epochs=3, seed=6).fit(talks(20, 1)).save(tmp_path / "c")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() != (tmp_path / "c").read_bytes()


def test_pack(model: ConversationClassifier, tmp_path: Path) -> None:
    path = tmp_path / "mine.pack"
    model.save(path)
    again = ConversationClassifier.load(path)
    test = talks(3, 5)
    for a, b in zip(model.predict_proba(test), again.predict_proba(test), strict=True):
        assert np.array_equal(a, b)
    assert again.card == model.card and again.card["about"] == "made up"
    assert again.card["validation"]["accuracy"] > 0.8 and again.classes_ == sorted(LABELS)
    whole = path.read_bytes()
    for bad in (whole[:100], whole[:-1], whole[:8] + b"\x07" + whole[9:], whole[:500] + b"\xff" + whole[501:], b""):
        path.write_bytes(bad)
        with pytest.raises(ModelError):
            ConversationClassifier.load(path)
    with pytest.raises(NotFoundError):
        ConversationClassifier.load(tmp_path / "none.pack")
    with pytest.raises(StoreError):
        model.save(tmp_path / "no folder" / "x.pack")


def test_progress_cancel_checkpoint(tmp_path: Path) -> None:
    seen: list[Progress] = []

    def stop_at_four(progress: Progress) -> bool:
        seen.append(progress)
        return progress.epoch < 4

    checkpoint = tmp_path / "best.pack"
    learner = ConversationClassifier(width=8, progress=stop_at_four, checkpoint=checkpoint)
    with pytest.raises(CancelledError):
        learner.fit(talks(20, 1))
    assert [p.epoch for p in seen] == [1, 2, 3, 4] and seen[0].is_best and seen[0].gigaflops > 0
    assert ConversationClassifier.load(checkpoint).card["epochs"] in range(1, 5)
    with pytest.raises(StateError):
        learner.predict(talks(1, 1))

    def fail(progress: Progress) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        ConversationClassifier(width=8, progress=fail).fit(talks(20, 1))
    with pytest.raises(StoreError):
        ConversationClassifier(width=8, checkpoint=tmp_path / "no" / "x").fit(talks(20, 1))


def test_dimensions() -> None:
    random = np.random.default_rng(0)
    def some(count: int) -> list[Conversation]:
        out = []
        for _ in range(count):
            x = random.uniform(-1, 1, (8, 3)).astype(np.float32)
            out.append(Conversation({"text": x + 0.2 * random.standard_normal((8, 3))}, dimensions=0.8 * x))
        return out
    model = ConversationClassifier(dimensions=True, width=16, epochs=60, patience=60, dropout=0.1, decay=0.02).fit(some(80))
    test = some(20)
    figures = model.evaluate(test)
    assert min(figures["valence_r"], figures["arousal_r"], figures["control_r"]) > 0.8
    assert model.predict_dimensions(test)[0].shape == (8, 3)


def test_labels() -> None:
    data = talks(12, 1)
    model = ConversationClassifier(width=8, epochs=1).fit(data)
    strange = Conversation(data[0].features, labels=["calm"] * 11 + ["hungry"])
    assert len(model.predict([strange])[0]) == 12
    with pytest.raises(ArgumentError, match="hungry"):
        model.evaluate([strange])
    gaps = Conversation(data[0].features, labels=["calm", float("nan"), None] * 4)  # type: ignore[list-item]
    assert model.evaluate([gaps])["turns"] == 4
    with pytest.raises(ArgumentError):
        model.save("a\0b")


def test_an_interrupt_is_one() -> None:
    def interrupted(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ConversationClassifier(width=8, progress=interrupted).fit(talks(12, 1))
    with pytest.raises(CancelledError):
        ConversationClassifier(width=8, progress=lambda p: np.False_).fit(talks(12, 1))


def test_like_scikit_learn() -> None:
    data = talks(12, 1)
    model = ConversationClassifier(width=8, epochs=2)
    assert ConversationClassifier(**model.get_params()).get_params() == model.get_params()
    model.set_params(epochs=3).fit(data, [t.labels for t in data])
    words = model.predict(data)
    assert len(words) == 12 and set(np.concatenate(words)) <= set(LABELS)
    with pytest.raises(ArgumentError):
        model.set_params(depth=3)


def test_bad_input(model: ConversationClassifier) -> None:
    with pytest.raises(ArgumentError):
        Conversation({"text": np.zeros((3, 4)), "voice": np.zeros((2, 4))})
    with pytest.raises(ArgumentError):
        Conversation({"text": np.zeros(3)})
    with pytest.raises(ArgumentError):
        model.predict([Conversation({"text": np.zeros((3, 5))})])
    with pytest.raises(ArgumentError):
        model.predict([Conversation({"smell": np.zeros((3, 4))})])
    with pytest.raises(StateError):
        ConversationClassifier(dimensions=True).fit([Conversation({"text": np.zeros((3, 4))})])
    with pytest.raises(ArgumentError):
        ConversationClassifier().fit([Conversation({"text": np.zeros((3, 4))}, labels=["a", "a", "a"])])
    with pytest.raises(RangeError):
        ConversationClassifier(width=3).fit(talks(4, 1))
    with pytest.raises(RangeError):
        ConversationClassifier(dropout=float("nan")).fit(talks(4, 1))
    with pytest.raises(RangeError):
        ConversationClassifier(mixing={"text": 3.0}).fit(talks(4, 1))
    # Numbers that are none, or beyond all measure, do no harm.
    wild = np.zeros((4, 4))
    wild[0], wild[1], wild[2, 0] = np.inf, -1e38, np.nan
    said = model.predict_proba([Conversation({"text": wild})])[0]
    assert np.isfinite(said).all() and np.allclose(said.sum(axis=1), 1, atol=1e-5)
    assert model.predict_proba([]) == []


def live_talks(count: int) -> list[Conversation]:
    """As a session would give them: 18 numbers of text."""
    random = np.random.default_rng(3)
    out = []
    for number in range(count):
        truth = random.integers(0, 2, 6)
        numbers = random.normal(0, 0.3, (6, 18)).astype(np.float32)
        numbers[:, 14] += np.where(truth == 1, -0.6, 0.6)
        labels = ["calm" if t == 0 else "frustrated" for t in truth]
        out.append(Conversation({"text": numbers}, labels=labels, group=str(number)))
    return out


def test_turns_of_a_session(tmp_path: Path) -> None:
    pack = tmp_path / "live.pack"
    ConversationClassifier(width=8, epochs=20).fit(live_talks(40)).save(pack)
    with affetto.Engine(preset="eu_home") as engine:
        engine.create_learner("ana", {"age_band": "adult"})
        engine.grant("ana", Modality.TEXT)
        engine.load_model(pack)
        with engine.session("ana") as session:
            tutor = session.add_party(PartyRole.TUTOR, has_consented=True)
            peer = session.add_party(PartyRole.PEER)
            session.begin_turn(tutor, now=1_000_000)
            session.push_text("You are doing great, I am so proud of you!", now=1_500_000)
            assert session.end_turn(now=2_000_000).party == tutor
            assert session.party_state(tutor, now=2_000_000).valence > 0.05
            session.begin_turn(now=3_000_000)
            session.push_text("I hate this, I keep getting it wrong", now=4_000_000)
            said = session.end_turn(now=5_000_000)
            assert said.party == 0 and said.seconds == pytest.approx(2.0) and set(said.evidence) == {"text"}
            assert said.evidence["text"].shape == (18,) and said.evidence["text"][14] < 0
            assert said.probability is not None and set(said.probability) == {affetto.Emotion.CALM, affetto.Emotion.FRUSTRATED}
            assert said.probability[affetto.Emotion.FRUSTRATED] > 0.5
            assert session.state().valence < 0
            with pytest.raises(StateError):
                session.end_turn(now=6_000_000)
            session.begin_turn(peer, now=7_000_000)
            with pytest.raises(ConsentError):
                session.push_text("me too", now=7_500_000)
            assert session.end_turn(now=8_000_000).evidence == {}
            with pytest.raises(ConsentError):
                session.party_state(peer)
            session.set_party_consent(tutor, False)
            with pytest.raises(ConsentError):
                session.party_state(tutor)
            with pytest.raises(NotFoundError):
                session.begin_turn(9)
            kept = engine.export("ana") if hasattr(engine, "export") else None
            assert kept is None or "proud" not in str(kept)
    recordings = tmp_path / "recordings.pack"
    ConversationClassifier(causal=False, width=8, epochs=2).fit(live_talks(8)).save(recordings)
    with affetto.Engine() as engine, pytest.raises(ModelError):
        engine.load_model(recordings)


def test_adaptation() -> None:
    with affetto.Engine(preset="eu_home") as engine:
        engine.create_learner("ana", {"age_band": "adult"})
        engine.grant("ana", Modality.TEXT)
        engine.grant("ana", Modality.SELF_REPORT)
        with engine.session("ana") as session:
            for i in range(10):
                session.push_text("I am so happy, this is wonderful", now=(100 * i + 1) * 1_000_000)
                session.push_self_report(valence=-0.5, now=(100 * i + 2) * 1_000_000)
        found = engine.adaptation("ana")
        text = found["modalities"]["text"]
        assert found["reports"] == 10 and found["points"] == [5, 10]
        assert text["personal_error"] < text["base_error"] and text["valence_bias"] < -0.2 and text["alarms"] == 0
        engine.restore_adaptation("ana", 5)
        assert engine.adaptation("ana")["modalities"]["text"]["valence_bias"] > text["valence_bias"]
        with pytest.raises(NotFoundError):
            engine.restore_adaptation("ana", 7)
        engine.restore_adaptation("ana")
        assert engine.adaptation("ana") == {"reports": 0, "points": [], "modalities": {}}


def test_progress_is_plain_data() -> None:
    progress = Progress(1, 2, True, 0.5, 0.4, 0.9, 0.8, 3.0)
    assert pickle.loads(pickle.dumps(progress)) == progress
