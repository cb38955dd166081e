"""What recurrent layers share: ports, shapes, the order of time, dropped parts, masks and gradients."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.catalogue.layers.base import Array, Lane, Layer, Port
from engine.catalogue.layers.emitter import Emitter, Value
from engine.catalogue.layers.noise import edge_of
from engine.catalogue.layers.recurrent_arrays import Run, Slopes, table_of
from engine.catalogue.layers.recurrent_export import answers_out, refuse_kept_states
from engine.component import Component
from engine.errors import Remedy, ShapeError
from engine.kernels import recurrent as kernels
from engine.kernels.activity import clear
from engine.kernels.dense import column_sum, multiply, multiply_a_transposed, multiply_b_transposed
from engine.kernels.elementwise import add_into
from engine.kernels.random import drop
from engine.tensor_spec import TensorSpec, WeightSpec

#: Turns a layer's number into another one: what is dropped of inputs and states is drawn independently.
OTHER_DRAW = 0x9E3779B9


class Recurrent(Layer):
    """Base of the layers that go through a sequence step by step.

    Class attributes:
        gates: how many blocks of units the kernel has.
        states: names of what goes from step to step; the first is what the layer puts out.
        cell: what emitters call a step of it (see :class:`Cell`); without it the layer cannot be exported.
    """

    category: ClassVar[str] = "Recurrent"
    icon: ClassVar[str] = "mdi6.repeat"
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("x", help="A sequence: (steps, features)."),
        Port("initial_state", many=True, optional=True, help="The state to begin with; zeros without a wire."),
    )
    shard_rows: ClassVar[int] = 32
    reads_mask: ClassVar[bool] = True
    pairs: ClassVar[bool] = False
    gates: ClassVar[int] = 1
    states: ClassVar[tuple[str, ...]] = ("state_h",)
    cell: ClassVar[str] = ""

    units: int
    activation: Component
    use_bias: bool
    kernel_initializer: Component
    recurrent_initializer: Component
    bias_initializer: Component
    kernel_regularizer: Component | None
    recurrent_regularizer: Component | None
    bias_regularizer: Component | None
    kernel_constraint: Component | None
    recurrent_constraint: Component | None
    bias_constraint: Component | None
    dropout: float
    recurrent_dropout: float
    return_sequences: bool
    return_state: bool
    go_backwards: bool
    stateful: bool
    zero_output_for_mask: bool
    seed: int | None

    # -- what a layer of this kind says for itself -------------------------------------------------

    def go(self, lane: Lane, run: Run) -> None:
        """List the calls of all steps: ``run.z`` holds x·kernel, ``run.h[0]`` and its like the first states."""
        raise TypeError(f"{type(self).__name__} takes no steps")

    def go_back(self, lane: Lane, run: Run, slopes: Slopes) -> None:
        """List the calls back through all steps: they fill ``slopes.dz`` and turn ``slopes.states`` into the first."""
        raise TypeError(f"{type(self).__name__} has no way back")

    def first_states(self, lane: Lane, run: Run) -> tuple[Array, ...]:
        """Where the states lie that the first step begins with."""
        return (run.h[0],)

    def bias_shape(self) -> tuple[int, ...]:
        """Shape of the bias."""
        return (self.gates * self.units,)

    def bias_start(self) -> Component:
        """The bias's initializer."""
        return self.bias_initializer

    def bias_gradient(self, lane: Lane, slopes: Slopes) -> None:
        """List this shard's gradient of the bias."""
        lane.call(column_sum, table_of(slopes.dz), lane.partial("bias"))

    # -- declarations ------------------------------------------------------------------------------

    @property
    def outputs(self) -> tuple[Port, ...]:  # type: ignore[override]
        """The answer, and the last states where they are asked for."""
        named = {"state_h": "The state after the last step.", "state_c": "The carry after the last step."}
        more = tuple(Port(name, help=named[name]) for name in self.states)
        return (Port("y"), *more) if self.return_state else (Port("y"),)

    @property
    def badge(self) -> str:
        return f"{self.units} · steps" if self.return_sequences else f"{self.units}"

    @property
    def carries(self) -> bool:
        return self.stateful

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        x, *states = inputs
        if len(x.shape) != 2:
            raise ShapeError(
                f"{self.key} needs a sequence: steps and features after the batch; received {x}.", self._remedy(x)
            )
        if x.shape[1] is None:
            raise ShapeError(f"{self.key} needs to know how many features each step has.")
        if states and len(states) != len(self.states):
            raise ShapeError(
                f"{self.key} begins with {len(self.states)} state(s) ({', '.join(self.states)}); "
                f"received {len(states)}. Connect as many, or none for zeros."
            )
        for spec in states:
            if spec.shape != (self.units,):
                raise ShapeError(f"{self.key} has states of {self.units} numbers; an initial state of {spec} arrives.")
        state = x.with_shape((self.units,))
        y = x.with_shape((x.shape[0], self.units)) if self.return_sequences else state
        return (y, *(state for _ in self.states)) if self.return_state else (y,)

    def _remedy(self, x: TensorSpec) -> Remedy | None:
        if len(x.shape) == 1:
            return Remedy("Insert Reshape: one number a step", "Reshape", (("target_shape", (-1, 1)),))
        if len(x.shape) > 2:
            features = (("target_shape", (-1, x.shape[-1])),)
            return Remedy("Insert Reshape: all but the last axis are steps", "Reshape", features)
        return None

    def masked(self, inputs: tuple[TensorSpec, ...]) -> tuple[bool, ...]:
        return (self.return_sequences and inputs[0].masked, False)

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        columns, features = self.gates * self.units, int(inputs[0].shape[-1] or 0)
        kernel = WeightSpec(
            "kernel", (features, columns), self.kernel_initializer, regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )  # fmt: skip
        recurrent = WeightSpec(
            "recurrent_kernel", (self.units, columns), self.recurrent_initializer,
            regularizer=self.recurrent_regularizer, constraint=self.recurrent_constraint,
        )  # fmt: skip
        bias = WeightSpec(
            "bias", self.bias_shape(), self.bias_start(), regularizer=self.bias_regularizer,
            constraint=self.bias_constraint,
        )  # fmt: skip
        return (kernel, recurrent, bias) if self.use_bias else (kernel, recurrent)

    def pace(self, inputs: tuple[TensorSpec, ...]) -> str:
        return "steps"

    def remembered(self, inputs: tuple[TensorSpec, ...]) -> int:
        steps, features = inputs[0].sizes
        # Its input by time, the gates and their slopes, and four columns of states.
        return steps * (features + self.units * (2 * self.gates + 4))

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        steps, features = inputs[0].sizes
        return 2.0 * steps * self.gates * self.units * (features + self.units + 10)

    def drops_state(self, lane: Lane) -> bool:
        """Whether parts of the state are hidden from the gates."""
        return lane.training and self.recurrent_dropout > 0

    # -- forward -----------------------------------------------------------------------------------

    def forward(self, lane: Lane) -> None:
        run = self.run(lane)
        self._read(lane, run)
        for part, x in enumerate(run.x):
            gates = self._gates_of(part, run)
            kernel = lane.weights["kernel"][:, gates]
            lane.call(multiply, x.reshape(-1, x.shape[2]), kernel, table_of(run.z)[:, gates])
        for place, (name, first) in enumerate(zip(self.states, self.first_states(lane, run), strict=True)):
            if len(lane.x) > 1:
                lane.copy(lane.x[1 + place], first)
            elif self.stateful:
                lane.copy(lane.carried(name, (self.units,)), first)
            else:
                lane.call(clear, first.reshape(-1))
        self.go(lane, run)
        if self.stateful and lane.carries:
            for name, last in zip(self.states, run.last, strict=True):
                lane.copy(last, lane.carried(name, (self.units,)))
        if self.return_sequences:
            lane.call(kernels.tell_sequence, run.h, run.last[0], run.mask, self.zero_output_for_mask, lane.y[0])
        else:
            lane.call(kernels.tell_last, run.last[0], run.mask, self.zero_output_for_mask, lane.y[0])
        for state, y in zip(run.last, lane.y[1:], strict=False):
            lane.copy(state, y)

    def run(self, lane: Lane) -> Run:
        """The arrays of a lane; asking again gives the same ones."""
        steps, features = lane.specs[0].sizes
        rows, units, gates = lane.rows, self.units, self.gates
        own = lane.training and self.dropout > 0 and self.recurrent_dropout > 0
        x = tuple(
            lane.buffer(f"x {part}", (steps, features)).reshape(steps, rows, features)
            for part in range(gates if own else 1)
        )
        h = lane.buffer("h", (steps, units)).reshape(steps, rows, units)
        if self.drops_state(lane):
            drop = lane.buffer("state factors", (gates, units))
            dropped = lane.buffer("dropped", (steps, gates, units)).reshape(steps, rows, gates, units)
        else:
            drop, dropped = lane.shared("no factors", (0, gates, units)), h.reshape(steps, rows, 1, units)
        return Run(
            x,
            lane.buffer("z", (steps, gates, units)).reshape(steps, rows, gates, units),
            h,
            tuple(lane.buffer(f"last {name}", (units,)) for name in self.states),
            self._steps_mask(lane, steps),
            drop,
            dropped,
            lane.scratch("product", (rows, units)),
        )

    def _steps_mask(self, lane: Lane, steps: int) -> Array:
        if lane.masks[0] is not None:
            return lane.buffer("steps", (steps,), np.uint8).reshape(steps, lane.rows)
        ones = lane.shared("every step", (steps, lane.rows), np.uint8)
        ones.fill(1)
        return ones

    def _gates_of(self, part: int, run: Run) -> slice:
        """Columns of the gates that see a part's inputs."""
        share = self.gates * self.units // len(run.x)
        return slice(part * share, (part + 1) * share)

    def _read(self, lane: Lane, run: Run) -> None:
        """Bring input and mask into the order of time, and drop what is dropped."""
        if lane.masks[0] is not None:
            mask = lane.masks[0].reshape(lane.rows, run.steps, 1)
            lane.call(kernels.time_first, mask, self.go_backwards, run.mask.reshape(run.steps, lane.rows, 1))
        for x in run.x:
            lane.call(kernels.time_first, lane.x[0], self.go_backwards, x)
        if lane.training and self.dropout > 0:
            factors = self._input_factors(lane, run)
            self._draw(lane, factors, self.dropout, lane.number)
            for part, x in enumerate(run.x):
                lane.call(kernels.scale_steps, x, factors[:, part])
        if self.drops_state(lane):
            self._draw(lane, run.drop, self.recurrent_dropout, lane.number ^ OTHER_DRAW)

    def _input_factors(self, lane: Lane, run: Run) -> Array:
        return lane.buffer("input factors", (len(run.x), run.x[0].shape[2]))

    def _draw(self, lane: Lane, factors: Array, rate: float, number: int) -> None:
        """List what fills factors with 0 (dropped) and 1 / (1 - rate)."""
        flat = factors.reshape(lane.rows, -1)
        ones = lane.shared("ones", flat.shape)
        ones.fill(1)
        seed, scale = -1 if self.seed is None else self.seed, lane.number_of(1 / (1 - rate))
        lane.call(drop, ones, flat, lane.clock, seed, number, lane.first, edge_of(rate), scale)

    # -- backward ----------------------------------------------------------------------------------

    def backward(self, lane: Lane) -> None:
        run = self.run(lane)
        slopes = self.slopes(lane, run)
        for place, state in enumerate(slopes.states):
            if self.return_state:
                lane.copy(lane.dy[1 + place], state)
            else:
                lane.call(clear, state.reshape(-1))
        if self.return_sequences:
            held, zeros = lane.scratch("held", (self.units,)), self.zero_output_for_mask
            lane.call(kernels.tell_sequence_back, lane.dy[0], run.mask, zeros, held, slopes.dy)
        else:
            zeros = self.zero_output_for_mask
            lane.call(kernels.tell_last_back, lane.dy[0], run.mask, zeros, slopes.states[0])
        self.go_back(lane, run, slopes)
        if lane.training and self.use_bias:
            self.bias_gradient(lane, slopes)
        if lane.dx[0] is not None:
            self._back_to_input(lane, run, slopes)
        for state, dx in zip(slopes.states, lane.dx[1:], strict=False):
            if dx is not None:
                lane.copy(state, dx)

    def slopes(self, lane: Lane, run: Run) -> Slopes:
        """The gradients of a lane; asking again gives the same ones."""
        rows, units, steps = lane.rows, self.units, run.steps
        if self.return_sequences:
            dy = lane.buffer("dy", (steps, units)).reshape(steps, rows, units)
        else:
            dy = lane.shared("no dy", (1, rows, units))
        dz = lane.buffer("dz", (steps, self.gates, units)).reshape(run.z.shape)
        return Slopes(dy, tuple(lane.buffer(f"d {name}", (units,)) for name in self.states), dz)

    def _back_to_input(self, lane: Lane, run: Run, slopes: Slopes) -> None:
        dx = lane.scratch("dx", run.x[0].shape)
        part_dx = lane.scratch("part of dx", run.x[0].shape) if len(run.x) > 1 else dx
        kernel, features = lane.weights["kernel"], dx.shape[2]
        for part in range(len(run.x)):
            gates = self._gates_of(part, run)
            target = part_dx if part else dx
            dz = table_of(slopes.dz)[:, gates]
            lane.call(multiply_b_transposed, dz, kernel[:, gates], target.reshape(-1, features))
            if lane.training and self.dropout > 0:
                lane.call(kernels.scale_steps, target, self._input_factors(lane, run)[:, part])
            if part:
                lane.call(add_into, target.reshape(-1, features), dx.reshape(-1, features))
        lane.call(kernels.rows_first, dx, self.go_backwards, lane.dx[0])

    # -- gradients of weights, over the whole batch --------------------------------------------------

    def gradient(self, lane: Lane) -> None:
        run = self.run(lane)
        dz = table_of(self.slopes(lane, run).dz)
        columns = dz.shape[1]
        for block in lane.blocks("kernel", max(16, 65536 // columns)):
            for part, x in enumerate(run.x):
                gates = self._gates_of(part, run)
                table = x.reshape(-1, x.shape[2])[:, block]
                lane.call(multiply_a_transposed, table, dz[:, gates], lane.gradients["kernel"][block, gates])
        for block in lane.blocks("recurrent_kernel", max(16, 65536 // columns)):
            self.recurrent_gradient(lane, run, block, lane.gradients["recurrent_kernel"][block])

    def recurrent_gradient(self, lane: Lane, run: Run, block: slice, target: Array) -> None:
        """List the gradient of some rows of the recurrent kernel."""
        self._state_gradient(lane, run, block, slice(0, self.gates), self.slopes(lane, run).dz, target)

    def _state_gradient(
        self, lane: Lane, run: Run, block: slice, gates: slice, dz: Array, target: Array, first: int = 0
    ) -> None:
        """List stateᵀ·dz for some rows of the recurrent kernel and some gates.

        Args:
            lane: of the gradient stage.
            run: its arrays.
            block: rows of the recurrent kernel.
            gates: the gates' places in ``dz``.
            dz: (steps, rows, some gates, units).
            target: the rows' gradient.
            first: how many gates lie before those of ``dz`` in the kernel.
        """
        table, units = table_of(dz), self.units
        into = slice((first + gates.start) * units, (first + gates.stop) * units)
        columns = slice(gates.start * units, gates.stop * units)
        if not self.drops_state(lane):
            h = run.h.reshape(-1, units)[:, block]
            lane.call(multiply_a_transposed, h, table[:, columns], target[:, into])
            return
        dropped = run.dropped.reshape(-1, self.gates, units)
        for gate in range(gates.start, gates.stop):
            ours, place = slice(gate * units, (gate + 1) * units), (first + gate) * units
            h = dropped[:, first + gate, block]
            lane.call(multiply_a_transposed, h, table[:, ours], target[:, place : place + units])

    # -- other languages ---------------------------------------------------------------------------

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        if not self.cell:
            return super().export(out, x)
        refuse_kept_states(self, self.key)
        return answers_out(self, out, x[0], x[1:], "")

    # -- what the steps use ------------------------------------------------------------------------

    def bias_table(self, lane: Lane) -> Array:
        """The bias as (gates, units); zeros where there is none."""
        if self.use_bias:
            return lane.weights["bias"].reshape(self.gates, self.units)
        return lane.shared("no bias", (self.gates, self.units))
