"""Your own emotion model from your own labelled turns: any subset of modalities, with the conversation as context.

    talks = [Conversation({"text": vectors, "voice": more}, parties=[0, 1, 0], labels=["calm", None, "anxious"])]
    model = ConversationClassifier(causal=False).fit(talks)
    model.predict_proba(others)                # one (turns, labels) array a conversation
    model.save("mine.pack"); ConversationClassifier.load("mine.pack")

A row of NaN, or None for a modality, is missing: it enters nowhere. Groups (speakers, videos) never straddle the split
that stops training. A causal model over what :meth:`affetto.Session.end_turn` gives can be loaded into an engine.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _ffi
from ._call import UINT32, UINT64, address, check, encode, integer, new, read_json
from ._library import library
from .errors import ArgumentError, StateError, Status

Label = str | None


def _label(value: Any) -> Label:
    """None, and the NaN by which pandas says so, is no label."""
    return None if value is None or (isinstance(value, float) and math.isnan(value)) else str(value)


class Conversation:
    """Turns in the order in which they were spoken.

    ``features``: by modality (turns, width) numbers; a row of NaN, or None, where a turn lacks the modality.
    ``parties``: per turn the same number for the same person; everything one party's where left out.
    ``labels``: per turn a name, or None where not labelled.
    ``dimensions``: (turns, 3) valence, arousal and control in -1..1, NaN where not known.
    ``group``: what must not straddle a split (a speaker, a video); each conversation its own where left out.
    Raises ArgumentError where lengths differ.
    """

    def __init__(
        self,
        features: Mapping[str, ArrayLike | None],
        *,
        parties: Sequence[int] | None = None,
        labels: Sequence[Label] | None = None,
        dimensions: ArrayLike | None = None,
        group: str | None = None,
    ) -> None:
        self.features: dict[str, NDArray[np.float32]] = {}
        for name, values in features.items():
            if values is None:
                continue
            array = np.ascontiguousarray(np.asarray(values, dtype=np.float32))
            if array.ndim != 2:
                raise ArgumentError(Status.ARGUMENT, f"'{name}' has {array.ndim} dimensions; it must be (turns, width)")
            self.features[name] = array
        lengths = {len(a) for a in self.features.values()}
        lengths |= {len(x) for x in (parties, labels) if x is not None}
        self.dimensions = None if dimensions is None else np.asarray(dimensions, dtype=np.float32)
        if self.dimensions is not None:
            if self.dimensions.ndim != 2 or self.dimensions.shape[1] != 3:
                raise ArgumentError(Status.ARGUMENT, "dimensions must be (turns, 3)")
            lengths.add(len(self.dimensions))
        if len(lengths) != 1:
            raise ArgumentError(Status.ARGUMENT, f"turns are counted differently: {sorted(lengths)}")
        self.turns = lengths.pop()
        self.parties = [0] * self.turns if parties is None else [integer(p, "party") for p in parties]
        self.labels: list[Label] = [None] * self.turns if labels is None else [_label(v) for v in labels]
        self.group = group

    def __len__(self) -> int:
        return self.turns

    def only(self, *modalities: str) -> Conversation:
        """The same turns with these modalities alone."""
        return Conversation(
            {name: array for name, array in self.features.items() if name in modalities},
            parties=self.parties,
            labels=self.labels,
            dimensions=self.dimensions,
            group=self.group,
        )


@dataclass(frozen=True)
class Progress:
    """One epoch of training. Validation figures are NaN where nothing is held back."""

    epoch: int
    epochs: int
    is_best: bool
    loss: float
    validation_loss: float
    validation_accuracy: float
    validation_uar: float
    gigaflops: float


class _Dataset:
    """The library's copy of some conversations."""

    def __init__(
        self, shape: Mapping[str, Any], conversations: Iterable[Conversation], *, with_labels: bool = True
    ) -> None:
        lib = library()
        handle = ctypes.c_void_p()
        check(lib.affetto_dataset_create(json.dumps(shape).encode(), ctypes.byref(handle)))
        self.handle = handle.value
        self._finalizer = weakref.finalize(self, lib.affetto_dataset_destroy, handle.value)
        names = [m["name"] for m in shape["modalities"]]
        places = {label: i for i, label in enumerate(shape["labels"])}
        turn = new(_ffi.affetto_turn)
        for number, talk in enumerate(conversations):
            unknown = set(talk.features) - set(names)
            if unknown:
                raise ArgumentError(Status.ARGUMENT, f"no modality of the model: {', '.join(sorted(unknown))}")
            check(lib.affetto_dataset_begin(self.handle, encode(talk.group or f"conversation {number}", "group")))
            arrays = [talk.features.get(name) for name in names]
            for modality, array in zip(shape["modalities"], arrays, strict=True):
                if array is not None and array.shape[1] != modality["width"]:
                    raise ArgumentError(
                        Status.ARGUMENT,
                        f"'{modality['name']}' has {array.shape[1]} numbers a turn; the model reads {modality['width']}",
                    )
            present = [None if a is None else ~np.isnan(a).all(axis=1) for a in arrays]
            for t in range(len(talk)):
                turn.party = talk.parties[t]
                label = talk.labels[t]
                if with_labels and label is not None and label not in places:
                    raise ArgumentError(Status.ARGUMENT, f"the model knows no label '{label}'")
                turn.label = places.get(label, -1) if with_labels and label is not None else -1
                if talk.dimensions is not None:
                    turn.valence, turn.arousal, turn.control = talk.dimensions[t].tolist()
                else:
                    turn.valence = turn.arousal = turn.control = float("nan")
                for m, array in enumerate(arrays):
                    has = present[m]
                    given = array is not None and has is not None and has[t]
                    turn.features[m] = address(array) + t * array.strides[0] if given and array is not None else None
                check(lib.affetto_dataset_add(self.handle, ctypes.byref(turn)))


