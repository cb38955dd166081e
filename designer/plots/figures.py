"""How figures of a run are called, and which way is better."""

from __future__ import annotations

import re

from designer.text import tr
from engine.catalogue.metrics.base import Metric
from engine.registry import metrics

#: What the name of one figure out of several ends with.
NUMBERED = re.compile(r"(_class_\d+|_output_\d+|_\d+)+$")


def metric_of(name: str) -> type[Metric] | None:
    """The metric behind a name in the logs, such as ``val_output_accuracy``; ``None`` for losses and strangers."""
    parts = NUMBERED.sub("", name.removeprefix("val_")).split("_")
    # A network with several outputs puts the output's name in front.
    for start in range(len(parts)):
        tail = "_".join(parts[start:])
        if tail in metrics:
            found = metrics.get(tail)
            return found if issubclass(found, Metric) else None
    return None


def better(name: str) -> str:
    """``"higher"`` or ``"lower"``: what a good value of this figure is."""
    metric = metric_of(name)
    return metric.better if metric is not None else "lower"


def title(name: str) -> str:
    """What a figure is called on the screen."""
    if name == "loss":
        return tr("Loss")
    metric = metric_of(name)
    if metric is not None and name in (metric.key, *getattr(metric, "aliases", ())):
        return tr(metric.title)
    return name.replace("_", " ").strip().capitalize()


def short_title(name: str) -> str:
    """A title for narrow places: its last word, such as ``Accuracy`` for every kind of it."""
    metric = metric_of(name)
    words = (metric.title if metric is not None else title(name)).split()
    return tr(words[-1].capitalize() if words[-1].islower() else words[-1]) if words else name
