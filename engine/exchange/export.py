"""Exports a network: obstacles first, then the files, then the proof, and only then the name it was asked for."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import FileError, UsageError
from engine.exchange.other_process import GivenUp, never
from engine.exchange.parcel import Parcel
from engine.exchange.target import Proof, Target, Unproven


@dataclass(frozen=True)
class Step:
    """What is being done now."""

    text: str


@dataclass(frozen=True)
class Exported:
    """An export that stands where it was asked for.

    Attributes:
        place: the file or folder.
        proof: how it compares with the engine.
        notes: what was written in another way than drawn.
    """

    place: Path
    proof: Proof | Unproven
    notes: tuple[str, ...]


def export(target: Target, parcel: Parcel, place: Path, given_up: GivenUp = never) -> Iterator[Step | Exported]:
    """Write, prove and put in place; whatever was there before stays until the new one is proved.

    Args:
        target: the language or format.
        parcel: the network with its weights and samples.
        place: the file or folder.
        given_up: whether nobody wants it any more; asked while another process computes the proof.

    Raises:
        UsageError: the target cannot express the network, or its proof failed. Nothing is left behind.
        FileError: the place cannot be written.
        Abandoned: it was given up. Nothing is left behind.
    """
    found = target.obstacles(parcel)
    if found:
        raise UsageError(f"{target.title} cannot express this network. {' '.join(p.text for p in found)}")
    if not all(np.isfinite(values).all() for values in parcel.answers.values()):
        raise UsageError(
            "The network's answers to the samples are not numbers, so no export could be checked. "
            "Its weights or the data are damaged: train it again with a lower learning rate."
        )
    try:
        with tempfile.TemporaryDirectory(prefix=".layerloom-", dir=place.absolute().parent) as room:
            draft = Path(room) / place.name
            if not target.suffix:
                draft.mkdir()
            yield Step(f"Writing {target.title}")
            target.write(parcel, draft)
            yield Step("Comparing it with Layerloom")
            proof = target.prove(parcel, draft, given_up)
            if isinstance(proof, Proof) and not proof.holds:
                raise UsageError(
                    f"The export to {target.title} was not kept, because it computes something else. {proof.text} "
                    "This is a fault of Layerloom; please report it with the project."
                )
            yield Step("Putting it in place")
            _put(draft, place, Path(room) / "before")
    except OSError as error:
        why = error.strerror or str(error)
        raise FileError(
            f"{place.name} could not be written to {place.absolute().parent}: {why}. Choose another place."
        ) from None
    yield Exported(place, proof, target.notes(parcel))


def _put(draft: Path, place: Path, aside: Path) -> None:
    """Replace what stands at the place; a folder is only replaced when it is an export or empty."""
    if draft.is_dir() and place.is_dir():
        strange = sorted({p.name for p in place.iterdir()} - {p.name for p in draft.iterdir()} - {"__pycache__"})
        if strange:
            raise FileError(f"The folder {place.name} holds other files ({strange[0]}). Choose an empty or new folder.")
        place.rename(aside)
        try:
            draft.rename(place)
        except OSError:
            aside.rename(place)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    else:
        draft.replace(place)
