"""Formulas are read from activations, and every language writes them so that they compute the same."""

from __future__ import annotations

import importlib.util
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special

from engine import registry
from engine.catalogue.activations.base import Activation
from engine.component import component
from engine.errors import UsageError
from engine.exchange.numpy_writer import SPELLING as NUMPY
from engine.exchange.onnx_formula import write_formula
from engine.exchange.onnx_graph import OnnxGraph
from engine.exchange.onnx_target import run_by_runtime
from engine.exchange.python_formula import Spelling, formula_lines
from engine.exchange.torch_names import SPELLING as TORCH
from engine.exchange.trace import OPERATIONS, Term, computed, trace

SAMPLES = np.random.default_rng(4).uniform(0.1, 2, (3, 5)).astype(np.float32) * np.float32([1, -1, 1, -1, 1])

FORMULAS: dict[str, Callable[[Any], Any]] = {
    "operators": lambda x: -(x - 2) / (x * x + 1) + 3 - 2**x * abs(+x),
    "brackets": lambda x: (x - (1 - x)) / (2 / (x + 9)) - (x - 1) ** 2 - -x,
    "powers": lambda x: -((x + 3) ** 2) ** 1.5 + (-(x**2)) ** 3 + (2.0 ** (x / 4)) ** 0.5,
    "comparisons": lambda x: np.where((x < 0) | (x >= 1) & ~(x == 0.5), x, (x != 0.25) * 2.0) + (x > 0) - (x <= 1),
    "truth as a number": lambda x: x > 0,
    "truth of a number": lambda x: np.where(x, 1.0, 0.0) + np.logical_not(x),
    "infix on truths": lambda x: ((x > 0) < (x > 1)) + (x > 0).astype(np.float32) - (x > 1),
    "limits": lambda x: np.clip(x, -0.5, None) * x.clip(-1, 1) + np.clip(x, a_min=None, a_max=0.3) + np.clip(x, x, 1),
    "minima": lambda x: np.fmax(np.minimum(0, x), -0.5) + np.maximum(x, x * x) - np.fmin(x, 1) + np.maximum(1, x),
    "exponentials": lambda x: np.expm1(x) + np.log1p(np.exp(-x)) + np.logaddexp(0, x) + np.logaddexp(x, -x),
    "logarithms": lambda x: np.log(x * x) + np.log2(np.abs(x)) + np.log10(np.square(x)) + np.exp2(x),
    "waves": lambda x: np.sin(x) * np.cos(x) + np.sinh(x / 2) + np.cosh(x / 2) + np.arctan(x) + np.tanh(x),
    "steps": lambda x: np.sign(x) + np.floor(x) + np.ceil(x) + np.reciprocal(x) + np.sqrt(np.fabs(x)),
    "scipy": lambda x: special.erf(x) + special.expit(x) + special.log_expit(x) + special.erfc(x) + special.ndtr(x),
    "rows": lambda x: np.mean(x, -1, keepdims=True) / (x.max(-1, keepdims=True) - np.amin(x, -1, keepdims=True)) + x,
    "sums": lambda x: x / np.sum(x * x, -1, keepdims=True) + x.sum(axis=-1, keepdims=True) - x.mean(-1, keepdims=True),
    "wrapped": lambda x: np.asarray(x) - np.float32(2) * np.int64(3) * np.asarray(x),
    "shared": lambda x: (e := np.exp(-x)) * 0 + (s := e * e + x) / (1 + s),
    "long": lambda x: sum((np.sin(x * n) / n for n in range(1, 12)), start=x) * 0.12345678,
    "constants": lambda x: np.minimum(np.where(x > 0, np.inf, -2.5), 1e9) * 1e-7 + x * -3,
}  # fmt: skip
REFUSED: dict[str, Callable[[Any], Any]] = {
    "a decision": lambda x: x if x > 0 else 0,
    "another axis": lambda x: x / np.sum(x, axis=0, keepdims=True),
    "all axes": lambda x: x / np.sum(x),
    "a dropped axis": lambda x: x - x.max(axis=-1),
    "an array": lambda x: x * np.array([1.0, 2.0]),
    "an unknown function": np.cumsum,
    "an unknown ufunc": np.cbrt,
    "a list": lambda x: np.maximum(x, [1.0]),
    "a constant": lambda x: 1.0,
    "an option": lambda x: np.add(x, 1, dtype=np.float64),
    "its place": lambda x: np.maximum(x, 0, out=x),
    "a reduction": lambda x: x - np.add.reduce(x),
    "more than it shows": lambda x: x if isinstance(x, Term) else x + 1,
}


