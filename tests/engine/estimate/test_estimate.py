"""What a training will cost: work by layer, memory beside the plan's own, rates found again from known times."""

from __future__ import annotations

import json
import threading
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from engine.bench.engine_side import training
from engine.bench.workloads import WORKLOADS
from engine.catalogue.layers.base import Layer
from engine.data.split import Parts
from engine.estimate import calibrate as calibrating
from engine.estimate import rehearsal as rehearsing
from engine.estimate.calibrate import Trial, calibrate, network, seconds_beside, seconds_of, terms_of, trial_job
from engine.estimate.cost import estimate
from engine.estimate.rates import Rates, keep_rates, kept_rates
from engine.estimate.rehearsal import Rehearsal, _Metered
from engine.estimate.work import PACES, TERMS, work_of
from engine.graph import Graph
from engine.infer import infer
from engine.project import Project, TrainConfig
from engine.registry import layers
from engine.templates import chain
from engine.tensor_spec import TensorSpec
from engine.train.control import Control
from engine.train.job import job_of
from engine.train.loop import Loop

RATES = Rates(dict.fromkeys(TERMS, 1e-9), 2)
DENSE = ("Dense", {"units": 3})


def test_work_of_a_chain_is_counted_by_hand() -> None:
    graph = chain(("Input", {"shape": (5,)}), ("Dense", {"units": 4}), DENSE)
    first, second = (work_of(graph, infer(graph))[key] for key in graph.order[1:])
    assert (first.pace, first.forward, first.backward) == ("products", 40.0, 40.0)  # nobody asks for the data's slope
    assert (second.forward, second.backward) == (24.0, 48.0)
    assert (first.weights, second.weights) == (24, 15)
    assert (first.moved, first.moved_back, second.moved_back) == (9, 9, 14)
    assert dict(first.terms(10)) == dict.fromkeys(TERMS, 0.0) | {
        "products": 800.0, "moved": 180.0, "weights": 24.0, "layers": 1.0,
    }  # fmt: skip
    assert first.terms(10, training=False)["products"] == 400.0


def test_frozen_layers_have_no_way_back() -> None:
    graph = chain(("Input", {"shape": (5,)}), ("Dense", {"units": 4}), DENSE)
    frozen = graph.with_trainable({graph.order[1]}, False)
    first, second = (work_of(frozen, infer(frozen))[key] for key in frozen.order[1:])
    assert (first.backward, first.weights) == (0.0, 0)
    assert second.backward == second.forward  # its own weights only


def test_shared_weights_are_held_and_stepped_once() -> None:
    graph = chain(("Input", {"shape": (4,)}), ("Dense", {"units": 4}), ("Dense", {"units": 4}), DENSE)
    first, second = graph.order[1:3]
    shared = graph.sharing(second, first)
    one, two = (work_of(shared, infer(shared))[key] for key in (first, second))
    assert (one.weights, two.weights) == (20, 0)
    assert one.slopes == two.slopes == 20
    assert two.backward == 2 * two.forward
    alone = estimate(graph, infer(graph), TrainConfig()).bytes
    assert alone - estimate(shared, infer(shared), TrainConfig()).bytes == 20 * 4 * 3  # the weight and Adam's two


def test_a_view_is_free() -> None:
    graph = chain(("Input", {"shape": (2, 3)}), ("Flatten", {}), DENSE)
    work = work_of(graph, infer(graph))[graph.order[1]]
    assert not any(work.terms(10).values())


def test_nodes_without_shapes_are_left_out() -> None:
    graph = chain(("Input", {"shape": (5,)}), ("Conv2D", {"filters": 2, "kernel_size": 3}), DENSE)
    assert list(work_of(graph, infer(graph))) == [graph.order[0]]


@pytest.mark.parametrize("cls", list(layers), ids=lambda cls: cls.key)
def test_every_layer_goes_at_a_known_pace(cls: type[Layer]) -> None:
    for example in cls.examples:
        layer, specs = cls(**example.parameters), tuple(TensorSpec(shape) for shape in example.shapes)
        assert layer.pace(specs) in PACES
        assert layer.remembered(specs) >= 0
        assert layer.waste(specs) >= 1


