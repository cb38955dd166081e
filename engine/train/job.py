"""What a run needs to know, resolved: the common ground of window, command line and Python API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalogue.callbacks.base import Callback
from engine.catalogue.losses.base import Loss
from engine.catalogue.metrics.base import Metric
from engine.catalogue.optimizers.base import Optimizer
from engine.check import beside, structure
from engine.data.split import Parts
from engine.errors import DataError, ShapeError, UsageError
from engine.graph import Graph
from engine.infer import Inference, infer
from engine.plan.plan import Feed, Head
from engine.project import OutputTarget, Project
from engine.tensor_spec import TensorSpec, shape_text
from engine.train.reader import Reader
from engine.train.scores import inner_rows, metric_names

Array = npt.NDArray[Any]
#: Element types that the gathering kernel reads as they are; every other number is converted once.
READABLE = frozenset(map(np.dtype, ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8")))


@dataclass(frozen=True)
class Job:
    """One training.

    Attributes:
        graph, inference: the network and its shapes.
        heads: what judges each output.
        optimizer: the update rule.
        feed, samples: what trains.
        val_feed, val_samples: what judges.
        epochs: epochs done in total at the end.
        batch_size, seed, shuffle, dtype: as in ``TrainConfig``.
        callbacks: what happens beside the updates.
        validation_batch_size: rows at a time in validation; 0 for as many as in training.
        validation_steps: batches of validation; 0 for all.
        validation_epochs: after which epochs (1 is the first) is validated: every so many, or those listed.
        tells_validation: whether each batch of validation is an event.
        steps: batches that count as an epoch; 0 for all.
        reader, val_reader: hand out the batches where ``feed`` and ``val_feed`` hold only the first one.
    """

    graph: Graph
    inference: Inference
    heads: tuple[Head, ...]
    optimizer: Optimizer
    feed: Feed
    samples: int
    val_feed: Feed | None = None
    val_samples: int = 0
    epochs: int = 1
    batch_size: int = 32
    seed: int = 0
    shuffle: bool | str = True
    dtype: str = "float32"
    callbacks: tuple[Callback, ...] = ()
    validation_batch_size: int = 0
    validation_steps: int = 0
    validation_epochs: int | frozenset[int] = 1
    tells_validation: bool = False
    steps: int = 0
    reader: Reader | None = None
    val_reader: Reader | None = None

    @property
    def val_batch_size(self) -> int:
        """Rows at a time in validation."""
        return max(1, min(self.validation_batch_size or self.batch_size, self.val_samples))

    @property
    def val_rows(self) -> int:
        """Rows that one validation looks at."""
        wanted = self.validation_steps * self.val_batch_size
        return min(self.val_samples, wanted) if wanted else self.val_samples

    def judges(self, epoch: int) -> bool:
        """Whether there is a validation after an epoch (0 is the first)."""
        when = self.validation_epochs
        return self.val_feed is not None and ((epoch + 1) % when == 0 if isinstance(when, int) else epoch + 1 in when)

    @property
    def batches(self) -> int:
        """Batches of one epoch; the last may be short."""
        return self.steps or self.all_batches

    @property
    def all_batches(self) -> int:
        """Batches that visit every sample once."""
        return -(-self.samples // self.batch_size)

    @property
    def metric_names(self) -> tuple[str, ...]:
        """Names of the figures in ``logs`` after ``loss``, as Keras writes them."""
        return metric_names(self.graph, self.heads)


def job_of(project: Project, parts: Parts, epochs: int | None = None) -> Job:
    """A project's training.

    Raises:
        UsageError: the network has problems that prevent training.
        DataError: the data do not fit it.
    """
    inference = infer(project.graph)
    for problem in (*structure(project.graph, inference), *beside(project.training)):
        if problem.severity == "error":
            raise UsageError(problem.text)
    config = project.training
    heads = project_heads(project, inference)
    names = dict(project.inputs)
    inputs = bound(project.graph.inputs, names, parts.inputs, "input")
    answers = {t.node: t.field for t in project.targets if t.field}
    targets = bound([h.node for h in heads], answers, parts.targets, "target")
    val_feed = None
    if parts.validation_samples:
        val_inputs = bound(project.graph.inputs, names, parts.val_inputs, "input")
        val_targets = bound([h.node for h in heads], answers, parts.val_targets, "target")
        val_feed = make_feed(inference, heads, val_inputs, val_targets, None, config.dtype)
    return Job(
        graph=project.graph,
        inference=inference,
        heads=heads,
        optimizer=config.optimizer,
        feed=make_feed(inference, heads, inputs, targets, None, config.dtype),
        samples=parts.samples,
        val_feed=val_feed,
        val_samples=parts.validation_samples,
        epochs=epochs if epochs is not None else config.epochs,
        batch_size=min(config.batch_size, parts.samples),
        seed=config.seed,
        shuffle=config.shuffle,
        dtype=config.dtype,
        callbacks=config.callbacks,
    )


def project_heads(project: Project, inference: Inference) -> tuple[Head, ...]:
    """Loss, share and metrics of every output of a project."""
    heads = []
    for key in project.graph.outputs:
        target = project.target_of(key)
        loss = target.loss or project.training.loss
        plain, heeding = watched(project, target, inference.outputs[key][0])
        heads.append(make_head(inference, key, loss, target.weight, plain, heeding))
    return tuple(heads)


def watched(project: Project, target: OutputTarget, output: TensorSpec) -> tuple[tuple[Metric, ...], ...]:
    """The metrics and the weighted metrics of an output: its own, else the common ones.

    Of a list for several outputs each takes what suits it.
    """
    config, loss = project.training, target.loss or project.training.loss
    several = len(project.graph.outputs) > 1
    found = []
    for own, common in ((target.metrics, config.metrics), (target.weighted_metrics, config.weighted_metrics)):
        suiting = tuple(m for m in common if suits(m, output, loss)) if several else common
        found.append(suiting if own is None else own)
    return tuple(found)


def suits(metric: Metric, output: TensorSpec, loss: Loss) -> bool:
    """Whether a metric can judge an output."""
    try:
        metric.for_output(output, loss.sparse)
    except ShapeError:
        return False
    return True


def make_head(
    inference: Inference,
    node: str,
    loss: Loss,
    weight: float,
    metrics: Sequence[Metric],
    weighted: Sequence[Metric] = (),
    labels: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> Head:
    """A head with its metrics made concrete for the output (``accuracy`` becomes the kind that fits).

    Args:
        inference: the network's shapes.
        node: the output.
        loss: what judges it.
        weight: the loss's share in the total.
        metrics: figures that count every sample once.
        weighted: figures that heed the samples' weights.
        labels: how both kinds are called where not by their own names, one each.
    """
    output = inference.outputs[node][0]
    plain, heeding = (tuple(metric.for_output(output, loss.sparse) for metric in part) for part in (metrics, weighted))
    names = figure_names(metrics, plain, labels[0])
    again = figure_names(weighted, heeding, labels[1])
    names += tuple(f"weighted_{name}" if name in names else name for name in again)
    return Head(node, loss, weight, (*plain, *heeding), names, len(heeding))


def figure_names(metrics: Sequence[Metric], concrete: Sequence[Metric], labels: Sequence[str] = ()) -> tuple[str, ...]:
    """Names of all figures; a metric that is watched twice, with other settings, is numbered as Keras does it."""
    found: list[str] = []
    for place, (declared, made) in enumerate(zip(metrics, concrete, strict=True)):
        own = (labels[place] if place < len(labels) else "") or declared.label
        name, number = own, 0
        while any(name + ending in found for ending in made.endings()):
            number += 1
            name = f"{own}_{number}"
        found += [name + ending for ending in made.endings()]
    return tuple(found)


def bound(nodes: Sequence[str], names: Mapping[str, str], arrays: Mapping[str, Array], what: str) -> dict[str, Array]:
    """Arrays by node id: by the given field name, else by order.

    Raises:
        DataError: a node has no field.
    """
    order = list(arrays)
    found = {}
    for place, node in enumerate(nodes):
        name = names.get(node) or (order[place] if place < len(order) else "")
        if name not in arrays:
            raise DataError(f"'{node}' needs an {what} field; the data offer {', '.join(order) or 'none'}.")
        found[node] = arrays[name]
    return found


def make_feed(
    inference: Inference,
    heads: Sequence[Head],
    inputs: Mapping[str, Array],
    targets: Mapping[str, Array],
    weights: Array | Mapping[str, Array] | None,
    dtype: str,
) -> Feed:
    """Arrays checked against the network and laid out in rows.

    Args:
        inference: the network's shapes.
        heads: what judges its outputs.
        inputs: what enters, by Input node.
        targets: right answers, by output node.
        weights: (samples,), or (samples, steps) where an output has steps; one array for all outputs, or by output.
        dtype: element type of the run.

    Raises:
        DataError: no numbers, wrong shape, wrong number of rows, labels outside the classes; no rows
            although there are heads, which have nothing to judge then.
    """
    given = {node: numbers(values, node, dtype) for node, values in inputs.items()}
    count = len(next(iter(given.values()))) if given else 0
    if heads and not count:
        raise DataError(f"There are no samples for '{next(iter(given), 'the network')}'. Give at least one.")
    rows = {node: _rows(node, array, inference.outputs[node][0], count) for node, array in given.items()}
    for node, places in inference.indexes.items():
        for reader, limit in places if node in rows else ():
            _check_indexes(rows[node], reader, limit)
    answers = {
        head.node: _answers(head, numbers(targets[head.node], head.node, dtype), inference.outputs[head.node][0], count)
        for head in heads
    }
    return Feed(rows, answers, None if weights is None else _row_weights(inference, heads, weights, count, dtype))


def _row_weights(
    inference: Inference, heads: Sequence[Head], given: Array | Mapping[str, Array], count: int, dtype: str
) -> dict[str, Array]:
    """Weights by output, laid out as (samples, 1) or (samples, rows that a sample contributes to the loss)."""
    found = {}
    for head in heads:
        values = given.get(head.node) if isinstance(given, Mapping) else given
        values = np.ones(count) if values is None else values
        weights = np.ascontiguousarray(numbers(values, "sample_weight", dtype), dtype=dtype)
        if len(weights) != count:
            raise DataError(f"There must be one sample weight per sample: received {len(weights)} for {count} samples.")
        weights = weights.reshape(count, -1) if count else weights.reshape(0, 1)
        steps = inference.outputs[head.node][0].shape[:-1]
        if weights.shape[1] not in (1, inner_rows(inference, head.node)):
            wanted = f"one per sample, or {shape_text(steps)} for each" if steps else "one per sample"
            raise DataError(
                f"The output '{head.node}' takes sample weights of {wanted}; "
                f"received {shape_text(np.shape(values)[1:])} for each sample."
            )
        found[head.node] = weights
    return found


def numbers(values: Any, name: str, dtype: str) -> Array:
    """Values as an array of at least one axis and of an element type that kernels read.

    Args:
        values: an array, or lists of numbers.
        name: whose data they are.
        dtype: what unusual floats (float16, long double) become.

    Raises:
        DataError: they are ragged, no numbers, or a single number.
    """
    try:
        array = np.asarray(values)
    except (ValueError, TypeError, OverflowError):
        raise DataError(
            f"The data for '{name}' must form a full block of numbers, but their rows differ in length or kind. "
            "Cut or pad them to one length."
        ) from None
    if array.dtype.kind not in "fiub":
        raise DataError(f"The data for '{name}' must be numbers; received elements of type {array.dtype}.")
    if array.ndim == 0:
        raise DataError(f"The data for '{name}' must be an array with one row per sample; received a single number.")
    if array.dtype not in READABLE:
        native = array.dtype.newbyteorder("=")
        with np.errstate(over="ignore"):  # what does not fit becomes infinite, which the loss reports
            array = array.astype(native if native in READABLE else dtype)
    return array


def _rows(node: str, array: Array, spec: TensorSpec, count: int) -> Array:
    if array.shape == (0,):
        array = array.reshape(0, *spec.sizes)  # an empty list knows no sample shape
    if tuple(array.shape[1:]) != spec.shape and (*array.shape[1:], 1) != spec.shape:
        raise DataError(
            f"'{node}' expects samples of {spec}, but the data have {shape_text(array.shape[1:])}. "
            "Reshape the data or change the layer's shape."
        )
    if len(array) != count:
        raise DataError(f"All inputs need the same number of samples; '{node}' has {len(array)}, another {count}.")
    return np.ascontiguousarray(array.reshape(count, spec.size))


def _check_indexes(array: Array, reader: str, limit: int) -> None:
    """Refuse numbers by which a layer finds nothing.

    Raises:
        DataError: they have fractions, or lie outside.
    """
    if not array.size:
        return
    low, high = array.min(), array.max()
    rule = f"'{reader}' looks rows up by whole numbers from 0 to {limit - 1}"
    if array.dtype.kind == "f" and not (np.isfinite([low, high]).all() and (array == np.rint(array)).all()):
        raise DataError(f"{rule}, but its data hold fractions or missing numbers. Give word numbers as they are.")
    if low < 0:
        raise DataError(f"{rule}, but its data begin at {low:.0f}. Number the words from 0 upwards.")
    if high >= limit:
        raise DataError(f"{rule}, but its data go up to {high:.0f}. Set input_dim to {high + 1:.0f} or more.")


def _answers(head: Head, array: Array, output: TensorSpec, count: int) -> Array:
    if len(array) != count:
        raise DataError(f"There must be one target per sample: received {len(array)} targets for {count} samples.")
    wanted = head.loss.target(output)
    flat = array.reshape(count, -1)
    if flat.shape[1] != wanted.size:
        vectors = output.size if not head.loss.sparse else 0
        if flat.shape[1] == 1 and vectors > 1 and np.issubdtype(array.dtype, np.integer):
            return one_hot(head, flat[:, 0], vectors)
        raise DataError(
            f"The loss '{head.loss.key}' needs targets of {shape_text(wanted.shape)} per sample for the output "
            f"'{head.node}' ({output}), but received {shape_text(array.shape[1:])}."
        )
    judged = flat if head.loss.ignored is None else flat[flat != head.loss.ignored]
    fault = head.loss.check(float(judged.min()), float(judged.max()), output) if judged.size else None
    if fault:
        raise DataError(fault)
    return np.ascontiguousarray(flat)


def one_hot(head: Head, labels: Array, classes: int) -> Array:
    """Class indexes as vectors, for losses that want vectors."""
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        raise DataError(
            f"The labels run from {labels.min()} to {labels.max()}, but the output '{head.node}' has {classes} values. "
            f"It needs {int(labels.max()) + 1}."
        )
    return np.eye(classes, dtype=np.float32)[labels]
