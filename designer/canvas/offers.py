"""Which layers can follow an output or feed an input: found by trying what each would make of the shape there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from designer.canvas.look import wire_spec
from designer.canvas.wiring import Anchor
from designer.model.document import Document
from designer.model.finding import found_layers
from designer.model.starting import offered, starting
from engine.catalogue.layers.base import Layer
from engine.errors import LayerloomError
from engine.infer import leaving
from engine.tensor_spec import TensorSpec

#: What a layer above an input may receive, as long as nothing is connected to it: a row, steps, a picture, a volume.
PROBES = tuple(TensorSpec(shape) for shape in ((32,), (16, 32), (28, 28, 1), (8, 8, 8, 1)))

_Specs = tuple[TensorSpec, ...]


@dataclass(frozen=True)
class Offer:
    """A layer that could be added.

    Attributes:
        kind: its class.
        gives: the shape behind it, where that is known.
        reason: why it does not fit; empty when it does.
    """

    kind: type[Layer]
    gives: str = ""
    reason: str = ""


def offers(document: Document, anchor: Anchor | None = None) -> tuple[Offer, ...]:
    """What each layer would be at the loose end of a wire; without a wire every layer fits."""
    if anchor is None:
        return tuple(Offer(kind) for kind in offered())
    judge = _behind(document, anchor) if anchor.forward else _before(document, anchor)
    ports = (lambda kind: kind.inputs) if anchor.forward else (lambda kind: kind.outputs)
    return tuple(judge(kind) for kind in offered() if ports(kind))


def matching(found: tuple[Offer, ...], text: str) -> list[Offer]:
    """The offers that somebody's words mean: those that fit first, the others only when they were asked for."""
    by_kind = {offer.kind: offer for offer in found}
    listed = [by_kind[kind] for kind in found_layers(tuple(by_kind), text)]
    return [offer for offer in listed if not offer.reason] + [offer for offer in listed if offer.reason and text]


def _behind(document: Document, anchor: Anchor) -> Callable[[type[Layer]], Offer]:
    """Judges layers by what they make of an output."""
    nodes = document.project.graph.nodes
    specs = document.inference.outputs.get(anchor.node)
    names = [port.name for port in nodes[anchor.node].layer.outputs]
    spec = specs[names.index(anchor.port)] if specs is not None else None

    def judge(kind: type[Layer]) -> Offer:
        if spec is None:
            return Offer(kind)
        try:
            return Offer(kind, str(_made(starting(kind), spec)[0]))
        except LayerloomError as error:
            return Offer(kind, reason=str(error))

    return judge


def _before(document: Document, anchor: Anchor) -> Callable[[type[Layer]], Offer]:
    """Judges layers by whether an input can take what they may give."""

    def judge(kind: type[Layer]) -> Offer:
        reason = ""
        for probe in PROBES if kind.inputs else PROBES[:1]:
            try:
                made = _made(starting(kind), probe)[0]
                _take(document, anchor, made)
            except LayerloomError as error:
                reason = reason or str(error)
            else:
                return Offer(kind, "" if kind.inputs else str(made))
        return Offer(kind, reason=reason)

    return judge


def _made(layer: Layer, spec: TensorSpec) -> _Specs:
    """What a layer gives when all it needs is like ``spec``.

    Raises:
        LayerloomError: it is not made for that.
    """
    # A merging layer fits when two of the same fit: the second wire comes later.
    arriving = tuple(spec for port in layer.inputs if not port.optional for _ in range(1 + port.many))
    given = leaving(layer, arriving)
    layer.weights(arriving)
    return given


def _take(document: Document, anchor: Anchor, spec: TensorSpec) -> None:
    """Let the layer of an input look at what would arrive.

    Raises:
        LayerloomError: it is not made for that.
    """
    layer = document.project.graph.nodes[anchor.node].layer
    arriving = tuple(_arriving(document, anchor, spec))
    leaving(layer, arriving)
    layer.weights(arriving)


def _arriving(document: Document, anchor: Anchor, spec: TensorSpec) -> Iterator[TensorSpec]:
    """What arrives at a layer, port by port; ``spec`` stands for what is not known."""
    graph = document.project.graph
    for port in graph.nodes[anchor.node].layer.inputs:
        edges = [edge for edge in graph.into(anchor.node) if edge.target_port == port.name]
        known = [wire_spec(document, edge) or spec for edge in edges]
        if port.name == anchor.port:
            yield from [*known, spec] if port.many and known else [spec] * (1 + port.many)
        else:
            yield from known or ([] if port.optional else [spec] * (1 + port.many))