@pytest.mark.parametrize(("shape", "waste"), [((16, 12, 16), 1.0), ((14, 14, 16), (16 / 14) ** 2), ((14, 16, 3), 1.0)])
def test_tiles_over_the_border_count_for_the_time_and_not_for_the_operations(shape: tuple, waste: float) -> None:
    graph = chain(("Input", {"shape": shape}), ("Conv2D", {"filters": 16, "kernel_size": 3, "padding": "same"}), DENSE)
    work = work_of(graph, infer(graph))[graph.order[1]]
    assert work.forward == 2 * 9 * shape[-1] * 16 * shape[0] * shape[1]
    assert work.waste == pytest.approx(waste)
    assert work.terms(3)[work.pace] == pytest.approx(3 * waste * (work.forward + work.backward))


@pytest.mark.parametrize("name", [name for name, work in WORKLOADS.items() if not work.answers and name != "tiny"])
def test_memory_is_what_the_plan_takes(name: str) -> None:
    project, parts = training(name)
    loop = Loop(job_of(project, parts))
    loop.program("train", project.training.batch_size)
    held = sum(array.nbytes for array in loop.plan._memory.values())
    held += loop.parameters.flat.nbytes * (2 + len(loop.parameters.slots))
    told = estimate(project.graph, infer(project.graph), project.training).bytes
    assert 0.8 < told / held < 1.25


def test_time_follows_rows_epochs_and_element_type() -> None:
    graph = chain(("Input", {"shape": (50,)}), ("Dense", {"units": 40}), DENSE)
    inference, config = infer(graph), TrainConfig(batch_size=10)
    none = estimate(graph, inference, config)
    assert (none.update, none.epoch) == (None, None)
    assert none.bytes > 0
    plain = estimate(graph, inference, config, RATES)
    assert plain.epoch is None
    assert plain.update == pytest.approx(sum(cost.seconds for cost in plain.layers.values()) + 1e-9)
    whole = estimate(graph, inference, config, RATES, samples=95)
    assert whole.epoch == pytest.approx(plain.update * 9.5 + 10 * RATES.seconds["batches"])
    judged = estimate(graph, inference, config, RATES, samples=95, judged=25)
    assert whole.epoch < judged.epoch < 1.5 * whole.epoch
    doubled = estimate(graph, inference, TrainConfig(batch_size=10, dtype="float64"), RATES)
    assert doubled.update == pytest.approx(2 * plain.update)
    assert doubled.bytes == 2 * plain.bytes


def test_rates_that_made_the_times_are_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    amounts = (1e-11, 2e-11, 1.5e-11, 4e-11, 3e-10, 5e-10, 8e-10, 4e-6, 2e-5, 3e-5)
    known = Rates(dict(zip(TERMS, amounts, strict=True)), 1)
    times = [known.of(terms_of(network(trial), trial.rows)) for trial in calibrating.TRIALS]
    monkeypatch.setattr(calibrating, "seconds_of", lambda jobs, control: times)
    found = calibrate()
    for trial in calibrating.TRIALS:
        terms = terms_of(network(trial), trial.rows)
        assert found.of(terms) == pytest.approx(known.of(terms), rel=1e-6)


def test_calibrating_measures_and_can_be_stopped() -> None:
    trials = tuple(Trial((4,), rows, (("Dense", {"units": units}),)) for rows, units in ((8, 4), (64, 128)))
    seconds = seconds_of([trial_job(network(trial), trial) for trial in trials])
    assert 0 < seconds[0] < seconds[1]
    assert 0 <= seconds_beside() < np.inf  # none where batches cost no more than the updates in them
    rates = calibrate(None, trials)
    assert rates.of(terms_of(network(trials[1]), 64)) > 0
    control = Control()
    control.stop()
    assert calibrate(control, trials) is None


