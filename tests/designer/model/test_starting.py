"""A layer put on the canvas has sensible parameters."""

from __future__ import annotations

from typing import Annotated, ClassVar

import pytest

from designer.model.starting import offered, start_value, starting
from engine.catalogue.layers.base import Layer
from engine.component import Slot, Slots, component, setting
from engine.constraints import Choice, Constraint, Flag, Number, Text, Whole, Wholes
from engine.tensor_spec import TensorSpec


@pytest.mark.parametrize("cls", list(offered()), ids=lambda cls: cls.key)
def test_every_layer_can_start(cls: type[Layer]) -> None:
    assert isinstance(starting(cls), cls)


@pytest.mark.parametrize(
    "rule",
    [
        Whole(1, 5),
        Whole(100, 500),
        Number(0, 1),
        Number(0.5, 1, open_low=True),
        Number(2.0, 3.0),
        Number(-1.0, 0.25, open_high=True),
        Flag(),
        Choice((("a", "first"), ("b", "second"))),
        Text(),
        Wholes(1, 9),
        Wholes(1, 9, length=2),
        Wholes(0, 2, length=3),
        Wholes(wildcard=True),
        Slot("activation"),
        Whole(1, 5, none="not used"),
    ],
    ids=str,
)
def test_every_start_satisfies_its_rule(rule: Constraint) -> None:
    value = start_value(rule)
    assert value is not ...
    rule.validate(value)


def test_an_unknown_kind_of_rule_is_left_to_the_declaration() -> None:
    assert start_value(Slots("metric")) is ...


def test_stated_starts_win() -> None:
    @component
    class Stated(Layer):
        """y = x."""

        starts: ClassVar[dict[str, object]] = {"count": 7}
        count: Annotated[int, Whole(1, 100)] = setting()
        other: Annotated[int, Whole(1, 100)] = setting()

    assert (starting(Stated).count, starting(Stated).other) == (7, 32)


def test_an_entry_takes_the_shape_of_the_data() -> None:
    entry = next(cls for cls in offered() if not cls.inputs)

    assert starting(entry, TensorSpec((5, 2))).shape == (5, 2)
