"""Values of pasted code as the words of a Keras configuration, and how calls are matched to arguments."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping, Sequence
from typing import Any

from engine.exchange.importing.outline import shown
from engine.exchange.snippets.limits import SnippetError
from engine.exchange.snippets.values import Function, LayerValue, Part, Path, Unknown
from engine.exchange.snippets.vocabulary import component_kind, layer_kind, near
from engine.expression.functions import FUNCTIONS


def plain(value: Any, line: int, what: str) -> Any:
    """A value as JSON has it.

    Args:
        value: what was given.
        line: where.
        what: to what, for the sentence: "units of Dense".

    Raises:
        SnippetError: only running the code would tell it.
    """
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item, line, what) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item, line, what) for key, item in value.items()}
    if isinstance(value, (Part, LayerValue)):
        name = value.name if isinstance(value, Part) else value.kind
        return {"class_name": name, "config": dict(value.settings)}
    if isinstance(value, Function):
        return {"class_name": "Expression", "config": {"expression": formula(value, line, what)}}
    if isinstance(value, Path):
        if component_kind(value) or layer_kind(value.word):
            return value.word
        raise SnippetError(line, f"{what} is '{shown(value.text)}', which the code does not set; write its value.")
    if isinstance(value, Unknown):
        where = f" (line {value.line})" if value.line != line else ""
        raise SnippetError(line, f"{what} cannot be told without running the code: {why(value)}{where}.")
    raise SnippetError(line, f"{what} is a part of the network, where a number or a word belongs.")


def bound(word: str, names: Sequence[str], args: Sequence[Any], given: Mapping[str, Any], line: int) -> dict[str, Any]:
    """Arguments by name.

    Raises:
        SnippetError: there are too many, or one was given twice.
    """
    if len(args) > len(names):
        told = ", ".join(names[:12]) or "none"
        raise SnippetError(line, f"{word} takes at most {len(names)} arguments ({told}); it gets {len(args)}.")
    found = dict(zip(names, args, strict=False))
    twice = sorted(set(found) & set(given))
    if twice:
        raise SnippetError(line, f"{word} gets '{shown(twice[0])}' twice; give it once.")
    return found | dict(given)


def formula(function: Function, line: int, what: str) -> str:
    """A function of one number that is a single expression, as the text of a formula.

    Raises:
        SnippetError: it is more than that.
    """
    node = function.node
    names = [argument.arg for argument in node.args.args]
    if isinstance(node, ast.Lambda):
        body: ast.expr | None = node.body
    else:
        lines = [
            item for item in node.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))
        ]
        body = lines[0].value if len(lines) == 1 and isinstance(lines[0], ast.Return) else None
    if body is None or len(names) != 1:
        raise SnippetError(line, f"{what} is a function of its author's own, which is never run; use an Expression.")
    return ast.unparse(_Words(names[0]).visit(copy.deepcopy(body)))


class _Words(ast.NodeTransformer):
    """``K.relu(v)`` as ``relu(x)``; what is no formula is refused where formulas are read."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return ast.Name(node.attr, ast.Load()) if node.attr in FUNCTIONS else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name("x", ast.Load()) if node.id == self._name else node


def not_known(path: Path) -> Unknown:
    """What a call of a word that nothing is known of gives."""
    return Unknown(path.line, f"'{shown(path.text)}' is not known here", path.word)


def why(value: Unknown) -> str:
    """Why a value is not known; for a word that is not known with its like."""
    return value.why + (near(value.word) if value.word else "")
