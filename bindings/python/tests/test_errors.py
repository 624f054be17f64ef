"""Codes to exceptions, and back through pickle."""

from __future__ import annotations

import pickle

import pytest

from affetto import errors
from affetto.errors import AffettoError, Status

KIN = {
    Status.ARGUMENT: ValueError,
    Status.RANGE: ValueError,
    Status.ENCODING: ValueError,
    Status.STATE: RuntimeError,
    Status.NOT_FOUND: LookupError,
    Status.BUSY: RuntimeError,
    Status.OVERRUN: RuntimeError,
    Status.CLOSED: errors.StateError,
    Status.POLICY: PermissionError,
    Status.CONSENT: PermissionError,
    Status.STORE: OSError,
    Status.STORE_CORRUPT: errors.StoreError,
    Status.STORE_FULL: errors.StoreError,
    Status.KEY: errors.StoreError,
    Status.MODEL: ValueError,
    Status.MODEL_VERSION: errors.ModelError,
    Status.MEMORY: MemoryError,
}


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.OK])
def test_each_status(status: Status) -> None:
    failure = errors.error(status, "why")
    assert isinstance(failure, AffettoError)
    assert isinstance(failure, KIN.get(status, AffettoError))
    assert (failure.code, failure.message, str(failure)) == (status, "why", "why")
    again = pickle.loads(pickle.dumps(failure))
    assert type(again) is type(failure)
    assert (again.code, again.message) == (status, "why")


def test_a_status_of_a_newer_library() -> None:
    failure = errors.error(-77, "")
    assert type(failure) is AffettoError
    assert failure.code == -77
    assert str(failure) == "CODE_-77"


def test_policy_is_not_consent() -> None:
    assert not issubclass(errors.PolicyError, errors.ConsentError)
    assert not issubclass(errors.ConsentError, errors.PolicyError)
