"""What judges the outputs of a network: losses and metrics, made for what each output gives."""

from __future__ import annotations

from collections.abc import Sequence

from engine.catalogue.losses.base import Loss
from engine.catalogue.metrics.base import Metric
from engine.errors import ShapeError
from engine.infer import Inference
from engine.plan.plan import Head
from engine.project import OutputTarget, Project
from engine.tensor_spec import TensorSpec

#: What logs call other figures.
RESERVED = ("loss", "val_loss", "learning_rate")


def project_heads(project: Project, inference: Inference) -> tuple[Head, ...]:
    """Loss, share and metrics of every output of a project."""
    heads = []
    for key in project.graph.outputs:
        target = project.target_of(key)
        loss = target.loss or project.training.loss
        plain, heeding = watched(project, target, inference.outputs[key][0])
        heads.append(make_head(inference, key, loss, target.weight, plain, heeding))
    return tuple(heads)


def watched(project: Project, target: OutputTarget, output: TensorSpec) -> tuple[tuple[Metric, ...], ...]:
    """The metrics and the weighted metrics of an output: its own, else the common ones.

    Of a list for several outputs each takes what suits it.
    """
    config, loss = project.training, target.loss or project.training.loss
    several = len(project.graph.outputs) > 1
    found = []
    for own, common in ((target.metrics, config.metrics), (target.weighted_metrics, config.weighted_metrics)):
        suiting = tuple(m for m in common if suits(m, output, loss)) if several else common
        found.append(suiting if own is None else own)
    return tuple(found)


def suits(metric: Metric, output: TensorSpec, loss: Loss) -> bool:
    """Whether a metric can judge an output."""
    try:
        metric.for_output(output, loss.sparse)
    except ShapeError:
        return False
    return True


def make_head(
    inference: Inference,
    node: str,
    loss: Loss,
    weight: float,
    metrics: Sequence[Metric],
    weighted: Sequence[Metric] = (),
    labels: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> Head:
    """A head with its metrics made concrete for the output (``accuracy`` becomes the kind that fits).

    Args:
        inference: the network's shapes.
        node: the output.
        loss: what judges it.
        weight: the loss's share in the total.
        metrics: figures that count every sample once.
        weighted: figures that heed the samples' weights.
        labels: how both kinds are called where not by their own names, one each.
    """
    output = inference.outputs[node][0]
    plain, heeding = (tuple(metric.for_output(output, loss.sparse) for metric in part) for part in (metrics, weighted))
    names = figure_names(metrics, plain, labels[0])
    again = figure_names(weighted, heeding, labels[1])
    names += tuple(f"weighted_{name}" if name in names else name for name in again)
    return Head(node, loss, weight, (*plain, *heeding), names, len(heeding))


def figure_names(metrics: Sequence[Metric], concrete: Sequence[Metric], labels: Sequence[str] = ()) -> tuple[str, ...]:
    """Names of all figures; a metric that is watched twice, with other settings, is numbered as Keras does it."""
    found: list[str] = []
    for place, (declared, made) in enumerate(zip(metrics, concrete, strict=True)):
        own = (labels[place] if place < len(labels) else "") or declared.label
        name, number = own, 0
        while any(name + ending in (*RESERVED, *found) for ending in made.endings()):
            number += 1
            name = f"{own}_{number}"
        found += [name + ending for ending in made.endings()]
    return tuple(found)