class ConversationClassifier:
    """Learns and reads turns; like an estimator of scikit-learn, over conversations instead of rows.

    ``causal``: a turn sees only what came before, for live use; otherwise the whole conversation.
    ``width``: units of each GRU. ``modality_dropout``: how often a modality is hidden in training, so that any subset
    will do later. ``class_balance``: 0 counts turns alike, 1 classes alike. ``validation_share`` of the groups is held
    back to stop in time and to calibrate. ``mixing``: by modality 0..1.95, see affetto_training_options in affetto.h.
    ``progress``: called with a :class:`Progress` after each epoch; returning False cancels (CancelledError).
    ``checkpoint``: a pack is written there at each best epoch. The same data, settings and seed give the same model.
    """

    _settings = (
        "causal", "width", "epochs", "patience", "batch", "rate", "decay", "dropout", "modality_dropout", "class_balance",
        "validation_share", "mixing", "dimensions", "seed", "about", "checkpoint", "progress",
    )  # fmt: skip

    def __init__(
        self,
        *,
        causal: bool = True,
        width: int = 32,
        epochs: int = 60,
        patience: int = 10,
        batch: int = 16,
        rate: float = 0.002,
        decay: float = 0.4,
        dropout: float = 0.4,
        modality_dropout: float = 0.3,
        class_balance: float = 0.0,
        validation_share: float = 0.15,
        mixing: Mapping[str, float] | None = None,
        dimensions: bool = False,
        seed: int = 1,
        about: str = "",
        checkpoint: str | os.PathLike[str] | None = None,
        progress: Callable[[Progress], Any] | None = None,
    ) -> None:
        self.causal, self.width, self.epochs, self.patience, self.batch = causal, width, epochs, patience, batch
        self.rate, self.decay, self.dropout, self.modality_dropout = rate, decay, dropout, modality_dropout
        self.class_balance, self.validation_share, self.mixing = class_balance, validation_share, mixing
        self.dimensions, self.seed, self.about, self.checkpoint, self.progress = (
            dimensions, seed, about, checkpoint, progress,
        )  # fmt: skip
        self._handle: int | None = None
        self._finalizer: weakref.finalize[..., Any] | None = None

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self._settings}

    def set_params(self, **settings: Any) -> ConversationClassifier:
        for name, value in settings.items():
            if name not in self._settings:
                raise ArgumentError(Status.ARGUMENT, f"no setting '{name}'")
            setattr(self, name, value)
        return self

    # Train

    def fit(
        self, conversations: Iterable[Conversation], labels: Iterable[Sequence[Label]] | None = None
    ) -> ConversationClassifier:
        """Trains on this thread: seconds for a thousand turns.

        ``labels``: per conversation a name, or None, per turn; those of the conversations where left out. Raises
        ArgumentError (no labels), StateError (no dimensions), CancelledError, StoreError (the checkpoint).
        """
        talks = list(conversations)
        if labels is not None:
            talks = [
                Conversation(t.features, parties=t.parties, labels=y, dimensions=t.dimensions, group=t.group)
                for t, y in zip(talks, labels, strict=True)
            ]
        widths: dict[str, int] = {}
        for talk in talks:
            for name, array in talk.features.items():
                widths.setdefault(name, array.shape[1])
        shape = {
            "modalities": [{"name": name, "width": width} for name, width in widths.items()],
            "labels": sorted({label for talk in talks for label in talk.labels if label is not None}),
            "dimensions": bool(self.dimensions),
        }
        data = _Dataset(shape, talks)
        failures: list[BaseException] = []
        asked: list[bool] = []
        options, keep = self._options(list(widths), failures, asked)
        model = ctypes.c_void_p()
        status = library().affetto_model_train(data.handle, ctypes.byref(options), ctypes.byref(model))
        del keep
        if failures:
            raise failures[0]
        if status == Status.CANCELLED and not asked:
            raise KeyboardInterrupt  # it came between the library and the callback
        check(status)
        self._adopt(model.value)
        return self

    def _options(
        self, names: list[str], failures: list[BaseException], asked: list[bool]
    ) -> tuple[_ffi.affetto_training_options, Any]:
        out = new(_ffi.affetto_training_options)
        out.width = integer(self.width, "width", *UINT32)
        out.is_causal = int(self.causal)
        out.epochs = integer(self.epochs, "epochs", *UINT32)
        out.patience = integer(self.patience, "patience", *UINT32)
        out.batch = integer(self.batch, "batch", *UINT32)
        out.rate, out.decay, out.dropout = self.rate, self.decay, self.dropout
        out.modality_dropout, out.class_balance = self.modality_dropout, self.class_balance
        out.validation_share = self.validation_share
        for name, amount in (self.mixing or {}).items():
            if name not in names:
                raise ArgumentError(Status.ARGUMENT, f"mixing names '{name}', which is no modality of the data")
            out.mixing[names.index(name)] = amount
        out.seed = integer(self.seed, "seed", *UINT64)
        out.about = encode(self.about, "about")
        out.checkpoint_path = None if self.checkpoint is None else encode(os.fspath(self.checkpoint), "checkpoint")
        tell = self.progress

        # Without `progress`, too: an interrupt is noticed here.
        def report(_context: Any, raw: Any) -> int:
            try:
                c = raw.contents
                progress = Progress(
                    c.epoch, c.epochs, bool(c.is_best), c.loss, c.validation_loss, c.validation_accuracy,
                    c.validation_uar, c.gigaflops,
                )  # fmt: skip
                answer = None if tell is None else tell(progress)
                if answer is not None and not answer:
                    asked.append(True)
                    return 1
                return 0
            except BaseException as failure:  # an exception may not cross C; it is raised again by fit
                failures.append(failure)
                return 1

        callback = _ffi.PROGRESS_FN(report)
        out.progress = callback
        return out, callback

    # Read

    def predict_proba(self, conversations: Iterable[Conversation]) -> list[NDArray[np.float32]]:
        """Per conversation (turns, labels) probabilities, in the order of :attr:`classes_`."""
        return [rows[:, : len(self.classes_)] for rows in self._predict(conversations)]

    def predict(self, conversations: Iterable[Conversation]) -> list[NDArray[np.str_]]:
        """Per conversation the likeliest label of each turn."""
        names = np.array(self.classes_)
        if not len(names):
            raise StateError(Status.STATE, "the model was trained without labels")
        return [names[rows.argmax(axis=1)] for rows in self.predict_proba(conversations)]

    def predict_dimensions(self, conversations: Iterable[Conversation]) -> list[NDArray[np.float32]]:
        """Per conversation (turns, 3): valence, arousal and control, -1..1. Raises StateError where they were not learned."""
        if not self.card["shape"]["dimensions"]:
            raise StateError(Status.STATE, "the model was trained without dimensions")
        return [rows[:, len(self.classes_) :] for rows in self._predict(conversations)]

    def evaluate(self, conversations: Iterable[Conversation]) -> dict[str, Any]:
        """Figures on labelled turns: accuracy, uar, weighted_f1, macro_f1, ece, log_loss, confusion (rows: truth)."""
        data = _Dataset(self.card["shape"], conversations)
        figures: dict[str, Any] = read_json(
            lambda *out: library().affetto_model_evaluate(self._pointer(), data.handle, *out)
        )
        return figures

    def score(self, conversations: Iterable[Conversation]) -> float:
        """Accuracy on labelled turns."""
        return float(self.evaluate(conversations)["accuracy"])

    @property
    def card(self) -> dict[str, Any]:
        """What the model is: shape, parameters, training, and figures on what was held back."""
        card: dict[str, Any] = read_json(lambda *out: library().affetto_model_card(self._pointer(), *out))
        return card

    @property
    def classes_(self) -> list[str]:
        labels: list[str] = self.card["shape"]["labels"]
        return labels

    def _predict(self, conversations: Iterable[Conversation]) -> list[NDArray[np.float32]]:
        talks = list(conversations)
        shape = self.card["shape"]
        data = _Dataset(shape, talks, with_labels=False)
        outputs = len(shape["labels"]) + (3 if shape["dimensions"] else 0)
        turns = sum(len(t) for t in talks)
        out = np.empty((turns, outputs), np.float32)
        count = ctypes.c_size_t()
        check(
            library().affetto_model_predict(
                self._pointer(), data.handle, address(out) if turns else None, out.size, ctypes.byref(count)
            )
        )
        ends = np.cumsum([len(t) for t in talks])[:-1]
        return list(np.split(out, ends)) if talks else []

    # Keep

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the model pack, whole or not at all. Raises StoreError."""
        check(library().affetto_model_save(self._pointer(), encode(os.fspath(path), "path")))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> ConversationClassifier:
        """Raises NotFoundError, ModelError (damaged, cut short, of another task or version)."""
        handle = ctypes.c_void_p()
        check(library().affetto_model_load(encode(os.fspath(path), "path"), ctypes.byref(handle)))
        model = cls()
        model._adopt(handle.value)
        card = model.card
        model.causal, model.seed, model.about = card["is_causal"], card["seed"], card["about"]
        return model

    def _adopt(self, handle: int | None) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self._handle = handle
        self._finalizer = weakref.finalize(self, library().affetto_model_destroy, handle)

    def _pointer(self) -> int:
        if self._handle is None:
            raise StateError(Status.STATE, "the model is not trained yet: call fit or load")
        return self._handle
