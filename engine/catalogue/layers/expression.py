"""Expression: a layer that people write as one formula."""

from __future__ import annotations

from math import prod
from typing import Annotated, Any, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Layer, Port, Preset, axis_text
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import component, setting
from engine.errors import ShapeError
from engine.expression.formula import Formula
from engine.expression.rules import (
    NUMBERS_HELP,
    FormulaText,
    NamedNumbers,
    Names,
    Pairs,
    Variables,
    formula_of,
    values_of,
)  # fmt: skip
from engine.tensor_spec import TensorSpec, WeightSpec

#: Activations to begin with; the last two are relu above 0 and two straight lines below it.
PRESETS = (
    Preset("relu with a bend of its own", {"expression": "relu(x) - relu(0.5 - sigmoid(x))"}),
    Preset("The larger of two", {"expression": "maximum(relu(x), sigmoid(x) - 0.5)"}),
    Preset(
        "Three straight pieces",
        {
            "expression": "where(x > 0, x, where(x > theta, a1*x, a2*x))",
            "numbers": {"theta": -5.0, "a1": 0.2, "a2": 0.1},
        },
    ),
    Preset(
        "Three pieces that learn",
        {
            "expression": "where(x > 0, x, where(x > theta, a1*x, a2*x))",
            "numbers": {"theta": -5.0},
            "trained": {"a1": "input", "a2": "input"},
        },
    ),
)
THREE_PIECES = {
    "expression": "where(x > 0, x, where(x > theta, a1*x, a2*x))",
    "numbers": {"theta": -0.5},
    "trained": {"a1": "input", "a2": {"shape": "channel", "regularizer": "L2"}},
}


