"""A component to begin with when the user has only chosen its class."""

from __future__ import annotations

from typing import Any

from designer.model.starting import start_value, starting
from engine.catalogue.layers.base import Layer
from engine.component import Component, parameters


def first_value(cls: type[Component]) -> Component:
    """The class with its defaults, and sensible first values where it has none.

    Raises:
        ParameterError: a required parameter has a constraint of an unknown kind.
    """
    if issubclass(cls, Layer):
        return starting(cls)
    given: dict[str, Any] = dict(getattr(cls, "starts", {}))
    for parameter in parameters(cls):
        if not parameter.has_default and parameter.name not in given:
            given[parameter.name] = start_value(parameter.constraint)
    return cls(**given)
