"""Models written as project folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.io import save_project
from engine.project import OutputTarget, Project, TrainConfig

if TYPE_CHECKING:
    from engine.api.model import Model


def save_model(model: Model, path: Path) -> None:
    """Write a model as a project folder."""
    model.require()
    project = Project(graph=model.graph)
    if model.optimizer is not None:
        heads = model.heads()
        config = TrainConfig(
            optimizer=model.optimizer, loss=heads[0].loss, metrics=model.metrics, seed=model.seed, dtype=model.dtype
        )
        targets = tuple(OutputTarget(h.node, loss=h.loss, weight=h.weight) for h in heads) if len(heads) > 1 else ()
        project = Project(graph=model.graph, training=config, targets=targets)
    save_project(path, project, model.state())
