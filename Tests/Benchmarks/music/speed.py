"""CPU time of affetto.music.analyze against librosa, Essentia and the FFTs alone, on the same clips,
one thread each; then memory, over 10,000 pieces into a library and over two hours of streaming; then searches
in a library of 200,000 tracks. Prints tables and, last, one JSON object.

Clips: music/real_ccby of $AFFETTO_DATA and .build/rendered/truth, evenly; made-up ones where there are none.
librosa is given mono at 22.05 kHz. Essentia's rhythm extractor demands 44.1 kHz its loudness meter stereo;
for Essentia the clip is resampled beforehand, and Affetto is timed again on the same.
"""

from __future__ import annotations

import ctypes
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# Read when numpy and the peers are imported.
os.environ.update({f"{pool}_NUM_THREADS": "1" for pool in ("OMP", "OPENBLAS", "MKL", "NUMBA")})

import numpy as np

import affetto

RATE = 22050
CLIPS = 12
ROUNDS = 5
PIECES = 10_000
HOURS = 2
TRACKS = 200_000
OURS, STEREO = "ours", "ours, 44.1 kHz stereo"
LIBROSA, ESSENTIA = "librosa, all three", "Essentia, all four"

Job = Callable[[], object]


def compose(number: int, seconds: float) -> np.ndarray:
    """A chord on every beat over a bass note; tonic, mode, tempo, decay and level follow the number."""
    draw = np.random.default_rng(number)
    t = np.arange(int(seconds * RATE), dtype=np.float32) / RATE
    beat = t * np.float32(draw.uniform(60, 180) / 60) % 1
    tonic = np.float32(2 * np.pi * 110 * 2 ** (draw.integers(0, 24) / 12))
    sound = np.sin(tonic / 2 * t)
    for semitones in (0, draw.integers(3, 5), 7, draw.integers(8, 16)):
        sound += np.sin(tonic * np.float32(2 ** (semitones / 12)) * t)
    return sound * np.exp(-np.float32(draw.uniform(1, 8)) * beat) * np.float32(draw.uniform(0.02, 0.2))


# Memory is measured in processes of their own, in which nothing else has been done.


