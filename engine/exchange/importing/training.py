"""How the model was to be trained: optimizer, losses and metrics from its compile settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.catalogue.losses.base import Loss
from engine.component import Component, parameters, registry, resolved
from engine.errors import LayerloomError
from engine.exchange.importing import spelling
from engine.exchange.importing.outline import shown
from engine.exchange.importing.parts import Cannot, described, exactly, made, unheard
from engine.project import OutputTarget, TrainConfig

#: Settings of optimizers that change nothing at these values.
_OFF = (None, False, 0, 0.0)
_SILENT = frozenset({"name", "ema_momentum", "ema_overwrite_frequency", "jit_compile", "is_legacy_optimizer"})
MOST_METRICS = 32


def settings(
    compiled: Mapping[str, Any], outputs: Sequence[tuple[str, str]], major: int, lost: list[str]
) -> tuple[TrainConfig, tuple[OutputTarget, ...]]:
    """Training settings and what judges each output.

    Args:
        compiled: ``compile_config`` or ``training_config``.
        outputs: the answering nodes: id, and name in the file.
        major: major version of Keras.
        lost: takes a sentence for each thing that has no counterpart.
    """
    found: dict[str, Any] = {}
    optimizer = _optimizer(compiled.get("optimizer_config", compiled.get("optimizer")), major, lost)
    if optimizer is not None:
        found["optimizer"] = optimizer
    named = _by_output(compiled.get("loss"), outputs)
    losses = {node: _loss(value, lost) for node, value in named.items() if value is not None}
    known = [loss for loss in losses.values() if loss is not None]
    if known and len(losses) < len(outputs):
        lost.append("Some outputs had no loss; here the common one judges them too.")
    if known:
        found["loss"] = known[0]
    found["metrics"] = tuple(_metrics(compiled.get("metrics"), lost))[:MOST_METRICS]
    weights = _by_output(compiled.get("loss_weights"), outputs)
    targets = _targets(losses, weights, lost) if len(outputs) > 1 else ()
    return TrainConfig(**found), _with_figures(targets, compiled, outputs)


def _targets(
    losses: Mapping[str, Loss | None], weights: Mapping[str, Any], lost: list[str]
) -> tuple[OutputTarget, ...]:
    found = []
    for node, loss in losses.items():
        weight = weights.get(node)
        if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 <= weight <= 1e6:
            weight = 1.0
        found.append(OutputTarget(node, loss=loss, weight=float(weight)))
    return tuple(found)


def _with_figures(
    targets: tuple[OutputTarget, ...], compiled: Mapping[str, Any], outputs: Sequence[tuple[str, str]]
) -> tuple[OutputTarget, ...]:
    """The outputs with metrics of their own, where the file tells different ones for each."""
    given = compiled.get("metrics")
    listed = isinstance(given, list) and any(item is None or isinstance(item, list) for item in given)
    named = _by_output(given, outputs) if listed or isinstance(given, dict) else {}
    # What cannot be carried was told where all metrics were read.
    own = {node: tuple(_metrics(value, []))[:MOST_METRICS] for node, value in named.items()}
    if len(set(map(repr, own.values()))) < 2:
        return targets  # the same for all
    return tuple(replace(target, metrics=own.get(target.node, ())) for target in targets)  # type: ignore[arg-type]


def _by_output(value: Any, outputs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A setting told once, as a list, or by the outputs' names."""
    if isinstance(value, dict) and not {"class_name", "module"} & set(value):
        return {node: value.get(name) for node, name in outputs}
    if isinstance(value, list):
        return {node: item for (node, _), item in zip(outputs, value, strict=False)}
    return {node: value for node, _ in outputs}


