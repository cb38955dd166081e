"""``python -m designer.shots [FOLDER] [--theme light|dark|both] [--size 1280x800]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import qInstallMessageHandler

from designer.shots.shots import SCENES, run
from designer.tour.__main__ import THEMES, pass_on, size_of

SIZES = ("1280x800", "1920x1080")


def main(argv: Sequence[str] | None = None) -> int:
    """Take the pictures; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="shots",
        description="Brings the real window into every state it has - panels, dialogs, questions, menus, help - and "
        "saves a picture of each, in both themes and two sizes, with a page that names them.",
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path("shots"), help="for the pictures (default: shots)")
    parser.add_argument("--theme", choices=THEMES, default="both", help="light, dark or both (default)")
    parser.add_argument(
        "--size", type=size_of, action="append", help=f"of the window; may be repeated (default: {', '.join(SIZES)})"
    )
    parser.add_argument(
        "--only", metavar="NAME", action="append", default=[], choices=[scene.name for scene in SCENES],
        help="take pictures of this scene only; may be repeated",
    )  # fmt: skip
    given = parser.parse_args(argv)
    qInstallMessageHandler(pass_on)
    return run(given.folder, THEMES[given.theme], given.size or [size_of(size) for size in SIZES], wanted=given.only)


if __name__ == "__main__":
    sys.exit(main())