@component
class Expression(Layer):
    """y = a formula of the inputs, of named numbers and of trained parameters, for every number by itself.

    Where the formula bends, one slope is chosen: 0 at 0 for relu and abs, that of the first part where both parts of
    maximum or minimum are equal, 1 at both ends of clip; conditions, sign, floor and round have none.

    Shapes:
        inputs: any number of tensors of one shape (batch, a, b, ...), named in the order of their wires.
        trained parameters: (1), (channels) or (a, b, ...).
        output: as the inputs.
    Source: ours; Keras has Lambda and subclasses of Layer in its place, whose Python is never run from a file here.
    """

    counterparts: ClassVar[tuple[str, ...]] = ()
    differences: ClassVar[str] = (
        "Keras writes such a thing as a Lambda layer of Python code; here it is a formula that is kept as text."
    )
    category: ClassVar[str] = "Core"
    icon: ClassVar[str] = "mdi6.function-variant"
    supports_masking: ClassVar[bool] = True
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("x", many=True, help="One wire for each input name of the formula, in their order."),
    )
    presets: ClassVar[tuple[Preset, ...]] = PRESETS
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((5,),)),
        Example(THREE_PIECES, ((3, 2, 4),)),
        Example({"expression": "tanh(g)*x + b", "names": ("x", "g"), "trained": {"b": "scalar"}}, ((3, 4), (3, 4))),
        Example({"expression": "x*sigmoid(k*x)", "trained": {"k": "channel"}}, ((6, 3),)),
        Example({"expression": "log1p(exp(-c*abs(x))) + x**3/9", "numbers": {"c": 2}}, ((7,),)),
    )

    expression: Annotated[str, FormulaText(("x",))] = setting(
        "relu(x) - relu(0.5 - sigmoid(x))", "The formula, applied to every number of the inputs by itself."
    )
    names: Annotated[tuple[str, ...], Names()] = setting(
        ("x",), "What the formula calls its inputs, in the order of the wires: x, gate.", advanced=True
    )
    numbers: Annotated[Pairs, NamedNumbers()] = setting((), NUMBERS_HELP)
    trained: Annotated[tuple[Any, ...], Variables()] = setting((), "Parameters of the formula that training changes.")

    def __post_init__(self) -> None:
        formula_of(self, self.names, self.trained)

    @property
    def formula(self) -> Formula:
        """What the text says."""
        return formula_of(self, self.names, self.trained)

    @property
    def badge(self) -> str:
        return self.expression if len(self.expression) <= 28 else self.expression[:27] + "…"

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        if len(inputs) != len(self.names):
            raise ShapeError(
                f"Expression has the inputs {', '.join(self.names)}, one wire for each; received {len(inputs)}. "
                "Wire the missing ones, or change its input names."
            )
        if len({spec.shape for spec in inputs}) > 1:
            raise ShapeError(
                f"Expression needs inputs of one shape, because it works number by number; received "
                f"{axis_text(inputs)}. Bring the branches to one shape."
            )
        if not inputs[0].shape:
            raise ShapeError("Expression needs at least one axis after the batch. Reshape the single number to (1).")
        self._check_sizes(inputs[0])
        return (inputs[0],)

    def _check_sizes(self, x: TensorSpec) -> None:
        asked = {"input": x.shape, "channel": x.shape[-1:]}
        for variable in self.trained:
            if None in asked.get(variable.shape, ()):
                raise ShapeError(
                    f"Expression keeps '{variable.name}' for every {variable.shape}, so it needs to know the sizes; "
                    f"received {x}. Give the input its full shape, or make '{variable.name}' a scalar."
                )

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        shapes = {"scalar": (1,), "channel": inputs[0].shape[-1:], "input": inputs[0].shape}
        return tuple(
            WeightSpec(
                variable.name,
                tuple(int(size or 0) for size in shapes[variable.shape]),
                variable.initializer,
                regularizer=variable.regularizer,
                constraint=variable.constraint,
            )
            for variable in self.trained
        )

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return 4.0 * len(self.formula.steps) * inputs[0].size

    def forward(self, lane: Lane) -> None:
        arrays = [self._laid_out(lane, x) for x in lane.x]
        y = self._laid_out(lane, lane.y[0])
        lane.call(self.formula.layer, *arrays, *self._parameters(lane), y, *self._numbers(lane))

    def backward(self, lane: Lane) -> None:
        dy = self._laid_out(lane, lane.dy[0])
        arrays = [self._laid_out(lane, x) for x in lane.x]
        slopes = [
            lane.scratch(f"unread {place}", dy.shape) if dx is None else self._laid_out(lane, dx)
            for place, dx in enumerate(lane.dx)
        ]
        for variable in self.trained:
            weight = lane.weights[variable.name]
            asked = lane.training and variable.name in lane.gradients
            slope = lane.partial(variable.name) if asked else lane.scratch(f"unread {variable.name}", weight.shape)
            slopes.append(self._table(lane, variable, slope))
        kernel = self.formula.layer_back
        lane.call(kernel, *arrays, *self._parameters(lane), dy, *slopes, *self._numbers(lane))

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        return (out.formula(self, x, tuple(variable.name for variable in self.trained)),)

    def value(self, *values: Any) -> Any:
        """The formula in plain numpy, from the inputs and the trained parameters in their order."""
        names = (*self.names, *(variable.name for variable in self.trained))
        return self.formula.value({**dict(zip(names, values, strict=True)), **dict(self.numbers)})

    # -- arrays as the loops want them: (rows, places, channels) -------------------------------------

    def _layout(self, lane: Lane) -> tuple[int, int, int]:
        """Long last axes run fastest, so axes are kept apart only where a parameter tells them apart."""
        size, channels = prod(lane.specs[0].sizes), lane.specs[0].sizes[-1]
        shapes = {variable.shape for variable in self.trained}
        if "channel" in shapes:
            return lane.rows, size // channels, channels
        return (lane.rows, 1, size) if "input" in shapes else (1, 1, lane.rows * size)

    def _laid_out(self, lane: Lane, x: Array) -> Array:
        return x.reshape(self._layout(lane))

    def _table(self, lane: Lane, variable: Any, array: Array) -> Array:
        _, places, channels = self._layout(lane)
        return array.reshape((places, channels) if variable.shape == "input" else (1, array.size))

    def _parameters(self, lane: Lane) -> list[Array]:
        return [self._table(lane, variable, lane.weights[variable.name]) for variable in self.trained]

    def _numbers(self, lane: Lane) -> list[Any]:
        return [lane.number_of(value) for value in values_of(self)]
