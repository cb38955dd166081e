"""Configurations of any declaration, found from its parameters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from engine.component import Component, parameters
from engine.constraints import Choice, Flag, Number, Whole
from engine.errors import ParameterError


def other_value(constraint: Any, default: Any) -> Any:
    """An allowed value that is not the default."""
    if isinstance(constraint, Flag):
        return not default
    if isinstance(constraint, Choice):
        return next(word for word, _ in constraint.options if word != default)
    if isinstance(constraint, (Number, Whole)):
        for candidate in (0.3, 0.7, 1, 2, constraint.low, constraint.high):
            try:
                if constraint.check(candidate) != default:
                    return constraint.check(candidate)
            except ValueError:
                continue
    return default


def variants(cls: type[Component]) -> Iterator[Component]:
    """The default, then every combination of switches, with all other parameters changed as well."""
    found = parameters(cls)
    start = {p.name: other_value(p.constraint, None) for p in found if not p.has_default}
    start |= getattr(cls, "starts", {})
    switches = [p for p in found if p.has_default and (p.default is False or p.default is None or p.default == 0)]
    rest = {p.name: other_value(p.constraint, p.default) for p in found if p.has_default and p not in switches}
    yield cls(**start)
    for chosen in product((False, True), repeat=len(switches)):
        given = {p.name: other_value(p.constraint, p.default) for p, on in zip(switches, chosen, strict=True) if on}
        for more in ({}, rest) if rest else ({},):
            if given or more:
                try:
                    yield cls(**(start | given | more))
                except ParameterError as error:
                    # Only a rule over several parameters may refuse values that each are allowed.
                    if error.parameter is not None:
                        raise
