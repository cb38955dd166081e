"""Models and weights as files, by the ending of their name; each is replaced in one step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.errors import FileError, UsageError
from engine.exchange.h5_writer import model_h5, weights_h5
from engine.exchange.keras_archive import archive, weights_file
from engine.exchange.keras_network import keras_network
from engine.exchange.keras_obstacles import obstacles
from engine.exchange.keras_training import compiled
from engine.exchange.parcel import Parcel
from engine.io import save_project
from engine.io.disk import Disk, put, write_error
from engine.layout import laid_out
from engine.project import Project
from engine.train.state import RunState

HDF5 = (".h5", ".hdf5")
#: Endings of files that hold a whole model.
ENDINGS = (".keras", *HDF5)


def save_model(place: Path, project: Project, state: RunState, trains: bool = True) -> None:
    """Write a whole model: a project folder, or with ``.keras`` or ``.h5`` a file of Keras.

    Args:
        place: where; a name without one of these endings is a folder.
        project: how it is trained; its graph is not looked at.
        state: the graph with its weights.
        trains: whether how it is trained is written, too.

    Raises:
        UsageError: Keras has no counterpart for something in it.
        FileError: it cannot be written.
    """
    ending = place.suffix.lower()
    if ending not in ENDINGS:
        drawn = laid_out(state.graph)
        save_project(place, project.with_graph(drawn), replace(state, graph=drawn))
        return
    parcel = _parcel(place, project, state)
    found = obstacles(parcel)
    if found:
        raise UsageError(f"A {ending} file cannot hold this network. {found[0].text}")
    network, training = keras_network(parcel), compiled(parcel) if trains else None
    write_file(place, archive(network, training) if ending == ".keras" else model_h5(network, training))


def save_weights(place: Path, state: RunState) -> None:
    """Write the weights alone: ``.weights.h5`` in the layout of Keras 3, other ``.h5`` in the one of every Keras.

    Raises:
        UsageError: the name ends otherwise, or Keras has no counterpart for something in it.
        FileError: it cannot be written.
    """
    if place.suffix.lower() not in HDF5:
        raise UsageError(f"Weights are written to a file that ends in .weights.h5 or .h5; received '{place.name}'.")
    parcel = _parcel(place, Project(), state)
    if place.name.lower().endswith(".weights.h5") and not obstacles(parcel):
        write_file(place, weights_file(keras_network(parcel), None, remembers=False))
        return
    inference = parcel.inference
    layers = {
        key: [
            (spec.name, state.weights[key][spec.name])
            for spec in sorted(inference.weights.get(key, ()), key=lambda spec: not spec.trainable)
        ]
        for key in state.graph.order
    }
    write_file(place, weights_h5(layers))


def write_file(place: Path, content: bytes) -> None:
    """Replace a file in one step; folders on the way are made.

    Raises:
        FileError: that is not possible.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        put(Disk(), place, content)
    except OSError as error:
        raise write_error(error, place.parent, len(content)) from None
    except ValueError:
        raise FileError(f"'{place.name}' cannot be the name of a file. Choose another one.") from None


def _parcel(place: Path, project: Project, state: RunState) -> Parcel:
    name = place.name.partition(".")[0] or "model"
    return Parcel(name, state.graph, state.weights, {}, training=project.training, targets=project.targets)
