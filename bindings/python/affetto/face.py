"""A face's signals from what trackers give: blendshapes, action units, points; never from a picture.

    table = affetto.face.signals("capture.json")       # MediaPipe, Live Link, OpenFace, py-feat: one row a frame
    pandas.DataFrame(table)                             # fits into a DataFrame
    for time, frame in affetto.face.read("capture.csv"):
        session.push_face(frame, now=start + time)      # the same into a session, under its consent

Without a session no policy is asked: the caller answers for it. What a face shows is not what a person feels. Names,
units, formats and what each tool cannot show: FACE.md beside this package's README.
"""

from __future__ import annotations

import ctypes
import os
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _ffi
from ._call import address, check, clock, encode, integer, new
from ._library import library
from .errors import ArgumentError, NotFoundError, Status
from .vocabulary import FaceBasis, FaceFormat, PointLayout

Table = dict[str, NDArray[np.float64]]


def action_unit_numbers() -> tuple[int, ...]:
    """Facial action units in the library's order; 43 also stands for 45."""
    lib = library()
    return tuple(lib.affetto_action_unit_number(i) for i in range(lib.affetto_action_unit_count()))


def expression_names() -> tuple[str, ...]:
    """What an expression may be: the labels of FER+."""
    lib = library()
    return tuple(lib.affetto_expression_name(i).decode("ascii") for i in range(lib.affetto_expression_count()))


def _numbers(values: ArrayLike) -> NDArray[np.float32]:
    try:
        return np.asarray(values, dtype=np.float32)
    except (TypeError, ValueError) as failure:
        raise ArgumentError(Status.ARGUMENT, f"not an array of numbers: {failure}") from failure


class Frame:
    """One frame of a face.

    ``values``: by name, blendshapes in any usual spelling (0..1), action units ("AU12", 0..1), "yaw", "pitch", "roll",
    "gaze_x", "gaze_y" (radians; to the learner's left, downwards and to the learner's right shoulder are positive); or
    all 52 blendshapes in the order of :func:`affetto.blendshape_names`. NaN, and what is left out, is unknown.
    ``points``: (68, 2) in iBUG's order or (478 | 468, 2 | 3) of MediaPipe's mesh, y downwards, x and y in one unit.
    ``tracking``: the tracker's confidence 0..1; 0 = no face, which is not a neutral one.
    Raises ArgumentError for names that are none and arrays of another shape.
    """

    def __init__(
        self,
        values: Mapping[str, float] | ArrayLike | None = None,
        *,
        points: ArrayLike | None = None,
        tracking: float = 1.0,
    ) -> None:
        self._raw = new(_ffi.affetto_face_frame)
        self._points: NDArray[np.float32] | None = None
        self._raw.tracking = tracking
        if isinstance(values, Mapping):
            for name, value in values.items():
                self._set(name, float(value))
        elif values is not None:
            array = _numbers(values)
            if array.shape != (_ffi.BLENDSHAPE_COUNT,):
                raise ArgumentError(Status.ARGUMENT, f"blendshapes have shape {array.shape}; it must be (52,)")
            self._raw.blendshape[:] = array.tolist()
        if points is not None:
            self._set_points(points)

    def _set(self, name: str, value: float) -> None:
        try:
            check(library().affetto_face_frame_set(ctypes.byref(self._raw), encode(name, "name"), value))
        except NotFoundError:
            known = "affetto.blendshape_names() and affetto.face.action_unit_numbers() list them"
            raise ArgumentError(Status.ARGUMENT, f"'{name}' is no blendshape, action unit or angle; {known}") from None

    def _set_points(self, points: ArrayLike) -> None:
        array = _numbers(points)
        if array.ndim != 2 or array.shape[0] not in (68, 468, 478) or array.shape[1] not in (2, 3):
            raise ArgumentError(
                Status.ARGUMENT, f"points have shape {array.shape}; it must be (68, 2) or (478, 2 or 3)"
            )
        self._points = np.ascontiguousarray(array[:, :2])
        self._raw.point_layout = int(PointLayout.IBUG68 if len(array) == 68 else PointLayout.MEDIAPIPE)
        self._raw.point_count = len(array)
        self._raw.points = address(self._points)

    @property
    def tracking(self) -> float:
        return float(self._raw.tracking)

    @property
    def blendshapes(self) -> NDArray[np.float32]:
        """In the order of :func:`affetto.blendshape_names`."""
        return np.array(self._raw.blendshape, np.float32)

    @property
    def action_units(self) -> NDArray[np.float32]:
        """In the order of :func:`action_unit_numbers`."""
        return np.array(self._raw.action_unit, np.float32)

    @property
    def head(self) -> tuple[float, float, float]:
        """Yaw, pitch, roll."""
        return (self._raw.yaw, self._raw.pitch, self._raw.roll)

    @property
    def points(self) -> NDArray[np.float32] | None:
        """(68, 2), or what was given."""
        return self._points


