"""Folding groups to cards, and unfolding them: each time one undo step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from designer.canvas.geometry import NODE_HEIGHT, NODE_WIDTH
from designer.model.document import Document
from designer.model.folding import folding, room
from designer.model.groups import Group
from designer.text import tr
from engine.project import Project


def fold(document: Document, group: Group, folded: bool) -> None:
    """Show a group as one card, or its layers; what is around it closes up or makes room."""
    text = tr("Fold {name}", name=group.name) if folded else tr("Unfold {name}", name=group.name)
    document.edit(text, with_fold(document.project, group, folded))


def with_fold(project: Project, group: Group, folded: bool) -> Project:
    """A project with a group folded or open."""
    opened = project.with_sketch(project.sketch.fold(group.name, False))
    graph = room(project.graph, folding(opened), group, (NODE_WIDTH, NODE_HEIGHT), folded)
    return replace(opened, graph=graph, sketch=project.sketch.fold(group.name, folded))


def unfold_around(document: Document, nodes: Collection[str]) -> None:
    """Unfold the groups in which some layers are not shown, as one step; nothing where all are."""
    project, names = document.project, []
    while True:
        folded = folding(project)
        name = next((folded.of[key] for key in nodes if key in folded.of), None)
        if name is None:
            break
        names.append(name)
        project = with_fold(project, folded.cards[name].group, False)
    if names:
        text = tr("Unfold {name}", name=names[0]) if len(names) == 1 else tr("Unfold {count} groups", count=len(names))
        document.edit(text, project)
