"""Removed layers step aside for what stands where they stood, and very many of them are not all drawn."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QLabel

from designer.canvas import difference
from designer.canvas.cards import Cards
from designer.canvas.difference import GHOSTS, STEPS, Difference
from designer.canvas.geometry import NODE_WIDTH
from engine.project import Project
from tests.designer.canvas.stagehand import Stagehand, chain, layer


def removed(stage: Stagehand, count: int, step: float) -> tuple[Difference, list[QRectF]]:
    """Compare with a network that had so many layers more, and where they are drawn."""
    graph = chain(layer("Input", shape=(4,)), *[layer("Dense", units=3)] * (count + 3), step=step)
    strip = Difference(stage.view)
    strip.begin(Project(graph=graph), "before")
    return strip, [mark.rect for mark in strip.marks() if mark.kind == "removed"]


def test_removed_layers_stand_clear_of_all_others(stage: Stagehand) -> None:
    _strip, ghosts = removed(stage, 30, 40.0)
    cards = [item.box.rect for item in stage.scene.nodes.values()]
    assert len(ghosts) == 30
    for place, ghost in enumerate(ghosts):
        assert not any(ghost.intersects(other) for other in (*cards, *ghosts[:place]))


def test_of_very_many_removed_layers_some_are_drawn_and_all_counted(stage: Stagehand) -> None:
    strip, ghosts = removed(stage, 300, 0.0)
    assert len(ghosts) == GHOSTS
    assert max(ghost.left() for ghost in ghosts) <= (STEPS + 1) * (NODE_WIDTH + 32)
    label = next(one for one in strip.findChildren(QLabel) if one.text() == "300 removed")
    assert "first 200" in label.toolTip()
    strip.begin(stage.document.project, "itself")
    assert label.text() == "0 removed" and not label.toolTip()


def test_each_removed_layer_looks_once_for_what_is_in_its_way(stage: Stagehand, monkeypatch) -> None:
    looks: list[QRectF] = []

    class Counted(Cards):
        def near(self, place: QRectF) -> list[QRectF]:
            looks.append(place)
            return super().near(place)

    monkeypatch.setattr(difference, "Cards", Counted)
    strip, _ghosts = removed(stage, 120, 0.0)
    looks.clear()
    assert len(strip.marks()) >= 120
    assert len(looks) == 120
