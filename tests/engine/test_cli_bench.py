"""The command ``bench``: what it measures, and beside whom."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from engine.bench.chart import ratio_chart
from engine.bench.roof import operations
from engine.bench.scale import AXES
from engine.bench.workloads import WORKLOADS, samples
from engine.cli import bench
from engine.estimate.rates import kept_rates, rates_file
from tests.engine.commands import refused, told


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


@pytest.mark.skipif(shutil.which("g++") is None, reason="PyTorch's compiler needs one for C++")
def test_bench_lets_the_peer_compile(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    given = ("--workload", "tiny", "--peer", "torch", "--compiled", "--rounds", 1, "--steps", 50)
    layouts = told(capsys, "bench", *given)["workloads"]["tiny"]["torch"]["layouts"]
    assert set(layouts) == {"plain", "plain-compiled"}
    assert all(side["min_ms"] > 0 for side in layouts.values())


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


def test_bench_tells_how_near_the_roof_a_workload_comes(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "bench", "--workload", "mlp", "--rounds", 1, "--steps", 20)
    mlp = found["workloads"]["mlp"]
    # 2 operations a weight forward, as many for gradients, and for slopes in all but the first layer
    assert operations("mlp") == 100 * 2 * (2 * 784 * 500 + 3 * 500 * 500 + 3 * 500 * 10)
    assert mlp["gflops"] == pytest.approx(operations("mlp") / mlp["engine"]["min_ms"] / 1e6)
    assert mlp["roof_share"] == pytest.approx(mlp["gflops"] / found["roof_gflops"])


def test_bench_profile_shares_out_the_whole_update(capsys: pytest.CaptureFixture[str]) -> None:
    shares = told(capsys, "bench", "--workload", "tiny", "--profile")["tiny"]
    assert {"multiply", "adam step"} <= {share["kernel"] for share in shares}
    assert sum(share["part"] for share in shares) == pytest.approx(1)
    assert shares == sorted(shares, key=lambda share: -share["milliseconds"])


def test_bench_scale_measures_each_size(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    few = {"batch": replace(AXES["batch"], sizes=(1, 100)), "stream": replace(AXES["stream"], sizes=(1,))}
    monkeypatch.setattr(bench, "AXES", few)
    found = told(capsys, "bench", "--scale")
    assert [row["size"] for row in found["batch"]] == [1, 100]
    assert all(0 < row["min_ms"] <= row["median_ms"] for rows in found.values() for row in rows)


def test_bench_estimates_stand_beside_what_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    before = rates_file().read_bytes() if rates_file().exists() else None
    try:
        found = told(capsys, "bench", "--workload", "tiny", "--estimate")
        tiny = found["workloads"]["tiny"]
        assert tiny["ratio"] == pytest.approx(tiny["estimated_ms"] / tiny["measured_ms"])
        assert tiny["undisturbed_ms"] <= tiny["measured_ms"]
        assert tiny["epoch_estimated_ms"] > 16 * tiny["estimated_ms"]  # 16 batches that train, and those that judge
        assert tiny["epoch_ratio"] == pytest.approx(tiny["epoch_estimated_ms"] / tiny["epoch_measured_ms"])
        assert kept_rates().seconds == pytest.approx(found["rates"])
    finally:
        rates_file().unlink(missing_ok=True)
        if before is not None:
            rates_file().write_bytes(before)


def test_bench_cold_compiles_every_kernel_anew(capsys: pytest.CaptureFixture[str]) -> None:
    tiny = told(capsys, "bench", "--workload", "tiny", "--cold")["tiny"]
    seconds = [took for _, took in tiny["kernels"]]
    assert seconds == sorted(seconds, reverse=True)
    assert {"multiply", "adam step"} <= {name for name, _ in tiny["kernels"]}
    assert seconds[0] > 0.01  # nothing that could be loaded
    assert sum(seconds) <= tiny["seconds"]


def test_bench_refuses_what_it_cannot_do(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for given, words in (
        (("--profile", "--scale"), "one at a time"),
        (("--cold", "--estimate"), "one at a time"),
        (("--plot", tmp_path / "a.svg"), "Add --peer torch"),
        (("--workload", "cinn"), "There is no workload 'cinn'"),
        (("--peer", "jax"), "There is no peer 'jax'"),
    ):
        assert words in refused(capsys, "bench", *given)


def test_the_chart_of_ratios_has_a_bar_for_each(tmp_path: Path) -> None:
    drawn = ElementTree.fromstring(ratio_chart({"mlp": 0.5, "cnn": 0.25, "slow": 2.0}))
    bars = [float(e.get("width")) for e in drawn.iter() if e.tag.endswith("rect")][1:]
    assert bars[1] == pytest.approx(2 * bars[0], rel=1e-3)
    assert bars[2] == pytest.approx(bars[0] / 4, rel=1e-2)
    line = next(e for e in drawn.iter() if e.tag.endswith("line"))
    start = float(next(e for e in list(drawn.iter()) if e.get("rx")).get("x"))
    assert float(line.get("x1")) - start == pytest.approx(bars[1] / 4, rel=1e-2)
