"""Layers that are compared with Keras: kind, parameters, and the shapes that enter (without the batch)."""

from __future__ import annotations

from typing import Any

Case = tuple[str, dict[str, Any], tuple[tuple[int, ...], ...]]

#: Samples of a batch.
ROWS = 3
CASES: tuple[Case, ...] = (
    ("AveragePooling1D", {"pool_size": 3, "strides": 2}, ((7, 2),)),
    ("AveragePooling1D", {"pool_size": 3, "strides": 1, "padding": "same"}, ((5, 2),)),
    ("AveragePooling2D", {"pool_size": 2}, ((5, 6, 3),)),
    ("AveragePooling2D", {"pool_size": [3, 3], "strides": [2, 1], "padding": "same"}, ((5, 4, 2),)),
    ("MaxPooling1D", {"pool_size": 3, "strides": 2, "padding": "same"}, ((6, 3),)),
    ("GlobalAveragePooling1D", {}, ((5, 3),)),
    ("GlobalAveragePooling2D", {"keepdims": True}, ((4, 3, 2),)),
    ("GlobalMaxPooling1D", {"keepdims": True}, ((5, 3),)),
    ("GlobalMaxPooling2D", {}, ((4, 3, 2),)),
    ("ZeroPadding1D", {"padding": [2, 1]}, ((3, 2),)),
    ("ZeroPadding2D", {"padding": [[1, 0], [2, 3]]}, ((3, 2, 2),)),
    ("Cropping1D", {"cropping": [1, 2]}, ((6, 2),)),
    ("Cropping2D", {"cropping": [[1, 0], [0, 2]]}, ((3, 5, 2),)),
    ("UpSampling1D", {"size": 3}, ((3, 2),)),
    ("UpSampling2D", {"size": [2, 3]}, ((3, 2, 2),)),
    ("UpSampling2D", {"size": [2, 3], "interpolation": "bilinear"}, ((3, 4, 2),)),
    ("Permute", {"dims": [3, 1, 2]}, ((2, 3, 4),)),
    ("RepeatVector", {"n": 3}, ((4,),)),
    ("Identity", {}, ((4,),)),
    ("Subtract", {}, ((2, 3), (2, 3))),
    ("Multiply", {}, ((2, 3), (2, 3), (2, 3))),
    ("Average", {}, ((4,), (4,), (4,))),
    ("Maximum", {}, ((4,), (4,), (4,))),
    ("Minimum", {}, ((4,), (4,), (4,))),
    ("LeakyReLU", {}, ((5,),)),
    ("ELU", {"alpha": 0.5}, ((5,),)),
    ("ReLU", {}, ((5,),)),
    ("ReLU", {"max_value": 1.0, "negative_slope": 0.1, "threshold": 0.3}, ((3, 4),)),
    ("PReLU", {}, ((2, 3),)),
    ("PReLU", {"shared_axes": [1, 2]}, ((3, 2, 4),)),
    ("Softmax", {}, ((5,),)),
    ("Softmax", {"axis": 1}, ((3, 4),)),
    ("Softmax", {"axis": [1, 2]}, ((2, 3, 2),)),
    ("LayerNormalization", {}, ((6,),)),
    ("LayerNormalization", {"axis": [1, 3], "epsilon": 0.01}, ((2, 3, 4),)),
    ("LayerNormalization", {"center": False}, ((3, 5),)),
    ("GroupNormalization", {"groups": 2}, ((3, 2, 4),)),
    ("GroupNormalization", {"groups": -1, "scale": False}, ((5, 3),)),
    ("GroupNormalization", {"groups": 2, "axis": 1}, ((4, 3),)),
    ("UnitNormalization", {}, ((5,),)),
    ("UnitNormalization", {"axis": [1, 2]}, ((2, 3, 2),)),
    ("Rescaling", {"scale": 0.5, "offset": -1.0}, ((4,),)),
    ("Dot", {"axes": 1}, ((4,), (4,))),
    ("Dot", {"axes": 1, "normalize": True}, ((4,), (4,))),
    ("Dot", {"axes": [2, 1]}, ((3, 4), (4, 5))),
    ("Dot", {"axes": [1, 3]}, ((4, 2), (2, 3, 4))),
    ("Dot", {"axes": [-1, -1], "normalize": True}, ((3, 4), (2, 4))),
)
