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


def test_results_and_inside_keep_nothing_of_the_project_before(qtbot, window) -> None:
    window.files._show(small(), None, None)
    window.document.set_dataset(window.document.project.source.load(None))
    window.see_inside()
    qtbot.waitUntil(lambda: window._inside.prediction.bars.answer is not None, timeout=60_000)
    window.runner.start(window.document.project, window.document.dataset, None, epochs=1)
    qtbot.waitUntil(lambda: not window.runner.is_active, timeout=60_000)
    window._results.judge.verdict.judge()
    qtbot.waitUntil(lambda: window._results.judge.matrix.confusion is not None, timeout=60_000)
    window.files.new_from("empty")
    answer(window, "discard")

    assert window._results.judge.matrix.confusion is None
    assert window._inside.prediction.bars.answer is None
    assert window._inside.layers.strip.layers == ()
    assert not window.files.has_unsaved_work
