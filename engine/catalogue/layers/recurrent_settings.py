"""The parameters that recurrent layers share; each layer lists them in Keras's own order."""

from __future__ import annotations

from typing import Annotated, Any

from engine.component import Component, Slot, setting
from engine.constraints import Flag, Number, Whole

Units = Annotated[int, Whole(1, 100_000)]
Function = Annotated[Component, Slot("activation")]
Start = Annotated[Component, Slot("initializer")]
Penalty = Annotated[Component | None, Slot("regularizer", none="no penalty")]
Rule = Annotated[Component | None, Slot("constraint", none="no rule")]
Rate = Annotated[float, Number(0, 1, open_high=True)]
Switch = Annotated[bool, Flag()]
Seed = Annotated[int | None, Whole(0, 2**31 - 1, none="the run's seed")]

WHAT = {"kernel": "weights of the input", "recurrent": "weights of the state", "bias": "biases"}


def units() -> Any:
    """``units``."""
    return setting(help="Length of the state that goes from step to step, and of what the layer puts out.")


def activation() -> Any:
    """``activation``."""
    return setting("tanh", "Function that shapes what enters the state; tanh keeps it between -1 and 1.")


def gate_activation() -> Any:
    """``recurrent_activation``."""
    return setting(
        "sigmoid", "Function of the gates, which say how much passes: 0 closes a gate, 1 opens it.", advanced=True
    )


def use_bias() -> Any:
    """``use_bias``."""
    return setting(True, "Add trained numbers to the sums of every step.", advanced=True)


def initializer(part: str, default: str) -> Any:
    """``kernel_initializer`` and the like."""
    return setting(default, f"How the {WHAT[part]} start.", advanced=True)


def regularizer(part: str) -> Any:
    """``kernel_regularizer`` and the like."""
    return setting(None, f"Penalty on large {WHAT[part]}.", advanced=True)


def constraint(part: str) -> Any:
    """``kernel_constraint`` and the like."""
    return setting(None, f"Rule that the {WHAT[part]} are brought back to after every update.", advanced=True)


def dropout() -> Any:
    """``dropout``."""
    return setting(
        0.0, "Share of the inputs hidden while training, the same ones in every step of a sample.", advanced=True
    )


def recurrent_dropout() -> Any:
    """``recurrent_dropout``."""
    return setting(
        0.0, "Share of the state hidden from the gates while training, the same one in every step.", advanced=True
    )


def seed() -> Any:
    """``seed``."""
    return setting(None, "A number that fixes what is dropped; left out, the run's seed decides.", advanced=True)


def return_sequences() -> Any:
    """``return_sequences``."""
    return setting(False, "Put out the state after every step instead of only the last: needed by a layer above.")


def return_state() -> Any:
    """``return_state``."""
    return setting(False, "Put out the last state as well, for example to start a decoder with it.", advanced=True)


def go_backwards() -> Any:
    """``go_backwards``."""
    return setting(False, "Read the sequence from its end; the answers come in that order.", advanced=True)


def stateful() -> Any:
    """``stateful``."""
    return setting(
        False,
        "Begin each row of a batch with the last state of the same row in the batch before: for sequences cut into "
        "pieces. All batches need as many rows, and shuffling would mix the pieces up.",
        advanced=True,
    )


def unroll() -> Any:
    """``unroll``."""
    return setting(False, "Keras's choice of how to run; here it changes neither results nor speed.", advanced=True)


def zero_output_for_mask() -> Any:
    """``zero_output_for_mask``."""
    return setting(False, "Put out zeros at masked steps instead of what was put out before.", advanced=True)
