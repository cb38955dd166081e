"""Keras's layers by name, made from the registry: ``from engine.layers import Dense``."""

from __future__ import annotations

from typing import Any

from engine import registry
from engine.api.handle import LayerHandle, handle_class
from engine.api.older_layers import Merge, merge, older_class  # noqa: F401 (Keras 1's names)
from engine.api.symbol import Symbol
from engine.api.written import Lambda, Layer  # noqa: F401 (names of Keras, given on)
from engine.exchange.importing import spelling


def Input(  # noqa: N802 (Keras's name)
    shape: Any = None, batch_size: Any = None, batch_shape: Any = None, **kwargs: Any
) -> Symbol:
    """Where data enter: the symbol of a sample of this shape.

    Args:
        shape: sizes without the batch.
        batch_size: rows of a batch, which need not be told here.
        batch_shape: the shape with the batch in front, in place of ``shape``.
        **kwargs: ``name``.
    """
    given = tuple(batch_shape)[1:] if shape is None and isinstance(batch_shape, (tuple, list)) else shape
    handle = HANDLES["Input"](given, **kwargs)
    return handle.connect(()).symbols[0]


#: Every layer handle by its name and other spellings.
HANDLES: dict[str, type[LayerHandle]] = {}
for _cls in registry.layers:
    HANDLES[_cls.key] = handle_class(_cls)
    HANDLES.update(dict.fromkeys(getattr(_cls, "aliases", ()), HANDLES[_cls.key]))
globals().update({name: cls for name, cls in HANDLES.items() if name != "Input"})

OTHERS = ("Input", "Lambda", "Layer", "Merge", "merge")
OLDER = {old for old, new in spelling.LAYERS.items() if new in registry.layers}
__all__ = [*OTHERS, *sorted({*HANDLES, *OLDER} - {"Input"})]  # noqa: PLE0604


def __getattr__(name: str) -> type[LayerHandle]:
    # Layers registered later (plug-ins) are found too.
    if not name.startswith("_") and name in registry.layers:
        return HANDLES.setdefault(name, handle_class(registry.layers.get(name)))  # type: ignore[arg-type]
    older = None if name.startswith("_") else older_class(name)
    if older is not None:
        return HANDLES.setdefault(name, older)
    raise AttributeError(f"engine.layers has no layer '{name}'; it has {', '.join(sorted(HANDLES))}")
