"""Making groups of layers, dissolving and naming them: pure edits of projects, since a group is a part of names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from designer.model.groups import FEWEST, Group, groups_of, paths_of
from designer.text import tr
from engine.errors import GraphError
from engine.graph import Graph
from engine.project import Project

#: What a new group is called unless somebody says otherwise.
DEFAULT = "block"
#: The longest name that a layer gets by being grouped (characters).
LONGEST = 200
_CALL = re.compile(r"(?:@(\d+)| \((\d+)\))$")
_NUMBER = re.compile(r"_\d+$")


def grouped(project: Project, ids: Collection[str], name: str) -> Project:
    """With layers that form a group; within the innermost group that holds them all, unless they are all of it.

    Args:
        project: what is edited.
        ids: the layers.
        name: the group's; a slash in it makes groups inside each other.

    Raises:
        GraphError: fewer than two layers, no name, or a name that is taken or too long.
    """
    graph, words = project.graph, words_of(name)
    if len(ids) < FEWEST:
        raise GraphError(tr("A group needs two layers or more. Select them first."))
    shared = _shared_path(graph, ids)
    path = [*shared, *words]
    _refuse_taken(graph, path, ids)
    labels = {}
    for key in ids:
        rest = [word for word in graph.nodes[key].name.split("/")[len(shared) :] if word] or [key]
        call = _CALL.search(rest[-1])
        if call and not shared:
            # A call of a model is told by the end of its layers' names; in another group it needs a name of its own.
            rest[-1] = rest[-1][: call.start()] or key
            rest[0] += f"_{call[1] or call[2]}"
        labels[key] = "/".join([*path, *rest])
    return _relabelled(project, labels)


def ungrouped(project: Project, group: Group) -> Project:
    """Without a group: its layers stay, in the group around it if there is one."""
    place = group.name.count("/")
    return _renamed(project, group, lambda parts: [*parts[:place], *parts[place + 1 :]])


def regrouped(project: Project, group: Group, name: str) -> Project:
    """With another name for a group, without those of groups around it.

    Raises:
        GraphError: no name, or one that is taken or too long.
    """
    place, words = group.name.count("/"), words_of(name)
    if words == [group.title]:
        return project
    _refuse_taken(project.graph, [*group.name.split("/")[:place], *words], group.nodes)
    return _renamed(project, group, lambda parts: [*parts[:place], *words, *parts[place + 1 :]])


def numbered_first(project: Project, group: Group) -> Project:
    """With a group that bears the number 1, as the first in a row; calls of models become groups like others.

    Raises:
        GraphError: there is such a group already.
    """
    place, words = group.name.count("/"), group.name.split("/")
    words[-1] = f"{_CALL.sub('', words[-1])}_1"
    _refuse_taken(project.graph, words, group.nodes)
    labels = {}
    for key in group.nodes:
        parts = project.graph.nodes[key].name.split("/")
        parts[: place + 1] = words
        parts[-1] = _CALL.sub("", parts[-1]) or key
        labels[key] = "/".join(parts)
    return _relabelled(project, labels)


def apart(part: Graph, graph: Graph, always: bool = False) -> Graph:
    """Layers to be added to a network, whose groups bear names that no group there has.

    Copies of some layers of a group stay in it, unless that is ``always`` unwanted; a copy of all of them is a group
    of its own.
    """
    there = {group.name: group for group in groups_of(graph)}
    names = {path for node in graph.nodes.values() for path, _ in paths_of(node.name)}
    for group in groups_of(part):
        same = there.get(group.name)
        if group.name not in names if always else same is None or len(group.nodes) < len(same.nodes):
            continue
        words = group.name.split("/")
        fresh = fresh_name(_CALL.sub("", group.name), names)
        names.add(fresh)
        labels = {}
        for key in group.nodes:
            parts = part.nodes[key].name.split("/")
            if parts[: len(words) - 1] == words[:-1]:  # not where a group around it has a new name already
                labels[key] = "/".join([*fresh.split("/"), *parts[len(words) :]])
        part = _labelled(part, {key: _CALL.sub("", label) for key, label in labels.items()})
    return part


def with_folds_of(part: Graph, names: Mapping[str, str], project: Project) -> Project:
    """With copies of folded groups folded, too.

    Args:
        part: the layers that were copied, under their first names.
        names: the id of each copy.
        project: holds the copies.
    """
    folded = project.sketch.folded
    copies = {frozenset(names[key] for key in group.nodes) for group in groups_of(part) if group.name in folded}
    if not copies:
        return project
    found = {group.name for group in groups_of(project.graph) if frozenset(group.nodes) in copies}
    return project.with_sketch(replace(project.sketch, folded=folded | found))


def chosen_groups(groups: Sequence[Group], ids: Collection[str]) -> tuple[Group, ...]:
    """What a selection means when groups are asked for.

    Returns:
        The outermost groups of which all layers are selected; without any, the innermost that holds all of them.
    """
    chosen = frozenset(ids)
    whole: list[Group] = []
    for group in groups:  # outer ones come first
        if chosen.issuperset(group.nodes) and not any(set(group.nodes) <= set(outer.nodes) for outer in whole):
            whole.append(group)
    if whole or not chosen:
        return tuple(whole)
    around = [group for group in groups if chosen.issubset(group.nodes)]
    return tuple(around[-1:])


def fresh_name(name: str, taken: Collection[str]) -> str:
    """A name that is not taken: itself, or with a number instead of the one at its end."""
    stem = _NUMBER.sub("", _CALL.sub("", name))
    numbers = (f"{stem}_{number}" for number in range(1, len(taken) + 2))
    return name if name not in taken else next(found for found in numbers if found not in taken)


def fresh_group(graph: Graph, name: str = DEFAULT) -> str:
    """A name that no group of a network has, at its outermost."""
    return fresh_name(name, {path for node in graph.nodes.values() for path, _ in paths_of(node.name)})


def words_of(name: str) -> list[str]:
    """A group's name, from the outermost on, without what cannot be shown.

    Raises:
        GraphError: nothing is left.
    """
    kept = "".join(c for c in name if c.isprintable())
    words = [word.strip() for word in kept.split("/") if word.strip()]
    if not words:
        raise GraphError(tr("A group needs a name. Type one, such as '{name}'.", name=DEFAULT))
    return words


def with_network(project: Project, graph: Graph) -> Project:
    """With another network, in which folded groups that are called otherwise now stay folded."""
    folded = project.sketch.folded
    if not folded:
        return project.with_graph(graph)
    before, after = _by_nodes(project.graph), _by_nodes(graph)
    kept: set[str] = set()
    for nodes, old in before.items():
        kept.update(new for name, new in zip(old, after.get(nodes, ()), strict=False) if name in folded)
    return replace(project, graph=graph, sketch=replace(project.sketch, folded=frozenset(kept)))


def _by_nodes(graph: Graph) -> dict[frozenset[str], list[str]]:
    """Names of the groups by their layers; of several with the same layers the innermost first."""
    found: dict[frozenset[str], list[str]] = {}
    for group in reversed(groups_of(graph)):
        found.setdefault(frozenset(group.nodes), []).append(group.name)
    return found


def _shared_path(graph: Graph, ids: Collection[str]) -> list[str]:
    """The groups that hold all of some layers, and further ones."""
    ways = [tuple(paths_of(graph.nodes[key].name)) for key in ids]
    shared = [level[0] for level in zip(*ways, strict=False) if len(set(level)) == 1]
    while shared:
        members = [key for key, node in graph.nodes.items() if shared[-1] in paths_of(node.name)]
        if len(members) > len(ids):
            break
        shared.pop()
    return shared[-1][0].split("/") if shared else []


def _refuse_taken(graph: Graph, path: Sequence[str], ids: Collection[str]) -> None:
    name = "/".join(path)
    others = (node for key, node in graph.nodes.items() if key not in ids)
    if any(name == found for node in others for found, _ in paths_of(node.name)):
        raise GraphError(tr("There is a group called '{name}' already. Choose another name.", name=name))


def _renamed(project: Project, group: Group, change: Callable[[list[str]], list[str]]) -> Project:
    nodes = project.graph.nodes
    return _relabelled(project, {key: "/".join(change(nodes[key].name.split("/"))) for key in group.nodes})


def _relabelled(project: Project, labels: Mapping[str, str]) -> Project:
    return with_network(project, _labelled(project.graph, labels))


def _labelled(graph: Graph, labels: Mapping[str, str]) -> Graph:
    """With names, each changed where another layer has it already.

    Raises:
        GraphError: a name is too long.
    """
    taken = {node.name for key, node in graph.nodes.items() if key not in labels}
    for key, wanted in labels.items():
        if len(wanted) > LONGEST:
            raise GraphError(
                tr("'{name} …' would be longer than {most} characters. Choose a shorter name.",
                   name=wanted[:40], most=LONGEST)
            )  # fmt: skip
        name = fresh_name(wanted, taken)
        taken.add(name)
        graph = graph.labelled(key, "" if name == key else name)
    return graph
