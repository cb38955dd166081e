"""Finds every component: each file of ``engine/catalogue`` and every installed plug-in."""

from __future__ import annotations

import importlib
import logging
import pkgutil
import traceback
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from engine.component import Component, Registry, is_component_class, registry

log = logging.getLogger(__name__)

KINDS = (
    "activation", "initializer", "regularizer", "constraint", "variable", "layer", "loss", "metric", "schedule",
    "optimizer", "callback", "source",
)  # fmt: skip


def _load_catalogue() -> None:
    # Order matters: a layer's defaults name activations and initializers.
    for kind in KINDS:
        package = importlib.import_module(f"engine.catalogue.{_plural(kind)}")
        for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
            add_module(importlib.import_module(f"{package.__name__}.{info.name}"))


def _plural(kind: str) -> str:
    return {"loss": "losses"}.get(kind, kind + "s")


def add_module(module: ModuleType, package: str = "") -> list[type[Component]]:
    """Register every declaration that a module defines; all of them or, when one cannot be, none.

    Args:
        module: where to look.
        package: what is taken from other modules of this package as well.

    Returns:
        The declarations that were found.

    Raises:
        ValueError: a name is taken.
    """
    found = [
        value
        for value in vars(module).values()
        if is_component_class(value) and value.kind and _is_from(value, module.__name__, package)
    ]
    added: list[type[Component]] = []
    try:
        for cls in found:
            known = cls.key in registry(cls.kind) and registry(cls.kind).get(cls.key) is cls
            registry(cls.kind).add(cls, *getattr(cls, "aliases", ()))
            if not known:
                added.append(cls)
    except ValueError:
        for cls in added:
            registry(cls.kind).remove(cls.key)
        raise
    return found


def _is_from(cls: type[Component], module: str, package: str) -> bool:
    return cls.__module__ == module or (bool(package) and f"{cls.__module__}.".startswith(f"{package}."))


def load_plugins() -> list[str]:
    """Register the components of installed plug-ins (entry-point group ``layerloom``).

    An entry point names a module; every declaration in it, or imported into it from the same package, is taken.

    Returns:
        One sentence for each plug-in that failed and was skipped.
    """
    faults = []
    for point in entry_points(group="layerloom"):
        try:
            module = point.load()
            if not isinstance(module, ModuleType):
                raise TypeError(f"'{point.value}' is not a module; name the module that holds the declarations")
            if not add_module(module, module.__name__.partition(".")[0]):
                raise TypeError(f"the module '{point.value}' holds no declarations; decorate them with @component")
        except (Exception, SystemExit) as error:
            # A stranger's plug-in may fail in any way; the program must start all the same.
            faults.append(f"The plug-in '{point.name}' was skipped: {_told(error)}. Mend it or uninstall it.")
            log.info("plug-in %s failed", point.name, exc_info=True)
    return faults


def _told(error: BaseException) -> str:
    """The error in one line, with the line of the plug-in that it comes from."""
    text = " ".join(str(error).split()).rstrip(".") or "it gave no reason"
    theirs = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(_INNER)]
    # What it calls in other packages is not where it has to be mended.
    home = str(Path(theirs[0].filename).parent) if theirs else ""
    lines = [f for f in theirs if f.filename.startswith(home)]
    place = f" ({Path(lines[-1].filename).name}, line {lines[-1].lineno})" if lines else ""
    return f"{type(error).__name__}: {text}{place}"


#: Where no line of a plug-in stands: in the program itself, and in what imports modules.
_INNER = ("<frozen", str(Path(__file__).parent), str(Path(importlib.__file__).parent))

_load_catalogue()
layers: Registry = registry("layer")
activations: Registry = registry("activation")
initializers: Registry = registry("initializer")
regularizers: Registry = registry("regularizer")
constraints: Registry = registry("constraint")
variables: Registry = registry("variable")
losses: Registry = registry("loss")
metrics: Registry = registry("metric")
schedules: Registry = registry("schedule")
optimizers: Registry = registry("optimizer")
callbacks: Registry = registry("callback")
sources: Registry = registry("source")
#: What went wrong with plug-ins. Loaded last: they may use everything above.
plugin_faults: tuple[str, ...] = tuple(load_plugins())
