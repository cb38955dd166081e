"""What ``fit``, ``evaluate``, ``predict`` and ``train_on_batch`` do."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.api.callback import Callback, History
from engine.api.progress import ProgressLine
from engine.errors import DataError, UsageError
from engine.plan.plan import Feed
from engine.train.control import Control
from engine.train.events import BatchEnd, EpochEnd, Failed, Finished
from engine.train.job import Job, make_feed, metric_names
from engine.train.loop import Loop
from engine.train.predictor import Predictor
from engine.train.state import RunState

if TYPE_CHECKING:
    from engine.api.model import Model

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Request:
    """The arguments of ``fit``."""

    x: Any
    y: Any
    batch_size: int = 32
    epochs: int = 1
    verbose: int | str = "auto"
    callbacks: tuple[Callback, ...] = ()
    validation_split: float = 0.0
    validation_data: Any = None
    shuffle: bool = True
    class_weight: Mapping[int, float] | None = None
    sample_weight: Any = None
    initial_epoch: int = 0


def fit(model: Model, request: Request) -> History:
    """Train a model and return its history."""
    loop = Loop(make_job(model, request), start_of(model, request.initial_epoch), parameters=model.parameters)
    history = History()
    callbacks = [history, *request.callbacks]
    verbose = loudness(request.verbose)
    hooks = Hooks(model, callbacks, {"epochs": request.epochs, "steps": loop.job.batches, "verbose": verbose})
    control = Control()
    model.stop_training = False
    try:
        follow(loop, control, hooks, verbose)
    finally:
        model.step = loop.step
    return history


def follow(loop: Loop, control: Control, hooks: Hooks, verbose: int) -> None:
    """Run the loop, calling hooks and drawing progress.

    Raises:
        DataError: the loss became infinite or not a number.
    """
    names = ("loss", *loop.job.metric_names)
    line: ProgressLine | None = None
    hooks.begin()
    for event in loop.run(control):
        if isinstance(event, BatchEnd):
            logs = dict(zip(names, (event.mean_loss, *event.metrics), strict=True))
            if line is None:
                if verbose:
                    print(f"Epoch {event.epoch + 1}/{loop.job.epochs}")
                line = ProgressLine(loop.job.batches, verbose)
            line.update(event.batch, logs)
            hooks.batch(event, logs, loop.job.batches)
        elif isinstance(event, EpochEnd):
            if line is not None:
                line.finish(event.logs)
                line = None
            hooks.epoch(event.epoch - 1, event.logs, loop.job.epochs)
        elif isinstance(event, Failed):
            raise DataError(event.problem.text)
        elif isinstance(event, Finished):
            break
        if hooks.model.stop_training:
            control.stop()
    hooks.end()


class Hooks:
    """Calls the callbacks at Keras's moments."""

    def __init__(self, model: Model, callbacks: Sequence[Callback], params: dict[str, Any]) -> None:
        self.model, self.callbacks = model, callbacks
        # Batch hooks cost time at every update: only those that do something are called.
        self.on_begin = [c for c in callbacks if type(c).on_train_batch_begin is not Callback.on_train_batch_begin]
        self.on_end = [c for c in callbacks if type(c).on_train_batch_end is not Callback.on_train_batch_end]
        for callback in callbacks:
            callback.set_model(model)
            callback.set_params(params)

    def begin(self) -> None:
        """Training and its first epoch begin."""
        for callback in self.callbacks:
            callback.on_train_begin()
        self._epoch_begins = True

    def batch(self, event: BatchEnd, logs: dict[str, float], batches: int) -> None:
        """A batch is over, and before the first of an epoch the epoch began."""
        if self._epoch_begins:
            self._epoch_begins = False
            for callback in self.callbacks:
                callback.on_epoch_begin(event.epoch)
        for callback in self.on_begin:
            callback.on_train_batch_begin(event.batch - 1)
        for callback in self.on_end:
            callback.on_train_batch_end(event.batch - 1, logs)

    def epoch(self, epoch: int, logs: Mapping[str, float], epochs: int) -> None:
        """An epoch is over."""
        for callback in self.callbacks:
            callback.on_epoch_end(epoch, dict(logs))
        self._epoch_begins = True

    def end(self) -> None:
        """Training is over."""
        for callback in self.callbacks:
            callback.on_train_end()


def start_of(model: Model, epoch: int) -> RunState:
    """Where a call of fit begins: the model's weights, the optimizer's memory and step count."""
    return replace(model.state(), epoch=epoch)


def make_job(model: Model, request: Request) -> Job:
    """Everything a run needs, checked.

    Raises:
        UsageError: impossible arguments.
        DataError: the data do not fit.
    """
    build(model, request.x)
    heads = model.heads()
    inference, _ = model.require()
    _check_numbers(request)
    inputs = by_name(model.graph.inputs, request.x, "input")
    targets = by_name([h.node for h in heads], request.y, "target")
    val_inputs, val_targets = _validation(model, request, inputs, targets)
    if request.validation_split and request.validation_data is None:
        keep = _training_rows(request, inputs)
        inputs = {k: v[:keep] for k, v in inputs.items()}
        targets = {k: v[:keep] for k, v in targets.items()}
    samples = len(next(iter(inputs.values())))
    if samples == 0:
        raise DataError("There are no samples to train on.")
    weights = _weights(request, targets, samples)
    val_feed: Feed | None = None
    if val_inputs:
        val_feed = make_feed(inference, heads, val_inputs, val_targets, None, model.dtype)
    assert model.optimizer is not None
    return Job(
        graph=model.graph, inference=inference, heads=heads, optimizer=model.optimizer,
        feed=make_feed(inference, heads, inputs, targets, weights, model.dtype), samples=samples,
        val_feed=val_feed, val_samples=len(next(iter(val_inputs.values()))) if val_inputs else 0,
        epochs=request.epochs, batch_size=min(request.batch_size, samples), seed=model.seed,
        shuffle=request.shuffle, dtype=model.dtype, frozen=model.frozen(),
    )  # fmt: skip


