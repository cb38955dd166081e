"""Looks into a network: answers, activations and class activation maps of single samples."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import DataError, UsageError
from engine.explain.question import Cam, CamQuestion, Insight, Question
from engine.explain.scores import Score, opened
from engine.graph import Graph
from engine.infer import infer
from engine.plan.backward import WayBack
from engine.plan.crew import Crew
from engine.plan.parameters import Parameters
from engine.plan.plan import Feed, Plan
from engine.tensor_spec import shape_text
from engine.train.state import Arrays

Array = npt.NDArray[Any]


class Explainer:
    """A network compiled for looking at single samples, with whatever weights are given.

    It owns every array that it computes with, so a look changes neither the weights nor a run they
    come from. One thread at a time may look.

    Class activation maps are Grad-CAM: with A the layer's output and y the score of the class before
    softmax or sigmoid, alpha_k = mean over all positions of dy / dA_k, and
    heat = relu(sum over k of alpha_k · A_k), divided by its maximum. As alpha has no places, a network that
    weighs each place on its own (Flatten and Dense right behind the layer) may be right without any heat.

    Args:
        graph: the network.
        dtype: element type.

    Raises:
        UsageError: the network has faults.

    Source: Selvaraju et al. 2017, "Grad-CAM: visual explanations from deep networks via
    gradient-based localization".
    """

    def __init__(self, graph: Graph, dtype: str = "float32") -> None:
        self.graph, self.inference, self.dtype = graph, infer(graph), np.dtype(dtype)
        if self.inference.errors:
            raise UsageError(self.inference.errors[0].text)
        if not graph.nodes:
            raise UsageError("The network is empty, so there is nothing to look at. Add layers first.")
        self._opened = opened(graph)
        inference = infer(self._opened.graph)
        nodes = frozenset(self._opened.graph.nodes)
        self._parameters = Parameters(self._opened.graph, inference, self.dtype, nodes)
        self._plan = Plan(self._opened.graph, inference, self._parameters, 1)
        self._rows = {key: np.zeros((1, self.inference.outputs[key][0].size), self.dtype) for key in graph.inputs}
        self._forward = self._plan.keeping(1, Feed(self._rows, {}))
        self._bound = False
        self._ways: dict[tuple[str, str], WayBack] = {}

    @cached_property
    def cam_layers(self) -> tuple[str, ...]:
        """Nodes that a class activation map can be made for, in the order of the graph."""
        reached = frozenset().union(*(self._sees(output) for output in self.graph.outputs))
        return tuple(key for key in self.graph.order if key in reached)

    @cached_property
    def default_cam_layer(self) -> str | None:
        """The last convolution before the first output, or the last that there is; ``None`` without any."""
        first = self._sees(self.graph.outputs[0])
        ranked = sorted(self.cam_layers, key=lambda key: (self._has_filters(key), key in first))
        return ranked[-1] if ranked else None

    def _has_filters(self, key: str) -> bool:
        return any(len(spec.shape) > 2 for spec in self.inference.weights[key])

    def _sees(self, output: str) -> frozenset[str]:
        """Nodes whose pictures lead to an output's scores."""
        graph = self._opened.graph
        before = graph.upstream(self._opened.scores[output].node)
        return frozenset(key for key in self.graph.nodes if self._opened.place(key) in before and self._is_picture(key))

    def _is_picture(self, key: str) -> bool:
        """Whether a node computes something of more than one place; inputs and their views compute nothing."""
        outputs = self.inference.outputs[key]
        if len(outputs) != 1 or len(outputs[0].shape) != 3 or outputs[0].sizes[0] * outputs[0].sizes[1] < 2:
            return False
        layers = (self.graph.nodes[other].layer for other in self.graph.upstream(key))
        return any(layer.inputs and not layer.view for layer in layers)

    def look(self, weights: Arrays, question: Question) -> Insight:
        """Answer a question with these weights.

        Args:
            weights: arrays by node id and weight name; they are copied.
            question: the sample and what is wanted of it.

        Raises:
            DataError: the sample does not fit, or the network's answer is not a number.
            UsageError: weights are missing, or there is no such node or class.
        """
        self._check(question)
        self._take(question.inputs)
        missing = self._parameters.load(weights)
        if missing:
            raise UsageError(f"There are no weights for {', '.join(sorted(missing))}. Train the network first.")
        with Crew(1) as crew:
            if not self._bound:
                self._forward.bind()
                self._bound = True
            self._forward.run_compute(crew)
            outputs = {key: self._value(key).copy() for key in self.graph.outputs}
            activations = {key: self._value(key).copy() for key in question.activations}
            cam = self._cam(question.cam, crew) if question.cam is not None else None
        return Insight(outputs, activations, cam)

    def _value(self, node: str) -> Array:
        value: Array = self._plan.values[self._opened.place(node)][0][0]
        return value

    def _check(self, question: Question) -> None:
        for key in question.activations:
            if key not in self.graph.nodes:
                raise UsageError(f"There is no layer called '{key}' in this network. Choose another.")
        if question.cam is None:
            return
        layer, output = question.cam.layer, question.cam.output
        if output is not None and output not in self.graph.outputs:
            raise UsageError(f"'{output}' is no output of this network; {self._named(self.graph.outputs)}.")
        if layer not in self._sees(output or self.graph.outputs[0]):
            raise UsageError(
                f"A class activation map needs a layer that makes pictures (height × width × channels) from which the "
                f"output is computed; '{layer}' is none. {self._offer(output or self.graph.outputs[0])}"
            )

    def _offer(self, output: str) -> str:
        offered = [key for key in self.cam_layers if key in self._sees(output)]
        if not offered:
            return "There is none here: add a Conv2D layer in front of the output."
        return f"Choose one of {', '.join(offered)}."

    def _named(self, nodes: tuple[str, ...]) -> str:
        return f"there {'is' if len(nodes) == 1 else 'are'} {', '.join(nodes)}"

    def _take(self, inputs: Mapping[str, Array]) -> None:
        """Copy the sample into the rows that the plan reads."""
        for key in inputs:
            if key not in self._rows:
                raise DataError(f"'{key}' is no input of this network; {self._named(tuple(self._rows))}.")
        for key, row in self._rows.items():
            spec = self.inference.outputs[key][0]
            if key not in inputs:
                raise DataError(f"The input '{key}' needs a sample of {spec}, but none was given.")
            values = np.asarray(inputs[key])
            if values.dtype.kind not in "fiub":
                raise DataError(f"The sample for '{key}' must be numbers; received elements of type {values.dtype}.")
            if spec.shape not in (values.shape, (*values.shape, 1)):
                raise DataError(
                    f"'{key}' expects one sample of {spec}, but received {shape_text(values.shape)}. "
                    "Give a single sample in that shape."
                )
            row[0] = values.reshape(-1)
            if not np.isfinite(row).all():
                raise DataError(f"The sample for '{key}' holds missing or infinite values. Replace them.")

    def _cam(self, asked: CamQuestion, crew: Crew) -> Cam:
        output = asked.output or self.graph.outputs[0]
        score = self._opened.scores[output]
        target, column, sign = self._target(output, score, asked.target)
        way = self._way(self._opened.place(asked.layer), score.node)
        shape = self._plan.values[self._opened.place(output)][0].shape
        way.start[...] = 0
        way.start.reshape(shape)[..., column] = sign
        way.program.run_compute(crew)
        maps = self._value(asked.layer).astype(np.float64)
        heat = np.maximum(np.einsum("hwc,c->hw", maps, way.end[0].mean(axis=(0, 1), dtype=np.float64)), 0)
        total = sign * float(self._plan.values[score.node][0].reshape(shape)[..., column].sum())
        if not (np.isfinite(heat).all() and np.isfinite(total)):
            raise DataError(
                "The network's answer to this sample is not a number, so nothing can be said about it. "
                "Train again with a lower learning rate."
            )
        top = heat.max()
        return Cam(asked.layer, target, total, (heat / top if top > 0 else heat).astype(np.float32))

    def _target(self, output: str, score: Score, wanted: int | None) -> tuple[int, int, float]:
        """The class, its column among the scores, and the sign that makes its score large."""
        value = self._value(output)
        chances = value.reshape(-1, value.shape[-1] if value.ndim else 1).mean(axis=0)
        two = len(chances) == 1 and score.squashed == "sigmoid"
        count = 2 if two else len(chances)
        if wanted is None:
            wanted = int(chances[0] >= 0.5) if two else int(np.argmax(chances))
        if not 0 <= wanted < count:
            raise UsageError(f"The output '{output}' has the classes 0 to {count - 1}; received {wanted}.")
        return (wanted, 0, 1.0 if wanted else -1.0) if two else (wanted, wanted, 1.0)

    def _way(self, layer: str, scores: str) -> WayBack:
        if (layer, scores) not in self._ways:
            way = self._plan.explaining(1, layer, scores)
            way.program.bind()
            self._ways[layer, scores] = way
        return self._ways[layer, scores]
