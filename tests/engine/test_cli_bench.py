"""The command ``bench``: what it measures, and beside whom."""

from __future__ import annotations

import pytest

from engine.cli.bench_workloads import WORKLOADS, samples
from tests.engine.commands import told


@pytest.mark.parametrize("name", WORKLOADS)
def test_bench_measures_a_process_of_its_own(capsys: pytest.CaptureFixture[str], name: str) -> None:
    found = told(capsys, "bench", "--workload", name, "--rounds", 1, "--steps", 4)
    side = found["workloads"][name]["engine"]
    assert 0 < side["min_ms"] <= side["median_ms"]
    assert side["memory_mb"] is None or side["memory_mb"] > 20


def test_bench_beside_torch(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    found = told(capsys, "bench", "--workload", "tiny", "--peer", "torch", "--rounds", 2, "--steps", 50)
    told_of = found["workloads"]["tiny"]
    assert told_of["torch"]["median_ms"] > 0
    assert told_of["ratio_median"] > 0


def test_bench_shows_the_peer_in_its_faster_layout(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    found = told(capsys, "bench", "--workload", "cnn", "--peer", "torch", "--rounds", 1, "--steps", 3)["workloads"][
        "cnn"
    ]
    peer = found["torch"]
    assert set(peer["layouts"]) == {"contiguous", "channels_last"}
    assert peer["median_ms"] == min(side["median_ms"] for side in peer["layouts"].values())
    assert peer["layouts"][peer["layout"]]["min_ms"] == peer["min_ms"]
    assert found["ratio_min"] == found["engine"]["min_ms"] / peer["min_ms"]
    assert found["ratio_median"] == found["engine"]["median_ms"] / peer["median_ms"]
    assert "layout" not in found["engine"]


@pytest.mark.parametrize("name", WORKLOADS)
def test_bench_trains_on_whole_batches(name: str) -> None:
    inputs, labels = samples(name)
    assert len(inputs) == len(labels) > 0
    assert len(labels) % WORKLOADS[name].batch == 0
