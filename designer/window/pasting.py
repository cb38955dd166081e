"""Code of Keras or PyTorch: typed, pasted or dropped as a file, put on the canvas, and what was said of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from designer.canvas.view import CanvasView
from designer.model.document import Document
from designer.panels.blocks import MARGIN, button, label
from designer.text import tr
from designer.window.importing import sentences_window
from designer.window.message_bar import MessageBar
from engine.exchange.snippets.limits import SnippetError
from engine.exchange.snippets.script import read_script
from engine.exchange.snippets.snippet import Snippet, read_snippet
from engine.exchange.snippets.source import looks_like_code

#: Size of the window for code (px).
WIDTH, HEIGHT = 640, 460
#: What stands in the empty field.
EXAMPLE = """model = Sequential([
    Dense(500, activation='relu', input_dim=784),
    Dense(10, activation='softmax'),
])
model.compile(loss='categorical_crossentropy', optimizer='adam')"""


class Pasting(QObject):
    """Asks for code, puts it on the canvas, and tells what was understood in another form.

    Args:
        document, canvas: where the layers go.
        messages: where it is told what came of it.
        window: over which the dialog opens.
    """

    def __init__(self, document: Document, canvas: CanvasView, messages: MessageBar, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._canvas, self._messages, self._window = document, canvas, messages, window
        canvas.commands.code.taken.connect(self._tell)

    def ask(self) -> None:
        """Open a window for code; what lies on the clipboard stands in it when it is code."""
        dialog = CodeDialog(self._window)
        text = QGuiApplication.clipboard().text()
        if looks_like_code(text):
            dialog.field.setPlainText(text)
            dialog.field.selectAll()
        dialog.accepted.connect(lambda: self._put(dialog.found))
        dialog.open()

    def take(self, path: Path) -> None:
        """Put the layers of a Python file on the canvas."""
        try:
            found = read_script(path)
        except (SnippetError, OSError) as error:
            self._messages.show_message(tr("{name} cannot become layers. {error}", name=path.name, error=error))
            return
        self._put(found)

    def _put(self, found: Snippet | None) -> None:
        if found is None:
            return
        first = not self._document.project.graph.nodes
        self._canvas.commands.code.put(found, self._canvas.mapToScene(self._canvas.viewport().rect().center()))
        if first:
            self._canvas.show_network()
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self, found: Snippet) -> None:
        """Say what was understood in another form, and what else the code set."""
        if not found.notes and not found.training:
            return
        said = tr("The layers were read from code; nothing of it was run.")
        if found.training and found.graph.nodes:
            said = tr("Layers and training settings were read from code; nothing of it was run.")
        elif found.training:
            said = tr("The training settings were read from code; nothing of it was run.")
        count = len(found.notes)
        if not count:
            self._messages.show_message(said, "success")
            return
        said += " " + (tr("There is one remark.") if count == 1 else tr("There are {count} remarks.", count=count))
        self._messages.show_message(
            said,
            "warning",
            tr("Details"),
            tr("List what was understood in another form, and what was left out."),
            lambda: sentences_window(self._window, tr("Layers from code"), ((tr("Remarks"), found.notes),)).open(),
        )


class CodeDialog(QDialog):
    """A field for code; it closes only when the code is understood.

    Attributes:
        field: the code.
        fault: why it is not understood.
        found: what it means, once it is.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("code-dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Paste code"))
        self.resize(WIDTH, HEIGHT)
        self.found: Snippet | None = None
        self.heading = label(tr("Layers from Keras or PyTorch code"), "heading")
        about = tr("Sequential, functional models, nn.Sequential, classes with forward. It is read, never run.")
        self._about = label(about, "muted")
        self._about.setWordWrap(True)
        self.field = QPlainTextEdit()
        self.field.setObjectName("code-field")
        self.field.setAccessibleName(tr("Code"))
        self.field.setToolTip(tr("Paste or write the code that builds a network. Ctrl+Enter adds its layers."))
        self.field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.field.setPlaceholderText(EXAMPLE)
        self.field.setTabChangesFocus(True)
        self.field.textChanged.connect(self._forget)
        self.fault = label("", "error")
        self.fault.setObjectName("code-fault")
        self.fault.setWordWrap(True)
        self.fault.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        cancel = button("code-cancel", tr("Cancel"), tr("Close this window; nothing changes (Esc)."), "normal")
        cancel.clicked.connect(self.reject)
        cancel.setAutoDefault(False)
        tip = tr("Put the layers on the canvas, as one step (Ctrl+Enter).")
        add = button("code-add", tr("Add layers"), tip, "primary")
        add.clicked.connect(self.try_it)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(cancel)
        foot.addWidget(add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(10)
        for part in (self.heading, self._about):
            layout.addWidget(part)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.fault)
        layout.addLayout(foot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add the layers on Ctrl+Enter, also while the field has the focus."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.try_it()
        else:
            super().keyPressEvent(event)

    def try_it(self) -> None:
        """Read the code; close when it is understood, else say why not and go to the line."""
        try:
            self.found = read_snippet(self.field.toPlainText())
        except SnippetError as error:
            self._go_to(error.line)
            self.fault.setText(str(error))
            self.fault.show()
            return
        self.accept()

    def _go_to(self, line: int) -> None:
        block = self.field.document().findBlockByNumber(line - 1)
        if line and block.isValid():
            cursor = self.field.textCursor()
            cursor.setPosition(block.position())
            self.field.setTextCursor(cursor)
            self.field.setFocus()

    def _forget(self) -> None:
        self.fault.hide()
