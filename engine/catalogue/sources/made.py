"""What sources share that make their data up from a seed."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

from engine.component import setting
from engine.constraints import Whole

Array = npt.NDArray[Any]
Random = np.random.Generator
Seed = Annotated[int, Whole(0, 2**63 - 1)]
Count = Annotated[int, Whole(10, 100_000)]
#: What made-up data say of themselves.
MADE_UP = "These data are made up from a seed: the same settings give the same samples."


def seed_setting() -> Any:
    """The parameter every one of them has."""
    return setting(0, "Start of the random choices: another seed gives other samples of the same kind.")


def count_setting(count: int) -> Any:
    """How many samples, training and judging together."""
    return setting(count, "How many samples are made. Few are quickly learnt by heart, many show the rule.")


def generator(seed: int) -> Random:
    """Random numbers that depend on the seed only."""
    return np.random.Generator(np.random.Philox(key=seed))


def dealt(count: int, kinds: int, random: Random) -> npt.NDArray[np.int64]:
    """Which kind each sample is of: equally many of all, in random order."""
    return random.permutation(np.arange(count, dtype=np.int64) % kinds)
