"""Advice about the layers themselves: waste, bottlenecks, and orders that undo each other."""

from __future__ import annotations

from collections.abc import Iterator

from engine.advice.walk import advice, passes, removing_fix, setting_fix, size_of, source_of
from engine.catalogue.sources.base import Dataset
from engine.check import activation_of, ending, target_fields
from engine.errors import Remedy
from engine.graph import Graph
from engine.infer import Inference, fix_of
from engine.problems import Fix, Problem
from engine.project import Project

#: A Dense with more weights than this, and with more than this share of all, deserves a word.
MANY, MOST = 5_000_000, 0.9
#: Fewest channels whose averages say enough about a picture, and fewest units worth offering.
CHANNELS, UNITS = 16, 16
#: Layers whose outputs are weighted sums, bent by nothing but their activation.
SUMMING = frozenset({"Dense", *(f"Conv{axes}D{kind}" for axes in (1, 2, 3) for kind in ("", "Transpose"))})
#: Fewest classes for which a bottleneck counts: one number tells two apart.
CLASSES = 3


def advise_structure(project: Project, shapes: Inference, dataset: Dataset | None) -> Iterator[Problem]:
    """Advice that the network gives reason for."""
    graph = project.graph
    total = sum(shapes.parameter_count())
    for key, node in graph.nodes.items():
        if key not in shapes.outputs:
            continue
        if total > MANY and hasattr(node.layer, "units"):
            yield from _giant(graph, shapes, key, total)
        if node.layer.key in SUMMING:
            yield from _doubled(graph, shapes, key)
        if node.layer.category == "Normalization":
            yield from _after_softmax(graph, key)
    if dataset is None:
        return
    for key, name in target_fields(project, shapes, dataset):
        field = dataset.targets.get(name)
        if field is not None and CLASSES <= len(field.classes) == size_of(shapes, key):
            yield from _narrow(graph, shapes, key, len(field.classes))


def _giant(graph: Graph, shapes: Inference, key: str, total: int) -> Iterator[Problem]:
    count = sum(shapes.parameter_count(key))
    if key in shapes.sharers or count <= MANY or count <= MOST * total:
        return
    flat = _flattened(graph, shapes, key)
    if flat is None:
        return
    spec, name, before = shapes.inputs[flat][0], graph.nodes[key].name, graph.nodes[flat].name
    fix, what = _slimming(graph, shapes, key, flat)
    yield advice(
        f"'{name}' has {count:,} of the network's {total:,} weights, because '{before}' "
        f"hands it all {spec.size:,} values of {spec}. So many are slow to train and learn samples by heart. {what}",
        key,
        fix,
    )


def _flattened(graph: Graph, shapes: Inference, key: str) -> str | None:
    """The node before a node that wrote several axes as one row."""
    entering = graph.into(key)
    while len(entering) == 1 and passes(graph.nodes[entering[0].source].layer):
        place = entering[0].source
        inputs = shapes.inputs.get(place, ())
        if graph.nodes[place].layer.view and inputs and inputs[0].known and len(inputs[0].shape) > 1:
            return place
        entering = graph.into(place)
    return None


def _slimming(graph: Graph, shapes: Inference, key: str, flat: str) -> tuple[Fix | None, str]:
    """An edit after which a Dense has few enough weights, and the sentence that names it."""
    spec = shapes.inputs[flat][0]
    axes, channels = len(spec.shape) - 1, int(spec.shape[-1] or 0)
    learnt = any(shapes.weights.get(place) for place in graph.upstream(flat))
    units = int(getattr(graph.nodes[key].layer, "units", 0))
    if learnt and axes <= 3 and channels >= CHANNELS and channels * units < MANY:
        pooling = f"GlobalAveragePooling{axes}D"
        return fix_of(flat, Remedy(f"Insert {pooling}", pooling)), f"Let a {pooling} hand on one value per channel."
    fewer = 1 << max(0, (MANY // (spec.size + 1)).bit_length() - 1)
    if fewer >= UNITS and key not in graph.outputs:
        return setting_fix(graph, key, "units", fewer), f"Give it fewer units, such as {fewer}."
    return None, "Let convolutions with pooling make the picture smaller first."


def _doubled(graph: Graph, shapes: Inference, key: str) -> Iterator[Problem]:
    """A Dense or convolution without activation whose readers are such layers, too: together they are one."""
    if activation_of(graph, key) != "linear" or key not in shapes.inputs:
        return
    readers, todo = list[str](), [edge.target for edge in graph.out_of(key)]
    while todo:
        place = todo.pop()
        if _keeps_lines(graph, place) and graph.out_of(place):
            todo += [edge.target for edge in graph.out_of(place)]
        else:
            readers.append(place)
    if not readers or any(graph.nodes[place].layer.key not in SUMMING for place in readers):
        return
    sides = [shapes.inputs[key][0].shape[-1] or 0, *(_width(graph, place) for place in readers)]
    if _width(graph, key) < min(sides):  # narrower than both sides: a choice, as in the middle of an autoencoder
        return
    names = " and ".join(f"'{graph.nodes[place].name}'" for place in readers[:2])
    text = (
        f"'{graph.nodes[key].name}' has no activation and leads to {names}: without a bend in between, two linear "
        "layers in a row can do no more than one. Set its activation to relu."
    )
    yield advice(text, key, setting_fix(graph, key, "activation", "relu"))


def _keeps_lines(graph: Graph, key: str) -> bool:
    """Whether a layer hands on its input, or averages of it: no bend."""
    layer = graph.nodes[key].layer
    return passes(layer) or "AveragePooling" in layer.key


def _width(graph: Graph, key: str) -> int:
    """How many channels leave a Dense or a convolution."""
    layer = graph.nodes[key].layer
    return int(getattr(layer, "units", 0) or getattr(layer, "filters", 0))


def _after_softmax(graph: Graph, key: str) -> Iterator[Problem]:
    source = source_of(graph, key)
    if source is None or activation_of(graph, source) != "softmax":
        return
    name, before = graph.nodes[key].name, graph.nodes[source].name
    text = (
        f"'{name}' shifts and stretches the probabilities of '{before}' (softmax), which then no longer add up to 1. "
        f"Put it before '{before}', or remove it."
    )
    yield advice(text, key, removing_fix(graph, key))


def _narrow(graph: Graph, shapes: Inference, key: str, classes: int) -> Iterator[Problem]:
    """The place on the way to the answer where fewer numbers are left than there are classes."""
    for place in ending(graph, key):
        size = size_of(shapes, place)
        if size is None or size >= classes:
            continue
        arriving = shapes.inputs.get(place, ())
        if not arriving or not all(spec.known and spec.size >= classes for spec in arriving):
            continue
        yield advice(
            f"'{graph.nodes[place].name}' leaves {size} {'number' if size == 1 else 'numbers'} of each sample, but "
            f"{classes} classes are to be told apart. What does not fit through here is lost to all layers behind it. "
            f"Let it leave at least {classes}.",
            place,
            setting_fix(graph, place, "units", classes),
        )
