"""What ``evaluate``, ``predict`` and their siblings for single batches do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.api import carrying
from engine.api.arguments import batch_size_of, callbacks_of, whole_number
from engine.api.fitting import loudness
from engine.api.hooks import Hooks
from engine.api.progress import ProgressLine
from engine.api.readers import BatchReader, DiskReader, is_source, steps_of
from engine.api.request import build
from engine.api.rows import rows_of
from engine.errors import DataError, UsageError
from engine.plan.plan import Feed
from engine.train.predictor import Predictor
from engine.train.reader import NO_ROWS
from engine.train.streaming import Streaming
from engine.train.tray import rows_of as rows_in

if TYPE_CHECKING:
    from engine.api.model import Model


@dataclass(frozen=True)
class Asked:
    """The arguments of ``evaluate`` and ``predict``."""

    x: Any
    y: Any = None
    sample_weight: Any = None
    batch_size: int | None = None
    steps: int | None = None
    verbose: int | str = "auto"
    callbacks: Any = None


def figures(logs: Mapping[str, float], return_dict: bool) -> Any:
    """Figures as Keras returns them: a mapping, or a list that is a single number without metrics."""
    if return_dict:
        return dict(logs)
    listed = list(logs.values())
    return listed if len(listed) > 1 else listed[0]


def evaluate(model: Model, asked: Asked) -> dict[str, float]:
    """Loss and metrics on data.

    Raises:
        UsageError: not compiled, or impossible arguments.
        DataError: the data do not fit.
    """
    loud = loudness(asked.verbose)
    feeds, batches = _feeds(model, asked, judged=True)
    hooks = Hooks(model, callbacks_of(asked.callbacks), {"steps": batches, "verbose": loud})
    line, logs = ProgressLine(batches, loud), dict[str, float]()
    streaming = Streaming(_predictor(model), model.heads(), carried=carrying.states_of(model))
    hooks.call("on_test_begin")
    hooks.batch("on_test_batch_begin", 0)
    for batch, logs in enumerate(streaming.judged(feeds)):
        line.update(batch + 1, logs)
        hooks.batch("on_test_batch_end", batch, dict(logs))
        carrying.keep(model, streaming.carried)
        if batch + 1 < batches:
            hooks.batch("on_test_batch_begin", batch + 1)
    line.finish(logs)
    hooks.call("on_test_end", dict(logs))
    return logs


def predict(model: Model, asked: Asked) -> Any:
    """Outputs for data.

    Raises:
        UsageError: impossible arguments.
        DataError: the data do not fit.
    """
    loud = loudness(asked.verbose)
    feeds, batches = _feeds(model, asked, judged=False)
    hooks = Hooks(model, callbacks_of(asked.callbacks), {"steps": batches, "verbose": loud})
    line, names = ProgressLine(batches, loud), model.output_names or list(model.graph.outputs)
    found: dict[str, list[Any]] = {name: [] for name in names}
    hooks.call("on_predict_begin")
    if batches:
        hooks.batch("on_predict_batch_begin", 0)
    streaming = Streaming(_predictor(model), (), names, carrying.states_of(model))
    for batch, outputs in enumerate(streaming.answered(feeds)):
        for name in names:
            found[name].append(outputs[name])
        line.update(batch + 1, {})
        carrying.keep(model, streaming.carried)
        hooks.batch("on_predict_batch_end", batch, {"outputs": _answer(outputs, names)})
        if batch + 1 < batches:
            hooks.batch("on_predict_batch_begin", batch + 1)
    line.finish({})
    hooks.call("on_predict_end")
    shapes = {name: model.shapes().outputs[name][0].sizes for name in names}
    whole = {n: np.concatenate(p) if p else np.zeros((0, *shapes[n]), model.dtype) for n, p in found.items()}
    return _answer(whole, names)


def on_batch(model: Model, x: Any, y: Any, sample_weight: Any) -> dict[str, float]:
    """Loss and metrics of one batch."""
    build(model, x)
    feed = rows_of(model, x, y, sample_weight, "").feed(model)
    streaming = Streaming(_predictor(model), model.heads(), carried=carrying.states_of(model))
    logs = next(streaming.judged([feed]))
    carrying.keep(model, streaming.carried)
    return logs


def predict_on_batch(model: Model, x: Any) -> Any:
    """Outputs for one batch."""
    build(model, x)
    rows = rows_of(model, x, None, None, "", judged=False)
    if not rows.samples:
        raise DataError("The batch is empty. Give at least one sample.")
    names = model.output_names or list(model.graph.outputs)
    streaming = Streaming(_predictor(model), (), names, carrying.states_of(model))
    outputs = next(streaming.answered([rows.feed(model, judged=False)]))
    carrying.keep(model, streaming.carried)
    return _answer(outputs, names)


def _answer(outputs: Mapping[str, Any], names: list[str]) -> Any:
    return outputs[names[0]] if len(names) == 1 else [outputs[name] for name in names]


def _predictor(model: Model) -> Predictor:
    return Predictor(model.graph, model.require()[1].copy(), model.dtype)


def _feeds(model: Model, asked: Asked, judged: bool) -> tuple[Iterator[Feed], int]:
    """Batches, and how many."""
    size = batch_size_of(asked.batch_size)
    if asked.steps is not None:
        whole_number("steps", asked.steps, 1)
    if is_source(asked.x):
        if asked.y is not None or asked.sample_weight is not None:
            raise UsageError("A generator gives inputs and targets together: y and sample_weight must be left out.")
        batches = steps_of(asked.x, asked.steps, "steps")
        source = BatchReader(model, asked.x, "The generator", judged=judged)
        return (source.batch(NO_ROWS) for _ in range(batches)), batches
    build(model, asked.x)
    rows = rows_of(model, asked.x, asked.y, asked.sample_weight, "", judged)
    batches = -(-rows.samples // size)
    batches = batches if asked.steps is None else min(batches, asked.steps)
    if rows.on_disk:
        reader = DiskReader(model, rows, judged)
        places = (np.arange(n * size, min((n + 1) * size, rows.samples)) for n in range(batches))
        return (reader.batch(place) for place in places), batches
    whole = rows.feed(model, judged)
    return (_part(whole, n * size, (n + 1) * size) for n in range(batches)), batches


def _part(feed: Feed, first: int, stop: int) -> Feed:
    rows = slice(first, min(stop, rows_in(feed)))
    return Feed(
        {node: array[rows] for node, array in feed.inputs.items()},
        {node: array[rows] for node, array in feed.targets.items()},
        None if feed.weights is None else {node: array[rows] for node, array in feed.weights.items()},
    )
