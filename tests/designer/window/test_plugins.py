"""The window shows what plug-ins add, and says which of them were skipped."""

from __future__ import annotations

from pathlib import Path

from tests.plugins import BROKEN, all_broken, example_files, ran, registered

USING = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import designer.app as start
from designer.panels.palette import Palette
from designer.window.main_window import MainWindow
from engine.registry import layers

def look():
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
    palette = window.findChild(Palette)
    palette.search.setText("reverse")
    palette.list.choose_current()
    print([node.layer.key for node in window.document.project.graph.nodes.values()])
    print([window.messages.isVisible(), window.messages.text])
    window.document.stack.undo()
    window.document.stack.setClean()
    window.close()

start.application()
QTimer.singleShot(1500, look)
sys.exit(start.main([]))
"""


def test_a_plug_in_s_layer_goes_from_the_palette_onto_the_canvas(tmp_path: Path) -> None:
    folder = registered(tmp_path / "turning", {"reverse": "reverse_layer"}, example_files())
    result = ran(USING, folder)

    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == ["['Reverse']", "[False, '']"]


def test_broken_plug_ins_are_told_of_and_the_window_works(tmp_path: Path) -> None:
    folder = registered(tmp_path / "turning", {"reverse": "reverse_layer"}, example_files())
    result = ran(USING, all_broken(tmp_path / "rubbish"), folder)

    assert result.returncode == 0, result.stderr
    layers, said = result.stdout.splitlines()
    assert layers == "['Reverse']"
    assert said.startswith("[True, ")
    assert said.count("was skipped") == len(BROKEN)
