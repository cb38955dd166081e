"""What is compared with Keras of pictures, of data to normalize, and of activities."""

from __future__ import annotations

from typing import Any

#: Samples of a batch, and their height, width and channels.
ROWS = 3
PICTURES = (5, 6, 2)
#: Layers that chance has no part in: kind, parameters, shape of a sample.
LAYERS: dict[str, tuple[str, dict[str, Any], tuple[int, ...]]] = {
    "resized": ("Resizing", {"height": 7, "width": 4}, PICTURES),
    "resized nearest": ("Resizing", {"height": 3, "width": 9, "interpolation": "nearest"}, PICTURES),
    "resized cut": ("Resizing", {"height": 4, "width": 3, "crop_to_aspect_ratio": True}, PICTURES),
    "resized padded": (
        "Resizing", {"height": 4, "width": 3, "pad_to_aspect_ratio": True, "fill_value": 0.5}, PICTURES,
    ),
    "resized smoothly": ("Resizing", {"height": 2, "width": 4, "antialias": True}, PICTURES),
    "middle": ("CenterCrop", {"height": 2, "width": 3}, PICTURES),
    "middle enlarged": ("CenterCrop", {"height": 6, "width": 4}, PICTURES),
    "normalized": ("Normalization", {"mean": [1.0, 2.0], "variance": [4.0, 0.25]}, (4, 2)),
    "normalized back": ("Normalization", {"mean": 0.5, "variance": 2.0, "invert": True}, (3,)),
    "normalized by two axes": (
        "Normalization",
        {"axis": [1, 3], "mean": [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]], "variance": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]},
        (2, 4, 3),
    ),
}  # fmt: skip
#: Interpolation and what lies beyond the borders, for the maps below.
MAPPED = {
    f"mapped {blend} {fill}": (blend, fill) for blend in ("bilinear", "nearest") for fill in ("constant", "nearest")
}
#: A map for each picture: some pixels lie beside it.
FILLED = (
    (0.8, -0.31, 1.33, 0.27, 0.9, -1.23),
    (-1.0, 0.0, 5.0, 0.0, 1.0, 0.0),
    (1.31, 0.07, -2.17, 0.03, 1.23, 1.41),
)
#: Numbers that chance could have drawn.
DRAWN = ((0.1, 0.3), (-0.25, 0.05), (0.5, -0.4))
#: Brightness and contrast: one number for each picture.
ADJUSTED = {"RandomBrightness": (0.4, -0.9, 0.0), "RandomContrast": (0.5, 1.7, 1.0)}
ACTIVITIES: tuple[dict[str, Any], ...] = (
    {"kind": "L1", "values": {"l1": 0.3}},
    {"kind": "L2", "values": {"l2": 0.2}},
    {"kind": "OrthogonalRegularizer", "values": {"factor": 0.7}},
)
