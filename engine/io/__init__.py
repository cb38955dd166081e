"""Project folders: saving without loss, and opening what others made."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.io.folder import DiskChanged, FolderGone, Opened, load_network, load_project, save_project

__all__ = ["DiskChanged", "FolderGone", "Opened", "load_network", "load_project", "save_project"]


# Late, because the child process that reads strangers' HDF5 files needs one small module of this package and
# must not wait until the whole catalogue and its compiler are loaded.
def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(importlib.import_module("engine.io.folder"), name)
    raise AttributeError(f"module 'engine.io' has no attribute '{name}'")