def _optimizer(value: Any, major: int, lost: list[str]) -> Component | None:
    if value is None:
        return None
    try:
        name, config = described(value)
    except Cannot as error:
        lost.append(f"The optimizer was not carried: {error}.")
        return None
    if name not in registry("optimizer"):
        lost.append(f"The optimizer '{shown(name)}' is not known here; Adam stands in its place.")
        return None
    cls = registry("optimizer").get(name)
    given = spelling.settings(cls.key, config, major)
    given["learning_rate"] = _rate(given.get("learning_rate"), given.pop("decay", 0.0), lost)
    known = {p.name for p in parameters(cls)}
    values = {key: given[key] for key in known & set(given) if given[key] is not None}
    for key in sorted(set(given) - known - _SILENT):
        if not isinstance(given[key], (dict, list)) and given[key] not in _OFF:
            lost.append(f"'{shown(key)}' of the optimizer was not carried.")
    try:
        return made("optimizer", cls.key, values)
    except Cannot as error:
        lost.append(f"The optimizer '{shown(name)}' was not carried: {error}.")
        return None


def _rate(value: Any, decay: Any, lost: list[str]) -> Any:
    """A learning rate: a number, or a schedule; ``decay`` of older files was one of them."""
    if isinstance(decay, float) and decay > 0 and isinstance(value, float):
        values = {"initial_learning_rate": value, "decay_steps": 1, "decay_rate": decay}
        value = {"class_name": "InverseTimeDecay", "config": values}
    if not isinstance(value, dict):
        return value
    try:
        name, config = described(value)
        if name not in registry("schedule"):
            raise Cannot(f"'{shown(name)}' is not known here")
        return exactly("schedule", name, config)
    except Cannot as error:
        settings = value.get("config")
        lost.append(f"The schedule of the learning rate was not carried: {error}. It stays at its first value.")
        return settings.get("initial_learning_rate") if isinstance(settings, dict) else None


def _loss(value: Any, lost: list[str]) -> Loss | None:
    try:
        name, config = described(value)
        if name not in registry("loss"):
            raise Cannot("it is not known here")
        found = made("loss", name, config)
        assert isinstance(found, Loss)
        odd = [shown(key) for key in unheard(type(found), config) if config[key] not in (found.unread.get(key) or ())]
        if odd:
            lost.append(f"The loss '{shown(name)}' was carried without these settings: {', '.join(odd[:5])}.")
        return found
    except Cannot as error:
        shown_name = value if isinstance(value, str) else value.get("class_name") if isinstance(value, dict) else value
        lost.append(f"The loss '{shown(shown_name)}' was not carried: {error}. Choose one under Training.")
        return None


def _metrics(value: Any, lost: list[str]) -> Iterator[Component]:
    seen: list[Component] = []
    for item in _flat(value, 0):
        try:
            name, config = described(item)
            function = config.get("fn")
            name = function if isinstance(function, str) and name not in registry("metric") else name
            if name not in registry("metric"):
                raise Cannot("it is not known here")
            found = made("metric", name, _without_usual_name(name, config))
        except (Cannot, LayerloomError) as error:
            told = item if isinstance(item, str) else item.get("class_name") if isinstance(item, dict) else item
            lost.append(f"The metric '{shown(told)}' was not carried: {error}.")
            continue
        if found not in seen:
            seen.append(found)
            yield resolved("metric", found)


def _without_usual_name(metric: str, config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The settings without the name that Keras gives by itself, numbered or not."""
    cls = registry("metric").get(metric)
    name = config.get("name")
    known = (cls.key, getattr(cls, "usual", ""), *getattr(cls, "aliases", ()))
    usual = not isinstance(name, str) or re.sub(r"_\d+$", "", name) in known
    return {key: value for key, value in config.items() if key != "name" or not usual}


def _flat(value: Any, depth: int) -> Iterator[Any]:
    """Metrics in lists, lists of lists, or by the outputs' names."""
    if depth > 4 or value is None:
        return
    if isinstance(value, list):
        for item in value:
            yield from _flat(item, depth + 1)
    elif isinstance(value, dict) and not {"class_name", "module"} & set(value):
        for item in value.values():
            yield from _flat(item, depth + 1)
    else:
        yield value
