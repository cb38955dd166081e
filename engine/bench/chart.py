"""A chart of ratios as SVG."""

from __future__ import annotations

from collections.abc import Mapping

#: Sizes in pixels: a bar with its gap, the names at the left, the bars, and the margin around all.
LINE, NAMES, LENGTH, MARGIN = 34, 120, 460, 24
HEAD = 64
INK, QUIET, BAR, PAPER = "#1f2733", "#6b7685", "#2f6fde", "#ffffff"
FONT = "font-family='sans-serif'"


def ratio_chart(ratios: Mapping[str, float], peer: str = "PyTorch") -> str:
    """Bars of how many times as fast as the peer the engine is, with a line where both are equal.

    Args:
        ratios: by workload, the engine's time divided by the peer's.
        peer: its name.
    """
    speeds = {name: 1.0 / ratio for name, ratio in ratios.items()}
    top = max(2.0, *speeds.values())
    width = NAMES + LENGTH + 60 + 2 * MARGIN
    height = HEAD + LINE * len(speeds) + 40 + MARGIN
    left = MARGIN + NAMES
    equal = left + LENGTH / top
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'>",
        f"<rect width='{width}' height='{height}' fill='{PAPER}'/>",
        f"<text x='{MARGIN}' y='40' {FONT} font-size='17' fill='{INK}'>Times as fast as {peer}, fastest updates</text>",
    ]
    for place, (name, speed) in enumerate(speeds.items()):
        y = HEAD + LINE * place
        size = max(1.0, LENGTH * speed / top)
        parts += [
            f"<text x='{left - 12}' y='{y + 17}' {FONT} font-size='14' fill='{INK}' text-anchor='end'>{name}</text>",
            f"<rect x='{left}' y='{y + 2}' width='{size:.1f}' height='20' rx='3' fill='{BAR}'/>",
            f"<text x='{left + size + 8:.1f}' y='{y + 17}' {FONT} font-size='14' fill='{INK}'>{speed:.2f}</text>",
        ]
    foot = HEAD + LINE * len(speeds)
    parts += [
        f"<line x1='{equal:.1f}' y1='{HEAD - 6}' x2='{equal:.1f}' y2='{foot + 4}' stroke='{INK}' "
        "stroke-dasharray='4 3'/>",
        f"<text x='{equal:.1f}' y='{foot + 22}' {FONT} font-size='13' fill='{QUIET}' text-anchor='middle'>equal</text>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
