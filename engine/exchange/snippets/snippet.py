"""Pasted code as a network with its training settings: the one way in."""

from __future__ import annotations

import ast
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.exchange.importing.assembly import Assembled, assembled
from engine.exchange.importing.training import settings
from engine.exchange.snippets.building import built
from engine.exchange.snippets.choosing import chosen
from engine.exchange.snippets.limits import SnippetError
from engine.exchange.snippets.network import Story
from engine.exchange.snippets.reading import Reader
from engine.exchange.snippets.remarks import remarks
from engine.exchange.snippets.source import parsed
from engine.exchange.snippets.torch_words import MODULES
from engine.exchange.snippets.vocabulary import layer_kind
from engine.graph import Graph
from engine.project import OutputTarget, Project

log = logging.getLogger(__name__)
_MAJOR = 3
#: What a compiled model says; the rest of what it is told stands in the training settings by its own name.
_JUDGED = ("optimizer", "loss", "metrics")


@dataclass(frozen=True)
class Snippet:
    """What pasted code describes.

    Attributes:
        graph: its network, with places; empty where the code only tells how to train.
        training: the training settings that it tells, by name.
        validation: the share of samples that it holds back, or ``None``.
        targets: what judges each output, where they differ.
        notes: what was understood in another form, or left out, one sentence each.
        open: whether the network still wants an Input.
    """

    graph: Graph
    training: Mapping[str, Any] = field(default_factory=dict)
    validation: float | None = None
    targets: tuple[OutputTarget, ...] = ()
    notes: tuple[str, ...] = ()
    open: bool = False

    def settled(self, project: Project, names: Mapping[str, str] | None = None) -> Project:
        """A project with this code's training settings.

        Args:
            project: what they are put into; its other settings stay.
            names: the ids of this network's nodes there, where they differ.
        """
        known = names or {}
        targets = [replace(target, node=known.get(target.node, target.node)) for target in self.targets]
        own = {target.node for target in targets}
        kept = [target for target in project.targets if target.node not in own]
        found = replace(project, targets=(*kept, *targets)) if targets else project
        if self.training:
            found = found.with_training(project.training.changed(**self.training))
        return found if self.validation is None else found.with_split(project.split.changed(validation=self.validation))


def read_snippet(text: str) -> Snippet:
    """Read Python code that builds a network with Keras or PyTorch; nothing of it is run.

    Raises:
        SnippetError: it is no Python, or builds the network in a way that is not understood; the sentence says
            where and why.
    """
    try:
        return _read(text)
    except SnippetError:
        raise
    except RecursionError:
        raise SnippetError(0, "The code is nested too deeply to be read; write the network in simpler steps.") from None
    except Exception as error:  # people paste anything: what nobody thought of is no reason to stop
        log.exception("Pasted code could not be read")
        raise SnippetError(0, "This code cannot be read; paste only the lines that build the network.") from error


def _read(text: str) -> Snippet:
    tree = parsed(text)
    story = Story(torch=_is_torch(tree))
    reader = Reader(story)
    reader.run(tree.body)
    ends = chosen(story, reader)
    if ends is None:
        return _told(story, None, (), frozenset(), False)
    found = built(story, *ends)
    graph = assembled(found.outline, _MAJOR)
    names = [found.outline.calls[source.call].layer.own for source in found.outline.outputs]
    for sentence in remarks(story, graph, found):
        story.note(0, sentence)
    unnamed = frozenset(key for key, told in graph.told.items() if told.name in found.unnamed)
    return _told(story, graph, names, unnamed, found.open)


def _told(
    story: Story, made: Assembled | None, names: Sequence[str], unnamed: frozenset[str], is_open: bool
) -> Snippet:
    given, lost = dict(story.training), list[str]()
    outputs = list(zip(made.outputs, names, strict=True)) if made is not None else [("", "")]
    compiled = {key: given.pop(key) for key in (*_JUDGED, "loss_weights") if key in given}
    validation = given.pop("validation", None)
    training, targets = settings(compiled, outputs, _MAJOR, lost)
    for name in _JUDGED:
        failed = any(sentence.startswith(f"The {name} ") and "was not carried" in sentence for sentence in lost)
        if name in compiled and not failed:
            given[name] = getattr(training, name)
    graph = made.graph if made is not None else Graph()
    for key in unnamed:
        graph = graph.labelled(key, "")
    return Snippet(graph, given, validation, targets, tuple(dict.fromkeys((*story.notes, *lost))), is_open)


def _is_torch(tree: ast.Module) -> bool:
    """Whether code is PyTorch's: it imports torch, or names what only PyTorch has."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            module = getattr(node, "module", None) or ""
            tops = {name.partition(".")[0] for name in (module, *(item.name for item in node.names))}
            if "torch" in tops:
                return True
            if tops & {"keras", "tensorflow"}:
                return False
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id in ("nn", "torch") and (node.attr in MODULES or node.attr in ("Sequential", "Module")):
                return True
        elif isinstance(node, ast.Call):
            word = node.func.id if isinstance(node.func, ast.Name) else ""
            if word in MODULES and not layer_kind(word):
                return True
    return False
