"""Networks compared with Keras: what stands between the Dense behind each Input and a squared error."""

from __future__ import annotations

from typing import Any

#: Kind, parameters, shapes that enter (without the batch), whether Masking comes first.
Case = tuple[str, dict[str, Any], tuple[tuple[int, int], ...], bool]

ROWS = 3
CAUSAL = {"num_heads": 2, "key_dim": 2, "value_dim": 3, "use_causal_mask": True}
WITHOUT_BIAS = {"num_heads": 1, "key_dim": 2, "output_shape": 2, "use_bias": False}
CASES: tuple[Case, ...] = (
    ("Dropout", {"rate": 0.0}, ((5, 3),), True),
    ("GlobalAveragePooling1D", {}, ((5, 3),), True),
    ("Add", {}, ((5, 3), (5, 3)), True),
    ("Concatenate", {}, ((5, 3), (5, 2)), True),
    ("Attention", {"use_scale": True}, ((4, 3), (5, 3)), False),
    ("Attention", {"score_mode": "concat", "use_scale": True}, ((4, 3), (5, 3), (5, 3)), False),
    ("Attention", {"use_causal_mask": True}, ((5, 3), (5, 3)), False),
    ("Attention", {}, ((4, 3), (5, 3)), True),
    ("AdditiveAttention", {}, ((4, 3), (5, 3)), False),
    ("AdditiveAttention", {"use_scale": False}, ((4, 3), (5, 3), (5, 3)), True),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, ((4, 3), (5, 4)), False),
    ("MultiHeadAttention", CAUSAL, ((4, 3), (4, 3)), False),
    ("MultiHeadAttention", WITHOUT_BIAS, ((4, 3), (5, 3), (5, 2)), False),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2, "sliding_window": 2}, ((5, 3), (5, 3)), False),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2}, ((4, 3), (5, 3)), True),
)
