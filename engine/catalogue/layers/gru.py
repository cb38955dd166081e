"""GRU: a state with two gates, one that renews and one that forgets."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers import recurrent_settings as settings
from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.penalties import activity_setting
from engine.catalogue.layers.recurrent import Recurrent
from engine.catalogue.layers.recurrent_arrays import Outside, Run, Slopes, code_of, pack, pack_back, table_of
from engine.component import component, setting
from engine.kernels import recurrent_gru as kernels
from engine.kernels.dense import add_bias, column_sum, multiply_a_transposed

GATES, CANDIDATE = slice(0, 2), slice(2, 3)


@component
class GRU(Recurrent):
    """h_t = z · h_{t-1} + (1 - z) · activation(candidate), with gates z (update) and r (reset).

    z, r = recurrent_activation(x_t · kernel + h_{t-1} · recurrent_kernel + bias). The candidate's sum is
    x_t · kernel + bias + r · (h_{t-1} · recurrent_kernel + bias') with ``reset_after``, else
    x_t · kernel + bias + (r · h_{t-1}) · recurrent_kernel. A masked step keeps h and puts out what was put out before.
    With ``stateful`` row i of a batch begins with the last h of row i of the batch before, in training, validation and
    answers alike; all batches then have as many rows.
    y is the last h, or all of them.

    Shapes:
        x: (batch, steps, features); kernel: (features, 3 · units), in the order z, r, candidate;
        recurrent_kernel: (units, 3 · units); bias: (2, 3 · units), or (3 · units,) without ``reset_after``;
        output: (batch, units), or (batch, steps, units) with ``return_sequences``.
    Source: Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder"; Keras 3,
    ``keras.layers.GRU``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.GRU", "torch.nn.GRU", "onnx.GRU")
    differences: ClassVar[str] = (
        "The gates come in the order z, r, h; PyTorch takes r, z, n and knows reset_after only."
    )
    gates: ClassVar[int] = 3
    cell: ClassVar[str] = "gru"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"units": 4}, ((5, 3),)),
        Example({"units": 4, "reset_after": False}, ((5, 3),)),
        Example({"units": 3, "return_sequences": True, "go_backwards": True, "use_bias": False}, ((4, 2), (3,))),
        Example({"units": 3, "activation": "gelu", "recurrent_activation": "softsign"}, ((4, 2), (3,))),
        Example({"units": 3, "activation": "gelu", "reset_after": False, "return_state": True}, ((4, 2),)),
        Example({"units": 9, "dropout": 0.3, "recurrent_dropout": 0.2, "return_sequences": True}, ((3, 4),)),
        Example({"units": 3, "dropout": 0.3, "recurrent_dropout": 0.2, "reset_after": False}, ((3, 4),)),
    )

    units: settings.Units = settings.units()
    activation: settings.Function = settings.activation()
    recurrent_activation: settings.Function = settings.gate_activation()
    use_bias: settings.Switch = settings.use_bias()
    kernel_initializer: settings.Start = settings.initializer("kernel", "glorot_uniform")
    recurrent_initializer: settings.Start = settings.initializer("recurrent", "orthogonal")
    bias_initializer: settings.Start = settings.initializer("bias", "zeros")
    kernel_regularizer: settings.Penalty = settings.regularizer("kernel")
    recurrent_regularizer: settings.Penalty = settings.regularizer("recurrent")
    bias_regularizer: settings.Penalty = settings.regularizer("bias")
    activity_regularizer: settings.Penalty = activity_setting()
    kernel_constraint: settings.Rule = settings.constraint("kernel")
    recurrent_constraint: settings.Rule = settings.constraint("recurrent")
    bias_constraint: settings.Rule = settings.constraint("bias")
    dropout: settings.Rate = settings.dropout()
    recurrent_dropout: settings.Rate = settings.recurrent_dropout()
    seed: settings.Seed = settings.seed()
    return_sequences: settings.Switch = settings.return_sequences()
    return_state: settings.Switch = settings.return_state()
    go_backwards: settings.Switch = settings.go_backwards()
    stateful: settings.Switch = settings.stateful()
    unroll: settings.Switch = settings.unroll()
    reset_after: settings.Switch = setting(
        True,
        "Let the reset gate act after the product of state and kernel (Keras 2 and 3); before it in Keras 1.",
        advanced=True,
    )
    zero_output_for_mask: settings.Switch = settings.zero_output_for_mask()

    def bias_shape(self) -> tuple[int, ...]:
        return (2, 3 * self.units) if self.reset_after else (3 * self.units,)

    def bias_gradient(self, lane: Lane, slopes: Slopes) -> None:
        bias, dz = lane.partial("bias"), table_of(slopes.dz)
        if not self.reset_after:
            lane.call(column_sum, dz, bias)
            return
        gates = 2 * self.units
        lane.call(column_sum, dz, bias[0])
        lane.call(column_sum, dz[:, :gates], bias[1, :gates])
        lane.call(column_sum, table_of(self._slope_inside(lane, slopes.dz.shape[0])), bias[1, gates:])

    def _inside(self, lane: Lane, steps: int) -> Array:
        """What the candidate takes from the state (see the kernels)."""
        return lane.buffer("inner", (steps, self.units)).reshape(steps, lane.rows, 1, self.units)

    def _slope_inside(self, lane: Lane, steps: int) -> Array:
        return lane.buffer("d inner", (steps, self.units)).reshape(steps, lane.rows, 1, self.units)

    def _biases(self, lane: Lane) -> tuple[Array, Array]:
        """List what brings the biases into the form that the steps need."""
        inner = lane.scratch("inner bias", (1, self.units))
        if not (self.use_bias and self.reset_after):
            lane.call(column_sum, lane.shared("zero", (1, self.units)), inner[0])
            return self.bias_table(lane), inner
        sums = lane.scratch("bias sums", (3, self.units))
        lane.call(kernels.gru_bias, lane.weights["bias"], sums, inner)
        return sums, inner

    def bias_table(self, lane: Lane) -> Array:
        return lane.shared("no bias", (3, self.units)) if not self.use_bias else lane.weights["bias"].reshape(3, -1)

    def go(self, lane: Lane, run: Run) -> None:
        drops, after, gate, mask, last = (
            self.drops_state(lane),
            self.reset_after,
            self.recurrent_activation,
            run.mask,
            run.last[0],
        )
        packed, candidate = pack(lane, GATES, drops), pack(lane, CANDIDATE, drops)
        (bias, inner_bias), inside = self._biases(lane), self._inside(lane, run.steps)
        if not Outside.serves(self.activation, gate):
            codes = (code_of(self.activation), code_of(gate), after)
            arrays = (bias, inner_bias, run.drop, run.dropped, run.z, inside, run.h, last)
            lane.call(kernels.gru_forward, *codes, mask, packed, candidate, *arrays)
            return
        outside = Outside(lane, run, 3)
        for t, (z, h) in enumerate(zip(run.z, run.h, strict=True)):
            lane.call(kernels.gru_gates, packed, run.drop, run.dropped[t], h, z)
            lane.call(add_bias, z.reshape(lane.rows, -1), bias.reshape(-1))
            for place in range(2):
                outside.shape(t, place, gate, z[:, place])
            state = (run.drop, run.dropped[t], z, inside[t], h)
            lane.call(kernels.gru_consider, after, candidate, inner_bias, *state)
            outside.shape(t, 2, self.activation, z[:, 2])
            lane.call(kernels.gru_answer, z, mask[t], h, run.after(run.h, last, t))

    def go_back(self, lane: Lane, run: Run, slopes: Slopes) -> None:
        packed, candidate = pack_back(lane, GATES), pack_back(lane, CANDIDATE)
        (dh,), dy, mask, gate = slopes.states, slopes.dy, run.mask, self.recurrent_activation
        inside, d_inside = self._inside(lane, run.steps), self._slope_inside(lane, run.steps)
        if not Outside.serves(self.activation, gate):
            codes = (code_of(self.activation), code_of(gate), self.reset_after)
            arrays = (run.drop, run.z, inside, run.h, dy, dh, slopes.dz, d_inside, run.product)
            lane.call(kernels.gru_backward, *codes, mask, packed, candidate, *arrays)
            return
        outside = Outside(lane, run, 3)
        for t in reversed(range(run.steps)):
            z, dz, h = run.z[t], slopes.dz[t], run.h[t]
            lane.call(kernels.gru_answer_back, z, mask[t], h, dy[min(t, len(dy) - 1)], dh, dz)
            outside.slope(t, 2, self.activation, dz[:, 2])
            arrays = (candidate, run.drop, z, inside[t], h, dz, d_inside[t], run.product, dh)
            lane.call(kernels.gru_consider_back, self.reset_after, *arrays)
            for place in range(2):
                outside.slope(t, place, gate, dz[:, place])
            lane.call(kernels.gru_back, packed, run.drop, dz, run.product, dh)

    def recurrent_gradient(self, lane: Lane, run: Run, block: slice, target: Array) -> None:
        slopes = self.slopes(lane, run)
        self._state_gradient(lane, run, block, GATES, slopes.dz, target)
        if self.reset_after:
            d_inside = self._slope_inside(lane, run.steps)
            self._state_gradient(lane, run, block, slice(0, 1), d_inside, target, first=2)
            return
        units = self.units
        state = self._inside(lane, run.steps).reshape(-1, units)[:, block]
        dz = table_of(slopes.dz)[:, 2 * units :]
        lane.call(multiply_a_transposed, state, dz, target[:, 2 * units :])
