"""What every export declares, and how its truth is shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from engine.exchange.other_process import GivenUp, never
from engine.exchange.parcel import Array, Parcel
from engine.problems import Problem

#: Largest difference, as a share of the answers' size, that float32 arithmetic in another order explains.
TOLERANCE = 1e-4
#: Outputs whose largest number is below this are compared as if it were this.
SMALLEST = 1e-3


@dataclass(frozen=True)
class Proof:
    """An export that was loaded again or run, compared with the engine on samples.

    Attributes:
        by: what ran it, with its version, such as "onnxruntime 1.31.0".
        samples: how many were compared.
        difference: largest absolute difference of any number.
        share: the worst difference of an output as a share of that output's own largest number.
    """

    by: str
    samples: int
    difference: float
    share: float

    @property
    def holds(self) -> bool:
        """Whether the two agree as far as float32 can."""
        return bool(np.isfinite(self.share)) and self.share <= TOLERANCE

    @property
    def text(self) -> str:
        """One sentence for people."""
        agreement = "agrees with" if self.holds else "DIFFERS from"
        return (
            f"Checked on {self.samples} samples with {self.by}: it {agreement} Layerloom, "
            f"largest difference {self.difference:.2g}."
        )


@dataclass(frozen=True)
class Unproven:
    """Why an export could not be compared here, and what would allow it."""

    reason: str

    @property
    def text(self) -> str:
        """One sentence for people."""
        return f"Not checked: {self.reason}"


class Target(Protocol):
    """One language or file format that networks are given away in.

    Attributes:
        key: on the command line, such as ``onnx``.
        title: for people.
        help: one or two sentences: what it is and who reads it.
        suffix: of the file; "" when it writes a folder of several files.
    """

    key: str
    title: str
    help: str
    suffix: str

    def obstacles(self, parcel: Parcel) -> tuple[Problem, ...]:
        """What it cannot express; anything here prevents the export."""

    def notes(self, parcel: Parcel) -> tuple[str, ...]:
        """What is written in another way than drawn, or left out."""

    def write(self, parcel: Parcel, place: Path) -> None:
        """Write the file, or fill the (existing, empty) folder."""

    def prove(self, parcel: Parcel, place: Path, given_up: GivenUp = never) -> Proof | Unproven:
        """Load or run what ``write`` wrote and compare it with the engine on the parcel's samples.

        Args:
            parcel: what was written.
            place: where it was written.
            given_up: whether nobody wants the proof any more; a process that computes it is ended then.

        Raises:
            UsageError: what was written does not run.
            Abandoned: it was given up.
        """


def compared(parcel: Parcel, by: str, answers: dict[str, Array]) -> Proof:
    """A proof from somebody else's answers by output node.

    An answer of another shape, or one that is missing, counts as infinitely far away.
    """
    worst, share, rows = 0.0, 0.0, 0
    for key, ours in parcel.answers.items():
        theirs = answers.get(key)
        rows = len(ours)
        distance = float("inf")
        if theirs is not None and theirs.shape == ours.shape:
            distance = float(np.abs(ours.astype(np.float64) - theirs).max(initial=0))
        # max() would forget a distance that is not a number.
        distance = distance if np.isfinite(distance) else float("inf")
        worst = max(worst, distance)
        share = max(share, distance / max(SMALLEST, float(np.abs(ours).max(initial=0))))
    return Proof(by, rows, worst, share)
