"""What a run needs to know, resolved: the common ground of window, command line and Python API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from engine.catalogue.callbacks.base import Callback
from engine.catalogue.optimizers.base import Optimizer
from engine.check import beside, structure
from engine.data.split import Parts
from engine.errors import UsageError
from engine.graph import Graph
from engine.infer import Inference, infer
from engine.plan.plan import Feed, Head
from engine.project import Project
from engine.train.feeds import bound, make_feed
from engine.train.heads import project_heads
from engine.train.reader import Reader
from engine.train.scores import metric_names

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Job:
    """One training.

    Attributes:
        graph, inference: the network and its shapes.
        heads: what judges each output.
        optimizer: the update rule.
        feed, samples: what trains.
        val_feed, val_samples: what judges.
        epochs: epochs done in total at the end.
        batch_size, seed, shuffle, dtype: as in ``TrainConfig``.
        callbacks: what happens beside the updates.
        validation_batch_size: rows at a time in validation; 0 for as many as in training.
        validation_steps: batches of validation; 0 for all.
        validation_epochs: after which epochs (1 is the first) is validated: every so many, or those listed.
        tells_validation: whether each batch of validation is an event.
        steps: batches that count as an epoch; 0 for all.
        reader, val_reader: hand out the batches where ``feed`` and ``val_feed`` hold only the first one.
    """

    graph: Graph
    inference: Inference
    heads: tuple[Head, ...]
    optimizer: Optimizer
    feed: Feed
    samples: int
    val_feed: Feed | None = None
    val_samples: int = 0
    epochs: int = 1
    batch_size: int = 32
    seed: int = 0
    shuffle: bool | str = True
    dtype: str = "float32"
    callbacks: tuple[Callback, ...] = ()
    validation_batch_size: int = 0
    validation_steps: int = 0
    validation_epochs: int | frozenset[int] = 1
    tells_validation: bool = False
    steps: int = 0
    reader: Reader | None = None
    val_reader: Reader | None = None

    @property
    def val_batch_size(self) -> int:
        """Rows at a time in validation."""
        return max(1, min(self.validation_batch_size or self.batch_size, self.val_samples))

    @property
    def val_rows(self) -> int:
        """Rows that one validation looks at."""
        wanted = self.validation_steps * self.val_batch_size
        return min(self.val_samples, wanted) if wanted else self.val_samples

    def judges(self, epoch: int) -> bool:
        """Whether there is a validation after an epoch (0 is the first)."""
        when = self.validation_epochs
        return self.val_feed is not None and ((epoch + 1) % when == 0 if isinstance(when, int) else epoch + 1 in when)

    @property
    def batches(self) -> int:
        """Batches of one epoch; the last may be short."""
        return self.steps or self.all_batches

    @property
    def all_batches(self) -> int:
        """Batches that visit every sample once."""
        return -(-self.samples // self.batch_size)

    @property
    def metric_names(self) -> tuple[str, ...]:
        """Names of the figures in ``logs`` after ``loss``, as Keras writes them."""
        return metric_names(self.graph, self.heads)


def job_of(project: Project, parts: Parts, epochs: int | None = None) -> Job:
    """A project's training.

    Raises:
        UsageError: the network has problems that prevent training.
        DataError: the data do not fit it.
    """
    inference = infer(project.graph)
    for problem in (*structure(project.graph, inference), *beside(project.training)):
        if problem.severity == "error":
            raise UsageError(problem.text)
    config = project.training
    heads = project_heads(project, inference)
    names = dict(project.inputs)
    inputs = bound(project.graph.inputs, names, parts.inputs, "input")
    answers = {t.node: t.field for t in project.targets if t.field}
    targets = bound([h.node for h in heads], answers, parts.targets, "target")
    val_feed = None
    if parts.validation_samples:
        val_inputs = bound(project.graph.inputs, names, parts.val_inputs, "input")
        val_targets = bound([h.node for h in heads], answers, parts.val_targets, "target")
        val_feed = make_feed(inference, heads, val_inputs, val_targets, None, config.dtype)
    return Job(
        graph=project.graph,
        inference=inference,
        heads=heads,
        optimizer=config.optimizer,
        feed=make_feed(inference, heads, inputs, targets, None, config.dtype),
        samples=parts.samples,
        val_feed=val_feed,
        val_samples=parts.validation_samples,
        epochs=epochs if epochs is not None else config.epochs,
        batch_size=min(config.batch_size, parts.samples),
        seed=config.seed,
        shuffle=config.shuffle,
        dtype=config.dtype,
        callbacks=config.callbacks,
    )
