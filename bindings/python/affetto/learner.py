"""Consents as values, and a learner's export as tables."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .vocabulary import Modality, Purpose, Role

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Consent:
    """One leave: who allowed which kind of data for which purpose, until when, and on what evidence.

    ``granted``, ``expires``, ``revoked``: seconds since 1970; 0 = now, and 365 days later. ``method``: how it was given
    ("paper form"); None = "in-app". ``evidence_sha256``: fingerprint of the signed form. ``revoked`` is set by
    :meth:`Engine.revoke` alone.
    """

    modality: Modality
    purpose: Purpose = Purpose.INTERVENTION
    grantor: Role = Role.LEARNER
    granted: int = 0
    expires: int = 0
    revoked: int | None = None
    method: str | None = None
    evidence_sha256: str | None = None

    def in_force(self, at: float | None = None) -> bool:
        """Whether it holds at ``at``, seconds since 1970; None = now."""
        moment = time.time() if at is None else at
        return self.revoked is None and self.granted <= moment < self.expires

    @staticmethod
    def _read(row: Mapping[str, Any]) -> Consent:
        return Consent(
            modality=Modality[row["modality"].upper()],
            purpose=Purpose[row["purpose"].upper()],
            grantor=Role[row["grantor"].upper()],
            granted=row["granted"],
            expires=row["expires"],
            revoked=row.get("revoked"),
            method=row["method"],
            evidence_sha256=row.get("evidence_sha256"),
        )


def frames(record: Mapping[str, Any]) -> dict[str, pandas.DataFrame]:
    """A learner's :meth:`Engine.export` as pandas tables, one for each kind of thing.

    ``consents``, ``sessions``, ``events``, ``states``, ``decisions``, ``outcomes``, ``prompts``; all but the first two
    with the column ``session``, and ``time`` as seconds. Needs pandas.
    """
    import pandas

    sessions = record["sessions"]
    parts = ("events", "states", "decisions", "outcomes", "prompts")
    tables = {
        "consents": pandas.DataFrame(record["consents"]),
        "sessions": pandas.json_normalize(
            [{key: value for key, value in session.items() if key not in parts} for session in sessions]
        ),
    }
    for part in parts:
        rows = [{"session": session["id"], **row} for session in sessions for row in session[part]]
        table = pandas.json_normalize(rows, sep="_")
        if "time" in table:
            table["time"] = table["time"] / 1e6
        tables[part] = table
    return tables
