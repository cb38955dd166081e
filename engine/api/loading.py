"""Models read from project folders."""

from __future__ import annotations

from pathlib import Path

from engine.api.model import Model
from engine.errors import FileError
from engine.io import load_project


def load_model(path: str | Path) -> Model:
    """Open a project folder as a compiled model with its weights and optimizer memory.

    Raises:
        FileError: it cannot be read, or holds no trained weights.
    """
    opened = load_project(Path(path))
    if opened.state is None:
        raise FileError(f"'{path}' holds a network without trained weights. Train it first.")
    project, state = opened.project, opened.state
    model = Model.__new__(Model)
    model.adopt(state.graph, Path(path).stem, state.seed, project.training.dtype)
    losses = {t.node: t.loss or project.training.loss for t in map(project.target_of, state.graph.outputs)}
    shares = {t.node: t.weight for t in map(project.target_of, state.graph.outputs)}
    model.compile(project.training.optimizer, losses, shares, project.training.metrics)
    _, parameters = model.require()
    parameters.load(state.weights)
    assert model.rule is not None
    if state.optimizer == model.rule.key:
        model.restore_optimizer(state)
    return model