@component
class Invented(Activation):
    """An activation of somebody else's plug-in."""

    formula = staticmethod(lambda x: x)

    def value(self, x: Any) -> Any:
        return type(self).formula(x)


def invented(function: Callable[[Any], Any]) -> Activation:
    made = type("Invented", (Invented,), {"formula": staticmethod(function), "key": "invented"})
    return made()


@pytest.mark.parametrize("cls", list(registry.activations), ids=lambda cls: cls.key)
def test_every_activation_can_be_read(cls: type[Activation]) -> None:
    activation = cls()

    assert np.allclose(computed(trace(activation), SAMPLES), activation.value(SAMPLES))


@pytest.mark.parametrize("name", REFUSED)
def test_what_others_lack_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(UsageError, match="The activation invented cannot be exported: its formula must be written"):
        trace(invented(REFUSED[name]))


@pytest.mark.parametrize("name", FORMULAS)
def test_formulas_are_read_exactly(name: str) -> None:
    formula = trace(invented(FORMULAS[name]))

    assert np.allclose(computed(formula, SAMPLES.astype(np.float64)), FORMULAS[name](SAMPLES.astype(np.float64)))


def test_the_formulas_here_use_every_operation() -> None:
    used = {operation for function in FORMULAS.values() for operation in trace(invented(function)).operations}

    assert set(OPERATIONS) <= used


@pytest.mark.parametrize("name", FORMULAS)
def test_numpy_computes_what_the_formula_says(name: str, tmp_path: Path) -> None:
    function = _run_source(name, NUMPY, "import numpy as np\nfrom scipy.special import erf\n", tmp_path)

    assert_alike(function(SAMPLES), name)


@pytest.mark.parametrize("name", FORMULAS)
def test_torch_computes_what_the_formula_says(name: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    function = _run_source(name, TORCH, "import torch\n", tmp_path)

    assert_alike(function(torch.from_numpy(SAMPLES)).numpy(), name)


@pytest.mark.parametrize("name", FORMULAS)
def test_onnx_computes_what_the_formula_says(name: str, tmp_path: Path) -> None:
    graph = OnnxGraph()
    graph.input("x", (5,))
    graph.scope = "y"
    graph.output(write_formula(graph, trace(invented(FORMULAS[name])), "x"), "y", (5,))
    place = tmp_path / "formula.onnx"
    place.write_bytes(graph.model("", "formula", {}).SerializeToString())

    _, (answer,) = run_by_runtime(place, {"x": SAMPLES})

    assert_alike(answer, name)


def test_no_line_of_a_formula_is_too_long() -> None:
    assert max(map(len, formula_lines(trace(invented(FORMULAS["long"])), NUMPY))) <= 100


def test_shared_steps_are_computed_once() -> None:
    lines = formula_lines(trace(invented(FORMULAS["shared"])), NUMPY)

    assert lines == ["u = np.exp(-x)", "v = u * u + x", "return u * 0 + v / (1 + v)"]


def test_onnxruntime_is_part_of_the_tests() -> None:
    assert importlib.util.find_spec("onnxruntime") is not None


def assert_alike(found: Any, name: str) -> None:
    wanted = np.broadcast_to(FORMULAS[name](SAMPLES.astype(np.float64)), SAMPLES.shape)
    assert found.shape == SAMPLES.shape
    assert np.allclose(found, wanted, rtol=2e-4, atol=2e-5)


def _run_source(name: str, spelling: Spelling, head: str, room: Path) -> Callable[[Any], Any]:
    lines = formula_lines(trace(invented(FORMULAS[name])), spelling)
    place = room / "formula.py"
    place.write_text(head + "def f(x):\n    " + "\n    ".join(lines) + "\n")
    found: Callable[[Any], Any] = runpy.run_path(str(place))["f"]
    return found
