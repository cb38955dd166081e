"""What of the data reaches a layer before anything was learnt."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalogue.sources.base import Dataset
from engine.data.split import split
from engine.errors import UsageError
from engine.infer import infer
from engine.project import Project
from engine.train.feeds import bound
from engine.train.predictor import Predictor


def arriving(project: Project, dataset: Dataset, node: str) -> npt.NDArray[Any]:
    """The training part of the data as it reaches a layer's first input, (samples, *shape of a sample).

    Only the training part: what a network is judged by later must not be known to any layer.

    Raises:
        UsageError: nothing is connected to it, the network before it has a fault, or layers before it learn.
        DataError: the data do not fit the network.
    """
    graph = project.graph
    entering = graph.into(node)
    if not entering:
        raise UsageError(f"'{graph.nodes[node].name}' has nothing connected to its input. Drag a wire to it first.")
    source = entering[0].source
    before = graph.upstream(source)
    inference = infer(graph)
    faults = [problem for problem in inference.errors if problem.node in before]
    if faults:
        raise UsageError(faults[0].text)
    learning = next((key for key in graph.order if key in before and inference.weights.get(key)), None)
    if learning is not None:
        raise UsageError(
            f"'{graph.nodes[node].name}' comes after '{graph.nodes[learning].name}', which has weights of its own. "
            "Put it before every such layer, where the data arrive as they are."
        )
    parts = split(dataset, project.split)
    given = bound(graph.inputs, dict(project.inputs), parts.inputs, "input")
    part = graph.without([key for key in graph.nodes if key not in before])
    sizes = inference.outputs[source][0].sizes
    if not graph.nodes[source].layer.inputs:
        return np.asarray(given[source]).reshape(-1, *sizes)
    return Predictor(part, {}).predict({key: given[key] for key in part.inputs}, outputs=(source,))[source]
