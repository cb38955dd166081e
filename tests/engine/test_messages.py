"""Every constraint of every registered component violated once, in Python and in files: what the message names.

A message names the component, the parameter, the rule and the value that was received.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import layers
from engine.component import REGISTRIES, Component, Parameter, Slot, Slots, parameters, registry
from engine.errors import FileError, ParameterError
from engine.expression.rules import FormulaText
from engine.graph import Graph, Node
from engine.infer import infer
from engine.io import strict_json
from engine.io.project_json import project_from_json, project_to_json
from engine.project import Project, TrainConfig
from tests.engine.catalogue.variants import variants

registry("layer")  # so that the registries are filled
CLASSES: list[type[Component]] = [
    cls for kind in REGISTRIES for cls in REGISTRIES[kind] if not getattr(cls, "hidden", False) and parameters(cls)
]
#: Where a project file holds components of a kind: a parameter of Dense, or of the settings of the training.
IN_DENSE = {
    "activation": "activation", "initializer": "kernel_initializer", "regularizer": "kernel_regularizer",
    "constraint": "kernel_constraint",
}  # fmt: skip
IN_TRAINING = {"loss": "loss", "optimizer": "optimizer"}


def start(cls: type[Component]) -> dict[str, Any]:
    """Parameters with which the component can be made."""
    examples = getattr(cls, "examples", ())
    if examples:
        return dict(getattr(examples[0], "parameters", examples[0]))
    made = next(variants(cls))
    return {p.name: getattr(made, p.name) for p in parameters(cls) if not p.has_default}


def violations(cls: type[Component]) -> Iterator[tuple[Parameter, Any]]:
    """Every parameter with every value that its constraint calls bad."""
    for parameter in parameters(cls):
        for bad in parameter.constraint.bad_values():
            yield parameter, bad


def assert_names_all(text: str, cls: type[Component], parameter: Parameter, bad: Any) -> None:
    """Component, parameter, rule and value stand in a message."""
    assert cls.key in text
    assert parameter.name in text
    read = isinstance(parameter.constraint, FormulaText) and isinstance(bad, str)  # told is where it cannot be read
    rules = ["cannot be read" if read else parameter.constraint.rule]
    if isinstance(parameter.constraint, Slots):
        rules.append(Slot(parameter.constraint.kind).rule)
    assert any(rule in text for rule in rules)
    received = bad if isinstance(parameter.constraint, Slots) and isinstance(bad, (list, tuple)) else [bad]
    assert any(repr(item)[:57] in text for item in received)


def name_of(cls: type[Component]) -> str:
    return f"{cls.kind}-{cls.key}"


@pytest.mark.parametrize("cls", CLASSES, ids=name_of)
def test_in_python(cls: type[Component]) -> None:
    for parameter, bad in violations(cls):
        with pytest.raises(ParameterError) as caught:
            cls(**(start(cls) | {parameter.name: bad}))
        assert_names_all(str(caught.value), cls, parameter, bad)
        assert (caught.value.component, caught.value.parameter) == (cls.key, parameter.name)


@pytest.mark.parametrize("cls", [cls for cls in CLASSES if cls.kind == "layer"], ids=name_of)
def test_with_the_names_of_keras(cls: type[Component]) -> None:
    for parameter, bad in violations(cls):
        with pytest.raises(ParameterError) as caught:
            getattr(layers, cls.key)(**(start(cls) | {parameter.name: bad}))
        assert_names_all(str(caught.value), cls, parameter, bad)


def as_json(bad: Any) -> Any:
    """A bad value as a file can hold it; raises where none can."""
    text = json.dumps(bad, allow_nan=False)
    strict_json.parse(text.encode(), "value")  # whole numbers beyond 63 bits are refused before any component is read
    return json.loads(text)


def holder(cls: type[Component], value: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """A project's JSON with a component in the place where its kind stands, and what names the place."""
    layer: Any = registry("layer").get("Dense")(units=3)
    project = Project(Graph().add(Node("subject", layer)), TrainConfig())
    found = json.loads(project_to_json(project, None, Path("/nowhere/p.loom")))
    if cls.kind == "layer":
        found["nodes"][0]["layer"] = value
    elif cls.kind in IN_DENSE:
        found["nodes"][0]["layer"][IN_DENSE[cls.kind]] = value
    elif cls.kind == "metric":
        found["training"]["metrics"] = [value]
    elif cls.kind == "schedule":
        found["training"]["optimizer"] = {"type": "SGD", "learning_rate": value}
    else:
        found["training"][IN_TRAINING[cls.kind]] = value
    return found, "subject" if cls.kind == "layer" or cls.kind in IN_DENSE else "training"


def told_of(data: bytes) -> str:
    """What is said of a file: its error, or the problem of the layer that stands in for one with a fault."""
    try:
        graph = project_from_json(data).project.graph
    except FileError as error:
        return str(error)
    (problem,) = [problem for problem in infer(graph).problems if problem.severity == "error"]
    return f"{problem.node}: {problem.text}"


HELD = [cls for cls in CLASSES if cls.kind in {"layer", "metric", "schedule", *IN_DENSE, *IN_TRAINING}]


@pytest.mark.parametrize("cls", HELD, ids=name_of)
def test_in_a_project_file(cls: type[Component]) -> None:
    whole = cls(**start(cls)).to_json()
    told = 0
    for parameter, bad in violations(cls):
        try:
            value = as_json(bad)
        except (ValueError, TypeError, FileError):
            continue
        found, place = holder(cls, whole | {parameter.name: value})
        text = told_of(json.dumps(found).encode())
        assert place in text
        assert_names_all(text, cls, parameter, value)
        told += 1
    assert told or all(isinstance(bad, float) and math.isnan(bad) for _, bad in violations(cls))


def test_every_kind_is_looked_at() -> None:
    looked = {cls.kind for cls in HELD} | {"callback", "source", "variable"}

    assert set(REGISTRIES) <= looked, "say where a project file holds it"
