"""Import of models that Keras saved: ``.keras`` archives and full models in HDF5."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.catalogue.layers.missing import Missing
from engine.errors import FileError
from engine.exchange.importing.assembly import Assembled, assembled
from engine.exchange.importing.outline import Outline, shown
from engine.exchange.importing.reading import PATIENCE, Held, reading
from engine.exchange.importing.structure import outline
from engine.exchange.importing.training import settings
from engine.exchange.importing.weights import fetched
from engine.infer import infer
from engine.io.strict_json import parse
from engine.project import OutputTarget, Project, TrainConfig
from engine.train.state import RunState

#: Endings of the files that can be imported.
ENDINGS = (".keras", ".h5", ".hdf5")
#: What is said of a file that holds an optimizer's memory.
FRESH_OPTIMIZER = "What the optimizer remembered was not carried; further training begins with a fresh one."
#: What is said of a file without the settings of a training.
UNTOLD_TRAINING = "The file does not tell how to train the model; the usual settings stand under Training."
#: Weights beyond this many bytes are reported.
WEIGHTS_BUDGET = 4 * 2**30


@dataclass(frozen=True)
class Imported:
    """A model of another program.

    Attributes:
        project: network with places on the canvas, and how to train it; no data.
        state: its weights, or ``None`` when there are none.
        notes: what was carried, and in which form, one sentence each.
        lost: what was not carried, one sentence each.
    """

    project: Project
    state: RunState | None
    notes: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def is_model_file(path: Path) -> bool:
    """Whether a file's name says that it may be a model."""
    return path.suffix.lower() in ENDINGS and not path.is_dir()


def import_model(path: Path, given_up: Callable[[], bool] = lambda: False, patience: float = PATIENCE) -> Imported:
    """Read a model that Keras saved.

    The file may come from anyone: it is read in a child process with limits, nothing of it is run, and no other
    file is opened.

    Args:
        path: a ``.keras`` file, or a full model in HDF5 (``.h5``) of Keras 1, 2 or 3.
        given_up: asked many times a second; when it says yes, reading ends.
        patience: the longest wait (s), beside what the file's size allows.

    Raises:
        GivenUp: as ``given_up`` wished.
        FileError: the file is damaged, hostile, too large, or no model whose structure is told.
    """
    with reading(path, given_up, patience) as held:
        return imported(held, path.name)


def imported(held: Held, name: str) -> Imported:
    """The project that a file's contents mean.

    Args:
        held: what the file holds.
        name: the file's name, for sentences.

    Raises:
        FileError: they mean none.
    """
    version = _version(held)
    first = version.partition(".")[0]
    major = int(first) if first.isdecimal() and len(first) < 4 else 1
    model, compiled = _configurations(held, name)
    told = outline(model, major)
    built = assembled(told, major)
    lost = list(built.lost)
    layers = [call.layer for call in told.calls.values()]
    backend = _root(held, "backend")
    _check_theano(layers, major, backend, lost)
    weights = fetched(held, built, layers, major, backend, lost)
    training, targets = _training(compiled, built, told, major, lost)
    if any(path.startswith(("optimizer/", "optimizer_weights/")) for path in held.arrays):
        lost.append(FRESH_OPTIMIZER)
    project = Project(graph=built.graph, training=training, targets=targets)
    state = RunState(built.graph, weights, seed=training.seed) if weights else None
    notes = (_summary(built, weights, version), *built.notes)
    return Imported(project, state, notes, tuple(dict.fromkeys(lost)))


def _root(held: Held, name: str) -> str:
    """A text of the file's root, or of its weights."""
    return next((held.named[g][name] for g in ("", "model_weights") if name in held.named.get(g, {})), "")


def _version(held: Held) -> str:
    """The version of Keras that wrote the file; files of Keras 1 do not always tell."""
    if "metadata.json" in held.texts:
        told = parse(held.texts["metadata.json"], "metadata.json")
        found = told.get("keras_version") if isinstance(told, dict) else None
        return found if isinstance(found, str) and found.partition(".")[0].isdecimal() else "3"
    if "config.json" in held.texts:
        return "3"
    return _root(held, "keras_version") or "1"


def _configurations(held: Held, name: str) -> tuple[Any, Any]:
    """The model's structure and its compile settings."""
    if "config.json" in held.texts:
        model = parse(held.texts["config.json"], "config.json")
        return model, model.get("compile_config") if isinstance(model, dict) else None
    if "model_config" not in held.texts:
        parts = ("layers", "_layer_checkpoint_dependencies")
        weights = "layer_names" in held.lists.get("", {}) or any(p.partition("/")[0] in parts for p in held.arrays)
        if weights or name.endswith(".weights.h5"):
            raise FileError(
                f"'{shown(name)}' holds weights only, not the network they belong to. Save the whole model with "
                "model.save('NAME.keras') and import that."
            )
        raise FileError(f"'{shown(name)}' is HDF5, but not a model that Keras saved. Choose another file.")
    compiled = parse(held.texts["training_config"], "training_config") if "training_config" in held.texts else None
    return parse(held.texts["model_config"], "model_config"), compiled


def _check_theano(layers: list[Any], major: int, backend: str, lost: list[str]) -> None:
    first = [told for told in layers if told.kind == "Conv2D" and told.settings.get("data_format") == "channels_first"]
    if major == 1 and first and not backend:
        lost.append(
            "The file does not tell whether Theano made it. If the answers are wrong, its filters are upside down: "
            "load it with the Keras it comes from and save it there with the TensorFlow backend."
        )


def _training(
    compiled: Any, built: Assembled, told: Outline, major: int, lost: list[str]
) -> tuple[TrainConfig, tuple[OutputTarget, ...]]:
    if not isinstance(compiled, dict):
        lost.append(UNTOLD_TRAINING)
        return TrainConfig(), ()
    names = [told.calls[source.call].layer.own for source in told.outputs]
    return settings(compiled, list(zip(built.outputs, names, strict=True)), major, lost)


def _summary(built: Assembled, weights: dict[str, Any], version: str) -> str:
    nodes = built.graph.nodes
    missing = sum(isinstance(node.layer, Missing) for node in nodes.values())
    count = sum(infer(built.graph).parameter_count())
    layers = f"{len(nodes) - missing} of {len(nodes)} layers" if missing else f"{len(nodes)} layers"
    trained = f"weights of {len(weights)} layers" if weights else "no weights"
    return f"Carried: {layers}, {count:,} parameters, {trained}; saved by Keras {shown(version)}."
