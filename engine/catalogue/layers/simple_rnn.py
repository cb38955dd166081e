"""SimpleRNN: a state that looks at each step and at itself."""

from __future__ import annotations

from typing import ClassVar

from engine.catalogue.layers import recurrent_settings as settings
from engine.catalogue.layers.base import Example, Lane
from engine.catalogue.layers.penalties import activity_setting
from engine.catalogue.layers.recurrent import Recurrent
from engine.catalogue.layers.recurrent_arrays import Outside, Run, Slopes, code_of, pack, pack_back
from engine.component import component
from engine.kernels import recurrent_simple as kernels
from engine.kernels.dense import add_bias

ALL = slice(0, 1)


@component
class SimpleRNN(Recurrent):
    """h_t = activation(x_t · kernel + h_{t-1} · recurrent_kernel + bias); y is the last h, or all of them.

    A masked step keeps h and puts out what was put out before. With ``stateful`` row i of a batch begins with the last
    h of row i of the batch before, in training, validation and answers alike; all batches then have as many rows.

    Shapes:
        x: (batch, steps, features); kernel: (features, units); recurrent_kernel: (units, units); bias: (units,);
        output: (batch, units), or (batch, steps, units) with ``return_sequences``.
    Source: Elman 1990, "Finding structure in time"; Keras 3, ``keras.layers.SimpleRNN``.
    """

    counterparts: ClassVar[tuple[str, ...]] = ("keras.layers.SimpleRNN", "torch.nn.RNN", "onnx.RNN")
    differences: ClassVar[str] = "PyTorch and ONNX add two biases where Keras has one."
    cell: ClassVar[str] = "simple_rnn"
    examples: ClassVar[tuple[Example, ...]] = (
        Example({"units": 4}, ((5, 3),)),
        Example({"units": 3, "activation": "relu", "return_sequences": True, "go_backwards": True}, ((4, 2),)),
        Example({"units": 3, "activation": "gelu", "return_state": True, "use_bias": False}, ((4, 2), (3,))),
        Example({"units": 5, "dropout": 0.3, "recurrent_dropout": 0.2, "return_sequences": True}, ((3, 4),)),
    )

    units: settings.Units = settings.units()
    activation: settings.Function = settings.activation()
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
    return_sequences: settings.Switch = settings.return_sequences()
    return_state: settings.Switch = settings.return_state()
    go_backwards: settings.Switch = settings.go_backwards()
    stateful: settings.Switch = settings.stateful()
    unroll: settings.Switch = settings.unroll()
    seed: settings.Seed = settings.seed()
    zero_output_for_mask: settings.Switch = settings.zero_output_for_mask()

    def go(self, lane: Lane, run: Run) -> None:
        packed, bias, last = pack(lane, ALL, self.drops_state(lane)), self.bias_table(lane), run.last[0]
        if not Outside.serves(self.activation):
            code = code_of(self.activation)
            lane.call(kernels.simple_forward, code, run.mask, packed, bias, run.drop, run.dropped, run.z, run.h, last)
            return
        outside = Outside(lane, run, 1)
        for t in range(run.steps):
            lane.call(kernels.simple_sums, packed, run.drop, run.dropped[t], run.h[t], run.z[t])
            lane.call(add_bias, run.z[t, :, 0], bias[0])
            outside.shape(t, 0, self.activation, run.z[t, :, 0])
            lane.call(kernels.simple_answer, run.z[t], run.mask[t], run.h[t], run.after(run.h, last, t))

    def go_back(self, lane: Lane, run: Run, slopes: Slopes) -> None:
        packed, dy, dz, (dh,) = pack_back(lane, ALL), slopes.dy, slopes.dz, slopes.states
        if not Outside.serves(self.activation):
            code = code_of(self.activation)
            lane.call(kernels.simple_backward, code, run.mask, packed, run.drop, run.z, dy, dh, dz, run.product)
            return
        outside = Outside(lane, run, 1)
        for t in reversed(range(run.steps)):
            lane.call(kernels.simple_answer_back, run.mask[t], dy[min(t, len(dy) - 1)], dh, dz[t])
            outside.slope(t, 0, self.activation, dz[t, :, 0])
            lane.call(kernels.simple_back, packed, run.drop, dz[t], run.product, dh)
