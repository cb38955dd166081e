"""Derivatives and compiled loops of random formulas against plain numpy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from engine.expression.formula import Formula, formula
from engine.expression.functions import FUNCTIONS
from engine.kernels import generated, jit
from tests.engine.expression.strategies import formulas

#: Kinks lie where few random numbers do.
X = np.random.default_rng(8).normal(0, 1.7, (5, 9))


def slopes_by_differences(found: Formula, x: Any, step: float = 1e-6) -> tuple[Any, Any]:
    """Central differences, and where two step widths agree (elsewhere is a bend)."""
    wide, narrow = (
        (found.value({"x": x + h, "a": 0.7}) - found.value({"x": x - h, "a": 0.7})) / (2 * h) for h in (step, step / 2)
    )
    return wide + 0 * x, np.abs(wide - narrow) < 1e-6 * (1 + np.abs(wide)) + 0 * x


@settings(max_examples=300, deadline=None)
@given(formulas)
def test_the_derivative_is_the_slope(text: str) -> None:
    found = Formula(text, ("x",), ("a",))
    wanted, smooth = slopes_by_differences(found, X)

    slope = found.slope_value("x", {"x": X, "a": 0.7}) + 0 * X

    error = np.abs(slope - wanted) / (1 + np.abs(wanted))
    assert (error[smooth] < 1e-5).all()
    assert smooth.mean() > 0.5


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(formulas)
def test_loops_compute_what_numpy_does(text: str) -> None:
    found = Formula(text, ("x",), ("a",))
    wanted = found.value({"x": X, "a": 0.7}) + 0 * X
    assume(np.abs(wanted).max() < 1e6)
    slopes = found.slope_value("x", {"x": X, "a": 0.7}) + 0 * X
    y, dx = np.empty_like(X), np.empty_like(X)

    found.activation(X, y, 0.7)
    found.activation_back(X, np.full_like(X, 2.0), dx, 0.7)

    np.testing.assert_allclose(y, wanted, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(dx, 2 * slopes, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_and_its_slope(name: str, dtype: Any) -> None:
    call = FUNCTIONS[name].takes
    for given_, meant in (("condition", "x < 0.3"), ("low", "-1"), ("high", "1"), ("yes", "x"), ("no", "2*x")):
        call = call.replace(given_, meant)
    for given_, meant in (("slope", "0.3"), ("alpha", "0.7"), ("(a, b)", "(x, 0.25)")):
        call = call.replace(given_, meant)
    found = formula(call, ("x",))
    x = np.abs(X) + 0.01 if name in ("log", "sqrt", "log1p") else X
    x = x.astype(dtype)
    y, dx = np.empty_like(x), np.empty_like(x)

    found.activation(x, y)
    found.activation_back(x, np.ones_like(x), dx)

    wide = x.astype(np.float64)
    tolerance = 1e-12 if dtype is np.float64 else 2e-6
    np.testing.assert_allclose(y, found.value({"x": wide}) + 0 * wide, rtol=tolerance, atol=tolerance)
    wanted, smooth = slopes_by_differences(found, wide)
    np.testing.assert_allclose(dx[smooth], wanted[smooth], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("text", "x", "slope"),
    [
        ("relu(x)", 0, 0), ("abs(x)", 0, 0), ("maximum(x, 2*x)", 0, 1), ("maximum(2*x, x)", 0, 2),
        ("minimum(x, 2*x)", 0, 1), ("clip(x, -1, 1)", 1, 1), ("clip(x, -1, 1)", -1, 1), ("clip(x, -1, 1)", 1.1, 0),
        ("sign(x)", 0, 0), ("where(x > 0, log(x), 0)", 0, 0), ("where(x > 0, sqrt(x), 0)", -1, 0),
        ("maximum(relu(x), sigmoid(x) - 0.5)", 0, 0),
    ],
)  # fmt: skip
def test_slopes_at_bends_are_those_that_are_stated(text: str, x: float, slope: float) -> None:
    found = formula(text, ("x",))
    point, dx = np.array([[float(x)]]), np.empty((1, 1))

    found.activation_back(point, np.ones((1, 1)), dx)

    assert dx[0, 0] == slope
    assert float(found.slope_value("x", {"x": float(x)})) == slope


def test_a_loop_written_twice_is_one_file_and_one_kernel() -> None:
    one, other = Formula("tanh(x) + 0.125*x", ("x",)), Formula("tanh(y) + 0.125 * y", ("y",))

    assert one.activation is other.activation
    files = list((jit.CACHE / "formulas").glob(f"{one.activation.__name__}.py"))
    assert len(files) == 1
    assert "__builtins__" not in files[0].read_text()


def test_a_spoiled_file_is_written_anew() -> None:
    text = "\n@kernel\ndef NAME(x):\n    x[0] = like(x[0], 41)\n"
    made = generated.kernel_from(text, "spoiled")
    path = jit.CACHE / "formulas" / f"{made.__name__}.py"
    path.write_text("raise SystemExit(3)\n")
    generated.kernel_from.cache_clear()

    x = np.zeros(1)
    generated.kernel_from(text, "spoiled")(x)

    assert x[0] == 41


AGAIN = """
import numpy as np
from engine.expression.formula import formula
found = formula("tanh(x) + 0.25*x", ("x",))
x = np.zeros((2, 3))
found.activation(x, x)
print(sum(found.activation.stats.cache_hits.values()), sum(found.activation.stats.cache_misses.values()))
"""


def test_a_second_start_compiles_nothing(tmp_path: Path) -> None:
    environ = os.environ | {"LAYERLOOM_CACHE": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[3])}

    said = [
        subprocess.run([sys.executable, "-c", AGAIN], env=environ, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]

    assert [text.split() for text in said] == [["0", "1"], ["1", "0"]]


def test_a_cache_that_cannot_be_written_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(jit, "CACHE", tmp_path / "file")
    x = np.zeros(1)

    generated.kernel_from("\n@kernel\ndef NAME(x):\n    x[0] = like(x[0], 43)\n", "homeless")(x)

    assert x[0] == 43
