"""What the tests share: an engine in memory with one learner who consented, and a little sound."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

try:
    import affetto
except ImportError:  # not installed: the package lies beside this folder
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    import affetto

RATE = 16000
SECOND = 1_000_000


def consent(engine: affetto.Engine, learner: str = "ana") -> None:
    engine.create_learner(learner, {"age_band": "adult"})
    for modality in affetto.Modality:
        engine.grant(learner, modality)


@pytest.fixture
def engine() -> Iterator[affetto.Engine]:
    """In memory, preset eu_home, with the adult learner "ana", who consented to everything."""
    with affetto.Engine(preset="eu_home") as value:
        consent(value)
        yield value


@pytest.fixture
def session(engine: affetto.Engine) -> Iterator[affetto.Session]:
    with engine.session("ana") as value:
        yield value


@pytest.fixture(scope="session")
def voice() -> np.ndarray:
    """Four seconds of syllables on 200 Hz, four a second."""
    t = np.arange(4 * RATE) / RATE
    tone = sum(np.sin(2 * np.pi * 200 * k * t) / k for k in range(1, 13))
    return (0.15 * tone * np.maximum(0, np.sin(2 * np.pi * 4 * t))).astype(np.float32)


@pytest.fixture(scope="session")
def music() -> np.ndarray:
    """Twelve seconds of C major triads, two a second."""
    t = np.arange(12 * RATE) / RATE
    tones = sum(np.sin(2 * np.pi * f * k * t) / k for f in (261.63, 329.63, 392.0) for k in range(1, 5))
    return (0.15 * tones * np.exp(-6 * (t % 0.5))).astype(np.float32)
