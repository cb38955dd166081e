"""LeNet-5 by keyboard alone: data chosen, layers added, connected, configured, and trained, in the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from designer.window.main_window import MainWindow
from engine.graph import Edge

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
# The offscreen platform says of each pop-up what it cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

#: Kind, id, and what is typed into the form.
BELOW_FLATTEN = (
    ("Dense", "dense", {"units": "120", "activation": "tanh"}),
    ("Dense", "dense_1", {"units": "84", "activation": "tanh"}),
    ("Dense", "dense_2", {"units": "10", "activation": "softmax"}),
)
ABOVE_FLATTEN = (
    ("Conv2D", "conv2d", {"filters": "6", "kernel_size": "5", "padding": "same", "activation": "tanh"}),
    ("AveragePooling2D", "average_pooling2d", {}),
    ("Conv2D", "conv2d_1", {"filters": "16", "kernel_size": "5", "activation": "tanh"}),
    ("AveragePooling2D", "average_pooling2d_1", {}),
)


class Hands:
    """Ten fingers and no mouse."""

    def __init__(self, bot, window: MainWindow) -> None:
        self.bot, self.window = bot, window

    def press(self, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = NONE) -> None:
        if QApplication.activePopupWidget() is None:
            self.window.activateWindow()
        QTest.keyClick(self.window.windowHandle(), key, modifiers)

    def type(self, text: str) -> None:
        for letter in text:
            self.press(letter)

    def ask(self, words: str) -> None:
        """Find something in the prompt, and do it."""
        self.press("k", CTRL)
        assert self.window.aids.prompt.field.hasFocus()
        self.type(words)
        self.press(Qt.Key.Key_Return)
        assert not self.window.aids.prompt.isVisible()

    def tab_to(self, name: str) -> None:
        """Go from field to field until one is reached."""
        visited = []
        for _ in range(80):
            focus = self.window.focusWidget()
            place = focus
            while place is not None and place.objectName() != name:
                place = place.parentWidget()
            if place is not None:
                return
            visited.append(focus.objectName() if focus is not None else "")
            self.press(Qt.Key.Key_Tab)
        pytest.fail(f"Tab does not lead to {name} but through {visited}")

    def fill(self, name: str, text: str) -> None:
        """Replace what a field of the form holds: arriving by the keyboard has selected it."""
        self.tab_to(f"param-{name}")
        focus = self.window.focusWidget()
        if isinstance(focus, QComboBox) and not focus.isEditable():
            self.choose(text)
            return
        self.type(text)
        self.press(Qt.Key.Key_Return)

    def choose(self, text: str) -> None:
        """Open a list and choose by letters."""
        box = self.window.focusWidget()
        assert isinstance(box, QComboBox)
        self.press(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        for _ in range(9):
            self.type(text)
            if str(box.view().currentIndex().data()).lower().startswith(text.lower()):
                break
            QTest.qWait(600)  # letters that come too slowly are a search each; after a rest another one begins
        self.press(Qt.Key.Key_Return)


def choose_digits(hands: Hands) -> None:
    hands.ask("panel data")
    assert hands.window.focusWidget().objectName() == "data-source"
    hands.choose("MNIST")
    use = hands.window.findChild(type(hands.window.training.line), "data-use")
    hands.bot.waitUntil(lambda: use.isVisible() and use.isEnabled(), timeout=60_000)
    hands.tab_to("data-use")
    hands.press(Qt.Key.Key_Return)
    hands.bot.waitUntil(lambda: hands.window.document.dataset is not None, timeout=60_000)


def add(hands: Hands, kind: str, key: str, values: dict[str, str]) -> None:
    """A layer below the selected one, and its parameters."""
    hands.ask(f"add {kind}")
    assert hands.window.selection.only_node == key
    assert hands.window.canvas.hasFocus()
    if values:
        hands.press(Qt.Key.Key_Return)
        for name, text in values.items():
            hands.fill(name, text)
        hands.ask(f"go to {key}")
        assert hands.window.selection.only_node == key and hands.window.canvas.hasFocus()


def test_lenet_is_drawn_configured_and_trained(qtbot, window) -> None:
    hands, document = Hands(qtbot, window), window.document
    choose_digits(hands)
    add(hands, "Input", "input", {})
    for kind, key, values in ABOVE_FLATTEN:
        add(hands, kind, key, values)
    hands.press(Qt.Key.Key_Escape)  # nothing is selected, so the next layer comes without a wire
    add(hands, "Flatten", "flatten", {})
    assert not document.project.graph.into("flatten")
    hands.ask("go to average_pooling2d_1")
    hands.press("c")
    hands.press(Qt.Key.Key_Return)
    assert Edge("average_pooling2d_1", "flatten") in document.project.graph.edges
    for kind, key, values in BELOW_FLATTEN:
        add(hands, kind, key, values)

    graph = document.project.graph
    shapes = [document.inference.outputs[key][0].shape for key in graph.order]
    assert shapes == [
        (28, 28, 1), (28, 28, 6), (14, 14, 6), (10, 10, 16), (5, 5, 16), (400,), (120,), (84,), (10,),
    ]  # fmt: skip
    weights = sum(sum(document.inference.parameter_count(key)) for key in graph.nodes)
    assert weights == 61_706  # as LeCun's drawing with full connections has

    hands.press(Qt.Key.Key_F8)
    assert "no problem" in window.messages.text
    hands.press("t", CTRL)
    qtbot.waitUntil(lambda: window.runner.run_log.progress.step > 3, timeout=600_000)
    hands.press(".", CTRL)
    qtbot.waitUntil(lambda: not window.runner.is_active, timeout=60_000)
    assert window.runner.failure is None
    for _ in range(len(graph.nodes)):
        hands.press("z", CTRL)
    assert document.project.graph != graph
