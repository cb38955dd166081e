"""Recurrent layers that are compared with Keras: declaration, steps and features, whether masked, initial states."""

from __future__ import annotations

from typing import Any

Case = tuple[dict[str, Any], tuple[int, int], bool, int]

#: Samples of a batch.
ROWS = 5
SEQUENCES = {"return_sequences": True}
CASES: tuple[Case, ...] = (
    ({"type": "SimpleRNN", "units": 3}, (4, 2), False, 0),
    ({"type": "SimpleRNN", "units": 3, "activation": "relu", "return_state": True, **SEQUENCES}, (4, 2), True, 3),
    ({"type": "SimpleRNN", "units": 2, "use_bias": False, "go_backwards": True}, (5, 3), True, 0),
    ({"type": "LSTM", "units": 9}, (6, 5), False, 0),
    ({"type": "LSTM", "units": 3, "go_backwards": True, **SEQUENCES}, (4, 2), True, 0),
    ({"type": "LSTM", "units": 3, "return_state": True, "unit_forget_bias": False}, (4, 2), True, 3),
    ({"type": "LSTM", "units": 3, "activation": "gelu", "recurrent_activation": "hard_sigmoid"}, (4, 2), True, 0),
    (
        {"type": "LSTM", "units": 3, "activation": "softsign", "recurrent_activation": "relu", **SEQUENCES},
        (4, 2), True, 0,
    ),
    ({"type": "LSTM", "units": 3, "zero_output_for_mask": True, **SEQUENCES}, (4, 2), True, 0),
    ({"type": "GRU", "units": 9}, (6, 5), False, 0),
    ({"type": "GRU", "units": 3, "reset_after": False}, (4, 2), True, 3),
    ({"type": "GRU", "units": 3, "go_backwards": True, "return_state": True, **SEQUENCES}, (4, 2), True, 3),
    ({"type": "GRU", "units": 3, "use_bias": False, "activation": "elu", "reset_after": False}, (4, 2), True, 0),
    ({"type": "GRU", "units": 3, "activation": "silu", "recurrent_activation": "softsign"}, (4, 2), True, 0),
    ({"type": "Bidirectional", "layer": {"type": "LSTM", "units": 3}}, (4, 2), True, 0),
    ({"type": "Bidirectional", "layer": {"type": "LSTM", "units": 3, **SEQUENCES}}, (4, 2), True, 3),
    (
        {"type": "Bidirectional", "layer": {"type": "GRU", "units": 3, **SEQUENCES}, "merge_mode": "sum"},
        (4, 2), True, 0,
    ),
    ({"type": "Bidirectional", "layer": {"type": "GRU", "units": 3}, "merge_mode": "mul"}, (4, 2), False, 3),
    (
        {"type": "Bidirectional", "layer": {"type": "SimpleRNN", "units": 3, **SEQUENCES}, "merge_mode": "ave"},
        (4, 2), True, 0,
    ),
    (
        {"type": "Bidirectional", "layer": {"type": "GRU", "units": 3, "return_state": True}, "merge_mode": None},
        (4, 2), False, 0,
    ),
    (
        {
            "type": "Bidirectional", "layer": {"type": "LSTM", "units": 3},
            "backward_layer": {"type": "GRU", "units": 2, "go_backwards": True},
        },
        (4, 2), False, 0,
    ),
    ({"type": "TimeDistributed", "layer": {"type": "Dense", "units": 3, "activation": "tanh"}}, (4, 2), True, 0),
)  # fmt: skip


#: Layers that keep their states over so many batches.
BATCHES = 3
STATEFUL: tuple[Case, ...] = (
    ({"type": "SimpleRNN", "units": 3, "stateful": True}, (4, 2), False, 0),
    ({"type": "LSTM", "units": 3, "stateful": True, **SEQUENCES}, (4, 2), True, 0),
    ({"type": "LSTM", "units": 2, "stateful": True, "activation": "gelu", "return_state": True}, (3, 2), False, 0),
    ({"type": "GRU", "units": 3, "stateful": True, "reset_after": False, "go_backwards": True}, (4, 2), False, 0),
    ({"type": "GRU", "units": 9, "stateful": True}, (4, 5), True, 0),
    ({"type": "Bidirectional", "layer": {"type": "LSTM", "units": 3, "stateful": True, **SEQUENCES}}, (4, 2), False, 0),
)


def states(case: Case) -> int:
    """How many initial states there are, given their length in the case."""
    declared, _, _, length = case
    if not length:
        return 0
    inner = declared.get("layer", declared)
    return (2 if inner["type"] == "LSTM" else 1) * (2 if "layer" in declared else 1)
