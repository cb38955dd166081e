"""What looking promises: ordinary answers, the same bits again, and nothing touched."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from engine.errors import DataError, UsageError
from engine.explain.explainer import Explainer
from engine.explain.question import CamQuestion, Insight, Question
from engine.graph import Graph
from engine.train.predictor import Predictor
from tests.engine.explain.nets import NETS, sample_of, weights_of, wired


def whole(graph: Graph, explainer: Explainer) -> list[Question]:
    """Everything that can be asked about one sample."""
    sample, everything = sample_of(graph), tuple(graph.nodes)
    cams = [
        CamQuestion(layer, None, output)
        for output in graph.outputs
        for layer in explainer.cam_layers
        if layer in graph.upstream(output) - {output}
    ]
    return [Question(sample, everything, cam) for cam in (None, *cams)]


def assert_same(a: Insight, b: Insight) -> None:
    for ours, theirs in ((a.outputs, b.outputs), (a.activations, b.activations)):
        assert ours.keys() == theirs.keys()
        for key, value in ours.items():
            np.testing.assert_array_equal(value, theirs[key])
    assert (a.cam is None) == (b.cam is None)
    if a.cam is not None and b.cam is not None:
        assert (a.cam.target, a.cam.score) == (b.cam.target, b.cam.score)
        np.testing.assert_array_equal(a.cam.heat, b.cam.heat)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NETS)
def test_answers_and_activations_are_those_of_predicting(name: str, dtype: str) -> None:
    graph = NETS[name]()
    weights, sample = weights_of(graph), sample_of(graph)
    batch = {key: value[None].astype(dtype) for key, value in sample.items()}
    expected = Predictor(graph, weights, dtype, threads=1).predict(batch, outputs=tuple(graph.nodes))

    insight = Explainer(graph, dtype).look(weights, Question(sample, tuple(graph.nodes)))

    assert tuple(insight.outputs) == graph.outputs
    for key, value in (insight.outputs | insight.activations).items():
        np.testing.assert_array_equal(value, expected[key][0], err_msg=key)


@pytest.mark.parametrize("name", NETS)
def test_looks_repeat_bit_by_bit_in_any_order_and_write_nowhere(name: str) -> None:
    graph = NETS[name]()
    weights, other = weights_of(graph), weights_of(graph, seed=8)
    before = {node: {key: value.copy() for key, value in arrays.items()} for node, arrays in weights.items()}
    for arrays in (*weights.values(), *other.values()):
        for value in arrays.values():
            value.setflags(write=False)
    explainer = Explainer(graph)
    questions = whole(graph, explainer)
    assert len(questions) > 2

    first = [explainer.look(weights, question) for question in questions]
    for question in questions:
        explainer.look(other, question)
    again = [explainer.look(weights, question) for question in reversed(questions)][::-1]
    fresh = [Explainer(graph).look(weights, question) for question in questions]

    for one, two, three in zip(first, again, fresh, strict=True):
        assert_same(one, two)
        assert_same(one, three)
    for node, kept in before.items():
        for key, value in kept.items():
            np.testing.assert_array_equal(weights[node][key], value)


@pytest.mark.parametrize("name", NETS)
def test_float32_sees_what_float64_sees(name: str) -> None:
    graph = NETS[name]()
    weights = weights_of(graph)
    single, double = Explainer(graph, "float32"), Explainer(graph, "float64")
    for question in whole(graph, double):
        rough, exact = single.look(weights, question), double.look(weights, question)
        for key, value in exact.activations.items():
            np.testing.assert_allclose(rough.activations[key], value, rtol=1e-4, atol=2e-5)
        if exact.cam is not None and rough.cam is not None:
            assert rough.cam.target == exact.cam.target
            np.testing.assert_allclose(rough.cam.heat, exact.cam.heat, atol=1e-4)


def test_what_a_look_gave_is_the_askers() -> None:
    graph = NETS["plain"]()
    weights, explainer = weights_of(graph), Explainer(graph)
    question = Question(sample_of(graph), ("flat", "third"), CamQuestion("third"))
    first, second = explainer.look(weights, question), explainer.look(weights, question)
    for arrays in (first.outputs, first.activations):
        for value in arrays.values():
            value.fill(7)

    assert_same(second, explainer.look(weights, question))


def test_two_threads_with_an_explainer_each_do_not_disturb_one_another() -> None:
    graph = NETS["branched"]()
    weights = weights_of(graph)
    expected = [Explainer(graph).look(weights, question) for question in whole(graph, Explainer(graph))]
    found: list[Any] = []

    def work() -> None:
        explainer = Explainer(graph)
        for _ in range(20):
            found.append([explainer.look(weights, question) for question in whole(graph, explainer)])

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 40
    for insights in found:
        for one, two in zip(insights, expected, strict=True):
            assert_same(one, two)


def test_layers_that_make_pictures_are_offered() -> None:
    assert Explainer(NETS["plain"]()).cam_layers == ("first", "second", "pool", "third")
    assert Explainer(NETS["plain"]()).default_cam_layer == "third"
    assert Explainer(NETS["normalized"]()).default_cam_layer == "second"
    several = Explainer(NETS["many_headed"]())
    assert several.cam_layers == ("first", "second")
    assert several.default_cam_layer == "second"
    dense = wired(("in", "Input", {"shape": (4, 4, 1)}, ""), ("flat", "Flatten", {}, "in"),
                  ("out", "Dense", {"units": 3}, "flat"))  # fmt: skip
    assert Explainer(dense).cam_layers == ()
    assert Explainer(dense).default_cam_layer is None


def test_one_sigmoid_tells_two_classes() -> None:
    graph = NETS["many_headed"]()
    explainer, weights, sample = Explainer(graph), weights_of(graph), sample_of(graph)

    def asked(target: int | None) -> Any:
        return explainer.look(weights, Question(sample, cam=CamQuestion("second", target, "yes")))

    no, yes, likely = asked(0).cam, asked(1).cam, asked(None)
    chance = float(likely.outputs["yes"][0])
    assert yes.score == -no.score
    assert chance == pytest.approx(1 / (1 + np.exp(-yes.score)), rel=1e-5)
    assert likely.cam.target == int(chance >= 0.5)
    assert not np.array_equal(no.heat, yes.heat)


def test_evidence_against_a_class_is_no_heat() -> None:
    graph = wired(
        ("in", "Input", {"shape": (3, 3, 1)}, ""),
        ("conv", "Conv2D", {"filters": 1, "kernel_size": 1, "activation": "relu", "use_bias": False}, "in"),
        ("flat", "Flatten", {}, "conv"),
        ("out", "Dense", {"units": 2, "activation": "softmax", "use_bias": False}, "flat"),
    )
    kernel = np.zeros((9, 2))
    kernel[:, 0], kernel[:, 1] = 1, -1
    weights = {"conv": {"kernel": np.ones((1, 1, 1, 1))}, "out": {"kernel": kernel}}
    picture = np.arange(9.0).reshape(3, 3, 1)
    looks = [
        Explainer(graph).look(weights, Question({"in": picture}, cam=CamQuestion("conv", target))) for target in (0, 1)
    ]

    np.testing.assert_allclose(looks[0].cam.heat, picture[..., 0] / 8, rtol=1e-6)  # type: ignore[union-attr]
    assert not looks[1].cam.heat.any()  # type: ignore[union-attr]
    assert [look.cam.score for look in looks] == [36, -36]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"inputs": {}}, DataError, "needs a sample"),
        ({"inputs": {"in": np.zeros((2, 11, 10, 2))}}, DataError, "one sample of 11 × 10 × 2"),
        ({"inputs": {"in": np.full((11, 10, 2), np.nan)}}, DataError, "missing or infinite"),
        ({"inputs": {"in": np.full((11, 10, 2), "a")}}, DataError, "must be numbers"),
        ({"inputs": {"in": np.zeros((11, 10, 2)), "more": np.zeros(3)}}, DataError, "'more' is no input"),
        ({"activations": ("nobody",)}, UsageError, "no layer called 'nobody'"),
        ({"cam": CamQuestion("flat")}, UsageError, "Choose one of first, second, pool, third"),
        ({"cam": CamQuestion("nobody")}, UsageError, "'nobody' is none"),
        ({"cam": CamQuestion("in")}, UsageError, "'in' is none"),
        ({"cam": CamQuestion("third", 5)}, UsageError, "the classes 0 to 4; received 5"),
        ({"cam": CamQuestion("third", -1)}, UsageError, "received -1"),
        ({"cam": CamQuestion("third", 0, "hidden")}, UsageError, "'hidden' is no output"),
    ],
)
def test_wrong_questions_get_a_sentence(change: dict[str, Any], kind: type[Exception], words: str) -> None:
    graph = NETS["plain"]()
    explainer, weights = Explainer(graph), weights_of(graph)
    good: dict[str, Any] = {"inputs": sample_of(graph)}
    with pytest.raises(kind, match=words):
        explainer.look(weights, Question(**(good | change)))

    assert explainer.look(weights, Question(**good)).outputs["out"].shape == (5,)


def test_wrong_weights_and_networks_get_a_sentence() -> None:
    graph = NETS["plain"]()
    weights = weights_of(graph)
    question = Question(sample_of(graph), cam=CamQuestion("third"))
    with pytest.raises(UsageError, match="no weights for hidden"):
        Explainer(graph).look({k: v for k, v in weights.items() if k != "hidden"}, question)
    with pytest.raises(UsageError, match="no weights for out"):
        Explainer(graph).look(weights | {"out": {"kernel": np.zeros((2, 2)), "bias": np.zeros(5)}}, question)
    broken = weights | {"out": {key: np.full_like(value, np.inf) for key, value in weights["out"].items()}}
    with pytest.raises(DataError, match="not a number"):
        Explainer(graph).look(broken, question)
    with pytest.raises(UsageError, match="nothing connected"):
        Explainer(wired(("in", "Input", {"shape": (3,)}, ""), ("out", "Dense", {"units": 2}, "")))
    with pytest.raises(UsageError, match="empty"):
        Explainer(Graph())
