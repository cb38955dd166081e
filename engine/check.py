"""Everything that stands between a project and its training, as problems with remedies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.catalogue.losses.base import Loss
from engine.catalogue.metrics.base import Metric
from engine.catalogue.sources.base import Dataset, Field
from engine.component import Component
from engine.errors import Remedy, ShapeError
from engine.graph import Graph
from engine.infer import Inference, apply_remedy, carriers, fix_of, infer
from engine.problems import Problem
from engine.project import Project, TrainConfig
from engine.tensor_spec import TensorSpec, shape_text

#: Activations with which a layer may answer; behind another one, a layer of its own must answer.
ANSWERING = frozenset({"linear", "softmax", "log_softmax", "sigmoid"})


def check(project: Project, dataset: Dataset | None = None, inference: Inference | None = None) -> tuple[Problem, ...]:
    """All problems of a project, worst first; with the data loaded, they are checked too."""
    shapes = inference or infer(project.graph)
    # An input that does not fit the data comes first: what fails behind it often fails because of it.
    found = _inputs(project, shapes, dataset) if dataset is not None else []
    found += structure(project.graph, shapes)
    if project.source is None:
        found.append(Problem("No data are chosen yet. Choose a data set in the Data panel and press 'Use this data'."))
    if dataset is not None:
        found += _outputs(project, shapes, dataset)
    found += beside(project.training) + _mixed_up(project)
    return tuple(sorted(found, key=lambda p: p.severity != "error"))


def structure(graph: Graph, inference: Inference) -> list[Problem]:
    """Problems of the network alone, whatever the data."""
    return [*inference.problems, *_ends(graph)]


def beside(training: TrainConfig) -> list[Problem]:
    """Problems of the callbacks."""
    if training.optimizer.has_plain_rate:
        return []
    return [
        Problem(
            f"{callback.title} sets the learning rate, but {training.optimizer.title} follows a schedule. "
            "Give the optimizer a number as learning rate, or take the callback off the list."
        )
        for callback in training.callbacks
        if callback.sets_rate
    ]


def _mixed_up(project: Project) -> list[Problem]:
    """A warning where samples are shuffled whose order counts."""
    if not project.training.shuffle:
        return []
    return [
        Problem(
            f"'{project.graph.nodes[key].name}' is stateful: each row of a batch goes on from the same row of the "
            "batch before, but the samples are shuffled. Switch Shuffle off in the Training panel.",
            key,
            "warning",
        )
        for key in carriers(project.graph)
    ]


def _ends(graph: Graph) -> list[Problem]:
    if not graph.nodes:
        return [Problem("The canvas is empty. Drag an Input from the palette to begin.")]
    if not graph.inputs:
        return [Problem("There is no Input layer, so no data can enter. Drag one from the palette.")]
    found = []
    for key in graph.inputs:
        if not graph.out_of(key):
            name = graph.nodes[key].name
            found.append(Problem(f"'{name}' leads nowhere. Connect its output to the next layer.", key))
    return found


def input_fields(project: Project, dataset: Dataset) -> list[tuple[str, str]]:
    """Every Input with the name of the field that feeds it, empty where there is none."""
    given, names = dict(project.inputs), list(dataset.inputs)
    places = enumerate(project.graph.inputs)
    return [(key, given.get(key) or (names[place] if place < len(names) else "")) for place, key in places]


def target_fields(project: Project, shapes: Inference, dataset: Dataset) -> list[tuple[str, str]]:
    """Every output whose shape is known with the name of the field that judges it, empty where there is none."""
    names = list(dataset.targets)
    outputs = [key for key in project.graph.outputs if key in shapes.outputs and project.graph.into(key)]
    places = enumerate(outputs)
    return [(key, project.target_of(key).field or (names[n] if n < len(names) else "")) for n, key in places]


def _inputs(project: Project, shapes: Inference, dataset: Dataset) -> list[Problem]:
    names = list(dataset.inputs)
    found = []
    for key, name in input_fields(project, dataset):
        if name not in dataset.inputs:
            found.append(Problem(f"The data have no field for '{key}'; they offer {', '.join(names)}.", key))
            continue
        spec = dataset.inputs[name].spec
        wanted = shapes.outputs.get(key, (spec,))[0]
        if wanted.shape != spec.shape:
            remedy = Remedy(f"Set shape to {spec}", parameters=(("shape", spec.shape),))
            text = f"'{key}' expects {wanted}, but the data bring {spec} per sample. Set its shape to fit the data."
            found.append(Problem(text, key, fix=fix_of(key, remedy)))
    return found


def _outputs(project: Project, shapes: Inference, dataset: Dataset) -> list[Problem]:
    names = list(dataset.targets)
    found = []
    for key, name in target_fields(project, shapes, dataset):
        target = project.target_of(key)
        if name not in dataset.targets:
            text = f"The data have nothing to judge '{key}' by; they offer {', '.join(names) or 'no targets'}."
            found.append(Problem(text + " Connect it further or delete it.", key))
            continue
        loss = target.loss or project.training.loss
        problem = _target(key, shapes, loss, dataset.targets[name], project.graph)
        if problem is not None:
            found.append(problem)
        else:
            several, config = len(project.graph.outputs) > 1, project.training
            # Of common metrics, an output among several takes only what suits it.
            common = () if several else (*config.metrics, *config.weighted_metrics)
            own = (*(target.metrics or ()), *(target.weighted_metrics or ()))
            found += _metrics(key, shapes.outputs[key][0], loss, own or common)
    return found


def _target(key: str, shapes: Inference, loss: Loss, field: Field, graph: Graph) -> Problem | None:
    output = shapes.outputs[key][0]
    classes = len(field.classes)
    if classes and len(output.shape) > 1:
        place, remedy = flattening(graph, shapes, key)
        text = (
            f"'{key}' answers with {output}, but each sample has one class label. "
            f"Put a Flatten {'after' if remedy.after else 'before'} '{place}', so that all values lie in one row."
        )
        return Problem(text, key, fix=fix_of(place, remedy))
    if classes and output.shape != (classes,) and not (classes == 2 and output.shape == (1,)):
        return Problem(
            f"The labels have {classes} classes, but '{key}' answers with {output}. "
            f"It needs one value per class: {classes}.",
            key,
            fix=fix_of(*widening(graph, shapes, key, classes)),
        )
    try:
        wanted = loss.target(output)
    except ShapeError as error:
        return Problem(str(error), key, fix=fix_of(*widening(graph, shapes, key, classes)) if classes else None)
    if targets_fit(wanted, loss, field, output):
        return None
    text = (
        f"The targets are {shape_text(field.spec.shape)} per sample, but the loss '{loss.title}' "
        f"needs {wanted} for the output {output}."
    )
    return Problem(text + " Choose another loss or change the last layer.", key)


def _metrics(key: str, output: TensorSpec, loss: Loss, metrics: Sequence[Metric]) -> list[Problem]:
    """A problem for every metric that cannot judge the output."""
    found = []
    for metric in metrics:
        try:
            metric.for_output(output, loss.sparse)
        except ShapeError as error:
            found.append(Problem(str(error), key))
    return found


def targets_fit(wanted: TensorSpec, loss: Loss, field: Field, output: TensorSpec) -> bool:
    """Whether targets can serve a loss, class indexes being turned into vectors where needed."""
    shape = field.spec.shape
    if wanted.shape in (shape, (*shape, 1)) or shape == (*wanted.shape, 1):
        return True
    return bool(field.classes) and not loss.sparse and output.shape == (len(field.classes),)


def flattening(graph: Graph, shapes: Inference, key: str) -> tuple[str, Remedy]:
    """Where a Flatten makes an output one row: the node, and the remedy at it.

    A Dense works on the last axis and keeps the others, so it goes before the first of the Dense
    layers that end the network; behind any other layer it goes after the output.
    """
    before = Remedy("Insert Flatten", "Flatten")
    candidates = [place for place in ending(graph, key) if hasattr(graph.nodes[place].layer, "units")]
    if _is_softmax(graph, shapes, key):
        candidates.insert(0, key)
    for place in reversed(candidates):
        # Layers that want axes, such as convolutions, may stand in between: only trying tells.
        tried = infer(apply_remedy(graph, place, before), shapes)
        if key in tried.outputs and len(tried.outputs[key][0].shape) == 1 and len(tried.errors) <= len(shapes.errors):
            return place, before
    return key, Remedy("Add Flatten", "Flatten", after=True)


def widening(graph: Graph, shapes: Inference, key: str, classes: int) -> tuple[str, Remedy]:
    """How an output row gets one value per class: the node, and the remedy at it.

    The Dense that decides the row's length gets other units when it stands at the end; else a new
    Dense answers, which goes before a closing softmax if there is one.
    """
    wanted = shapes.outputs[key]
    for place in ending(graph, key):
        if hasattr(graph.nodes[place].layer, "units"):
            if activation_of(graph, place) in ANSWERING:
                return place, Remedy(f"Set units to {classes}", parameters=(("units", classes),))
            break
        if shapes.inputs[place] != wanted:
            break
    if _is_softmax(graph, shapes, key):
        return key, Remedy(f"Insert Dense with {classes} units", "Dense", (("units", classes),))
    return key, Remedy(
        f"Add Dense with {classes} units (softmax)",
        "Dense",
        (("units", classes), ("activation", "softmax")),
        after=True,
    )


def ending(graph: Graph, key: str) -> Iterator[str]:
    """The output and what leads to it alone, backwards to the first branch."""
    yield key
    while len(graph.into(key)) == 1:
        key = graph.into(key)[0].source
        if len(graph.out_of(key)) > 1:
            return
        yield key


def _is_softmax(graph: Graph, shapes: Inference, key: str) -> bool:
    """Whether a node only turns scores into probabilities."""
    plain = not shapes.weights.get(key) and shapes.inputs[key] == shapes.outputs[key]
    return plain and activation_of(graph, key) == "softmax"


def activation_of(graph: Graph, key: str) -> str:
    """The key of a layer's activation; empty where it has none."""
    found = getattr(graph.nodes[key].layer, "activation", None)
    return found.key if isinstance(found, Component) else ""
