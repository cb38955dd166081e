"""What a call of ``fit`` asks for, checked and made into a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.api.arguments import batch_size_of, share_of, whole_number
from engine.errors import DataError, UsageError
from engine.plan.plan import Feed
from engine.train.job import Job, make_feed, numbers

if TYPE_CHECKING:
    from engine.api.model import Model

Array = npt.NDArray[Any]


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
    shuffle: bool = True
    class_weight: Mapping[int, float] | None = None
    sample_weight: Any = None
    initial_epoch: int = 0


@dataclass(frozen=True)
class Rows:
    """Samples by node.

    Attributes:
        inputs, targets: arrays by Input node and by output node.
        weights: one weight per sample, or (samples, steps), or ``None``.
    """

    inputs: Mapping[str, Array]
    targets: Mapping[str, Array]
    weights: Array | None = None

    @property
    def samples(self) -> int:
        """Number of samples."""
        return len(next(iter(self.inputs.values())))

    def part(self, first: int, stop: int) -> Rows:
        """Some rows of everything."""
        rows = slice(first, stop)
        return Rows(
            {node: array[rows] for node, array in self.inputs.items()},
            {node: array[rows] for node, array in self.targets.items()},
            None if self.weights is None else self.weights[rows],
        )

    def feed(self, model: Model) -> Feed:
        """The rows as a plan reads them, checked against the model.

        Raises:
            DataError: they do not fit.
        """
        inference, _ = model.require()
        return make_feed(inference, model.heads(), self.inputs, self.targets, self.weights, model.dtype)


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
    build(model, request.x)
    rows = rows_of(model, request.x, request.y, request.sample_weight, "")
    rows = _with_class_weight(rows, request.class_weight)
    judged: Rows | None = None
    if request.validation_data is not None:
        judged = _validation(model, request.validation_data)
    elif share:
        keep = int(rows.samples * (1.0 - share))  # as Keras: the last rows judge
        if keep in (0, rows.samples):
            raise DataError(
                f"validation_split={request.validation_split} of {rows.samples} samples leaves none to "
                f"{'train on' if keep == 0 else 'judge by'}. Choose another share or give more samples."
            )
        rows, judged = rows.part(0, keep), rows.part(keep, rows.samples)
    feed = rows.feed(model)
    assert model.optimizer is not None
    return Job(
        graph=model.graph, inference=model.require()[0], heads=model.heads(), optimizer=model.optimizer,
        feed=feed, samples=rows.samples, val_feed=judged.feed(model) if judged else None,
        val_samples=judged.samples if judged else 0, epochs=int(request.epochs), batch_size=min(size, rows.samples),
        seed=model.seed, shuffle=bool(request.shuffle), dtype=model.dtype,
    )  # fmt: skip


def _validation(model: Model, given: Any) -> Rows:
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


def rows_of(model: Model, x: Any, y: Any, sample_weight: Any, what: str) -> Rows:
    """Inputs, targets and weights by node.

    Args:
        model: whose nodes they are for.
        x: inputs, as given to ``fit``.
        y: targets.
        sample_weight: one weight per sample, or ``None``.
        what: a word put before ``input`` and ``target`` in messages.

    Raises:
        UsageError: their number or names do not fit.
        DataError: they are no arrays of numbers, or their numbers of rows differ.
    """
    inputs = by_name(model.graph.inputs, x, f"{what}input", model.dtype)
    targets = by_name([head.node for head in model.heads()], y, f"{what}target", model.dtype)
    samples = len(next(iter(inputs.values())))
    for node, array in (inputs | targets).items():
        if len(array) != samples:
            kind = "target" if node in targets else "input row"
            raise DataError(
                f"There must be one {kind} per sample: '{node}' received {len(array)} for {samples} samples."
            )
    if sample_weight is None:
        return Rows(inputs, targets)
    weights = numbers(sample_weight, f"{what}sample_weight", model.dtype)
    if len(weights) != samples:
        raise DataError(f"There must be one sample weight per sample: received {len(weights)} for {samples} samples.")
    return Rows(inputs, targets, weights)


def _with_class_weight(rows: Rows, given: Any) -> Rows:
    """Every sample's weight times that of its class."""
    if given is None:
        return rows
    if not isinstance(given, Mapping):
        raise UsageError(
            f"class_weight must map class numbers to weights, such as {{0: 1.0, 1: 5.0}}; received {given!r}."
        )
    for key, weight in given.items():
        right = isinstance(key, (int, np.integer)) and isinstance(weight, Real) and isfinite(weight)
        if not right:
            raise UsageError(f"class_weight must map class numbers to numbers; received {key!r}: {weight!r}.")
    if len(rows.targets) > 1:
        raise UsageError("class_weight works for a single output. Give sample_weight for a network with several.")
    if not rows.samples:
        return rows
    labels = next(iter(rows.targets.values())).reshape(rows.samples, -1)
    classes = labels.argmax(axis=1) if labels.shape[1] > 1 else labels[:, 0].astype(np.int64)
    weights = np.array([float(given.get(int(c), 1.0)) for c in classes])
    if rows.weights is not None:
        weights = weights.reshape(-1, *(1 for _ in rows.weights.shape[1:])) * rows.weights
    return Rows(rows.inputs, rows.targets, weights)


def by_name(nodes: Sequence[str], given: Any, what: str, dtype: str) -> dict[str, Array]:
    """Arrays by node from one array, a list in order, or a mapping.

    Raises:
        UsageError: their number or names do not fit.
        DataError: they are no arrays of numbers.
    """
    if given is None:
        raise UsageError(f"There is no {what}. The network has {', '.join(nodes)}.")
    if isinstance(given, Mapping):
        missing = [n for n in nodes if n not in given]
        if missing:
            raise UsageError(f"There is no {what} for '{missing[0]}'; received {', '.join(map(str, given))}.")
        return {n: numbers(given[n], n, dtype) for n in nodes}
    arrays = list(given) if len(nodes) > 1 and isinstance(given, (list, tuple)) else [given]
    if len(arrays) != len(nodes):
        raise UsageError(f"The network needs {len(nodes)} {what} arrays ({', '.join(nodes)}); received {len(arrays)}.")
    return {node: numbers(array, node, dtype) for node, array in zip(nodes, arrays, strict=True)}


def build(model: Model, x: Any) -> None:
    """Let a Sequential learn its input shape from data."""
    learn = getattr(model, "build_for", None)
    if learn is not None:
        learn(x)
