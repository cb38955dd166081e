"""What is this? Every component has a page, found by F1, by a button and by searching."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from designer.panels.form.slot import Chooser
from designer.theme import DARK, LIGHT, apply_theme, current_theme
from designer.window.explaining.book import Book
from designer.window.explaining.page import page, words
from engine import registry
from engine.component import Component
from engine.reference.entry import entry

OFFERED: list[type[Component]] = [
    cls for kind in registry.KINDS for cls in registry.registry(kind) if not getattr(cls, "hidden", False)
]


@pytest.fixture
def book(qtbot) -> Book:
    made = Book(None)
    qtbot.addWidget(made)
    return made


def listed(book: Book) -> list[str]:
    return [book.list.item(row).text() for row in range(book.list.count()) if book.list.item(row).data(Qt.UserRole)]


@pytest.mark.parametrize("kind", registry.KINDS)
def test_a_page_shows_all_that_is_declared(qapp: QApplication, kind: str) -> None:
    document = QTextDocument()
    for cls in (cls for cls in OFFERED if cls.kind == kind):
        found = entry(cls)
        for theme in (LIGHT, DARK):
            document.setHtml(page(found, theme))
            shown = " ".join(document.toPlainText().split())
            assert found.title in shown
            assert "``" not in shown
            for setting in found.settings:
                assert setting.name in shown
                assert " ".join(setting.help.replace("`", "").split()) in shown
            for names in found.counterparts.values():
                assert all(name in shown for name in names)


def test_code_within_sentences_is_marked() -> None:
    assert words("use ``a < b`` & `c`") == "use <code>a &lt; b</code> &amp; <code>c</code>"


def test_everything_is_listed_under_its_kind(book: Book) -> None:
    assert len(listed(book)) == len(OFFERED)
    items = [book.list.item(row) for row in range(book.list.count())]
    headings = [item.text() for item in items if not item.data(Qt.UserRole)]
    assert headings[:3] == ["Layers", "Activations", "Losses"]


def test_searching_finds_by_any_word_and_names_first(book: Book, qtbot) -> None:
    book.show()
    qtbot.keyClicks(book.search, "leaky")
    assert listed(book)[0].lower().startswith("leaky")
    book.search.setText("torch.nn.Linear")
    assert "Dense" in listed(book)
    book.search.setText("kernel height width filters")
    assert "Conv2D" in listed(book)
    book.search.setText("nothing of this kind exists")
    assert listed(book) == []
    assert book.nothing.isVisible()
    assert "nothing of this kind exists" in book.nothing.text()
    book.search.clear()
    assert len(listed(book)) == len(OFFERED)


def test_keys_lead_from_the_search_to_the_page(book: Book, qtbot) -> None:
    book.explain(None)
    qtbot.waitUntil(book.search.hasFocus)
    qtbot.keyClicks(book.search, "dropout")
    QTest.keyClick(book.search, Qt.Key.Key_Down)
    assert book.list.hasFocus()
    first = book.shown
    QTest.keyClick(book.list, Qt.Key.Key_Down)
    assert book.shown is not None and book.shown is not first
    assert book.shown.title in book.text.toPlainText()
    QTest.keyClick(book.list, Qt.Key.Key_Escape)
    assert not book.isVisible()


def test_the_page_follows_the_theme(book: Book, qapp: QApplication) -> None:
    before = current_theme().name
    book.explain(registry.layers.get("Dense"))
    try:
        for theme in (DARK, LIGHT):
            apply_theme(qapp, theme.name)
            assert theme.hover in book.text.toHtml()
    finally:
        apply_theme(qapp, before)


def test_f1_explains_the_selected_layer(window, qtbot) -> None:
    window.files.new_from("digits-dense")
    window.selection.set({"dense"})
    window.canvas.setFocus()

    window.commands["what"].trigger()

    assert window.explaining.book.isVisible()
    assert window.explaining.book.shown is registry.layers.get("Dense")
    assert "kernel_initializer" in window.explaining.book.text.toPlainText()
    assert window.commands["what"].shortcuts()[0].toString() == "F1"


def test_the_inspector_s_button_explains_its_layer(window) -> None:
    window.files.new_from("digits-dense")
    window.selection.set({"flatten"})
    button = window.docks["layer"].widget().findChild(QToolButton, "explain")

    QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    assert window.explaining.book.shown is registry.layers.get("Flatten")


def test_f1_explains_what_has_the_keyboard(window, qtbot) -> None:
    window.files.new_from("digits-dense")
    window.selection.set({"dense"})
    window.activateWindow()
    window.find_layer()
    window._palette.search.setText("max pooling")
    qtbot.waitUntil(window._palette.search.hasFocus)
    window.commands["what"].trigger()
    assert window.explaining.book.shown is window._palette.current
    assert "Pooling" in window._palette.current.key
    window.explaining.book.close()

    window._edit_parameters()
    window.activateWindow()
    chooser = next(c for c in window.docks["layer"].widget().findChildren(Chooser) if c.chosen is not None)
    chooser.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() in (chooser, chooser.lineEdit()))
    window.commands["what"].trigger()
    assert window.explaining.book.shown is chooser.chosen
    assert chooser.chosen.kind == "activation"


def test_without_anything_meant_the_search_is_ready(window, qtbot) -> None:
    window.canvas.setFocus()

    window.commands["what"].trigger()

    qtbot.waitUntil(window.explaining.book.search.hasFocus)
