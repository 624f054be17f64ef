"""Consents as values, exports as tables and files, reads by others, policy, retention, studies, reading alone."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import affetto
import pytest
from affetto import Consent, Emotion, Goal, Modality, Purpose, Role

HOURS = 3600


def plan() -> affetto.CrisisPlan:
    contacts = [{"name": "School counsellor", "reach": "room 12"}]
    return affetto.CrisisPlan(handler=lambda crisis: None, resources={"en": {"contacts": contacts}})


def sit(engine: affetto.Engine, learner: str, started: int = 0) -> str:
    with engine.session(learner, started=started) as session:
        session.push_self_report(Emotion.HAPPY, now=1_000_000)
        session.advance(2_000_000)
        session.decide(Goal.FOCUS, 3_000_000)
        return session.id


@pytest.fixture
def engine() -> affetto.Engine:
    engine = affetto.Engine(preset="us_under13", crisis=plan())
    engine.create_learner("ana", {"age_band": "under_13", "languages": ["en"]})
    engine.grant("ana", Consent(Modality.SELF_REPORT, grantor=Role.GUARDIAN, method="paper form"))
    return engine


def test_consents_are_values(engine: affetto.Engine) -> None:
    (given,) = engine.consents("ana")
    assert given.modality is Modality.SELF_REPORT and given.grantor is Role.GUARDIAN
    assert given.method == "paper form" and given.evidence_sha256 is None and given.revoked is None
    assert given.in_force() and not given.in_force(given.expires) and not given.in_force(given.granted - 1)
    assert given.expires - given.granted == 365 * 24 * HOURS
    engine.grant("ana", given)
    engine.revoke("ana", Modality.SELF_REPORT)
    assert all(consent.revoked and not consent.in_force() for consent in engine.consents("ana"))
    engine.grant("ana", Modality.TYPING_RHYTHM, Purpose.SKILL)
    assert engine.consents("ana")[-1].modality is Modality.TYPING_RHYTHM
    with pytest.raises(affetto.NotFoundError):
        engine.consents("bo")


def test_reads_say_who_and_what_for(engine: affetto.Engine) -> None:
    session = sit(engine, "ana")
    assert engine.read_session("ana", session)["id"] == session
    assert engine.read_session("ana", session, role=Role.SCHOOL)["id"] == session
    assert len(engine.sessions("ana", role=Role.GUARDIAN, purpose=Purpose.SAFETY)) == 1
    for role, purpose in [(Role.SCHOOL, Purpose.SKILL), (Role.RESEARCHER, Purpose.INTERVENTION)]:
        for read in (engine.read_session, engine.report_html):
            with pytest.raises(affetto.PolicyError):
                read("ana", session, role=role, purpose=purpose)
    with pytest.raises(affetto.PolicyError, match="no single|nobody|looks at one learner|may look at one learner"):
        engine.sessions("ana", role=Role.CLINICIAN)
    assert [entry["action"] for entry in engine.audit()["entries"]].count("read_refused") == 5


def test_export_as_frames(engine: affetto.Engine) -> None:
    pandas = pytest.importorskip("pandas")
    sit(engine, "ana")
    session = sit(engine, "ana")
    tables = affetto.frames(engine.export("ana"))
    assert set(tables) == {"consents", "sessions", "events", "states", "decisions", "outcomes", "prompts"}
    assert list(tables["consents"]["grantor"]) == ["guardian"]
    assert list(tables["sessions"]["id"])[1] == session
    states = tables["states"]
    assert isinstance(states, pandas.DataFrame) and {"session", "time", "emotion", "valence_mean"} <= set(states)
    assert states["valence_mean"].between(-1, 1).all() and states["time"].max() < 10
    assert len(tables["decisions"]) == 2 and tables["prompts"].empty


def test_export_as_files(engine: affetto.Engine, tmp_path: Path) -> None:
    sit(engine, "ana")
    folder = tmp_path / "ana"
    engine.export_to("ana", folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    with (folder / "states.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    states = engine.export("ana")["sessions"][0]["states"]
    assert len(rows) == len(states) > 0
    assert [float(row["valence"]) for row in rows] == pytest.approx([s["valence"]["mean"] for s in states])
    with (folder / "decisions.csv").open(newline="", encoding="utf-8") as file:
        assert float(next(csv.DictReader(file))["propensity"]) > 0
    with pytest.raises(affetto.ArgumentError):
        engine.export_to("ana", folder)
    fresh = affetto.Engine()
    fresh.import_learner((folder / "export.json").read_text(encoding="utf-8"))
    assert fresh.export("ana") == engine.export("ana")


def test_policy(engine: affetto.Engine) -> None:
    rules = {rule["data"]: rule for rule in engine.policy("eu_school")["rules"]}
    assert rules["face"]["stance"] == "forbidden" and rules["typing_rhythm"]["is_statutory"]
    assert engine.policy()["preset"] == "us_under13"
    engine.amend_policy({"rules": [{"data": "self_report", "stance": "forbidden"}]})
    with pytest.raises(affetto.PolicyError):
        engine.policy_check("ana", Modality.SELF_REPORT)
    engine.amend_policy({"rules": [{"data": "self_report", "stance": "allowed"}]})
    engine.policy_check("ana", Modality.SELF_REPORT)
    looser = {"rules": [{"data": "face", "stance": "allowed"}]}
    with pytest.raises(affetto.PolicyError, match="attestation"):
        engine.amend_policy(looser)
    attestation = {"by": "officer", "reason": "trial", "document_sha256": "ab" * 32}
    engine.amend_policy({**looser, "attestation": attestation})
    assert engine.attestations()[0]["attestation"] == attestation
    with pytest.raises(affetto.ArgumentError):
        engine.amend_policy({"rules": [{"data": "mind", "stance": "allowed"}]})


def test_retention(engine: affetto.Engine) -> None:
    old = sit(engine, "ana", started=int(time.time()) - 400 * 24 * HOURS)
    recent = sit(engine, "ana")
    found = engine.retention()
    assert (found["moments_days"], found["sessions_days"]) == (30, 365) and found["due"]["sessions"] == 1
    engine.set_retention(0, 0)
    engine.maintain()
    assert [row["id"] for row in engine.sessions("ana")] == [old, recent]
    engine.set_retention(10, 20)
    assert engine.retention()["due"]["sessions"] == 1
    with pytest.raises(affetto.RangeError):
        engine.set_retention(30, 20)


def test_study() -> None:
    engine = affetto.Engine(preset="eu_home")
    for n in range(12):
        engine.create_learner(f"learner {n}", {"age_band": "adult", "languages": ["en"]})
        for purpose in (Purpose.INTERVENTION, Purpose.RESEARCH):
            engine.grant(f"learner {n}", Modality.SELF_REPORT, purpose)
        sit(engine, f"learner {n}")
    study = engine.study("s", epsilon=1)
    export = study.export()
    assert len(export["rows"]) == 12 and export["report"]["groups"] == [12]
    assert "learner 1" not in str(export)
    with pytest.raises(affetto.RangeError):
        study.export(k=13)
    assert engine.study("other").export(k=13)["rows"] == []
    answer = study.count(epsilon=0.5)
    assert answer.epsilon_left == pytest.approx(0.5) and abs(answer.value - 12) < 60
    assert answer.standard_error == pytest.approx(2**0.5 / 0.5)
    assert engine.study("s", epsilon=9).mean("valence", epsilon=0.4).epsilon_left == pytest.approx(0.1)
    with pytest.raises(affetto.PolicyError):
        study.count(epsilon=0.2)
    with pytest.raises(affetto.ArgumentError):
        study.count("benefit", epsilon=0.01)
    with pytest.raises(affetto.ArgumentError):
        study.count(epsilon=float("nan"))
    pandas = pytest.importorskip("pandas")
    assert isinstance(study.frame(), pandas.DataFrame)


def test_reading_alone(tmp_path: Path) -> None:
    path, key = tmp_path / "a.affetto", tmp_path / "a.key"
    with affetto.Engine(path, key_path=key) as engine:
        engine.create_learner("ana")
        engine.grant("ana", Modality.SELF_REPORT)
        session = sit(engine, "ana")
    with affetto.Engine(path, key_path=key, read_only=True) as reader:
        assert reader.read_session("ana", session)["id"] == session
        with pytest.raises(affetto.StateError):
            reader.create_learner("bo")
    with pytest.raises(affetto.StoreError):
        affetto.Engine(tmp_path / "none.affetto", key_path=key, read_only=True)
