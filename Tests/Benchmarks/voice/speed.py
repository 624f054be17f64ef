"""CPU time of all 88 functionals against openSMILE and against the FFTs alone, on the same minutes of speech in one run;
then an hour of streaming. Prints a table and, last, one JSON object.

    speed.py BENCHMARK [--minutes M]      BENCHMARK: the compiled voice.c
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from synthetic import RATE, glide


def speech(minutes: float) -> tuple[np.ndarray, str]:
    """Recordings of $AFFETTO_DATA/speech one after the other at 16 kHz; a synthetic glide where there are none."""
    wanted = int(minutes * 60 * RATE)
    data = os.environ.get("AFFETTO_DATA")
    if data and pathlib.Path(data, "speech").is_dir():
        import soundfile

        files = sorted(pathlib.Path(data, "speech").rglob("*.flac"))
        parts, total = [], 0
        for path in files[:: max(len(files) // 100, 1)] + files:
            samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
            if rate == RATE and total < wanted:
                parts.append(samples[:, 0])
                total += len(samples)
        return np.concatenate(parts)[:wanted], "recorded speech"
    return np.tile(np.concatenate([glide(kind)[0] for kind in ("low", "mid", "high")]), 60)[:wanted].astype(np.float32), \
        "synthetic voice (AFFETTO_DATA names no speech)"


def open_smile(samples: np.ndarray):
    """A function that runs eGeMAPSv02 functionals once through openSMILE's C API and returns its CPU seconds."""
    try:
        import opensmile
        from opensmile.core.config import config
    except ImportError:
        return None
    smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
    options = smile._options()
    options["source"] = os.path.join(smile.default_config_root, config.EXTERNAL_INPUT_CONFIG)
    options["sampleRate"] = RATE
    options["nBits"] = 16
    data = (samples * 32768).clip(-32768, 32767).astype(np.int16).tobytes()

    def run() -> float:
        start = time.process_time()
        engine = smile._smile(options=options)
        rows: list[object] = []
        engine.external_sink_set_callback_ex(config.EXTERNAL_OUTPUT_COMPONENT, lambda values, meta: rows.append(1))
        engine.external_audio_source_write_data(config.EXTERNAL_SOURCE_COMPONENT, data)
        engine.external_audio_source_set_eoi(config.EXTERNAL_SOURCE_COMPONENT)
        engine.run()
        engine.free()
        assert rows, "openSMILE gave nothing"
        return time.process_time() - start

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("benchmark")
    parser.add_argument("--minutes", type=float, default=3)
    options = parser.parse_args()
    samples, what = speech(options.minutes)
    minutes = len(samples) / RATE / 60
    figures: dict[str, float] = {}
    with tempfile.NamedTemporaryFile(suffix=".f32") as file:
        samples.tofile(file.name)
        run = open_smile(samples)

        def ours(mode: int) -> tuple[float, float]:
            out = subprocess.run([options.benchmark, "functionals", file.name, str(RATE), str(mode)], check=True,
                                 capture_output=True, text=True).stdout.split()
            return float(out[0]), float(out[1])

        # Taken in turn, so that a busy machine is busy for all.
        rounds = [(ours(0), ours(1), 1e3 * run() / minutes if run else float("nan")) for _ in range(5)]
        corrected = min(r[0][0] for r in rounds)
        floor = min(min(r[0][1], r[1][1]) for r in rounds)
        print(f"All 88 functionals of {minutes:.1f} min of {what}, CPU ms a minute (least of 5)")
        print(f"  FFT floor                   {floor:8.1f}")
        print(f"  corrected                   {corrected:8.1f}   {corrected / floor:5.2f} x floor")
        compatible = min(r[1][0] for r in rounds)
        print(f"  compatible                  {compatible:8.1f}   {compatible / floor:5.2f} x floor")
        figures["voice.functionals.times_fft_floor"] = round(statistics.median(r[0][0] / r[0][1] for r in rounds), 2)
        if run:
            theirs = min(r[2] for r in rounds)
            print(f"  openSMILE, C API            {theirs:8.1f}   {theirs / corrected:5.1f} x corrected, "
                  f"{theirs / compatible:.1f} x compatible")
            figures["voice.functionals.speedup_vs_opensmile"] = round(statistics.median(r[2] / r[0][0] for r in rounds), 1)
            figures["voice.compatible.speedup_vs_opensmile"] = round(statistics.median(r[2] / r[1][0] for r in rounds), 1)
        else:
            print("  openSMILE is not installed: no ratio to it", file=sys.stderr)
        out = subprocess.run([options.benchmark, "stream", file.name, str(RATE)], check=True, capture_output=True,
                             text=True).stdout.split()
        share = float(subprocess.run([options.benchmark, "session", file.name, str(RATE)], check=True,
                                     capture_output=True, text=True).stdout)
    allocations, growth, provisional, final = map(float, out)
    print("An hour of streaming in blocks of 10 ms, windows of 5 s")
    print(f"  allocations a hop           {allocations:8.3f}")
    print(f"  memory growth               {growth:8.1f} KiB an hour")
    print(f"  provisional frame           {provisional:8.1f} ms after its centre, at most")
    print(f"  final frame                 {final:8.1f} ms")
    print("A session that listens: features, recogniser, fusion, store")
    print(f"  CPU time                    {share:8.2f} % of real time")
    figures |= {"voice.stream.allocations_per_hop": allocations, "voice.stream.rss_growth_kib_per_hour": growth,
                "voice.stream.latency_ms": provisional, "voice.stream.final_latency_ms": final,
                "voice.session.realtime_percent": share}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
