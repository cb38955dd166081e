"""The part of YAML that structures of networks are told in: mappings, lists, texts, numbers, true, false and null.

Texts of Keras 1 and 2 have it in both styles, with tuples marked as Python's. Nothing else is understood: a mark
for any other type, an anchor or an alias ends in a sentence, so no text can make anything but plain values.
"""

from __future__ import annotations

import json
import re
from typing import Any

from engine.errors import FileError

LONGEST, DEEPEST = 32 * 2**20, 64
_KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s\[\]{},:#&*!|>'"%@`-][^:\[\]{}]*?)\s*:(?:\s+(.*)|$)""")
_NUMBER = re.compile(r"[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?")
_WORDS = {"null": None, "~": None, "": None, "true": True, "True": True, "false": False, "False": False}
_TUPLE = "!!python/tuple"


def yaml_of(value: Any, indent: int = 0) -> str:
    """A value as YAML, one entry a line; texts are quoted, so no word is taken for something else."""
    pad = "  " * indent
    if isinstance(value, dict) and value:
        return "".join(f"{pad}{json.dumps(str(key))}:{_entry(item, indent)}" for key, item in value.items())
    if isinstance(value, (list, tuple)) and value:
        return "".join(f"{pad}-{_entry(item, indent)}" for item in value)
    return f"{pad}{json.dumps(value, allow_nan=False)}\n"


def _entry(item: Any, indent: int) -> str:
    nested = isinstance(item, (dict, list, tuple)) and bool(item)
    return "\n" + yaml_of(item, indent + 1) if nested else f" {json.dumps(item, allow_nan=False)}\n"


def value_of(text: str) -> Any:
    """The value that a YAML text means.

    Raises:
        FileError: it is none, or holds something else than plain values.
    """
    if len(text) > LONGEST:
        raise FileError(f"The YAML text has {len(text):,} characters; at most {LONGEST:,} are read.")
    reader = _Reader(text)
    value = reader.block(0, 0)
    if reader.lines:
        raise _fault(reader.lines[0][1])
    return value


def _fault(text: str) -> FileError:
    return FileError(f"The YAML text is not usable near '{text[:40]}'.")


class _Reader:
    """Reads blocks; the lines that are left stand in ``lines`` with their indentation."""

    def __init__(self, text: str) -> None:
        kept = [line.rstrip() for line in text.splitlines()]
        kept = [line for line in kept if line.strip() and not line.lstrip().startswith("#") and line != "---"]
        self.lines = [(len(line) - len(line.lstrip()), line.strip()) for line in kept]

    def block(self, least: int, depth: int) -> Any:
        """The value of the lines that begin at ``least`` or further in."""
        if depth > DEEPEST:
            raise FileError(f"The YAML text is nested more than {DEEPEST} deep.")
        if not self.lines or self.lines[0][0] < least:
            return None
        indent, text = self.lines[0]
        if text == "-" or text.startswith("- "):
            return self._sequence(indent, depth)
        if _KEY.match(text) and text[0] not in "[{":
            return self._mapping(indent, depth)
        return self._inline(self._take(), depth)

    def _take(self) -> str:
        return self.lines.pop(0)[1]

    def _sequence(self, indent: int, depth: int) -> list[Any]:
        found = []
        while self.lines and self.lines[0][0] == indent and (self.lines[0][1] + " ").startswith("- "):
            text = self._take()
            rest = text[1:].lstrip()
            if not rest or rest == _TUPLE:
                found.append(self.block(indent if rest else indent + 1, depth + 1))
            else:
                self.lines.insert(0, (indent + len(text) - len(rest), rest))
                found.append(self.block(indent + 1, depth + 1))
        return found

    def _mapping(self, indent: int, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self.lines and self.lines[0][0] == indent and not (self.lines[0][1] + " ").startswith("- "):
            match = _KEY.match(self.lines[0][1])
            if match is None:
                raise _fault(self.lines[0][1])
            self._take()
            key, rest = str(_scalar(match[1])), match[2] or ""
            if key in found:
                raise FileError(f"The YAML text names '{key[:40]}' twice.")
            if rest and rest != _TUPLE:
                found[key] = self._inline(rest, depth)
            else:  # a list may stand as far out as its key
                listed = bool(self.lines) and self.lines[0][0] == indent and self.lines[0][1].startswith("-")
                found[key] = self.block(indent if listed else indent + 1, depth + 1)
        return found

    def _inline(self, text: str, depth: int) -> Any:
        text = text.removeprefix(_TUPLE).strip()
        if text[:1] in ("[", "{"):
            parts = [text]
            while not _closed(text) and self.lines:
                parts.append(self._take())
                text = " ".join(parts)
            value, end = _flow(text, 0, depth)
            if text[end:].strip():
                raise _fault(text[end:])
            return value
        return _scalar(text)


def _closed(text: str) -> bool:
    plain = re.sub(r"""("(?:[^"\\]|\\.)*"|'[^']*')""", "", text)
    return plain.count("[") + plain.count("{") <= plain.count("]") + plain.count("}")


def _flow(text: str, place: int, depth: int) -> tuple[Any, int]:
    """A value written in brackets, and where it ends."""
    if depth > DEEPEST:
        raise FileError(f"The YAML text is nested more than {DEEPEST} deep.")
    place = _skipped(text, place)
    if text.startswith(_TUPLE, place):
        place = _skipped(text, place + len(_TUPLE))
    opening = text[place : place + 1]
    if opening not in ("[", "{"):
        return _flow_scalar(text, place)
    closing, place = {"[": "]", "{": "}"}[opening], _skipped(text, place + 1)
    items: list[Any] = []
    while text[place : place + 1] != closing:
        item, place = _flow(text, place, depth + 1)
        place = _skipped(text, place)
        if opening == "{":
            if text[place : place + 1] != ":":
                raise _fault(text[place:])
            value, place = _flow(text, place + 1, depth + 1)
            item, place = (str(item), value), _skipped(text, place)
        items.append(item)
        if text[place : place + 1] == ",":
            place = _skipped(text, place + 1)
        elif text[place : place + 1] != closing:
            raise _fault(text[place:])
    return (items if opening == "[" else dict(items)), place + 1


def _skipped(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _flow_scalar(text: str, place: int) -> tuple[Any, int]:
    found = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?:[^,\[\]{}:]|:(?=\S))*)""").match(text, place)
    assert found is not None
    return _scalar(found[0].strip()), found.end()


def _scalar(text: str) -> Any:
    if text.startswith('"'):
        try:
            return json.loads(text)
        except ValueError:
            raise _fault(text) from None
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return text[1:-1].replace("''", "'")
    if text[:1] in ("!", "&", "*", "|", ">", "%", "@", "`"):
        raise FileError(f"The YAML text holds '{text[:40]}', and only plain values are read.")
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        plain = text.replace("_", "")
        return float(plain) if set(plain) & set(".eE") else int(plain) if len(plain) < 20 else float(plain)
    return text
