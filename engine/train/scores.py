"""Loss and metrics from the sums that kernels leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy.typing as npt

from engine.graph import Graph
from engine.infer import Inference
from engine.plan.plan import Head

Sums = npt.NDArray[Any]


class Scores:
    """Knows which column of the sums means what.

    Attributes:
        names: names of the figures after ``loss``: ``accuracy`` for one output;
            ``<output>_loss`` and ``<output>_accuracy`` for several.
        columns: number of sums that belong to the outputs; what follows are activity penalties.
        inner: by output, rows that one sample contributes to the loss (1 unless it has inner axes).
    """

    def __init__(self, graph: Graph, inference: Inference, heads: Sequence[Head]) -> None:
        self.heads = tuple(heads)
        self.several = len(self.heads) > 1
        self.names = metric_names(graph, heads)
        self.columns = sum(1 + sum(m.width for m in head.metrics) for head in self.heads)
        self.inner = {head.node: inner_rows(inference, head.node) for head in self.heads}

    def loss(self, sums: Sums, rows: float) -> float:
        """Weighted total of the outputs' mean losses, and the activity penalties for each sample."""
        total, column = float(sums[self.columns :].sum()) / rows, 0
        for head in self.heads:
            total += head.weight * float(sums[column]) / (rows * self.inner[head.node])
            column += 1 + sum(metric.width for metric in head.metrics)
        return total

    def metrics(self, sums: Sums, rows: float) -> list[float]:
        """Every figure after the loss, in the order of ``names``."""
        figures, column = [], 0
        for head in self.heads:
            if self.several:
                figures.append(float(sums[column] / (rows * self.inner[head.node])))
            column += 1
            for metric in head.metrics:
                figures += metric.results(sums[column : column + metric.width])
                column += metric.width
        return figures


def metric_names(graph: Graph, heads: Sequence[Head]) -> tuple[str, ...]:
    """Names of the figures after ``loss``, as Keras writes them."""
    if len(heads) == 1:
        return heads[0].names
    found = []
    for head in heads:
        found.append(f"{head.node}_loss")
        found += [f"{head.node}_{name}" for name in head.names]
    return tuple(found)


def inner_rows(inference: Inference, node: str) -> int:
    """Rows that one sample of an output contributes to the loss."""
    spec = inference.outputs[node][0]
    return spec.size // int(spec.shape[-1] or 1) if spec.shape else 1
