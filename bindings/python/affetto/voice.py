"""Voice features of a recording, without a session and without policy: the caller answers for it."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, fields

from numpy.typing import ArrayLike

from . import _ffi
from ._call import audio, check, new
from ._library import library


@dataclass(frozen=True)
class VoiceSummary:
    """One recording; NaN where there was nothing to measure.

    ``speech_ratio``: share of time with speech. ``voiced_ratio``: share of speech that is voiced. ``f0_mean_hz``:
    geometric mean over voiced frames. ``f0_sd_semitones``. ``intensity_db``, ``intensity_sd_db``: over speech, dB re
    full scale. ``syllables_per_s``: syllable nuclei per second (de Jong & Wempe 2009). ``alpha_ratio_db``: energy above
    over below 1 kHz, voiced frames. ``snr_db``: speech against the quietest tenth. ``clipped_ratio``: share of samples
    at or above full scale.
    """

    duration_s: float
    speech_ratio: float
    voiced_ratio: float
    f0_mean_hz: float
    f0_sd_semitones: float
    intensity_db: float
    intensity_sd_db: float
    syllables_per_s: float
    alpha_ratio_db: float
    snr_db: float
    clipped_ratio: float


def analyze(samples: ArrayLike, rate: int) -> VoiceSummary:
    """Analyses a recording of 0.1 s or more: floats in -1..1, (n,) or (n, channels), ``rate`` in Hz, 8000..96000.

    The numbers equal those of the same samples pushed to a session. Raises ArgumentError, RangeError.
    """
    view, _keep = audio(samples, rate)
    raw = new(_ffi.affetto_voice_summary)
    check(library().affetto_voice_analyze(ctypes.byref(view), ctypes.byref(raw)))
    return VoiceSummary(**{field.name: getattr(raw, field.name) for field in fields(VoiceSummary)})
