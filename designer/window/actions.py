"""Turns the table of commands into actions, menus and toolbar."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QToolButton, QWidget

from designer.icons import icon
from designer.text import tr
from designer.window.commands import COMMANDS, MENUS, SUBMENUS, TOOLBAR, Command


class Actions(QObject):
    """The actions of a window by command id.

    Args:
        window: the object from which the table's dotted paths start.
        canvas: where local keys work.
    """

    def __init__(self, window: QWidget, canvas: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._locked = False
        self._by_id = {command.id: self._made(command, canvas) for command in COMMANDS}

    def __getitem__(self, key: str) -> QAction:
        return self._by_id[key]

    def refresh(self) -> None:
        """Look again which commands are possible and which are checked."""
        for command in COMMANDS:
            action = self._by_id[command.id]
            possible = not command.enabled or bool(attrgetter(command.enabled)(self._window))
            action.setEnabled(possible and not self._locked)
            if command.checked:
                action.setChecked(bool(attrgetter(command.checked)(self._window)))

    def lock(self, locked: bool) -> None:
        """Switch all commands off while a question waits for its answer."""
        self._locked = locked
        self.refresh()

    def dress(self) -> None:
        """Take the icons in the theme's colours."""
        for command in COMMANDS:
            if not command.checked:  # a menu shows either an icon or whether it is checked
                self._by_id[command.id].setIcon(icon(command.icon))

    def retitle(self, key: str, text: str, name: str) -> None:
        """Name what ``key`` would do now, such as the step that would be undone."""
        self._by_id[key].setText(f"{tr(text)} {name}" if name else tr(text))

    def fill_menus(self, bar: QMenuBar, menus: dict[str, QMenu]) -> None:
        """Make the menus; ``menus`` holds those the table names with an ``@``."""
        for title, groups in MENUS.items():
            menu = bar.addMenu(tr(title))
            menu.setObjectName(f"menu-{title.strip('&').lower()}")
            menu.setToolTipsVisible(True)
            inner = {key: self._submenu(menu, key) for group in groups for key in group if key[1:] in SUBMENUS}
            self._fill(menu, groups, {**inner, **{f"@{key}": made for key, made in menus.items()}})

    def _submenu(self, parent: QMenu, key: str) -> QMenu:
        title, picture, groups = SUBMENUS[key[1:]]
        menu = QMenu(tr(title), parent)
        menu.setObjectName(f"menu-{key[1:]}")
        menu.setIcon(icon(picture))
        menu.setToolTipsVisible(True)
        self._fill(menu, groups, {})
        return menu

    def _fill(self, menu: QMenu, groups: tuple[tuple[str, ...], ...], inner: dict[str, QMenu]) -> None:
        for place, group in enumerate(groups):
            if place:
                menu.addSeparator()
            for key in group:
                menu.addMenu(inner[key]) if key in inner else menu.addAction(self._by_id[key])

    def fill_toolbar(self, bar: QToolBar) -> None:
        """Make the toolbar's buttons."""
        for place, group in enumerate(TOOLBAR):
            if place:
                bar.addSeparator()
            for key in group:
                bar.addAction(self._by_id[key])
                button = bar.widgetForAction(self._by_id[key])
                assert isinstance(button, QToolButton)
                button.setObjectName(f"{key}-button")
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _made(self, command: Command, canvas: QWidget) -> QAction:
        action = QAction(tr(command.text), self._window)
        action.setObjectName(command.id)
        action.setIconText(tr(command.short or command.text.replace("&", "")))
        keys = [QKeySequence(key) for key in command.keys.split()]
        action.setShortcuts(keys)
        shown = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        action.setToolTip(f"{tr(command.tip)}  ({shown})" if shown else tr(command.tip))
        action.setStatusTip(tr(command.tip))
        action.setCheckable(bool(command.checked))
        if command.local:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            canvas.addAction(action)
        else:
            self._window.addAction(action)
        action.triggered.connect(lambda _checked=False, path=command.handler: self._run(path))
        return action

    def _run(self, path: str) -> None:
        handler: Callable[[], Any] = attrgetter(path)(self._window)
        handler()
        self.refresh()
