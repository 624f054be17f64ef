"""What another policy would have brought, told from choices that were made at random with known chances.

    rows = [{"learner": "a", "context": [0.2], "chances": [0.3, 0.7], "action": 1, "outcome": 0.4, "target": [0, 1]}, ...]
    result = affetto.evaluation.evaluate(rows)
    result["dr"], result["effective_sample_size"]   # {"value", "low", "high"}; None where the log says too little

Inverse propensity scoring, its self-normalised form, the direct method and the doubly robust estimator (Dudik, Langford & Li
2011; Swaminathan & Joachims 2015), with 95 % intervals by resampling learners.
"""

from __future__ import annotations

import ctypes
import json
from collections.abc import Iterable, Mapping
from typing import Any

from . import _ffi
from ._call import INT32, UINT64, integer, new, read_json
from ._library import library


def evaluate(
    choices: Iterable[Mapping[str, Any]],
    *,
    draws: int = 500,
    seed: int = 1,
    ridge: float = 1.0,
    least_sample_size: float = 30.0,
    least_coverage: float = 0.9,
) -> dict[str, Any]:
    """Judges each choice's "target" policy. Keys of a choice: "learner", "context" (numbers, the same many in each),
    "chances" (of each action under the policy that chose; 0 = not to be had), "action", "outcome" (None = not known) and
    "target" (chances under the policy to be judged).

    Below ``least_sample_size`` effective choices or ``least_coverage`` no estimate is given: "ips", "snips", "dm" and
    "dr" are None and "refusal" says why. Raises ArgumentError (with the line), RangeError.
    """
    text = "\n".join(json.dumps(dict(choice)) for choice in choices).encode("utf-8")
    options = new(_ffi.affetto_evaluation_options)
    options.draws = integer(draws, "draws", *INT32)
    options.seed = integer(seed, "seed", *UINT64)
    options.ridge, options.least_sample_size, options.least_coverage = ridge, least_sample_size, least_coverage
    result: dict[str, Any] = read_json(
        lambda *out: library().affetto_evaluate(text, len(text), ctypes.byref(options), *out)
    )
    return dict.fromkeys(("ips", "snips", "dm", "dr", "refusal")) | result


__all__ = ["evaluate"]
