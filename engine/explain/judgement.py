"""How good a trained network is: its figures on every part of the data, beside what guessing would reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.split import Parts
from engine.errors import LayerloomError
from engine.explain.batches import Progress, batches
from engine.explain.classes import class_output
from engine.explain.confusion import Confusion, confusions
from engine.graph import Graph
from engine.project import Project
from engine.train.feeds import bound, make_feed
from engine.train.heads import project_heads
from engine.train.predictor import Predictor
from engine.train.state import Arrays

Array = npt.NDArray[Any]
#: Points of a regression that are kept to be drawn.
MOST_POINTS = 5_000


@dataclass(frozen=True)
class PartScores:
    """Figures on one part of the data.

    Attributes:
        part: ``training`` or ``validation``.
        samples: how many were judged.
        figures: ``loss`` and every metric.
    """

    part: str
    samples: int
    figures: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Judgement:
    """Everything that is known about a network's answers.

    Attributes:
        scores: figures by part, validation first.
        part: the part that the rest is about: validation, or training where nothing judges.
        confusion: which classes are taken for which; ``None`` for outputs that tell none.
        classes: names of the classes.
        truth, answers: float64 (n,): right and given numbers of an output that tells no classes, at most
            ``MOST_POINTS`` of them, evenly chosen.
        guess: what guessing reaches there: the share of the most frequent class, or the mean distance from the
            mean; not a number where neither makes sense.
    """

    scores: tuple[PartScores, ...]
    part: str
    confusion: Confusion | None = None
    classes: tuple[str, ...] = ()
    truth: Array = field(default_factory=lambda: np.zeros(0))
    answers: Array = field(default_factory=lambda: np.zeros(0))
    guess: float = float("nan")


def judgement(project: Project, graph: Graph, weights: Arrays, parts: Parts) -> Iterator[Progress | Judgement]:
    """Judge a network on all its data; progress comes after every batch, the judgement last.

    Args:
        project: its losses and metrics, and which fields belong to which node.
        graph: the network the weights belong to.
        weights: what was learnt.
        parts: the data, divided.

    Raises:
        UsageError: weights are missing or the network has faults.
        DataError: the data do not fit it.
    """
    project = project.with_graph(graph)
    predictor = Predictor(graph, weights, project.training.dtype)
    heads = project_heads(project, predictor.inference)
    fields = {t.node: t.field for t in project.targets if t.field}
    given = [("training", parts.inputs, parts.targets, parts.samples)]
    if parts.validation_samples:
        given.insert(0, ("validation", parts.val_inputs, parts.val_targets, parts.validation_samples))
    total, done = sum(samples for *_, samples in given) + given[0][3], 0
    scores = []
    for part, inputs, targets, samples in given:
        rows = bound(graph.inputs, dict(project.inputs), inputs, "input")
        answers = bound([head.node for head in heads], fields, targets, "target")
        feed = make_feed(predictor.inference, heads, rows, answers, None, project.training.dtype)
        for item in predictor.judging(heads, feed, samples):
            if isinstance(item, int):
                yield Progress(done + item, total)
            else:
                scores.append(PartScores(part, samples, item))
        done += samples
    part, inputs, targets, _ = given[0]
    rows = bound(graph.inputs, dict(project.inputs), inputs, "input")
    key = graph.outputs[0]
    labels = bound([head.node for head in heads], fields, targets, "target")[key]
    names = parts.classes.get(fields.get(key) or next(iter(targets)), ())
    loss = heads[0].loss
    told = class_output(graph, predictor.inference, key)
    # Several plain numbers are classes only if labels or loss say so; they may as well be measurements.
    classes = told.count > 0 and bool(told.squashed or names or loss.sparse or loss.pairs_with)
    for found in _answers(predictor, rows, labels, key, classes):
        if isinstance(found, Progress):
            yield Progress(done + found.done, total)
        elif isinstance(found, Confusion):
            frequent = found.counts.sum(axis=1).max() / max(1, found.counts.sum())
            yield Judgement(tuple(scores), part, found, names, guess=float(frequent))
        else:
            truth, answered = found
            spread = float(np.abs(truth - truth.mean()).mean()) if len(truth) else float("nan")
            yield Judgement(tuple(scores), part, truth=truth, answers=answered, guess=spread)


def _answers(
    predictor: Predictor, rows: Mapping[str, Array], labels: Array, key: str, classes: bool
) -> Iterator[Progress | Confusion | tuple[Array, Array]]:
    """What the first output says: classes against classes, or numbers against numbers."""
    if classes:
        try:
            yield from confusions(predictor, rows, labels, key)
        except LayerloomError:
            pass  # targets that are no classes: numbers then
        else:
            return
    flat = np.asarray(labels, np.float64).reshape(len(labels), -1)
    found = [np.zeros((0, 1))]
    for batch in batches(predictor, rows, (key,), 256, None):
        values = batch.values[key].astype(np.float64).reshape(len(batch.values[key]), -1)
        found.append(values[:, :1])
        yield Progress(batch.start + len(values), batch.total)
    chosen = np.unique(np.linspace(0, max(0, len(flat) - 1), MOST_POINTS).astype(np.int64))[: len(flat)]
    yield flat[chosen, 0], np.concatenate(found)[chosen, 0]
