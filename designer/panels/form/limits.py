"""What a field allows, in the few words that fit beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from designer.text import tr
from engine.component import Component, Parameter
from engine.constraints import Constraint, Number, Text, Whole, Wholes
from engine.expression.functions import FUNCTIONS
from engine.expression.rules import FormulaText

#: From here on a bound only says "large"; writing it out would teach nothing.
ENDLESS = 2**31 - 1


def limits(rule: Constraint) -> str:
    """The limits of a constraint: ``1 … 1,000,000``; empty where a list shows them anyway."""
    found = next((LIMITS[kind] for kind in type(rule).__mro__ if kind in LIMITS), None)
    return found(rule) if found else ""


def _whole(rule: Whole) -> str:
    if rule.high >= ENDLESS:
        return tr("{low} or more", low=f"{rule.low:,}")
    return f"{rule.low:,} … {rule.high:,}"


def _number(rule: Number) -> str:
    if rule.high >= 1e30:
        if rule.low <= -1e30:
            return tr("any number")
        return tr("above {low}", low=f"{rule.low:g}") if rule.open_low else tr("{low} or more", low=f"{rule.low:g}")
    low = f"> {rule.low:g}" if rule.open_low else f"{rule.low:g}"
    high = f"< {rule.high:g}" if rule.open_high else f"{rule.high:g}"
    return f"{low} … {high}"


def _wholes(rule: Wholes) -> str:
    count = tr("up to 8 numbers") if rule.length is None else tr("{n} numbers", n=rule.length)
    return f"{count}, {rule.low:,} … {rule.high:,}" if rule.high < 1_000_000 else count


def _text(rule: Text) -> str:
    return tr("up to {n} characters", n=rule.limit)


LIMITS: dict[type[Constraint], Callable[[Any], str]] = {
    Whole: _whole,
    Number: _number,
    Wholes: _wholes,
    Text: _text,
}


def teaching(parameter: Parameter) -> str:
    """The tooltip of a field: what it does, its name in Keras, what it allows, its default."""
    lines = [tr(parameter.help)] if parameter.help else []
    lines.append(tr("Keras name: {name}", name=parameter.name))
    allowed = limits(parameter.constraint)
    if allowed:
        lines.append(tr("Allowed: {limits}", limits=allowed))
    if isinstance(parameter.constraint, FormulaText):
        lines.append(tr("Of: {names}", names=", ".join(parameter.constraint.inputs)))
        lines.append(tr("Functions: {names}", names=", ".join(FUNCTIONS)))
        lines.append(tr("Also: + - * / ** ( ), pi, e; < <= > >= == != and or not inside where(...)"))
    none = getattr(parameter.constraint, "none", None)
    if none is not None:
        lines.append(tr("None means: {none}", none=none))
    if parameter.has_default:
        lines.append(tr("Default: {value}", value=value_text(parameter.default)))
    return "\n".join(lines)


def value_text(value: Any) -> str:
    """A parameter's value as people write it."""
    if isinstance(value, tuple):
        if value and all(isinstance(item, tuple) for item in value):
            return ", ".join(f"{name} = {value_text(number)}" for name, number in value)
        return ", ".join(value_text(item) for item in value) or tr("none")
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if value is None:
        return tr("none")
    return tr(value.title) if isinstance(value, Component) else str(value)
