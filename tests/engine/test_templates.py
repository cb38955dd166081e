"""Templates: each opens without a fault and is what its description says."""

from __future__ import annotations

import pytest

from engine.check import check
from engine.infer import infer
from engine.templates import TEMPLATES


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name != "empty"])
def test_templates_are_ready_to_train(name: str) -> None:
    project = TEMPLATES[name].make()
    assert project.source is not None
    assert check(project, project.source.load(None)) == ()


def test_the_empty_template_is_empty() -> None:
    assert not TEMPLATES["empty"].make().graph.nodes


@pytest.mark.parametrize(
    ("name", "count"), [("digits-dense", 648_010), ("digits-convolution", 1_199_882), ("digits-formulas", 115_562)]
)
def test_parameter_counts(name: str, count: int) -> None:
    assert infer(TEMPLATES[name].make().graph).parameter_count() == (count, 0)


@pytest.mark.parametrize("name", TEMPLATES)
def test_layers_stand_one_below_the_other(name: str) -> None:
    template = TEMPLATES[name]
    places = [node.position for node in template.make().graph.nodes.values()]
    assert places == [(0.0, 110.0 * n) for n in range(len(places))]
    assert template.title
    assert template.description.endswith(".")
    assert template.make() == template.make()
