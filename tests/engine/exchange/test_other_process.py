"""Programs that compute proofs end when they are done, when they take too long, and when nobody waits for them."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from engine.exchange.export import export
from engine.exchange.numpy_target import NumpyScript
from engine.exchange.other_process import Abandoned, GivenUp, Hung, run
from engine.exchange.parcel import Parcel
from tests.engine.exchange.networks import parcel_named

#: Says its number in a file and then would stay for a minute.
STAYS = "import os, sys, time; open(sys.argv[1], 'w').write(f'{os.getpid()}.'); time.sleep(60)"
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no harmless way to ask for a process")


def lives(number: Path) -> bool:
    try:
        os.kill(int(number.read_text().removesuffix(".")), 0)
    except ProcessLookupError:
        return False
    return True


def written(number: Path) -> bool:
    return number.exists() and number.read_text().endswith(".")


def once_written(number: Path) -> GivenUp:
    return lambda: written(number)


def test_says_how_a_program_ended_and_all_that_it_said() -> None:
    code = (
        "import sys, time; print('x' * 300_000); print(' one\\n\\ntwo ', file=sys.stderr); time.sleep(.3); sys.exit(7)"
    )
    ended = run([sys.executable, "-c", code], 60)

    assert (ended.code, ended.said.strip()) == (7, "x" * 300_000)
    assert ended.complaints == ("one", "two")


@on_posix
def test_a_program_that_nobody_waits_for_is_ended(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(Abandoned):
        run([sys.executable, "-c", STAYS, str(tmp_path / "number")], 60, once_written(tmp_path / "number"))

    assert time.monotonic() - began < 30
    assert not lives(tmp_path / "number")


@on_posix
def test_a_program_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(Hung):
        run([sys.executable, "-c", STAYS, str(tmp_path / "number")], 2)

    assert not written(tmp_path / "number") or not lives(tmp_path / "number")


def test_nothing_is_begun_that_was_given_up_before(tmp_path: Path) -> None:
    with pytest.raises(Abandoned):
        run([sys.executable, "-c", STAYS, str(tmp_path / "number")], 60, lambda: True)

    assert not (tmp_path / "number").exists()


class SlowScript(NumpyScript):
    """Writes a script that says its number and takes a minute to start."""

    def __init__(self, number: Path) -> None:
        self.number = number

    def write(self, parcel: Parcel, place: Path) -> None:
        super().write(parcel, place)
        script = place / self.file
        delay = f"import os, time; open({str(self.number)!r}, 'w').write(f'{{os.getpid()}}.'); time.sleep(60)\n"
        script.write_text(script.read_text().replace("import sys\n", f"import sys\n{delay}", 1))


@on_posix
def test_an_export_that_is_given_up_ends_its_proof_and_leaves_nothing(tmp_path: Path) -> None:
    number, folder = tmp_path / "number", tmp_path / "given"
    folder.mkdir()

    with pytest.raises(Abandoned):
        list(export(SlowScript(number), parcel_named("Dense-0"), folder / "net", once_written(number)))

    assert not lives(number)
    assert list(folder.iterdir()) == []