class Clock:
    """A thread's own clock on which a task takes one tick, and all that is between tasks takes none.

    It is read before and after each task, by the thread that made it also before and after all of them.
    """

    TICK = 2.0**-10

    def __init__(self) -> None:
        self._home = threading.get_ident()
        self._reads = threading.local()

    def __call__(self) -> float:
        reads = getattr(self._reads, "made", 0)
        self._reads.made = reads + 1
        return self.TICK * ((reads + (threading.get_ident() != self._home)) // 2)


@pytest.mark.parametrize("tells_threads", [True, False])
def test_a_rehearsal_counts_its_own_processor_time_where_it_is_told(
    monkeypatch: pytest.MonkeyPatch, tells_threads: bool
) -> None:
    monkeypatch.setattr(rehearsing, "TELLS_THREADS", tells_threads)
    trial = Trial((64,), 64, (("Dense", {"units": 512}), ("Dense", {"units": 512})))
    rehearsal = Rehearsal(trial_job(network(trial), trial))
    monkeypatch.setattr(rehearsing, "perf_counter", map(float, count()).__next__)  # others want the processors
    monkeypatch.setattr(rehearsing, "thread_time", Clock())
    rehearsal.turn(0.0, fewest=3)
    threads = rehearsal._crew.threads
    rehearsal.close()
    assert rehearsal.wall == 1.0
    if tells_threads:
        tasks = [len(phase.tasks) for phase in rehearsal._phases]
        assert sum(tasks) > 3
        assert rehearsal.seconds == rehearsal.undisturbed == Clock.TICK * sum(-(-some // threads) for some in tasks)
    else:
        assert (rehearsal.seconds, rehearsal.undisturbed) == (1.0, np.inf)


def test_tasks_of_a_phase_are_dealt_to_the_thread_that_is_free_first() -> None:
    phase = _Metered([[], [], [], []])
    phase._times = [3.0, 1.0, 1.0, 2.0]
    assert (phase.span(1), phase.span(2), phase.span(8)) == (7.0, 4.0, 3.0)
    phase._threads = [threading.get_ident(), 0, threading.get_ident(), 0]
    assert phase.own() == 4.0


def test_rates_are_kept_and_damage_means_none(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "rates.json"
    assert kept_rates(path) is None
    keep_rates(RATES, path)
    assert kept_rates(path) == RATES
    good = json.loads(path.read_text())
    for bad in (
        "", "[]", "{}", "\x00", json.dumps(good | {"threads": "2"}), json.dumps(good | {"seconds": {"products": 1}}),
        json.dumps(good | {"seconds": good["seconds"] | {"steps": -1}}),
        json.dumps(good | {"seconds": good["seconds"] | {"steps": None}}),
        '{"seconds": ' + json.dumps(good["seconds"]).replace("1e-09", "NaN", 1) + ', "threads": 2}',
    ):  # fmt: skip
        path.write_text(bad)
        assert kept_rates(path) is None


def test_a_thousand_layers_are_estimated_at_once() -> None:
    graph: Graph = chain(("Input", {"shape": (8,)}), *[("Dense", {"units": 8})] * 1000)
    told = estimate(graph, infer(graph), TrainConfig(), RATES, samples=100)
    assert len(told.layers) == 1001
    assert told.epoch > 0


def test_the_estimate_of_a_job_uses_what_there_is_of_data() -> None:
    graph = chain(("Input", {"shape": (5,)}), DENSE)
    few = estimate(graph, infer(graph), TrainConfig(batch_size=500), RATES, samples=20)
    assert few.epoch == pytest.approx(few.update + RATES.seconds["batches"])
    parts = Parts({"x": np.zeros((20, 5), np.float32)}, {"y": np.zeros(20, np.int64)}, {}, {}, {"y": ("a", "b", "c")})
    assert job_of(Project(graph, TrainConfig(batch_size=20)), parts).samples == 20
