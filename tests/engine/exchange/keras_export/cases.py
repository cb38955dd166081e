"""Exports of networks into folders, and what Keras makes of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.exchange.keras_proof import backend
from engine.exchange.keras_target import KerasCode, KerasFile
from engine.exchange.parcel import Parcel
from engine.graph import Graph
from engine.project import TrainConfig
from tests.engine.exchange.networks import NETWORKS, parcel_of

#: Settings that suit every network.
TRAINING = TrainConfig(loss="mean_squared_error", metrics=("mae",))  # type: ignore[arg-type]


def trainable(graph: Graph, **values: Any) -> Parcel:
    """A parcel with settings of a training."""
    return replace(parcel_of(graph), training=TRAINING.changed(**values))


def parcels() -> dict[str, Parcel]:
    """Every network, with the optimizers in turn."""
    optimizers: list[Any] = [
        "Adam", {"type": "Adam", "amsgrad": True}, "SGD", {"type": "SGD", "momentum": 0.9, "nesterov": True}, "RMSprop",
        {"type": "RMSprop", "momentum": 0.5, "centered": True},
    ]  # fmt: skip
    return {
        name: trainable(graph, optimizer=optimizers[place % len(optimizers)])
        for place, (name, graph) in enumerate(NETWORKS.items())
    }


def write_case(folder: Path, parcel: Parcel, **train: Any) -> None:
    """The archive, the script and the samples, and what to train on."""
    (folder / "code").mkdir(parents=True)
    KerasFile().write(parcel, folder / "model.keras")
    KerasCode().write(parcel, folder / "code")
    np.savez(folder / "samples.npz", *(parcel.samples[key] for key in parcel.graph.inputs))
    if train:
        np.savez(folder / "train.npz", **train)


def ask_keras(folder: Path) -> Mapping[str, Any]:
    """Let Keras look at every case; returns its report."""
    # One thread: these networks are small, and threads that wait for each other hold a busy machine up.
    environ = os.environ | {"KERAS_BACKEND": backend() or "", "KERAS_HOME": str(folder.parent), "OMP_NUM_THREADS": "1"}
    program = Path(__file__).with_name("peer.py")
    command = [sys.executable, "-P", "-B", str(program), str(folder)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report: Mapping[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return report


def arrays(place: Path) -> list[Any]:
    """What an .npz file holds, in order."""
    with np.load(place) as found:
        return [found[name] for name in found.files]
