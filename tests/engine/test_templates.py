"""Templates: each opens without a fault, is what its description says, and learns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.catalogue.sources.base import Dataset, Field
from engine.check import check
from engine.data.split import Parts, split
from engine.infer import infer
from engine.project import Project
from engine.templates import TEMPLATES
from engine.train.control import Control
from engine.train.events import BatchEnd, EpochEnd
from engine.train.trainer import Trainer

BROUGHT = [name for name, template in TEMPLATES.items() if template.make().source is not None]
NEEDING = ["hand-signs", "cats-and-dogs", "vgg16"]
BRANCHING = ["digits-residual", "digit-and-number", "shapes-unet"]

#: Samples, epochs, and to which share of its first value the loss falls at least.
TRIALS = {
    "digits-dense": (400, 6, 0.85),
    "digits-convolution": (256, 4, 0.8),
    "lenet-5": (256, 4, 0.8),
    "digits-deep-convolution": (256, 4, 0.85),
    "digits-residual": (128, 7, 0.9),
    "digits-autoencoder": (400, 4, 0.8),
    "digits-formulas": (400, 4, 0.85),
    "line": (400, 10, 0.05),
    "logistic-regression": (400, 20, 0.4),
    "two-spirals": (800, 40, 0.7),
    "boston-housing": (404, 20, 0.1),
    "adding-convolution": (800, 12, 0.2),
    "adding-gru": (800, 10, 0.4),
    "topics-gru": (800, 6, 0.6),
    "digit-and-number": (800, 5, 0.6),
    "shapes-unet": (120, 4, 0.9),
}


def first(parts: Parts, samples: int) -> Parts:
    """The first rows that train, and nothing to judge by."""
    return replace(
        parts,
        inputs={name: values[:samples] for name, values in parts.inputs.items()},
        targets={name: values[:samples] for name, values in parts.targets.items()},
        val_inputs={},
        val_targets={},
    )


def losses(project: Project, parts: Parts, epochs: int) -> tuple[float, float]:
    """Loss of the first batch, before any update, and mean loss of the last epoch."""
    begun: list[float] = []
    ended: list[float] = []
    for event in Trainer(project, parts, epochs=epochs).run(Control()):
        if isinstance(event, BatchEnd) and not begun:
            begun.append(event.loss)
        if isinstance(event, EpochEnd):
            ended.append(event.logs["loss"])
    assert len(ended) == epochs
    return begun[0], ended[-1]


def photographs(project: Project, side: int, classes: int, rate: float) -> tuple[Project, Dataset]:
    """The project on small pictures, and data as its template asks for: another light stripe for each class."""
    (entry,) = project.graph.inputs
    brisk = project.training.changed(optimizer={"type": "Adam", "learning_rate": rate})
    project = project.with_training(brisk)  # the templates' own rates are for hours
    layer = project.graph.nodes[entry].layer.changed(shape=(side, side, 3))
    kinds = np.arange(8 * classes) % classes
    pictures = np.random.default_rng(1).uniform(0, 0.5, (len(kinds), side, side, 3))
    stripe = side // classes
    for row, kind in enumerate(kinds):
        pictures[row, kind * stripe : (kind + 1) * stripe] += 0.5
    names = tuple(str(n) for n in range(classes))
    dataset = Dataset({"x_train": Field(pictures.astype(np.float32))}, {"y_train": Field(kinds, names)})
    return project.with_graph(project.graph.with_layer(entry, layer)), dataset


@pytest.mark.parametrize("name", BROUGHT)
def test_templates_are_ready_to_train(name: str) -> None:
    project = TEMPLATES[name].make()
    assert project.source is not None
    assert check(project, project.source.load(None)) == ()
    assert not TEMPLATES[name].needs


def test_every_template_is_tried() -> None:
    assert list(TRIALS) == BROUGHT
    assert ["empty", *BROUGHT, *NEEDING] == list(TEMPLATES)


@pytest.mark.parametrize("name", TRIALS)
def test_templates_learn(name: str) -> None:
    samples, epochs, share = TRIALS[name]
    project = TEMPLATES[name].make()
    assert project.source is not None
    parts = first(split(project.source.load(None), project.split), samples)
    begun, ended = losses(project, parts, epochs)
    assert ended < share * begun


@pytest.mark.parametrize(("name", "shape"), [("hand-signs", 64), ("cats-and-dogs", 150), ("vgg16", 150)])
def test_templates_without_data_say_what_they_need(name: str, shape: int) -> None:
    template = TEMPLATES[name]
    project = template.make()
    assert f"{shape} × {shape} × 3" in template.needs
    (problem,) = check(project)
    assert "No data are chosen yet" in problem.text
    (entry,) = project.graph.inputs
    assert infer(project.graph).outputs[entry][0].shape == (shape, shape, 3)


@pytest.mark.parametrize(
    ("name", "side", "classes", "samples", "epochs", "rate", "share"),
    [
        ("hand-signs", 64, 6, 40, 30, 0.001, 0.8),
        ("cats-and-dogs", 70, 2, 13, 8, 0.001, 0.8),
        ("vgg16", 32, 2, 6, 10, 0.0001, 0.9),
    ],
)
def test_templates_learn_from_the_data_they_ask_for(
    name: str, side: int, classes: int, samples: int, epochs: int, rate: float, share: float
) -> None:
    project, dataset = photographs(TEMPLATES[name].make(), side, classes, rate)
    (problem,) = check(project, dataset)  # that the project names no data of its own
    assert "No data are chosen yet" in problem.text
    begun, ended = losses(project, first(split(dataset, project.split), samples), epochs)
    assert ended < share * begun


def test_the_empty_template_is_empty() -> None:
    assert not TEMPLATES["empty"].make().graph.nodes


@pytest.mark.parametrize(
    ("name", "trained", "fixed"),
    [
        ("digits-dense", 648_010, 0),
        ("digits-convolution", 1_199_882, 0),
        ("digits-formulas", 115_562, 0),
        ("lenet-5", 61_706, 0),
        ("digits-deep-convolution", 93_322, 0),
        ("digits-residual", 77_754, 672),
        ("boston-housing", 12 * 64 + 64 + 64 * 64 + 64 + 65, 0),
        ("hand-signs", 64 * 64 * 3 * 25 + 25 + 25 * 12 + 12 + 12 * 6 + 6, 0),
        ("cats-and-dogs", 3_453_121, 0),
        ("vgg16", 14_714_688 + 4 * 4 * 512 * 256 + 256 + 257, 0),
    ],
)
def test_parameter_counts(name: str, trained: int, fixed: int) -> None:
    assert infer(TEMPLATES[name].make().graph).parameter_count() == (trained, fixed)


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_are_told_and_made_anew(name: str) -> None:
    template = TEMPLATES[name]
    assert template.key == name
    assert template.title and template.category and template.icon.startswith("mdi6.")
    assert template.description.endswith(".")
    assert template.make() == template.make()


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name not in BRANCHING])
def test_layers_stand_one_below_the_other(name: str) -> None:
    places = [node.position for node in TEMPLATES[name].make().graph.nodes.values()]
    assert places == [(0.0, 110.0 * n) for n in range(len(places))]


@pytest.mark.parametrize("name", BRANCHING)
def test_branches_stand_side_by_side(name: str) -> None:
    graph = TEMPLATES[name].make().graph
    places = {key: node.position for key, node in graph.nodes.items()}
    assert len({x for x, _ in places.values()}) > 1
    assert len(set(places.values())) == len(places)
    for edge in graph.edges:
        (x, top), (other, bottom) = places[edge.source], places[edge.target]
        assert top < bottom
        # A wire that falls straight down meets nothing on its way.
        assert not [p for p in places.values() if x == other == p[0] and top < p[1] < bottom]


def test_templates_of_one_heading_stand_together() -> None:
    headings = [template.category for template in TEMPLATES.values()]
    kept = [heading for place, heading in enumerate(headings) if heading != headings[place - 1] or not place]
    assert len(kept) == len(set(kept))
