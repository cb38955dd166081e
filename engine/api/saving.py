"""Models and weights as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import UsageError
from engine.exchange import model_files
from engine.plan.plan import Head
from engine.project import OutputTarget, Project, TrainConfig

if TYPE_CHECKING:
    from engine.api.model import Model


def save_model(model: Model, path: Path, overwrite: bool) -> None:
    """Write a whole model."""
    _refuse_taken(path, overwrite)
    if path.suffix[1:].isalpha() and path.suffix.lower() not in (*model_files.ENDINGS, ".loom"):
        raise UsageError(
            f"'{path.name}' ends like no model: a model is a file that ends in {', '.join(model_files.ENDINGS)}, or a "
            "project folder, whose name ends in .loom or has no ending."
        )
    model.require()
    model_files.save_model(path, as_project(model), model.state(), trains=model.rule is not None)


def save_weights(model: Model, path: Path, overwrite: bool) -> None:
    """Write the weights alone."""
    _refuse_taken(path, overwrite)
    model_files.save_weights(path, model.state())


def as_project(model: Model) -> Project:
    """A model with its training settings, without data."""
    project = Project(graph=model.graph)
    if model.rule is None:
        return project
    heads = model.heads()
    config = TrainConfig(
        optimizer=model.rule, loss=heads[0].loss, metrics=model.metrics, seed=model.seed, dtype=model.dtype,
        weighted_metrics=model.weighted_metrics,
    )  # fmt: skip
    targets = tuple(_target(model, head) for head in heads) if len(heads) > 1 else ()
    return Project(graph=model.graph, training=config, targets=targets)


def _target(model: Model, head: Head) -> OutputTarget:
    """What judges an output, with metrics of its own where it was given them."""
    return OutputTarget(head.node, "", head.loss, head.weight, *model.own_metrics(head.node))


def _refuse_taken(path: Path, overwrite: bool) -> None:
    if not overwrite and path.exists():
        raise UsageError(f"'{path.name}' is there already, and overwrite is False. Choose another name.")
