"""Shapes, sizes and counts in plain words."""

from __future__ import annotations

import numpy as np

from designer.text import tr
from engine.catalogue.layers.base import Layer
from engine.infer import Inference
from engine.tensor_spec import TensorSpec, WeightSpec

#: What the axes after the batch usually mean, by how many there are.
AXES: dict[int, tuple[str, ...]] = {
    0: (),
    1: ("features",),
    2: ("steps", "features"),
    3: ("height", "width", "channels"),
    4: ("depth", "height", "width", "channels"),
}


def axes_text(spec: TensorSpec) -> str:
    """The axes by name: ``batch, height, width, channels``."""
    names = AXES.get(len(spec.shape), tuple(tr("axis {n}", n=n + 1) for n in range(len(spec.shape))))
    return ", ".join((tr("batch"), *(tr(name) for name in names)))


def spec_words(spec: TensorSpec) -> str:
    """Rank, axes, element type and number of values."""
    size = tr("{n} values", n=f"{spec.size:,}") if spec.known else tr("size not known yet")
    return tr("rank {rank}: {axes}", rank=spec.rank, axes=axes_text(spec)) + f"\n{spec.dtype}, {size}"


def rank_lesson() -> str:
    """What the words under a shape mean."""
    return tr(
        "The size of one sample. The rank counts the axes, and the batch is one of them: "
        "a grey picture of 28 × 28 has rank 4 (batch, height, width, channels)."
    )


def bytes_of(spec: TensorSpec) -> int:
    """Memory of one sample; unknown sizes count as 0."""
    return spec.size * np.dtype(spec.dtype).itemsize if spec.known else 0


def bytes_text(count: float) -> str:
    """An amount of memory: ``1.5 MB``."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" or count >= 100 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def time_text(seconds: float) -> str:
    """An estimated duration in two digits: ``3.2 ms``, ``1.4 s``, ``12 min``, ``2.5 h``."""
    for limit, size, unit in ((1e-3, 1e-6, "µs"), (1.0, 1e-3, "ms"), (100.0, 1.0, "s"), (6000.0, 60.0, "min")):
        if seconds < limit:
            return f"{_two_digits(seconds / size)} {unit}"
    return f"{_two_digits(seconds / 3600)} h"


def _two_digits(value: float) -> str:
    return f"{value:.1f}" if value < 9.95 else f"{float(f'{value:.2g}'):,.0f}"


def count_text(count: int) -> str:
    """A number of parameters in few characters: ``1,290``, ``392.5 k``, ``1.2 M``."""
    if count < 10_000:
        return f"{count:,}"
    for limit, unit in ((1e6, "k"), (1e9, "M")):
        if count < limit:
            return f"{count / limit * 1000:.1f} {unit}"
    return f"{count / 1e9:.1f} G"


def weights_words(weights: tuple[WeightSpec, ...]) -> str:
    """The arrays of a layer, one a line: ``kernel 784 × 500``."""
    lines = []
    for weight in weights:
        shape = " × ".join(str(n) for n in weight.shape) or "1"
        lines.append(f"{weight.name} {shape}" + ("" if weight.trainable else tr(" (not trained)")))
    return "\n".join(lines)


def output_of(inference: Inference, node: str) -> TensorSpec | None:
    """The first output of a node, if it is known."""
    outputs = inference.outputs.get(node)
    return outputs[0] if outputs else None


def title_of(layer: Layer) -> str:
    """A layer's class as people read it."""
    return tr(layer.title)
