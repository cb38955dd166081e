"""The search in the network: a bar in the canvas's corner, every hit marked where it stands.

It is a bar of its own, not a page of the prompt: the prompt does one thing and goes, while here one goes from hit to
hit and looks at the canvas meanwhile.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton

from designer.canvas.geometry import RADIUS
from designer.canvas.view import CanvasView
from designer.icons import icon
from designer.model.searching import found_nodes, found_notes
from designer.text import tr
from designer.theme import current_theme, set_invalid, set_kind

#: Distance from the corner, width of the field, of the count (px).
_EDGE, _FIELD, _COUNT = 12, 210, 62
#: How far a mark stands off its layer (canvas units).
_OFF = 5.0
_MARKS = "search"


class SearchBar(QFrame):
    """Finds layers by name, type or parameter, and notes by their words.

    Enter goes to the next one, Shift+Enter back, Escape closes.

    Args:
        canvas: in whose corner it stands.
    """

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._hits: tuple[str, ...] = ()
        self._notes: tuple[str, ...] = ()
        self.setObjectName("search-bar")
        self.setAccessibleName(tr("Search in the network"))
        set_kind(self, "card")
        self.field = QLineEdit()
        self.field.setObjectName("search-field")
        self.field.setPlaceholderText(tr("Name, type or units=500"))
        self.field.setAccessibleName(tr("Search in the network"))
        self.field.setToolTip(
            tr(
                "Find layers by name, type, a value such as relu, or a parameter such as units=500, and notes by their"
                " words. Enter goes on."
            )
        )
        self.field.setFixedWidth(_FIELD)
        self.field.installEventFilter(self)
        self.count = QLabel()
        self.count.setObjectName("search-count")
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setMinimumWidth(_COUNT)
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_kind(self.count, "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 6, 6)
        row.setSpacing(4)
        row.addWidget(self.field)
        row.addWidget(self.count)
        self._buttons = {
            "chevron-up": self._button("search-back", tr("Previous hit (Shift+Enter)."), lambda: self.step(-1)),
            "chevron-down": self._button("search-on", tr("Next hit (Enter)."), lambda: self.step(1)),
            "close": self._button("search-close", tr("Close the search (Esc)."), self.close_up),
        }
        for button in self._buttons.values():
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.field.textChanged.connect(self._search)
        canvas.document.changed.connect(self._follow)
        canvas.selection.changed.connect(self._tell)
        canvas.installEventFilter(self)
        self._dress()
        self.hide()

    @property
    def hits(self) -> tuple[str, ...]:
        """The layers found, in the order in which data flow."""
        return self._hits

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes found."""
        return self._notes

    @property
    def _every(self) -> list[tuple[str, str]]:
        """All hits, layers before notes: the id of a node or the key of a note."""
        return [*((key, "") for key in self._hits), *(("", key) for key in self._notes)]

    @property
    def _chosen(self) -> tuple[str, str]:
        selection = self._canvas.selection
        return selection.only_node or "", selection.only_note or ""

    def open(self) -> None:
        """Come up with what was searched last, ready to be replaced."""
        self.show()
        self.raise_()
        self._search()
        self._place()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_up(self) -> None:
        """Take the marks away and give the canvas the keyboard."""
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self._hits = self._notes = ()
        self._mark()

    def step(self, by: int) -> None:
        """Select the next hit, or with -1 the one before, and bring it into sight."""
        hits, chosen = self._every, self._chosen
        if not hits:
            return
        beyond = 0 if by > 0 else len(hits) - 1
        place = hits.index(chosen) + by if chosen in hits else beyond
        node, note = hits[place % len(hits)]
        self._canvas.selection.set([node], (), [note])
        self._canvas.notes.reveal(note) if note else self._canvas.reveal(node)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Escape in the field; the canvas's size."""
        if watched is self.field:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(event)
        elif event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the field leaves over is not meant for the canvas behind."""
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Nor is a click between the buttons."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nor its end."""
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_buttons"):
            self._dress()

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_up()
        else:
            return False
        return True

    def _search(self, _text: str = "") -> None:
        project = self._canvas.document.project
        self._hits = found_nodes(project.graph, self.field.text())
        self._notes = found_notes(project.sketch.notes, self.field.text())
        self._mark()
        self._tell()

    def _follow(self, _diff: object) -> None:
        if self.isVisible():
            self._search()

    def _tell(self, _selection: object = None) -> None:
        """Which of how many hits is selected."""
        wanted, hits, chosen = bool(self.field.text().strip()), self._every, self._chosen
        if not wanted:
            said = ""
        elif not hits:
            said = tr("none")
        elif chosen in hits:
            said = tr("{place} of {count}", place=hits.index(chosen) + 1, count=len(hits))
        else:
            said = tr("{count} found", count=len(hits))
        self.count.setText(said)
        self.field.setAccessibleDescription(said)
        set_invalid(self.field, wanted and not hits)
        for name in ("chevron-up", "chevron-down"):
            self._buttons[name].setEnabled(bool(hits))

    def _mark(self) -> None:
        """Frame the hits; one drawing for all of them, made anew only when they change."""
        scene = self._canvas.canvas
        rects = [item.box.rect for item in scene.standing(key for key in self._hits if key in scene.nodes)]
        rects += [scene.notes.items[key].rect for key in self._notes if key in scene.notes.items]
        if not rects:
            self._canvas.canvas.erase(_MARKS)
            return
        bounds = QRectF()
        for rect in rects:
            bounds = bounds.united(rect)
        color = QColor(current_theme().warning)
        ground = QColor(color)
        ground.setAlpha(36)

        def paint(painter: QPainter, zoom: float) -> None:
            painter.setPen(QPen(color, max(2.0, 1.5 / zoom)))
            painter.setBrush(ground)
            for rect in rects:
                painter.drawRoundedRect(rect.adjusted(-_OFF, -_OFF, _OFF, _OFF), RADIUS + _OFF, RADIUS + _OFF)

        self._canvas.canvas.sketch(_MARKS, bounds, paint)

    def _button(self, name: str, tip: str, deed: object) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        button.setIconSize(QSize(16, 16))
        button.clicked.connect(deed)
        return button

    def _place(self) -> None:
        self.adjustSize()
        self.move(self._canvas.width() - self.width() - _EDGE, _EDGE)

    def _dress(self) -> None:
        for name, button in self._buttons.items():
            button.setIcon(icon(name))
        if self._hits or self._notes:
            self._mark()
