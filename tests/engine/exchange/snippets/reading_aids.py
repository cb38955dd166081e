"""What tests ask of networks that came as code."""

from __future__ import annotations

from engine.exchange.snippets.snippet import Snippet, read_snippet
from engine.infer import infer


def kinds(text: str) -> list[str]:
    """The layer types of a snippet in the order in which data flow."""
    graph = read_snippet(text).graph
    return [type(graph.nodes[key].layer).__name__ for key in graph.order]


def answer(found: Snippet) -> tuple[int, ...]:
    """The shape that the only output of a network has."""
    (key,) = found.graph.outputs
    inference = infer(found.graph)
    assert not inference.problems
    return inference.outputs[key][0].sizes  # type: ignore[return-value]
