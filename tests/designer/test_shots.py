"""The command that takes pictures of everything."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu, QWidget

from designer.shots.__main__ import main
from designer.shots.composed import composed
from designer.shots.scene import Scene
from designer.shots.shots import SCENES, run
from designer.tour.hand import TourError

#: Scenes that wait for what tells them from all others; the rest only give a panel the time it takes mostly.
SURE = (
    "network", "data-empty", "problems-empty", "menu-layer", "menu-canvas", "layer-picker", "menu-file", "menu-help",
    "trained", "inside", "results", "export", "save", "message", "compare", "unsaved", "recovery", "what-is-this",
    "keys", "about", "large-far",
)  # fmt: skip

# The offscreen platform says of each pop-up what it cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_every_scene_has_a_picture(dressed, tmp_path: Path, capsys) -> None:
    assert main([str(tmp_path), "--size", "1280x800", "--theme", "light"]) == 0, capsys.readouterr().err
    names = {f"{scene.name}-light-1280x800.png" for scene in SCENES}
    assert {path.name for path in tmp_path.glob("*.png")} == names
    pictures = {name: QImage(str(tmp_path / name)) for name in names}
    for name, picture in pictures.items():
        assert picture.size() == QSize(1280, 800), name
        assert len({picture.pixel(x, y) for x in range(0, 1280, 9) for y in range(0, 800, 9)}) > 8, name
    sure = [f"{scene}-light-1280x800.png" for scene in SURE]
    assert [pair for pair in combinations(sure, 2) if pictures[pair[0]] == pictures[pair[1]]] == []
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert all(name in page for name in names)


def test_only_what_is_wanted_is_pictured_in_each_theme(dressed, tmp_path: Path) -> None:
    beginning = SCENES[:12]
    assert run(tmp_path, ("light", "dark"), (QSize(900, 700),), beginning, ("new-project",)) == 0
    assert {path.name for path in tmp_path.glob("*.png")} == {
        "new-project-light-900x700.png", "new-project-dark-900x700.png",
    }  # fmt: skip


def test_a_scene_that_cannot_be_set_is_named(dressed, tmp_path: Path, capsys) -> None:
    def never(_journey):
        raise TourError("nothing came")
        yield

    assert run(tmp_path, ("light",), (QSize(800, 600),), (Scene("never", "Never to be seen", never),)) == 1
    assert "'Never to be seen' (never) cannot be seen: nothing came." in capsys.readouterr().err
    assert (tmp_path / "failed-never.png").is_file()


def test_names_and_captions_are_told_apart() -> None:
    assert len({scene.name for scene in SCENES}) == len({scene.caption for scene in SCENES}) == len(SCENES)


def test_what_stands_over_the_window_is_in_its_picture(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 200)
    window.show()
    before = composed(window).toImage()
    menu = QMenu(window)
    menu.addAction("Something")
    menu.popup(window.mapToGlobal(window.rect().center()))
    qtbot.waitUntil(menu.isVisible)
    assert composed(window).toImage() != before
    menu.close()
