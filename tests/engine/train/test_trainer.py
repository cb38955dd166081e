"""Runs end, stop, pause, go on and fail as they should."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from engine import registry
from engine.data.split import Parts
from engine.errors import DataError, UsageError
from engine.graph import Edge, Graph, Node
from engine.project import OutputTarget
from engine.train.control import Control
from engine.train.events import (
    BatchEnd,
    Compiling,
    EpochEnd,
    Failed,
    Finished,
    Paused,
    Probe,
    Resumed,
    Snapshot,
    Started,
    Validating,
)
from engine.train.predictor import Predictor
from engine.train.trainer import Trainer
from tests.engine.train.networks import bits, chain, mixed, parts, project, run


def test_tells_the_whole_story_in_order() -> None:
    events = run(Trainer(project(), parts()))

    started = next(e for e in events if isinstance(e, Started))
    assert (started.epochs, started.batches, started.samples, started.validation_samples) == (3, 7, 97, 20)
    assert started.metrics == ("accuracy",)
    assert [type(e) for e in events[: events.index(started)]] == [Compiling] * events.index(started)
    batches = [e for e in events if isinstance(e, BatchEnd)]
    assert [b.step for b in batches] == list(range(1, 22))
    assert [b.batch for b in batches] == [*range(1, 8)] * 3
    epochs = [e for e in events if isinstance(e, EpochEnd)]
    assert [set(e.logs) for e in epochs] == [{"loss", "accuracy", "val_loss", "val_accuracy"}] * 3
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.reason == "done"
    assert finished.state.step == 21
    assert finished.state.history.series("loss") == [e.logs["loss"] for e in epochs]


def test_learns() -> None:
    events = run(Trainer(project(epochs=15), parts()))

    logs = [e.logs for e in events if isinstance(e, EpochEnd)]
    assert logs[-1]["loss"] < logs[0]["loss"]
    assert logs[-1]["val_accuracy"] > 0.8


def test_same_seed_same_bits_on_any_number_of_threads() -> None:
    found = [bits(run(Trainer(project(), parts(), threads=n))[-1].state) for n in (1, 1, 2, 4)]  # type: ignore[union-attr]

    assert found[0] == found[1] == found[2] == found[3]


def test_another_seed_gives_other_bits() -> None:
    first, second = (run(Trainer(project(seed=n), parts()))[-1].state for n in (1, 2))  # type: ignore[union-attr]

    assert bits(first) != bits(second)


@pytest.mark.parametrize("stop_at", [1, 3, 7, 8, 13, 20])
def test_stopped_and_continued_equals_unbroken(stop_at: int) -> None:
    unbroken = run(Trainer(project(), parts()))[-1]
    control = Control()
    trainer = Trainer(project(), parts())
    last: Any = None
    for event in trainer.run(control):
        last = event
        if isinstance(event, BatchEnd) and event.step == stop_at:
            control.stop()
    assert isinstance(last, Finished)
    assert (last.reason, last.state.step) == ("stopped", stop_at)

    continued = run(Trainer(project(), parts(), last.state))[-1]

    assert isinstance(continued, Finished)
    assert isinstance(unbroken, Finished)
    assert bits(continued.state) == bits(unbroken.state)


def test_pause_snapshot_resume_changes_nothing() -> None:
    unbroken = run(Trainer(project(), parts()))[-1]
    control = Control()
    seen: list[Any] = []
    for event in Trainer(project(), parts()).run(control):
        seen.append(event)
        if isinstance(event, BatchEnd) and event.step == 5:
            control.pause()
        if isinstance(event, Paused):
            control.request_snapshot()
        if isinstance(event, Snapshot):
            threading.Timer(0.05, control.resume).start()

    kinds = [type(e) for e in seen if isinstance(e, (Paused, Snapshot, Resumed))]
    assert kinds == [Paused, Snapshot, Resumed]
    assert next(e for e in seen if isinstance(e, Snapshot)).state.step == 5
    assert isinstance(unbroken, Finished)
    assert bits(seen[-1].state) == bits(unbroken.state)


def test_probing_changes_nothing_and_hands_over_copies() -> None:
    unbroken = run(Trainer(project(), parts()))[-1]
    control = Control()
    seen: list[Any] = []
    for event in Trainer(project(), parts()).run(control):
        seen.append(event)
        if isinstance(event, BatchEnd):
            control.request_probe()
        if isinstance(event, Probe):
            for arrays in event.weights.values():
                for array in arrays.values():
                    array.fill(7)

    probes = [e for e in seen if isinstance(e, Probe)]
    assert [p.step for p in probes] == list(range(1, 22))
    assert probes[0].graph is seen[-1].state.graph
    assert isinstance(unbroken, Finished)
    assert bits(seen[-1].state) == bits(unbroken.state)


def test_a_probe_is_answered_during_a_pause() -> None:
    control = Control()
    kinds = []
    for event in Trainer(project(), parts()).run(control):
        kinds.append(type(event))
        if isinstance(event, BatchEnd):
            control.pause()
        if isinstance(event, Paused):
            control.request_probe()
        if isinstance(event, Probe):
            control.stop()

    assert kinds[-3:] == [Paused, Probe, Finished]


def test_stop_ends_a_pause() -> None:
    control = Control()
    kinds = []
    for event in Trainer(project(), parts()).run(control):
        kinds.append(type(event))
        if isinstance(event, BatchEnd):
            control.pause()
        if isinstance(event, Paused):
            control.stop()

    assert kinds[-2:] == [Paused, Finished]


def test_a_loss_that_is_not_a_number_stops_and_keeps_the_last_good_weights() -> None:
    given = parts()
    given.inputs["x"][50, 2] = np.nan
    events = run(Trainer(project(shuffle=False), given))

    failed = events[-1]
    assert isinstance(failed, Failed)
    assert "not a number" in failed.problem.text
    assert failed.state is not None
    assert failed.state.step == 3
    assert all(np.isfinite(v).all() for group in failed.state.weights.values() for v in group.values())


def test_an_exploding_run_falls_back_to_finite_weights() -> None:
    graph = chain(("Input", {"shape": (6,)}), ("Dense", {"units": 3}))
    given = parts()
    wild = project(graph, optimizer={"type": "SGD", "learning_rate": 1e6}, loss="mean_squared_error", metrics=())
    targets = np.random.default_rng(0).standard_normal((97, 3)).astype("float32")
    held = np.random.default_rng(1).standard_normal((20, 3)).astype("float32")
    events = run(Trainer(wild, Parts(given.inputs, {"y": targets}, given.val_inputs, {"y": held}, {})))

    assert isinstance(events[-1], Failed)
    assert events[-1].state is not None
    assert all(np.isfinite(v).all() for group in events[-1].state.weights.values() for v in group.values())


def test_weights_carry_over_by_node_id_after_an_edit() -> None:
    state = run(Trainer(project(), parts()))[-1].state  # type: ignore[union-attr]
    wider = project(
        mixed().with_layer("dense_1", mixed().nodes["dense_1"].layer.changed(activation="linear")), epochs=4
    )
    trainer = Trainer(wider, parts(), state)

    kept = trainer.loop.parameters.copy()
    assert np.array_equal(kept["dense"]["kernel"], state.weights["dense"]["kernel"])
    assert np.array_equal(kept["dense_1"]["kernel"], state.weights["dense_1"]["kernel"])


def test_two_inputs_two_outputs() -> None:
    graph = chain(("Input", {"shape": (6,)}), ("Dense", {"units": 8, "activation": "relu"}))
    other = chain(("Input", {"shape": (2,)}))
    graph, names = graph.merged(other)
    make = mixed().nodes["dense_1"].layer
    graph = graph.add(Node("join", _layer("Concatenate"))).connect(Edge("dense", "join"))
    graph = graph.connect(Edge(names["input"], "join"))
    graph = graph.add(Node("label", make)).connect(Edge("join", "label"))
    graph = graph.add(Node("size", make.changed(units=1, activation="linear"))).connect(Edge("join", "size"))
    given = parts()
    random = np.random.default_rng(0)
    extra = random.standard_normal((97, 2)).astype("float32")
    data = Parts(
        {"x": given.inputs["x"], "extra": extra},
        {"y": given.targets["y"], "size": extra.sum(axis=1, keepdims=True)},
        {}, {}, {},
    )  # fmt: skip
    two = replace(
        project(graph, metrics=("mean_absolute_error",), epochs=10, optimizer={"type": "Adam", "learning_rate": 0.01}),
        targets=(OutputTarget("size", "size", _loss("mean_squared_error"), 0.5),),
    )
    two = two.with_training(two.training.changed(metrics=()))
    logs = [e.logs for e in run(Trainer(two, data)) if isinstance(e, EpochEnd)]

    assert set(logs[0]) == {"loss", "label_loss", "size_loss"}
    assert logs[-1]["loss"] == pytest.approx(logs[-1]["label_loss"] + 0.5 * logs[-1]["size_loss"])
    assert logs[-1]["size_loss"] < 0.5 * logs[0]["size_loss"]
    assert logs[-1]["label_loss"] < 0.5 * logs[0]["label_loss"]


def test_labels_outside_the_output_are_a_sentence() -> None:
    given = parts()
    given.targets["y"][3] = 7

    with pytest.raises(DataError, match="8"):
        Trainer(project(), given)


def test_faulty_networks_are_a_sentence() -> None:
    broken = mixed().disconnected(mixed().edges[:1])

    with pytest.raises(UsageError, match="nothing connected"):
        Trainer(project(broken), parts())


def test_no_thread_stays() -> None:
    before = threading.active_count()
    run(Trainer(project(), parts(), threads=4))

    assert threading.active_count() == before


def _layer(name: str) -> Any:
    return registry.layers.get(name)()


def _loss(name: str) -> Any:
    return registry.losses.get(name)()


def stopped_at(step: int, made: Trainer) -> Any:
    control = Control()
    last: Any = None
    for event in made.run(control):
        last = event
        if isinstance(event, BatchEnd) and event.step == step:
            control.stop()
    return last.state


@pytest.mark.parametrize("change", [{"batch_size": 10}, {"seed": 6}, {"shuffle": False}, {"metrics": ()}])
def test_other_settings_begin_the_open_epoch_anew(change: dict[str, Any]) -> None:
    state = stopped_at(10, Trainer(project(), parts()))
    events = run(Trainer(project(**change), parts(), state))

    first = next(e for e in events if isinstance(e, BatchEnd))
    assert (first.epoch, first.batch) == (1, 1)
    assert sum(isinstance(e, BatchEnd) and e.epoch == 1 for e in events) == -(-97 // change.get("batch_size", 16))


def test_other_data_begin_the_open_epoch_anew() -> None:
    state = stopped_at(10, Trainer(project(), parts()))
    other = parts()
    other.inputs["x"][:] += 1

    first = next(e for e in Trainer(project(), other, state).run(Control()) if isinstance(e, BatchEnd))
    assert first.batch == 1


def test_another_optimizer_counts_its_own_updates() -> None:
    state = run(Trainer(project(epochs=20, optimizer="SGD"), parts()))[-1].state  # type: ignore[union-attr]
    trainer = Trainer(project(epochs=21, optimizer={"type": "Adam", "learning_rate": 0.01}), parts(), state)
    before = trainer.loop.parameters.copy()["dense"]["kernel"]
    control = Control()
    for event in trainer.run(control):
        if isinstance(event, BatchEnd):
            break
    after = trainer.loop.parameters.copy()["dense"]["kernel"]

    assert np.abs(after - before).max() <= 0.0101  # Adam's first step is at most the learning rate


def test_an_overflow_in_the_last_update_of_an_epoch_is_noticed() -> None:
    graph = chain(("Input", {"shape": (6,)}), ("Dense", {"units": 3}))
    given = parts(samples=16)
    targets = np.full((16, 3), 1e18, "float32")
    wild = project(
        graph, optimizer={"type": "SGD", "learning_rate": 1e30}, loss="mean_squared_error", metrics=(), epochs=1
    )
    last = run(Trainer(wild, Parts(given.inputs, {"y": targets}, {}, {}, {})))[-1]

    assert isinstance(last, Failed)
    assert last.state is not None
    assert all(np.isfinite(v).all() for group in last.state.weights.values() for v in group.values())


def test_stop_in_the_middle_of_validation_leaves_the_epoch_open() -> None:
    unbroken = run(Trainer(project(), parts(held=80)))[-1].state  # type: ignore[union-attr]
    control = Control()
    last: Any = None
    for event in Trainer(project(), parts(held=80)).run(control):
        last = event
        if isinstance(event, Validating):
            control.stop()
    assert isinstance(last, Finished)
    assert (last.reason, last.state.epoch, last.state.batch) == ("stopped", 0, 7)

    continued = run(Trainer(project(), parts(held=80), last.state))[-1].state  # type: ignore[union-attr]
    assert bits(continued) == bits(unbroken)


def test_stop_while_kernels_are_prepared() -> None:
    control = Control()
    control.stop()
    events = run(Trainer(project(), parts()), control)

    assert isinstance(events[-1], Finished)
    assert not any(isinstance(e, BatchEnd) for e in events)


@pytest.mark.parametrize("expected_warnings", [["the run ended by a fault"]])
def test_a_fault_on_the_way_keeps_what_was_learnt(expected_warnings: list[str]) -> None:
    trainer = Trainer(project(), parts())
    last: Any = None
    for event in trainer.run(Control()):
        last = event
        if isinstance(event, BatchEnd) and event.step == 5:
            trainer.loop.plan.index = np.zeros(1, np.int64)  # the next batch does not fit any more

    assert isinstance(last, Failed)
    assert last.state is not None
    assert last.state.step == 5


def test_validation_loss_is_what_evaluation_says() -> None:
    graph = chain(
        ("Input", {"shape": (6,)}),
        ("Dense", {"units": 3, "activation": "softmax", "kernel_regularizer": {"type": "L2", "l2": 0.5}}),
    )
    given = parts()
    events = run(Trainer(project(graph), given))
    logs = [e.logs for e in events if isinstance(e, EpochEnd)][-1]
    state = events[-1].state  # type: ignore[union-attr]
    assert state is not None
    judged = Predictor(graph, state.weights).evaluate(project(graph), given.val_inputs, given.val_targets)

    assert judged["loss"] == pytest.approx(logs["val_loss"], rel=1e-6)
    assert judged["accuracy"] == pytest.approx(logs["val_accuracy"])


def test_blas_gets_its_threads_back() -> None:
    before = threadpool_info()
    run(Trainer(project(), parts()))

    assert threadpool_info() == before


def test_random_masks_do_not_depend_on_other_layers() -> None:
    first = Trainer(project(), parts()).loop.plan.number["dropout"]
    longer = mixed().add(Node("aside", _layer("Flatten"), (0, 0))).connect(Edge("dense", "aside"))
    longer = longer.without(["aside"]).add(Node("first", _layer("Flatten")))
    moved = Graph({key: longer.nodes[key] for key in reversed(longer.nodes)}, longer.edges).without(["first"])

    assert Trainer(project(moved), parts()).loop.plan.number["dropout"] == first
