"""Analyses a folder of music on one machine or on many: one row a file, the same rows whichever way.

    python corpus.py FOLDER [--with plain|spark|dask] [--out table.csv]

Columns: file, error, then every number of affetto.music.MusicAnalysis.row(). A file that cannot be read or
analysed says why under `error` and has no numbers; the others go on.

Left alone, Spark and Dask take the cores of this machine. A cluster needs on every worker the affetto wheel,
pandas, soundfile, for Spark pyarrow, and FOLDER under the same path; then this file runs there as it is:

    spark-submit --master spark://HOST:7077 corpus.py FOLDER --with spark
    DASK_SCHEDULER_ADDRESS=tcp://HOST:8786 python corpus.py FOLDER --with dask
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

import affetto

AUDIO = {".aif", ".aiff", ".flac", ".mp3", ".ogg", ".opus", ".wav"}
NUMBERS = list(affetto.music.analyze(np.zeros(8000, np.float32), 8000).row())


def read(file: str) -> tuple[np.ndarray, int]:
    """(n, channels) and the rate."""
    try:
        import soundfile
    except ImportError:
        return affetto.music.read_wav(file)
    samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
    return samples, rate


def describe(file: str) -> dict[str, object]:
    try:
        return {"file": file, "error": "", **affetto.music.analyze(*read(file)).row()}
    except Exception as error:  # whatever a decoder makes of a broken file, the rest of the corpus goes on
        return {"file": file, "error": f"{type(error).__name__}: {error}"}


def table(rows: Iterable[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["file", "error", *NUMBERS]).astype(dict.fromkeys(NUMBERS, float))


def with_plain(files: list[str]) -> pd.DataFrame:
    return table(map(describe, files))


def with_spark(files: list[str]) -> pd.DataFrame:
    from pyspark.sql import SparkSession

    def analyze(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            yield table(map(describe, batch["file"]))

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with SparkSession.builder.appName("corpus").getOrCreate() as spark:
        tasks = min(len(files), 4 * spark.sparkContext.defaultParallelism)
        paths = spark.createDataFrame([(file,) for file in files], "file string").repartition(tasks)
        schema = ", ".join(["file string", "error string", *(f"{name} double" for name in NUMBERS)])
        return paths.mapInPandas(analyze, schema).toPandas()


def with_dask(files: list[str]) -> pd.DataFrame:
    from dask import bag
    from dask.distributed import Client

    with Client():
        return table(bag.from_sequence(files).map(describe).compute())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--with", dest="way", choices=["plain", "spark", "dask"], default="plain")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    files = sorted(str(path) for path in options.folder.resolve().rglob("*") if path.suffix.lower() in AUDIO)
    if not files:
        parser.error(f"no audio in {options.folder}")
    found = {"plain": with_plain, "spark": with_spark, "dask": with_dask}[options.way](files)
    found = found.sort_values("file", ignore_index=True)
    if options.out:
        found.to_csv(options.out, index=False)
    print(found[["file", "error", "tempo_bpm", "loudness_lufs", "valence", "arousal"]].to_string(index=False))


if __name__ == "__main__":
    main()
