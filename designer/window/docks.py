"""The docks as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QTabBar, QTabWidget, QWidget

from designer.text import tr

Area = Qt.DockWidgetArea


@dataclass(frozen=True)
class Place:
    """One row of the table.

    Attributes:
        id: object name of the dock; the panel is the window's attribute of this name.
        title: on its tab or title bar.
        area: where it stands at first; docks of one area share it as tabs.
        extent: width (left and right) or height (bottom) at first, in pixels.
        tip: teaches what it is for.
        shown: whether it is there at first.
    """

    id: str
    title: str
    area: Area
    extent: int
    tip: str
    shown: bool = True


DOCKS: tuple[Place, ...] = (
    Place("palette", "Layers", Area.LeftDockWidgetArea, 232, "Layers: drag one onto the canvas or double-click it."),
    Place("layer", "Layer", Area.RightDockWidgetArea, 320, "Parameters of the selected layer."),
    Place("data", "Data", Area.RightDockWidgetArea, 320, "What the network learns from."),
    Place("training", "Training", Area.RightDockWidgetArea, 320, "How it learns: epochs, optimizer, loss."),
    Place(
        "history",
        "History",
        Area.RightDockWidgetArea,
        320,
        "Every step of the editing by its name; a click goes there.",
        shown=False,
    ),
    Place("run", "Run", Area.BottomDockWidgetArea, 240, "Progress and curves of the training."),
    Place(
        "inside", "Inside", Area.BottomDockWidgetArea, 240, "What the network sees in a sample, also while it learns."
    ),
    Place(
        "results", "Results", Area.BottomDockWidgetArea, 240, "How good the network is, and answers for other samples."
    ),
    Place("overview", "Table", Area.BottomDockWidgetArea, 240, "All layers as a table: shapes, weights, memory, time."),
    Place("problems", "Problems", Area.BottomDockWidgetArea, 240, "What is wrong with the network, and what mends it."),
)


class Docks:
    """Puts panels into docks.

    Args:
        window: the main window.
        panels: panel by dock id.
    """

    def __init__(self, window: QMainWindow, panels: dict[str, QWidget]) -> None:
        self._window = window
        window.setTabPosition(Area.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        # Curves want width.
        for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner):
            window.setCorner(corner, Area.BottomDockWidgetArea)
        self._by_id = {place.id: self._made(place, panels[place.id]) for place in DOCKS}
        self.arrange()

    def __getitem__(self, key: str) -> QDockWidget:
        return self._by_id[key]

    def arrange(self) -> None:
        """Put every dock where it stands at first."""
        # Docks that are joined anew where they stand leave a second bar of tabs behind.
        for dock in self._by_id.values():
            self._window.removeDockWidget(dock)
        first: dict[Area, QDockWidget] = {}
        for place in DOCKS:
            dock = self._by_id[place.id]
            # Never beside one another, not for a moment: the window would grow to have room for both.
            if place.area in first:
                self._window.tabifyDockWidget(first[place.area], dock)
            else:
                self._window.addDockWidget(place.area, dock)
                first[place.area] = dock
            dock.setVisible(place.shown)
        for place in DOCKS:
            sideways = place.area is not Area.BottomDockWidgetArea
            way = Qt.Orientation.Horizontal if sideways else Qt.Orientation.Vertical
            if first[place.area] is self._by_id[place.id]:
                self._window.resizeDocks([self._by_id[place.id]], [place.extent], way)
                self._by_id[place.id].raise_()
        self.dress_tabs()

    @property
    def in_front(self) -> tuple[str, ...]:
        """The docks that are in sight, not behind another one's tab."""
        return tuple(key for key, dock in self._by_id.items() if not dock.visibleRegion().isEmpty())

    @property
    def closed(self) -> tuple[str, ...]:
        """The docks that are not there at all."""
        return tuple(key for key, dock in self._by_id.items() if dock.isHidden())

    def put_back(self, front: tuple[str, ...], closed: tuple[str, ...]) -> None:
        """Let docks be in front, and closed, as ``in_front`` and ``closed`` once told."""
        for key in front:
            self.bring_forward(key)
        for key in closed:
            self._by_id[key].hide()

    def show(self, key: str) -> QWidget:
        """Bring a dock to the front.

        Returns:
            Its panel.
        """
        dock = self._by_id[key]
        dock.show()
        dock.raise_()
        return dock.widget()

    def bring_forward(self, key: str) -> None:
        """Bring a dock to the front of its tabs, unless the user closed it."""
        if not self._by_id[key].isHidden():
            self._by_id[key].raise_()

    def fill_menu(self, menu: QMenu) -> None:
        """Add a switch for every dock."""
        for place in DOCKS:
            action = self._by_id[place.id].toggleViewAction()
            action.setToolTip(tr(place.tip))
            menu.addAction(action)

    def dress_tabs(self) -> None:
        """Let tabs of docks stand at the left with their full texts."""
        for bar in tab_bars(self._window):
            bar.setExpanding(False)
            bar.setElideMode(Qt.TextElideMode.ElideNone)
            bar.setDocumentMode(True)

    def _made(self, place: Place, panel: QWidget) -> QDockWidget:
        dock = QDockWidget(tr(place.title), self._window)
        dock.setObjectName(f"dock-{place.id}")
        # Panels carry their own titles, so bars above them would say everything twice.
        dock.setTitleBarWidget(QWidget(dock))
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        dock.setAccessibleName(tr(place.title))
        dock.setAccessibleDescription(tr(place.tip))
        dock.setWidget(panel)
        return dock


def tab_bars(window: QMainWindow) -> Iterable[QTabBar]:
    """The tab bars with which Qt joins docks."""
    return [bar for bar in window.findChildren(QTabBar) if bar.parent() is window]
