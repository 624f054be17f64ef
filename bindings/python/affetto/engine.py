"""The engine: models, music library, sealed store, policy. One a process, shared by its sessions and threads."""

from __future__ import annotations

import ctypes
import json
import os
import weakref
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from . import _ffi
from ._call import INT64, UINT32, UINT64, check, clock, encode, integer, new, read_json, read_text
from ._library import library
from .crisis import CrisisPlan
from .errors import ArgumentError, ClosedError, Status
from .library import Library
from .learner import Consent
from .session import Session
from .upkeep import Upkeep
from .vocabulary import Modality, Playback, Purpose, Role, Task

LogFunction = Callable[[int, str], None]
KeyFunction = Callable[[], bytes]


class Engine(Upkeep):
    """Opens the store and loads the embedded models.

    ``store``       file of the store, made if absent; None: everything stays in memory and ends with the engine
    ``preset``      "strict", "eu_school", "eu_home", "eu_medical", "us_under13", "us_teen", "us_il_bipa", "uk_school",
                    "cn_under14", "cn_minor", "research_irb"; ``policy(name)`` says what each allows
    ``key``         the store's 32-byte key, or a function that returns it; or
    ``key_path``    a file of 32 random bytes, made if absent; or
    ``passphrase``  stretched with Argon2id. A store on disk needs one of the three.
    ``log``         receives (level, line); level 0 = error, 1 = warning, 2 = information; must not call the engine
    ``read_only``   an existing store, for reports: nothing is written, the audit log neither
    ``seed``        of every random choice: the same seed and inputs give the same decisions
    ``crisis``      whom to turn to when a learner's words are grave; the presets for schools and minors ask for it

    Raises ArgumentError, PolicyError, StoreError, StoreKeyError, ModelError, LibraryError. May be shared by threads. Use it in a
    ``with`` statement or close it; closing twice is harmless, and ends the sessions that are still open.
    """

    def __init__(
        self,
        store: str | os.PathLike[str] | None = None,
        *,
        preset: str = "strict",
        key: bytes | KeyFunction | None = None,
        key_path: str | os.PathLike[str] | None = None,
        passphrase: str | None = None,
        log: LogFunction | None = None,
        read_only: bool = False,
        seed: int = 1,
        crisis: CrisisPlan | None = None,
    ) -> None:
        lib = library()
        # What handlers of a crisis have raised, for the call that caused it to raise again.
        self._raised: list[BaseException] = []
        options = new(_ffi.affetto_engine_options)
        options.policy_preset = encode(preset, "preset")
        options.seed = integer(seed, "seed", *UINT64)
        options.read_only = int(read_only)
        if store is not None:
            options.store_path = encode(os.fspath(store), "store")
        if key_path is not None:
            options.key_path = encode(os.fspath(key_path), "key_path")
        if passphrase is not None:
            options.passphrase = encode(passphrase, "passphrase")
        raised: list[BaseException] = []
        if key is not None:
            options.key = _key_callback(key, raised)
        if crisis is not None:
            crisis._fill(options, self._raised)
        if log is not None:
            options.log = _log_callback(log)
        handle = ctypes.c_void_p()
        status = lib.affetto_engine_create(ctypes.byref(options), ctypes.byref(handle))
        if raised:
            lib.affetto_engine_destroy(handle)
            raise raised[0]
        check(status)
        self._handle = handle.value
        # The options keep the callbacks alive until the engine is gone.
        self._finalizer = weakref.finalize(self, _destroy, lib, handle.value, options)
        self.library = Library(self)

    @property
    def closed(self) -> bool:
        """True after :meth:`close`."""
        return not self._finalizer.alive

    def close(self) -> None:
        """Ends the engine and the sessions still open, and writes what they hold."""
        self._finalizer()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _pointer(self) -> int | None:
        if self.closed:
            raise ClosedError(Status.CLOSED, "the engine is closed")
        return self._handle

    def maintain(self, now: int | None = None) -> None:
        """Writes what sessions have gathered; at first, and then once an hour, deletes what was kept long enough.

        Call it every few minutes. ``now``: microseconds, monotonic.
        """
        check(library().affetto_engine_maintain(self._pointer(), clock(now)))
        self._raise_again()

    def _raise_again(self) -> None:
        if self._raised:
            raise self._raised.pop(0)

    def load_model(self, path: str | os.PathLike[str]) -> None:
        """Replaces the embedded model of the pack's task, or adds a conversation model, for later sessions.

        A conversation model must be causal, name emotions of :class:`Emotion`, and read what
        :meth:`Session.end_turn` gives. Raises NotFoundError, ModelError.
        """
        check(library().affetto_engine_load_model(self._pointer(), encode(os.fspath(path), "path")))

    # Learner: assessment, consent, rights

    def create_learner(self, learner: str, assessment: Mapping[str, Any] | None = None) -> None:
        """Creates a learner, or gives an existing one a new assessment.

        ``learner``: your id, 1..128 bytes; never stored in the clear. ``assessment``: any of ``age_band`` ("under_13",
        "13_15", "16_17", "adult"), ``languages``, ``typical_valence`` and ``typical_arousal`` (-1..1), ``goals``,
        ``liked_styles``, ``disliked_styles``, ``never_play``, ``lyrics_welcome``, ``feels_worse_after_sad_music``,
        ``face_not_readable``, ``voice_not_readable``.
        """
        text = None if assessment is None else _json(assessment)
        check(library().affetto_learner_create(self._pointer(), encode(learner, "learner"), text))

    def grant(
        self,
        learner: str,
        modality: Modality | Consent,
        purpose: Purpose = Purpose.INTERVENTION,
        *,
        grantor: Role = Role.LEARNER,
        granted: int = 0,
        expires: int = 0,
        method: str | None = None,
        evidence_sha256: str | None = None,
    ) -> None:
        """Puts a consent on file: a whole :class:`Consent`, or its parts.

        ``granted``: seconds since 1970, 0 = now. ``expires``: seconds since 1970, 0 = 365 days later. ``method``: how
        it was given ("paper form"). ``evidence_sha256``: fingerprint of the signed form. Raises NotFoundError,
        ArgumentError, RangeError.
        """
        if isinstance(modality, Consent):
            given = modality
            return self.grant(
                learner,
                given.modality,
                given.purpose,
                grantor=given.grantor,
                granted=given.granted,
                expires=given.expires,
                method=given.method,
                evidence_sha256=given.evidence_sha256,
            )
        consent = new(_ffi.affetto_consent)
        consent.modality = integer(modality, "modality")
        consent.purpose = integer(purpose, "purpose")
        consent.grantor = integer(grantor, "grantor")
        consent.granted_unix_s = integer(granted, "granted", *INT64)
        consent.expires_unix_s = integer(expires, "expires", *INT64)
        if method is not None:
            consent.method = encode(method, "method")
        if evidence_sha256 is not None:
            consent.evidence_sha256 = encode(evidence_sha256, "evidence_sha256")
        check(library().affetto_learner_grant(self._pointer(), encode(learner, "learner"), ctypes.byref(consent)))

    def revoke(self, learner: str, modality: Modality, purpose: Purpose = Purpose.INTERVENTION) -> None:
        """Revokes: the next push is refused, and what is buffered of the modality is zeroed before this returns."""
        check(
            library().affetto_learner_revoke(
                self._pointer(),
                encode(learner, "learner"),
                integer(modality, "modality"),
                integer(purpose, "purpose"),
            )
        )

    def consents(self, learner: str) -> list[Consent]:
        """All consents ever given, oldest first, the expired and the revoked among them."""
        pointer, name = self._pointer(), encode(learner, "learner")
        rows = read_json(lambda *out: library().affetto_learner_consents(pointer, name, *out))
        return [Consent._read(row) for row in rows]

    def export_to(self, learner: str, folder: str | os.PathLike[str]) -> None:
        """As ``export``, into a new folder for its owner alone: export.json, and a CSV table of each kind of thing."""
        check(
            library().affetto_learner_export_to(
                self._pointer(), encode(learner, "learner"), encode(os.fspath(folder), "folder")
            )
        )

    def export(self, learner: str) -> dict[str, Any]:
        """All that is held: assessment, consents, sessions, decisions with reasons, what was learned.

        ``affetto.frames(engine.export("ana"))`` gives it as pandas tables.
        """
        pointer, name = self._pointer(), encode(learner, "learner")
        record: dict[str, Any] = read_json(lambda *out: library().affetto_learner_export(pointer, name, *out))
        return record

    def adaptation(self, learner: str) -> dict[str, Any]:
        """What the learner's reports have taught about how far each modality errs on them, and whether that helps.

        ``points``: counts of reports that :meth:`restore_adaptation` can go back to. ``modalities``: by name
        ``base_error`` and ``personal_error`` (root mean square, without and with correction), ``alarms`` (how often
        the correction did harm and began anew), biases and spreads.
        """
        pointer, name = self._pointer(), encode(learner, "learner")
        found: dict[str, Any] = read_json(lambda *out: library().affetto_learner_adaptation(pointer, name, *out))
        return found

    def restore_adaptation(self, learner: str, reports: int = 0) -> None:
        """Goes back to what had been learned of it after ``reports`` reports; 0: as the models have it. NotFoundError."""
        check(
            library().affetto_learner_restore(
                self._pointer(), encode(learner, "learner"), integer(reports, "reports", *INT64)
            )
        )

    def erase(self, learner: str) -> None:
        """Destroys the learner's key and deletes the rows; live sessions of the learner are ended."""
        check(library().affetto_learner_erase(self._pointer(), encode(learner, "learner")))

    def forget(self, learner: str, start: float, end: float, *, dry_run: bool = False) -> dict[str, int]:
        """Deletes what is kept of a stretch of the learner's time (seconds since 1970), or only counts it.

        "Forget the last hour": ``forget("ana", time.time() - 3600, time.time() + 1)``. Returns whole ``sessions`` and
        ``items``. What was learned from it stays, and so do earlier backups: only ``erase`` reaches those.
        """
        pointer, name = self._pointer(), encode(learner, "learner")
        first, last = integer(int(start), "start", *INT64), integer(int(end), "end", *INT64)
        found: dict[str, int] = read_json(
            lambda *out: library().affetto_learner_forget(pointer, name, first, last, int(dry_run), *out)
        )
        return found

    def import_learner(self, record: Mapping[str, Any] | str) -> None:
        """Takes a learner in as ``export`` gave them out; where it fails nothing stays. Raises ArgumentError, StateError."""
        text = record if isinstance(record, str) else json.dumps(record)
        data = encode(text, "record")
        check(library().affetto_learner_import(self._pointer(), data, len(data)))

    # Sessions

    def session(
        self,
        learner: str,
        *,
        task: Task = Task.VERBAL,
        purpose: Purpose = Purpose.INTERVENTION,
        playback: Playback = Playback.OWN,
        audio_rate: int = 16000,
        audio_channels: int = 1,
        started: int = 0,
    ) -> Session:
        """Begins a sitting of a learner who exists.

        ``audio_rate``: Hz, 8000..96000, of what ``push_audio`` will get; ``audio_channels``: 1..8. ``started``: wall
        clock for the record, seconds since 1970, 0 = now. Raises NotFoundError, RangeError.
        """
        options = new(_ffi.affetto_session_options)
        options.task = integer(task, "task")
        options.purpose = integer(purpose, "purpose")
        options.playback = integer(playback, "playback")
        options.audio_rate_hz = integer(audio_rate, "audio_rate", *UINT32)
        options.audio_channels = integer(audio_channels, "audio_channels", *UINT32)
        options.started_unix_s = integer(started, "started", *INT64)
        return Session(self, encode(learner, "learner"), options)

    # Read back: learner and guardian read what is theirs; anybody else needs the preset's leave and a consent for the
    # purpose (PolicyError)

    def sessions(
        self, learner: str, *, purpose: Purpose = Purpose.INTERVENTION, role: Role = Role.LEARNER
    ) -> list[dict[str, Any]]:
        """The learner's sessions: id, start, task, number of decisions. ``purpose``, ``role``: who reads, what for."""
        pointer, who, name = self._pointer(), _access(purpose, role), encode(learner, "learner")
        rows: list[dict[str, Any]] = read_json(
            lambda *out: library().affetto_learner_sessions(pointer, who, name, *out)
        )
        return rows

    def read_session(
        self, learner: str, session: str, *, purpose: Purpose = Purpose.INTERVENTION, role: Role = Role.LEARNER
    ) -> dict[str, Any]:
        """One session as it is kept: events, states, decisions with reasons, outcomes, prompts."""
        pointer, who = self._pointer(), _access(purpose, role)
        name, key = encode(learner, "learner"), encode(session, "session")
        record: dict[str, Any] = read_json(lambda *out: library().affetto_session_read(pointer, who, name, key, *out))
        return record

    def report_html(
        self, learner: str, session: str, *, purpose: Purpose = Purpose.INTERVENTION, role: Role = Role.LEARNER
    ) -> str:
        """One session as a self-contained HTML page with charts."""
        pointer, who = self._pointer(), _access(purpose, role)
        name, key = encode(learner, "learner"), encode(session, "session")
        return read_text(lambda *out: library().affetto_report_html(pointer, who, name, key, *out))


