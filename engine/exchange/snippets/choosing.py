"""Which of the networks of pasted code is meant."""

from __future__ import annotations

from typing import Any

from engine.exchange.importing.outline import shown
from engine.exchange.snippets.limits import SnippetError
from engine.exchange.snippets.network import Story, layers_in, listed_ends
from engine.exchange.snippets.plain import why
from engine.exchange.snippets.reading import Reader
from engine.exchange.snippets.values import Function, Network, Object, OwnClass, Stack, Tensor
from engine.exchange.snippets.vocabulary import near

Ends = tuple[list[Tensor], list[Tensor]]


def chosen(story: Story, reader: Reader) -> Ends | None:
    """The ends of the network that is meant; ``None`` where the code only tells how to train.

    The model that is compiled or trained counts, else the largest that is no part of another, else all layers that
    stand there without a model, else what a function or class of the code gives that is not used.

    Raises:
        SnippetError: the code names no layers.
    """
    if not (story.models or story.objects or story.uses or story.loose):
        _use_what_is_defined(story, reader)
    model = _model(story)
    if isinstance(model, Object):
        way = reader.way_through(model)
        return [], listed_ends(way, model.line)
    if model is not None:
        network = story.made(model, model.line)
        return network.inputs, network.outputs
    if story.uses:
        read = {id(tensor.use) for use in story.uses for tensor in use.sources}
        return [], [Tensor(use) for use in story.uses if id(use) not in read]
    if story.loose:
        network = story.made(Stack(list(story.loose), story.loose[0].line), story.loose[0].line)
        return network.inputs, network.outputs
    if story.training:
        return None
    if story.models:
        raise SnippetError(story.models[-1].line, "the model has no layers yet; paste the lines that add them as well.")
    if story.doubt is not None and (story.doubt.word[:1].isupper() or near(story.doubt.word)):
        raise SnippetError(story.doubt.line, f"{why(story.doubt)}.")
    raise SnippetError(
        0,
        "The text names no layers. Paste code such as Sequential([Dense(10)]), or layers that were copied on a canvas.",
    )


def _model(story: Story) -> Stack | Network | Object | None:
    def is_filled(model: Any) -> bool:
        return not isinstance(model, Stack) or bool(model.items)

    if story.chosen is not None and is_filled(story.chosen):
        return story.chosen
    free = [model for model in story.models if id(model) not in story.inner and is_filled(model)]
    held = {id(item) for model in story.models if isinstance(model, Stack) for item in model.items}
    free = [model for model in free if id(model) not in held]
    own = [made for made in story.objects if id(made) not in story.inner and id(made) not in held]
    if own:
        return own[-1]
    if not free:
        return None
    known: dict[int, int] = {}
    largest = max(free, key=lambda model: (_weight(story, model, known), story.models.index(model)))
    others = [shown(model.name or "a Sequential") for model in free if model is not largest]
    inside = isinstance(largest, Network)
    if others and not inside:
        story.note(0, f"The code makes several models; '{shown(largest.name)}' was taken, without {', '.join(others)}.")
    return largest


def _weight(story: Story, model: Stack | Network, known: dict[int, int]) -> int:
    if isinstance(model, Stack):
        return layers_in(model, known)
    return len(story.reached(model.outputs))


def _use_what_is_defined(story: Story, reader: Reader) -> None:
    """Call what the code defines and never uses, when it can be called without being given anything."""
    defined = [value for value in reader.scope.values() if isinstance(value, (Function, OwnClass))]
    for value in reversed(defined):
        if isinstance(value, OwnClass):
            reader.instance(value, (), {}, value.node.lineno)
        elif reader.makes(value):
            if not _takes_nothing(value):
                raise SnippetError(
                    value.node.lineno,
                    f"the function '{shown(getattr(value.node, 'name', 'lambda'))}' is never called; add a line such "
                    "as model = build(10) with its values.",
                )
            given = reader.invoke(value, (), {}, value.node.lineno)
            if isinstance(given, (Stack, Network)):
                story.chosen = story.chosen or given
        if story.models or story.objects or story.uses:
            return


def _takes_nothing(function: Function) -> bool:
    told = function.node.args
    return len(told.posonlyargs) + len(told.args) == len(told.defaults) and None not in told.kw_defaults
