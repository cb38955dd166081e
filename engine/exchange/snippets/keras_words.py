"""Calls of Keras's words in pasted code: layers, models, inputs, merging functions and components."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.component import registry
from engine.exchange.importing import spelling
from engine.exchange.importing.layers import converted
from engine.exchange.importing.outline import Told, shown
from engine.exchange.importing.parts import Cannot
from engine.exchange.snippets.limits import LAYERS, SnippetError
from engine.exchange.snippets.network import Story
from engine.exchange.snippets.plain import bound, not_known, plain, why
from engine.exchange.snippets.values import (
    Function,
    LayerValue,
    Network,
    Object,
    Part,
    Path,
    Stack,
    Tensor,
    Unknown,
)
from engine.exchange.snippets.vocabulary import (
    INPUTS,
    MERGING,
    MODELS,
    SEQUENTIAL,
    SPECIAL,
    component_kind,
    layer_kind,
    order,
)

#: Arguments by which a first layer says what enters it.
SHAPES = ("input_shape", "batch_input_shape", "input_dim", "input_length", "batch_size", "batch_shape")
_MAJOR = 3
#: Names that Keras 1 had for the ends of a model.
_ENDS = {"input": "inputs", "output": "outputs"}


def call(story: Story, path: Path, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
    """What a call of a word gives; an unknown value where the word is not known.

    Raises:
        SnippetError: the word is known, but not with these arguments.
    """
    word = path.word
    if word == SEQUENTIAL:
        values = bound(word, ("layers", "name"), args, given, line)
        return sequential(story, values.get("layers"), values.get("name"), line)
    if word in MODELS:
        return model(story, args, given, line)
    if word in INPUTS:
        return entering(story, word, args, given, line)
    if word in MERGING and component_kind(path) in ("", "layer") and _tensors(args):
        values = bound(word, ("inputs", *order("layer", MERGING[word])), args, given, line)
        inputs = values.pop("inputs")
        return story.applied(layer(MERGING[word], (), values, line), listed(inputs, line), line)[0]
    if word == "merge":
        values = bound(word, ("inputs", "mode", "concat_axis"), args, given, line)
        inputs = values.pop("inputs", None)
        return story.applied(layer("Merge", (), values, line), listed(inputs, line), line)[0]
    kind = component_kind(path)
    if kind == "activation" and args and isinstance(args[0], Tensor):
        return story.applied(layer("Activation", (word,), {}, line), args[:1], line)[0]
    if kind == "layer" or (layer_kind(word) and not kind):
        return layer(word, args, given, line)
    return component(kind, word, args, given, line) if kind else not_known(path)


def _tensors(args: Sequence[Any]) -> bool:
    first = args[0] if args else None
    return isinstance(first, Tensor) or (isinstance(first, (list, tuple)) and any(isinstance(t, Tensor) for t in first))


def component(kind: str, word: str, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Part:
    """An optimizer, a loss, a regularizer and their like.

    Raises:
        SnippetError: its arguments are not known.
    """
    values = bound(word, order(kind, word), args, given, line)
    values.pop("name", None)
    key = registry(kind).get(word).key
    return Part(kind, key, {name: plain(value, line, f"{name} of {word}") for name, value in values.items()})


# -- layers ------------------------------------------------------------------------------------------


def layer(word: str, args: Sequence[Any], given: Mapping[str, Any], line: int) -> LayerValue:
    """A layer by its class name, checked as far as it can be alone.

    Raises:
        SnippetError: its arguments are not possible.
    """
    values = bound(word, order("layer", word), args, given, line)
    name = values.pop("name", None)
    own_code = any(isinstance(value, (Function, Unknown)) for value in values.values()) if word == "Lambda" else False
    if word == "Lambda" and isinstance(values.get("function"), Function):
        found = _formula_layer(values["function"], line)
        if found is not None:
            return found
    if own_code:
        values = {}
    counted = layer_kind(word) == "Embedding"
    settings = {
        key: plain(value, line, f"{shown(key)} of {word}")
        for key, value in values.items()
        if key not in ("weights", "dtype") and not (key == "activation" and value is None)
    }
    shape = _shape(settings, counted, line)
    kind = layer_kind(word) or word
    made = LayerValue(kind, settings, line, name if isinstance(name, str) else "", shape)
    made.stand_in = word in SPECIAL
    check(made)
    return made


def _formula_layer(function: Function, line: int) -> LayerValue | None:
    """A Lambda that treats every number alike, as an activation."""
    try:
        return layer("Activation", (function,), {}, line)
    except SnippetError:
        return None


def check(made: LayerValue) -> None:
    """Refuse a layer whose settings are not possible.

    Raises:
        SnippetError: with the line of the layer.
    """
    kind = spelling.layer_name(made.kind)
    told = Told("", "", kind, spelling.settings(kind, made.settings, _MAJOR), {}, "", ("", "", 0))
    try:
        converted(told, _MAJOR, [])
    except Cannot as error:
        if not made.stand_in:
            reason = str(error).removeprefix("its settings are not possible here: ").removeprefix(f"{kind}: ")
            raise SnippetError(made.line, f"{made.kind}: {reason}.") from None


def _shape(settings: dict[str, Any], counts_words: bool, line: int) -> list[int | None] | None:
    """The shape that a layer says enters it; what says so is taken out."""
    size = settings.get("input_dim") if counts_words else settings.pop("input_dim", None)
    found = {name: settings.pop(name) for name in SHAPES if name != "input_dim" and name in settings}
    length = found.get("input_length")
    if found.get("input_shape") is not None:
        shape = found["input_shape"]
    elif (batched := found.get("batch_input_shape") or found.get("batch_shape")) is not None:
        shape = batched[1:] if isinstance(batched, list) else batched
    elif length is not None and (counts_words or size is not None):
        shape = [length] if counts_words else [length, size]
    else:
        shape = None if counts_words or size is None else [size]
    return None if shape is None else sizes(shape, line)


def sizes(shape: Any, line: int) -> list[int | None]:
    """Sizes of a sample.

    Raises:
        SnippetError: they are none.
    """
    listed_shape = [shape] if type(shape) is int else shape
    if not isinstance(listed_shape, list) or not all(n is None or (type(n) is int and n > 0) for n in listed_shape):
        raise SnippetError(line, f"{shown(shape)!r} is no shape; write the sizes of one sample, such as (28, 28, 1).")
    return listed_shape


def entering(story: Story, word: str, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
    """``Input(...)``: where data enter.

    Raises:
        SnippetError: its shape is none.
    """
    values = bound(word, ("shape", "batch_size"), args, given, line)
    name = values.pop("name", "")
    told = {key: plain(values[key], line, f"{key} of {word}") for key in ("shape", *SHAPES) if key in values}
    if "shape" in told:
        told["input_shape"] = told.pop("shape")
    shape = _shape(told, False, line)
    if shape is None:
        raise SnippetError(line, f"{word} does not say which shape enters; write {word}(shape=(784,)).")
    made = LayerValue("InputLayer", {"batch_shape": [None, *shape]}, line, name if isinstance(name, str) else "", shape)
    if None not in shape:
        check(made)
    # It is a layer at the head of a Sequential and a tensor everywhere else; which, its use will tell.
    return made if word == "InputLayer" else InputTensor.of(story, made, line)


class InputTensor(Tensor):
    """The tensor of an ``Input``, which may also stand at the head of a ``Sequential``."""

    @staticmethod
    def of(story: Story, made: LayerValue, line: int) -> Tensor:
        """The tensor of an input layer; an open one where sizes are left open."""
        assert made.shape is not None
        if None in made.shape:
            story.entry(made.shape, line)
            return InputTensor(None)
        return InputTensor(story.use(made, (), line).use)


# -- models ------------------------------------------------------------------------------------------


def sequential(story: Story, items: Any, name: Any, line: int) -> Stack:
    """``Sequential([...])``.

    Raises:
        SnippetError: what it is given are no layers.
    """
    stack = Stack([], line, name if isinstance(name, str) else "")
    if isinstance(items, Unknown):
        raise SnippetError(items.line, f"{why(items)}.")
    if items is not None and not isinstance(items, (list, tuple)):
        items = [items]
    for item in items or ():
        push(stack, item, line)
    story.models.append(stack)
    return stack


def push(stack: Stack, item: Any, line: int) -> None:
    """Add a layer or a model to a Sequential.

    Raises:
        SnippetError: it is neither.
    """
    if isinstance(item, Unknown):
        raise SnippetError(item.line, f"{why(item)}.")
    if isinstance(item, Path):
        raise SnippetError(line, f"{why(not_known(item))}; write a layer with its arguments, such as Dense(10).")
    if isinstance(item, InputTensor):
        if item.use is None:
            return
        item = item.use.layer
    if not isinstance(item, (LayerValue, Stack, Network, Object)):
        raise SnippetError(line, "only layers and models can be added to a Sequential.")
    if len(stack.items) >= LAYERS:
        raise SnippetError(line, f"the network has more than {LAYERS:,} layers; paste a part of it.")
    if item is stack:
        raise SnippetError(line, "a model cannot be a part of itself.")
    stack.items.append(item)


def model(story: Story, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Network:
    """``Model(inputs, outputs)``.

    Raises:
        SnippetError: its ends are no tensors.
    """
    today = {_ENDS.get(key, key): value for key, value in given.items()}
    values = bound("Model", ("inputs", "outputs", "name"), args, today, line)
    inputs, outputs = (listed(values.get(end), line) for end in ("inputs", "outputs"))
    if not outputs:
        raise SnippetError(line, "Model does not say what leaves it; write Model(inputs, outputs).")
    name = values.get("name")
    found = Network(inputs, outputs, line, name if isinstance(name, str) else "")
    story.models.append(found)
    return found


def listed(value: Any, line: int) -> list[Tensor]:
    """The tensors that a layer is called on, or that a model begins and ends with.

    Raises:
        SnippetError: they are none.
    """
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in listed(item, line)]
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, Path):
        return [Tensor(None)]  # a name from code that was not pasted
    if isinstance(value, Unknown):
        raise SnippetError(line, f"what enters here cannot be told without running the code: {why(value)}.")
    raise SnippetError(line, "a tensor belongs here: what Input(...) or a layer gives.")


def named(item: Any, name: str) -> Any:
    """A layer or model under a name, unless it has one."""
    if isinstance(item, (LayerValue, Stack, Network)) and not item.name:
        item.name = name
    return item
