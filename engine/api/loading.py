"""Models read from files and texts."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from engine.api.model import Model
from engine.api.named import by_names, names_of, renamed
from engine.api.structures import told_graph
from engine.errors import FileError
from engine.exchange.importing.importer import ENDINGS, FRESH_OPTIMIZER, UNTOLD_TRAINING, import_model
from engine.exchange.yaml_text import value_of
from engine.io import load_project
from engine.io.strict_json import parse
from engine.project import Project
from engine.train.heads import watched
from engine.train.state import RunState


def load_model(filepath: str | Path, custom_objects: Any = None, compile: bool = True) -> Model:
    """Open a project folder, or a ``.keras`` or ``.h5`` file of Keras, as a model with its weights.

    Args:
        filepath: the folder or file.
        custom_objects: accepted for Keras's sake; nothing of a file is ever run.
        compile: whether it is made ready to be trained, as it was when it was saved.

    Raises:
        FileError: it cannot be read, or holds no trained weights.
    """
    path = Path(filepath)
    if path.suffix.lower() in ENDINGS and not path.is_dir():
        found = import_model(path)
        compile = compile and UNTOLD_TRAINING not in found.lost
        for text in found.lost:
            if text != FRESH_OPTIMIZER:  # so it is with every file, ours too
                warnings.warn(text, stacklevel=2)
        project, state = by_names(found.project, found.state or RunState(found.project.graph, {}))
    else:
        opened = load_project(path)
        if opened.state is None:
            raise FileError(f"'{path}' holds a network without trained weights. Train it first.")
        project, state = opened.project, opened.state
    return _opened(project, state, path.stem.partition(".")[0] or "model", compile)


def _opened(project: Project, state: RunState, name: str, compile: bool) -> Model:
    model = Model.__new__(Model)
    model.adopt(state.graph, name, state.seed, project.training.dtype)
    if compile:
        config, targets = project.training, [project.target_of(key) for key in state.graph.outputs]
        losses = {t.node: t.loss or config.loss for t in targets}
        figures: tuple[Any, Any] = config.metrics, config.weighted_metrics
        if any(t.metrics is not None or t.weighted_metrics is not None for t in targets):
            outputs = model.shapes().outputs
            own = {t.node: watched(project, t, outputs[t.node][0]) for t in targets}
            figures = {key: part[0] for key, part in own.items()}, {key: part[1] for key, part in own.items()}
        model.compile(config.optimizer, losses, {t.node: t.weight for t in targets}, *figures)
    model.require()[1].load(state.weights)
    if model.rule is not None and state.optimizer == model.rule.key:
        model.restore_optimizer(state)
    return model


def _made(told: Any, where: str) -> Model:
    graph, name = told_graph(told, where)
    graph = renamed(graph, names_of(graph))
    model = Model.__new__(Model)
    model.adopt(graph, name, 0, "float32")
    return model


def model_from_json(json_string: str, custom_objects: Any = None) -> Model:
    """A model with fresh weights from the text of ``to_json``, ours or Keras's.

    Args:
        json_string: the text.
        custom_objects: accepted for Keras's sake; nothing of a text is ever run.

    Raises:
        FileError: the text tells no model.
    """
    return _made(parse(_bytes(json_string), "the JSON text"), "JSON")


def model_from_yaml(yaml_string: str, custom_objects: Any = None) -> Model:
    """A model with fresh weights from the text of ``to_yaml``, ours or that of Keras 1 and 2.

    Args:
        yaml_string: the text.
        custom_objects: accepted for Keras's sake; nothing of a text is ever run.

    Raises:
        FileError: the text tells no model.
    """
    if not isinstance(yaml_string, str):
        raise FileError(f"A model is told by a text; received {type(yaml_string).__name__}.")
    return _made(value_of(yaml_string), "YAML")


def _bytes(text: Any) -> bytes:
    if isinstance(text, bytes):
        return text
    if not isinstance(text, str):
        raise FileError(f"A model is told by a text; received {type(text).__name__}.")
    return text.encode("utf-8", "replace")
