"""Layer classes of Keras 1 and 2 that are called otherwise today: ``Convolution2D(64, 3, 3)`` and its like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine import registry
from engine.api.handle import LayerHandle, handle_class
from engine.api.old_words import note
from engine.api.symbol import Symbol
from engine.errors import UsageError
from engine.exchange.importing import spelling


def older_class(old: str) -> type[LayerHandle] | None:
    """The class for an older name, which takes arguments in the older order; ``None`` where it is no older name."""
    new = spelling.LAYERS.get(old, "")
    if new not in registry.layers:
        return None
    order = spelling.POSITIONS.get(old)
    today = handle_class(registry.layers.get(new))  # type: ignore[arg-type]

    def __init__(self: Any, /, *args: Any, **kwargs: Any) -> None:  # noqa: N807 (it becomes a method)
        note(f"{old}(...)", f"{new}(...)")
        if order is not None:
            if len(args) > len(order):
                raise UsageError(f"{old} takes at most {len(order)} arguments: {', '.join(order)}.")
            twice = sorted(set(order[: len(args)]) & set(kwargs))
            if twice:
                raise UsageError(f"{old}: {twice[0]} was given twice.")
            args, kwargs = (), dict(zip(order, args, strict=False)) | kwargs
        today.__init__(self, *args, **kwargs)

    return type(old, (today,), {"__init__": __init__, "__module__": "engine.layers"})


def Merge(  # noqa: N802 (Keras's name)
    layers: Any = None, mode: Any = "sum", concat_axis: int = -1, dot_axes: Any = -1, **kwargs: Any
) -> LayerHandle:
    """Keras 1's layer for all ways of merging; call it on a list of symbols.

    Args:
        layers: Keras 1 put models here; they must be called on symbols instead.
        mode: ``sum``, ``mul``, ``concat``, ``ave``, ``max`` or ``dot``.
        concat_axis: of ``concat``, counted with the batch.
        dot_axes: of ``dot``, counted with the batch.
        **kwargs: ``name``.

    Raises:
        UsageError: there is no such mode, or models were given.
    """
    if layers is not None:
        raise UsageError(
            "Merge no longer takes models: call each model on its Input, join the results with a merging layer such "
            "as Concatenate()([a, b]), and make a Model(inputs, outputs) of it."
        )
    name = spelling.MERGES.get(mode) if isinstance(mode, str) else None
    if name is None:
        raise UsageError(f"mode must be one of {', '.join(spelling.MERGES)}; received {mode!r}.")
    note(f"Merge(mode={mode!r})", f"{name}(...)")
    given = {"Concatenate": {"axis": concat_axis}, "Dot": {"axes": dot_axes}}.get(name, {})
    return handle_class(registry.layers.get(name))(**given, **kwargs)  # type: ignore[arg-type]


def merge(inputs: Sequence[Symbol], mode: str = "sum", concat_axis: int = -1, dot_axes: Any = -1, **kwargs: Any) -> Any:
    """Keras 1's function for merging symbols; see :func:`Merge`."""
    return Merge(None, mode, concat_axis, dot_axes, **kwargs)(inputs)
