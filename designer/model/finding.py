"""Which layers fit what somebody types."""

from __future__ import annotations

import re

from designer.model.teaching import formula
from engine.catalogue.layers.base import Layer

#: The order in which a network is usually built; other categories follow by name.
_ORDER = (
    "Input", "Core", "Convolution", "Pooling", "Recurrent", "Attention", "Normalization", "Regularization",
    "Activation", "Merge", "Reshape", "Preprocessing", "Augmentation",
)  # fmt: skip


def words_of(cls: type[Layer]) -> tuple[str, ...]:
    """What a layer is found by, the best first: its names, former names, category, formula, description."""
    names = (cls.title, cls.key, *getattr(cls, "aliases", ()))
    spaced = " ".join(re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", name) for name in names)
    return (*(name.casefold() for name in names), spaced.casefold(), cls.category.casefold(), formula(cls).casefold())


def score(cls: type[Layer], text: str) -> int:
    """How well a layer fits a search, every word of it; 0 when it does not."""
    names = words_of(cls)
    total = 0
    for word in text.casefold().split():
        best = max((_word_score(word, name, place) for place, name in enumerate(names)), default=0)
        if not best:
            return 0
        total += best
    return total


def _word_score(word: str, name: str, place: int) -> int:
    early = max(0, 10 - place)
    if name == word:
        return 100 + early
    if name.startswith(word):
        return 80 + early
    if re.search(r"\b" + re.escape(word), name):
        return 60 + early
    if len(word) > 1 and word in name:
        return 40 + early
    # Letters in order, as in "mxp" for max pooling; only in names, else everything would fit.
    in_order = iter(name)
    if len(word) > 2 and " " not in name and word[0] == name[:1] and all(letter in in_order for letter in word):
        return 10 + early
    return 0


def found_layers(layers: tuple[type[Layer], ...], text: str) -> list[type[Layer]]:
    """The layers that fit a search, best first; all of them by category when it is empty."""
    if not text:
        return sorted(layers, key=lambda cls: (_rank(cls.category), cls.title.casefold()))
    scored = [(score(cls, text), cls) for cls in layers]
    fitting = [(points, cls) for points, cls in scored if points]
    return [cls for _, cls in sorted(fitting, key=lambda pair: (-pair[0], *_place(pair[1])))]


def _place(cls: type[Layer]) -> tuple[object, ...]:
    """Among equals the order of building decides, and pictures come before sequences and volumes."""
    axes = re.search(r"([123])D", cls.key)
    return _rank(cls.category), "213".index(axes[1]) if axes else 0, cls.title.casefold()


def _rank(category: str) -> tuple[int, str]:
    return (_ORDER.index(category) if category in _ORDER else len(_ORDER), category)
