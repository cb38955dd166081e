"""LSTM: a memory with gates that say what it takes in, keeps and tells."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers import recurrent_settings as settings
from engine.catalogue.layers.base import Array, Example, Lane
from engine.catalogue.layers.penalties import activity_setting
from engine.catalogue.layers.recurrent import Recurrent
from engine.catalogue.layers.recurrent_arrays import Outside, Run, Slopes, code_of, pack, pack_back
from engine.component import Component, component, resolved, setting
from engine.kernels import recurrent_lstm as kernels
from engine.kernels.dense import add_bias

ALL = slice(0, 4)


@component
class LSTM(Recurrent):
    """i, f, o = recurrent_activation(sums), g = activation(sum); c_t = f · c_{t-1} + i · g; h_t = o · activation(c_t).

    The sums are x_t · kernel + h_{t-1} · recurrent_kernel + bias, in the order i, f, g, o. A masked step keeps c and
    h and puts out what was put out before. y is the last h, or all of them. With ``stateful`` row i of a batch begins
    with the last c and h of row i of the batch before, in training, validation and answers alike; all batches then have
    as many rows.

    Shapes:
        x: (batch, steps, features); kernel: (features, 4 · units); recurrent_kernel: (units, 4 · units);
        bias: (4 · units,); output: (batch, units), or (batch, steps, units) with ``return_sequences``.
    Source: Hochreiter and Schmidhuber 1997, "Long short-term memory"; Keras 3, ``keras.layers.LSTM``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.LSTM", "torch.nn.LSTM", "onnx.LSTM")
    differences: ClassVar[str] = (
        "The gates come in the order i, f, c, o; PyTorch takes i, f, g, o with two biases, ONNX i, o, f, c."
    )
    gates: ClassVar[int] = 4
    states: ClassVar[tuple[str, ...]] = ("state_h", "state_c")
    cell: ClassVar[str] = "lstm"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"units": 4}, ((5, 3),)),
        Example({"units": 3, "return_sequences": True, "go_backwards": True, "use_bias": False}, ((4, 2),)),
        Example({"units": 3, "activation": "softsign", "recurrent_activation": "hard_sigmoid"}, ((4, 2), (3,), (3,))),
        Example({"units": 3, "activation": "gelu", "recurrent_activation": "silu", "return_state": True}, ((3, 2),)),
        Example({"units": 9, "dropout": 0.3, "recurrent_dropout": 0.2, "return_sequences": True}, ((3, 4),)),
        Example({"units": 2, "dropout": 0.5, "recurrent_activation": "hard_sigmoid_keras2"}, ((3, 4),)),
    )

    units: settings.Units = settings.units()
    activation: settings.Function = settings.activation()
    recurrent_activation: settings.Function = settings.gate_activation()
    use_bias: settings.Switch = settings.use_bias()
    kernel_initializer: settings.Start = settings.initializer("kernel", "glorot_uniform")
    recurrent_initializer: settings.Start = settings.initializer("recurrent", "orthogonal")
    bias_initializer: settings.Start = settings.initializer("bias", "zeros")
    unit_forget_bias: settings.Switch = setting(
        True,
        "Begin with open forget gates (bias 1): what was seen is kept until training says otherwise.",
        advanced=True,
    )
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
    zero_output_for_mask: settings.Switch = settings.zero_output_for_mask()

    def bias_start(self) -> Component:
        if not self.unit_forget_bias:
            return self.bias_initializer
        return resolved("initializer", {"type": "unit_forget_bias", "others": self.bias_initializer})

    def first_states(self, lane: Lane, run: Run) -> tuple[Array, ...]:
        return run.h[0], self._carry(lane, run)[0][0]

    def _carry(self, lane: Lane, run: Run) -> tuple[Array, Array]:
        """The carry before each step, and activated after it."""
        steps, rows, units = run.h.shape
        c = lane.buffer("c", (steps, units)).reshape(run.h.shape)
        return c, lane.buffer("a", (steps, units)).reshape(steps, rows, 1, units)

    def go(self, lane: Lane, run: Run) -> None:
        packed, bias, (last_h, last_c) = pack(lane, ALL, self.drops_state(lane)), self.bias_table(lane), run.last
        (c, a), gate, mask = self._carry(lane, run), self.recurrent_activation, run.mask
        if not Outside.serves(self.activation, gate):
            codes, none = (code_of(self.activation), code_of(gate)), lane.shared("none", (1, self.units))
            arrays = (bias, none, run.drop, run.dropped, run.z, run.h, c, a, last_h, last_c)
            lane.call(kernels.lstm_forward, *codes, mask, packed, *arrays)
            return
        outside = Outside(lane, run, 5)
        for t, z in enumerate(run.z):
            lane.call(kernels.lstm_sums, packed, run.drop, run.dropped[t], run.h[t], z)
            lane.call(add_bias, z.reshape(lane.rows, -1), bias.reshape(-1))
            for place, shape in enumerate((gate, gate, self.activation, gate)):
                outside.shape(t, place, shape, z[:, place])
            lane.call(kernels.lstm_carry, z, mask[t], c[t], a[t], run.after(c, last_c, t))
            outside.shape(t, 4, self.activation, a[t, :, 0])
            lane.call(kernels.lstm_answer, z, mask[t], a[t], run.h[t], run.after(run.h, last_h, t))

    def go_back(self, lane: Lane, run: Run, slopes: Slopes) -> None:
        packed, (c, a), (dh, dc), dy = pack_back(lane, ALL), self._carry(lane, run), slopes.states, slopes.dy
        da, gate, mask = lane.scratch("da", (lane.rows, 1, self.units)), self.recurrent_activation, run.mask
        if not Outside.serves(self.activation, gate):
            codes = (code_of(self.activation), code_of(gate))
            arrays = (run.z, c, a, dy, dh, dc, slopes.dz, da, run.product)
            lane.call(kernels.lstm_backward, *codes, mask, packed, run.drop, *arrays)
            return
        outside = Outside(lane, run, 5)
        for t in reversed(range(run.steps)):
            z, dz = run.z[t], slopes.dz[t]
            lane.call(kernels.lstm_answer_back, z, mask[t], a[t], dy[min(t, len(dy) - 1)], dh, dz, da)
            outside.slope(t, 4, self.activation, da[:, 0])
            lane.call(kernels.lstm_carry_back, z, mask[t], c[t], da, dc, dz)
            for place, shape in enumerate((gate, gate, self.activation, gate)):
                outside.slope(t, place, shape, dz[:, place])
            lane.call(kernels.lstm_back, packed, run.drop, dz, run.product, dh)
