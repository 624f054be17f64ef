"""Voice features of a recording or a stream, without a session and without policy: the caller answers for it.

    table = affetto.voice.features("talk.wav")                 # 88 functionals, one row
    table = affetto.voice.features(x, 16000, window=3)         # one row a second, over the last three
    frames = affetto.voice.descriptors(x, 16000)               # 25 descriptors every 10 ms
    pandas.DataFrame(table)                                    # all of these fit into a DataFrame

Names, units, definitions and what differs from openSMILE: VOICE.md beside this package's README.
"""

from __future__ import annotations

import ctypes
import os
import wave
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _ffi
from ._call import UINT32, address, audio, check, integer, interleaved, new
from ._library import library
from .errors import ArgumentError, Status
from .vocabulary import VoiceMode

Mode = Literal["corrected", "compatible"]
Recording = ArrayLike | str | os.PathLike[str]
Table = dict[str, NDArray[np.float64]]

_MODES = {mode.name.lower(): int(mode) for mode in VoiceMode}


@dataclass(frozen=True)
class VoiceSummary:
    """One recording; NaN where there was nothing to measure.

    ``speech_ratio``: share of time with speech. ``voiced_ratio``: share of speech that is voiced. ``f0_mean_hz``:
    geometric mean over voiced frames. ``f0_sd_semitones``. ``intensity_db``, ``intensity_sd_db``: over speech, dB re
    full scale. ``syllables_per_s``: syllable nuclei per second (de Jong & Wempe 2009). ``alpha_ratio_db``: energy above
    over below 1 kHz, voiced frames. ``snr_db``: speech against the quietest tenth. ``clipped_ratio``: share of samples
    at or above full scale. ``pauses_per_min``, ``pause_mean_s``: silences of 0.2 s or more between stretches of speech.
    ``bandwidth_hz``: up to where the speech reaches, at most 8000.
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
    pauses_per_min: float
    pause_mean_s: float
    bandwidth_hz: float


def feature_names() -> list[str]:
    """The 88 names of eGeMAPSv02 in their usual order."""
    return _texts("feature_name", library().affetto_voice_feature_count())


def feature_units() -> dict[str, str]:
    return dict(zip(feature_names(), _texts("feature_unit", library().affetto_voice_feature_count()), strict=True))


def descriptor_names() -> list[str]:
    """The 25 names of eGeMAPSv02's low-level descriptors in their usual order."""
    return _texts("descriptor_name", library().affetto_voice_descriptor_count())


def descriptor_units() -> dict[str, str]:
    count = library().affetto_voice_descriptor_count()
    return dict(zip(descriptor_names(), _texts("descriptor_unit", count), strict=True))


def _texts(what: str, count: int) -> list[str]:
    get = getattr(library(), f"affetto_voice_{what}")
    return [get(i).decode("utf-8") for i in range(count)]


def read(path: str | os.PathLike[str]) -> tuple[NDArray[np.float32], int]:
    """Samples in -1..1, (n,) or (n, channels), and rate of a file: WAV with the standard library alone, more formats
    where the package ``soundfile`` is installed. Raises OSError, ValueError."""
    try:
        import soundfile
    except ImportError:
        return _read_wave(path)
    samples, rate = soundfile.read(path, dtype="float32")
    return samples, int(rate)


