"""What an earlier project leaves behind when another one is shown: nothing."""

from __future__ import annotations

from pathlib import Path

from engine.io import Opened, save_project
from tests.designer.window.conftest import answer, settled, small


def test_a_project_opened_after_discarded_work_is_unchanged(qtbot, window, tmp_path: Path) -> None:
    save_project(tmp_path / "p1.loom", small(), None)
    window.files.show_recovered(Opened(small(), None), None)  # as for work that was imported or brought back
    assert window.files.has_unsaved_work
    window.files.open_folder(tmp_path / "p1.loom")
    answer(window, "discard")
    settled(qtbot, window)

    assert window.files.name == "p1"
    assert not window.files.has_unsaved_work
    assert not window.isWindowModified()
