"""Activations, initializers and regularizers from the words of a configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.catalogue.layers.base import Layer
from engine.component import Component, Slot, parameters, registry
from engine.errors import LayerloomError
from engine.exchange.importing import spelling
from engine.exchange.importing.outline import shown


class Cannot(Exception):  # noqa: N818 (says what happened)
    """Something of the file has no counterpart here; the text is the end of a sentence."""


def number(value: Any, default: float) -> float:
    """A real number, also in the wrapping of an array."""
    if isinstance(value, dict):
        value = value.get("value", value.get("config"))
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Cannot(f"{shown(value)!r} is no number")
    return float(value)


def _plain(value: Any) -> Any:
    """A number as it was typed: files hold 0.001 as 0.0010000000474974513, its single precision."""
    if isinstance(value, float) and abs(value) < 1e30 and float(np.float32(value)) == value:
        return float(str(np.float32(value)))
    return value


def made(kind: str, name: str, values: Mapping[str, Any]) -> Component:
    """A component of a registry from those parameters that it has."""
    cls = registry(kind).get(name)
    known = {p.name for p in parameters(cls)}
    try:
        return cls(**{key: _plain(value) for key, value in values.items() if key in known})
    except LayerloomError as error:
        raise Cannot(f"its settings are not possible here: {error}") from None


#: Settings that say nothing about what an activation, a start, a penalty or a rule computes.
SILENT = frozenset({"name", "trainable", "dtype", "seed", "module", "registered_name", "class_name"})
#: What a setting may be without saying anything.
NEUTRAL: tuple[Any, ...] = (None, False, 0, "", [], {})


def unheard(cls: type[Component], values: Mapping[str, Any]) -> list[str]:
    """The settings that a component does not have although their values say something."""
    known = SILENT | {p.name for p in parameters(cls)}
    return [key for key, value in values.items() if key not in known and value not in NEUTRAL]


def exactly(kind: str, name: str, values: Mapping[str, Any]) -> Component:
    """A component of a registry that has every one of those parameters.

    Raises:
        Cannot: a setting is not known or not possible.
    """
    for key in unheard(registry(kind).get(name), values):
        raise Cannot(f"the setting '{shown(key)}' of '{shown(name)}' is not known here")
    return made(kind, name, values)


def described(value: Any) -> tuple[str, dict[str, Any]]:
    """Name and parameters of what is told as a name, or as an object with a class."""
    if isinstance(value, str):
        return value, {}
    if isinstance(value, dict):
        config = value.get("config")
        name = value.get("class_name", value.get("name"))
        if name == "function" and isinstance(config, str):
            return config, {}
        if isinstance(name, str):
            own = config if isinstance(config, dict) else {k: v for k, v in value.items() if k != "name"}
            return name.rpartition(">")[2], own
    raise Cannot(f"{shown(value)!r} is told in an unknown way")


def activation(value: Any, major: int) -> Component:
    """An activation function.

    Raises:
        Cannot: it is the author's own, or not at hand.
    """
    if value is None:
        return made("activation", "linear", {})
    name, config = described(value)
    if name in ACTIVATION_LAYERS and isinstance(value, dict):
        return activation_of_layer(name, spelling.settings(name, config, major), major)
    name = spelling.activation_name(name, major)
    if name not in registry("activation"):
        raise Cannot(f"its activation '{shown(name)}' is not known here")
    return exactly("activation", name, config)


#: Layers that are activations with parameters of their own.
ACTIVATION_LAYERS = frozenset({"LeakyReLU", "ReLU", "ELU", "Softmax"})


def activation_of_layer(kind: str, settings: Mapping[str, Any], major: int) -> Component:
    """The activation that computes what one of these layers computes.

    Raises:
        Cannot: none computes exactly that.
    """
    if kind == "LeakyReLU":
        return made("activation", "leaky_relu", {"negative_slope": number(settings.get("negative_slope"), 0.3)})
    if kind == "ELU":
        return made("activation", "elu", {"alpha": number(settings.get("alpha"), 1.0)})
    if kind == "Softmax":
        axis = settings.get("axis", -1)
        if axis not in (-1, [-1]):
            raise Cannot("its softmax runs along another axis than the last one")
        return made("activation", "softmax", {})
    ceiling, slope = settings.get("max_value"), number(settings.get("negative_slope"), 0.0)
    if number(settings.get("threshold"), 0.0) != 0:
        raise Cannot("its threshold is not 0, and no activation here has one")
    if ceiling is None:
        return made("activation", "leaky_relu", {"negative_slope": slope}) if slope else made("activation", "relu", {})
    if number(ceiling, 0.0) == 6 and slope == 0:
        return made("activation", "relu6", {})
    raise Cannot(f"it stops at {shown(ceiling)}, and no activation here does")


def initializer(value: Any) -> Component:
    """How weights start.

    Raises:
        Cannot: it is not at hand.
    """
    name, config = described(value)
    seed = config.get("seed")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**31:
        config = {key: told for key, told in config.items() if key != "seed"}
    if name == "VarianceScaling":
        distribution = str(config.get("distribution", "")).replace("untruncated_", "").replace("truncated_", "")
        scale = number(config.get("scale"), 1.0)
        named = spelling.VARIANCE_SCALING.get((scale, str(config.get("mode")), distribution))
        if named is not None:
            return made("initializer", named, {key: told for key, told in config.items() if key == "seed"})
    if name not in registry("initializer"):
        raise Cannot(f"'{shown(name)}' is not known here")
    return exactly("initializer", name, config)


def regularizer(value: Any) -> Component | None:
    """The penalty on weights; ``None`` where it is nothing.

    Raises:
        Cannot: it is not at hand.
    """
    name, config = described(value)
    l1, l2 = (number(config.get(key), 0.0) for key in ("l1", "l2"))
    if name in ("L1", "L2", "L1L2", "WeightRegularizer", "ActivityRegularizer", "L1L2Regularizer") and config:
        if l1 and l2:
            return made("regularizer", "L1L2", {"l1": l1, "l2": l2})
        return made("regularizer", "L1", {"l1": l1}) if l1 else made("regularizer", "L2", {"l2": l2}) if l2 else None
    if name not in registry("regularizer"):
        raise Cannot(f"'{shown(name)}' is not known here")
    return exactly("regularizer", name, config)


def constraint(value: Any) -> Component:
    """The rule that a weight is brought back to.

    Raises:
        Cannot: it is not at hand.
    """
    name, config = described(value)
    if name not in registry("constraint"):
        raise Cannot(f"'{shown(name)}' is not known here")
    return exactly("constraint", name, spelling.settings(registry("constraint").get(name).key, config, 3))


def slots(cls: type[Layer]) -> dict[str, str]:
    """The parameters of a layer that hold components, with their kinds."""
    return {p.name: p.constraint.kind for p in parameters(cls) if isinstance(p.constraint, Slot)}