def _read_wave(path: str | os.PathLike[str]) -> tuple[NDArray[np.float32], int]:
    try:
        with wave.open(os.fspath(path), "rb") as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as failure:
        raise ValueError(f"{path}: {failure} (for other formats: pip install soundfile)") from failure
    if width == 2:
        samples = np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)
    elif width == 4:
        samples = (np.frombuffer(data, "<i4") / 2147483648.0).astype(np.float32)
    elif width == 3:
        bytes_ = np.frombuffer(data, np.uint8).reshape(-1, 3).astype(np.int32)
        whole = bytes_[:, 0] | bytes_[:, 1] << 8 | bytes_[:, 2] << 16
        samples = (np.where(whole >= 1 << 23, whole - (1 << 24), whole) / 8388608.0).astype(np.float32)
    else:
        samples = (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / 128
    return (samples if channels == 1 else samples.reshape(-1, channels)), rate


def _load(recording: Recording, rate: int | None) -> tuple[ArrayLike, int]:
    if isinstance(recording, (str, os.PathLike)):
        samples, own = read(recording)
        if rate is not None and rate != own:
            raise ArgumentError(Status.ARGUMENT, f"{recording} has a rate of {own} Hz, not {rate}")
        return samples, own
    if rate is None:
        raise ArgumentError(Status.ARGUMENT, "an array needs its rate in Hz")
    return recording, rate


def _mode(mode: Mode) -> int:
    if mode not in _MODES:
        raise ArgumentError(Status.ARGUMENT, f"mode is {mode!r}; it must be 'corrected' or 'compatible'")
    return _MODES[mode]


def features(
    recording: Recording,
    rate: int | None = None,
    *,
    mode: Mode = "corrected",
    window: float | None = None,
    hop: float = 1.0,
) -> Table:
    """The 88 functionals of eGeMAPSv02 as a table: name -> array, one entry a row; ``pandas.DataFrame(...)`` takes it.

    ``recording``: a file, or floats in -1..1, (n,) or (n, channels), with their ``rate`` in Hz, 8000..96000; 0.1 s or
    longer. File and array give the same numbers. ``window``: seconds; then one row every ``hop`` seconds, with columns
    ``start`` and ``end``. ``mode``: "compatible" computes what openSMILE does, errors included.
    Raises ArgumentError, RangeError; OSError, ValueError for files.
    """
    samples, rate = _load(recording, rate)
    if window is not None:
        return _windows(samples, rate, mode, window, hop)
    view, _keep = audio(samples, rate)
    out = (ctypes.c_float * _ffi.VOICE_FEATURE_COUNT)()
    count = ctypes.c_size_t()
    check(library().affetto_voice_features(ctypes.byref(view), _mode(mode), out, len(out), ctypes.byref(count)))
    return {name: np.array([value], np.float64) for name, value in zip(feature_names(), out, strict=True)}


def _windows(samples: ArrayLike, rate: int, mode: Mode, window: float, hop: float) -> Table:
    array, frames, channels = interleaved(samples)
    rows: list[NDArray[np.float64]] = []
    with Stream(rate, channels, mode=mode, window=window, hop=hop) as stream:
        for start in range(0, frames, rate):
            stream.push(array[start : start + rate])
            stream.advance()
            rows.append(stream.windows())
        stream.finish()
        rows.append(stream.windows())
    table = np.concatenate(rows) if rows else np.empty((0, 2 + _ffi.VOICE_FEATURE_COUNT))
    return {name: table[:, i] for i, name in enumerate(["start", "end", *feature_names()])}


def descriptors(recording: Recording, rate: int | None = None, *, mode: Mode = "corrected") -> Table:
    """The 25 low-level descriptors every 10 ms as a table, after ``time`` (s), ``f0_hz`` (0 = unvoiced),
    ``periodicity``, ``intensity_db``, ``is_speech`` and ``is_nucleus``. Parameters and errors as in ``features``."""
    samples, rate = _load(recording, rate)
    view, _keep = audio(samples, rate)
    count = ctypes.c_size_t()
    check(library().affetto_voice_frames(ctypes.byref(view), _mode(mode), None, 0, ctypes.byref(count)))
    frames = (_ffi.affetto_voice_frame * max(count.value, 1))()
    check(library().affetto_voice_frames(ctypes.byref(view), _mode(mode), frames, len(frames), ctypes.byref(count)))
    return _frame_table(frames, count.value)


def _frame_table(frames: ctypes.Array[_ffi.affetto_voice_frame], count: int) -> Table:
    raw = np.ctypeslib.as_array(frames)[:count]
    table: Table = {"time": raw["time_s"].astype(np.float64)}
    for name in ("f0_hz", "periodicity", "intensity_db", "is_speech", "is_nucleus"):
        table[name] = raw[name].astype(np.float64)
    for i, name in enumerate(descriptor_names()):
        table[name] = raw["descriptor"][:, i].astype(np.float64)
    return table


def analyze(recording: Recording, rate: int | None = None) -> VoiceSummary:
    """Pitch, level, rate, pauses and recording quality of 0.1 s or more. Parameters and errors as in ``features``."""
    samples, rate = _load(recording, rate)
    view, _keep = audio(samples, rate)
    raw = new(_ffi.affetto_voice_summary)
    check(library().affetto_voice_analyze(ctypes.byref(view), ctypes.byref(raw)))
    return _summary(raw)


def _summary(raw: _ffi.affetto_voice_summary) -> VoiceSummary:
    return VoiceSummary(**{field.name: getattr(raw, field.name) for field in fields(VoiceSummary)})


class Stream:
    """Voice features as the audio comes: ``push`` (one thread, never waits) -> ``advance`` -> ``frames``, ``windows``.

    ``rate`` 8000..96000 Hz; ``channels`` 1..8, interleaved. ``provisional``: each frame also comes at once, before its
    pitch is decided. ``window``, ``hop``: seconds, for ``windows``. Numbers equal those of ``features`` and
    ``descriptors`` to the bit, however the samples are cut. Use it in a ``with`` statement, or ``close`` it.
    """

    def __init__(
        self,
        rate: int,
        channels: int = 1,
        *,
        mode: Mode = "corrected",
        provisional: bool = False,
        window: float | None = None,
        hop: float = 1.0,
    ) -> None:
        options = new(_ffi.affetto_voice_options)
        options.rate_hz = integer(rate, "rate", *UINT32)
        options.channels = integer(channels, "channels", *UINT32)
        options.mode = _mode(mode)
        options.provisional = int(provisional)
        options.window_s = 0 if window is None else window
        options.hop_s = hop
        handle = ctypes.c_void_p()
        check(library().affetto_voice_create(ctypes.byref(options), ctypes.byref(handle)))
        self._channels = channels
        self._handle = handle
        self._frames = (_ffi.affetto_voice_frame * 512)()
        self._windows = (_ffi.affetto_voice_window * 64)()
        self._close = weakref.finalize(self, library().affetto_voice_destroy, handle)

    def push(self, samples: ArrayLike) -> None:
        """Floats in -1..1, (n,) or (n, channels). Raises OverrunError when 4 s wait for ``advance``, RangeError."""
        array, frames, channels = interleaved(samples)
        if channels != self._channels:
            raise ArgumentError(Status.ARGUMENT, f"the stream has {self._channels} channels, these samples {channels}")
        check(library().affetto_voice_push(self._handle, address(array), frames))

    def advance(self) -> None:
        """Analyses what was pushed. Raises StateError once finished."""
        check(library().affetto_voice_advance(self._handle))

    def finish(self) -> None:
        """The signal has ended: the last frames come out."""
        check(library().affetto_voice_finish(self._handle))

    def frames(self) -> Table:
        """The frames since the last call (the latest 2048 of them), as ``descriptors`` gives them, and ``is_final``."""
        tables = [table for table in self._poll_frames()]
        return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}

    def _poll_frames(self) -> Iterator[Table]:
        count = ctypes.c_size_t()
        while True:
            check(library().affetto_voice_poll(self._handle, self._frames, len(self._frames), ctypes.byref(count)))
            table = _frame_table(self._frames, count.value)
            table["is_final"] = np.ctypeslib.as_array(self._frames)[: count.value]["is_final"].astype(np.float64)
            yield table
            if count.value < len(self._frames):
                return

    def windows(self) -> NDArray[np.float64]:
        """The windows completed since the last call (the latest 64): rows of start, end and the 88 functionals."""
        count = ctypes.c_size_t()
        check(
            library().affetto_voice_poll_windows(
                self._handle, self._windows, len(self._windows), ctypes.byref(count)
            )
        )
        raw = np.ctypeslib.as_array(self._windows)[: count.value]
        return np.column_stack([raw["start_s"], raw["end_s"], raw["feature"]]).astype(np.float64)

    def features(self) -> Table:
        """The functionals of all that was advanced so far."""
        out = (ctypes.c_float * _ffi.VOICE_FEATURE_COUNT)()
        count = ctypes.c_size_t()
        check(library().affetto_voice_functionals(self._handle, out, len(out), ctypes.byref(count)))
        return {name: np.array([value], np.float64) for name, value in zip(feature_names(), out, strict=True)}

    def summary(self) -> VoiceSummary:
        raw = new(_ffi.affetto_voice_summary)
        check(library().affetto_voice_summarize(self._handle, ctypes.byref(raw)))
        return _summary(raw)

    @property
    def dropped(self) -> int:
        """Audio frames lost because ``advance`` came too late."""
        count = ctypes.c_uint64()
        check(library().affetto_voice_dropped(self._handle, ctypes.byref(count)))
        return count.value

    def close(self) -> None:
        """Zeroes all that was heard and frees the stream; twice is fine. What is called after it raises ClosedError."""
        self._close()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
