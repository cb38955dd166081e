"""A part of a network and notes as text, and back from text that may come from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from designer.text import tr
from engine.errors import FileError
from engine.graph import Graph
from engine.io.graph_json import graph_from_json, graph_to_json
from engine.io.section import Section
from engine.io.sketch_json import sketch_from_json, sketch_to_json
from engine.io.strict_json import dump, parse
from engine.sketch import Note, Sketch

#: The clipboard format under which the text is offered, besides plain text.
MIME = "application/x-layerloom"
#: Larger texts and networks are refused before they cost time.
MAX_BYTES = 4_000_000
MAX_NODES = 2_000
#: Places further out are brought back to here, so that there is room for more around them.
MAX_COORDINATE = 90_000.0

_MARK, _BLOCK = "layers", "block"


def to_text(graph: Graph, notes: Sequence[Note] = ()) -> str:
    """A network (usually ``graph.part(ids)``), and notes beside it, as JSON text."""
    network, layout = graph_to_json(graph)
    sketch = {"sketch": sketch_to_json(Sketch(tuple(notes)))} if notes else {}
    return dump({"layerloom": _MARK, **network, "layout": layout, **sketch}).decode()


def from_text(text: str) -> Graph:
    """Read what :func:`to_text` wrote; layers of a kind that is not known here come as stand-ins.

    Raises:
        FileError: the text is something else, too large, or breaks a rule; the sentence says which.
    """
    if f'"layerloom": "{_MARK}"' not in text[:200]:
        raise FileError(tr("The clipboard holds no layers. Copy layers on a canvas first, then paste."))
    try:
        return _layers(_section(text))
    except FileError as error:
        raise FileError(tr("The copied layers cannot be pasted. {error}", error=error)) from None


def block_to_text(name: str, graph: Graph) -> str:
    """A block of the user's library as JSON text: like copied layers, with a name."""
    network, layout = graph_to_json(graph)
    return dump({"layerloom": _BLOCK, "name": name, **network, "layout": layout}).decode()


def block_from_text(data: bytes, file: str) -> tuple[str, Graph]:
    """The name and the layers of what :func:`block_to_text` wrote.

    Raises:
        FileError: the text is something else, too large, or breaks a rule; the sentence says which.
    """
    section = Section(parse(data, file, MAX_BYTES), file)
    if section.text("layerloom") != _BLOCK:
        raise FileError(tr("It holds no block."))
    name, graph = section.text("name", limit=200), _layers(section)
    if not graph.nodes:
        raise FileError(tr("It holds no layers."))
    return name, graph


def _layers(section: Section) -> Graph:
    nodes, wires = section.items("nodes", MAX_NODES), section.items("wires", 10 * MAX_NODES)
    graph = graph_from_json(nodes, wires, section.object("layout"), [])
    return graph.placed({key: _near(node.position) for key, node in graph.nodes.items()})


def notes_from_text(text: str) -> tuple[Note, ...]:
    """The notes in what :func:`to_text` wrote.

    Raises:
        FileError: as of :func:`from_text`.
    """
    try:
        sketch = sketch_from_json(_section(text).object("sketch", {}), [])
    except FileError as error:
        raise FileError(tr("The copied notes cannot be pasted. {error}", error=error)) from None
    return tuple(replace(note, position=_near(note.position)) for note in sketch.notes)


def _section(text: str) -> Section:
    section = Section(parse(text.encode("utf-8", "replace"), "clipboard", MAX_BYTES), "clipboard")
    section.text("layerloom")
    return section


def _near(place: tuple[float, float]) -> tuple[float, float]:
    x, y = (max(-MAX_COORDINATE, min(MAX_COORDINATE, n)) for n in place)
    return (x, y)