@dataclass(frozen=True)
class Signals:
    """What a face does as of the latest frame; NaN = the source cannot show it, or nothing was seen yet.

    ``is_valid``: a face now and in most of the latest 10 s. ``quality``: share of frames with a face times the tracker's
    confidence. ``action_units`` by number, ``expression`` by name (probabilities). Windows are the latest 10 s, of blinks
    and closed eyes 60 s. ``confusion``, ``frustration``, ``boredom``, ``engagement``: rules of thumb with a standard
    deviation of ``learning_sd``, which do not go into any state. Definitions: FACE.md.
    """

    time: int
    is_valid: bool
    basis: FaceBasis
    quality: float
    action_units: dict[int, float]
    smile: float
    frown: float
    brow_raise: float
    brow_lower: float
    smile_genuineness: float
    eye_closure: float
    blink_rate: float
    eyes_closed_share: float
    gaze_away: float
    head_motion: float
    smile_mean: float
    smile_sd: float
    smile_peak: float
    frown_mean: float
    frown_sd: float
    frown_peak: float
    brow_raise_mean: float
    brow_raise_sd: float
    brow_raise_peak: float
    brow_lower_mean: float
    brow_lower_sd: float
    brow_lower_peak: float
    eye_closure_mean: float
    eye_closure_sd: float
    eye_closure_peak: float
    expression: dict[str, float]
    valence: float
    arousal: float
    confusion: float
    frustration: float
    boredom: float
    engagement: float
    learning_sd: float


_FLOATS = [name for name, kind in Signals.__annotations__.items() if kind == "float"]


def read_signals(raw: _ffi.affetto_face_signals) -> Signals:
    return Signals(
        time=raw.time,
        is_valid=bool(raw.is_valid),
        basis=FaceBasis(raw.basis),
        action_units=dict(zip(action_unit_numbers(), raw.action_unit, strict=True)),
        expression=dict(zip(expression_names(), raw.expression, strict=True)),
        **{name: getattr(raw, name) for name in _FLOATS},
    )


class Stream:
    """Signals and expression as frames come. Use it in a ``with`` statement, or ``close`` it. One thread at a time."""

    def __init__(self) -> None:
        handle = ctypes.c_void_p()
        check(library().affetto_face_create(ctypes.byref(handle)))
        self._handle = handle
        self._raw = new(_ffi.affetto_face_signals)
        self._close = weakref.finalize(self, library().affetto_face_destroy, handle)

    def push(self, frame: Frame, time: int) -> None:
        """``time`` in microseconds; one more than a second before the last begins anew. Raises ArgumentError, RangeError."""
        check(library().affetto_face_push(self._handle, clock(time), ctypes.byref(frame._raw)))

    def signals(self) -> Signals:
        """As of the latest frame."""
        return read_signals(self._poll())

    def _poll(self) -> _ffi.affetto_face_signals:
        check(library().affetto_face_poll(self._handle, ctypes.byref(self._raw)))
        return self._raw

    def close(self) -> None:
        """Forgets what was seen; twice is fine. What is called after it raises ClosedError."""
        self._close()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Recording:
    """Frames of a tracker's file: ``len``, iteration over (time in microseconds, :class:`Frame`), and these facts.

    ``format``; ``faces``: frames with a face; ``duration_s``; ``is_cut``: the file ended in the middle of a frame,
    which is left out; ``has_blendshapes``, ``has_action_units``, ``has_points``, ``has_head``.
    """

    def __init__(self, handle: ctypes.c_void_p) -> None:
        self._handle = handle
        weakref.finalize(self, library().affetto_face_recording_destroy, handle)
        raw = new(_ffi.affetto_face_recording_summary)
        check(library().affetto_face_recording_summarize(handle, ctypes.byref(raw)))
        self.format = FaceFormat(raw.format)
        self.is_cut = bool(raw.is_cut)
        self.faces: int = raw.faces
        self.duration_s: float = raw.duration_s
        self.has_blendshapes = bool(raw.has_blendshapes)
        self.has_action_units = bool(raw.has_action_units)
        self.has_points = bool(raw.has_points)
        self.has_head = bool(raw.has_head)
        self._count: int = raw.frames

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> tuple[int, Frame]:
        if not 0 <= index < self._count:
            raise IndexError(f"frame {index} of {self._count}")
        frame = Frame()
        time = ctypes.c_int64()
        raw = ctypes.byref(frame._raw)
        check(library().affetto_face_recording_frame(self._handle, index, ctypes.byref(time), raw))
        if frame._raw.points:
            # The library's own memory goes with the recording; the frame may outlive it.
            held = (ctypes.c_float * 136).from_address(frame._raw.points)
            frame._points = np.array(held, np.float32).reshape(68, 2)
            frame._raw.points = address(frame._points)
        return time.value, frame

    def __iter__(self) -> Iterator[tuple[int, Frame]]:
        return (self[i] for i in range(self._count))


