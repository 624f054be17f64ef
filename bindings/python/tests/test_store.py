"""The store's upkeep: check, backup, change of key, audit log."""

from __future__ import annotations

from pathlib import Path

import affetto
import pytest
from affetto import Modality


def filled(folder: Path) -> affetto.Engine:
    engine = affetto.Engine(folder / "a.affetto", preset="eu_home", key_path=folder / "a.key")
    engine.create_learner("ana", {"age_band": "adult"})
    engine.grant("ana", Modality.TEXT)
    with engine.session("ana") as session:
        session.push_text("I finally got it", 1_000_000)
        session.advance(1_000_000)
    return engine


def test_check_and_audit(tmp_path: Path) -> None:
    with filled(tmp_path) as engine:
        report = engine.check_store()
        assert report["is_sound"] and report["learners"] == 1 and report["sessions"] == 1
        engine.export("ana")
        log = engine.audit()
        assert log["verdict"]["is_intact"]
        actions = [entry["action"] for entry in log["entries"]]
        assert actions == ["learner_created", "consent_granted", "session_began", "exported"]
        assert "ana" not in str(log)


def test_backup_lacks_the_keys(tmp_path: Path) -> None:
    with filled(tmp_path) as engine:
        copy = tmp_path / "copy.affetto"
        engine.backup(copy)
        with pytest.raises(affetto.ArgumentError):
            engine.backup(copy)
        engine.erase("ana")
    with pytest.raises(affetto.StoreKeyError):
        affetto.Engine(copy, key_path=tmp_path / "a.key")
    (tmp_path / "a.affetto-keys").rename(tmp_path / "copy.affetto-keys")
    with affetto.Engine(copy, preset="eu_home", key_path=tmp_path / "a.key") as restored:
        with pytest.raises(affetto.NotFoundError):
            restored.export("ana")


def test_rekey(tmp_path: Path) -> None:
    with filled(tmp_path) as engine:
        with pytest.raises(affetto.ArgumentError):
            engine.rekey()
        engine.rekey(passphrase="correct horse battery staple")
        assert engine.export("ana")["learner"] == "ana"
    with pytest.raises(affetto.StoreKeyError):
        affetto.Engine(tmp_path / "a.affetto", key_path=tmp_path / "a.key")
    with affetto.Engine(tmp_path / "a.affetto", passphrase="correct horse battery staple") as again:
        assert again.check_store()["is_sound"]


def test_memory_has_no_backup() -> None:
    with affetto.Engine() as engine:
        assert engine.check_store()["is_sound"]
        with pytest.raises(affetto.ArgumentError):
            engine.backup("nowhere")


def test_forget_import_retain(tmp_path: Path) -> None:
    with filled(tmp_path) as engine:
        record = engine.export("ana")
        planned = engine.forget("ana", 0, 4e9, dry_run=True)
        assert planned["sessions"] == 1 and planned["items"] > 0
        assert engine.export("ana") == record
        assert engine.forget("ana", 0, 4e9) == planned
        assert engine.export("ana")["sessions"] == []
        with pytest.raises(affetto.StateError):
            engine.import_learner(record)
        engine.erase("ana")
        engine.import_learner(record)
        assert engine.export("ana") == record
        with pytest.raises(affetto.ArgumentError):
            engine.import_learner({"learner": "eve"})
        assert engine.retain(30, dry_run=True) == {"sessions": 0, "items": 0}
        with pytest.raises(affetto.RangeError):
            engine.retain(0)
