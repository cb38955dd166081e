"""Formulas in Keras scripts: classes that compute what the formula does, and files that refuse them."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import special

from engine.exchange.keras_code import WIDTH, script
from engine.exchange.keras_network import keras_network
from engine.exchange.keras_own import class_lines
from engine.exchange.keras_target import KerasCode, KerasFile
from engine.expression.functions import FUNCTIONS
from engine.registry import layers
from engine.templates import TEMPLATES, chain
from tests.engine.exchange.networks import around, parcel_of

EXPRESSION: Any = layers.get("Expression")
#: keras.ops on numpy arrays, which share its names.
OPS = SimpleNamespace(**{name: getattr(np, name) for name in (
    "exp", "expm1", "log", "log1p", "sqrt", "tanh", "sin", "cos", "sign", "floor", "maximum", "minimum", "logaddexp",
    "abs", "where", "clip",
)}, erf=special.erf, cast=lambda x, dtype: np.asarray(x).astype(dtype))  # fmt: skip


class Bare:
    """As much of keras.layers.Layer as a class of a formula leans on."""

    def __init__(self) -> None:
        self.shapes: dict[str, tuple[int, ...]] = {}

    def build(self, input_shape: Any) -> None:
        self.built = True

    def add_weight(self, name: str, shape: tuple[int, ...], **_: Any) -> Any:
        self.shapes[name] = tuple(shape)
        return np.full(shape, 0.3)


def made(formula: Any) -> Any:
    source = "\n".join(class_lines("Formula", formula, lambda part: repr(part.key)))
    words: dict[str, Any] = {"layers": SimpleNamespace(Layer=Bare), "ops": OPS, "keras": SimpleNamespace()}
    exec(compile(source, "script", "exec"), words)
    return words["Formula"]()


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "round"])
def test_every_function_means_the_same(name: str) -> None:
    call = FUNCTIONS[name].takes.replace("condition", "x > 1")
    for word, meant in (("low", "0.5"), ("high", "2"), ("yes", "x"), ("no", "-x"), ("slope", "0.3"), ("alpha", "0.7")):
        call = call.replace(word, meant)
    formula = EXPRESSION(expression=call.replace("(a, b)", "(x, 1.5)"))
    x = np.linspace(0.1, 3, 12).reshape(3, 4)

    np.testing.assert_allclose(made(formula).call(x), formula.value(x), rtol=1e-12)


def test_weights_are_made_in_their_shapes_and_inputs_come_as_a_list() -> None:
    trained = {"a": "input", "b": "channel", "c": "scalar"}
    formula = EXPRESSION(expression="a*x + b*gate - c*relu(x)", names="x, gate", trained=trained)
    layer = made(formula)
    x, gate = np.random.default_rng(1).normal(size=(2, 5, 4, 3))

    layer.build([(None, 4, 3), (None, 4, 3)])

    assert layer.shapes == {"a": (4, 3), "b": (3,), "c": (1,)}
    wanted = formula.value(x, gate, *(np.full(1, 0.3) for _ in range(3)))
    np.testing.assert_allclose(layer.call([x, gate]), wanted)


def test_the_script_brings_one_class_for_equal_formulas() -> None:
    parcel = parcel_of(TEMPLATES["digits-formulas"].make().graph, rows=2)

    text = script(parcel, keras_network(parcel), None, "w.h5")

    ast.parse(text)
    assert [line for line in text.splitlines() if line.startswith("class ")] == [
        f"class Formula{number}(layers.Layer):" for number in ("", 2, 3, 4)
    ]
    twice = chain(("Input", {"shape": (4,)}), ("Expression", {}), ("Expression", {}))
    again = script(parcel_of(twice), keras_network(parcel_of(twice)), None, "w.h5")
    assert again.count("class ") == 1
    assert "from keras import layers, ops\n" in again
    assert all(len(line) <= WIDTH for line in text.splitlines())


@pytest.mark.parametrize("place", range(len(EXPRESSION.examples)))
def test_code_is_written_and_files_refuse(place: int, tmp_path: Path) -> None:
    example = EXPRESSION.examples[place]
    parcel = parcel_of(around(EXPRESSION(**example.parameters), example.shapes))

    (problem,) = KerasFile().obstacles(parcel)

    assert "Choose the export to Keras code" in problem.text
    assert not KerasCode().obstacles(parcel)
    KerasCode().write(parcel, tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".py", ".h5"}
