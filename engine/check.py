"""Everything that stands between a project and its training, as problems with remedies."""

from __future__ import annotations

from engine.catalogue.losses.base import Loss
from engine.catalogue.sources.base import Dataset, Field
from engine.errors import Remedy, ShapeError
from engine.graph import Graph
from engine.infer import Inference, apply_remedy, infer
from engine.problems import Fix, Problem
from engine.project import Project
from engine.tensor_spec import TensorSpec, shape_text


def check(project: Project, dataset: Dataset | None = None, inference: Inference | None = None) -> tuple[Problem, ...]:
    """All problems of a project, worst first; with the data loaded, they are checked too."""
    shapes = inference or infer(project.graph)
    found = structure(project.graph, shapes)
    if project.source is None:
        found.append(Problem("No data are chosen yet. Choose a data set in the Data panel."))
    if dataset is not None:
        found += _inputs(project, shapes, dataset)
        found += _outputs(project, shapes, dataset)
    return tuple(sorted(found, key=lambda p: p.severity != "error"))


def structure(graph: Graph, inference: Inference) -> list[Problem]:
    """Problems of the network alone, whatever the data."""
    return [*inference.problems, *_ends(graph)]


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


def _inputs(project: Project, shapes: Inference, dataset: Dataset) -> list[Problem]:
    given = dict(project.inputs)
    names = list(dataset.inputs)
    found = []
    for place, key in enumerate(project.graph.inputs):
        name = given.get(key) or (names[place] if place < len(names) else "")
        if name not in dataset.inputs:
            found.append(Problem(f"The data have no field for '{key}'; they offer {', '.join(names)}.", key))
            continue
        spec = dataset.inputs[name].spec
        wanted = shapes.outputs.get(key, (spec,))[0]
        if wanted.shape != spec.shape:
            remedy = Remedy(f"Set shape to {spec}", parameters=(("shape", spec.shape),))
            text = f"'{key}' expects {wanted}, but the data bring {spec} per sample. Set its shape to fit the data."
            found.append(Problem(text, key, fix=_fix(key, remedy)))
    return found


def _outputs(project: Project, shapes: Inference, dataset: Dataset) -> list[Problem]:
    names = list(dataset.targets)
    outputs = [key for key in project.graph.outputs if key in shapes.outputs and project.graph.into(key)]
    found = []
    for place, key in enumerate(outputs):
        target = project.target_of(key)
        name = target.field or (names[place] if place < len(names) else "")
        if name not in dataset.targets:
            text = f"The data have nothing to judge '{key}' by; they offer {', '.join(names) or 'no targets'}."
            found.append(Problem(text + " Connect it further or delete it.", key))
            continue
        loss = target.loss or project.training.loss
        problem = _target(key, shapes.outputs[key][0], loss, dataset.targets[name], project)
        if problem is not None:
            found.append(problem)
    return found


def _target(key: str, output: TensorSpec, loss: Loss, field: Field, project: Project) -> Problem | None:
    classes = len(field.classes)
    if classes and len(output.shape) > 1:
        remedy = Remedy("Insert Flatten", "Flatten")
        text = (
            f"'{key}' answers with {output}, but each sample has one class label. "
            "Flatten before it, so that it answers with one value per class."
        )
        return Problem(text, key, fix=_fix(key, remedy))
    if classes and output.shape != (classes,) and not (classes == 2 and output.shape == (1,)):
        return Problem(
            f"The labels have {classes} classes, but '{key}' answers with {output}. "
            f"It needs one value per class: {classes}.",
            key,
            fix=_units_fix(project.graph, key, classes),
        )
    try:
        wanted = loss.target(output)
    except ShapeError as error:
        return Problem(str(error), key)
    if targets_fit(wanted, loss, field, output):
        return None
    text = (
        f"The targets are {shape_text(field.spec.shape)} per sample, but the loss '{loss.title}' "
        f"needs {wanted} for the output {output}."
    )
    return Problem(text + " Choose another loss or change the last layer.", key)


def targets_fit(wanted: TensorSpec, loss: Loss, field: Field, output: TensorSpec) -> bool:
    """Whether targets can serve a loss, class indexes being turned into vectors where needed."""
    shape = field.spec.shape
    if wanted.shape in (shape, (*shape, 1)) or shape == (*wanted.shape, 1):
        return True
    return bool(field.classes) and not loss.sparse and output.shape == (len(field.classes),)


def _units_fix(graph: Graph, key: str, classes: int) -> Fix | None:
    """Set ``units`` of the layer that decides the output's width, past layers that keep it."""
    place: str | None = key
    while place is not None:
        layer = graph.nodes[place].layer
        if hasattr(layer, "units"):
            return _fix(place, Remedy(f"Set units to {classes}", parameters=(("units", classes),)))
        before = graph.into(place)
        place = before[0].source if len(before) == 1 else None
    return None


def _fix(key: str, remedy: Remedy) -> Fix:
    return Fix(remedy.label, lambda graph: apply_remedy(graph, key, remedy))
