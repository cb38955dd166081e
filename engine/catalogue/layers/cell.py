"""What a recurrent layer tells emitters of itself."""

from __future__ import annotations

from dataclasses import dataclass

from engine.component import Component


@dataclass(frozen=True)
class Cell:
    """What happens at each step of a sequence, in the engine's layout and order of gates.

    Attributes:
        kind: ``simple_rnn``, ``lstm`` or ``gru``.
        kernel: name of the weight that the inputs meet, gates one after the other.
        recurrent_kernel: name of the weight that the state meets.
        bias: name of the bias.
        units: numbers of a state.
        activation: of the state.
        gate: activation of the gates; SimpleRNN has none.
        reset_after: in a GRU the reset gate acts after the product of state and kernel.
        sequences: all states are wanted, not the last alone.
        ends: the states after the last step are wanted, too.
    """

    kind: str
    kernel: str
    recurrent_kernel: str
    bias: str | None
    units: int
    activation: Component
    gate: Component | None
    reset_after: bool
    sequences: bool
    ends: bool = False

    @property
    def functions(self) -> tuple[Component, ...]:
        """Its activations: of the gates, where it has any, and of the state."""
        return (self.activation,) if self.gate is None else (self.gate, self.activation)

    @property
    def standard(self) -> bool:
        """Whether its activations are those that every language takes for granted."""
        return tuple(function.key for function in self.functions) in (("tanh",), ("sigmoid", "tanh"))
