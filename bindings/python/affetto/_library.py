"""Finds and loads libaffetto, once a process.

Looked for in the file that the environment variable AFFETTO_LIBRARY names, else beside this file in ``_lib/``. The
system's folders are not searched: a library of another version might lie there.
"""

from __future__ import annotations

import ctypes
import functools
import os
from pathlib import Path

from ._ffi import ABI_VERSION, declare
from .errors import LibraryError, Status

VARIABLE = "AFFETTO_LIBRARY"
_BUNDLED = Path(__file__).resolve().parent / "_lib" / "libaffetto.so.0"


def find() -> Path:
    """The path of the library to load. Raises :class:`LibraryError` that lists what was tried."""
    named = os.environ.get(VARIABLE)
    if named:
        path = Path(named)
        if path.is_dir():
            path = path / "libaffetto.so.0"
        if path.is_file():
            return path
        raise LibraryError(Status.NOT_FOUND, f"libaffetto not found. Tried: {path} (from {VARIABLE})")
    if _BUNDLED.is_file():
        return _BUNDLED
    raise LibraryError(
        Status.NOT_FOUND,
        f"libaffetto not found. Tried: {VARIABLE} (not set); {_BUNDLED}. "
        f"Install the wheel, or set {VARIABLE} to libaffetto.so.0",
    )


def open_library(path: Path) -> ctypes.CDLL:
    """Loads ``path``, declares its functions and checks its ABI. Raises :class:`LibraryError`."""
    try:
        library = ctypes.CDLL(str(path))
    except OSError as failure:
        raise LibraryError(Status.NOT_FOUND, f"{path} cannot be loaded: {failure}") from failure
    try:
        library.affetto_abi_version.restype = ctypes.c_uint32
        abi = library.affetto_abi_version()
        if abi != ABI_VERSION:
            raise LibraryError(Status.STATE, f"{path} has ABI {abi}; this package needs ABI {ABI_VERSION}")
        declare(library)
    except AttributeError as failure:
        raise LibraryError(Status.STATE, f"{path} is not this package's libaffetto: {failure}") from failure
    return library


@functools.cache
def library() -> ctypes.CDLL:
    """The process's one copy of the library."""
    return open_library(find())
