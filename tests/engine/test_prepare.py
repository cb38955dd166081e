"""Kernels are compiled before they are needed, and processes share that work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine import prepare
from engine.catalogue.sources.base import Dataset, Field
from engine.kernels.claims import STALE, claim_path, claimed
from engine.kernels.dense import add_bias, column_sum
from engine.project import Project, TrainConfig
from engine.templates import chain
from engine.train.control import Control

ENDED = 2**22 + 1  # beyond the largest process number of Linux


def small_project() -> tuple[Project, Dataset]:
    graph = chain(("Input", {"shape": (3,)}), ("Dense", {"units": 2, "activation": "softmax"}))
    dataset = Dataset(
        {"x": Field(np.ones((50, 3), "f4"))}, {"y": Field(np.ones(50, "i8"), ("no", "yes"))},
    )  # fmt: skip
    return Project(graph, TrainConfig(batch_size=4)), dataset


def test_only_one_holds_a_claim(tmp_path: Path) -> None:
    path = claim_path(tmp_path, add_bias)

    with claimed(path) as first, claimed(path) as second, claimed(claim_path(tmp_path, column_sum)) as other:
        assert (first, second, other) == (True, False, True)
    with claimed(path) as again:
        assert again
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no harmless way to ask for a process")
def test_a_claim_of_a_dead_process_counts_for_nothing(tmp_path: Path) -> None:
    path = claim_path(tmp_path, add_bias)
    path.write_text(str(ENDED))

    with claimed(path) as held:
        assert held


def test_an_old_claim_counts_for_nothing(tmp_path: Path) -> None:
    path = claim_path(tmp_path, add_bias)
    path.write_text(str(os.getpid()))
    os.utime(path, (time.time() - STALE - 1,) * 2)

    with claimed(path) as held:
        assert held


def test_a_folder_that_is_none_has_no_claims(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with claimed(tmp_path / "file" / "claim") as held:
        assert held


def test_blank_data_look_like_the_real_ones() -> None:
    project, dataset = small_project()
    made = prepare.blank(json.loads(json.dumps(prepare.request(project, dataset)))["data"], 12)

    assert made.inputs["x"].spec == dataset.inputs["x"].spec
    assert made.targets["y"].classes == dataset.targets["y"].classes
    assert made.samples == 12


def test_nonsense_is_answered_and_forgotten() -> None:
    project, dataset = small_project()
    asked = prepare.request(project, dataset)
    asked["data"]["targets"] = {}

    assert prepare.answer("{", Control()) == "no"
    assert prepare.answer('{"project": 1}', Control()) == "no"
    assert prepare.answer(json.dumps(asked), Control()) == "no"


def test_a_network_that_would_fill_the_memory_is_not_prepared() -> None:
    project, dataset = small_project()
    wide = ("Dense", {"units": 20_000})
    graph = chain(("Input", {"shape": (3,)}), wide, wide, ("Dense", {"units": 2, "activation": "softmax"}))
    asked = json.dumps(prepare.request(replace(project, graph=graph), dataset))

    tracemalloc.start()
    try:
        word = prepare.answer(asked, Control())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert prepare.weight(replace(project, graph=graph)) > 20_000**2 * 4
    assert word == "no"
    assert peak < 64 * 2**20


BOUNDED = """
import numpy as np
from engine import prepare
prepare.bound_memory()
np.empty(2**30, "u1")
try:
    np.empty(prepare.SPACE + 2**20, "u1")
except MemoryError:
    print("refused")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems need not keep to this limit")
def test_the_worker_cannot_take_all_memory() -> None:
    done = subprocess.run([sys.executable, "-c", BOUNDED], capture_output=True, text=True, timeout=60, check=False)

    assert done.stdout.strip() == "refused", done.stderr


TRAIN = """
from tests.engine.test_prepare import small_project
from engine.data.split import split
from engine.kernels.dense import multiply
from engine.train.control import Control
from engine.train.trainer import Trainer
project, dataset = small_project()
list(Trainer(project, split(dataset, project.split), epochs=1).run(Control()))
print(sum(multiply.stats.cache_hits.values()), sum(multiply.stats.cache_misses.values()))
"""


def test_what_was_prepared_is_only_loaded(tmp_path: Path) -> None:
    environment = {**os.environ, "LAYERLOOM_CACHE": str(tmp_path)}
    worker = subprocess.Popen(
        [sys.executable, "-m", "engine.prepare"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment,
    )  # fmt: skip
    assert worker.stdin is not None and worker.stdout is not None
    worker.stdin.write(json.dumps(prepare.request(*small_project())) + "\n")
    worker.stdin.flush()
    word = worker.stdout.readline()
    worker.communicate(timeout=60)
    run = subprocess.run(
        [sys.executable, "-c", TRAIN], capture_output=True, text=True, env=environment, timeout=120, check=False
    )

    assert word == "ready\n"
    assert worker.returncode == 0
    assert run.stdout.split() == ["1", "0"], run.stderr
    assert not list(tmp_path.rglob("claim-*"))
