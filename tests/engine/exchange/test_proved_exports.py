"""What is exported is proved first: a wrong one is not kept, and equal networks give equal files."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import UsageError
from engine.exchange.export import Exported, export
from engine.exchange.numpy_target import NumpyScript
from engine.exchange.onnx_target import Onnx
from engine.exchange.parcel import Parcel, pack
from engine.exchange.target import Proof, compared
from engine.exchange.targets import TARGETS
from engine.exchange.torch_target import Torch
from engine.templates import chain
from tests.engine.exchange.networks import parcel_named

WITH_TORCH = pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed")
KINDS = [Onnx, NumpyScript, pytest.param(Torch, marks=WITH_TORCH)]
Kind = type[Onnx] | type[NumpyScript] | type[Torch]


def files(place: Path) -> dict[str, bytes]:
    if place.is_file():
        return {place.name: place.read_bytes()}
    return {file.name: file.read_bytes() for file in place.iterdir()}


def spoiled(parcel: Parcel) -> Parcel:
    """The parcel with one of its weights off by a little."""
    weights = {node: {key: array.copy() for key, array in arrays.items()} for node, arrays in parcel.weights.items()}
    weights["conv"]["kernel"][1, 1, 2, 3] += 0.01
    return replace(parcel, weights=weights)


def spoiling(kind: Kind) -> Callable[[], Onnx | NumpyScript | Torch]:
    """An exporter with a fault: one number goes wrong on the way into the file."""

    class Faulty(kind):  # type: ignore[misc,valid-type]
        def write(self, parcel: Parcel, place: Path) -> None:
            super().write(spoiled(parcel), place)

    return Faulty


@pytest.mark.parametrize("kind", KINDS)
def test_a_proved_export_is_put_in_place(kind: Kind, tmp_path: Path) -> None:
    parcel, place = parcel_named("residual"), tmp_path / f"out{kind.suffix}"

    *_, done = export(kind(), parcel, place)

    assert isinstance(done, Exported)
    assert isinstance(done.proof, Proof)
    assert done.proof.share <= 1e-5
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_weight_is_found_and_nothing_is_left_behind(kind: Kind, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"computes something else.*DIFFERS"):
        list(export(spoiling(kind)(), parcel_named("residual"), tmp_path / f"out{kind.suffix}"))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_failed_export_leaves_the_earlier_one(kind: Kind, tmp_path: Path) -> None:
    parcel, place = parcel_named("residual"), tmp_path / f"out{kind.suffix}"
    list(export(kind(), parcel, place))
    before = files(place)

    with pytest.raises(UsageError):
        list(export(spoiling(kind)(), parcel, place))

    assert files(place) == before
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("kind", [Onnx, NumpyScript, Torch])
def test_equal_networks_give_equal_files(kind: Kind, tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        place = tmp_path / name
        place.mkdir()
        target = place / "network.onnx" if kind.suffix else place
        kind().write(parcel_named("residual"), target)
        found.append(files(target))

    assert found[0] == found[1]


def test_files_are_the_same_in_another_process(tmp_path: Path) -> None:
    """Sets and hashes differ between processes; files may not."""
    code = (
        "from pathlib import Path; import sys; from engine.exchange.targets import target_of\n"
        "from tests.engine.exchange.networks import NETWORKS, parcel_named, parcel_of\n"
        "parcel = parcel_of(NETWORKS['hostile labels'], 'n', ('a', 'b'))\n"
        "for key in ('onnx', 'numpy', 'torch'):\n"
        "    target = target_of(key); place = Path(sys.argv[1], key + target.suffix)\n"
        "    target.suffix or place.mkdir(); target.write(parcel, place)\n"
    )
    found = []
    for seed in ("1", "2"):
        room = tmp_path / seed
        room.mkdir()
        root = str(Path(__file__).parents[3])
        environ = {"PYTHONHASHSEED": seed, "PYTHONPATH": root}
        subprocess.run([sys.executable, "-c", code, str(room)], check=True, env=os.environ | environ, cwd=root)
        found.append({place.name: files(place) for place in sorted(room.iterdir())})

    assert found[0] == found[1]
    assert set(found[0]) == {"onnx.onnx", "numpy", "torch"}


def test_every_output_is_compared_by_its_own_size() -> None:
    graph = chain(("Input", {"shape": (2,)}), ("Dense", {"units": 2}))
    parcel = pack("two", graph, {}, {"input": np.ones((3, 2), np.float32)})
    large, small = np.full((3, 2), 1e6), np.full((3, 2), 5e-5)
    vars(parcel)["answers"] = {"large": large, "small": np.array([[0.9, 0.1]] * 3)}
    assert not compared(parcel, "x", {"large": large, "small": np.array([[0.1, 0.9]] * 3)}).holds
    vars(parcel)["answers"] = {"small": small}
    assert not compared(parcel, "x", {"small": np.zeros((3, 2))}).holds
    assert compared(parcel, "x", {"small": small}).holds
    assert not compared(parcel, "x", {"small": small * np.nan}).holds


def test_answers_that_are_no_numbers_are_not_blamed_on_the_export(tmp_path: Path) -> None:
    graph = chain(("Input", {"shape": (2,)}), ("Dense", {"units": 2}))
    weights = {"dense": {"kernel": np.full((2, 2), np.nan, np.float32), "bias": np.zeros(2, np.float32)}}
    parcel = pack("nan", graph, weights, {"input": np.ones((3, 2), np.float32)})
    with pytest.raises(UsageError, match="answers to the samples are not numbers"):
        list(export(TARGETS[0], parcel, tmp_path / "nan.onnx"))
    assert not list(tmp_path.iterdir())
