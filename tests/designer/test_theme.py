from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QCompleter, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from designer.icons import icon
from designer.style import SHEET, style_sheet
from designer.text import tr
from designer.theme import (
    DARK,
    FAMILY,
    LIGHT,
    RESOURCES,
    Theme,
    apply_theme,
    current_theme,
    set_kind,
    theme_choice,
    ui_font,
)
from engine.sketch import COLOURS

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_knows_the_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#777777") == pytest.approx(1.0)


@THEMES
def test_all_text_reaches_wcag_aa(theme: Theme) -> None:
    grounds = [theme.window, theme.canvas, theme.surface, theme.raised, theme.hover]
    pairs = [(text, ground) for text in (theme.text, theme.muted) for ground in grounds]
    pairs += [(verdict, g) for verdict in (theme.error, theme.warning, theme.success) for g in grounds[:4]]
    pairs += [(theme.accent_text, theme.accent), (theme.accent_text, theme.accent_hover), (theme.text, theme.pressed)]
    pairs += [(theme.text, theme.error_ground), (theme.text, theme.warning_ground)]
    pairs += [(theme.text, ground) for ground in theme.notes.values()]
    pairs += [(theme.error, theme.error_ground), (theme.warning, theme.warning_ground)]
    pairs += [(theme.accent, ground) for ground in grounds[:4]]
    pairs += [(color, g) for color in (*theme.categories.values(), *theme.spare) for g in (theme.surface, theme.window)]
    poor = [(text, ground, round(contrast(text, ground), 2)) for text, ground in pairs if contrast(text, ground) < 4.5]
    assert not poor


@THEMES
def test_curves_and_controls_stand_out_from_their_ground(theme: Theme) -> None:
    for color in theme.series:
        assert contrast(color, theme.canvas) >= 3
        assert contrast(color, theme.surface) >= 3


@THEMES
def test_colours_are_distinct(theme: Theme) -> None:
    assert len(set(theme.series)) == 6
    assert len(set(theme.categories.values())) == len(theme.categories)
    assert tuple(theme.notes) == COLOURS and len(set(theme.notes.values())) == len(COLOURS)


def test_unknown_categories_keep_their_colour() -> None:
    assert LIGHT.category("Core") == LIGHT.categories["Core"]
    assert LIGHT.category("Something new") == LIGHT.category("Something new")
    assert LIGHT.category("Something new") in LIGHT.spare


@THEMES
def test_style_sheet_is_complete(theme: Theme) -> None:
    sheet = style_sheet(theme)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    for name in re.findall(r"url\(icons:([\w.$-]+)\)", SHEET.template):
        assert (RESOURCES / "icons" / name.replace("$name", theme.name)).is_file()


def test_choice_decides_and_the_palette_follows(qapp: QApplication) -> None:
    try:
        apply_theme(qapp, "dark")
        assert current_theme() is DARK
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.window
        apply_theme(qapp, "light")
        assert current_theme() is LIGHT
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.window
    finally:
        apply_theme(qapp, "light")


def test_system_choice_follows_the_system(qapp: QApplication) -> None:
    try:
        apply_theme(qapp, "system")
        for scheme, theme in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
            qapp.styleHints().colorSchemeChanged.emit(scheme)  # what Qt does when the system changes
            assert current_theme() is theme
        apply_theme(qapp, "nonsense")
        assert theme_choice() == "system"
    finally:
        apply_theme(qapp, "light")


def test_shipped_font_is_used(qapp: QApplication) -> None:
    assert FAMILY in QFontDatabase.families()
    assert QFontInfo(qapp.font()).family() == FAMILY
    assert QFontInfo(ui_font(strong=True)).weight() == 600


def test_kind_changes_the_look(qapp: QApplication, qtbot) -> None:
    button = QPushButton("Train")
    qtbot.addWidget(button)
    button.show()
    plain = button.grab().toImage().pixelColor(button.width() // 2, 4).name()
    set_kind(button, "primary")
    assert button.grab().toImage().pixelColor(button.width() // 2, 4).name() == LIGHT.accent != plain


def test_icons_exist_and_unknown_ones_are_replaced(qapp: QApplication) -> None:
    assert not icon("play").pixmap(16, 16).isNull()
    assert not icon("no-such-icon-at-all").pixmap(16, 16).isNull()


def test_texts_take_values() -> None:
    assert tr("Set units to {number}", number=10) == "Set units to 10"
    assert tr("a {brace} stays without values") == "a {brace} stays without values"


@THEMES
def test_the_popup_of_a_completer_has_a_ground(qtbot: QtBot, dressed: QApplication, theme: Theme) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.setCompleter(QCompleter(["one", "two"], field))
    popup = field.completer().popup()
    apply_theme(dressed, theme.name)
    try:
        popup.resize(120, 80)
        popup.ensurePolished()
        image = popup.grab().toImage()
        assert image.pixelColor(60, 75).name() == theme.raised
        assert image.pixelColor(60, 75).alpha() == 255
    finally:
        apply_theme(dressed, "light")
