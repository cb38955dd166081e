"""Padding and attention against Keras: answers, losses over what counts, gradients, to single precision (2e-6)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.graph import Edge, Graph, Node
from tests.engine.workbench import GraphBench
from tests.parity.mask_cases import CASES, ROWS

GOLDEN = np.load(Path(__file__).with_name("masks.npz"))


def network(number: int) -> Graph:
    kind, parameters, shapes, masked = CASES[number]
    subject: Any = registry.layers.get(kind)(**parameters)
    graph = Graph().add(Node("subject", subject))
    for place, shape in enumerate(shapes):
        chain: list[Any] = [registry.layers.get("Input")(shape=shape)]
        chain += [registry.layers.get("Masking")()] if masked else []
        chain += [registry.layers.get("Dense")(units=shape[-1])]
        names = [f"{place}-{n}" for n in range(len(chain) - 1)] + [f"front{place}"]
        for name, layer in zip(names, chain, strict=True):
            graph = graph.add(Node(name, layer))
        for before, after in pairwise(names):
            graph = graph.connect(Edge(before, after))
        port = subject.inputs[min(place, len(subject.inputs) - 1)].name
        graph = graph.connect(Edge(names[-1], "subject", target_port=port))
    return graph


@pytest.mark.parametrize("shards", [1, 2])
@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: f"{CASES[n][0]}-{n}")
def test_answers_losses_and_gradients_are_keras(number: int, shards: int) -> None:
    golden = {key.partition("/")[2]: GOLDEN[key] for key in GOLDEN.files if key.startswith(f"{number}/")}
    bench = GraphBench(network(number), rows=ROWS, shards=shards)
    shapes = CASES[number][2]
    for place in range(len(shapes)):
        bench.feed.inputs[f"{place}-0"][...] = golden[f"x{place}"].reshape(ROWS, -1)
    bench.feed.targets["subject"][...] = golden["t"].reshape(ROWS, -1)
    owners = [*(f"front{place}" for place in range(len(shapes))), "subject"]
    slopes = []
    for owner_number, owner in enumerate(owners):
        entries = [entry for entry in bench.parameters.trainable() if entry.node == owner]
        for n, entry in enumerate(entries):
            bench.parameters.view(bench.parameters.flat, entry)[...] = golden[f"w{owner_number}-{n}"]
            slopes.append((entry, golden[f"g{owner_number}-{n}"]))

    loss = bench.loss()

    assert loss == pytest.approx(float(golden["loss"]), rel=2e-6)
    answer, expected = bench.predict("subject"), golden["y"]
    if CASES[number][0] == "MultiHeadAttention" and CASES[number][3]:
        # What padding itself asks gets a mix of nothing here; Keras leaves that to its backend.
        counts = (golden["x0"] != 0).any(-1)
        answer, expected = answer[counts], expected[counts]
    np.testing.assert_allclose(answer, expected, rtol=2e-6, atol=2e-6)
    assert slopes
    for entry, expected in slopes:
        found = bench.parameters.view(bench.parameters.gradient, entry)
        np.testing.assert_allclose(found, expected, rtol=2e-6, atol=2e-6, err_msg=f"{entry.node} {entry.spec.name}")
