"""Exceptions: one class for each family of ``affetto_status``, each also a kin of Python's own."""

from __future__ import annotations

from typing import Any

from .vocabulary import Code


class Status(Code):
    """What a call of the library came to. Numbers are those of affetto.h."""

    OK = 0
    ARGUMENT = -1
    RANGE = -2
    ENCODING = -3
    BUFFER_TOO_SMALL = -4
    STATE = -20
    NOT_FOUND = -21
    BUSY = -22
    CANCELLED = -23
    OVERRUN = -24
    CLOSED = -25
    POLICY = -40
    CONSENT = -41
    STORE = -60
    STORE_CORRUPT = -61
    STORE_FULL = -62
    KEY = -63
    MODEL = -80
    MODEL_VERSION = -81
    MEMORY = -100
    INTERNAL = -101


class AffettoError(Exception):
    """Any refusal or failure of the library.

    ``code`` is the :class:`Status`; ``message`` is one line that holds no personal data.
    """

    code: Status
    message: str

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = Status(code)
        self.message = message

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (int(self.code), self.message)


class LibraryError(AffettoError, ImportError):
    """No library was found, or one of another ABI."""


class ArgumentError(AffettoError, ValueError):
    """A value is missing or malformed."""


class RangeError(ArgumentError):
    """A number is NaN, infinite or outside its documented range."""


class EncodingError(ArgumentError):
    """Text that is not UTF-8."""


class StateError(AffettoError, RuntimeError):
    """Not now: the call does not fit what came before."""


class BusyError(StateError):
    """Another process or thread holds it."""


class CancelledError(AffettoError):
    """A callback asked for it."""


class OverrunError(StateError):
    """The audio ring was full; :attr:`affetto.Session.dropped` counts what was lost."""


class ClosedError(StateError):
    """The engine or the session was closed."""


class NotFoundError(AffettoError, LookupError):
    """No such learner, track, session, decision or file."""


class PolicyError(AffettoError, PermissionError):
    """The preset forbids it, whatever anyone consents to; the message cites the rule."""


class ConsentError(AffettoError, PermissionError):
    """No consent on file, expired, revoked, or for another purpose."""


class StoreError(AffettoError, OSError):
    """The store could not be read or written, is damaged, or the disk is full."""


class StoreKeyError(StoreError):
    """No key, or the wrong one."""


class ModelError(AffettoError, ValueError):
    """A model pack is damaged, of another format, or does not fit its task."""


class OutOfMemoryError(AffettoError, MemoryError):
    """The library could not get memory."""


_CLASSES: dict[Status, type[AffettoError]] = {
    Status.ARGUMENT: ArgumentError,
    Status.RANGE: RangeError,
    Status.ENCODING: EncodingError,
    Status.BUFFER_TOO_SMALL: ArgumentError,
    Status.STATE: StateError,
    Status.NOT_FOUND: NotFoundError,
    Status.BUSY: BusyError,
    Status.CANCELLED: CancelledError,
    Status.OVERRUN: OverrunError,
    Status.CLOSED: ClosedError,
    Status.POLICY: PolicyError,
    Status.CONSENT: ConsentError,
    Status.STORE: StoreError,
    Status.STORE_CORRUPT: StoreError,
    Status.STORE_FULL: StoreError,
    Status.KEY: StoreKeyError,
    Status.MODEL: ModelError,
    Status.MODEL_VERSION: ModelError,
    Status.MEMORY: OutOfMemoryError,
}


def error(code: int, message: str) -> AffettoError:
    """The exception that stands for ``code``."""
    return _CLASSES.get(Status(code), AffettoError)(code, message or Status(code).name)
