"""The user's own blocks: one library for the palette and the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from designer.canvas.view import CanvasView
from designer.model.library import BlockLibrary
from designer.panels.palette import Palette
from designer.text import tr
from designer.window.message_bar import MessageBar
from designer.window.settings import blocks_folder


class OwnBlocks(QObject):
    """Opens the library, and looks again when the window comes to the front: another one may have kept blocks.

    Args:
        window: whose library it is.
        canvas, palette: what uses it.
        messages: tells of files that cannot be read.
    """

    def __init__(self, window: QWidget, canvas: CanvasView, palette: Palette, messages: MessageBar) -> None:
        super().__init__(window)
        self._messages = messages
        self._told: frozenset[str] = frozenset()
        self.library = BlockLibrary(blocks_folder(), self)
        canvas.blocks.library = self.library
        palette.take_blocks(self.library)
        self.library.changed.connect(self._tell)
        window.installEventFilter(self)
        self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window came to the front."""
        if event.type() == QEvent.Type.WindowActivate:
            self.library.refresh()
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        """Say which files cannot be read, each once."""
        fresh = [fault for fault in self.library.faults if fault not in self._told]
        self._told |= frozenset(fresh)
        if fresh:
            more = tr(" And {count} more.", count=len(fresh) - 1) if len(fresh) > 1 else ""
            self._messages.show_message(fresh[0] + more, "warning")
