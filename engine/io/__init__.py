"""Project folders: saving without loss, and opening what others made."""

from engine.io.folder import DiskChanged, FolderGone, Opened, load_project, save_project

__all__ = ["DiskChanged", "FolderGone", "Opened", "load_project", "save_project"]
