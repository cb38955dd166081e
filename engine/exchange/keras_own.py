"""Formulas as classes of the Keras script: subclasses of Layer that compute with keras.ops."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from engine.catalogue.activations.base import Activation
from engine.component import Component
from engine.exchange.keras_terms import is_known
from engine.exchange.python_formula import Spelling, formula_lines
from engine.exchange.trace import Term, trace_of

#: What formulas are called there; a number follows where there are several.
STEM = "Formula"
SAME = (
    "exp", "expm1", "log", "log1p", "sqrt", "tanh", "sin", "cos", "sinh", "cosh", "arctan", "sign", "floor", "ceil",
    "erf",
)  # fmt: skip
SPELLING = Spelling(
    {name: f"ops.{name}({{0}})" for name in SAME}
    | {name: f"ops.{name}({{0}}, {{1}})" for name in ("maximum", "minimum", "logaddexp")}
    | {
        "absolute": "ops.abs({0})", "where": "ops.where({0}, {1}, {2})", "clip": "ops.clip({0}, {1}, {2})",
        "number": "ops.cast({0}, x.dtype)",
    }
)  # fmt: skip
SHAPES = {"scalar": "(1,)", "channel": "{0}[-1:]", "input": "{0}[1:]"}


def is_formula(component: Any) -> bool:
    """Whether a layer or activation is a formula that somebody wrote."""
    return component.key == "Expression" and component.kind in ("layer", "activation")


def class_lines(name: str, formula: Any, code: Any) -> list[str]:
    """The source of one class.

    Args:
        name: of the class.
        formula: a layer or activation.
        code: writes components as Python.
    """
    trained = () if isinstance(formula, Activation) else formula.trained
    several = not isinstance(formula, Activation) and len(formula.names) > 1
    count = len(formula.names) if several else 1
    inputs, term = trace_of(formula, count + len(trained))
    names = _names(inputs, count, [variable.name for variable in trained])
    told = wrap(f'"""The formula {formula.expression}."""', 92)
    lines = [f"class {name}(layers.Layer):", *(f"    {line}" for line in told)]
    if trained:
        lines += ["", "    def build(self, input_shape):"]
        shape = "input_shape[0]" if several else "input_shape"
        for variable in trained:
            lines.append(f"        self.own_{variable.name} = self.add_weight(")
            lines += [f"            {argument}," for argument in _weight(variable, shape, code)]
            lines.append("        )")
        lines.append("        super().build(input_shape)")
    lines += ["", f"    def call(self, {'inputs' if several else 'x'}):"]
    if several:
        lines.append(f"        {', '.join(list(names.values())[:count])} = inputs")
    lines += [f"        {line}" for line in formula_lines(term, SPELLING, names)]
    return lines


def _names(inputs: tuple[Term, ...], count: int, weights: list[str]) -> dict[Term, str]:
    called = ["x", *(f"x{number}" for number in range(2, count + 1)), *(f"self.own_{name}" for name in weights)]
    return dict(zip(inputs, called, strict=True))


def _weight(variable: Any, shape: str, code: Any) -> list[str]:
    found = [f'name="{variable.name}"', f"shape={SHAPES[variable.shape].format(shape)}"]
    for name in ("initializer", "regularizer", "constraint"):
        value: Component | None = getattr(variable, name)
        if value is not None and is_known(value):
            found.append(f"{name}={code(value)}")
    return found
