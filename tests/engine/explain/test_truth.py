"""The pictures say the truth: heat lies where the evidence is, once a network has learnt it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.explain.explainer import Explainer
from engine.explain.question import CamQuestion, Question
from engine.graph import Graph
from engine.train.state import Arrays
from tests.engine.explain.corner import COLUMNS, ROWS, learnt, pictures, residual, straight


def shares(graph: Graph, weights: Arrays, layer: str) -> tuple[float, list[float]]:
    """Of held-out pictures with strokes: how many are recognized, and how much of the heat lies in the corner."""
    x, labels = pictures(120, 99)
    explainer = Explainer(graph)
    found, right = [], 0
    for picture, label in zip(x[labels >= 0], labels[labels >= 0], strict=True):
        insight = explainer.look(weights, Question({"in": picture}, cam=CamQuestion(layer)))
        assert insight.cam is not None
        right += insight.cam.target == label
        total = float(insight.cam.heat.sum())
        found.append(float(insight.cam.heat[ROWS, COLUMNS].sum()) / total if total else 0.0)
    return right / len(found), found


@pytest.mark.parametrize("make", [straight, residual])
def test_heat_lies_in_the_corner_that_decides(make: Callable[[], Graph]) -> None:
    graph = make()
    trained, untrained = learnt(graph, 5), learnt(graph, 0)
    for layer in ("second", "evidence"):
        accuracy, found = shares(graph, trained, layer)
        assert accuracy > 0.98
        assert np.mean(found) > 0.95
        assert np.quantile(found, 0.05) > 0.8
        assert np.mean(shares(graph, untrained, layer)[1]) < 0.4
