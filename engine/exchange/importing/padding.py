"""A ZeroPadding2D in front of a convolution, said as the convolution's own padding where that is exactly the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.exchange.importing.outline import Call, Outline


def absorbed(outline: Outline) -> dict[str, tuple[str, str]]:
    """Padding layers that can go: by call, the convolution and the padding that it gets."""
    users: dict[str, list[str]] = {}
    for call in outline.calls.values():
        for source in call.sources:
            users.setdefault(source.call, []).append(call.key)
    ends = {source.call for source in outline.outputs}
    found = {}
    for call in outline.calls.values():
        used = users.get(call.key, [])
        if call.layer.kind == "ZeroPadding2D" and len(used) == 1 and call.key not in ends and len(call.sources) == 1:
            padding = _padding(call, outline.calls[used[0]])
            if padding:
                found[call.key] = (used[0], padding)
    return found


def _padding(zeros: Call, conv: Call) -> str:
    """``full`` or ``same``, or nothing where the convolution has no such padding."""
    settings = conv.layer.settings
    around = _around(zeros.layer.settings.get("padding", 1))
    if conv.layer.kind != "Conv2D" or settings.get("padding", "valid") != "valid" or around is None:
        return ""
    if _format(zeros) != _format(conv):
        return ""
    kernel, strides, dilation = (_pair(settings.get(k, 1)) for k in ("kernel_size", "strides", "dilation_rate"))
    if kernel is None or strides is None or dilation is None:
        return ""
    reach = [(size - 1) * step for size, step in zip(kernel, dilation, strict=True)]
    if all(side == (r, r) for side, r in zip(around, reach, strict=True)):
        return "full"
    half = all(r % 2 == 0 and side == (r // 2, r // 2) for side, r in zip(around, reach, strict=True))
    return "same" if half and strides == (1, 1) else ""


def _format(call: Call) -> Any:
    return call.layer.settings.get("data_format") or "channels_last"


def _pair(value: Any) -> tuple[int, int] | None:
    if type(value) is int:
        return value, value
    if isinstance(value, list) and len(value) == 2 and all(type(n) is int for n in value):
        return value[0], value[1]
    return None


def _around(value: Any) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Zeros (above, below), (left, right)."""
    if isinstance(value, list) and len(value) == 4 and all(type(n) is int for n in value):
        return (value[0], value[1]), (value[2], value[3])
    if isinstance(value, list) and len(value) == 2 and any(isinstance(side, list) for side in value):
        sides = [_pair(side) for side in value]
        return (sides[0], sides[1]) if sides[0] is not None and sides[1] is not None else None
    both = _pair(value)
    return ((both[0], both[0]), (both[1], both[1])) if both is not None else None


def with_padding(settings: Mapping[str, Any], padding: str) -> dict[str, Any]:
    """A convolution's settings with that padding."""
    return {**settings, "padding": padding}
