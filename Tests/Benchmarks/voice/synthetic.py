"""Signals with known pitch and formants, and how errors on them are counted (numpy and scipy)."""

import numpy as np
from scipy.signal import lfilter

RATE = 16000

# Adult male averages of F1, F2, F3 after Peterson & Barney (1952).
VOWELS = {"iy": (270, 2290, 3010), "ih": (390, 1990, 2550), "eh": (530, 1840, 2480), "ae": (660, 1720, 2410),
          "ah": (520, 1190, 2390), "aa": (730, 1090, 2440), "ao": (570, 840, 2410), "uh": (440, 1020, 2240),
          "uw": (300, 870, 2240), "er": (490, 1350, 1690)}

# Middle of the range in Hz, then depth (octaves) and rate (Hz) of a slow and a fast glide.
GLIDES = {"low": (110, 0.35, 0.35, 0.15, 1.7), "mid": (200, 0.40, 0.40, 0.12, 2.1), "high": (340, 0.35, 0.30, 0.10, 1.9)}


def glide(kind: str, seconds: int = 20):
    """59 harmonics of a moving pitch under two moving resonances, 0.95 s on and 0.30 s off: samples, f0, voiced."""
    base, slow_depth, slow_rate, fast_depth, fast_rate = GLIDES[kind]
    t = np.arange(seconds * RATE) / RATE
    octaves = slow_depth * np.sin(2 * np.pi * slow_rate * t) + fast_depth * np.sin(2 * np.pi * fast_rate * t)
    f0 = base * np.exp2(octaves)
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    first = 500 + 250 * np.sin(2 * np.pi * 0.5 * t)
    second = 1500 + 500 * np.sin(2 * np.pi * 0.37 * t + 1)
    samples = np.zeros_like(t)
    for harmonic in range(1, 60):
        f = harmonic * f0
        resonance = 1 / (1 + ((f - first) / 120) ** 2) + 0.5 / (1 + ((f - second) / 180) ** 2) + 0.05
        samples += np.where(f < 7600, resonance / harmonic, 0) * np.sin(harmonic * phase + 0.7 * harmonic**2)
    voiced = (t % 1.25) < 0.95
    edges = np.convolve(voiced.astype(float), np.full(320, 1 / 320), "same")
    samples *= edges * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * t))
    return 0.3 * samples / np.abs(samples).max(), f0, voiced


def with_noise(samples, voiced, snr_db, rng):
    """White noise, `snr_db` below the mean power of the voiced samples."""
    noise = rng.standard_normal(len(samples))
    wanted = np.mean(samples[voiced] ** 2) * 10 ** (-snr_db / 10)
    return np.clip(samples + noise * np.sqrt(wanted / np.mean(noise**2)), -0.999, 0.999)


def pitch_errors(times, estimate, f0, voiced):
    """Per cent of frames: more than 20 % off (of those voiced in both), missed, falsely voiced; and the median error in
    cents of the good ones. Frames within 50 ms of where voicing changes do not count."""
    at = np.clip((np.asarray(times) * RATE).astype(int), 0, len(f0) - 1)
    share = np.convolve(voiced.astype(float), np.full(1601, 1 / 1601), "same")[at]
    inside, outside = share > 0.999, share < 0.001
    said = np.asarray(estimate) > 0
    both = inside & said
    ratio = np.where(both, estimate / f0[at], 1)
    gross = both & (np.abs(ratio - 1) > 0.2)
    cents = 1200 * np.abs(np.log2(ratio[both & ~gross]))
    return {"gross": 100 * gross.sum() / max(both.sum(), 1), "missed": 100 * (inside & ~said).sum() / inside.sum(),
            "false_voiced": 100 * (outside & said).sum() / max(outside.sum(), 1),
            "cents": float(np.median(cents)) if len(cents) else float("nan")}


def vowel(name: str, f0: float, seconds: int = 2):
    """Pulses with a slight vibrato through five resonances (bandwidths 60, 80, 120, 150, 200 Hz) and a flat source."""
    n = seconds * RATE
    phase = np.cumsum(f0 * (1 + 0.02 * np.sin(2 * np.pi * 3 * np.arange(n) / RATE)) / RATE)
    x = np.diff(np.floor(phase), prepend=0.0)
    x[0] = 0
    for f, bandwidth in zip((*VOWELS[name], 3500, 4500), (60, 80, 120, 150, 200)):
        r = np.exp(-np.pi * bandwidth / RATE)
        c = 2 * r * np.cos(2 * np.pi * f / RATE)
        x = lfilter([1 - c + r * r], [1, -c, r * r], x)
    return 0.5 * x / np.abs(x).max() + 1e-4 * np.random.default_rng(0).standard_normal(n)
