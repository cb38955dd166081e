from __future__ import annotations

from itertools import chain
from operator import attrgetter

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QMenu, QToolButton

from designer.theme import current_theme
from designer.window.commands import COMMANDS, MENUS, SUBMENUS, TOOLBAR
from designer.window.docks import DOCKS
from designer.window.overview import keys_window
from engine.templates import TEMPLATES


def test_ids_and_keys_are_unique() -> None:
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)
    keys = [QKeySequence(key).toString() for command in COMMANDS for key in command.keys.split()]
    assert "" not in keys
    assert len(set(keys)) == len(keys)


def test_every_command_stands_in_exactly_one_menu() -> None:
    every = [*MENUS.values(), *(groups for _, _, groups in SUBMENUS.values())]
    listed = [key for groups in every for key in chain(*groups) if not key.startswith("@")]
    assert sorted(listed) == sorted(command.id for command in COMMANDS)
    assert set(chain(*TOOLBAR)) <= set(listed)


def test_every_command_teaches_and_leads_somewhere(window) -> None:
    for command in COMMANDS:
        assert callable(attrgetter(command.handler)(window)), command.id
        for path in filter(None, (command.enabled, command.checked)):
            assert isinstance(attrgetter(path)(window), bool), command.id
        action = window.commands[command.id]
        assert isinstance(action, QAction)
        assert len(action.toolTip()) > 8
        assert command.checked or not action.icon().isNull()  # a mark stands where the icon would


def test_mnemonics_do_not_clash() -> None:
    by_id = {command.id: command for command in COMMANDS}
    for title, groups in MENUS.items():
        letters = [by_id[key].text.split("&")[1][0].lower() for key in chain(*groups) if key in by_id]
        assert len(set(letters)) == len(letters), title


def test_the_window_is_assembled_from_the_tables(window) -> None:
    for title in MENUS:
        assert window.findChild(QMenu, f"menu-{title.strip('&').lower()}") is not None
    for key, (_, _, groups) in SUBMENUS.items():
        listed = window.findChild(QMenu, f"menu-{key}").actions()
        assert [action.objectName() for action in listed if not action.isSeparator()] == list(chain(*groups))
    for key in chain(*TOOLBAR):
        assert window.findChild(QToolButton, f"{key}-button").isVisible()
    for place in DOCKS:
        assert window.docks[place.id].widget() is not None


def test_actions_follow_what_is_possible(window) -> None:
    assert not window.commands["undo"].isEnabled()
    assert not window.commands["delete"].isEnabled()
    window.files.new_from("digits-dense")
    window.selection.set({"dense"})
    assert window.commands["delete"].isEnabled()
    window.commands["delete"].trigger()
    assert "dense" not in window.document.project.graph.nodes
    assert window.commands["undo"].isEnabled()
    assert "Delete" in window.commands["undo"].text()
    window.commands["undo"].trigger()
    assert "dense" in window.document.project.graph.nodes
    assert window.commands["redo"].isEnabled()


def test_a_question_locks_the_commands(window) -> None:
    window.files.new()
    assert window.sheet.is_open
    assert not window.commands["save"].isEnabled()
    window.sheet.findChild(type(window.training.line), "sheet-cancel").click()
    assert window.commands["save"].isEnabled()


def test_enter_begins_with_the_first_network_of_the_list(window) -> None:
    window.files.new_from("digits-dense")
    window.files.new()
    first = next(iter(TEMPLATES.values()))
    assert window.focusWidget().objectName() == f"sheet-{first.key}"
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert window.document.project == first.make()


def test_theme_can_be_chosen(window) -> None:
    window.commands["theme-dark"].trigger()
    assert current_theme().is_dark
    assert window.commands["theme-dark"].isChecked()
    assert not window.commands["theme-light"].isChecked()
    # A menu draws an icon in the place of the mark.
    assert all(window.commands[f"theme-{name}"].icon().isNull() for name in ("system", "light", "dark"))
    window.commands["theme-light"].trigger()
    assert not current_theme().is_dark


def test_all_keys_are_listed(window) -> None:
    dialog = keys_window(window)
    shown = " ".join(label.text() for label in dialog.findChildren(QLabel))
    for command in COMMANDS:
        if command.keys:
            assert QKeySequence(command.keys.split()[0]).toString() in shown
    dialog.deleteLater()


def test_help_opens_and_closes(window) -> None:
    window.commands["keys"].trigger()
    dialog = window.findChild(QDialog, "keys-dialog")
    assert dialog.isVisible()
    dialog.reject()
    window.commands["about"].trigger()
    window.findChild(QDialog, "about-dialog").reject()
