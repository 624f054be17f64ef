"""Grave words: who is told, and how the detector can be tried. It notices words and hands over; a person decides."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from . import _ffi
from ._call import INT32, check as _check, integer, utf8
from ._library import library
from .vocabulary import CrisisTier


@dataclass(frozen=True)
class Crisis:
    """Grave words of a learner, without the words.

    ``source``: 0 the engine, 1 the host's classifier, 2 both. ``time`` and ``deadline``: microseconds on the host's
    clock. ``learner`` and ``session``: ids.
    """

    tier: CrisisTier
    source: int
    is_acknowledged: bool
    is_escalated: bool
    time: int
    deadline: int
    learner: str = ""
    session: str = ""


@dataclass(frozen=True)
class CrisisPlan:
    """Whom the engine turns to when a learner's words are grave. The presets for schools and minors ask for one.

    ``handler``      called with a :class:`Crisis` inside ``push_text``, on its thread
    ``resources``    by language: {"en": {"contacts": [{"name": "School counsellor", "reach": "room 12"}]}}; a "text"
                     besides takes the place of the library's own fixed words
    ``second``       called where nobody acknowledges within ``deadline`` seconds
    ``classifier``   the host's own reading of a message; the graver of the two counts. It must not call the engine.

    What they raise is raised again by the call that caused it, once its work is done; a classifier that raises counts as
    one that found nothing.
    """

    handler: Callable[[Crisis], None]
    resources: Mapping[str, Any]
    second: Callable[[Crisis], None] | None = None
    classifier: Callable[[str], CrisisTier] | None = None
    deadline: int = 120

    def _fill(self, options: _ffi.affetto_engine_options, raised: list[BaseException]) -> None:
        options.crisis = _handler(self.handler, raised)
        if self.second is not None:
            options.crisis_second = _handler(self.second, raised)
        if self.classifier is not None:
            options.crisis_classifier = _classifier(self.classifier, raised)
        options.crisis_resources = json.dumps(self.resources, ensure_ascii=False).encode("utf-8")
        options.crisis_deadline_s = integer(self.deadline, "deadline", *INT32)


def read(raw: _ffi.affetto_crisis, learner: str = "", session: str = "") -> Crisis:
    return Crisis(
        tier=CrisisTier(raw.tier),
        source=raw.source,
        is_acknowledged=bool(raw.is_acknowledged),
        is_escalated=bool(raw.is_escalated),
        time=raw.time,
        deadline=raw.deadline,
        learner=learner,
        session=session,
    )


def _handler(call: Callable[[Crisis], None], raised: list[BaseException]) -> Any:
    def told(_context: object, learner: bytes, session: bytes, raw: Any) -> None:
        try:
            call(read(raw.contents, learner.decode("utf-8"), session.decode("ascii")))
        except BaseException as failure:
            raised.append(failure)

    return _ffi.CRISIS_FN(told)


def _classifier(call: Callable[[str], CrisisTier], raised: list[BaseException]) -> Any:
    def classify(_context: object, text: Any, length: int) -> int:
        try:
            return int(CrisisTier(call(ctypes.string_at(text, length).decode("utf-8"))))
        except BaseException as failure:
            raised.append(failure)
            return 0

    return _ffi.CLASSIFIER_FN(classify)


def check(message: str) -> CrisisTier:
    """How grave the message's words are, to try the detector: nobody is called, nothing is kept."""
    data = utf8(message, "message")
    tier = ctypes.c_int32()
    _check(library().affetto_crisis_check(data, len(data), ctypes.byref(tier)))
    return CrisisTier(tier.value)
