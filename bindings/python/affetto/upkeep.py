"""What an engine does for all its learners together: the store's upkeep, its policy, studies."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from ._call import check, encode, integer, read_json
from ._library import library
from .study import Study
from .vocabulary import Modality, Purpose


class Upkeep:
    """Part of :class:`Engine`."""

    def _pointer(self) -> int | None:
        raise NotImplementedError

    # Store: check, backup, key, retention, audit

    def check_store(self) -> dict[str, Any]:
        """Reads the whole store: ``is_sound``, ``findings``, counts, and the verdict on the audit log."""
        pointer = self._pointer()
        report: dict[str, Any] = read_json(lambda *out: library().affetto_store_check(pointer, *out))
        return report

    def backup(self, path: str | os.PathLike[str]) -> None:
        """Copies the store, without its key ring, to a new file while it is in use. Raises ArgumentError, StoreError."""
        check(library().affetto_store_backup(self._pointer(), encode(os.fspath(path), "path")))

    def rekey(self, *, key_path: str | os.PathLike[str] | None = None, passphrase: str | None = None) -> None:
        """Locks all keys by another engine key: a key file (made if absent) or a passphrase. Raises StoreKeyError."""
        check(
            library().affetto_store_rekey(
                self._pointer(),
                None if key_path is None else encode(os.fspath(key_path), "key_path"),
                None if passphrase is None else encode(passphrase, "passphrase"),
            )
        )

    def audit(self) -> dict[str, Any]:
        """The audit log: ``verdict`` (is the chain whole?) and ``entries``, which say what was done and not about what."""
        pointer = self._pointer()
        log: dict[str, Any] = read_json(lambda *out: library().affetto_store_audit(pointer, *out))
        return log

    def set_retention(self, moments_days: int = 30, sessions_days: int = 365) -> None:
        """How long things are kept from the beginning of their session, 0 = for ever; ``maintain`` sees to it.

        Moments are events, states and prompts; with their session go decisions and outcomes. Raises RangeError.
        """
        moments, sessions = integer(moments_days, "moments_days"), integer(sessions_days, "sessions_days")
        check(library().affetto_store_set_retention(self._pointer(), moments, sessions))

    def retention(self) -> dict[str, Any]:
        """``moments_days``, ``sessions_days``, and what is ``due``: what the next pass would delete."""
        pointer = self._pointer()
        found: dict[str, Any] = read_json(lambda *out: library().affetto_store_retention(pointer, *out))
        return found

    def retain(self, days: int, *, dry_run: bool = False) -> dict[str, int]:
        """Deletes every session that began more than ``days`` ago, of all learners, or only counts them."""
        pointer, limit = self._pointer(), integer(days, "days")
        found: dict[str, int] = read_json(
            lambda *out: library().affetto_store_retain(pointer, limit, int(dry_run), *out)
        )
        return found

    # Policy

    def policy_check(
        self,
        learner: str,
        modality: Modality,
        purpose: Purpose = Purpose.INTERVENTION,
        *,
        preset: str | None = None,
    ) -> None:
        """Would a push of this modality be taken now? Raises PolicyError or ConsentError if not.

        ``preset``: None = the engine's own; another name asks what that preset would say.
        """
        check(
            library().affetto_policy_check(
                self._pointer(),
                None if preset is None else encode(preset, "preset"),
                encode(learner, "learner"),
                integer(modality, "modality"),
                integer(purpose, "purpose"),
            )
        )

    def policy(self, preset: str | None = None) -> dict[str, Any]:
        """A preset with its rules and what they rest on; None = the engine's own, with what the host has changed."""
        pointer = self._pointer()
        name = None if preset is None else encode(preset, "preset")
        found: dict[str, Any] = read_json(lambda *out: library().affetto_policy_describe(pointer, name, *out))
        return found

    def amend_policy(self, amendment: Mapping[str, Any]) -> None:
        """Changes rules of the preset for as long as the engine lives.

        ``{"rules": [{"data": "face", "stance": "forbidden"}]}``. What is looser than the preset needs ``"attestation":
        {"by": ..., "reason": ..., "document_sha256": ...}``, which goes on file; what the law forbids stays forbidden.
        Raises ArgumentError, PolicyError.
        """
        check(library().affetto_policy_amend(self._pointer(), encode(json.dumps(dict(amendment)), "amendment")))

    def attestations(self) -> list[dict[str, Any]]:
        """What hosts have attested in this store, oldest first."""
        pointer = self._pointer()
        found: list[dict[str, Any]] = read_json(lambda *out: library().affetto_policy_attestations(pointer, *out))
        return found

    # Studies

    def study(self, study: str, *, epsilon: float = 1.0) -> Study:
        """Begins a study with its privacy budget, or finds it with the budget that it has. Raises RangeError."""
        return Study(self, study, epsilon)
