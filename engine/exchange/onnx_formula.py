"""Activations in ONNX: by their own operator where there is one, else by their formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from typing import Any

from onnx import TensorProto

from engine.component import Component
from engine.exchange.onnx_graph import OnnxGraph
from engine.exchange.trace import REDUCTIONS, Term, X

#: Operator and attributes by the activation's key, in the opset that is written.
OPERATORS: Mapping[str, Callable[[Any], tuple[str, dict[str, float]]]] = {
    "relu": lambda _: ("Relu", {}),
    "sigmoid": lambda _: ("Sigmoid", {}),
    "tanh": lambda _: ("Tanh", {}),
    "exponential": lambda _: ("Exp", {}),
    "elu": lambda a: ("Elu", {"alpha": a.alpha}),
    "selu": lambda _: ("Selu", {}),
    "leaky_relu": lambda a: ("LeakyRelu", {"alpha": a.negative_slope}),
    "softplus": lambda _: ("Softplus", {}),
    "softsign": lambda _: ("Softsign", {}),
    "hard_sigmoid": lambda _: ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}),
    "hard_sigmoid_keras2": lambda _: ("HardSigmoid", {"alpha": 0.2, "beta": 0.5}),
    "hard_silu": lambda _: ("HardSwish", {}),
}
#: Operators along one axis.
ALONG_AXIS = {"softmax": "Softmax", "log_softmax": "LogSoftmax"}
#: Operators of formulas; what is not here is composed in :func:`_composed`.
STEPS = {
    "add": "Add", "subtract": "Sub", "multiply": "Mul", "divide": "Div", "power": "Pow", "maximum": "Max",
    "minimum": "Min", "negative": "Neg", "absolute": "Abs", "exp": "Exp", "log": "Log", "sqrt": "Sqrt", "tanh": "Tanh",
    "sin": "Sin", "cos": "Cos", "sinh": "Sinh", "cosh": "Cosh", "arctan": "Atan", "sign": "Sign", "floor": "Floor",
    "ceil": "Ceil", "erf": "Erf", "less": "Less", "less_equal": "LessOrEqual", "greater": "Greater",
    "greater_equal": "GreaterOrEqual", "equal": "Equal", "logical_and": "And", "logical_or": "Or",
    "logical_not": "Not", "where": "Where",
}  # fmt: skip


def operator_of(activation: Component) -> tuple[str, dict[str, float]] | None:
    """The elementwise operator of an activation, with its attributes."""
    return OPERATORS[activation.key](activation) if activation.key in OPERATORS else None


def write_formula(graph: OnnxGraph, formula: Term, x: str, more: Mapping[Term, str] | None = None) -> str:
    """Append the nodes of a formula; returns the name of its value.

    Args:
        graph: where they go.
        formula: of the activation's input, or of others.
        x: what the activation's input is called.
        more: what other inputs are called.
    """
    known = {X: x, **(more or {})}

    def name_of(part: Term | float) -> str:
        if not isinstance(part, Term):
            return graph.number(part)
        if part not in known:
            known[part] = _step(graph, part, name_of)
        return known[part]

    # A formula that is its input needs no node.
    return name_of(formula)


def _step(graph: OnnxGraph, term: Term, name_of: Callable[[Term | float], str]) -> str:
    if term.operation == "clip":
        x, *limits = term.operands
        return graph.add("Clip", [name_of(x), *("" if limit in (-inf, inf) else name_of(limit) for limit in limits)])
    inputs = [name_of(part) for part in term.operands]
    if term.operation in STEPS:
        return graph.add(STEPS[term.operation], inputs)
    if term.operation in REDUCTIONS:
        return _reduction(graph, term.operation, inputs[0])
    if term.operation == "number":
        return graph.add("Cast", inputs, to=TensorProto.FLOAT)
    return _composed(graph, term.operation, inputs)


def _reduction(graph: OnnxGraph, operation: str, x: str) -> str:
    if operation == "sum":
        # The only one of them that takes its axes as a tensor in this opset.
        return graph.add("ReduceSum", [x, graph.whole("axes", [-1])], keepdims=1)
    return graph.add({"max": "ReduceMax", "min": "ReduceMin", "mean": "ReduceMean"}[operation], [x], axes=[-1])


def _composed(graph: OnnxGraph, operation: str, inputs: list[str]) -> str:
    one = graph.number(1.0)
    if operation == "expm1":
        return graph.add("Sub", [graph.add("Exp", inputs), one])
    if operation == "log1p":
        return graph.add("Log", [graph.add("Add", [*inputs, one])])
    # log(e^a + e^b) = max(a, b) + log(1 + e^-|a - b|) does not overflow.
    distance = graph.add("Abs", [graph.add("Sub", inputs)])
    rest = graph.add("Log", [graph.add("Add", [graph.add("Exp", [graph.add("Neg", [distance])]), one])])
    return graph.add("Add", [graph.add("Max", inputs), rest])
