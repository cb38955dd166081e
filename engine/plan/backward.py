"""The way back: where gradients lie, and the calls that carry them from the outputs to what asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from engine.graph import Edge
from engine.kernels.activity import clear
from engine.kernels.elementwise import add_into
from engine.plan.lane import Mode, NodeLane, Span
from engine.plan.program import Calls, Program

if TYPE_CHECKING:
    from engine.plan.plan import Plan

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class WayBack:
    """From an output back to a layer.

    Attributes:
        program: what carries the gradient; it may be run as often as wanted.
        start: (rows, ...): gradient by the output, to be written before every run.
        end: (rows, ...): gradient by the layer's output, there after a run.
    """

    program: Program
    start: Array
    end: Array


class Backward:
    """Gradients of some nodes' outputs, from where they begin to where they are wanted.

    Args:
        plan: whose buffers are used.
        mode: how the layers behave.
        needs: nodes whose outputs' gradients are needed; with a node also whatever lies between it and a start.
        starts: nodes whose gradients are written before the way back begins.
        ends: nodes at which it ends: the gradient by their output is the result.
    """

    def __init__(
        self, plan: Plan, mode: Mode, needs: frozenset[str], starts: Iterable[str], ends: frozenset[str] = frozenset()
    ) -> None:
        self.plan, self.mode, self.needs, self.ends = plan, mode, needs, ends
        self.starts = tuple(starts)

    @cached_property
    def slopes(self) -> dict[str, tuple[Array, ...]]:
        """Gradient of each node's outputs; a view with a single reader shares its source's."""
        plan = self.plan
        found: dict[str, tuple[Array, ...]] = {}
        for key in plan.order:
            if key not in self.needs:
                continue
            shapes = [array.shape for array in plan.values[key]]
            if self.shares_slope(key):
                edge = plan.graph.into(key)[0]
                found[key] = (found[edge.source][self._place(edge)].reshape(shapes[0]),)
            else:
                found[key] = tuple(plan.memory(("slope", key, n), shape) for n, shape in enumerate(shapes))
        return found

    def shares_slope(self, key: str) -> bool:
        """Whether a view's gradient may live in its source's memory."""
        layer = self.plan.graph.nodes[key].layer
        if not (layer.view and layer.inputs):
            return False
        edge = self.plan.graph.into(key)[0]
        return edge.source in self.needs and self.readers(edge.source, self._place(edge)) == 1

    def readers(self, key: str, place: int) -> int:
        """From how many places gradients arrive at one of a node's outputs."""
        wires = sum(e.target in self.needs and self._place(e) == place for e in self.plan.graph.out_of(key))
        return wires + (self.starts.count(key) if place == 0 else 0)

    def _place(self, edge: Edge) -> int:
        """Which output of its source a wire leaves from."""
        ports = [port.name for port in self.plan.graph.nodes[edge.source].layer.outputs]
        return ports.index(edge.source_port)

    def list_calls(self, span: Span, rows: int, phases: list[Calls]) -> None:
        """List the calls of one shard."""
        graph = self.plan.graph
        written = {(key, 0) for key in self.starts if key in self.needs}
        for key in reversed(self.plan.order):
            if key not in self.needs or key in self.ends:
                continue
            unread = [place for place in range(len(self.plan.values[key])) if (key, place) not in written]
            if len(unread) == len(self.plan.values[key]):
                continue
            for place in unread:
                slope = self.slopes[key][place][span.first : span.stop]
                phases[-1].append((clear, (slope.reshape(-1),)))
            if self.mode.training:
                self.plan.activity.list_slopes(key, span, rows, phases[-1])
            layer = graph.nodes[key].layer
            if layer.inputs and not self.shares_slope(key):
                self._through(key, span, rows, phases, written)
            elif layer.inputs:
                edge = graph.into(key)[0]
                written.add((edge.source, self._place(edge)))

    def _through(self, key: str, span: Span, rows: int, phases: list[Calls], written: set[tuple[str, int]]) -> None:
        graph = self.plan.graph
        lane = NodeLane(self.plan, key, span, rows, self.mode, phases)
        part = slice(span.first, span.stop)
        lane.dy = tuple(array[part] for array in self.slopes[key])
        later: list[tuple[Array, Array]] = []
        given: list[Array | None] = []
        for place, edge in enumerate(graph.into(key)):
            if edge.source not in self.needs:
                given.append(None)
                continue
            origin = (edge.source, self._place(edge))
            total = self.slopes[edge.source][origin[1]][part]
            if origin in written:
                extra = lane.scratch(f"slope {place}", total.shape)
                later.append((extra, total))
                given.append(extra)
            else:
                written.add(origin)
                given.append(total)
        lane.dx = tuple(given)
        layer = graph.nodes[key].layer
        if layer.view and lane.dx[0] is not None:
            lane.copy(lane.dy[0], lane.dx[0].reshape(lane.dy[0].shape))
        elif not layer.view:
            layer.backward(lane)
        for extra, total in later:
            columns = total.shape[-1]
            lane.call(add_into, extra.reshape(-1, columns), total.reshape(-1, columns))
