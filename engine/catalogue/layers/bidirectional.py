"""Bidirectional: a sequence read from both ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Layer, Port
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.inner import InnerLane
from engine.catalogue.layers.recurrent import Recurrent
from engine.catalogue.layers.recurrent_export import answers_out, refuse_kept_states
from engine.component import Component, Slot, component, setting
from engine.constraints import Choice
from engine.errors import ParameterError, ShapeError
from engine.kernels.elementwise import add_into
from engine.kernels.recurrent import merge, merge_back, turn
from engine.tensor_spec import TensorSpec, WeightSpec

FORWARD, BACKWARD = "forward_", "backward_"
#: Ways of merging and their number in the kernels.
WAYS = {"concat": 0, "sum": 1, "mul": 2, "ave": 3}
MODES = (
    ("concat", "Both answers one after the other: twice as wide."),
    ("sum", "The sum of both answers."),
    ("mul", "The product of both answers."),
    ("ave", "The mean of both answers."),
)


@component
class Bidirectional(Layer):
    """y = merge(layer(x), backward_layer(x read from the end)), answers of the same step together.

    The backward layer is a copy of the layer that goes backwards, with weights of its own, unless it is given. With
    masks and ``return_sequences`` both put out zeros at masked steps.

    Shapes:
        x: (batch, steps, features); output: as the layer's, twice as wide with ``concat``.
    Source: Schuster and Paliwal 1997, "Bidirectional recurrent neural networks"; Keras 3,
    ``keras.layers.Bidirectional``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.Bidirectional", "torch.nn.LSTM", "onnx.LSTM")
    differences: ClassVar[str] = "In PyTorch and ONNX a setting of the recurrent layer."
    category: ClassVar[str] = "Recurrent"
    icon: ClassVar[str] = "mdi6.swap-horizontal"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("x", help="A sequence: (steps, features)."),
        Port("initial_state", many=True, optional=True, help="States to begin with: forward, then backward."),
    )
    shard_rows: ClassVar[int] = Recurrent.shard_rows
    reads_mask: ClassVar[bool] = True
    pairs: ClassVar[bool] = False
    starts: ClassVar[Mapping[str, object]] = {"layer": {"type": "LSTM", "units": 32}}
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"layer": {"type": "LSTM", "units": 3}}, ((4, 2),)),
        Example({"layer": {"type": "GRU", "units": 2, "return_sequences": True}, "merge_mode": "mul"}, ((4, 3),)),
        Example({"layer": {"type": "SimpleRNN", "units": 2}, "merge_mode": "sum"}, ((4, 3), (2,), (2,))),
        Example({"layer": {"type": "SimpleRNN", "units": 2, "return_sequences": True}, "merge_mode": None}, ((3, 3),)),
        Example(
            {
                "layer": {"type": "LSTM", "units": 2, "return_sequences": True, "return_state": True, "dropout": 0.4},
                "merge_mode": "ave",
                "backward_layer": {
                    "type": "LSTM", "units": 2, "return_sequences": True, "return_state": True, "go_backwards": True,
                    "activation": "relu",
                },
            },
            ((3, 3),),
        ),
    )  # fmt: skip

    layer: Annotated[Component, Slot("layer")] = setting(help="The recurrent layer: LSTM, GRU or SimpleRNN.")
    merge_mode: Annotated[str | None, Choice(MODES, none="both answers apart")] = setting(
        "concat", "What becomes of the answers of both directions."
    )
    backward_layer: Annotated[Component | None, Slot("layer", none="a copy that goes backwards")] = setting(
        None, "The layer that reads from the end, when it is to be another one.", advanced=True
    )

    def __post_init__(self) -> None:
        """Refuse layers that do not go together."""
        for name, given in (("layer", self.layer), ("backward_layer", self.backward_layer)):
            if given is not None and not isinstance(given, Recurrent):
                raise ParameterError(
                    self.key, name, f"{name} must be a recurrent layer (LSTM, GRU, SimpleRNN); received {given.key}"
                )
        ours, theirs = self.halves
        if ours.go_backwards == theirs.go_backwards:
            raise ParameterError(
                self.key, "backward_layer", "layer and backward_layer must differ in go_backwards: one reads forward"
            )
        for name in ("stateful", "return_sequences", "return_state"):
            if getattr(ours, name) != getattr(theirs, name):
                raise ParameterError(self.key, "backward_layer", f"layer and backward_layer must agree in {name}")
        if self.merge_mode in ("sum", "mul", "ave") and ours.units != theirs.units:
            raise ParameterError(
                self.key, "merge_mode", f"merge_mode '{self.merge_mode}' needs as many units on both sides"
            )

    @property
    def halves(self) -> tuple[Recurrent, Recurrent]:
        """Both layers, as they run."""
        assert isinstance(self.layer, Recurrent)
        other = self.backward_layer or self.layer.changed(go_backwards=True)
        assert isinstance(other, Recurrent)
        zeros = {"zero_output_for_mask": self.layer.return_sequences}
        return self.layer.changed(**zeros), other.changed(**zeros)

    @property
    def outputs(self) -> tuple[Port, ...]:  # type: ignore[override]
        """The answer or both answers, and the last states where they are asked for."""
        ours, theirs = self.halves
        answers = ("y",) if self.merge_mode else ("y", "y_backward")
        states = (*(FORWARD + s for s in ours.states), *(BACKWARD + s for s in theirs.states))
        return tuple(Port(name) for name in (answers + states if ours.return_state else answers))

    @property
    def badge(self) -> str:
        return f"{self.layer.title} {self.halves[0].badge}"

    @property
    def activity_penalty(self) -> Component | None:
        return self.halves[0].activity_penalty

    @property
    def carries(self) -> bool:
        return self.halves[0].carries

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        (ours, *states), (theirs, *others) = (
            half.infer(given) for half, given in zip(self.halves, self._parts(inputs), strict=True)
        )
        penalties = {half.activity_penalty for half in self.halves}
        if penalties != {None} and (len(penalties) > 1 or self.merge_mode in ("sum", "mul", "ave")):
            raise ShapeError(
                "Bidirectional can penalize what both layers put out only where merge_mode leaves it as it is: choose "
                "'concat' or None and the same activity_regularizer for both, or take the regularizer away."
            )
        if self.merge_mode is None:
            return (ours, theirs, *states, *others)
        wide = (ours.shape[-1] or 0) + (theirs.shape[-1] or 0) if self.merge_mode == "concat" else ours.shape[-1]
        return (ours.with_shape((*ours.shape[:-1], wide)), *states, *others)

    def masked(self, inputs: tuple[TensorSpec, ...]) -> tuple[bool, ...]:
        carried = self.halves[0].return_sequences and inputs[0].masked
        return (carried, False) if self.merge_mode else (carried, carried, False)

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        return tuple(
            replace(spec, name=prefix + spec.name)
            for half, prefix, given in zip(self.halves, (FORWARD, BACKWARD), self._parts(inputs), strict=True)
            for spec in half.weights(given)
        )

    def pace(self, inputs: tuple[TensorSpec, ...]) -> str:
        return self.halves[0].pace(inputs[:1])

    def remembered(self, inputs: tuple[TensorSpec, ...]) -> int:
        return sum(half.remembered(inputs[:1]) for half in self.halves)

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        return sum(half.cost(inputs[:1]) for half in self.halves)

    def _parts(self, inputs: tuple[TensorSpec, ...]) -> tuple[tuple[TensorSpec, ...], tuple[TensorSpec, ...]]:
        """What enters each layer."""
        ours, theirs = self.halves
        states = inputs[1:]
        if states and len(states) != len(ours.states) + len(theirs.states):
            raise ShapeError(
                f"Bidirectional begins with {len(ours.states) + len(theirs.states)} states, those of the forward layer "
                f"first; received {len(states)}. Connect as many, or none for zeros."
            )
        cut = len(ours.states) if states else 0
        return (inputs[0], *states[:cut]), (inputs[0], *states[cut:])

    # -- running -----------------------------------------------------------------------------------

    def forward(self, lane: Lane) -> None:
        ours, theirs = lanes = self._lanes(lane)
        for half, inner in zip(self.halves, lanes, strict=True):
            half.forward(inner)
        a, b, turned = _steps(ours.y[0]), _steps(theirs.y[0]), self.halves[0].return_sequences
        if self.merge_mode is None:
            lane.call(turn, a, False, _steps(lane.y[0]))
            lane.call(turn, b, turned, _steps(lane.y[1]))
        else:
            lane.call(merge, WAYS[self.merge_mode], a, b, turned, _steps(lane.y[0]))
        for state, y in zip((*ours.y[1:], *theirs.y[1:]), lane.y[self._answers :], strict=True):
            lane.copy(state, y)

    def backward(self, lane: Lane) -> None:
        ours, theirs = lanes = self._lanes(lane)
        a, b, turned = _steps(ours.y[0]), _steps(theirs.y[0]), self.halves[0].return_sequences
        da, db = _steps(ours.dy[0]), _steps(theirs.dy[0])
        if self.merge_mode is None:
            lane.call(turn, _steps(lane.dy[0]), False, da)
            lane.call(turn, _steps(lane.dy[1]), turned, db)
        else:
            lane.call(merge_back, WAYS[self.merge_mode], _steps(lane.dy[0]), a, b, turned, da, db)
        for half, inner in zip(self.halves, lanes, strict=True):
            half.backward(inner)
        if lane.dx[0] is not None and theirs.dx[0] is not None:
            features = lane.dx[0].shape[-1]
            lane.call(add_into, theirs.dx[0].reshape(-1, features), lane.dx[0].reshape(-1, features))

    def gradient(self, lane: Lane) -> None:
        for half, inner in zip(self.halves, self._lanes(lane), strict=True):
            half.gradient(inner)

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        first, second = self.halves
        if not (first.cell and second.cell):
            return super().export(out, x)
        refuse_kept_states(first, self.key)
        given, cut = out.keep(x[0]), 1 + len(first.states)
        ours, *states = map(out.keep, answers_out(first, out, given, x[1:cut], FORWARD))
        theirs, *others = answers_out(second, out, given, x[cut:], BACKWARD)
        if first.return_sequences:
            theirs = out.reverse(theirs)
        return (*self._merged(out, ours, out.keep(theirs)), *states, *others)

    def _merged(self, out: Emitter, ours: Value, theirs: Value) -> tuple[Value, ...]:
        """Write what becomes of both answers."""
        if self.merge_mode is None:
            return ours, theirs
        if self.merge_mode == "concat":
            return (out.concatenate((ours, theirs), 2 if self.halves[0].return_sequences else 1),)
        if self.merge_mode == "sum":
            return (out.add((ours, theirs)),)
        return (out.merge({"mul": "multiply", "ave": "average"}[self.merge_mode], (ours, theirs)),)

    @property
    def _answers(self) -> int:
        """How many outputs come before the states."""
        return 1 if self.merge_mode else 2

    def _lanes(self, lane: Lane) -> tuple[InnerLane, InnerLane]:
        """What both layers see; their answers and the gradients of these have memory of their own."""
        first, second = self.halves
        cut = 1 + (len(first.states) if len(lane.x) > 1 else 0)
        found = []
        for half, prefix, place in ((first, FORWARD, slice(1, cut)), (second, BACKWARD, slice(cut, None))):
            specs = (lane.specs[0], *lane.specs[place])
            shapes = [spec.sizes for spec in half.infer(specs)]
            y = tuple(lane.buffer(f"{prefix}answer {n}", shape) for n, shape in enumerate(shapes))
            dy: tuple[Array, ...] = ()
            dx: tuple[Array | None, ...] = ()
            if lane.dy:
                of_states = self._answers + (len(first.states) if half is second else 0)
                states = lane.dy[of_states : of_states + len(shapes) - 1]
                dy = (lane.buffer(f"{prefix}answer slope", shapes[0]), *states)
            if lane.dx:
                into = lane.dx[0]
                if into is not None and half is second:
                    into = lane.scratch("dx of the second", into.shape)
                dx = (into, *lane.dx[place])
            x = (lane.x[0], *lane.x[place])
            masks = (lane.masks[0], *lane.masks[place])
            found.append(InnerLane(lane, prefix, specs, x, y, dx, dy, masks=masks))
        return found[0], found[1]


def _steps(array: Array) -> Array:
    """(rows, units) as one step."""
    return array.reshape(len(array), -1, array.shape[-1])
