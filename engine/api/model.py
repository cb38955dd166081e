"""Model: a graph with weights, compiled, trained and asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from numbers import Real
from pathlib import Path
from typing import Any

import numpy.typing as npt

from engine.api import carrying, fitting, judging, lending, saving, stepping, structures, weights_loading
from engine.api.arguments import labels_of, metrics_for, metrics_of, per_output, symbols_of
from engine.api.callback import History
from engine.api.live_optimizer import LiveOptimizer
from engine.api.network import Network
from engine.api.old_words import call_today, ends_today, note
from engine.api.request import Request
from engine.api.symbol import Symbol
from engine.catalogue.losses.base import Loss
from engine.catalogue.metrics.base import Metric
from engine.catalogue.optimizers.base import Optimizer
from engine.component import resolved
from engine.errors import UsageError
from engine.infer import Inference
from engine.plan.plan import Head
from engine.train.heads import make_head, suits
from engine.train.loop import Loop
from engine.train.scores import metric_names
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
        inputs: Symbol | Sequence[Symbol] | None = None,
        outputs: Symbol | Sequence[Symbol] | None = None,
        name: str = "model",
        seed: int = 0,
        dtype: str = "float32",
        **older: Any,
    ) -> None:
        inputs, outputs = ends_today(inputs, outputs, older)
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
        self._metrics_given: tuple[Any, Any] = (None, None)
        self.loop: Loop | None = None  # the loop that runs now
        self.rule: Optimizer | None = None
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
            parameters.add_slot(name, self.rule.start(name) if self.rule is not None else 0.0)
        parameters.load_slots(state.slots)
        self.step = state.step
        self.iterations = state.step if state.iterations < 0 else state.iterations

    # -- compiling -----------------------------------------------------------------------------------

    def compile(
        self,
        optimizer: Any = "RMSprop",
        loss: Any = None,
        loss_weights: Sequence[float] | Mapping[str, float] | None = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        **older: Any,
    ) -> None:
        """Choose optimizer, loss (one, or one per output) and metrics (one, or several).

        ``metrics`` count every sample once; ``weighted_metrics`` heed ``sample_weight`` and ``class_weight``.
        Arguments of older versions of Keras that change nothing here, such as ``class_mode``, bring a note.

        Raises:
            UnknownName, ParameterError: a name or parameter does not exist.
            UsageError: the number of losses does not fit the outputs.
        """
        call_today("compile", older, ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics"))
        if loss is None:
            raise UsageError("compile needs a loss, for example loss='categorical_crossentropy'.")
        chosen: Any = resolved("optimizer", optimizer)
        plain, heeding = metrics_of(metrics), metrics_of(weighted_metrics)
        figures: Any = tuple(tuple(resolved("metric", m) for m in part) for part in (plain, heeding))
        self._loss_given, self._weights_given = loss, loss_weights
        self._metrics_given = (metrics, weighted_metrics)
        self.rule, (self.metrics, self.weighted_metrics) = chosen, figures
        self.step = self.iterations = 0
        self.losses = {}
        self.steppers.clear()
        self.forget_optimizer()
        if self.inference is not None:
            self._assign_losses()

    @property
    def optimizer(self) -> LiveOptimizer | None:
        """The optimizer, whose learning rate may be read and set at any time; ``None`` before ``compile``."""
        return LiveOptimizer(self) if self.rule is not None else None

    def _assign_losses(self) -> None:
        names = self._answering()
        self.losses = {n: resolved("loss", value) for n, value in per_output(names, self._loss_given, "loss").items()}  # type: ignore[misc]
        weights = 1.0 if self._weights_given is None else self._weights_given
        shares = per_output(names, weights, "loss weight")
        for share in shares.values():
            if not isinstance(share, Real) or not isfinite(share):
                raise UsageError(f"loss_weights must be numbers, one per output; received {share!r}.")
        self.loss_weights = {n: float(w) for n, w in shares.items()}

    def _answering(self) -> list[str]:
        return self.output_names or list(self.graph.outputs)

    def heads(self) -> tuple[Head, ...]:
        """Loss and metrics of each output.

        Raises:
            UsageError: the model was not compiled.
        """
        inference = self.shapes()
        if self.rule is None:
            raise UsageError("Call compile(optimizer=..., loss=...) before training or evaluating.")
        if not self.losses:
            self._assign_losses()
        found = []
        for n in self._answering():
            (plain, heeding), labels = self._judges(inference, n)
            found.append(make_head(inference, n, self.losses[n], self.loss_weights[n], plain, heeding, labels))
        return tuple(found)

    def _judges(self, inference: Inference, output: str) -> tuple[list[list[Metric]], tuple[list[str], list[str]]]:
        """The metrics of an output and how they are called; of a list for all outputs it takes what suits it."""
        names = self._answering()
        chosen: list[list[Metric]] = []
        labels: list[list[str]] = []
        for given in self._metrics_given:
            own = metrics_for(given, names, output)
            asked = metrics_of(given) if own is None else own
            made: list[Any] = [resolved("metric", item) for item in asked]
            drops = own is None and len(names) > 1
            spec, loss = inference.outputs[output][0], self.losses[output]
            kept = [n for n, metric in enumerate(made) if not drops or suits(metric, spec, loss)]
            spelled = labels_of(asked)
            chosen.append([made[n] for n in kept])
            labels.append([spelled[n] for n in kept])
        return chosen, (labels[0], labels[1])

    def own_metrics(self, output: str) -> tuple[tuple[Metric, ...] | None, ...]:
        """The metrics and weighted metrics given for this output alone; ``None`` where one list serves all."""
        given = (metrics_for(part, self._answering(), output) for part in self._metrics_given)
        made: Any = [None if own is None else tuple(resolved("metric", item) for item in own) for own in given]
        return tuple(made)

    @property
    def metrics_names(self) -> list[str]:
        """Names of what ``evaluate`` returns."""
        return ["loss", *metric_names(self.graph, self.heads())]

    # -- training ------------------------------------------------------------------------------------

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool | str = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | Sequence[int] = 1,
        **older: Any,
    ) -> History:
        """Train; arguments and their order are Keras's.

        Args:
            x: arrays: one, a list in the order of the inputs, or a mapping by their names; or ``h5py`` datasets,
                which are read batch by batch; or a generator of batches ``(x, y)`` or ``(x, y, sample_weight)``.
            y: right answers, likewise.
            batch_size: samples per update; ``None`` is 32.
            epochs: the epoch at which training ends.
            verbose: 0 silent, 1 a line that grows, 2 a line per epoch; ``"auto"`` is 1.
            callbacks: one or several of ``engine.callbacks``, or of classes of your own.
            validation_split: the share of the samples, the last ones, that judges and does not train.
            validation_data: ``(x, y)`` or ``(x, y, sample_weight)`` that judges, or a generator of such batches.
            shuffle: a new order every epoch; ``"batch"`` keeps neighbours together, as HDF5 needs it.
            class_weight: weights of the classes in the loss.
            sample_weight: one weight per sample, or per sample and step.
            initial_epoch: where to go on counting.
            steps_per_epoch: batches that count as an epoch; needed for generators.
            validation_steps: batches that one validation looks at.
            validation_batch_size: samples per batch of validation.
            validation_freq: epochs from one validation to the next, or the epochs (1 is the first) that have one.
            **older: arguments under older names, such as ``nb_epoch``.

        Returns:
            The history: ``history.history["loss"]`` and so on.

        Raises:
            UsageError: not compiled, or impossible arguments.
            DataError: the data do not fit the network.
        """
        request = Request(
            x, y, batch_size, epochs, verbose, callbacks, validation_split, validation_data, shuffle,
            class_weight, sample_weight, initial_epoch, steps_per_epoch, validation_steps, validation_batch_size,
            validation_freq,
        ).with_older(older)  # fmt: skip
        self.history = fitting.fit(self, request)
        return self.history

    def fit_generator(
        self, generator: Any, steps_per_epoch: int | None = None, epochs: int = 1, **more: Any
    ) -> History:
        """Older name of ``fit`` with a generator."""
        note("fit_generator(...)", "fit(...)")
        return self.fit(generator, steps_per_epoch=steps_per_epoch, epochs=epochs, **more)

    def evaluate_generator(self, generator: Any, steps: int | None = None, **more: Any) -> Any:
        """Older name of ``evaluate`` with a generator."""
        note("evaluate_generator(...)", "evaluate(...)")
        return self.evaluate(generator, steps=steps, **({"verbose": 0} | call_today("fit", more, ("verbose",))))

    def predict_generator(self, generator: Any, steps: int | None = None, **more: Any) -> Any:
        """Older name of ``predict`` with a generator."""
        note("predict_generator(...)", "predict(...)")
        return self.predict(generator, steps=steps, **({"verbose": 0} | call_today("fit", more, ("verbose",))))

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: Mapping[int, float] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """One update on these samples; returns loss and metrics of the batch."""
        logs = stepping.train_on_batch(self, x, y, sample_weight, class_weight)
        lending.claim(self)
        return judging.figures(logs, return_dict)

    # -- judging and answering -----------------------------------------------------------------------

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Loss, followed by the metrics when there are any (as Keras's list), or a dictionary of them.

        Raises:
            UsageError: not compiled, or impossible arguments.
            DataError: the data do not fit the network.
        """
        asked = judging.Asked(x, y, sample_weight, batch_size, steps, verbose, callbacks)
        return judging.figures(judging.evaluate(self, asked), return_dict)

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        steps: int | None = None,
        callbacks: Any = None,
    ) -> Any:
        """Outputs for inputs: one array, or a list for several outputs.

        Raises:
            UsageError: impossible arguments.
            DataError: the data do not fit the network.
        """
        asked = judging.Asked(x, None, None, batch_size, steps, verbose, callbacks)
        return judging.predict(self, asked)

    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False) -> Any:
        """Loss and metrics of these samples, without an update."""
        return judging.figures(judging.on_batch(self, x, y, sample_weight), return_dict)

    def predict_on_batch(self, x: Any) -> Any:
        """Outputs for these samples, as one batch."""
        return judging.predict_on_batch(self, x)

    def reset_states(self) -> None:
        """Let all layers that are ``stateful`` begin with zeros again.

        Keras's rules: a state lives from batch to batch in ``fit``, ``evaluate`` and ``predict`` alike, also from one
        epoch to the next, until it is reset; all batches until then need as many rows.
        """
        carrying.reset(self)

    def reset_state(self) -> None:
        """As ``reset_states``."""
        carrying.reset(self)

    # -- keeping -------------------------------------------------------------------------------------

    def save(self, filepath: str | Path, overwrite: bool = True) -> None:
        """Write the model: a project folder that the window opens too, or with ``.keras`` or ``.h5`` a file of Keras.

        Args:
            filepath: where; a name without these endings is a folder.
            overwrite: whether something that is there may be replaced.

        Raises:
            FileError: it cannot be written.
            UsageError: Keras has no counterpart for something in it.
        """
        saving.save_model(self, Path(filepath), overwrite)

    def save_weights(self, filepath: str | Path, overwrite: bool = True) -> None:
        """Write the weights alone: ``.weights.h5`` as Keras 3 does, other ``.h5`` as every Keras reads them.

        Raises:
            FileError: it cannot be written.
            UsageError: the name ends otherwise.
        """
        saving.save_weights(self, Path(filepath), overwrite)

    def load_weights(self, filepath: str | Path, by_name: bool = False, skip_mismatch: bool = False) -> None:
        """Replace the weights by those of a file of ours or of Keras's; all is checked before anything changes.

        Args:
            filepath: ``.weights.h5``, ``.h5``, ``.keras`` or a project folder.
            by_name: take only layers of the same name, instead of all in their order.
            skip_mismatch: leave layers as they are whose weights do not fit.

        Raises:
            FileError: the file is damaged or no file of weights.
            UsageError: it does not fit the model.
        """
        weights_loading.load_weights(self, Path(filepath), by_name, skip_mismatch)

    def to_json(self, **options: Any) -> str:
        """The structure as JSON, without weights; ``engine.models.model_from_json`` reads it."""
        return structures.to_json(self, **options)

    def to_yaml(self) -> str:
        """The structure as YAML, without weights; ``engine.models.model_from_yaml`` reads it."""
        return structures.to_yaml(self)

    def state(self) -> RunState:
        """Weights and optimizer memory as the project files hold them."""
        _, parameters = self.require()
        key = self.rule.key if self.rule is not None else ""
        blank = RunState(self.graph, parameters.copy(), parameters.copy_slots(), key, self.seed, carried=self.carried)
        return replace(blank, step=self.step, iterations=self.iterations)