def memory(field: str) -> float:
    """MiB of this process: VmRSS now, VmHWM at most. getrusage counts what the parent held, too."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    raise KeyError(field)


def many_pieces() -> dict[str, float]:
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "library.affetto")
        with affetto.Engine(store, key=bytes(32)) as engine:
            for number in range(PIECES):
                piece = affetto.music.analyze(compose(number, 3), RATE)
                # An address on the Web: a file that is not there would count as moved.
                engine.library.add(piece, id=f"piece-{number}", uri=f"https://music.example/{number}")
                if number + 1 in (100, 1000, PIECES):
                    found[str(number + 1)] = memory("VmHWM")
            tracks = len(engine.library.find())
        assert tracks == PIECES, f"{tracks} tracks are in the library"
        found["store"] = store.stat().st_size / 2**20
    return found


def long_stream() -> dict[str, float]:
    found = {}
    with affetto.music.Analyzer(RATE) as piece:
        seconds = 0
        for number in itertools.count():
            for block in compose(number, 3).reshape(-1, RATE // 10):
                piece.push(block)
            seconds += 3
            if seconds == 120:
                found["warm"] = memory("VmRSS")
            if seconds == HOURS * 3600:
                found["end"] = memory("VmRSS")
                break
        assert abs(piece.finish()["duration_s"] - seconds) < 1
    found["finished"] = memory("VmHWM")
    return found


def searches() -> dict[str, float]:
    """Milliseconds in a library of TRACKS rows that came by a table: the median of 20 calls of each kind."""
    draw = np.random.default_rng(1)
    rows = zip(*(draw.uniform(low, high, TRACKS) for low, high in ((-1, 1), (-1, 1), (50, 180))), strict=True)
    lines = [f"t{i},Piece {i},style {i % 40},{v:.3f},{a:.3f},{b:.1f}" for i, (v, a, b) in enumerate(rows)]
    table = "\n".join(["id,title,style,valence,arousal,tempo_bpm", *lines])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "library.affetto")
        with affetto.Engine(path, key=bytes(32)) as engine:
            report = engine.library.import_table(table)
            assert report["added"] == TRACKS, report
        begun = time.perf_counter()
        with affetto.Engine(path, key=bytes(32)) as engine:
            found = {"open": 1e3 * (time.perf_counter() - begun)}
            for name, query in {
                "near": {"valence": 0.2, "arousal": 0.3},
                "text": {"text": "piece 1234"},
                "tempo": {"tempo": (60, 62), "style": "style 7"},
            }.items():
                taken = []
                for _ in range(20):
                    begun = time.perf_counter()
                    engine.library.find(**query, limit=10)
                    taken.append(1e3 * (time.perf_counter() - begun))
                found[name] = statistics.median(taken)
    return found


def fresh(what: str) -> dict[str, float]:
    out = subprocess.run([sys.executable, __file__, what], check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(out)
    return found


def recordings() -> Iterator[np.ndarray]:
    """(n, channels) at 22.05 kHz. A file that cannot be decoded or has another rate is passed over."""
    try:
        import soundfile
    except ImportError:
        return
    root = Path(__file__).resolve().parents[3]
    folders = [(root / ".build/rendered/truth", "*.flac")]
    if data := os.environ.get("AFFETTO_DATA"):
        folders.append((Path(data, "music/real_ccby/audio"), "*.ogg"))
    places = [files for folder, pattern in folders if (files := sorted(folder.glob(pattern)))]
    for files in places:
        wanted = CLIPS // len(places)
        step = max(len(files) // wanted, 1)
        for file in files[::step] + [file for i, file in enumerate(files) if i % step]:
            try:
                samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
            except soundfile.LibsndfileError:
                continue
            if rate == RATE and wanted:
                wanted -= 1
                yield samples


def transforms() -> Callable[[float], Job] | None:
    """What the analysis cannot do without: FFTs of 1024 points every 220 samples and of 4096 every 512. By
    FFTW, with the engine's flags.
    """
    try:
        fftw = ctypes.CDLL("libfftw3f.so.3")
    except OSError:
        return None
    whole, pointer, estimate = ctypes.c_int, ctypes.c_void_p, 1 << 6
    make, execute = fftw.fftwf_plan_many_dft_r2c, fftw.fftwf_execute
    make.restype = pointer
    side: list[Any] = [pointer, pointer, whole, whole]
    make.argtypes = [whole, pointer, whole, *side, *side, ctypes.c_uint]
    execute.restype, execute.argtypes = None, [pointer]
    batch = 16  # at a call, all from one place to one place: neither Python nor memory is what is measured

    def plan(size: int) -> tuple[int, np.ndarray, np.ndarray]:
        noise = np.random.default_rng(1).standard_normal(size).astype(np.float32)
        samples, spectrum = np.empty_like(noise), np.empty(size // 2 + 1, np.complex64)
        places = (samples.ctypes.data, None, 1, 0, spectrum.ctypes.data, None, 1, 0)
        made: int = make(1, ctypes.byref(whole(size)), batch, *places, estimate)
        samples[:] = noise
        execute(made)
        assert np.allclose(spectrum, np.fft.rfft(noise), atol=1e-2)
        return made, samples, spectrum

    plans = [(220, *plan(1024)), (512, *plan(4096))]

    def job(seconds: float) -> Job:
        def run() -> None:
            for hop, made, *_ in plans:
                for _ in range(round(seconds * RATE / hop / batch)):
                    execute(made)

        return run

    return job


def librosa_jobs() -> Callable[[np.ndarray], dict[str, Job]] | None:
    try:
        import librosa
    except ImportError:
        return None
    return lambda mono: {
        "librosa tempo": lambda: librosa.beat.beat_track(y=mono, sr=RATE),
        "librosa chroma": lambda: librosa.feature.chroma_cqt(y=mono, sr=RATE),
        "librosa MFCC": lambda: librosa.feature.mfcc(y=mono, sr=RATE),
    }


def essentia_jobs() -> Callable[[np.ndarray], dict[str, Job]] | None:
    try:
        import essentia
    except ImportError:
        return None
    essentia.log.infoActive = False
    import essentia.standard as es

    rhythm, key = es.RhythmExtractor2013(method="multifeature"), es.KeyExtractor()
    loudness = es.LoudnessEBUR128()
    window, spectrum, mfcc = es.Windowing(type="hann"), es.Spectrum(), es.MFCC()

    def frames(mono: np.ndarray) -> None:
        for frame in es.FrameGenerator(mono, frameSize=2048, hopSize=1024):
            mfcc(spectrum(window(frame)))

    def jobs(stereo: np.ndarray) -> dict[str, Job]:
        mono = stereo.mean(axis=1)
        return {
            "Essentia tempo": lambda: rhythm(mono),
            "Essentia key": lambda: key(mono),
            "Essentia loudness": lambda: loudness(stereo),
            "Essentia MFCC": lambda: frames(mono),
        }

    return jobs


def cpu(job: Job) -> float:
    start = time.process_time()
    job()
    return time.process_time() - start


def main() -> None:
    library, stream, search = fresh("many_pieces"), fresh("long_stream"), fresh("searches")
    clips, what = list(recordings()), "recorded and rendered music"
    if not clips:
        clips, what = [compose(i, 30)[:, None] for i in range(CLIPS)], "made-up music"

    floor, librosa, essentia = transforms(), librosa_jobs(), essentia_jobs()
    for peer, has in (("libfftw3f", floor), ("librosa", librosa), ("essentia", essentia)):
        if has is None:
            print(f"{peer} is not installed: no ratio to it", file=sys.stderr)
    if essentia:
        from scipy.signal import resample_poly

    def jobs(clip: np.ndarray) -> dict[str, Job]:
        mono = np.ascontiguousarray(clip.mean(axis=1))
        made: dict[str, Job] = {OURS: lambda: affetto.music.analyze(mono, RATE)}
        if floor:
            made["FFTs"] = floor(len(mono) / RATE)
        if librosa:
            made |= librosa(mono)
        if essentia:
            stereo = np.repeat(clip, 2, axis=1) if clip.shape[1] == 1 else clip
            stereo = np.ascontiguousarray(resample_poly(stereo, 2, 1, axis=0), dtype=np.float32)
            made[STEREO] = lambda: affetto.music.analyze(stereo, 2 * RATE)
            made |= essentia(stereo)
        return made

    for job in jobs(clips[0]).values():  # compiles, plans and fills caches
        job()
    times: list[dict[str, float]] = []  # of each clip: CPU seconds, least of the rounds
    for clip in clips:
        made = jobs(clip)
        # Taken in turn, so that a busy machine is busy for all.
        rounds = [{name: cpu(job) for name, job in made.items()} for _ in range(ROUNDS)]
        best = {name: min(taken[name] for taken in rounds) for name in made}
        for peer, all_parts in (("librosa", LIBROSA), ("Essentia", ESSENTIA)):
            parts = [seconds for name, seconds in best.items() if name.startswith(peer)]
            if parts:
                best[all_parts] = sum(parts)
        times.append(best)

    def ratio(one: str, other: str) -> float | None:
        if one not in times[0] or other not in times[0]:
            return None
        return statistics.median(taken[one] / taken[other] for taken in times)

    minutes = [len(clip) / RATE / 60 for clip in clips]
    print(f"{len(clips)} clips of {what}, CPU ms a minute on one thread (least of {ROUNDS} runs; medians)")
    for name in times[0]:
        milliseconds = statistics.median(
            1e3 * taken[name] / m for taken, m in zip(times, minutes, strict=True)
        )
        base = {OURS: "FFTs", "FFTs": "", STEREO: ""}.get(
            name, STEREO if name.startswith("Essentia") else OURS
        )
        times_base = ratio(name, base)
        print(f"  {name:24}{milliseconds:8.1f}" + (f"   {times_base:5.2f} x {base}" if times_base else ""))
    print(f"{PIECES} pieces of 3 s analysed and added to a library, one after the other: most memory")
    for count in (100, 1000, PIECES):
        print(f"  after {count:<18}{library[str(count)]:8.1f} MiB")
    print(f"  store on disk           {library['store']:8.1f} MiB")
    print(f"{HOURS} hours of streaming in blocks of 100 ms: memory")
    print(f"  after 2 minutes         {stream['warm']:8.1f} MiB")
    print(f"  at the end              {stream['end']:8.1f} MiB")
    print(f"  most, after finish      {stream['finished']:8.1f} MiB")

    print(f"a library of {TRACKS} tracks, ms")
    for name, milliseconds in search.items():
        print(f"  {name:24}{milliseconds:8.1f}")

    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 2)

    print(
        json.dumps(
            {
                "music.speedup_vs_librosa_tempo": rounded(ratio("librosa tempo", OURS)),
                "music.speedup_vs_essentia": rounded(ratio(ESSENTIA, STEREO)),
                "music.times_fft_floor": rounded(ratio(OURS, "FFTs")),
                "music.library.rss_mib_10k": rounded(library[str(PIECES)]),
                "music.library.find_ms_200k": rounded(search["near"]),
                "music.library.open_ms_200k": rounded(search["open"]),
                "music.streaming_rss_growth_mib": rounded(stream["end"] - stream["warm"]),
            }
        )
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        parts = {"many_pieces": many_pieces, "long_stream": long_stream, "searches": searches}
        print(json.dumps(parts[sys.argv[1]]()))
    else:
        main()
