"""What is exported as a Keras file comes back as it was, and computes the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.catalogue.layers.missing import Missing
from engine.exchange.importing.importer import import_model
from engine.exchange.keras_target import KerasFile
from engine.train.predictor import Predictor
from tests.engine.exchange.importing.here import import_here
from tests.engine.exchange.keras_export.cases import parcels
from tests.engine.exchange.networks import parcel_of
from tests.engine.train.networks import chain

#: Keras 3 has no hard sigmoid of Keras 2: it goes out as two layers that have no counterpart here.
ALL = {
    name: parcel
    for name, parcel in parcels().items()
    if not KerasFile().obstacles(parcel) and not name.startswith("hard_sigmoid_keras2")
}
#: Every network that has a name of its own, and some of those that differ in one parameter only.
OWN = [name for name in ALL if not name.startswith("conv-") and not name.endswith(("-rows", "-image", "-set"))]
PARCELS = {name: ALL[name] for name in dict.fromkeys([*OWN, *list(ALL)[::8]])}


@pytest.mark.parametrize("name", PARCELS)
def test_an_export_comes_back(tmp_path: Path, name: str) -> None:
    parcel = PARCELS[name]
    KerasFile().write(parcel, tmp_path / "model.keras")
    found = import_here(tmp_path / "model.keras")
    graph = found.project.graph

    missing = [node.name for node in graph.nodes.values() if isinstance(node.layer, Missing)]
    assert not missing, found.lost
    assert parcel.training is not None
    assert found.project.training.optimizer == parcel.training.optimizer
    assert found.project.training.loss == parcel.training.loss
    wanted = Predictor(parcel.graph, parcel.weights, threads=1).predict(parcel.samples)
    weights = found.state.weights if found.state is not None else {}
    given = dict(zip(graph.inputs, (parcel.samples[key] for key in parcel.graph.inputs), strict=True))
    got = Predictor(graph, weights, threads=1).predict(given)
    for values, expected in zip(got.values(), wanted.values(), strict=True):
        assert np.allclose(values, expected, rtol=1e-5, atol=1e-6)


def test_penalties_and_rules_come_back(tmp_path: Path) -> None:
    rules = {
        "kernel_constraint": {"type": "MinMaxNorm", "rate": 0.5}, "bias_constraint": "NonNeg",
        "activity_regularizer": {"type": "L1L2", "l1": 0.25, "l2": 0.5}, "bias_regularizer": "L1",
        "kernel_regularizer": {"type": "OrthogonalRegularizer", "factor": 0.5, "mode": "columns"},
    }  # fmt: skip
    graph = chain(
        ("Input", {"shape": (3,)}),
        ("Dense", {"units": 4, **rules}),
        (
            "BatchNormalization",
            {"gamma_constraint": {"type": "MaxNorm", "max_value": 1.5}, "beta_constraint": "NonNeg"},
        ),
        ("LayerNormalization", {"gamma_constraint": "UnitNorm"}),
        ("PReLU", {"alpha_constraint": "NonNeg"}),
        ("ActivityRegularization", {"l1": 0.125}),
        ("Normalization", {"mean": (1.0, 2.0, 3.0, 4.0), "variance": (1.0, 1.0, 2.0, 4.0)}),
    )
    KerasFile().write(parcel_of(graph), tmp_path / "model.keras")
    found = import_model(tmp_path / "model.keras")

    layers = [node.layer for node in found.project.graph.nodes.values()]
    assert layers == [node.layer for node in graph.nodes.values()], found.lost
    assert not [said for said in found.lost if "not carried" in said]


def test_patterns_of_noise_come_back(tmp_path: Path) -> None:
    pattern = {"rate": 0.25, "noise_shape": (None, 1, 4), "seed": 3}
    graph = chain(("Input", {"shape": (3, 4)}), ("Dropout", pattern), ("AlphaDropout", pattern))
    KerasFile().write(parcel_of(graph), tmp_path / "model.keras")

    found = import_model(tmp_path / "model.keras").project.graph

    assert [node.layer for node in found.nodes.values()] == [node.layer for node in graph.nodes.values()]
