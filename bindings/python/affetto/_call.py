"""What every call needs: status to exception, Python text to C, C buffers to Python, arrays to pointers."""

from __future__ import annotations

import ctypes
import json
import math
import operator
import time
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._ffi import affetto_audio
from ._library import library
from .errors import ArgumentError, EncodingError, RangeError, Status, error

_Struct = TypeVar("_Struct", bound=ctypes.Structure)

# Most texts fit at once, so that one call does; a longer one is asked for again with the size it needs.
_FIRST_CAPACITY = 8192

# Ranges of the C integer types.
INT32 = (-(2**31), 2**31 - 1)
INT64 = (-(2**63), 2**63 - 1)
UINT32 = (0, 2**32 - 1)
UINT64 = (0, 2**64 - 1)


def now() -> int:
    """Microseconds on this machine's monotonic clock: the default of every ``now`` parameter."""
    return time.monotonic_ns() // 1000


def clock(moment: int | None) -> int:
    """``moment``, or the present; refuses what does not fit the C type, which ctypes would cut silently."""
    if moment is None:
        return now()
    return integer(moment, "now", *INT64)


def integer(value: int, what: str, low: int = INT32[0], high: int = INT32[1]) -> int:
    """``value`` as a plain integer of the C type's range (int32_t unless given)."""
    plain = operator.index(value)
    if not low <= plain <= high:
        raise RangeError(Status.RANGE, f"{what} is {plain}; it must be in {low}..{high}")
    return plain


def check(status: int) -> None:
    """Raises the exception that stands for ``status``, with the library's own message."""
    if status != Status.OK:
        message = library().affetto_last_error_message() or b""
        raise error(status, message.decode("utf-8", "replace"))


def new(struct: type[_Struct]) -> _Struct:
    """A struct with the library's defaults and its size set."""
    value = struct()
    getattr(library(), f"{struct.__name__}_init")(ctypes.byref(value), ctypes.sizeof(struct))
    return value


def encode(text: str, what: str) -> bytes:
    """UTF-8 for a NUL-terminated parameter. Raises ArgumentError (NUL inside), EncodingError (lone surrogates)."""
    if not isinstance(text, str):
        raise TypeError(f"{what} must be str, not {type(text).__name__}")
    if "\0" in text:
        raise ArgumentError(Status.ARGUMENT, f"{what} contains a NUL character")
    return utf8(text, what)


def utf8(text: str, what: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as failure:
        raise EncodingError(Status.ENCODING, f"{what} cannot be written as UTF-8: {failure.reason}") from failure


def number(value: float | None) -> float:
    """None is NaN: the header's "not given"."""
    return math.nan if value is None else float(value)


def read_text(call: Callable[[Any, int, Any], int]) -> str:
    """Runs ``call(buffer, capacity, &length)`` and returns the text; calls again if the first buffer is too small."""
    capacity = _FIRST_CAPACITY
    while True:
        buffer = ctypes.create_string_buffer(capacity)
        length = ctypes.c_size_t(0)
        status = call(buffer, capacity, ctypes.byref(length))
        if status == Status.BUFFER_TOO_SMALL and length.value >= capacity:
            capacity = length.value + 1
            continue
        check(status)
        return ctypes.string_at(buffer, length.value).decode("utf-8")


def read_json(call: Callable[[Any, int, Any], int]) -> Any:
    return json.loads(read_text(call))


def interleaved(samples: ArrayLike) -> tuple[NDArray[np.float32], int, int]:
    """``samples`` as C-contiguous float32 with its frames and channels.

    Takes (n,) or (n, channels). An array that is already C-contiguous float32 is returned itself; any other floating
    type or layout is converted once. Integers are refused: their full scale is not known here.
    """
    array = np.asarray(samples)
    if not np.issubdtype(array.dtype, np.floating):
        raise TypeError(f"samples must be floats in -1..1, not {array.dtype}; divide int16 by 32768")
    if array.ndim not in (1, 2):
        raise ArgumentError(
            Status.ARGUMENT, f"samples have {array.ndim} dimensions; they must be (n,) or (n, channels)"
        )
    array = np.ascontiguousarray(array, dtype=np.float32)
    return array, array.shape[0], 1 if array.ndim == 1 else array.shape[1]


def address(array: NDArray[np.float32]) -> int:
    """Where the array's data lies; several times faster than ``array.ctypes.data``."""
    return int(array.__array_interface__["data"][0])


def audio(samples: ArrayLike, rate: int) -> tuple[affetto_audio, NDArray[np.float32]]:
    """The C view of ``samples``, and the array that must outlive it."""
    array, frames, channels = interleaved(samples)
    view = new(affetto_audio)
    view.rate_hz = integer(rate, "rate", *UINT32)
    view.channels = channels
    view.samples = address(array)
    view.frames = frames
    return view, array
