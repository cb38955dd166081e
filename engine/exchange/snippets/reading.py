"""Statements of pasted code, one after the other: what builds a network is followed, the rest is passed over."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any

from engine.exchange.importing.outline import shown
from engine.exchange.snippets.calls import Caller
from engine.exchange.snippets.evaluator import is_layer, is_plain, unknown
from engine.exchange.snippets.limits import SnippetError
from engine.exchange.snippets.methods import BUILDING
from engine.exchange.snippets.plain import plain, why
from engine.exchange.snippets.values import (
    Function,
    LayerValue,
    Network,
    Object,
    OwnClass,
    Part,
    Path,
    Stack,
    Unknown,
    holds_layers,
)


class Returned:
    """How a list of statements ended, when not at its end.

    Attributes:
        how: ``return``, ``break`` or ``continue``.
        value: what is returned.
    """

    def __init__(self, how: str, value: Any = None) -> None:
        self.how = how
        self.value = value


class Reader(Caller):
    """Follows statements."""

    def run(self, body: Sequence[ast.stmt]) -> Returned | None:
        """Follow statements; tells how they ended, when not at their end.

        Raises:
            SnippetError: what builds the network is not understood.
        """
        for node in body:
            self.budget.spend(node.lineno)
            handler = getattr(self, f"_do_{type(node).__name__.lower()}", self._pass_over)
            ended: Returned | None = handler(node)
            if ended is not None:
                return ended
        return None

    def body_of(self, function: Function) -> Any:
        """Follow the body of a function; gives what it returns."""
        node = function.node
        if isinstance(node, ast.Lambda):
            return self.value(node.body)
        ended = self.run(node.body)
        return ended.value if ended is not None else None

    def makes(self, function: Function) -> bool:
        """Whether a function's body makes layers."""
        return self._builds([function.node])

    # -- simple statements ---------------------------------------------------------------------------

    def _do_expr(self, node: ast.Expr) -> None:
        found = self.value(node.value)
        several = list(found) if isinstance(found, (list, tuple)) else [found]
        if any(isinstance(item, (LayerValue, Stack)) for item in several):
            for item in several:
                if isinstance(item, Unknown):
                    raise SnippetError(item.line, f"{why(item)}.")
                if isinstance(item, LayerValue) or (isinstance(item, Stack) and item.loose):
                    self.story.loose.append(item)
        elif isinstance(found, Part) and found.kind == "optimizer":
            self.story.training["optimizer"] = plain(found, node.lineno, "the optimizer")
        elif isinstance(found, Unknown) and isinstance(node.value, ast.Call) and self.story.doubt is None:
            self.story.doubt = found

    def _do_assign(self, node: ast.Assign) -> None:
        value = self.value(node.value)
        for target in node.targets:
            self._put(target, value)

    def _do_annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._put(node.target, self.value(node.value))

    def _do_augassign(self, node: ast.AugAssign) -> None:
        before = self.value(node.target)
        self._put(node.target, self.combined(node, node.op, before, self.value(node.value), node.lineno))

    def _put(self, target: ast.expr, value: Any) -> None:
        if isinstance(target, ast.Attribute):
            owner = self.value(target.value)
            if isinstance(owner, Object):
                owner.values[target.attr] = value
            elif target.attr == "trainable" and isinstance(value, bool):
                _freeze(owner, value)
        elif isinstance(target, ast.Subscript):
            self._set_item(target, value)
        elif not self.assign(target, value):
            self._forget([target])

    def _set_item(self, target: ast.Subscript, value: Any) -> None:
        owner = self.value(target.value)
        key = None if isinstance(target.slice, ast.Slice) else self.value(target.slice)
        in_dict = isinstance(owner, dict) and isinstance(key, (str, int))
        in_list = isinstance(owner, list) and type(key) is int and -len(owner) <= key < len(owner)
        if (in_dict or in_list) and value is not owner:
            owner[key] = value
        elif holds_layers(owner):
            raise SnippetError(target.lineno, "which part of the network is replaced here cannot be told.")

    def _do_import(self, node: ast.Import) -> None:
        for name in node.names:
            path = Path(tuple(name.name.split(".")), node.lineno)
            self.scope[name.asname or path.parts[0]] = path if name.asname else Path(path.parts[:1], node.lineno)

    def _do_importfrom(self, node: ast.ImportFrom) -> None:
        for name in node.names:
            if name.name != "*":
                parts = (*(node.module or "").split("."), name.name)
                self.scope[name.asname or name.name] = Path(tuple(part for part in parts if part), node.lineno)

    def _do_functiondef(self, node: ast.FunctionDef) -> None:
        self.scope[node.name] = Function(node, self.scope)

    def _do_classdef(self, node: ast.ClassDef) -> None:
        self.scope[node.name] = OwnClass(node, self.scope)

    def _do_return(self, node: ast.Return) -> Returned:
        return Returned("return", self.value(node.value) if node.value is not None else None)

    def _do_break(self, _node: ast.Break) -> Returned:
        return Returned("break")

    def _do_continue(self, _node: ast.Continue) -> Returned:
        return Returned("continue")

    # -- statements with others in them --------------------------------------------------------------

    def _do_if(self, node: ast.If) -> Returned | None:
        main = any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test))
        test = True if main else self.value(node.test)
        if is_plain(test):
            return self.run(node.body if test else node.orelse)
        if self._builds([node]):
            self._refuse(node, "whether these layers are built depends on", node.test)
        self._forget([node])
        return None

    def _do_for(self, node: ast.For) -> Returned | None:
        if not self._builds([node]):
            self._forget([node])
            return None
        over = self.value(node.iter)
        if isinstance(over, dict):
            over = list(over)
        if not isinstance(over, (list, tuple, range)):
            self._refuse(node, "how often this loop builds layers depends on", node.iter)
        for item in over:
            self.budget.turn(node.lineno)
            self._put(node.target, item)
            ended = self.run(node.body)
            if ended is not None and ended.how != "continue":
                return ended if ended.how == "return" else None
        return None

    def _do_with(self, node: ast.With) -> Returned | None:
        self._forget(item.optional_vars for item in node.items if item.optional_vars is not None)
        return self.run(node.body)

    def _do_try(self, node: ast.Try) -> Returned | None:
        return self.run(node.body)

    def _pass_over(self, node: ast.stmt) -> None:
        """Leave a statement out, unless it builds."""
        if self._builds([node]):
            raise SnippetError(
                node.lineno, "layers are built here in a way that is not followed; write them one after the other."
            )
        self._forget([node])

    def _refuse(self, node: ast.stmt, what: str, on: ast.expr) -> None:
        raise SnippetError(
            node.lineno, f"{what} {unknown(on).why.removesuffix(' is computed there')}, which is not known without "
            "running the code; write the layers out."
        )  # fmt: skip

    def _forget(self, nodes: Iterable[ast.AST]) -> None:
        """Names that are set in what was passed over are known no more."""
        for node in nodes:
            for part in ast.walk(node):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    self.scope[part.id] = Unknown(part.lineno, f"'{shown(part.id)}' comes of code that is not run")

    def _builds(self, nodes: Sequence[ast.AST], depth: int = 2) -> bool:
        """Whether statements make layers, or put them together."""
        for part in (part for node in nodes for part in ast.walk(node)):
            self.budget.spend(getattr(part, "lineno", 0))
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store) and holds_layers(self.scope.get(part.id)):
                return True
            if isinstance(part, ast.Call) and self._call_builds(part.func, depth):
                return True
        return False

    def _call_builds(self, func: ast.expr, depth: int) -> bool:
        if isinstance(func, ast.Attribute):
            owner = self.scope.get(func.value.id, "") if isinstance(func.value, ast.Name) else None
            changes = func.attr in BUILDING and (holds_layers(owner) or (owner == "" and func.attr == "add"))
            return changes or self.makes_layers(func.attr)
        if not isinstance(func, ast.Name):
            return False
        known = self.scope.get(func.id)
        if isinstance(known, (Function, OwnClass)):
            return depth > 0 and self._builds([known.node], depth - 1)
        return self.makes_layers(known.word if isinstance(known, Path) else func.id)


def _freeze(owner: Any, trainable: bool) -> None:
    """Let training change a layer's weights, or those of a model's layers, or not."""
    todo, seen = [owner], set()
    while todo:
        item = todo.pop()
        if id(item) in seen or not is_layer(item):
            continue
        seen.add(id(item))
        if isinstance(item, LayerValue):
            item.settings["trainable"] = trainable
        elif isinstance(item, Stack):
            todo += item.items
        elif isinstance(item, Network):
            todo += _layers_of(item)


def _layers_of(network: Network) -> list[LayerValue]:
    found, todo, seen = [], list(network.outputs), set()
    while todo:
        use = todo.pop().use
        if use is not None and id(use) not in seen:
            seen.add(id(use))
            found.append(use.layer)
            todo += use.sources
    return found
