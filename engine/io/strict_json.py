"""JSON that may come from anyone: read with limits, written so that changes are easy to see."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from engine.data.files import size_text
from engine.errors import FileError

JSON_LIMIT = 32 * 2**20
DEPTH_LIMIT = 64
#: Lines are folded at this width.
WIDTH = 110


def parse(data: bytes, name: str, limit: int = JSON_LIMIT) -> Any:
    """The value of a JSON text in UTF-8.

    Python's own reader takes NaN, infinity, repeated keys and halves of characters; this one
    does not, because saving them again would fail or lose something.

    Raises:
        FileError: naming the file and the place.
    """
    if len(data) > limit:
        raise FileError(f"'{name}' holds {size_text(len(data))}; at most {size_text(limit)} are read.")
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_object)
    except UnicodeDecodeError:
        raise _refused(name, "it is not text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise _refused(name, f"{error.msg} in line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise _refused(name, f"it is nested more than {DEPTH_LIMIT} deep") from None
    except ValueError as error:
        raise _refused(name, str(error)) from None
    try:
        _check(value, 0)
    except ValueError as error:
        raise _refused(name, str(error)) from None
    return value


def _refused(name: str, fault: str) -> FileError:
    return FileError(f"'{name}' is damaged: {fault}.")


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number that can be used")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"'{twice[:60]}' stands twice in one place")
    return found


def _check(value: Any, depth: int) -> None:
    if depth > DEPTH_LIMIT:
        raise ValueError(f"it is nested more than {DEPTH_LIMIT} deep")
    if isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth)
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, str):
        if any("\ud800" <= c <= "\udfff" for c in value):
            raise ValueError("it holds half of a character (a lone surrogate)")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("it holds a number too large to be used")
    elif isinstance(value, int) and abs(value) >= 2**63:
        raise ValueError("it holds a whole number of more than 63 bits")


def dump(value: Any) -> bytes:
    """The JSON text of a value: keys in the given order, short things on one line each."""
    # Halves of characters cannot be stored; a question mark keeps the rest of the name.
    return (_text(value, 0, 0) + "\n").encode("utf-8", "replace")


def _text(value: Any, depth: int, used: int) -> str:
    compact = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not isinstance(value, (dict, list)) or not value:
        return compact
    if depth > 1 and 2 * depth + used + len(compact) <= WIDTH:
        return compact
    pad, end = "  " * (depth + 1), "  " * depth
    if isinstance(value, list):
        items = [_text(item, depth + 1, 0) for item in value]
        return "[\n" + ",\n".join(pad + item for item in items) + f"\n{end}]"
    lines = []
    for key, item in value.items():
        start = json.dumps(key, ensure_ascii=False) + ": "
        lines.append(pad + start + _text(item, depth + 1, len(start)))
    return "{\n" + ",\n".join(lines) + f"\n{end}}}"
