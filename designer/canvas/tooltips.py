"""Tooltips that teach: what a layer computes, what a port takes, what flows through a wire."""

from __future__ import annotations

from html import escape

from designer.canvas.group_card import parameters, shapes_of
from designer.canvas.look import shape_help, wire_spec
from designer.canvas.scene import CanvasScene, Spot
from designer.model.groups import Group
from designer.model.mathematics import readable
from designer.model.searching import first_line
from designer.model.sharing import others_of
from designer.model.teaching import formula
from designer.text import tr
from engine.catalogue.layers.base import Port
from engine.graph import Edge, Node
from engine.sketch import Note


class _Formula(str):
    """A line that is rich text already."""

    __slots__ = ()


def tooltip(scene: CanvasScene, spot: Spot) -> str:
    """The text for what lies under the pointer, as escaped rich text so that long lines wrap; empty for none."""
    graph = scene.document.project.graph
    if spot.edge is not None:
        return _rich(*_wire_lines(scene, spot.edge))
    if spot.group is not None:
        return _rich(*_group_lines(scene, spot.group, spot.folded))
    note = scene.document.project.sketch.note(spot.note) if spot.note else None
    if note is not None:
        return _rich(*_note_lines(note, spot.hit.end))
    node = graph.nodes.get(spot.hit.node)
    if node is None:
        return ""
    if spot.kind == "fix":
        fix = scene.faults[spot.hit.node].look.fix
        return _rich(fix, tr("Mend this now. You can undo it."))
    if spot.kind in ("input", "output"):
        return _rich(*_port_lines(scene, node, spot))
    return _rich(*_node_lines(scene, node))


def _rich(title: str, *lines: str) -> str:
    rows = "".join(f"<div>{line}</div>" for text in lines for line in _divided(text))
    return f"<b>{escape(title)}</b>{rows}" if rows else f"<span>{escape(title)}</span>"


def _divided(text: str) -> list[str]:
    return [text] if isinstance(text, _Formula) else [escape(line) for line in text.split("\n") if line]


def _node_lines(scene: CanvasScene, node: Node) -> list[str]:
    kind = tr(node.layer.title)
    lines = [kind if node.name == kind else f"{node.name} ({kind})", _Formula(readable(formula(type(node.layer))))]
    trainable, fixed = scene.document.inference.parameter_count(node.id)
    if trainable or fixed:
        text = tr("{count} weights", count=f"{trainable + fixed:,}")
        lines.append(text + (tr(", {count} of them not trained", count=f"{fixed:,}") if fixed else ""))
    graph = scene.document.project.graph
    if others := others_of(graph, node.id):
        lines.append(tr("Shares its weights with {names}.", names=", ".join(others)))
    if node.id in graph.frozen and trainable + fixed:
        lines.append(tr("Frozen: training leaves its weights as they are."))
    inference = scene.document.inference
    arriving, leaving = inference.inputs.get(node.id, ()), inference.outputs.get(node.id, ())
    if arriving:
        lines.append(tr("Takes {shape} of each sample.", shape=", ".join(str(spec) for spec in arriving)))
    if leaving:
        lines.append(tr("Gives {shape} for each sample.", shape=", ".join(str(spec) for spec in leaving)))
    if node.id in scene.document.untrained:
        lines.append(tr("Untrained: these weights do not fit what the last run learnt; training begins them anew."))
    problem = scene.problem_of(node.id)
    if problem is None:
        problem = next((found for found in scene.document.advice if found.node == node.id), None)
    return [*lines, tr(problem.text)] if problem else lines


def _group_lines(scene: CanvasScene, group: Group, folded: bool) -> list[str]:
    count = parameters(scene.document, group.nodes)
    what = tr("A group that is used as one thing: {n} layers, {count} weights.", n=len(group.nodes), count=f"{count:,}")
    if folded:
        problems = (scene.problem_of(key) for key in group.nodes)
        shapes = shapes_of(scene.document, scene.cards[group.name].card)
        worst = sorted((p for p in problems if p is not None), key=lambda problem: problem.severity)
        return [
            group.name,
            what,
            *([tr("Shapes: {shapes}.", shapes=shapes)] if shapes else []),
            tr("Folded: its layers are not shown. The triangle, or a double-click, unfolds it."),
            tr("Drag it to move them all; a click selects them."),
            *(tr("Inside: {problem}", problem=tr(problem.text)) for problem in worst[:1]),
        ]
    return [
        group.name,
        what,
        tr("The triangle folds it to one card; a double-click gives it another name."),
        tr("Drag this strip to move them all; a click selects them."),
        tr("Layers with a slash in their names, such as encoder/dense, form such a group."),
    ]


def _note_lines(note: Note, end: str) -> list[str]:
    if end:
        return [tr("Drag this corner to change the size.")]
    title = first_line(note.text) or tr("Frame")
    if note.frame:
        return [title, tr("Drag this title to move the frame with all that stands in it; a double-click writes it.")]
    return [title, tr("Drag it where you want; a double-click or F2 writes it anew.")]


def _port_lines(scene: CanvasScene, node: Node, spot: Spot) -> list[str]:
    ports = node.layer.inputs if spot.kind == "input" else node.layer.outputs
    port = next((p for p in ports if p.name == spot.hit.port), Port(spot.hit.port))
    if spot.kind == "input":
        title = tr("Input of '{name}'", name=node.name)
        hint = tr("Takes any number of wires.") if port.many else tr("Takes one wire; a second one replaces it.")
        wires = [e for e in scene.document.project.graph.into(node.id) if e.target_port == port.name]
        specs = [spec for edge in wires if (spec := wire_spec(scene.document, edge)) is not None]
        arriving = shape_help(specs[0]) if len(specs) == 1 else ", ".join(str(spec) for spec in specs)
        return [title, port.help, *([tr("Now: {shape}", shape=arriving)] if arriving else []), hint]
    title = tr("Output of '{name}'", name=node.name)
    lines = [title, port.help, tr("Drag from here to the input of the next layer.")]
    specs = scene.document.inference.outputs.get(node.id, ())
    place = [p.name for p in ports].index(port.name) if port in ports else len(specs)
    if place < len(specs):
        lines.append(shape_help(specs[place]))
    return lines


def _wire_lines(scene: CanvasScene, edge: Edge) -> list[str]:
    nodes = scene.document.project.graph.nodes
    title = tr("{source} to {target}", source=nodes[edge.source].name, target=nodes[edge.target].name)
    spec = wire_spec(scene.document, edge)
    known = shape_help(spec) if spec else tr("The shape is not known yet: a layer further up has a fault.")
    return [title, known, tr("Drag an end to reconnect it; drop a layer here to insert it.")]