def _check_numbers(request: Request) -> None:
    for name in ("batch_size", "epochs"):
        value = getattr(request, name)
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
            raise UsageError(f"{name} must be a whole number from 1 upwards; received {value!r}.")
    if not 0 <= request.validation_split < 1:
        raise UsageError(f"validation_split must be from 0 to below 1; received {request.validation_split!r}.")


def _training_rows(request: Request, inputs: Mapping[str, Array]) -> int:
    """As Keras: the last rows judge."""
    return int(len(next(iter(inputs.values()))) * (1.0 - request.validation_split))


def _validation(
    model: Model, request: Request, inputs: dict[str, Array], targets: dict[str, Array]
) -> tuple[dict[str, Array], dict[str, Array]]:
    names = [h.node for h in model.heads()]
    if request.validation_data is not None:
        x, y, *_ = request.validation_data
        return by_name(model.graph.inputs, x, "validation input"), by_name(names, y, "validation target")
    if request.validation_split:
        keep = _training_rows(request, inputs)
        return {k: v[keep:] for k, v in inputs.items()}, {k: v[keep:] for k, v in targets.items()}
    return {}, {}


def _weights(request: Request, targets: Mapping[str, Array], samples: int) -> Array | None:
    weights = None if request.sample_weight is None else np.asarray(request.sample_weight, float)[:samples]
    if request.class_weight:
        labels = next(iter(targets.values()))
        rows = labels.reshape(samples, -1)
        classes = rows.argmax(axis=1) if rows.shape[1] > 1 else rows[:, 0].astype(int)
        by_class = np.array([request.class_weight.get(int(c), 1.0) for c in classes])
        weights = by_class if weights is None else weights * by_class
    return weights


def by_name(nodes: Sequence[str], given: Any, what: str) -> dict[str, Array]:
    """Arrays by node from one array, a list in order, or a mapping.

    Raises:
        UsageError: their number or names do not fit.
    """
    if given is None:
        raise UsageError(f"There is no {what}. The network has {', '.join(nodes)}.")
    if isinstance(given, Mapping):
        missing = [n for n in nodes if n not in given]
        if missing:
            raise UsageError(f"There is no {what} for '{missing[0]}'; received {', '.join(map(str, given))}.")
        return {n: np.asarray(given[n]) for n in nodes}
    several = len(nodes) > 1 and isinstance(given, (list, tuple))
    arrays = [np.asarray(g) for g in given] if several else [np.asarray(given)]
    if len(arrays) != len(nodes):
        raise UsageError(f"The network needs {len(nodes)} {what} arrays ({', '.join(nodes)}); received {len(arrays)}.")
    return dict(zip(nodes, arrays, strict=True))


def build(model: Model, x: Any) -> None:
    """Let a Sequential learn its input shape from data."""
    learn = getattr(model, "build_for", None)
    if learn is not None:
        learn(x)


def evaluate(model: Model, x: Any, y: Any, batch_size: int, verbose: int | str) -> list[float] | float:
    """Loss and metrics on data."""
    build(model, x)
    heads = model.heads()
    inference, parameters = model.require()
    inputs = by_name(model.graph.inputs, x, "input")
    targets = by_name([h.node for h in heads], y, "target")
    samples = len(next(iter(inputs.values())))
    line = ProgressLine(-(-samples // batch_size), loudness(verbose))
    feed = make_feed(inference, heads, inputs, targets, None, model.dtype)
    logs = Predictor(model.graph, parameters.copy(), model.dtype).judge(heads, feed, samples, batch_size)
    line.finish(logs)
    figures = [logs["loss"], *(logs[name] for name in metric_names(model.graph, heads))]
    return figures if len(figures) > 1 else figures[0]


def predict(model: Model, x: Any, batch_size: int, verbose: int | str) -> Any:
    """Outputs for data."""
    build(model, x)
    _, parameters = model.require()
    inputs = by_name(model.graph.inputs, x, "input")
    names = model.output_names or list(model.graph.outputs)
    samples = len(next(iter(inputs.values())))
    line = ProgressLine(-(-samples // batch_size), loudness(verbose))
    found = Predictor(model.graph, parameters.copy(), model.dtype).predict(inputs, batch_size, names)
    line.finish({})
    return found[names[0]] if len(names) == 1 else [found[name] for name in names]


def train_on_batch(model: Model, x: Any, y: Any, sample_weight: Any) -> list[float] | float:
    """One update."""
    build(model, x)
    rows = len(next(iter(by_name(model.graph.inputs, x, "input").values())))
    request = Request(x, y, batch_size=max(1, rows), shuffle=False, sample_weight=sample_weight)
    loop = Loop(make_job(model, request), start_of(model, 0), parameters=model.parameters)
    figures: list[float] = []
    for event in loop.run(Control()):
        if isinstance(event, BatchEnd):
            figures = [event.mean_loss, *event.metrics]
        elif isinstance(event, Failed):
            raise DataError(event.problem.text)
    model.step = loop.step
    return figures if len(figures) > 1 else figures[0]


def loudness(verbose: int | str) -> int:
    """``auto`` is a growing line; everything else must be 0, 1 or 2."""
    if verbose == "auto":
        return 1 if sys.stdout is not None else 0
    if verbose not in (0, 1, 2):
        raise UsageError(f"verbose must be 0, 1, 2 or 'auto'; received {verbose!r}.")
    return int(verbose)
