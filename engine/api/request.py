"""What a call of ``fit`` asks for, checked and made into a job."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.api.arguments import batch_size_of, frequency_of, share_of, shuffle_of, whole_number
from engine.api.old_words import call_today
from engine.api.readers import BatchReader, DiskReader, is_source, steps_of
from engine.api.rows import Rows, rows_of, with_class_weight
from engine.errors import DataError, UsageError
from engine.plan.plan import Feed
from engine.train.job import Job
from engine.train.tray import rows_of as rows_in

if TYPE_CHECKING:
    from engine.api.model import Model


@dataclass(frozen=True)
class Request:
    """The arguments of ``fit``."""

    x: Any
    y: Any
    batch_size: int | None = None
    epochs: int = 1
    verbose: int | str = "auto"
    callbacks: Any = ()
    validation_split: float = 0.0
    validation_data: Any = None
    shuffle: bool | str = True
    class_weight: Mapping[int, float] | None = None
    sample_weight: Any = None
    initial_epoch: int = 0
    steps_per_epoch: int | None = None
    validation_steps: int | None = None
    validation_batch_size: int | None = None
    validation_freq: int | Sequence[int] = 1

    def with_older(self, older: Mapping[str, Any]) -> Request:
        """With arguments under older names.

        Raises:
            UsageError: there is no such argument.
        """
        return replace(self, **call_today("fit", older, frozenset(self.__dataclass_fields__)))


def make_job(model: Model, request: Request) -> Job:
    """Everything a run needs, checked.

    Raises:
        UsageError: impossible arguments.
        DataError: the data do not fit.
    """
    size = batch_size_of(request.batch_size)
    whole_number("epochs", request.epochs, 1)
    whole_number("initial_epoch", request.initial_epoch, 0)
    share = share_of(request.validation_split)
    for name in ("steps_per_epoch", "validation_steps", "validation_batch_size"):
        if getattr(request, name) is not None:
            whole_number(name, getattr(request, name), 1)
    frequency = frequency_of(request.validation_freq)
    shuffle = shuffle_of(request.shuffle)
    if is_source(request.x):
        fields, left = _from_batches(model, request, share), None
    else:
        fields, left = _from_rows(model, request, size, share)
    fields |= _validation(model, request, left)
    assert model.rule is not None
    return Job(
        graph=model.graph, inference=model.require()[0], heads=model.heads(), optimizer=model.rule,
        epochs=int(request.epochs), seed=model.seed, shuffle=shuffle, dtype=model.dtype,
        validation_epochs=frequency, **fields,
    )  # fmt: skip


def _from_batches(model: Model, request: Request, share: float) -> dict[str, Any]:
    """What trains, from a generator."""
    for name in ("y", "sample_weight"):
        if getattr(request, name) is not None:
            raise UsageError(f"A generator gives inputs and targets together: {name} must be left out.")
    if share:
        raise UsageError("validation_split needs arrays: a generator cannot be divided. Give validation_data instead.")
    steps = steps_of(request.x, request.steps_per_epoch, "steps_per_epoch")
    reader = BatchReader(model, request.x, "The generator", request.class_weight)
    rows = rows_in(reader.first)
    return {"feed": reader.first, "samples": steps * rows, "batch_size": rows, "steps": steps, "reader": reader}


def _from_rows(model: Model, request: Request, size: int, share: float) -> tuple[dict[str, Any], Rows | None]:
    """What trains, from arrays, and the rows that were taken off for judging."""
    build(model, request.x)
    rows = rows_of(model, request.x, request.y, request.sample_weight, "")
    judged = None
    if request.validation_data is None and share:
        keep = int(rows.samples * (1.0 - share))  # as Keras: the last rows judge
        if keep in (0, rows.samples):
            raise DataError(
                f"validation_split={request.validation_split} of {rows.samples} samples leaves none to "
                f"{'train on' if keep == 0 else 'judge by'}. Choose another share or give more samples."
            )
        rows, judged = rows.part(0, keep), rows.part(keep, rows.samples)
        _warn_of_classes(model, rows, judged)
    rows = with_class_weight(rows, request.class_weight)  # what judges counts every sample alike
    size = min(size, rows.samples) or size
    fields = {"samples": rows.samples, "batch_size": size, "steps": request.steps_per_epoch or 0}
    return fields | _feed(model, rows, size), judged


def _feed(model: Model, rows: Rows, size: int) -> dict[str, Any]:
    if not rows.on_disk or not rows.samples:
        return {"feed": rows.feed(model)}
    reader = DiskReader(model, rows)
    return {"feed": reader.batch(np.arange(min(size, rows.samples))), "reader": reader}


def _warn_of_classes(model: Model, rows: Rows, judged: Rows) -> None:
    """Say it when the last rows hold classes that the others lack, as sorted data do."""
    for head in model.heads():
        one, other = rows.targets[head.node], judged.targets[head.node]
        if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
            continue
        if one.ndim > 1 and one.shape[-1] > 1 and not head.loss.sparse and head.loss.key == "categorical_crossentropy":
            one, other = one.argmax(axis=-1), other.argmax(axis=-1)
        elif not head.loss.sparse:
            continue
        missing = np.setdiff1d(other, one)
        if len(missing):
            listed = ", ".join(f"{value:g}" for value in missing[:8])
            warnings.warn(
                f"validation_split takes the last samples, and they hold classes that the others lack ({listed}): "
                "nothing can be learnt about those. Shuffle the samples before fit.",
                stacklevel=2,
            )


def _validation(model: Model, request: Request, left: Rows | None) -> dict[str, Any]:
    """What judges."""
    given, steps = request.validation_data, request.validation_steps
    found: dict[str, Any] = {"validation_steps": steps or 0}
    size = request.validation_batch_size or 0
    if given is not None and is_source(given):
        count = steps_of(given, steps, "validation_steps")
        reader = BatchReader(model, given, "The generator of validation_data")
        rows = rows_in(reader.first)
        return {
            "val_feed": reader.first,
            "val_samples": count * rows,
            "validation_batch_size": rows,
            "val_reader": reader,
        }
    judged = left if given is None else _pair(model, given)
    if judged is None:
        return found
    feed = _feed(model, judged, size or batch_size_of(request.batch_size))
    known: dict[str, Feed | Any] = {"val_feed": feed["feed"], "val_reader": feed.get("reader")}
    return found | known | {"val_samples": judged.samples, "validation_batch_size": size}


def _pair(model: Model, given: Any) -> Rows:
    if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
        count = f" of {len(given)}" if isinstance(given, (tuple, list)) else ""
        raise UsageError(
            "validation_data must be a pair (x, y) or a triple (x, y, sample_weight); "
            f"received a {type(given).__name__}{count}."
        )
    rows = rows_of(model, given[0], given[1], given[2] if len(given) == 3 else None, "validation ")
    if not rows.samples:
        raise DataError("There are no samples in validation_data. Leave it out or give at least one.")
    return rows


def build(model: Model, x: Any) -> None:
    """Let a Sequential learn its input shape from data."""
    learn = getattr(model, "build_for", None)
    if learn is not None:
        learn(x)
