"""What formulas may say, what they may not, and that nothing else can come of a text."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expression.formula import Formula, formula
from engine.expression.functions import CONSTANTS, FUNCTIONS
from engine.expression.numeric import computed
from engine.expression.reader import read
from engine.expression.tree import ExpressionError, Forest, walk
from engine.expression.writing import to_latex, to_text
from tests.engine.expression.strategies import HOSTILE, formulas

VALUES = {"x": np.linspace(-3, 3, 41), "a": 0.7}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2*3", 7), ("(1 + 2)*3", 9), ("-2**2", -4), ("2**-1", 0.5), ("2**3**0", 2), ("7/2/2", 1.75), ("1-2-3", -4),
        ("--3", 3), ("+-3", -3), (".5e1 + 1.", 6), ("where(1 < 2, 3, 4)", 3), ("where(not 1 < 2, 3, 4)", 4),
        ("where(1 < 2 and 2 < 1 or 3 == 3, 3, 4)", 3), ("where(not (1 < 2 and 2 != 2), 3, 4)", 3),
        ("where(not not 1 <= 1, 3, 4)", 3), ("pi", np.pi), ("e", np.e), ("clip(5, 1, 2)", 2), ("round(2.5)", 2),
        ("floor(-0.5)", -1), ("hard_sigmoid(0)", 0.5), ("leaky_relu(-1)", -0.2), ("elu(-1, 2)", 2 * np.expm1(-1)),
        ("  maximum( 1 ,2 ) ", 2), ("sign(-3)*abs(-3)", -3), ("sqrt(square(3))", 3), ("exp(log(5))", 5),
    ],
)  # fmt: skip
def test_says_what_it_should(text: str, value: float) -> None:
    assert float(computed(read(text, ()), {})) == pytest.approx(value)


@pytest.mark.parametrize("text", HOSTILE)
def test_refuses_what_is_no_formula_at_once(text: str) -> None:
    begun = time.process_time()
    tracemalloc.start()

    with pytest.raises(ExpressionError) as caught:
        formula(text, ("x",))

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - begun < 2
    assert peak < 20e6
    assert 10 < len(str(caught.value)) < 600


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60) | st.text("x+-*/()., <>=0123456789eainpuwhortd_*", max_size=80))
def test_any_text_is_a_formula_or_a_sentence(text: str) -> None:
    forest = Forest()
    try:
        tree = read(text, ("x",), forest)
    except ExpressionError as error:
        assert str(error)
        return
    assert not tree.logical
    assert {step.operation for step in walk(tree)} <= {
        step.operation for step in walk(read(to_text(tree), ("x",), forest))
    }


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from((*FUNCTIONS, *CONSTANTS, "x", "a", "1", "0.5", "(", ")", ",", "+", "-", "*", "/", "**", "<",
                         "==", "and", "or", "not", "__class__", "import", "lambda")),
        max_size=40,
    ).map(" ".join)
)  # fmt: skip
def test_any_row_of_words_is_a_formula_or_a_sentence(text: str) -> None:
    try:
        found = formula(text, ("x",), ("a",))
    except ExpressionError as error:
        assert str(error)
        return
    assert np.shape(found.value(VALUES)) in ((), (41,))


@settings(max_examples=150, deadline=None)
@given(formulas)
def test_written_text_means_the_same(text: str) -> None:
    tree = read(text, ("x", "a"))

    again = read(to_text(tree), ("x", "a"))

    np.testing.assert_array_equal(computed(again, VALUES), computed(tree, VALUES))
    assert to_text(again) == to_text(tree)
    latex = to_latex(tree)
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left") == latex.count(r"\right")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x ^ 2", r"\*\* for a power"), ("y + 1", "'y' is not known here; known are x, pi, e"), ("relu", r"relu\(x\)"),
        ("rleu(x)", "did you mean relu"), ("x >", "it ends where"), ("x > 0", "where"), ("0 < x < 1", "chained"),
        ("x y", "missing"), ("2x", "neither number nor name"),
        ("x (", "no function 'x'"), ("(x", "needs '\\)'"), ("x ** x", "plain"),
        ("where(x, 1, 2)", "compares two numbers"), ("maximum(x)", r"maximum\(a, b\)"), ("", "empty"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_and_what_to_write(text: str, words: str) -> None:
    with pytest.raises(ExpressionError, match=words):
        read(text, ("x",))


def test_a_step_said_twice_is_kept_once() -> None:
    found = Formula("tanh(x + 1)*tanh(x + 1) + tanh(x + 1)", ("x",))

    assert [step.operation for step in walk(found.tree)].count("tanh") == 1


MANY = tuple(f"v{n}" for n in range(10))


@pytest.mark.parametrize(
    "text", ["*".join(f"tanh({n}*v0)" for n in range(1, 40)), "*".join(f"(v{n % 10}+v{n % 9})" for n in range(60))]
)
def test_what_would_take_long_to_compile_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="Divide it"):
        formula(text, MANY)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_teaches(name: str) -> None:
    function = FUNCTIONS[name]

    assert function.takes.startswith(f"{name}(")
    assert len(function.help) > 3
    read(function.takes.replace("condition", "x > 0"), ("x", "a", "b", "low", "high", "yes", "no", "slope", "alpha"))
