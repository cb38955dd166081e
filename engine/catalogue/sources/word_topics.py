"""WordTopics: short made-up texts about the sea or the mountains."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.sources.base import Dataset, Field, Source
from engine.catalogue.sources.made import (
    MADE_UP,
    Array,
    Random,
    Seed,
    count_setting,
    dealt,
    generator,
    seed_setting,
)
from engine.component import component, setting
from engine.constraints import Number, Whole


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COMMON = _split("the a of and to in it was we they there here then when with over under again still never")
TOPICS = {
    "sea": _split("sea wave harbour ship sail salt tide beach anchor gull fish island shore storm net"),
    "mountains": _split("mountain peak valley rope snow ridge goat hut climb glacier rock pass slope stone pine"),
}
#: Word by number; 0 fills texts up to their length.
VOCABULARY = ("", *COMMON, *(word for words in TOPICS.values() for word in words))
#: Share of topic words that belong to the other topic: a single word proves nothing.
STRAY = 0.2


@component
class WordTopics(Source):
    """Texts of random words, some of them about one of two topics; the right answer is the topic.

    Each word is a number: 0 fills the end of short texts, 1 to 20 are words of any text, then come fifteen of the
    sea and fifteen of the mountains. Of the words about something, one in five is about the other topic.

    Shapes:
        text: (samples, length) whole numbers below 51; topic: (samples,).
    """

    title: ClassVar[str] = "Words: two topics"
    icon: ClassVar[str] = "mdi6.text-box-outline"

    length: Annotated[int, Whole(4, 500)] = setting(24, "Words of the longest texts; shorter ones are filled with 0.")
    clarity: Annotated[float, Number(0, 1)] = setting(
        0.3, "Share of the words that are about something. With 0 there is nothing to find."
    )
    samples: Annotated[int, Whole(10, 20_000)] = count_setting(2000)
    seed: Seed = seed_setting()

    def load(self, folder: Path | None) -> Dataset:
        random = generator(self.seed)
        topic = dealt(self.samples, len(TOPICS), random)
        words = self._words(topic, random)
        lengths = random.integers(self.length // 2, self.length + 1, self.samples)
        words[np.arange(self.length) >= lengths[:, None]] = 0
        listed = ", ".join(f"{number} {word}" for number, word in enumerate(VOCABULARY) if number)
        return Dataset(
            {"text": Field(words)}, {"topic": Field(topic, tuple(TOPICS))}, notes=(MADE_UP, f"The words: {listed}.")
        )

    def _words(self, topic: Array, random: Random) -> Array:
        """Word numbers (samples, length), none of them filling."""
        size = (self.samples, self.length)
        about = topic[:, None] ^ (random.random(size) < STRAY)
        each = len(TOPICS["sea"])
        telling = 1 + len(COMMON) + each * about + random.integers(0, each, size)
        return np.where(random.random(size) < self.clarity, telling, random.integers(1, 1 + len(COMMON), size))

    def summary(self) -> str:
        return f"{self.samples:,} texts of up to {self.length} words about the sea or the mountains, made up"
