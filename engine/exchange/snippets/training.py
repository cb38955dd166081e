"""How pasted code wants to train: ``compile`` and ``fit`` in the words of a Keras file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.component import registry, resolved
from engine.errors import LayerloomError
from engine.exchange.importing import spelling
from engine.exchange.importing.outline import shown
from engine.exchange.snippets.limits import SnippetError
from engine.exchange.snippets.network import Story
from engine.exchange.snippets.plain import bound, plain
from engine.exchange.snippets.values import Part

COMPILE = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")
FIT = ("x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data", "shuffle")
#: Whole numbers that ``fit`` may set.
_COUNTS = ("epochs", "batch_size")


def compiled(story: Story, args: Sequence[Any], given: Mapping[str, Any], line: int) -> None:
    """Take over ``compile(...)``; what only running would tell is left out with a note."""
    names: tuple[str, ...] = COMPILE
    if len(args) == 3 and _names_metrics(args[2]):
        names = ("optimizer", "loss", "metrics")  # the order of Keras 1 and 2
    values = bound("compile", names, args, given, line)
    story.training = {key: value for key, value in story.training.items() if key not in COMPILE}
    for name in COMPILE[:4]:
        if values.get(name) is None:
            continue
        try:
            story.training[name] = plain(values[name], line, name)
        except SnippetError as error:
            story.note(0, f"{error} It is left as it was.")
    story.training.setdefault("metrics", [])


def _names_metrics(value: Any) -> bool:
    items = value if isinstance(value, (list, tuple)) else [value]
    return all(isinstance(item, (str, Part)) for item in items)


def fitted(story: Story, args: Sequence[Any], given: Mapping[str, Any], line: int) -> None:
    """Take over the arguments of ``fit(...)`` that are settings."""
    words = {key: new for key, new in spelling.ARGUMENTS["fit"].items() if new}
    today = {words.get(key, key): value for key, value in given.items()}
    values = bound("fit", FIT, args[: len(FIT)], {k: v for k, v in today.items() if k not in FIT[: len(args)]}, line)
    for name in _COUNTS:
        value = values.get(name)
        if type(value) is int and 1 <= value <= 1_000_000:
            story.training[name] = value
        elif value is not None:
            story.note(line, f"{name} of fit is no plain number; it is left as it was.")
    share = values.get("validation_split")
    if isinstance(share, float) and 0 < share <= 0.9:
        story.training["validation"] = share
    if isinstance(values.get("shuffle"), bool):
        story.training["shuffle"] = values["shuffle"]
    _callbacks(story, values.get("callbacks"), line)


def _callbacks(story: Story, value: Any, line: int) -> None:
    found = []
    for item in value if isinstance(value, (list, tuple)) else []:
        name = getattr(item, "name", "")
        try:
            if not isinstance(item, Part) or item.kind != "callback":
                raise SnippetError(line, "a callback of fit is code of its own and was left out.")
            settings = spelling.settings(name, item.settings, 3)
            found.append(resolved("callback", {"type": registry("callback").get(name).key, **settings}))
        except LayerloomError as error:
            reason = (
                str(error) if isinstance(error, SnippetError) else f"Line {line}: {shown(name)} was left out: {error}."
            )
            story.note(0, reason)
    if found:
        story.training["callbacks"] = tuple(found)
