"""A part of a network as text, and back from text that may come from anywhere."""

from __future__ import annotations

from designer.text import tr
from engine.errors import FileError
from engine.graph import Graph
from engine.io.graph_json import graph_from_json, graph_to_json
from engine.io.section import Section
from engine.io.strict_json import dump, parse

#: The clipboard format under which the text is offered, besides plain text.
MIME = "application/x-layerloom"
#: Larger texts and networks are refused before they cost time.
MAX_BYTES = 4_000_000
MAX_NODES = 2_000
#: Places further out are brought back to here, so that there is room for more around them.
MAX_COORDINATE = 90_000.0

_MARK = "layers"


def to_text(graph: Graph) -> str:
    """A network (usually ``graph.part(ids)``) as JSON text."""
    network, layout = graph_to_json(graph)
    return dump({"layerloom": _MARK, **network, "layout": layout}).decode()


def from_text(text: str) -> Graph:
    """Read what :func:`to_text` wrote; layers of a kind that is not known here come as stand-ins.

    Raises:
        FileError: the text is something else, too large, or breaks a rule; the sentence says which.
    """
    if f'"layerloom": "{_MARK}"' not in text[:200]:
        raise FileError(tr("The clipboard holds no layers. Copy layers on a canvas first, then paste."))
    try:
        section = Section(parse(text.encode("utf-8", "replace"), "clipboard", MAX_BYTES), "clipboard")
        section.text("layerloom")
        nodes, wires = section.items("nodes", MAX_NODES), section.items("wires", 10 * MAX_NODES)
        graph = graph_from_json(nodes, wires, section.object("layout"), [])
    except FileError as error:
        raise FileError(tr("The copied layers cannot be pasted. {error}", error=error)) from None
    return graph.placed({key: _near(node.position) for key, node in graph.nodes.items()})


def _near(place: tuple[float, float]) -> tuple[float, float]:
    x, y = (max(-MAX_COORDINATE, min(MAX_COORDINATE, n)) for n in place)
    return (x, y)
