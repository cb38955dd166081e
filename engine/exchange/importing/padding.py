"""Zeros in front of a convolution, said as the convolution's own padding where that is exactly the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.exchange.importing.outline import Call, Outline

#: Layers of zeros, and the convolutions that may take them over.
CONVOLUTIONS: Mapping[str, str] = {f"ZeroPadding{n}D": f"Conv{n}D" for n in (1, 2, 3)}


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
        if call.layer.kind in CONVOLUTIONS and len(used) == 1 and call.key not in ends and len(call.sources) == 1:
            padding = _padding(call, outline.calls[used[0]])
            if padding:
                found[call.key] = (used[0], padding)
    return found


def _padding(zeros: Call, conv: Call) -> str:
    """``full`` or ``same``, or nothing where the convolution has no such padding."""
    settings, count = conv.layer.settings, int(zeros.layer.kind[-2])
    around = _around(zeros.layer.settings.get("padding", 1), count)
    if conv.layer.kind != CONVOLUTIONS[zeros.layer.kind] or settings.get("padding", "valid") != "valid":
        return ""
    if around is None or _format(zeros) != _format(conv):
        return ""
    kernel, strides, dilation = (_sizes(settings.get(k, 1), count) for k in ("kernel_size", "strides", "dilation_rate"))
    if kernel is None or strides is None or dilation is None:
        return ""
    reach = [(size - 1) * step for size, step in zip(kernel, dilation, strict=True)]
    if all(side == (r, r) for side, r in zip(around, reach, strict=True)):
        return "full"
    half = all(r % 2 == 0 and side == (r // 2, r // 2) for side, r in zip(around, reach, strict=True))
    return "same" if half and set(strides) == {1} else ""


def _format(call: Call) -> Any:
    return call.layer.settings.get("data_format") or "channels_last"


def _sizes(value: Any, count: int) -> tuple[int, ...] | None:
    if type(value) is int:
        return (value,) * count
    if isinstance(value, list) and len(value) == count and all(type(n) is int for n in value):
        return tuple(value)
    return None


def _around(value: Any, count: int) -> list[tuple[int, ...]] | None:
    """Zeros before and after each axis."""
    if isinstance(value, list) and len(value) == 2 * count and all(type(n) is int for n in value):
        return [(value[2 * n], value[2 * n + 1]) for n in range(count)]
    if isinstance(value, list) and len(value) == count and any(isinstance(side, list) for side in value):
        sides = [side for side in (_sizes(side, 2) for side in value) if side is not None]
        return sides if len(sides) == count else None
    alike = _sizes(value, count)
    return [(size, size) for size in alike] if alike is not None else None


def with_padding(settings: Mapping[str, Any], padding: str) -> dict[str, Any]:
    """A convolution's settings with that padding."""
    return {**settings, "padding": padding}
