"""Project folders: saving without loss, and opening what others made."""

from engine.io.folder import Opened, load_project, save_project

__all__ = ["Opened", "load_project", "save_project"]
