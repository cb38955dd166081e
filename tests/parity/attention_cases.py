"""Layers of attention compared with Keras, as in ``mask_cases``."""

from __future__ import annotations

from typing import Any

#: As in ``mask_cases``.
Case = tuple[str, dict[str, Any], tuple[tuple[int, ...], ...], tuple[int, ...]]

CAUSAL = {"num_heads": 2, "key_dim": 2, "value_dim": 3, "use_causal_mask": True}
WITHOUT_BIAS = {"num_heads": 1, "key_dim": 2, "output_shape": 2, "use_bias": False}
GATED = {"num_heads": 2, "key_dim": 2, "value_dim": 3, "use_gate": True, "use_bias": False, "output_shape": 4}
SCORES = {"num_heads": 2, "key_dim": 2, "return_attention_scores": True}
CASES: tuple[Case, ...] = (
    ("Attention", {"use_scale": True}, ((4, 3), (5, 3)), ()),
    ("Attention", {"score_mode": "concat", "use_scale": True}, ((4, 3), (5, 3), (5, 3)), ()),
    ("Attention", {"use_causal_mask": True}, ((5, 3), (5, 3)), ()),
    ("Attention", {}, ((4, 3), (5, 3)), (0, 1)),
    ("Attention", {"use_causal_mask": True}, ((5, 3), (5, 3), (5, 3)), (1, 2)),
    ("AdditiveAttention", {}, ((4, 3), (5, 3)), ()),
    ("AdditiveAttention", {"use_scale": False}, ((4, 3), (5, 3), (5, 3)), (0, 1, 2)),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, ((4, 3), (5, 4)), ()),
    ("MultiHeadAttention", CAUSAL, ((4, 3), (4, 3)), ()),
    ("MultiHeadAttention", WITHOUT_BIAS, ((4, 3), (5, 3), (5, 2)), ()),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2, "sliding_window": 2}, ((5, 3), (5, 3)), ()),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2}, ((4, 3), (5, 3)), (0, 1)),
    ("MultiHeadAttention", CAUSAL, ((4, 3), (4, 3), (4, 2)), (1,)),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2}, ((4, 3), (5, 3), (5, 2)), (2,)),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2, "attention_axes": [2]}, ((2, 3, 4), (2, 4, 4)), ()),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2, "use_gate": True}, ((4, 3), (5, 3)), (0, 1)),
    ("MultiHeadAttention", GATED, ((4, 3), (5, 3), (5, 2)), ()),
    ("Attention", {"return_attention_scores": True}, ((4, 3), (5, 3)), (0, 1)),
    ("AdditiveAttention", {"return_attention_scores": True, "use_causal_mask": True}, ((4, 3), (4, 3)), ()),
    ("MultiHeadAttention", SCORES, ((4, 3), (5, 3)), (0, 1)),
    ("MultiHeadAttention", SCORES | {"attention_axes": [1, 2]}, ((2, 2, 4), (2, 3, 4)), ()),
    ("MultiHeadAttention", {"num_heads": 1, "key_dim": 2, "attention_axes": [1, 2]}, ((2, 3, 4), (2, 2, 4)), ()),
)
