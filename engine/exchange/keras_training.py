"""How a network is trained, in Keras's words, so that Keras can go on with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.catalogue.losses.base import Loss
from engine.catalogue.metrics.base import Metric
from engine.catalogue.optimizers.base import Optimizer
from engine.component import Component
from engine.exchange.keras_network import KerasNetwork
from engine.exchange.keras_terms import MEMORY, as_json, is_known
from engine.exchange.parcel import Parcel


@dataclass(frozen=True)
class Compiled:
    """The arguments of ``model.compile``.

    Attributes:
        optimizer: the update rule.
        losses: one for each output.
        shares: of the losses in the total, or nothing where all count 1.
        metrics, weighted_metrics: those of each output.
    """

    optimizer: Optimizer
    losses: tuple[Loss, ...]
    shares: tuple[float, ...]
    metrics: tuple[tuple[Metric, ...], ...]
    weighted_metrics: tuple[tuple[Metric, ...], ...] = ()


def compiled(parcel: Parcel) -> Compiled | None:
    """What ``compile`` is told; ``None`` where settings are missing or Keras lacks the loss or optimizer."""
    if parcel.training is None:
        return None
    targets = [parcel.target_of(key) for key in parcel.graph.outputs]
    losses = tuple(target.loss or parcel.training.loss for target in targets)
    if not all(is_known(part) for part in (*_optimizer_parts(parcel.training.optimizer), *losses)):
        return None
    shares = tuple(target.weight for target in targets)
    plain, heeding = (tuple(tuple(m for m in own if is_known(m)) for own in lists) for lists in _figures(parcel))
    different = any(share != 1 for share in shares)
    heeding = heeding if any(heeding) else ()
    return Compiled(parcel.training.optimizer, losses, shares if different else (), plain, heeding)


def _figures(parcel: Parcel) -> tuple[list[tuple[Metric, ...]], list[tuple[Metric, ...]]]:
    """The metrics and the weighted metrics of each output."""
    config = parcel.training
    assert config is not None
    targets = [parcel.target_of(key) for key in parcel.graph.outputs]
    plain = [config.metrics if t.metrics is None else t.metrics for t in targets]
    return plain, [config.weighted_metrics if t.weighted_metrics is None else t.weighted_metrics for t in targets]


def _optimizer_parts(optimizer: Optimizer) -> list[Component]:
    """The optimizer, and the schedule it may hold."""
    return [optimizer, *(part for part in vars(optimizer).values() if isinstance(part, Component))]


def training_notes(parcel: Parcel) -> tuple[str, ...]:
    """What of the training's settings is left out."""
    if parcel.training is None:
        return ()
    targets = [parcel.target_of(key) for key in parcel.graph.outputs]
    optimizer = _optimizer_parts(parcel.training.optimizer)
    needed: list[Component] = [*optimizer, *(t.loss or parcel.training.loss for t in targets)]
    strange = [part.title for part in needed if not is_known(part)]
    if strange:
        return (f"Optimizer, loss and metrics are left out, because Keras does not have {strange[0]}.",)
    metrics = [metric for lists in _figures(parcel) for own in lists for metric in own]
    return tuple(
        f"The metric {title} is left out, because Keras does not have it."
        for title in dict.fromkeys(metric.title for metric in metrics if not is_known(metric))
    )


def compile_config(settings: Compiled) -> dict[str, Any]:
    """The ``compile_config`` of a model's file; one value for a single output, else a list."""
    losses, metrics, heeding = map(as_json, (settings.losses, settings.metrics, settings.weighted_metrics))
    several = len(losses) > 1
    return {
        "optimizer": as_json(settings.optimizer),
        "loss": losses if several else losses[0],
        "loss_weights": list(settings.shares) or None,
        "metrics": metrics if several else metrics[0],
        "weighted_metrics": (heeding if several else heeding[0]) if heeding else None,
        "run_eagerly": False,
        "steps_per_execution": 1,
    }


def fresh_memory(settings: Compiled, network: KerasNetwork) -> list[tuple[tuple[int, ...], float]]:
    """Shapes of what a fresh optimizer remembers, in Keras's order, and the number that fills each."""
    optimizer, name = settings.optimizer, type(settings.optimizer).__name__
    used = optimizer.slots()
    weights = [array.shape for layer in network.made for array in layer.weights[: layer.trainable]]
    shapes: list[tuple[tuple[int, ...], float]] = [(shape, 0.0) for shape in weights if optimizer.use_ema]
    for group in MEMORY[name]:
        shapes += [(shape, optimizer.start(slot)) for shape in weights for slot in group if slot in used]
    return [*shapes, ((), 1.0)] if name == "Nadam" else shapes  # the product of its momenta so far


def learning_rate(settings: Compiled) -> Any:
    """The length of a step, or the schedule that tells it."""
    values: Mapping[str, Any] = vars(settings.optimizer)
    return values["learning_rate"]
