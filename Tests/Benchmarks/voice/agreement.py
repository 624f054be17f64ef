"""Voice features against openSMILE, Praat and signals with known truth; prints tables and, last, one JSON object.

    agreement.py [--files N]      N recordings of $AFFETTO_DATA/speech (48), spread evenly over its corpora

Compatible mode is compared with an installed openSMILE (pip: opensmile), formants and pitch of corrected mode with an
installed Praat (pip: praat-parselmouth); what is not installed is skipped and named. Nothing of theirs is kept.
"""

import argparse
import json
import os
import pathlib
import sys

import affetto
import numpy as np
from synthetic import RATE, VOWELS, glide, pitch_errors, vowel, with_noise

FORMANT = ("F1", "F2", "F3", "H1-A3")


def tolerance(name: str) -> tuple[float, float]:
    """Relative and absolute tolerance of a functional of compatible mode."""
    if any(part in name for part in FORMANT):
        return 5e-2, 1e-3
    if any(part in name for part in ("jitter", "shimmer", "HNR", "H1-H2")):
        return 2e-2, 1e-5
    if name.startswith(("F0", "Voiced", "Mean", "Stddev")):
        return 1e-3, 1e-5
    return 5e-4, 1e-5


def recordings(folder: pathlib.Path, wanted: int):
    """Evenly spread recordings of every corpus below `folder`, at most 12 s of each, 16-bit samples."""
    import soundfile

    corpora = [sorted(path for path in place.iterdir() if path.suffix in (".flac", ".wav"))
               for place in sorted(folder.iterdir()) if place.is_dir()]
    corpora = [files for files in corpora if files]
    share = max(wanted // max(len(corpora), 1), 1)
    for files in corpora:
        for path in files[:: max(len(files) // share, 1)][:share]:
            samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
            yield path, samples[: 12 * rate, 0].copy(), rate


def compatible(files, figures) -> None:
    try:
        import opensmile
    except ImportError:
        print("openSMILE is not installed: compatible mode is not compared")
        return
    smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
    assert list(smile.feature_names) == affetto.voice.feature_names(), "names or order differ"
    names = affetto.voice.feature_names()
    misses: dict[str, list[float]] = {name: [] for name in names}
    for _, samples, rate in files:
        theirs = smile.process_signal(samples, rate).to_numpy()[0]
        ours = affetto.voice.features(samples, rate, mode="compatible")
        for name, want in zip(names, theirs):
            relative, absolute = tolerance(name)
            misses[name].append(abs(ours[name][0] - want) / (relative * abs(want) + absolute))
    print(f"\nCompatible mode against openSMILE {opensmile.__version__}: 88 functionals, {len(files)} recordings")
    print("  (error in units of its tolerance: 1 = just inside)")
    print(f"  {'functional':46}{'median':>9}{'worst':>9}{'inside':>9}")
    inside = {name: np.mean(np.array(values) <= 1) for name, values in misses.items()}
    for name in sorted(names, key=lambda name: inside[name])[:16]:
        values = np.array(misses[name])
        print(f"  {name:46}{np.median(values):9.3f}{values.max():9.2f}{inside[name]:9.3f}")
    print("  (the 16 that agree least)")
    formant = [name for name in names if any(part in name for part in FORMANT)]
    plain = [name for name in names if name not in formant]
    figures["voice.compatible.share_in_tolerance"] = float(np.mean([inside[name] for name in plain]))
    figures["voice.compatible.share_formant_in_tolerance"] = float(np.mean([inside[name] for name in formant]))
    print(f"  {len(plain)} without formants: {figures['voice.compatible.share_in_tolerance']:.4f} inside; "
          f"{len(formant)} with: {figures['voice.compatible.share_formant_in_tolerance']:.4f}")


def praat(files, figures) -> None:
    try:
        import parselmouth
    except ImportError:
        print("Praat is not installed: corrected mode is not compared")
        return
    ours, theirs, pitch = [], [], []
    for _, samples, rate in files:
        table = affetto.voice.descriptors(samples, rate)
        sound = parselmouth.Sound(samples.astype(np.float64), rate)
        formants = sound.to_formant_burg(time_step=0.01, max_number_of_formants=5, maximum_formant=5500)
        tracked = sound.to_pitch_ac(time_step=0.01, pitch_floor=60, pitch_ceiling=600)
        f0 = np.nan_to_num([tracked.get_value_at_time(t) for t in table["time"]])
        pitch.append(np.column_stack([table["f0_hz"], f0]))
        both = (table["f0_hz"] > 0) & (f0 > 0)
        mine = np.column_stack([table[f"F{j}frequency_sma3nz"] for j in (1, 2, 3)])
        other = np.array([[formants.get_value_at_time(j, t) for j in (1, 2, 3)] for t in table["time"]])
        keep = both & np.isfinite(other).all(1) & (mine > 0).all(1)
        ours.append(mine[keep])
        theirs.append(other[keep])
    a, b, f = np.concatenate(ours), np.concatenate(theirs), np.concatenate(pitch)
    r = [float(np.corrcoef(a[:, j], b[:, j])[0, 1]) for j in range(3)]
    median = [float(np.median(np.abs(a[:, j] - b[:, j]))) for j in range(3)]
    both = (f > 0).all(1)
    print(f"\nCorrected mode against Praat {parselmouth.PRAAT_VERSION}: {len(a)} voiced frames")
    print("  formants   r " + " ".join(f"{x:.3f}" for x in r) + "   median difference "
          + " ".join(f"{x:.0f}" for x in median) + " Hz")
    print(f"  pitch      differs by more than 20 % in {100 * np.mean(np.abs(f[both, 0] / f[both, 1] - 1) > .2):.2f} % of "
          f"{both.sum()} frames voiced in both; voicing differs in {100 * np.mean((f > 0).any(1) != both):.1f} %")
    figures["voice.corrected.formant_r_praat"] = [round(x, 3) for x in r]


def trackers():
    """Name → samples → times, F0 (Hz, 0 = unvoiced) and F1…F3 (Hz) a frame, of each that is installed."""
    def ours(samples):
        table = affetto.voice.descriptors(samples.astype(np.float32), RATE)
        return table["time"], table["f0_hz"], np.column_stack([table[f"F{j}frequency_sma3nz"] for j in (1, 2, 3)])

    found = {"corrected": ours}
    try:
        import parselmouth

        def of_praat(samples):
            sound = parselmouth.Sound(samples.astype(np.float64), RATE)
            pitch = sound.to_pitch_ac(time_step=0.01, pitch_floor=60, pitch_ceiling=600)
            formants = sound.to_formant_burg(time_step=0.01, max_number_of_formants=5, maximum_formant=5500)
            times = np.array(pitch.xs())
            f = np.array([[formants.get_value_at_time(j, t) for j in (1, 2, 3)] for t in times])
            return times, pitch.selected_array["frequency"], f
        found["Praat"] = of_praat
    except ImportError:
        print("Praat is not installed: left out")
    try:
        import opensmile
        smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.LowLevelDescriptors)

        def of_smile(samples):
            table = smile.process_signal(samples.astype(np.float32), RATE)
            height = table["F0semitoneFrom27.5Hz_sma3nz"].to_numpy()
            # Its 60 ms frames begin at k · 10 ms.
            times = 0.01 * np.arange(len(table)) + 0.03
            f = table[[f"F{j}frequency_sma3nz" for j in (1, 2, 3)]].to_numpy()
            return times, np.where(height > 0, 27.5 * 2 ** (height / 12), 0), f
        found["openSMILE"] = of_smile
    except ImportError:
        print("openSMILE is not installed: left out")
    return found


def vowels(figures, found) -> None:
    print("\nFormants of 30 synthetic vowels, mean error F1 F2 F3 (Hz)")
    for who, track in found.items():
        errors = []
        for name, truth in VOWELS.items():
            for f0 in (100, 130, 170):
                _, pitch, formants = track(vowel(name, f0))
                errors.append(np.abs(np.nanmedian(formants[pitch > 0], axis=0) - truth))
        mean = np.mean(errors, axis=0)
        print(f"  {who:12}" + " ".join(f"{x:8.1f}" for x in mean))
        if who == "corrected":
            figures["voice.corrected.formant_error_hz"] = [round(float(x), 1) for x in mean]


def pitch(figures, draws: int, found) -> None:
    """Means over three glides and `draws` draws of the noise."""
    print(f"\nPitch of three glides, {draws} draws of noise   gross %  missed %  false voicing %  cents")
    for who, track in found.items():
        rows = {}
        for snr in (None, 20, 10, 0):
            errors = []
            for draw in range(1 if snr is None else draws):
                for kind in ("low", "mid", "high"):
                    clean, f0, voiced = glide(kind)
                    rng = np.random.default_rng(1000 * draw + 17)
                    times, estimate, _ = track(clean if snr is None else with_noise(clean, voiced, snr, rng))
                    errors.append(pitch_errors(times, estimate, f0, voiced))
            rows[snr] = row = {key: float(np.mean([each[key] for each in errors])) for key in errors[0]}
            print(f"  {who:12}{'clean' if snr is None else f'{snr} dB':8}{row['gross']:21.2f}{row['missed']:10.1f}"
                  f"{row['false_voiced']:14.2f}{row['cents']:11.2f}")
        if who == "corrected":
            figures["voice.pitch.gross_error_percent"] = [round(rows[snr]["gross"], 3) for snr in (20, 10, 0)]
            figures["voice.pitch.missed_percent_0db"] = round(rows[0]["missed"], 2)
            figures["voice.pitch.false_voiced_percent_0db"] = round(rows[0]["false_voiced"], 2)
            figures["voice.pitch.cents_clean"] = round(rows[None]["cents"], 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=48)
    parser.add_argument("--draws", type=int, default=4)
    options = parser.parse_args()
    figures: dict[str, object] = {}
    data = os.environ.get("AFFETTO_DATA")
    speech = pathlib.Path(data, "speech") if data else None
    if speech and speech.is_dir():
        files = list(recordings(speech, options.files))
        compatible(files, figures)
        praat(files, figures)
    else:
        print("AFFETTO_DATA names no folder with speech/: only synthetic signals are measured", file=sys.stderr)
    found = trackers()
    vowels(figures, found)
    pitch(figures, options.draws, found)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
