"""Finds every component: each file of ``engine/catalogue`` and every installed plug-in."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from importlib.metadata import entry_points
from types import ModuleType

from engine.component import Component, Registry, is_component_class, registry

log = logging.getLogger(__name__)

KINDS = (
    "activation", "initializer", "regularizer", "constraint", "layer", "loss", "metric", "schedule", "optimizer",
    "source",
)  # fmt: skip


def _load_catalogue() -> None:
    # Order matters: a layer's defaults name activations and initializers.
    for kind in KINDS:
        package = importlib.import_module(f"engine.catalogue.{_plural(kind)}")
        for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
            add_module(importlib.import_module(f"{package.__name__}.{info.name}"))


def _plural(kind: str) -> str:
    return {"loss": "losses"}.get(kind, kind + "s")


def add_module(module: ModuleType) -> list[type[Component]]:
    """Register every declaration that a module defines; returns them."""
    found = [
        value
        for value in vars(module).values()
        if is_component_class(value) and value.__module__ == module.__name__ and value.kind
    ]
    for cls in found:
        registry(cls.kind).add(cls, *getattr(cls, "aliases", ()))
    return found


def load_plugins() -> list[str]:
    """Register the components of installed plug-ins (entry-point group ``layerloom``).

    Returns:
        One sentence for each plug-in that failed and was skipped.
    """
    faults = []
    for point in entry_points(group="layerloom"):
        try:
            add_module(point.load())
        except Exception as error:
            # A stranger's plug-in may fail in any way; the program must start all the same.
            faults.append(f"The plug-in '{point.name}' was skipped: {error}")
            log.warning("plug-in %s failed", point.name, exc_info=True)
    return faults


_load_catalogue()
layers: Registry = registry("layer")
activations: Registry = registry("activation")
initializers: Registry = registry("initializer")
regularizers: Registry = registry("regularizer")
constraints: Registry = registry("constraint")
losses: Registry = registry("loss")
metrics: Registry = registry("metric")
schedules: Registry = registry("schedule")
optimizers: Registry = registry("optimizer")
sources: Registry = registry("source")