def _access(purpose: Purpose, role: Role) -> Any:
    access = new(_ffi.affetto_access)
    access.purpose = integer(purpose, "purpose")
    access.role = integer(role, "role")
    return ctypes.byref(access)


def _destroy(lib: ctypes.CDLL, handle: int | None, _keep: object) -> None:
    lib.affetto_engine_destroy(handle)


def _json(value: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(dict(value), allow_nan=False).encode("ascii")
    except ValueError as failure:
        raise ArgumentError(Status.ARGUMENT, f"the assessment cannot be written as JSON: {failure}") from failure


def _key_callback(key: bytes | KeyFunction, raised: list[BaseException]) -> Any:
    """A C function that gives the key; what the Python function raises is kept for the caller."""

    def give(_context: object, out: Any) -> int:
        try:
            value = key() if callable(key) else key
            if len(value) != 32:
                raise ArgumentError(Status.ARGUMENT, f"the key has {len(value)} bytes; it must have 32")
            ctypes.memmove(out, bytes(value), 32)
        except BaseException as failure:
            raised.append(failure)
            return 1
        return 0

    return _ffi.KEY_FN(give)


def _log_callback(log: LogFunction) -> Any:
    def write(_context: object, level: int, line: bytes | None) -> None:
        log(level, (line or b"").decode("utf-8", "replace"))

    return _ffi.LOG_FN(write)
