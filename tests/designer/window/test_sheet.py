from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QPushButton

from designer.window.message_bar import MessageBar
from designer.window.sheet import Answer, Sheet

ANSWERS = (
    Answer("save", "Save", "Save it.", "primary"),
    Answer("discard", "Don't save", "Lose it."),
    Answer("cancel", "Cancel", "Stay.", "quiet"),
)


def opened(qtbot) -> tuple[QMainWindow, Sheet]:
    window = QMainWindow()
    qtbot.addWidget(window)
    field = QLineEdit(window)
    window.setCentralWidget(field)
    sheet = Sheet(window)
    window.resize(800, 500)
    window.show()
    field.setFocus()
    return window, sheet


def test_a_click_answers_and_closes(qtbot) -> None:
    window, sheet = opened(qtbot)
    heard: list[str] = []
    sheet.ask("Save changes?", "They would be lost.", ANSWERS, heard.append)
    assert sheet.is_open
    assert sheet.geometry() == window.rect()
    button = sheet.findChild(QPushButton, "sheet-discard")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard == ["discard"]
    assert not sheet.isVisible()


def test_escape_takes_the_harmless_answer(qtbot) -> None:
    _, sheet = opened(qtbot)
    heard: list[str] = []
    sheet.ask("Save changes?", "", ANSWERS, heard.append)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert heard == ["cancel"]


def test_a_click_beside_the_card_leaves_the_keyboard_with_the_answers(qtbot) -> None:
    window, sheet = opened(qtbot)
    heard: list[str] = []
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    sheet.ask("Save changes?", "", ANSWERS, heard.append)
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.rect().bottomRight() - QPoint(4, 4))
    assert sheet.isVisible() and window.focusWidget() is sheet.findChild(QPushButton, "sheet-save")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert heard == ["save"]


def test_a_second_question_answers_the_first_harmlessly(qtbot) -> None:
    _, sheet = opened(qtbot)
    heard: list[str] = []
    sheet.ask("One?", "", ANSWERS, lambda key: heard.append(f"one {key}"))
    sheet.ask("Two?", "", ANSWERS, lambda key: heard.append(f"two {key}"))
    assert heard == ["one cancel"]
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert heard == ["one cancel", "two cancel"]


def test_follows_the_size_of_the_window(qtbot) -> None:
    window, sheet = opened(qtbot)
    sheet.ask("Save changes?", "", ANSWERS, lambda _key: None)
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: sheet.geometry() == window.rect())


def test_choices_stand_one_below_the_other(qtbot) -> None:
    _, sheet = opened(qtbot)
    heard: list[str] = []
    sheet.ask("Begin with?", "", ANSWERS, heard.append, stacked=True)
    qtbot.waitUntil(lambda: sheet.findChild(QPushButton, "sheet-save").width() > 0)
    save, discard = sheet.findChild(QPushButton, "sheet-save"), sheet.findChild(QPushButton, "sheet-discard")
    assert save.geometry().bottom() < discard.geometry().top()
    assert save.geometry().left() == discard.geometry().left()
    QTest.mouseClick(save, Qt.MouseButton.LeftButton)
    assert heard == ["save"]


def test_message_can_be_copied_and_closed(qtbot) -> None:
    window, _ = opened(qtbot)
    bar = MessageBar(window)
    bar.show_message("The file is damaged. Choose another one.")
    assert bar.isVisible()
    QTest.mouseClick(bar.findChild(QPushButton, "message-copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "The file is damaged. Choose another one."
    QTest.mouseClick(bar.findChild(QPushButton, "message-close"), Qt.MouseButton.LeftButton)
    assert not bar.isVisible()


def test_message_is_plain_text(qtbot) -> None:
    window, _ = opened(qtbot)
    bar = MessageBar(window)
    bar.show_message("<b>not bold</b>")
    assert bar.text == "<b>not bold</b>"
    assert bar._text.textFormat() == Qt.TextFormat.PlainText
    bar.hide()


def test_message_offers_an_action(qtbot) -> None:
    window, _ = opened(qtbot)
    bar = MessageBar(window)
    bar.show_message("Old file.", "warning", "Show it", "Show the file.")
    with qtbot.waitSignal(bar.acted):
        QTest.mouseClick(bar.findChild(QPushButton, "message-action"), Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
