"""Networks compared with Keras: what stands between the Dense behind each Input and a squared error."""

from __future__ import annotations

from typing import Any

#: Kind, parameters, shapes that enter (without the batch), which inputs Masking comes before.
Case = tuple[str, dict[str, Any], tuple[tuple[int, ...], ...], tuple[int, ...]]

ROWS = 3
ONE, TWO, THREE = ((5, 3),), ((5, 3), (5, 3)), ((5, 3), (5, 3), (5, 3))
#: Kinds that Keras puts on sequences, with parameters that leave chance nothing to do.
KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Activation", {"activation": "tanh"}),
    ("ActivityRegularization", {"l2": 0.0}),
    ("AlphaDropout", {"rate": 0.0}),
    ("AveragePooling1D", {"pool_size": 2}),
    ("Conv1D", {"filters": 2, "kernel_size": 2}),
    ("Conv1DTranspose", {"filters": 2, "kernel_size": 2}),
    ("Cropping1D", {"cropping": 1}),
    ("Dense", {"units": 2}),
    ("DepthwiseConv1D", {"kernel_size": 2}),
    ("Dropout", {"rate": 0.0}),
    ("ELU", {}),
    ("Flatten", {}),
    ("GaussianDropout", {"rate": 0.0}),
    ("GaussianNoise", {"stddev": 0.0}),
    ("GlobalAveragePooling1D", {}),
    ("GlobalAveragePooling1D", {"keepdims": True}),
    ("GlobalMaxPooling1D", {}),
    ("GroupNormalization", {"groups": 3}),
    ("Identity", {}),
    ("LayerNormalization", {}),
    ("LeakyReLU", {}),
    ("MaxPooling1D", {"pool_size": 2}),
    ("Normalization", {"mean": 0.5, "variance": 2.0}),
    ("PReLU", {}),
    ("Permute", {"dims": [2, 1]}),
    ("ReLU", {}),
    ("Rescaling", {"scale": 2.0}),
    ("Reshape", {"target_shape": [3, 5]}),
    ("SeparableConv1D", {"filters": 2, "kernel_size": 2}),
    ("SpatialDropout1D", {"rate": 0.0}),
    ("UnitNormalization", {}),
    ("UpSampling1D", {"size": 2}),
    ("ZeroPadding1D", {"padding": 1}),
)
MERGING = ("Add", "Average", "Maximum", "Minimum", "Multiply")
CASES: tuple[Case, ...] = (
    *((kind, values, ONE, (0,)) for kind, values in KINDS),
    ("BatchNormalization", {"momentum": 0.6}, ONE, (0,)),
    ("BatchNormalization", {"momentum": 0.6, "axis": 1, "center": False}, ONE, (0,)),
    ("BatchNormalization", {"momentum": 0.6, "scale": False}, ((2, 5, 3),), (0,)),
    *((kind, {}, THREE, masked) for kind in MERGING for masked in ((0, 1, 2), (0,), (1, 2))),
    *((kind, {}, ((5, 1), (1, 3)), (0, 1)) for kind in MERGING),
    ("Subtract", {}, TWO, (0, 1)),
    ("Subtract", {}, TWO, (1,)),
    ("Concatenate", {}, ((5, 3), (5, 2)), (0, 1)),
    ("Concatenate", {}, ((5, 3), (5, 2)), (1,)),
    ("Concatenate", {"axis": 1}, ((5, 3), (4, 3)), (0, 1)),
    ("Concatenate", {"axis": 1}, ((5, 3), (4, 3)), (0,)),
    ("Dot", {"axes": [2, 2]}, TWO, (0, 1)),
)
