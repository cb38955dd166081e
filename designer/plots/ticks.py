"""Where an axis has its marks, and what stands beside them. Pure functions, no Qt."""

from __future__ import annotations

import math

Mark = tuple[float, str]

_CLOCK = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
_FACTORS = (1.0, 2.0, 5.0, 10.0)


def marks(kind: str, low: float, high: float, most: int) -> list[Mark]:
    """Marks between two ends.

    Args:
        kind: ``number``, ``whole`` (no fractions), ``time`` (seconds) or ``log`` (positions are powers of ten).
        low: one end.
        high: the other end.
        most: about how many marks have room.

    Returns:
        Positions with their texts; none when the ends are not two different numbers.
    """
    if not (math.isfinite(low) and math.isfinite(high) and high > low):
        return []
    if kind == "log":
        return _log_marks(low, high, most)
    spacing = _time_spacing(low, high, most) if kind == "time" else nice((high - low) / max(most, 1))
    if kind == "whole":
        spacing = max(spacing, 1.0)
    first, last = math.ceil(low / spacing - 1e-9), math.floor(high / spacing + 1e-9)
    places = [number * spacing for number in range(first, last + 1)]
    if kind == "time":
        return [(place, clock(place)) for place in places]
    return [(place, short(place, spacing)) for place in places]


def nice(spacing: float) -> float:
    """The next larger of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(spacing))
    return next(factor * power for factor in _FACTORS if factor * power >= spacing * (1 - 1e-9))


def _time_spacing(low: float, high: float, most: int) -> float:
    wanted = (high - low) / max(most, 1)
    if wanted < 1:
        return nice(wanted)
    return float(next((step for step in _CLOCK if step >= wanted), 86400 * math.ceil(wanted / 86400)))


def _log_marks(low: float, high: float, most: int) -> list[Mark]:
    decades = high - low
    if decades > max(most, 1):
        step = math.ceil(decades / max(most, 1))
        return [(float(n), power_text(n)) for n in range(math.ceil(low), math.floor(high) + 1) if n % step == 0]
    for digits in ((1,), (1, 3), (1, 2, 5), tuple(range(1, 10))):
        found = _digit_marks(low, high, digits)
        if len(found) >= min(3, most):
            return found[:: -(-len(found) // max(2 * most, 1))]
    # Less than a third of a decade: even steps of the value itself read best.
    ends = 10.0**low, 10.0**high
    return [(math.log10(place), text) for place, text in marks("number", *ends, most) if place > 0]


def _digit_marks(low: float, high: float, digits: tuple[int, ...]) -> list[Mark]:
    decades = range(math.floor(low) - 1, math.ceil(high) + 1)
    places = [(n + math.log10(digit), n, digit) for n in decades for digit in digits]
    return [(place, power_text(n, digit)) for place, n, digit in places if low <= place <= high]


def power_text(exponent: int, digit: int = 1) -> str:
    """A digit times a power of ten."""
    if -4 <= exponent < 0:
        return f"{digit * 10.0**exponent:.{-exponent}f}"
    return short(digit * 10.0**exponent, 1.0) if 0 <= exponent < 15 else f"{digit}e{exponent}"


def short(value: float, spacing: float) -> str:
    """A number with the digits that its neighbours at such a distance need, and k, M, G for large ones."""
    for limit, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= limit or (value == 0 and spacing >= limit):
            unit = 1e3 if letter == "k" else limit
            return "0" if value == 0 else _decimals(value / unit, spacing / unit) + letter
    if value != 0 and spacing < 1e-4:
        return f"{value:.{max(1, math.ceil(math.log10(abs(value) / spacing)))}e}"
    return _decimals(value, spacing)


def _decimals(value: float, spacing: float) -> str:
    places = max(0, math.ceil(-math.log10(spacing) - 1e-9))
    text = f"{value:,.{places}f}"
    return text.removeprefix("-") if not value or float(text.replace(",", "")) == 0 else text


def clock(seconds: float) -> str:
    """A duration as one reads it off a clock: ``0.5 s``, ``42 s``, ``3:05``, ``2:03:05``."""
    if abs(seconds) < 60:
        return f"{seconds:g} s"
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def figure(value: float) -> str:
    """A measured value with four digits that matter."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "infinite"
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        digits = 4 if value == 0 else max(0, 3 - math.floor(math.log10(abs(value))))
        return f"{value:,.{min(digits, 4)}f}"
    return f"{value:.3e}"
