"""Arrays that people hand over, checked against a network and laid out in rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import DataError
from engine.infer import Inference
from engine.plan.plan import Feed, Head
from engine.tensor_spec import TensorSpec, shape_text
from engine.train.scores import inner_rows

Array = npt.NDArray[Any]
#: Element types that the gathering kernel reads as they are; every other number is converted once.
READABLE = frozenset(map(np.dtype, ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8")))


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


#: What helps where shapes differ.
_ADVICE = "Reshape the data or change the layer's shape."


def _rows(node: str, array: Array, spec: TensorSpec, count: int) -> Array:
    if array.shape == (0,):
        array = array.reshape(0, *spec.sizes)  # an empty list knows no sample shape
    if tuple(array.shape[1:]) != spec.shape and (*array.shape[1:], 1) != spec.shape:
        found = shape_text(array.shape[1:]) if array.ndim > 1 else "a single number for each"
        alone = tuple(array.shape) == spec.shape
        raise DataError(
            f"'{node}' expects samples of {spec}, but the data have {found}. "
            + ("One sample alone needs a first axis: x[None]." if alone else _ADVICE)
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
