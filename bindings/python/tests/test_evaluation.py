"""Off-policy evaluation against an independent statement of the published formulas."""

from __future__ import annotations

import numpy as np
import pytest

import affetto
from affetto.evaluation import evaluate


def a_log(n: int = 600, actions: int = 3, width: int = 2, seed: int = 1) -> list[dict[str, object]]:
    rng = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for i in range(n):
        context = rng.normal(size=width)
        chances, target = rng.dirichlet(np.ones(actions) * 2, size=2)
        action = int(rng.choice(actions, p=chances))
        outcome = float(0.3 * action + context[0] * (action - 1) + rng.normal() * 0.5)
        rows.append(
            {
                "learner": f"l{i % 37:02}",
                "context": context.tolist(),
                "chances": chances.tolist(),
                "action": action,
                "outcome": None if i % 11 == 0 else outcome,
                "target": target.tolist(),
            }
        )
    return rows


def by_numpy(rows: list[dict[str, object]], ridge: float) -> dict[str, float]:
    """The same in NumPy: a ridge regression a half of the learners, then the four formulas."""
    rows = [row for row in rows if row["outcome"] is not None]
    learner = np.array([row["learner"] for row in rows])
    x = np.array([[1, *row["context"]] for row in rows])  # type: ignore[misc]
    p, t = (np.array([row[key] for row in rows]) for key in ("chances", "target"))
    a = np.array([row["action"] for row in rows], dtype=int)
    r = np.array([row["outcome"] for row in rows], dtype=float)
    n, k, d = len(rows), p.shape[1], x.shape[1]
    side = np.searchsorted(np.unique(learner), learner) % 2

    def design(action: np.ndarray) -> np.ndarray:
        z = np.zeros((n, d * (k + 1)))
        z[:, :d] = x
        for i in range(n):
            z[i, d * (1 + action[i]) : d * (2 + action[i])] = x[i]
        return z

    penalty = np.full(d * (k + 1), ridge)
    penalty[0] = 1e-9
    q = np.empty((n, k))
    for half in (0, 1):
        z = design(a)[side != half]
        beta = np.linalg.solve(z.T @ z + np.diag(penalty), z.T @ r[side != half])
        for action in range(k):
            q[side == half, action] = (design(np.full(n, action)) @ beta)[side == half]
    w = t[np.arange(n), a] / p[np.arange(n), a]
    direct = (t * q).sum(1)
    return {
        "ips": float((w * r).mean()),
        "snips": float((w * r).sum() / w.sum()),
        "dm": float(direct.mean()),
        "dr": float((direct + w * (r - q[np.arange(n), a])).mean()),
        "effective_sample_size": float(w.sum() ** 2 / (w**2).sum()),
    }


@pytest.mark.parametrize("seed", range(5))
def test_the_formulas(seed: int) -> None:
    rows = a_log(seed=seed)
    ours, theirs = evaluate(rows, draws=50, ridge=0.7), by_numpy(rows, 0.7)
    for name in ("ips", "snips", "dm", "dr"):
        assert ours[name]["value"] == pytest.approx(theirs[name], abs=1e-9)
        assert ours[name]["low"] <= ours[name]["value"] <= ours[name]["high"]
    assert ours["effective_sample_size"] == pytest.approx(theirs["effective_sample_size"], abs=1e-9)
    assert ours["unknown"] == sum(row["outcome"] is None for row in rows)


def test_refusals() -> None:
    few = evaluate(a_log(20))
    assert few["dr"] is None
    assert "sample size" in few["refusal"]
    with pytest.raises(affetto.ArgumentError, match="line 2"):
        evaluate([*a_log(1), {"learner": "x"}])
    with pytest.raises(affetto.ArgumentError, match="target"):
        evaluate([{**row, "target": None} for row in a_log(5)])
    with pytest.raises(affetto.RangeError):
        evaluate([{**row, "target": [0.5, 0.5, 0.5]} for row in a_log(5)])
    with pytest.raises(affetto.RangeError):
        evaluate(a_log(), draws=1)
