"""What stands under the names of models, layers and lists in pasted code, and what their methods do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.exchange.importing.outline import shown
from engine.exchange.snippets import keras_words, training
from engine.exchange.snippets.evaluator import LARGEST_LIST, is_layer
from engine.exchange.snippets.limits import Budget, SnippetError
from engine.exchange.snippets.network import Story, reached
from engine.exchange.snippets.plain import plain
from engine.exchange.snippets.values import LayerValue, Method, Network, Object, Stack, Tensor, Unknown

#: Methods that change a model or a list.
BUILDING = frozenset({"add", "append", "extend", "insert", "add_module", "pop"})
_ENDS = {"input": "inputs", "inputs": "inputs", "output": "outputs", "outputs": "outputs"}
#: Methods that give the thing itself, as far as its structure goes.
_SAME = frozenset({"to", "cuda", "cpu", "float", "double", "half", "contiguous", "clone"})


def attribute_of(story: Story, owner: Any, name: str, line: int) -> Any:
    """What stands under a name of a value; a method where nothing else is known."""
    if isinstance(owner, Tensor) and name in ("shape", "dtype"):
        return Unknown(line, f"the {name} of a tensor is only known when the network is put together")
    if isinstance(owner, (Stack, Network)):
        if name in _ENDS:
            network = story.made(owner, line)
            ends: list[Tensor] = getattr(network, _ENDS[name])
            return ends[0] if len(ends) == 1 and name in ("input", "output") else list(ends)
        if name == "layers":
            return _layers(story, owner, line)
    if isinstance(owner, LayerValue) and name in ("output", "input"):
        use = next((use for use in reversed(story.uses) if use.layer is owner), None)
        if use is not None:
            return Tensor(use) if name == "output" or not use.sources else use.sources[0]
    if is_layer(owner) and name == "name":
        return owner.name or Unknown(line, "the layer has no name yet")
    return Method(owner, name, line)


def _layers(story: Story, model: Stack | Network, line: int) -> list[Any]:
    if isinstance(model, Stack):
        return list(model.items)
    return list({id(use.layer): use.layer for use in reached(story.uses, model.outputs)}.values())


def method(story: Story, called: Method, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
    """What a method of a value does and gives.

    Raises:
        SnippetError: it is used wrongly.
    """
    owner, name = called.owner, called.name
    if isinstance(owner, list):
        return _of_list(owner, name, args, line, story.budget)
    if isinstance(owner, (Stack, Network)):
        return _of_model(story, owner, name, args, given, line)
    if isinstance(owner, Object) and name in ("compile", "fit"):
        story.chosen = owner
        return (training.compiled if name == "compile" else training.fitted)(story, args, given, line)
    if name in _SAME:
        return owner
    return Unknown(line, f"it is what .{shown(name)}(…) gives")


def _of_list(owner: list[Any], name: str, args: Sequence[Any], line: int, budget: Budget) -> Any:
    if name not in ("append", "extend", "insert", "pop"):
        return Unknown(line, f"it is what .{shown(name)}(…) gives")
    if len(owner) > LARGEST_LIST:
        raise SnippetError(line, f"a list holds more than {LARGEST_LIST:,} values; paste only the network.")
    if name == "append" and len(args) == 1 and args[0] is not owner:
        owner.append(args[0])
    elif name == "extend" and len(args) == 1 and isinstance(args[0], (list, tuple)) and len(args[0]) <= LARGEST_LIST:
        budget.spend(line, len(args[0]))
        owner.extend(list(args[0]))
    elif name == "insert" and len(args) == 2 and type(args[0]) is int and args[1] is not owner:
        owner.insert(args[0], args[1])
    elif name == "pop" and owner and not args:
        return owner.pop()
    else:
        return Unknown(line, f"what .{name}(…) does to the list is not understood")
    return None


def _of_model(
    story: Story, model: Stack | Network, name: str, args: Sequence[Any], given: Mapping[str, Any], line: int
) -> Any:
    if name == "compile":
        story.chosen = model
        return training.compiled(story, args, given, line)
    if name in ("fit", "fit_generator"):
        story.chosen = model
        return training.fitted(story, args, given, line)
    if name in _SAME:
        return model
    if name == "get_layer":
        return _found(story, model, [*args, *given.values()][:1], line)
    if not isinstance(model, Stack):
        if name in BUILDING:
            raise SnippetError(line, f"only a Sequential has .{name}(…); join layers by calling them on tensors.")
        return Unknown(line, f"it is what .{shown(name)}(…) of a model gives")
    return _of_stack(model, name, args, given, line)


def _of_stack(model: Stack, name: str, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
    values = [*args, *given.values()]
    if name in ("add", "append", "add_module") and values:
        if name == "add_module" and isinstance(values[0], str):
            values = [keras_words.named(values[-1], values[0])]
        keras_words.push(model, values[0], line)
    elif name == "extend" and values and isinstance(values[0], (list, tuple, Stack)):
        for item in values[0].items if isinstance(values[0], Stack) else values[0]:
            keras_words.push(model, item, line)
    elif name == "pop" and model.items:
        model.items.pop()
    elif name == "build" and values:
        shape = plain(values[0], line, "the shape for build")
        model.shape = keras_words.sizes(shape[1:] if isinstance(shape, list) else shape, line)
    elif name in BUILDING:
        raise SnippetError(line, f"what .{name}(…) does to the model is not understood here.")
    return Unknown(line, f"it is what .{shown(name)}(…) of a model gives")


def _found(story: Story, model: Stack | Network, wanted: Sequence[Any], line: int) -> Any:
    items = _layers(story, model, line)
    for key in wanted:
        if type(key) is int and -len(items) <= key < len(items):
            return items[key]
        named = [item for item in items if is_layer(item) and item.name == key]
        if named:
            return named[0]
    raise SnippetError(line, "the model has no layer of that name; give the layer a name where it is made.")
