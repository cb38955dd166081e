"""Sharing and freezing the weights of the selected layers: the same edits for keys and menus, each one undo step."""

from __future__ import annotations

from collections.abc import Callable

from designer.model.document import Document
from designer.model.selection import Selection
from designer.model.sharing import lenders, others_of, sharing, with_weights
from designer.text import tr
from engine.graph import Graph


class WeightCommands:
    """Edits of the document that concern the selected layers' weights.

    Args:
        document, selection: what is edited.
        say: shows a sentence when something cannot be done.
    """

    def __init__(self, document: Document, selection: Selection, say: Callable[[str], None]) -> None:
        self._document = document
        self._selection = selection
        self._say = say

    @property
    def _graph(self) -> Graph:
        return self._document.project.graph

    @property
    def chosen(self) -> tuple[str, ...]:
        """The selected layers that have weights."""
        return with_weights(self._document, self._selection.nodes)

    @property
    def are_any(self) -> bool:
        """Whether a selected layer has weights."""
        return bool(self.chosen)

    @property
    def are_shared(self) -> bool:
        """Whether a selected layer shares its weights."""
        return any(others_of(self._graph, key) for key in self._selection.nodes if key in self._graph.nodes)

    @property
    def are_frozen(self) -> bool:
        """Whether training leaves the weights of all selected layers as they are."""
        return self.are_any and self._graph.frozen.issuperset(self.chosen)

    def share(self) -> tuple[str, ...]:
        """Let several selected layers share the weights of the first; for a single one, whose it can share.

        Returns:
            The layers to choose from; none where there is no choice to be made.
        """
        chosen = self.chosen
        if not chosen:
            self._say(tr("Select the layer that shall use another one's weights, or several that shall share theirs."))
            return ()
        if len(chosen) == 1:
            found = lenders(self._document, chosen[0])
            if not found:
                name = self._graph.nodes[chosen[0]].name
                text = tr("No other layer of the kind of '{name}' has weights of fitting shapes.", name=name)
                self._say(text + " " + tr("Layers that share weights need the same kind and inputs of one size."))
            return found
        self.share_with(chosen[0])
        return ()

    def share_with(self, owner: str) -> None:
        """Let the selected layers use the weights of one."""
        users = [key for key in self.chosen if key not in self._graph.family(owner)]
        graph = sharing(self._document, users, owner)
        name = self._graph.nodes[owner].name
        if graph is None:
            text = tr("These layers cannot share the weights of '{name}'.", name=name)
            self._say(text + " " + tr("Layers that share weights need the same kind and inputs of one size."))
        elif not users:
            self._say(tr("These layers share their weights already."))
        else:
            self._edit(tr("Share weights of {name}", name=name), graph)

    def part(self) -> None:
        """Give the selected layers weights of their own; they begin with what was learnt together."""
        if self.are_shared:
            users = [key for key in self.chosen if others_of(self._graph, key)]
            self._edit(tr("Use own weights"), self._graph.independent(users))
        else:
            self._say(tr("The selected layers have weights of their own already."))

    def freeze(self) -> None:
        """Let training leave the selected layers' weights as they are, or train them again."""
        if not self.are_any:
            self._say(tr("Select a layer with weights: training can leave them as they are."))
            return
        frozen = self.are_frozen
        text = tr("Train weights") if frozen else tr("Freeze weights")
        self._edit(text, self._graph.with_trainable(self.chosen, frozen))

    def _edit(self, text: str, graph: Graph) -> None:
        self._document.edit(text, self._document.project.with_graph(graph))
