"""What holds for every registered activation, initializer, regularizer, loss, metric and optimizer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine import registry
from engine.catalogue.optimizers.base import Optimizer
from engine.component import Component, parameters, resolved
from engine.errors import ParameterError
from tests.engine.catalogue.variants import variants

KINDS = (
    "activation",
    "initializer",
    "regularizer",
    "constraint",
    "variable",
    "loss",
    "metric",
    "schedule",
    "optimizer",
    "callback",
)
CLASSES: list[type[Component]] = [cls for kind in KINDS for cls in registry.registry(kind)]


def name_of(cls: type[Component]) -> str:
    return f"{cls.kind}-{cls.key}"


@pytest.mark.parametrize("cls", CLASSES, ids=name_of)
def test_json_round_trip(cls: type[Component]) -> None:
    for made in variants(cls):
        again = resolved(cls.kind, json.loads(json.dumps(made.to_json())))

        assert again == made
        assert again.to_json() == made.to_json()


@pytest.mark.parametrize("cls", CLASSES, ids=name_of)
def test_refuses_every_bad_value_with_a_sentence(cls: type[Component]) -> None:
    required = {p.name: getattr(next(variants(cls)), p.name) for p in parameters(cls) if not p.has_default}
    for parameter in parameters(cls):
        for bad in parameter.constraint.bad_values():
            with pytest.raises(ParameterError) as caught:
                cls(**(required | {parameter.name: bad}))
            assert parameter.name in str(caught.value)
            assert "received" in str(caught.value)


@pytest.mark.parametrize("cls", CLASSES, ids=name_of)
def test_declares_what_the_window_shows(cls: type[Component]) -> None:
    first = (cls.__doc__ or "").strip().splitlines()[0]

    assert first.endswith("."), "the first line is the formula"
    assert "Source:" in (cls.__doc__ or "")
    assert cls.title and cls.title[0].isupper(), "a title as people write it"
    assert "_" not in cls.title
    for parameter in parameters(cls):
        assert parameter.help.endswith("."), f"{parameter.name} needs a sentence that teaches"


@pytest.mark.parametrize("cls", CLASSES, ids=name_of)
def test_is_found_by_every_spelling(cls: type[Component]) -> None:
    members = registry.registry(cls.kind)

    for name in (cls.key, *getattr(cls, "aliases", ())):
        assert members.get(name) is cls


@pytest.mark.parametrize("kind", KINDS)
def test_no_spelling_means_two_things(kind: str) -> None:
    names = [name for cls in registry.registry(kind) for name in {cls.key, *getattr(cls, "aliases", ())}]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("cls", list(registry.optimizers), ids=name_of)
def test_every_optimizer_starts_with_its_learning_rate(cls: type[Optimizer]) -> None:
    first: Any = parameters(cls)[0]

    assert first.name == "learning_rate"
    assert first.has_default
