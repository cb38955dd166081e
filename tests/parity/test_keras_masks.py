"""Padding and attention against Keras: answers, masks that leave, losses over what counts, gradients."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.graph import Edge, Graph, Node
from tests.engine.workbench import GraphBench
from tests.measured import assert_agree
from tests.parity import attention_cases
from tests.parity.golden import KERAS, golden
from tests.parity.mask_cases import CASES, ROWS, Case

GOLDEN = {
    "masks": (golden("make_golden_masks.py", "masks.npz"), CASES),
    "attention": (golden("make_golden_attention.py", "attention.npz"), attention_cases.CASES),
}


def network(case: Case) -> Graph:
    """Input, Masking where it is wanted, and Dense before every input of the layer."""
    kind, parameters, shapes, masked = case
    subject: Any = registry.layers.get(kind)(**parameters)
    graph = Graph().add(Node("subject", subject))
    for n, port in enumerate(subject.outputs):
        end: Any = registry.layers.get("Identity")()
        graph = graph.add(Node(f"y{n}", end)).connect(Edge("subject", f"y{n}", port.name))
    for place, shape in enumerate(shapes):
        chain: list[Any] = [registry.layers.get("Input")(shape=shape)]
        chain += [registry.layers.get("Masking")()] if place in masked else []
        chain += [registry.layers.get("Dense")(units=shape[-1])]
        names = [f"{place}-{n}" for n in range(len(chain) - 1)] + [f"front{place}"]
        for name, layer in zip(names, chain, strict=True):
            graph = graph.add(Node(name, layer))
        for before, after in pairwise(names):
            graph = graph.connect(Edge(before, after))
        port = subject.inputs[min(place, len(subject.inputs) - 1)].name
        graph = graph.connect(Edge(names[-1], "subject", target_port=port))
    return graph


def prepared(case: Case, told: dict[str, Any], dtype: str, shards: int) -> GraphBench:
    """A bench with Keras's numbers in it."""
    bench = GraphBench(network(case), rows=ROWS, dtype=dtype, shards=shards)
    x, weights = (
        iter(np.split(told["x"], np.cumsum([ROWS * np.prod(shape, dtype=int) for shape in case[2]]))),
        told["w"],
    )
    for place in range(len(case[2])):
        bench.feed.inputs[f"{place}-0"][...] = next(x).reshape(ROWS, -1)
    for key, target in bench.feed.targets.items():
        target[...] = told[f"t{key[1:]}"].reshape(ROWS, -1)
    for entry in entries(case, bench):
        bench.parameters.view(bench.parameters.flat, entry)[...] = weights[: entry.spec.size].reshape(entry.spec.shape)
        weights = weights[entry.spec.size :]
    assert not weights.size
    return bench


def entries(case: Case, bench: GraphBench) -> list[Any]:
    """Trained weights in the order in which the script kept them."""
    owners = [*(f"front{place}" for place in range(len(case[2]))), "subject"]
    return [entry for owner in owners for entry in bench.parameters.trainable() if entry.node == owner]


@pytest.mark.parametrize(("dtype", "tolerance", "shards"), [("float64", 1e-9, 2), ("float32", 2e-5, 1)])
@pytest.mark.parametrize(
    ("part", "number"), [(part, n) for part, (_, cases) in GOLDEN.items() for n in range(len(cases))],
    ids=[f"{n}-{case[0]}" for _, cases in GOLDEN.values() for n, case in enumerate(cases)],
)  # fmt: skip
def test_answers_masks_losses_and_gradients_are_those_of_keras(
    part: str, number: int, dtype: str, tolerance: float, shards: int
) -> None:
    arrays, cases = GOLDEN[part]
    case, told = cases[number], {k.partition("/")[2]: v for k, v in arrays.items() if k.startswith(f"{number}/")}
    kind, bench = case[0], prepared(case, told, dtype, shards)

    loss = bench.loss()

    close = {"rtol": tolerance, "atol": tolerance, "peer": KERAS}
    assert_agree("layer", kind, np.array(loss), told["loss"], **close)
    found, mask = bench.plan.values["subject"][0], bench.plan.masks["subject"][0]
    assert (mask is None) == ("mask0" not in told)
    if mask is not None:
        np.testing.assert_array_equal(mask, told["mask0"])
    counts = mask.astype(bool) if kind == "MultiHeadAttention" and mask is not None else np.ones(ROWS, bool)
    # What padding itself asks gets a mix of nothing here; Keras leaves that to its backend.
    assert_agree("layer", kind, found[counts], told["y0"][counts], **close)
    for n, scores in enumerate(bench.plan.values["subject"][1:], 1):
        assert_agree("layer", kind, scores, told[f"y{n}"], **close)
    slopes = told["g"]
    for entry in entries(case, bench):
        gradient = bench.parameters.view(bench.parameters.gradient, entry)
        wanted, slopes = slopes[: entry.spec.size].reshape(entry.spec.shape), slopes[entry.spec.size :]
        assert_agree("layer", kind, gradient, wanted, **close)
    if "moved" in told:
        moved = [bench.parameters.view(bench.parameters.flat, e) for e in bench.parameters.entries if e.start < 0]
        assert_agree("layer", kind, np.concatenate(moved), told["moved"], **close)
