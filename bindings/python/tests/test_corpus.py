"""The example corpus.py: one process, Spark and Dask make the same table, whatever files lie about."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from conftest import RATE

import affetto

pytest.importorskip("pandas")

EXAMPLE = Path(__file__).resolve().parents[3] / "examples/python/corpus.py"
POISONED = {"cut.wav", "text.wav", "short.wav"}


def write(path: Path, samples: np.ndarray) -> None:
    with wave.open(os.fspath(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((32767 * samples).astype("<i2").tobytes())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, music: np.ndarray) -> Path:
    """Six pieces, one of them in a folder below, and three files that are none."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "below").mkdir()
    for number, name in enumerate(["a", "b", "c", "d", "e", "below/f"]):
        write(folder / f"{name}.wav", music[number * RATE : (number + 4) * RATE] / (1 + number))
    write(folder / "cut.wav", music)
    os.truncate(folder / "cut.wav", 30)
    (folder / "text.wav").write_text("no music", encoding="utf-8")
    write(folder / "short.wav", np.zeros(RATE // 2))
    return folder


def table(folder: Path, way: str, out: Path) -> bytes:
    paths = [os.fspath(Path(affetto.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    subprocess.run(
        [sys.executable, EXAMPLE, folder, "--with", way, "--out", out],
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )
    return out.read_bytes()


@pytest.fixture(scope="module")
def plain(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return table(folder, "plain", tmp_path_factory.mktemp("plain") / "table.csv")


def test_plain(folder: Path, plain: bytes) -> None:
    rows = list(csv.DictReader(plain.decode("utf-8").splitlines()))
    assert [row["file"] for row in rows] == sorted(os.fspath(path) for path in folder.rglob("*.wav"))
    for row in rows:
        file, error = Path(row.pop("file")), row.pop("error")
        assert bool(error) == (file.name in POISONED), error
        if error:
            assert not any(row.values())
        else:
            found = affetto.music.analyze(*affetto.music.read_wav(file))
            assert {name: float(value) for name, value in row.items()} == found.row()


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark runs on Java, which is not installed")
def test_spark(folder: Path, plain: bytes, tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    pytest.importorskip("pyarrow")
    assert table(folder, "spark", tmp_path / "table.csv") == plain


def test_dask(folder: Path, plain: bytes, tmp_path: Path) -> None:
    pytest.importorskip("dask.bag")
    pytest.importorskip("distributed")
    assert table(folder, "dask", tmp_path / "table.csv") == plain
