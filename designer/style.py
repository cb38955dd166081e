"""The one style sheet: calm controls in the theme's colours.

Only what Fusion does not already do well is stated. Sizes are pixels; ``$name`` is a colour of the theme.
Lists inside a window show its ground; a list without a parent is the pop-up of a completer, which has
none: it would be black where nothing blends windows.
"""

from __future__ import annotations

import dataclasses
from string import Template
from typing import Any

SHEET = Template("""
* { outline: none; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 6px 8px; }
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }

QLabel[kind="title"] { font-size: 13pt; font-weight: 600; }
QLabel[kind="heading"] { font-weight: 600; }
QLabel[kind="error-heading"] { font-weight: 600; color: $error; }
QLabel[kind="warning-heading"] { font-weight: 600; color: $warning; }
QLabel[kind="success-heading"] { font-weight: 600; color: $success; }
QLabel[kind="muted"] { color: $muted; }
QLabel[kind="small"] { color: $muted; font-size: 8.5pt; }
QLabel[kind="error"] { color: $error; font-size: 8.5pt; }
QLabel[kind="key"] { background: $hover; border: 1px solid $line; border-radius: 4px; padding: 1px 6px;
    font-size: 8.5pt; }
QFrame[kind="card"] { background: $surface; border: 1px solid $line; border-radius: 8px; }
QFrame[kind="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {
    background: $surface; color: $text; border: 1px solid $control; border-radius: 6px;
    padding: 4px 8px; min-height: 18px; selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $muted; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
    border: 1px solid $accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $disabled; background: $window; }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"], QComboBox[invalid="true"] {
    border: 1px solid $error; }
QAbstractSpinBox { padding: 4px 20px 4px 0; }
QAbstractSpinBox > QLineEdit, QComboBox > QLineEdit {
    background: transparent; border: none; border-radius: 0; padding: 0 0 0 6px; min-height: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 20px; border: none; background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; border-top-right-radius: 4px; }
QAbstractSpinBox::down-button {
    subcontrol-position: bottom right; margin: 0 2px 2px 0; border-bottom-right-radius: 4px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-arrow { image: url(icons:chevron-up.svg); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url(icons:chevron-down.svg); width: 9px; height: 9px; }
QComboBox { padding-right: 22px; combobox-popup: 0; }
QComboBoxPrivateContainer { background: $raised; border: none; }
QComboBox::drop-down { subcontrol-origin: border; subcontrol-position: center right; width: 22px; border: none; }
QComboBox::down-arrow { image: url(icons:chevron-down.svg); width: 11px; height: 11px; }
QListView, QTreeView, QTableView {
    background: $raised; color: $text; border: 1px solid $line; padding: 2px; selection-background-color: $pressed;
    selection-color: $text; }
QWidget QListView, QWidget QTreeView, QWidget QTableView {
    background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 0; }
QWidget QListView:focus, QWidget QTreeView:focus, QWidget QTableView:focus { border-color: $accent; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $line; border-radius: 0; padding: 4px;
    selection-background-color: $hover; selection-color: $text; }
QComboBox QAbstractItemView:focus { border-color: $line; }

QPushButton, QToolButton[kind="normal"] {
    background: $surface; color: $text; border: 1px solid $control; border-radius: 6px;
    padding: 5px 12px; min-height: 18px; }
QPushButton[choice="true"] { text-align: left; padding: 8px 12px; font-weight: 600; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $disabled; background: $window; border-color: $line; }
QPushButton[kind="primary"], QToolButton[kind="primary"] {
    background: $accent; color: $accent_text; border: 1px solid $accent; border-radius: 6px; font-weight: 600;
    padding: 5px 14px; }
QPushButton[kind="primary"]:hover, QToolButton[kind="primary"]:hover {
    background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus, QToolButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="primary"]:disabled, QToolButton[kind="primary"]:disabled {
    background: $pressed; color: $muted; border-color: $pressed; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:pressed, QPushButton[kind="quiet"]:checked { background: $pressed; }
QPushButton[kind="quiet"]:focus { border-color: $accent; }
QPushButton[kind="link"] { background: transparent; border: none; padding: 0; min-height: 16px; color: $accent;
    font-weight: 600; text-align: left; }
QPushButton[kind="link"]:hover, QPushButton[kind="link"]:focus { text-decoration: underline; }
QPushButton[kind="status"] { background: transparent; border-color: transparent; text-align: right; color: $muted; }
QPushButton[kind="status"]:hover { color: $text; }
QPushButton[kind="status"]:focus { border-color: $accent; }
QToolButton { background: transparent; color: $text; border: 1px solid transparent; border-radius: 6px;
    padding: 4px 6px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $disabled; }
QToolButton::menu-indicator { image: none; }

QCheckBox, QRadioButton { spacing: 8px; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $control; border-radius: 4px;
    background: $surface; }
QCheckBox::indicator:hover, QCheckBox:focus::indicator { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url(icons:check-$name.svg); }
QCheckBox::indicator:disabled { background: $window; border-color: $line; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $control; border-radius: 8px;
    background: $surface; }
QRadioButton::indicator:hover, QRadioButton:focus::indicator { border-color: $accent; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent; background: $accent_text; }
QRadioButton::indicator:disabled { border-color: $line; }

QToolBar { background: $window; border: none; border-bottom: 1px solid $line; padding: 5px 8px; spacing: 2px; }
QToolBar::separator { background: $line; width: 1px; margin: 6px 6px; }
QMenuBar { background: $window; padding: 2px 6px; }
QMenuBar::item { padding: 4px 9px; border-radius: 5px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $raised; border: 1px solid $line; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 10px; border-radius: 5px; }
QMenu::item:selected { background: $hover; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 12px; height: 12px; margin-left: 9px; border: 1px solid $control; border-radius: 3px; }
QMenu::indicator:checked { background: $accent; border-color: $accent; image: url(icons:check-$name.svg); }
QMenu::separator { background: $line; height: 1px; margin: 5px 8px; }

QDockWidget { titlebar-close-icon: none; titlebar-normal-icon: none; font-weight: 600; }
QDockWidget::title { background: $window; padding: 8px 12px 6px 12px; }
QTabWidget::pane { border: none; }
QTabBar { background: $window; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; padding: 8px 12px 7px 12px; border: none;
    border-bottom: 2px solid transparent; margin: 0; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { color: $text; background: $hover; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget#scroll-content { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $control; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $disabled; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QListView::item, QTreeView::item { border-radius: 5px; padding: 4px 6px; }
QTreeView::item:first { border-top-right-radius: 0; border-bottom-right-radius: 0; }
QTreeView::item:middle { border-radius: 0; }
QTreeView::item:last { border-top-left-radius: 0; border-bottom-left-radius: 0; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected { background: $pressed; color: $text; }
QHeaderView::section { background: $window; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: 5px 4px; }

QProgressBar { background: $pressed; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSlider:horizontal { min-height: 20px; }
QSlider::groove:horizontal { background: $pressed; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { background: $surface; border: 2px solid $accent; width: 12px; height: 12px;
    margin: -6px 0; border-radius: 8px; }
QSlider::handle:horizontal:hover { background: $hover; }
QSlider::handle:horizontal:focus { background: $accent; }
QSlider::handle:horizontal:disabled { border-color: $disabled; }
QStatusBar { background: $window; color: $muted; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
""")


def style_sheet(theme: Any) -> str:
    """The style sheet with a theme's colours (a :class:`designer.theme.Theme`)."""
    colors = {f.name: getattr(theme, f.name) for f in dataclasses.fields(theme)}
    return SHEET.substitute({name: value for name, value in colors.items() if isinstance(value, str)})
