"""Research on many learners, never on one: rows under pseudonyms, and numbers with noise."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._call import check, encode, integer, read_json
from ._library import library
from .errors import ArgumentError, Status

if TYPE_CHECKING:
    import pandas

    from .upkeep import Upkeep


@dataclass(frozen=True)
class Answer:
    """A number that would come out nearly the same had any one learner not been there.

    ``value``: None where the noisy count of learners is below 1. ``standard_error``: of the noise alone.
    ``epsilon_left``: of the study's budget.
    """

    value: float | None
    standard_error: float | None
    epsilon: float
    epsilon_left: float


class Study:
    """Everybody who consented to research; from :meth:`Engine.study`."""

    def __init__(self, engine: Upkeep, study: str, epsilon: float) -> None:
        self._engine = engine
        self._name = encode(study, "study")
        check(library().affetto_study_create(engine._pointer(), self._name, float(epsilon)))

    def export(self, k: int = 10) -> dict[str, Any]:
        """``rows``, one a session, each look shared by at least ``k`` (10..1000) learners; and the ``report`` of what was
        made coarser or left out. k-anonymous, not differentially private: share it as you would share data."""
        pointer, size = self._engine._pointer(), integer(k, "k")
        record: dict[str, Any] = read_json(
            lambda *out: library().affetto_study_export(pointer, self._name, size, *out)
        )
        return record

    def frame(self, k: int = 10) -> pandas.DataFrame:
        """The rows of :meth:`export` as a pandas table."""
        import pandas

        return pandas.DataFrame(self.export(k)["rows"])

    def count(self, of: str = "learners", *, epsilon: float, age_band: str | None = None) -> Answer:
        """How many "learners" or "sessions" (at most 20 of each learner), with noise. Raises PolicyError when the budget
        is spent."""
        return self._answer("count", of, epsilon, age_band)

    def mean(self, of: str, *, epsilon: float, age_band: str | None = None) -> Answer:
        """Mean over learners of their mean "benefit", "liking", "valence" or "arousal" (-1..1), with noise."""
        return self._answer("mean", of, epsilon, age_band)

    def _answer(self, statistic: str, of: str, epsilon: float, age_band: str | None) -> Answer:
        question = {"statistic": statistic, "of": of, "epsilon": epsilon}
        if age_band is not None:
            question["age_band"] = age_band
        try:
            text = encode(json.dumps(question, allow_nan=False), "question")
        except ValueError as failure:
            raise ArgumentError(Status.ARGUMENT, f"the question cannot be written as JSON: {failure}") from failure
        pointer = self._engine._pointer()
        found = read_json(lambda *out: library().affetto_study_answer(pointer, self._name, text, *out))
        return Answer(
            value=found.get("value"),
            standard_error=found.get("standard_error"),
            epsilon=found["epsilon"],
            epsilon_left=found["epsilon_left"],
        )
