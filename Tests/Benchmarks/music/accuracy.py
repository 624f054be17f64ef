"""Tempo, beats and key of affetto.music, librosa and Essentia on the same clips, in one run.

Clips: AFFETTO_DATA/music/truth (MIDI rendered to .build/rendered/truth, tempo, beats and key known) and real_ccby (tempo
and key of the MIDI files that the tracks were made from; C major without accidentals is what nobody has set, and does not
count). Tempo: within 4 % of the truth; "octave": or of its double, half, triple or third. Beats: F-measure within 70 ms,
the first 5 s left out.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

import affetto

RATE = 22050
PITCHES = {name: i for i, name in enumerate("C C# D D# E F F# G G# A A# B".split())}
PITCHES |= {"Db": 1, "Eb": 3, "Gb": 6, "Ab": 8, "Bb": 10}

# Samples -> (tempo, beats in s, (tonic, is minor)).
Reading = tuple[float, np.ndarray, tuple[int, bool]]


def by_affetto(y: np.ndarray) -> Reading:
    found = affetto.music.analyze(y, RATE)
    return found["tempo_bpm"], found.beats, (int(found["key"]), bool(found["is_minor"]))


def by_librosa(y: np.ndarray) -> Reading:
    import librosa

    tempo, beats = librosa.beat.beat_track(y=y, sr=RATE, units="time")
    # librosa has no key: its chroma with the profiles of Krumhansl & Kessler (1982), as its users do.
    chroma = librosa.feature.chroma_cqt(y=y, sr=RATE).mean(axis=1)
    profiles = [
        (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
        (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
    ]
    fits = {
        (tonic, mode == 1): np.corrcoef(np.roll(chroma, -tonic), profile)[0, 1]
        for mode, profile in enumerate(profiles)
        for tonic in range(12)
    }
    return float(np.atleast_1d(tempo)[0]), beats, max(fits, key=lambda key: fits[key])


def by_essentia(y: np.ndarray) -> Reading:
    import essentia.standard as es

    fine = es.Resample(inputSampleRate=RATE, outputSampleRate=44100)(y)
    tempo, beats, *_ = es.RhythmExtractor2013(method="multifeature")(fine)
    key, scale, _ = es.KeyExtractor(sampleRate=44100)(fine)
    return tempo, beats, (PITCHES[key], scale == "minor")


def hits(tempo: float, truth: float) -> tuple[bool, bool]:
    near = [abs(tempo / (truth * factor) - 1) <= 0.04 for factor in (1, 2, 3, 1 / 2, 1 / 3)]
    return near[0], any(near)


def f_measure(found: np.ndarray, truth: np.ndarray) -> float:
    found, truth = found[found >= 5], truth[truth >= 5]
    i = j = matched = 0
    while i < len(found) and j < len(truth):
        if abs(found[i] - truth[j]) <= 0.07:
            i, j, matched = i + 1, j + 1, matched + 1
        elif found[i] < truth[j]:
            i += 1
        else:
            j += 1
    return 2 * matched / (len(found) + len(truth)) if len(found) + len(truth) else 1.0


def load(path: Path) -> np.ndarray | None:
    try:
        y, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:
        print(f"accuracy.py: {path.name} cannot be decoded, and is left out", file=sys.stderr)
        return None
    return np.ascontiguousarray(y.mean(axis=1)) if rate == RATE else None


def clips(music: Path, rendered: Path) -> list[tuple[str, np.ndarray, float, np.ndarray | None, tuple[int, bool] | None]]:
    found = []
    for row in csv.DictReader((music / "truth/labels.csv").open()):
        if (y := load(rendered / f"{row['clip']}.flac")) is not None:
            beats = np.loadtxt(music / f"truth/midi/{row['clip']}.beats")
            settled = row["key_truth"] == "score-clean"
            key = (PITCHES[row["key"]], row["mode"] == "minor") if settled else None
            found.append(("truth", y, float(row["bpm"]), beats, key))
    for row in csv.DictReader((music / "real_ccby/labels.csv").open()):
        if (y := load(music / "real_ccby/audio" / row["clip"])) is not None:
            name = row["midi_keysig"]
            key = None if name == "C" else (PITCHES[name.rstrip("m")], name.endswith("m"))
            found.append(("real", y, float(row["midi_tempo"]), None, key))
    return found


def main() -> None:
    music, rendered = Path(os.environ["AFFETTO_DATA"]) / "music", Path(sys.argv[1])
    readers: dict[str, Callable[[np.ndarray], Reading]] = {"affetto": by_affetto}
    for name, reader in (("librosa", by_librosa), ("essentia", by_essentia)):
        try:
            __import__(name)
        except ImportError:
            print(f"accuracy.py: {name} is missing, and is left out", file=sys.stderr)
            continue
        readers[name] = reader
    figures: dict[str, float] = {}
    everything = clips(music, rendered)
    print("                          tempo   octave    beats      key")
    for kind in ("truth", "real"):
        chosen = [clip for clip in everything if clip[0] == kind]
        for name, reader in readers.items():
            scores: dict[str, list[float]] = {"tempo_acc1": [], "tempo_acc2": [], "beat_f1": [], "key": []}
            for _, y, tempo, beats, key in chosen:
                heard = reader(y)
                exact, octave = hits(heard[0], tempo)
                scores["tempo_acc1"].append(exact)
                scores["tempo_acc2"].append(octave)
                if beats is not None:
                    scores["beat_f1"].append(f_measure(heard[1], beats))
                if key is not None:
                    scores["key"].append(heard[2] == key)
            cells = [f"{np.mean(values):9.3f}" if values else "        –" for values in scores.values()]
            print(f"  {kind:6s} n {len(chosen):3d}  {name:9s}" + "".join(cells) + f"   (key n {len(scores['key'])})")
            figures |= {f"music.{kind}.{name}.{what}": float(np.mean(v)) for what, v in scores.items() if v}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
