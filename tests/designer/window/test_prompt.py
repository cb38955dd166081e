"""Everything that can be done, found by a few letters: with real keys in the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from designer.model.matching import Match
from designer.panels.data import DataPanel
from designer.theme import apply_theme
from designer.window.commands import COMMANDS, REASONS
from designer.window.main_window import MainWindow
from designer.window.prompt.offer import Found, Offer, found_offers
from designer.window.prompt.prompt import Prompt
from designer.window.settings import list_setting, remember
from engine import registry
from tests.designer.window.test_main_window import begun, press


def opened(window: MainWindow, typed: str = "") -> Prompt:
    prompt = window.aids.prompt
    press(window, "k")
    assert prompt.isVisible() and prompt.field.hasFocus()
    QTest.keyClicks(prompt.field, typed)
    return prompt


def key(window: MainWindow, pressed: Qt.Key) -> None:
    QTest.keyClick(window.windowHandle(), pressed)


def texts(prompt: Prompt) -> list[str]:
    return [offer.text for offer in prompt.shown]


def test_offers_every_command_with_its_key_and_what_it_does(window) -> None:
    prompt = opened(window)
    by_id = {offer.id: offer for offer in prompt.shown}
    for command in COMMANDS:
        if command.id == "prompt":
            continue
        offer = by_id[f"command:{command.id}"]
        assert offer.detail == command.tip
        assert "&" not in offer.text
        assert bool(offer.keys) == bool(command.keys)
        assert bool(offer.reason) != window.commands[command.id].isEnabled()
    assert by_id["canvas:rename"].keys == "F2"
    assert by_id["canvas:rename"].reason == REASONS["has_selected_nodes"]
    assert by_id["command:save"].kind == "File"
    assert {"panel:data", "add:Conv2D"} <= by_id.keys()


def test_enter_runs_and_the_keyboard_comes_back(window) -> None:
    window.canvas.setFocus()
    prompt = opened(window, "dark th")
    assert texts(prompt)[0] == "Dark theme"
    key(window, Qt.Key.Key_Return)
    try:
        assert window.appearance.is_dark
        assert not prompt.isVisible()
        assert window.canvas.hasFocus()
    finally:
        window.appearance.use_light()


def test_escape_closes_and_gives_the_keyboard_back(window) -> None:
    field = window.findChild(QLineEdit, "palette-search")
    field.setFocus()
    field.setText("conv")
    prompt = opened(window, "quit")
    key(window, Qt.Key.Key_Escape)
    assert not prompt.isVisible() and field.hasFocus()
    assert field.text() == "conv"
    assert window.isVisible()


def test_the_key_closes_it_too(window) -> None:
    prompt = opened(window, "s")
    press(window, "k")
    assert not prompt.isVisible()


def test_arrows_choose(window) -> None:
    prompt = opened(window, "zoom")
    names = texts(prompt)
    assert {"Zoom in", "Zoom out"} <= set(names)
    key(window, Qt.Key.Key_Down)
    assert prompt.current.text == names[1]
    key(window, Qt.Key.Key_Up)
    key(window, Qt.Key.Key_Up)
    assert prompt.current.text == names[-1]
    key(window, Qt.Key.Key_PageUp)
    assert prompt.current.text == names[0]
    assert prompt.field.accessibleDescription().startswith(names[0])


def test_what_cannot_be_done_says_why_and_stays(window) -> None:
    prompt = opened(window, "undo")
    assert prompt.current.reason == REASONS["can_undo"]
    assert prompt.foot.text() == REASONS["can_undo"]
    key(window, Qt.Key.Key_Return)
    assert prompt.isVisible()
    key(window, Qt.Key.Key_Escape)


def test_every_reason_belongs_to_a_command() -> None:
    assert set(REASONS) <= {command.enabled for command in COMMANDS}


def test_goes_to_a_layer_of_the_network(qtbot, window) -> None:
    begun(qtbot, window)
    prompt = opened(window, "go flat")
    assert prompt.current.id == "node:flatten"
    assert "784" in prompt.current.detail
    key(window, Qt.Key.Key_Return)
    assert window.selection.nodes == {"flatten"}
    assert window.canvas.hasFocus()


def test_adds_a_layer_after_the_selected_one(qtbot, window) -> None:
    begun(qtbot, window)
    window.selection.set({"flatten"})
    prompt = opened(window, "add drop")
    assert prompt.current.text == "Add Dropout"
    key(window, Qt.Key.Key_Return)
    graph = window.document.project.graph
    assert [edge.target for edge in graph.out_of("flatten")] == ["dropout"]
    assert window.selection.nodes == {"dropout"}


def test_leads_the_keyboard_into_a_panel(window) -> None:
    opened(window, "panel data")
    key(window, Qt.Key.Key_Return)
    assert window.focusWidget().objectName() == "data-source"


def test_nothing_found_is_said(window) -> None:
    prompt = opened(window, "zzzz")
    assert not prompt.shown and not prompt.list.isVisible()
    assert "Nothing" in prompt.foot.text()
    key(window, Qt.Key.Key_Return)
    assert prompt.isVisible()
    key(window, Qt.Key.Key_Escape)


def test_used_last_comes_first(window) -> None:
    for typed in ("fit the", "actual"):
        opened(window, typed)
        key(window, Qt.Key.Key_Return)
    prompt = opened(window)
    assert texts(prompt)[:2] == ["Actual size", "Fit the network"]
    assert list_setting("prompt/recent") == ["command:zoom-reset", "command:fit"]
    key(window, Qt.Key.Key_Escape)


@pytest.mark.parametrize("kept", ["command:fit", 7, [], ["command:fit", "command:gone"], b"x"])
def test_what_was_remembered_may_be_anything(window, kept: object) -> None:
    remember("prompt/recent", kept)
    prompt = opened(window)
    assert len(prompt.shown) > 50
    key(window, Qt.Key.Key_Escape)


def test_a_click_runs(window) -> None:
    prompt = opened(window, "actual size")
    window.canvas.zoom_to(2.0)
    QTest.mouseClick(prompt.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 20))
    assert window.canvas.zoom == 1.0
    assert not prompt.isVisible()


def test_a_click_elsewhere_closes(window) -> None:
    prompt = opened(window)
    window.findChild(QLineEdit, "palette-search").setFocus(Qt.FocusReason.MouseFocusReason)
    assert not prompt.isVisible()
    assert window.focusWidget().objectName() == "palette-search"


def test_a_question_locks_it(window) -> None:
    window.files.new()
    press(window, "k")
    assert not window.aids.prompt.isVisible()
    key(window, Qt.Key.Key_Escape)


def test_fits_small_windows_and_both_themes(qapp, window) -> None:
    prompt = opened(window)
    for size in ((1280, 800), (700, 420)):
        window.resize(*size)
        assert window.rect().contains(prompt.geometry())
    apply_theme(qapp, "dark")
    assert prompt.grab().toImage().pixelColor(20, 20).lightness() < 100
    apply_theme(qapp, "light")
    assert prompt.grab().toImage().pixelColor(20, 20).lightness() > 200
    key(window, Qt.Key.Key_Escape)


def test_the_name_of_a_layer_never_takes_a_step_back(window) -> None:
    window.canvas.add_layer(registry.layers.get("Dense"))
    count = len(window.document.project.graph.nodes)
    prompt = opened(window, "dense")
    assert all("Undo" not in text for text in texts(prompt))
    prompt.field.setText("add dense")
    assert texts(prompt)[0] == "Add Dense"
    key(window, Qt.Key.Key_Return)
    assert len(window.document.project.graph.nodes) == count + 1
    assert "command:undo" in [offer.id for offer in opened(window, "undo").shown][:1]
    key(window, Qt.Key.Key_Return)
    assert len(window.document.project.graph.nodes) == count


def test_a_setting_is_entered_by_its_name(window) -> None:
    opened(window, "epochs")
    key(window, Qt.Key.Key_Return)
    QTest.keyClicks(window.focusWidget(), "7")
    key(window, Qt.Key.Key_Tab)
    assert window.document.project.training.epochs == 7
    opened(window, "shuffle")
    key(window, Qt.Key.Key_Return)
    key(window, Qt.Key.Key_Space)
    assert not window.document.project.training.shuffle


def test_data_are_found_by_their_name_and_shown_before_they_are_used(window, qtbot) -> None:
    prompt = opened(window, "mnist")
    assert texts(prompt)[0].startswith("Data: MNIST")
    key(window, Qt.Key.Key_Return)
    panel = window.findChild(DataPanel)
    assert panel.isVisible() and panel.combo.currentData() == "Mnist"
    qtbot.waitUntil(panel.combo.hasFocus)
    qtbot.waitUntil(panel.use.isVisible)
    assert window.document.project.source is None
    panel.use.click()
    assert window.document.project.source == registry.sources.get("Mnist")()


def test_networks_to_begin_with_are_found(window) -> None:
    opened(window, "lenet")
    key(window, Qt.Key.Key_Return)
    assert len(window.document.project.graph.nodes) > 5


def offer(text: str, rank: int = 0) -> Offer:
    return Offer(text, text, "", "", print, rank=rank)


def test_good_fits_of_layers_beat_poor_ones_of_commands() -> None:
    offers = [offer("Duplicate entries never seen"), offer("Go to dense", 2), offer("Add Dense", 3)]
    assert [found.offer.text for found in found_offers(offers, "dense")] == [
        "Go to dense",
        "Add Dense",
        "Duplicate entries never seen",
    ]
    alike = [offer("Add fit", 3), offer("Go fit", 2), offer("Fit")]
    assert [found.offer.text for found in found_offers(alike, "fit")] == ["Fit", "Go fit", "Add fit"]


def test_without_letters_the_order_stays() -> None:
    offers = [offer("b"), offer("c", 1), offer("a")]
    assert [found.offer.text for found in found_offers(offers, " ")] == ["b", "a", "c"]
    assert [found.offer.text for found in found_offers(offers, "", ["c"])] == ["c", "b", "a"]


def test_names_are_no_markup_in_tips(window) -> None:
    prompt = opened(window)
    text = "To <img src='/etc/passwd'>"
    prompt.rows.show([Found(Offer("one", "One", text, "", window.close), Match(0, frozenset()))])
    tip = prompt.rows.data(prompt.rows.index(0), Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip
    assert QTextDocumentFragment.fromHtml(tip).toPlainText() == text
    assert prompt.rows.data(prompt.rows.index(0), Qt.ItemDataRole.AccessibleDescriptionRole) == text
