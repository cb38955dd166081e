"""Advice about what a network answers with, and the loss that judges it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.advice.walk import advice, disturbs, passes, removing_fix, setting_fix
from engine.catalogue.losses.base import Loss
from engine.catalogue.sources.base import Dataset, Field
from engine.check import activation_of, ending, target_fields
from engine.graph import Graph
from engine.infer import Inference
from engine.problems import Fix, Problem
from engine.project import Project

#: Losses for one class out of several, for answers that stand each for themselves, and for numbers.
ONE_OF = frozenset({"categorical_crossentropy", "sparse_categorical_crossentropy", "categorical_focal_crossentropy"})
YES_NO = frozenset({"binary_crossentropy", "binary_focal_crossentropy"})
NUMBERS = frozenset({"mean_squared_error", "mean_absolute_error", "quadratic", "huber", "log_cosh"})
#: Between which numbers activations answer.
LIMITS = {
    "sigmoid": (0.0, 1.0), "hard_sigmoid": (0.0, 1.0), "hard_sigmoid_keras2": (0.0, 1.0), "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0), "softsign": (-1.0, 1.0), "relu": (0.0, float("inf")), "relu6": (0.0, 6.0),
    "softplus": (0.0, float("inf")), "exponential": (0.0, float("inf")),
}  # fmt: skip
#: Activations whose answers lie between 0 and 1, each for itself.
SHARES = frozenset({"sigmoid", "hard_sigmoid", "hard_sigmoid_keras2"})


def advise_answers(project: Project, shapes: Inference, dataset: Dataset | None) -> Iterator[Problem]:
    """Advice about every output that is judged by the data."""
    graph = project.graph
    for key in graph.outputs:
        if key in shapes.outputs and graph.into(key):
            yield from _disturbed(graph, shapes, key)
    if dataset is None:
        return
    for key, name in target_fields(project, shapes, dataset):
        field = dataset.targets.get(name)
        if field is not None:
            yield from _judged(project, shapes, key, field)


def _disturbed(graph: Graph, shapes: Inference, key: str) -> Iterator[Problem]:
    """Dropout and noise between the last layer that learns and the answer."""
    found: list[str] = []
    for place in ending(graph, key):
        layer = graph.nodes[place].layer
        if shapes.weights.get(place):
            yield from (_disturbing(graph, disturbing) for disturbing in found)
            return
        if not passes(layer) and not activation_of(graph, place):
            return
        if disturbs(layer):
            found.append(place)


def _disturbing(graph: Graph, key: str) -> Problem:
    text = (
        f"'{graph.nodes[key].name}' disturbs the answer itself while training: the loss then punishes answers that "
        "were right. Put it before the last layer that learns, or remove it."
    )
    return advice(text, key, removing_fix(graph, key))


def _judged(project: Project, shapes: Inference, key: str, field: Field) -> Iterator[Problem]:
    graph = project.graph
    place = next((p for p in ending(graph, key) if not passes(graph.nodes[p].layer)), None)
    if place is None or not graph.nodes[place].layer.pairs:
        return
    found, loss = activation_of(graph, place), project.target_of(key).loss or project.training.loss
    single = shapes.outputs[key][0].shape[-1:] == (1,)
    if found == "linear" or found in LIMITS or found in ("log_softmax", "elu", "selu", "gelu", "silu"):
        said = _said(found, loss, field, single)
        if said is not None:
            reason, wanted = said
            name = graph.nodes[place].name
            yield advice(f"'{name}' {reason}", place, _activation_fix(graph, place, wanted))


def _activation_fix(graph: Graph, place: str, wanted: str) -> Fix | None:
    """Another activation; a layer that is nothing but an activation goes where none is wanted."""
    if not wanted:
        return None
    fix = setting_fix(graph, place, "activation", wanted)
    return removing_fix(graph, place) if fix is None and wanted == "linear" else fix


def _said(found: str, loss: Loss, field: Field, single: bool) -> tuple[str, str] | None:
    """Why an activation does not suit a loss, and which one does (empty where another loss is wanted)."""
    raw = bool(getattr(loss, "from_logits", False))
    if loss.key in ONE_OF | YES_NO and raw:
        return _squeezed(found, loss)
    if loss.key in ONE_OF:
        return _one_of(found, loss)
    if loss.key in YES_NO:
        return _yes_no(found, loss, field, single)
    return _number(found, loss, field) if loss.key in NUMBERS else None


def _squeezed(found: str, loss: Loss) -> tuple[str, str] | None:
    if found == "linear" or (found == "log_softmax" and loss.key in ONE_OF):
        return None
    return (
        f"answers through {found}, but {loss.title} takes the scores as they are (From logits is on) and turns them "
        "into probabilities itself. Done twice, differences all but vanish. Set its activation to linear.",
        "linear",
    )


def _one_of(found: str, loss: Loss) -> tuple[str, str] | None:
    if found == "softmax":
        return None
    what = "plain scores" if found == "linear" else f"numbers of {found}"
    return (
        f"answers with {what}, but {loss.title} compares probabilities of which exactly one class is right: they "
        "must lie above 0 and add up to 1. Set its activation to softmax.",
        "softmax",
    )


def _yes_no(found: str, loss: Loss, field: Field, single: bool) -> tuple[str, str] | None:
    if found in SHARES:
        return None
    if found == "softmax" and single:
        return ("has one value, and softmax of one value is always 1: nothing can be learnt. "
                "Set its activation to sigmoid.", "sigmoid")  # fmt: skip
    if found == "softmax" and field.classes:
        return (
            f"lets the classes compete (softmax), but {loss.title} judges each answer for itself. As each sample has "
            "one class, choose sparse categorical cross-entropy as loss in the Training panel.",
            "",
        )
    return (
        f"answers through {found}, but {loss.title} compares numbers from 0 to 1, each for itself. "
        "Set its activation to sigmoid.",
        "sigmoid",
    )


def _number(found: str, loss: Loss, field: Field) -> tuple[str, str] | None:
    if field.classes:
        if found != "softmax":
            return None
        return (
            f"answers with probabilities (softmax), but {loss.title} hardly corrects answers that are surely wrong: "
            "its slope is almost 0 there. Choose sparse categorical cross-entropy as loss in the Training panel.",
            "",
        )
    (low, high), (least, most) = LIMITS.get(found, (float("-inf"), float("inf"))), field.extent
    if low <= least and most <= high:
        return None
    span = f"from {low:g} to {high:g}" if high < float("inf") else f"not below {low:g}"
    return (
        f"answers with numbers {span} ({found}), but the targets run from {least:g} to {most:g}: some can never be "
        "reached. Set its activation to linear.",
        "linear",
    )
