"""What a layer starts as when it is put on the canvas without a word about its parameters."""

from __future__ import annotations

from typing import Any, TypeVar

from engine.catalogue.layers.base import Layer
from engine.component import Slot, parameters, registry
from engine.constraints import Choice, Constraint, Flag, Number, Text, Whole, Wholes
from engine.registry import layers
from engine.tensor_spec import TensorSpec

L = TypeVar("L", bound=Layer)

#: A length that is neither trivial nor slow.
COUNT = 32
#: One axis of a window that looks at neighbours.
EXTENT = 3
#: A grey picture of handwriting, the usual first thing to learn from.
PICTURE = (28, 28, 1)


def starting(cls: type[L], spec: TensorSpec | None = None) -> L:
    """A declaration whose required parameters have sensible first values.

    A class may state its own in ``starts: ClassVar[Mapping[str, object]]``; what it leaves open follows
    from the parameter's constraint or, where that says nothing, from the first example.

    Args:
        cls: the layer's class.
        spec: what the loaded data bring; gives an entry of the network its ``shape``.

    Raises:
        ParameterError: a required parameter has a constraint of an unknown kind and no stated start.
    """
    given: dict[str, Any] = dict(getattr(cls, "starts", {}))
    for parameter in parameters(cls):
        if not cls.inputs and spec is not None and parameter.name == "shape":
            given["shape"] = spec.shape
        elif not parameter.has_default and parameter.name not in given:
            value = start_value(parameter.constraint)
            if value is ... and cls.examples:
                value = cls.examples[0].parameters.get(parameter.name, ...)
            if value is not ...:
                given[parameter.name] = value
    return cls(**given)


def offered() -> tuple[type[Layer], ...]:
    """The registered layers that a person can choose; a class with ``hidden = True`` only stands in for others."""
    return tuple(cls for cls in layers if not getattr(cls, "hidden", False))


def start_value(constraint: Constraint) -> Any:
    """A value that satisfies a constraint, or ``...`` when its kind is not known here."""
    if constraint.none is not None:
        return None
    match constraint:
        case Whole():
            return min(max(COUNT, constraint.low), constraint.high)
        case Number():
            return _number(constraint)
        case Flag():
            return True
        case Choice():
            return constraint.options[0][0]
        case Text():
            return ""
        case Wholes():
            return _wholes(constraint)
        case Slot():
            return next(iter(registry(constraint.kind)), ...)
    return ...


def _number(rule: Number) -> float:
    """One half, or the middle of the bounds where one half lies outside."""
    above = rule.low < 0.5 or (rule.low == 0.5 and not rule.open_low)
    below = rule.high > 0.5 or (rule.high == 0.5 and not rule.open_high)
    return 0.5 if above and below else (rule.low + rule.high) / 2


def _wholes(rule: Wholes) -> tuple[int, ...]:
    wanted: tuple[int, ...] = (EXTENT,) * (rule.length or 0)
    if rule.length is None:
        wanted = (-1,) if rule.wildcard else PICTURE
    return tuple(n if n == -1 else min(max(n, rule.low), rule.high) for n in wanted)