def read(
    path: str | os.PathLike[str],
    *,
    fps: float | None = None,
    aspect: float | None = None,
    face: int | None = None,
) -> Recording:
    """Reads a file of Live Link Face (CSV), MediaPipe FaceLandmarker (JSON), OpenFace 2 (CSV), py-feat (CSV), or any
    table whose header names blendshapes, action units or points. Columns are matched by name.

    ``fps``: where the file counts frames. ``aspect``: width over height of the picture, which MediaPipe's points need
    unless the file has imageWidth and imageHeight. ``face``: of several faces this one (OpenFace's face_id, MediaPipe's
    index). Raises OSError; ArgumentError naming the line; RangeError.
    """
    with open(path, "rb") as file:
        data = file.read()
    options = new(_ffi.affetto_face_recording_options)
    options.frames_per_s = 0 if fps is None else fps
    options.image_aspect = 0 if aspect is None else aspect
    options.face = -1 if face is None else integer(face, "face", 0)
    handle = ctypes.c_void_p()
    check(library().affetto_face_recording_read(data, len(data), ctypes.byref(options), ctypes.byref(handle)))
    return Recording(handle)


def frames(recording: Recording | str | os.PathLike[str]) -> Table:
    """What a recording holds, as a table, one entry a frame: ``time`` (s), ``tracking``, blendshapes, action units
    ("AU12"), yaw, pitch, roll; NaN = unknown."""
    recording = recording if isinstance(recording, Recording) else read(recording)
    from .session import blendshape_names

    names = ["time", "tracking", *blendshape_names(), *(f"AU{n}" for n in action_unit_numbers()), "yaw", "pitch", "roll"]
    rows = np.empty((len(recording), len(names)))
    for i, (time, frame) in enumerate(recording):
        rows[i] = [time / 1e6, frame.tracking, *frame.blendshapes, *frame.action_units, *frame.head]
    return {name: rows[:, i] for i, name in enumerate(names)}


def signals(recording: Recording | str | os.PathLike[str]) -> Table:
    """Signals and expressions of a recording as a table, one entry a frame: ``time`` (s), ``is_valid``, the numbers of
    :class:`Signals`, action units ("AU12") and expressions by name. Raises what :func:`read` raises."""
    recording = recording if isinstance(recording, Recording) else read(recording)
    units = [f"AU{n}" for n in action_unit_numbers()]
    names = ["time", "is_valid", *_FLOATS, *units, *expression_names()]
    rows = np.empty((len(recording), len(names)))
    with Stream() as stream:
        for i, (time, frame) in enumerate(recording):
            stream.push(frame, time)
            raw = stream._poll()
            numbers = [getattr(raw, name) for name in _FLOATS]
            rows[i] = [time / 1e6, raw.is_valid, *numbers, *raw.action_unit, *raw.expression]
    return {name: rows[:, i] for i, name in enumerate(names)}
