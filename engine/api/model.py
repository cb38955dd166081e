"""Model: a graph with weights, compiled, trained and asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from numbers import Real
from pathlib import Path
from typing import Any

import numpy.typing as npt

from engine.api import fitting, lending, saving, stepping
from engine.api.arguments import metrics_of, per_output, symbols_of
from engine.api.callback import Callback, History
from engine.api.network import Network
from engine.api.request import Request
from engine.api.symbol import Symbol
from engine.catalogue.losses.base import Loss
from engine.catalogue.metrics.base import Metric
from engine.catalogue.optimizers.base import Optimizer
from engine.component import resolved
from engine.errors import UsageError
from engine.infer import Inference
from engine.plan.plan import Head
from engine.train.job import make_head
from engine.train.state import RunState

Array = npt.NDArray[Any]


class Model(Network):
    """A network made by calling layers on each other.

    Args:
        inputs: symbol or symbols of ``Input``.
        outputs: symbol or symbols to answer with.
        name: name of the model.
        seed: start of every random choice; the same seed gives the same weights and results.
        dtype: ``float32`` or ``float64``.

    Raises:
        UsageError: the outputs do not follow from the inputs.
    """

    def __init__(
        self,
        inputs: Symbol | Sequence[Symbol],
        outputs: Symbol | Sequence[Symbol],
        name: str = "model",
        seed: int = 0,
        dtype: str = "float32",
    ) -> None:
        self._begin(name, seed, dtype)
        for symbol in symbols_of(inputs, "inputs"):
            self.inputs.append(symbol)
            self.wiring.enter(symbol)
        self._answer(symbols_of(outputs, "outputs"))
        self._reshape()

    def _begin(self, name: str, seed: int, dtype: str) -> None:
        super()._begin(name, seed, dtype)
        self._loss_given: Any = None
        self._weights_given: Any = None
        self.optimizer: Optimizer | None = None
        self.losses: dict[str, Loss] = {}
        self.loss_weights: dict[str, float] = {}
        self.metrics: tuple[Metric, ...] = ()
        self.weighted_metrics: tuple[Metric, ...] = ()
        self.step = self.iterations = 0
        self.stop_training = False
        self.history: History | None = None

    def _reshape(self, known: Inference | None = None) -> None:
        super()._reshape(known)
        self.losses = {}

    def restore_optimizer(self, state: RunState) -> None:
        """Take over the optimizer's memory of an earlier training."""
        _, parameters = self.require()
        lending.claim(self)
        for name in state.slots:
            parameters.add_slot(name, self.optimizer.start(name) if self.optimizer is not None else 0.0)
        parameters.load_slots(state.slots)
        self.step = state.step
        self.iterations = state.step if state.iterations < 0 else state.iterations

    # -- compiling and training ----------------------------------------------------------------------

    def compile(
        self,
        optimizer: Any = "RMSprop",
        loss: Any = None,
        loss_weights: Sequence[float] | Mapping[str, float] | None = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
    ) -> None:
        """Choose optimizer, loss (one, or one per output) and metrics (one, or several).

        ``metrics`` count every sample once; ``weighted_metrics`` heed ``sample_weight`` and ``class_weight``.

        Raises:
            UnknownName, ParameterError: a name or parameter does not exist.
            UsageError: the number of losses does not fit the outputs.
        """
        if loss is None:
            raise UsageError("compile needs a loss, for example loss='categorical_crossentropy'.")
        chosen: Any = resolved("optimizer", optimizer)
        figures: Any = tuple(resolved("metric", m) for m in metrics_of(metrics))
        heeding: Any = tuple(resolved("metric", m) for m in metrics_of(weighted_metrics))
        self._loss_given, self._weights_given = loss, loss_weights
        self.optimizer, self.metrics, self.weighted_metrics = chosen, figures, heeding
        self.step = self.iterations = 0
        self.losses = {}
        self.steppers.clear()
        self._resting.clear()
        if self._parameters is not None:
            self._parameters.slots.clear()
        if self.inference is not None:
            self._assign_losses()

    def _assign_losses(self) -> None:
        names = self.output_names or list(self.graph.outputs)
        self.losses = {n: resolved("loss", value) for n, value in per_output(names, self._loss_given, "loss").items()}  # type: ignore[misc]
        weights = 1.0 if self._weights_given is None else self._weights_given
        shares = per_output(names, weights, "loss weight")
        for share in shares.values():
            if not isinstance(share, Real) or not isfinite(share):
                raise UsageError(f"loss_weights must be numbers, one per output; received {share!r}.")
        self.loss_weights = {n: float(w) for n, w in shares.items()}

    def heads(self) -> tuple[Head, ...]:
        """Loss and metrics of each output.

        Raises:
            UsageError: the model was not compiled.
        """
        inference = self.shapes()
        if self.optimizer is None:
            raise UsageError("Call compile(optimizer=..., loss=...) before training or evaluating.")
        if not self.losses:
            self._assign_losses()
        names = self.output_names or list(self.graph.outputs)
        return tuple(
            make_head(inference, n, self.losses[n], self.loss_weights[n], self.metrics, self.weighted_metrics)
            for n in names
        )

    def fit(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: Callback | Sequence[Callback] | None = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
    ) -> History:
        """Train; arguments and their order are Keras's (``batch_size=None`` is 32).

        Returns:
            The history: ``history.history["loss"]`` and so on.

        Raises:
            UsageError: not compiled, or impossible arguments.
            DataError: the data do not fit the network.
        """
        request = Request(
            x, y, batch_size, epochs, verbose, callbacks, validation_split, validation_data, shuffle,
            class_weight, sample_weight, initial_epoch,
        )  # fmt: skip
        self.history = fitting.fit(self, request)
        return self.history

    def evaluate(
        self, x: Any, y: Any, batch_size: int | None = None, verbose: int | str = "auto"
    ) -> list[float] | float:
        """Loss, followed by the metrics when there are any (as Keras's list)."""
        return fitting.evaluate(self, x, y, batch_size, verbose)

    def predict(self, x: Any, batch_size: int | None = None, verbose: int | str = "auto") -> Any:
        """Outputs for inputs: one array, or a list for several outputs."""
        return fitting.predict(self, x, batch_size, verbose)

    def train_on_batch(self, x: Any, y: Any, sample_weight: Any = None) -> list[float] | float:
        """One update on these samples; returns loss and metrics of the batch."""
        figures = stepping.train_on_batch(self, x, y, sample_weight)
        lending.claim(self)
        return figures

    def save(self, path: str | Path) -> None:
        """Write a project folder that the window opens too.

        Raises:
            FileError: it cannot be written.
        """
        saving.save_model(self, Path(path))

    def state(self) -> RunState:
        """Weights and optimizer memory as the project files hold them."""
        _, parameters = self.require()
        key = self.optimizer.key if self.optimizer is not None else ""
        blank = RunState(self.graph, parameters.copy(), parameters.copy_slots(), key, self.seed)
        return replace(blank, step=self.step, iterations=self.iterations)
