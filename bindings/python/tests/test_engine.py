"""An engine: the main job, consent and policy, rights, persistence, keys."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
from conftest import RATE, SECOND, consent

import affetto
from affetto import Activity, Emotion, Goal, Modality, Purpose, Role, Track


def fill_library(engine: affetto.Engine, music: np.ndarray) -> None:
    track = engine.library.analyze(music, RATE, id="triads", title="Triads")
    engine.library.put(track)
    for name, valence, arousal in (("bright", 0.7, 0.6), ("gentle", 0.4, -0.5), ("blue", -0.5, -0.4)):
        engine.library.put(Track(id=name, style="piano", valence=valence, arousal=arousal, duration_s=180))


def main_job(engine: affetto.Engine, voice: np.ndarray) -> str:
    """Every modality, a decision, words, feedback; returns the session's id."""
    with engine.session("ana") as session:
        now = SECOND
        for block in voice.reshape(-1, RATE // 50):
            session.push_audio(block, now)
            session.push_face(np.full(52, 0.1, np.float32), now=now)
            now += 20_000
            session.advance(now)
        session.push_text("I am so happy that this works!", now)
        session.advance(now)
        assert session.state().valence > 0
        assert session.state().evidence[Modality.TEXT] > 0
        session.push_activity(Activity.ANSWER, correct=True, seconds=10, now=now)
        session.push_self_report(Emotion.TIRED, valence=-0.2, now=now)
        session.advance(now)
        assert session.state().evidence[Modality.SELF_REPORT] > 0.5
        assert session.explain()
        decision = session.decide(Goal.UPLIFT, now)
        assert decision.id == 1
        assert 0 < decision.propensity <= 1
        assert (decision.track is None) == (decision.action is not affetto.Action.PLAY)
        why = session.why(decision)
        assert why["reasons"]
        assert why["propensity"] == pytest.approx(decision.propensity)
        prompt = session.prompt(now=now)
        assert isinstance(prompt.text, str)
        session.feedback(decision, liking=0.5, now=now + 60 * SECOND)
        return session.id


@pytest.mark.parametrize("on_disk", [False, True], ids=["memory", "disk"])
def test_main_job(tmp_path: Path, on_disk: bool, voice: np.ndarray, music: np.ndarray) -> None:
    where = {"store": tmp_path / "store", "key_path": tmp_path / "key"} if on_disk else {}
    with affetto.Engine(preset="eu_home", **where) as engine:  # type: ignore[arg-type]
        fill_library(engine, music)
        consent(engine)
        session_id = main_job(engine, voice)
        rows = engine.sessions("ana")
        assert [row["id"] for row in rows] == [session_id]
        record = engine.read_session("ana", session_id)
        assert len(record["decisions"]) == 1
        page = engine.report_html("ana", session_id)
        assert page.lower().startswith("<!doctype html>")
        assert "<svg" in page
        assert session_id in str(engine.export("ana"))


def test_persistence(tmp_path: Path, voice: np.ndarray, music: np.ndarray) -> None:
    store, key = tmp_path / "store", tmp_path / "key"
    with affetto.Engine(store, preset="eu_home", key_path=key) as engine:
        fill_library(engine, music)
        consent(engine)
        session_id = main_job(engine, voice)
        before = engine.export("ana")
    with affetto.Engine(store, preset="eu_home", key_path=key) as engine:
        assert engine.export("ana") == before
        assert {track.id for track in engine.library.find()} == {"triads", "bright", "gentle", "blue"}
        engine.policy_check("ana", Modality.VOICE)
        assert engine.sessions("ana")[0]["id"] == session_id
        engine.erase("ana")
        with pytest.raises(affetto.NotFoundError):
            engine.export("ana")
    with affetto.Engine(store, preset="eu_home", key_path=key) as engine, pytest.raises(affetto.NotFoundError):
        engine.sessions("ana")
    assert b"I am so happy" not in store.read_bytes()


def test_export(engine: affetto.Engine) -> None:
    engine.create_learner("bo", {"age_band": "16_17", "liked_styles": ["zydeco"], "goals": ["focus"]})
    engine.grant("bo", Modality.TEXT, Purpose.RESEARCH, grantor=Role.GUARDIAN, method="paper form")
    with engine.session("bo") as session:
        session_id = session.id
    export = engine.export("bo")
    text = str(export)
    for word in ("zydeco", "focus", "paper form", "guardian", "research", session_id):
        assert word in text
    with pytest.raises(affetto.NotFoundError):
        engine.export("nobody")


def test_erase_ends_live_sessions(engine: affetto.Engine) -> None:
    session = engine.session("ana")
    engine.erase("ana")
    with pytest.raises(affetto.ClosedError):
        session.push_text("hello", SECOND)
    session.close()
    with pytest.raises(affetto.NotFoundError):
        engine.session("ana")


def test_consent() -> None:
    with affetto.Engine(preset="eu_home") as engine:
        engine.create_learner("ana", {"age_band": "adult"})
        with engine.session("ana") as session:
            with pytest.raises(affetto.ConsentError) as refusal:
                session.push_text("hello", SECOND)
            assert refusal.value.code == affetto.Status.CONSENT
            assert refusal.value.message
            engine.grant("ana", Modality.TEXT, Purpose.RESEARCH)
            with pytest.raises(affetto.ConsentError):
                session.push_text("hello", SECOND)
            engine.grant("ana", Modality.TEXT, granted=1000, expires=2000)
            with pytest.raises(affetto.ConsentError):
                session.push_text("hello", SECOND)
            engine.grant("ana", Modality.TEXT)
            session.push_text("hello", SECOND)
            engine.revoke("ana", Modality.TEXT)
            with pytest.raises(PermissionError):
                session.push_text("hello", SECOND)


def test_strict_takes_no_voice_and_no_face() -> None:
    with affetto.Engine() as engine:
        consent_but_for_policy(engine)
        with engine.session("ana") as session:
            with pytest.raises(affetto.PolicyError):
                session.push_audio(np.zeros(320, np.float32), SECOND)
            with pytest.raises(affetto.PolicyError):
                session.push_face(np.zeros(52), now=SECOND)
            session.push_text("hello", SECOND)
        with pytest.raises(affetto.PolicyError) as refusal:
            engine.policy_check("ana", Modality.VOICE)
        assert refusal.value.message
        engine.policy_check("ana", Modality.TEXT)


def consent_but_for_policy(engine: affetto.Engine) -> None:
    """A consent that the preset makes useless may itself be refused."""
    engine.create_learner("ana", {"age_band": "adult"})
    for modality in Modality:
        try:
            engine.grant("ana", modality)
        except affetto.PolicyError:
            assert modality in (Modality.VOICE, Modality.FACE)


def test_another_preset_can_be_asked(engine: affetto.Engine) -> None:
    engine.policy_check("ana", Modality.VOICE)
    with pytest.raises(affetto.PolicyError):
        engine.policy_check("ana", Modality.VOICE, preset="eu_school")


def test_wrong_learner_and_arguments(engine: affetto.Engine) -> None:
    with pytest.raises(affetto.NotFoundError):
        engine.session("nobody")
    with pytest.raises(affetto.NotFoundError):
        engine.grant("nobody", Modality.TEXT)
    with pytest.raises(affetto.ArgumentError):
        engine.create_learner("")
    with pytest.raises(affetto.ArgumentError, match="NUL"):
        engine.create_learner("ana\0bo")
    with pytest.raises(affetto.EncodingError):
        engine.create_learner("\ud800")
    with pytest.raises(TypeError):
        engine.create_learner(7)  # type: ignore[arg-type]
    with pytest.raises(affetto.ArgumentError):
        engine.create_learner("bo", {"typical_valence": float("nan")})
    with pytest.raises(affetto.ArgumentError):
        engine.create_learner("bo", {"age_band": "ancient"})
    with pytest.raises(affetto.RangeError):
        engine.session("ana", audio_rate=100)
    with pytest.raises(affetto.RangeError):
        engine.session("ana", audio_channels=-1)
    with pytest.raises(affetto.NotFoundError):
        engine.read_session("ana", "0" * 32)


def test_closing(tmp_path: Path) -> None:
    engine = affetto.Engine(preset="eu_home")
    consent(engine)
    session = engine.session("ana")
    engine.close()
    engine.close()
    assert engine.closed
    assert session.closed
    with pytest.raises(affetto.ClosedError):
        engine.create_learner("bo")
    with pytest.raises(affetto.ClosedError):
        engine.library.find()
    with pytest.raises(affetto.ClosedError):
        session.advance(SECOND)
    session.close()
    with pytest.raises(affetto.StoreError):
        affetto.Engine(tmp_path / "no" / "such" / "folder" / "store", key_path=tmp_path / "key")


def test_garbage_collection_in_any_order() -> None:
    for _ in range(20):
        engine = affetto.Engine(preset="eu_home")
        consent(engine)
        session = engine.session("ana")
        session.push_text("hello", SECOND)
        del engine
        gc.collect()
        session.advance(SECOND)  # the session keeps its engine
        del session
        gc.collect()


def test_two_engines(engine: affetto.Engine) -> None:
    with affetto.Engine(preset="eu_home") as other:
        consent(other, "bo")
        with pytest.raises(affetto.NotFoundError):
            engine.session("bo")
        with other.session("bo") as mine, engine.session("ana") as theirs:
            mine.push_text("I am happy", SECOND)
            mine.advance(SECOND)
            assert theirs.state().generation == 0 or theirs.state().evidence[Modality.TEXT] == 0
    engine.create_learner("cy")


def test_keys(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with pytest.raises(affetto.StoreKeyError):
        affetto.Engine(store)  # a store on disk needs a key
    with affetto.Engine(store, key=bytes(32)) as engine:
        engine.create_learner("ana")
    with affetto.Engine(store, key=lambda: bytes(32)) as engine:
        assert engine.sessions("ana") == []
    with pytest.raises(affetto.StoreKeyError):
        affetto.Engine(store, key=b"x" * 32)
    with pytest.raises(affetto.ArgumentError, match="32"):
        affetto.Engine(store, key=b"short")

    def refuse() -> bytes:
        raise KeyError("the host's key store is locked")

    with pytest.raises(KeyError, match="locked"):
        affetto.Engine(store, key=refuse)
    other = tmp_path / "other"
    with affetto.Engine(other, passphrase="correct horse") as engine:
        engine.create_learner("ana")
    with pytest.raises(affetto.StoreKeyError):
        affetto.Engine(other, passphrase="wrong horse")
    (tmp_path / "junk").write_bytes(b"junk" * 2000)
    with pytest.raises(affetto.StoreError) as failure:
        affetto.Engine(tmp_path / "junk", key=bytes(32))
    assert failure.value.code == affetto.Status.STORE_CORRUPT


def test_log_and_models(tmp_path: Path) -> None:
    lines: list[tuple[int, str]] = []
    with affetto.Engine(log=lambda level, line: lines.append((level, line))) as engine:
        with pytest.raises(affetto.NotFoundError):
            engine.load_model(tmp_path / "none")
        (tmp_path / "pack").write_bytes(b"no model")
        with pytest.raises(affetto.ModelError):
            engine.load_model(tmp_path / "pack")
        engine.create_learner("ana")
        engine.maintain(SECOND)
    assert all(level in (0, 1, 2) and "ana" not in line for level, line in lines)


def test_same_seed_same_decisions(music: np.ndarray) -> None:
    runs = []
    for _ in range(2):
        with affetto.Engine(preset="eu_home", seed=7) as engine:
            fill_library(engine, music)
            consent(engine)
            with engine.session("ana", started=1_790_000_000) as session:
                run = []
                for step in range(1, 11):
                    session.push_self_report(Emotion.TIRED, now=step * 3600 * SECOND)
                    session.advance(step * 3600 * SECOND)
                    run.append(session.decide(Goal.UPLIFT, step * 3600 * SECOND))
                runs.append(run)
    assert runs[0] == runs[1]
