"""Where the shipped files lie."""

from __future__ import annotations

from pathlib import Path

#: Folder of data sets, fonts and icons that come with the program.
RESOURCES = Path(__file__).resolve().parents[1] / "resources"
