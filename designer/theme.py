"""The look: colours, fonts, and how they reach Qt.

Widgets take colours from :func:`current_theme` and repaint on ``QEvent.PaletteChange``; they set
the dynamic property ``kind`` where a control deviates from the normal:

=============  ==============================================================
widget         ``kind``
=============  ==============================================================
QPushButton    ``primary`` (the one thing to do next), ``quiet`` (no frame)
QToolButton    ``primary``, ``quiet``
QLabel         ``title``, ``heading``, ``muted``, ``small``, ``error``
QFrame         ``card`` (raised ground with a border), ``rule`` (thin line)
QLineEdit ...  ``invalid`` = True: border in the error colour
=============  ==============================================================
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QDir, QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QStyleFactory, QWidget

from designer.style import style_sheet

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
FAMILY = "Inter"
#: Sizes in points.
BASE_SIZE = 10.0
SMALL_SIZE = 8.5
TITLE_SIZE = 13.0
CHOICES = ("system", "light", "dark")


@dataclass(frozen=True)
class Theme:
    """Colours by their duty; all are ``#rrggbb``.

    Attributes:
        name: ``"light"`` or ``"dark"``.
        window: ground of docks, toolbar and status.
        canvas: ground of the network; ``grid`` are its dots and the lines of plots.
        surface: cards, fields and lists.
        raised: menus, tooltips and bars above everything else.
        hover, pressed: ground of what the pointer is over or presses.
        line: thin borders; ``control`` are borders of what can be operated.
        text, muted, disabled: what is read, what is read second, what is out of use.
        accent, accent_hover, accent_text: what matters now, and text on it.
        error, warning, success: verdicts, readable as text; with ``_ground`` behind sentences.
        series: colours of curves, in order.
        categories: colours of the palette's categories, readable as text.
        spare: colours of categories that are not listed.
        notes: grounds of notes and frames on the canvas, by the names that a project gives their colours.
        shadow: of cards.
    """

    name: str
    window: str
    canvas: str
    surface: str
    raised: str
    hover: str
    pressed: str
    line: str
    control: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    accent_text: str
    error: str
    error_ground: str
    warning: str
    warning_ground: str
    success: str
    grid: str
    shadow: str
    series: tuple[str, ...]
    categories: Mapping[str, str] = field(hash=False)
    spare: tuple[str, ...]
    notes: Mapping[str, str] = field(hash=False)

    def category(self, name: str) -> str:
        """The colour of a category; unknown ones get a lasting one by their name."""
        return self.categories.get(name) or self.spare[zlib.crc32(name.encode()) % len(self.spare)]

    @property
    def is_dark(self) -> bool:
        """Whether light text stands on dark ground."""
        return self.name == "dark"


LIGHT = Theme(
    name="light",
    window="#f3f4f7",
    canvas="#fafbfc",
    surface="#ffffff",
    raised="#ffffff",
    hover="#e9ecf2",
    pressed="#dde2eb",
    line="#dee2e9",
    control="#c3cad6",
    text="#1a2030",
    muted="#596275",
    disabled="#9aa2b1",
    accent="#3457d5",
    accent_hover="#2747bd",
    accent_text="#ffffff",
    error="#b92d28",
    error_ground="#fdecea",
    warning="#875600",
    warning_ground="#fdf3dc",
    success="#1a7442",
    grid="#dfe3ea",
    shadow="#1a2030",
    series=("#3457d5", "#c9561d", "#1a7f52", "#9a3ca6", "#b5283f", "#0d7c93"),
    categories={
        "Input": "#0b7285",
        "Core": "#3457d5",
        "Convolution": "#7440c9",
        "Pooling": "#9a3ca6",
        "Recurrent": "#0d6e6e",
        "Attention": "#a83280",
        "Reshape": "#566074",
        "Activation": "#b04a12",
        "Normalization": "#1f7546",
        "Regularization": "#8a6100",
        "Augmentation": "#8d4a2c",
        "Merge": "#b3323f",
        "Preprocessing": "#5c6b12",
        "Data": "#2f7561",
    },
    spare=("#a83280", "#5c6b12", "#17708f", "#8d4a2c", "#4a5fb0", "#2f7561"),
    notes={"yellow": "#fcf2c5", "blue": "#dfe8fc", "green": "#dcf1e1", "pink": "#fae2ec", "grey": "#e9ecf1"},
)

DARK = Theme(
    name="dark",
    window="#181b21",
    canvas="#12151a",
    surface="#21252d",
    raised="#2a2f39",
    hover="#2b303a",
    pressed="#353b47",
    line="#323843",
    control="#4a5261",
    text="#e8ebf2",
    muted="#a3abba",
    disabled="#6b7484",
    accent="#83a0ff",
    accent_hover="#9bb3ff",
    accent_text="#0c1226",
    error="#ff8f86",
    error_ground="#3a2226",
    warning="#f0bb5b",
    warning_ground="#382e1c",
    success="#6bd398",
    grid="#262b34",
    shadow="#000000",
    series=("#83a0ff", "#ff9f6b", "#6bd398", "#d69cff", "#ff8798", "#5ccbe0"),
    categories={
        "Input": "#5ccbe0",
        "Core": "#83a0ff",
        "Convolution": "#b798ff",
        "Pooling": "#d69cff",
        "Recurrent": "#63d6c4",
        "Attention": "#f08cc8",
        "Reshape": "#aab4c6",
        "Activation": "#ff9f6b",
        "Normalization": "#6bd398",
        "Regularization": "#e3bd5c",
        "Augmentation": "#f0a982",
        "Merge": "#ff8f95",
        "Preprocessing": "#bccf63",
        "Data": "#7fd3b9",
    },
    spare=("#f08cc8", "#bccf63", "#6fc3e3", "#f0a982", "#a3b3f5", "#7fd3b9"),
    notes={"yellow": "#40391f", "blue": "#24314f", "green": "#213b2d", "pink": "#44283a", "grey": "#2e333d"},
)


def current_theme() -> Theme:
    """The theme in use; light until :func:`apply_theme` has been called."""
    follower = _follower()
    return follower.theme if follower else LIGHT


def theme_choice() -> str:
    """What the user chose: ``system``, ``light`` or ``dark``."""
    follower = _follower()
    return follower.choice if follower else "system"


def apply_theme(app: QApplication, choice: str) -> None:
    """Dress the application, now and whenever the system changes its colours.

    Args:
        app: the application.
        choice: ``system``, ``light`` or ``dark``; anything else counts as ``system``.
    """
    follower = _follower() or _Follower(app)
    follower.follow(choice if choice in CHOICES else "system")


def load_fonts() -> None:
    """Make the shipped font known to Qt (slim systems have none)."""
    if FAMILY in QFontDatabase.families():
        return
    for path in sorted((RESOURCES / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(path))


def ui_font(size: float = BASE_SIZE, *, strong: bool = False, tabular: bool = False) -> QFont:
    """The application's font.

    Args:
        size: in points.
        strong: semi-bold.
        tabular: digits of one width, for figures that change in place.
    """
    font = QFont(FAMILY)
    font.setPointSizeF(size)
    font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def set_kind(widget: QWidget, kind: str) -> None:
    """Give a widget its ``kind`` and let the style sheet see it."""
    if widget.property("kind") != kind:
        widget.setProperty("kind", kind)
        repolish(widget)


def plain_label(text: str = "", kind: str = "") -> QLabel:
    """A label that never takes text for markup and breaks long lines.

    Args:
        text: what it shows.
        kind: how it is dressed; empty for usual text.
    """
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if kind:
        set_kind(label, kind)
    return label


def set_invalid(widget: QWidget, invalid: bool) -> None:
    """Mark a field whose content is not accepted."""
    if bool(widget.property("invalid")) != invalid:
        widget.setProperty("invalid", invalid)
        repolish(widget)


def repolish(widget: QWidget) -> None:
    """Match the style sheet again after a dynamic property changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class _Follower(QObject):
    """Keeps the user's choice and the theme that follows from it; lives with the application."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("theme-follower")
        self.choice = ""
        self.theme = LIGHT
        self._app = app
        load_fonts()
        QDir.setSearchPaths("icons", [str(RESOURCES / "icons")])
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(ui_font())
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    def follow(self, choice: str) -> None:
        """Take a choice and dress the application accordingly."""
        self.choice = choice
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        # Title bars drawn by the system follow this; Unknown returns to the system's own choice.
        self._app.styleHints().setColorScheme(schemes.get(choice, Qt.ColorScheme.Unknown))
        self._dress(schemes.get(choice, self._app.styleHints().colorScheme()))

    def _system_changed(self, scheme: Qt.ColorScheme) -> None:
        if self.choice == "system":
            self._dress(scheme)

    def _dress(self, scheme: Qt.ColorScheme) -> None:
        self.theme = DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        self._app.setPalette(palette(self.theme))
        self._app.setStyleSheet(style_sheet(self.theme))


def _follower() -> _Follower | None:
    app = QApplication.instance()
    found = app.findChild(_Follower, "theme-follower") if app is not None else None
    return found if isinstance(found, _Follower) else None


def palette(theme: Theme) -> QPalette:
    """Qt's palette for a theme."""
    made = QPalette()
    role = QPalette.ColorRole
    colors = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.hover,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.muted,
        role.Text: theme.text,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.BrightText: theme.error,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.accent_text,
        role.Accent: theme.accent,
        role.Light: theme.raised,
        role.Midlight: theme.hover,
        role.Mid: theme.line,
        role.Dark: theme.control,
        role.Shadow: theme.shadow,
    }
    for key, value in colors.items():
        made.setColor(key, QColor(value))
    for key in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        made.setColor(QPalette.ColorGroup.Disabled, key, QColor(theme.disabled))
    return made
