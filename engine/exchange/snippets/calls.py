"""Calls in pasted code: of known words, of layers on tensors, and of the code's own functions and classes."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import LayerloomError
from engine.exchange.importing.outline import shown
from engine.exchange.snippets import keras_words, torch_functions, torch_words, training
from engine.exchange.snippets.evaluator import LARGEST_LIST, Evaluator, is_layer, is_plain, weighed
from engine.exchange.snippets.limits import CALLS, LARGEST, Budget, SnippetError
from engine.exchange.snippets.methods import attribute_of, method
from engine.exchange.snippets.network import Story
from engine.exchange.snippets.plain import plain, why
from engine.exchange.snippets.values import (
    Function,
    LayerValue,
    Method,
    Object,
    OwnClass,
    Path,
    Tensor,
    Unknown,
    holds_layers,
)
from engine.exchange.snippets.vocabulary import MODELS, SEQUENTIAL, layer_kind, near

#: Functions of Python that plain values can be given to.
_PLAIN = {"range": range, "len": len, "str": str, "int": int, "float": float, "list": list, "tuple": tuple,
          "max": max, "min": min, "enumerate": enumerate, "zip": zip, "reversed": reversed, "dict": dict,
          "round": round, "abs": abs}  # fmt: skip
#: Most places that a number is rounded to, before or behind the point; a power of ten is computed for them.
_PLACES = 15
#: What holds layers in a row, whatever it is called through.
_CONTAINERS = frozenset({"Sequential", "ModuleList", "ModuleDict", "OrderedDict"})
#: Functions that only show a model.
_SHOWING = frozenset({"print", "plot_model", "display", "SVG", "summary"})
#: Methods in which classes say how tensors go through them.
_WAYS = ("forward", "call")


class Caller(Evaluator):
    """Tells what calls mean.

    Args:
        story: takes what they build.
    """

    def __init__(self, story: Story) -> None:
        super().__init__(story.budget)
        self.story = story
        self._depth = 0
        story.through = lambda made, fed, line: self.through(made, fed, {}, line)

    def body_of(self, function: Function) -> Any:
        """What a function's body gives."""
        raise TypeError("statements are followed by the reader")

    def makes_layers(self, word: str) -> bool:
        """Whether a call of a word makes a layer or a model."""
        known = torch_words.MODULES if self.story.torch else ()
        return bool(layer_kind(word)) or word in known or word == SEQUENTIAL or word in MODELS

    def attribute(self, owner: Any, name: str, line: int) -> Any:
        """What stands under a name of a value."""
        if isinstance(owner, Object):
            found = owner.values.get(name, _function_of(owner.made_by, name))
            if isinstance(found, Function) and found.bound is None and found.node in owner.made_by.node.body:
                return Function(found.node, found.scope, owner)
            return found if found is not None else Method(owner, name, line)
        return attribute_of(self.story, owner, name, line)

    def joined(self, kind: str, left: Tensor, right: Tensor, line: int) -> Any:
        """Two tensors joined by a sign."""
        return self.story.applied(LayerValue(kind, {}, line), [left, right], line)[0]

    def call(self, called: Any, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
        """What a call gives."""
        if isinstance(called, Path):
            return self._word(called, args, given, line)
        if is_layer(called):
            return self._on_tensors(called, args, given, line)
        if isinstance(called, Function):
            return self.invoke(called, args, given, line)
        if isinstance(called, OwnClass):
            return self.instance(called, args, given, line)
        if isinstance(called, Object):
            return self.through(called, args, given, line)
        if isinstance(called, Method):
            if isinstance(called.owner, Tensor) and self.story.torch:
                return torch_functions.call(self.story, called.name, [called.owner, *args], given, line)
            return method(self.story, called, args, given, line)
        return called if isinstance(called, Unknown) else Unknown(line, "it is the result of a call")

    def _word(self, path: Path, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
        word = path.word
        if len(path.parts) == 1 and word in _PLAIN:
            return _plain_call(word, args, given, line, self.budget)
        if word == "super":
            return Unknown(line, "it is the class above")
        if len(path.parts) > 1 and path.parts[0] not in self.scope and (found := self._unset(path, args, given, line)):
            return found
        if self.story.torch:
            if word in torch_words.MODULES:
                self.budget.make(line)
            dotted = len(path.parts) > 1 and word not in _CONTAINERS
            if args and dotted and holds_layers(args[0]) and not is_layer(args[0]):
                return torch_functions.call(self.story, word, args, given, line)
            found = torch_words.call(self.story, path, args, given, line)
            if found is not None:
                return found
        if "**" in given and self.makes_layers(word):
            raise SnippetError(line, f"which arguments {word} gets cannot be told: {why(given['**'])}.")
        if self.makes_layers(word):
            self.budget.make(line)
        found = keras_words.call(self.story, path, args, given, line)
        taken = [*args, *given.values()]
        strange = isinstance(found, Unknown) and len(path.parts) == 1 and word not in {*_SHOWING, *self.scope}
        if strange and any(is_layer(value) or (isinstance(value, list) and holds_layers(value)) for value in taken):
            raise SnippetError(line, f"{why(found)}, so it is not clear what it does to the layers that it is given.")
        return found

    def _unset(self, path: Path, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
        """A method of a model that the code does not make; ``None`` where it is none."""
        name, word = path.parts[0], path.word
        if word == "add" and args and is_layer(args[0]) and len(path.parts) == 2:
            model = keras_words.sequential(self.story, None, name, line)
            self.scope[name] = model
            keras_words.push(model, args[0], line)
            return Unknown(line, "it is what .add(…) gives")
        if word == "add" and len(args) == 1 and isinstance(args[0], Unknown) and near(args[0].word):
            raise SnippetError(line, f"{why(args[0])}.")
        if word == "compile" and {"loss", "optimizer"} & set(given):
            training.compiled(self.story, args, given, line)
            return Unknown(line, "it is what .compile(…) gives")
        if word == "fit" and {"epochs", "nb_epoch", "batch_size"} & set(given):
            training.fitted(self.story, args, given, line)
            return Unknown(line, "it is what .fit(…) gives")
        return None

    def _on_tensors(self, part: Any, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
        """Use a layer or a model."""
        if not args and not given:
            raise SnippetError(line, "a layer is called on nothing; write what enters it, such as Dense(10)(x).")
        if not isinstance(part, LayerValue) and args and isinstance(args[0], Unknown):
            return Unknown(line, "it is what the model answers")
        sources = keras_words.listed(list(args), line)
        words: dict[str, Any] = {}
        for name, value in given.items():
            if holds_layers(value):
                sources += keras_words.listed(value, line)
            elif name not in ("training", "mask") and value is not None:
                words[name] = plain(value, line, f"{shown(name)} of the call")
        found = self.story.applied(part, sources, line, **words)
        return found[0] if len(found) == 1 else found

    # -- functions and classes of the code -----------------------------------------------------------

    def invoke(self, function: Function, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
        """Read a function's body with these arguments.

        Raises:
            SnippetError: functions lie too deep in each other.
        """
        if self._depth >= CALLS:
            raise SnippetError(line, f"functions call each other more than {CALLS} deep; write the layers out.")
        values = self._arguments(function, args, given, line)
        outer, self.scope = self.scope, {**function.scope, **values}
        self._depth += 1
        try:
            return self.body_of(function)
        finally:
            self.scope = outer
            self._depth -= 1

    def _arguments(
        self, function: Function, args: Sequence[Any], given: Mapping[str, Any], line: int
    ) -> dict[str, Any]:
        told = function.node.args
        names = [argument.arg for argument in (*told.posonlyargs, *told.args)]
        values = list(args) if function.bound is None else [function.bound, *args]
        found: dict[str, Any] = dict(zip(names, values, strict=False))
        if told.vararg is not None:
            found[told.vararg.arg] = tuple(values[len(names) :])
        more = {key: value for key, value in given.items() if key not in names}
        found |= {key: value for key, value in given.items() if key in names}
        plain_names = [argument.arg for argument in told.kwonlyargs]
        found |= {key: value for key, value in more.items() if key in plain_names}
        if told.kwarg is not None:
            found[told.kwarg.arg] = {key: value for key, value in more.items() if key not in plain_names}
        defaults = dict(zip(names[len(names) - len(told.defaults) :], told.defaults, strict=True))
        defaults |= {k: v for k, v in zip(plain_names, told.kw_defaults, strict=True) if v is not None}
        for name, default in defaults.items():
            if name not in found:
                found[name] = self.value(default)
        for name in (*names, *plain_names):
            found.setdefault(name, Unknown(line, f"the call does not give '{shown(name)}'"))
        return found

    def instance(self, own: OwnClass, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
        """What a class of the code makes: a model whose way through is told, or a layer that keeps a place."""
        kind = own.node.name
        bases = [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in own.node.bases]
        if any(base in ("Module", *MODELS) for base in bases):
            made = Object(own, {}, line)
            self.story.objects.append(made)
            start = _function_of(own, "__init__")
            if start is not None:
                self.invoke(Function(start.node, start.scope, made), args, given, line)
            return made
        if "Layer" not in bases:
            return Unknown(line, f"'{shown(kind)}' is a class of the code's own")
        words = {key: value for key, value in given.items() if is_plain(value)}
        name = words.pop("name", "")
        return LayerValue(kind, {k: plain(v, line, k) for k, v in words.items()}, line, str(name), None, True)

    def way_through(self, made: Object) -> Any:
        """What a model of the code's own gives when something enters from nowhere."""
        for name in _WAYS:
            way = _function_of(made.made_by, name)
            if way is not None:
                told = way.node.args
                count = len(told.posonlyargs) + len(told.args) - len(told.defaults) - 1
                return self.through(made, [Tensor(None) for _ in range(max(count, 1))], {}, made.line)
        return self.through(made, (), {}, made.line)

    def through(self, made: Object, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
        """Follow tensors through a model that a class makes."""
        for name in _WAYS:
            way = _function_of(made.made_by, name)
            if way is not None:
                fed = [Tensor(None) if isinstance(value, (Path, Unknown)) else value for value in args]
                return self.invoke(Function(way.node, way.scope, made), fed, given, line)
        raise SnippetError(line, f"the class '{shown(made.made_by.node.name)}' has no method forward or call.")


def _function_of(own: OwnClass, name: str) -> Function | None:
    for node in own.node.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return Function(node, own.scope)
    return None


def _plain_call(word: str, args: Sequence[Any], given: Mapping[str, Any], line: int, budget: Budget) -> Any:
    """A function of Python on values that are fully known and small.

    Raises:
        SnippetError: what it makes is too large.
    """
    doubt = Unknown(line, f"it is what {word}(…) gives")
    if (given and word != "dict") or (word != "len" and _extent(args) > LARGEST_LIST):
        return doubt
    if word == "round" and len(args) > 1 and not (type(args[1]) is int and abs(args[1]) <= _PLACES):
        return doubt
    if word in ("str", "int", "float", "round", "abs", "max", "min") and not all(
        isinstance(a, (bool, int, float, str)) for a in _flat(args)
    ):
        return doubt
    try:
        found = _PLAIN[word](*args, **given)  # type: ignore[operator]
        if word in ("enumerate", "zip", "reversed"):
            found = [list(item) if word != "reversed" else item for item in found]
    except (TypeError, ValueError, ArithmeticError, LayerloomError):
        return doubt
    if isinstance(found, (list, tuple, dict)):
        weighed(list(found.values()) if isinstance(found, dict) else found, budget, line)
    return doubt if isinstance(found, (int, float)) and not abs(found) <= LARGEST else found


def _extent(args: Sequence[Any]) -> int:
    """How many items some values hold together, ranges among them, which cost nothing until they are gone through."""
    return sum(len(value) for value in args if isinstance(value, (list, tuple, range, dict, str)))


def _flat(args: Sequence[Any]) -> list[Any]:
    return [item for value in args for item in (value if isinstance(value, (list, tuple)) else [value])]
