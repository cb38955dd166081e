"""``python -m designer.tour --out DIR [--theme light|dark|both] [--size 1280x800]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QSize, QtMsgType, qInstallMessageHandler

from designer.tour.tour import run

THEMES = {"light": ("light",), "dark": ("dark",), "both": ("light", "dark")}


def size_of(text: str) -> QSize:
    """Read ``1280x800``.

    Raises:
        ValueError: it is something else.
    """
    width, height = (int(part) for part in text.lower().split("x"))
    if not (640 <= width <= 8000 and 480 <= height <= 8000):
        raise ValueError(text)
    return QSize(width, height)


def pass_on(_kind: QtMsgType, _place: QMessageLogContext, text: str) -> None:
    """Print what Qt says, but for what its platform without a display cannot do anyway."""
    if "plugin does not support" not in text:
        print(text, file=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Walk through the main job and report; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="tour",
        description="Works the real window with mouse and keys: draws a network, trains it on handwritten digits, "
        "saves, reopens and trains on; checks every step and leaves a picture of each.",
    )
    parser.add_argument("--out", type=Path, default=Path("tour"), help="folder for the pictures (default: tour)")
    parser.add_argument("--theme", choices=THEMES, default="both", help="light, dark or both (default)")
    parser.add_argument("--size", type=size_of, default=size_of("1280x800"), help="of the window (default: 1280x800)")
    given = parser.parse_args(argv)
    qInstallMessageHandler(pass_on)
    return run(given.out, THEMES[given.theme], given.size)


if __name__ == "__main__":
    sys.exit(main())
