"""From text to a syntax tree that is small enough to walk: nothing is compiled and nothing runs."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings

from engine.exchange.snippets.limits import DEPTH, LENGTH, PARTS, SnippetError

_FENCE = re.compile(r"^\s*(```|~~~)")
_PROMPT = re.compile(r"^(>>>|\.\.\.|In \[\d+\]:) ?")
_CALL = re.compile(
    r"\b(Sequential|Model|Module|Input|Dense|Linear|Conv\w{0,20}|Embedding|LSTM|GRU|Flatten|Dropout|"
    r"\w{1,40}Pool\w{0,40}|(layers|nn|keras)\.\w+|compile|add)\s*\("
)


def looks_like_code(text: str) -> bool:
    """Whether a text may describe a network in Python; cheap, and generous."""
    start = text[:LENGTH]
    return not start.lstrip().startswith(("{", "[{", "<")) and _CALL.search(start) is not None


def parsed(text: str) -> ast.Module:
    """The syntax tree, with line numbers as in the text.

    Raises:
        SnippetError: it is no Python, or too large.
    """
    if len(text) > LENGTH:
        raise SnippetError(0, f"The code has {len(text):,} characters; at most {LENGTH:,} are read. Paste less of it.")
    plain = _plain(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes in the pasted texts
            tree = _read(plain)
    except SyntaxError as error:
        raise SnippetError(error.lineno or 0, _told(error)) from None
    except (ValueError, RecursionError, MemoryError):
        raise SnippetError(0, "The code cannot be read: it is nested too deeply, or holds what is no text.") from None
    _check_size(tree)
    return tree


def _read(plain: str) -> ast.Module:
    """The tree of some code, or of a piece out of a list of layers."""
    try:
        return ast.parse(plain)
    except SyntaxError:
        try:
            return ast.parse(f"[{plain}\n]")
        except SyntaxError:
            pass
        raise


def _plain(text: str) -> str:
    """The code without the marks around it in notebooks and notes, line by line."""
    lines = text.expandtabs(8).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").split("\n")
    lines = ["" if _FENCE.match(line) else line for line in lines]
    if any(line.startswith(">>>") for line in lines):
        lines = [_PROMPT.sub("", line) if _PROMPT.match(line) else "" for line in lines]
    return textwrap.dedent("\n".join(lines))


def _told(error: SyntaxError) -> str:
    reason = (error.msg or "this is not understood").rstrip(".")[:160]
    shown = (error.text or "").strip()[:60]
    return f"this is no Python code ({reason}){f': {shown}' if shown.isprintable() and shown else ''}."


def _check_size(tree: ast.Module) -> None:
    """Refuse trees that are too large or too deep, without recursion."""
    count, level = 0, list(ast.iter_child_nodes(tree))
    for _ in range(DEPTH):
        count += len(level)
        if count > PARTS:
            raise SnippetError(0, f"The code has more than {PARTS:,} parts; paste only the network.")
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    line = next((getattr(node, "lineno", 0) for node in level if getattr(node, "lineno", 0)), 0)
    raise SnippetError(line, f"this is nested more than {DEPTH} deep; write it in several steps.")
