"""What the program remembers between two starts: places, theme, recent projects."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

#: How many recent projects are kept.
RECENT = 8


def settings() -> QSettings:
    """The settings' file, the same kind on every system."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Layerloom", "Layerloom")


def data_folder() -> Path:
    """Where the program keeps what is the user's; ``LAYERLOOM_DATA`` names another place than the system's."""
    data = os.environ.get("LAYERLOOM_DATA") or QStandardPaths.writableLocation(
        QStandardPaths.StandardLocation.AppDataLocation
    )
    return Path(data)


def recovery_folder() -> Path:
    """Where unsaved work is kept aside."""
    return data_folder() / "recovery"


def blocks_folder() -> Path:
    """Where the user's own blocks lie."""
    return data_folder() / "blocks"


def text_setting(key: str, default: str = "") -> str:
    """A remembered word; a damaged entry counts as absent."""
    value = settings().value(key, default)
    return value if isinstance(value, str) else default


def list_setting(key: str) -> list[str]:
    """Remembered words, in order; a file keeps a single one as a word."""
    value = settings().value(key, [])
    words = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [word for word in words if isinstance(word, str)]


def bytes_setting(key: str) -> QByteArray | None:
    """A remembered state of a window."""
    value = settings().value(key)
    return value if isinstance(value, QByteArray) else None


def remember(key: str, value: object) -> None:
    """Keep a value."""
    settings().setValue(key, value)


def recent_projects() -> list[Path]:
    """Folders opened or saved last, newest first; vanished ones are left out."""
    return [path for path in map(Path, list_setting("recent")) if path.is_dir()][:RECENT]


def add_recent(folder: Path) -> None:
    """Put a folder first."""
    others = [path for path in recent_projects() if path != folder]
    remember("recent", [str(path) for path in [folder, *others][:RECENT]])


def forget(key: str) -> None:
    """Keep a value no longer."""
    settings().remove(key)


def forget_recent() -> None:
    """Empty the list."""
    forget("recent")
