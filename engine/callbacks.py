"""Callbacks as in Keras: those of the registry by name, and hooks for your own."""

from __future__ import annotations

from engine import registry
from engine.api.backup import BackupAndRestore
from engine.api.callback import Callback, History, LambdaCallback
from engine.api.declared_callback import DeclaredCallback, callback_class

#: Every declared callback by its name.
CLASSES: dict[str, type[DeclaredCallback]] = {cls.key: callback_class(cls) for cls in registry.callbacks}
globals().update(CLASSES)

__all__ = ["BackupAndRestore", "Callback", "History", "LambdaCallback", *sorted(CLASSES)]  # noqa: PLE0604


def __getattr__(name: str) -> type[DeclaredCallback]:
    # Callbacks registered later (plug-ins) are found too.
    if not name.startswith("_") and name in registry.callbacks:
        return CLASSES.setdefault(name, callback_class(registry.callbacks.get(name)))  # type: ignore[arg-type]
    raise AttributeError(f"engine.callbacks has no '{name}'; it has {', '.join(__all__)}")
