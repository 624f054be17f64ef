"""Finding and loading the library."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import affetto
from affetto import _library
from affetto.errors import LibraryError


def test_the_named_file_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    library = tmp_path / "libaffetto.so.0"
    library.touch()
    monkeypatch.setenv("AFFETTO_LIBRARY", str(library))
    assert _library.find() == library
    monkeypatch.setenv("AFFETTO_LIBRARY", str(tmp_path))
    assert _library.find() == library


def test_a_missing_named_file_is_not_replaced_by_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AFFETTO_LIBRARY", str(tmp_path / "none.so"))
    with pytest.raises(LibraryError, match="none.so"):
        _library.find()


def test_the_bundled_file_comes_next(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AFFETTO_LIBRARY", raising=False)
    monkeypatch.setattr(_library, "_BUNDLED", tmp_path / "libaffetto.so.0")
    with pytest.raises(LibraryError, match="AFFETTO_LIBRARY.*libaffetto.so.0"):
        _library.find()
    (tmp_path / "libaffetto.so.0").touch()
    assert _library.find() == tmp_path / "libaffetto.so.0"


def test_a_file_that_is_no_library(tmp_path: Path) -> None:
    junk = tmp_path / "libaffetto.so.0"
    junk.write_text("not a library")
    with pytest.raises(LibraryError, match="cannot be loaded"):
        _library.open_library(junk)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc to build a library of another ABI")
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("unsigned affetto_abi_version(void) { return 7; }", "has ABI 7"),
        ("unsigned affetto_abi_version(void) { return 0; }", "affetto_version"),
        ("int other(void) { return 0; }", "affetto_abi_version"),
    ],
)
def test_another_abi(tmp_path: Path, source: str, message: str) -> None:
    (tmp_path / "other.c").write_text(source)
    other = tmp_path / "libother.so"
    subprocess.run(["gcc", "-shared", "-fPIC", str(tmp_path / "other.c"), "-o", str(other)], check=True)
    with pytest.raises(LibraryError, match=message):
        _library.open_library(other)


def test_version() -> None:
    assert affetto.library_version() == affetto.__version__
