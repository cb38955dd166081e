"""Python functions over engine.backend, as people write them for Keras, become formulas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Sequential, backend, losses, metrics, optimizers, regularizers, schedules
from engine import backend as K  # noqa: N812 (as scripts write it)
from engine import initializers as initializations
from engine.api.written import Lambda, Layer
from engine.catalogue.layers.missing import Missing
from engine.errors import FileError, ParameterError, UsageError
from engine.expression.tracing import trace
from engine.infer import infer
from engine.io.project_json import project_from_json, project_to_json
from engine.layers import Activation, Dense, Expression, Input
from engine.models import Model, load_model
from engine.project import Project
from engine.templates import chain

X = np.random.default_rng(3).normal(0, 3, (40, 6)).astype(np.float32)


def below_half(x: Any) -> Any:
    return K.relu(x) - K.relu(0.5 - K.sigmoid(x))


def larger(x: Any) -> Any:
    return K.maximum(K.relu(x), K.sigmoid(x) - 0.5)


class Pieces(Layer):
    def __init__(self, theta: float = -5.0, alpha1: float = 0.2, alpha2: float = 0.1, **kwargs: Any) -> None:
        self.theta, self.alpha1, self.alpha2 = theta, alpha1, alpha2
        super().__init__(**kwargs)

    def call(self, x: Any, mask: Any = None) -> Any:
        above = K.relu(x)
        between = self.alpha1 * x * K.cast(x > self.theta, K.floatx()) * K.cast(x <= 0.0, K.floatx())
        return above + between + self.alpha2 * x * K.cast(x <= self.theta, K.floatx())

    def get_output_shape_for(self, input_shape: Any) -> Any:
        return input_shape


class LearntPieces(Layer):
    """Keras 1: weights come from an initializer and are named in trainable_weights."""

    def __init__(self, init: str = "zero", theta: float = -5.0, **kwargs: Any) -> None:
        self.init: Any = initializations.get(init)
        self.theta = theta
        super().__init__(**kwargs)

    def build(self, input_shape: Any) -> None:
        self.alpha1 = self.init(input_shape[1:], name="alpha1")
        self.alpha2 = self.init(input_shape[1:], name="alpha2")
        self.trainable_weights = [self.alpha1, self.alpha2]

    call = Pieces.call


class Added(Layer):
    """Keras 2 and 3: add_weight, a channel and a single number."""

    def build(self, input_shape: Any) -> None:
        self.scale = self.add_weight("scale", (input_shape[-1],), initializer="ones", regularizer="l2")
        self.offset = self.add_weight(shape=(1,), initializer="zeros", constraint="NonNeg")
        super().build(input_shape)

    def call(self, x: Any) -> Any:
        return self.scale * x + self.offset


def pieces(x: Any, theta: float = -5.0, a1: float = 0.2, a2: float = 0.1) -> Any:
    return np.where(x > 0, x, np.where(x > theta, a1 * x, a2 * x))


def answers(*parts: Any) -> Any:
    model = Sequential([Input((6,)), *parts], dtype="float64")
    return model.predict(X, verbose=0)


def test_the_four_custom_activations_of_the_course() -> None:
    sigmoid = 1 / (1 + np.exp(-X.astype(float)))
    wanted = np.maximum(X, 0) - np.maximum(0.5 - sigmoid, 0)

    for layer in (Activation(below_half), Lambda(below_half), Expression("relu(x) - relu(0.5 - sigmoid(x))")):
        np.testing.assert_allclose(answers(layer), wanted, atol=1e-12)
    np.testing.assert_allclose(answers(Lambda(larger)), np.maximum(np.maximum(X, 0), sigmoid - 0.5), atol=1e-12)
    np.testing.assert_allclose(answers(Pieces(theta=-2.0)), pieces(X.astype(float), -2.0), atol=1e-12)
    model = Sequential([Input((6,)), LearntPieces(init="normal", theta=-5.0)])
    first, second = model.get_weights()
    assert first.shape == second.shape == (6,)
    assert 0 < np.abs(first).max() < 1
    model.set_weights([np.full(6, 0.2), np.full(6, 0.1)])
    np.testing.assert_allclose(model.predict(X, verbose=0), pieces(X), atol=1e-6)


def test_weights_keep_their_shapes_rules_and_names() -> None:
    declared: Any = Added().declaration

    assert declared.expression == "scale * x + a1"
    scale, offset = declared.trained
    assert (scale.shape, offset.shape) == ("channel", "scalar")
    assert scale.regularizer.key == "L2"
    assert offset.constraint.key == "NonNeg"
    assert Sequential([Input((4, 6)), Added()]).count_params() == 7


class Kept(Layer):
    """Weights in a dict, made in call, and made before anything is traced."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.early = {"all": [self.add_weight("early", (1,), initializer="ones")]}

    def build(self, input_shape: Any) -> None:
        self.by_name = {"a": self.add_weight("late", (input_shape[-1],), initializer="ones")}

    def call(self, x: Any) -> Any:
        return self.add_weight("within", (1,), initializer="zeros") + x * self.by_name["a"] * self.early["all"][0]


def test_weights_are_found_wherever_they_are_kept_in_the_order_of_their_making() -> None:
    declared: Any = Kept().declaration

    assert [weight.name for weight in declared.trained] == ["early", "late", "within"]
    np.testing.assert_array_equal(answers(Kept()), X)


class Many(Layer):
    """Twelve weights, of which some would like the names that others have while they are traced."""

    def build(self, input_shape: Any) -> None:
        self.all = [self.add_weight(f"weight_{11 - number}", (1,), initializer="ones") for number in range(12)]

    def call(self, x: Any) -> Any:
        return sum((2.0**number * weight for number, weight in enumerate(self.all)), 0.0 * x)


def test_names_that_begin_alike_stay_apart() -> None:
    declared: Any = Many().declaration

    assert [weight.name for weight in declared.trained] == [f"weight_{11 - number}" for number in range(12)]
    model = Sequential([Input((1,)), Many()], dtype="float64")
    model.set_weights([np.full(1, number % 3) for number in range(12)])
    wanted = sum(2.0**number * (number % 3) for number in range(12))
    np.testing.assert_allclose(model.predict(X[:2, :1], verbose=0), wanted, rtol=1e-12)


def test_the_same_function_gives_the_same_text_every_time() -> None:
    def run(x: Any) -> Any:
        return x * initializations.get("ones")((1,)) + initializations.get("zeros")((1,))

    assert {trace(run, ("x",)).text for _ in range(3)} == {"x * weight_0 + weight_1"}


def test_a_layer_that_leaves_out_the_init_of_its_base_is_told_so() -> None:
    class Hasty(Layer):
        def __init__(self) -> None:
            self.factor = 2.0

        def call(self, x: Any) -> Any:
            return self.factor * x

    for act in (lambda: Sequential([Hasty()]), lambda: Hasty()(Input((6,))), lambda: Hasty().output):
        with pytest.raises(UsageError, match=r"Hasty.__init__ does not call that of Layer.*super"):
            act()
    assert not hasattr(Pieces(), "nothing")


def test_a_number_too_large_for_any_float_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"at most .* numbers with names"):
        Expression("a * x", numbers={"a": 10**400})


def test_a_function_of_several_inputs_and_arguments() -> None:
    one, two = Input((6,)), Input((6,))
    gate = Lambda(lambda both, share: both[0] * K.sigmoid(both[1]) * share, arguments={"share": 0.5})

    found = Model([one, two], gate([one, two])).predict([X, -X], verbose=0)

    np.testing.assert_allclose(found, 0.5 * X / (1 + np.exp(X)), atol=1e-6)


def test_losses_metrics_penalties_and_rates_from_functions() -> None:
    random = np.random.default_rng(1)
    target, prediction = random.uniform(size=(2, 7, 3))
    found: Any = losses.get(lambda t, p: 2 * K.mean(K.square(t - p), axis=-1) + 1)
    np.testing.assert_allclose(found.value(target, prediction), 2 * np.mean((target - prediction) ** 2, -1) + 1)
    summed: Any = losses.get(lambda t, p: K.sum(K.abs(t - p), axis=-1) / 2)
    np.testing.assert_allclose(summed.value(target, prediction), np.abs(target - prediction).sum(-1) / 2)
    entropy: Any = losses.get(lambda t, p: K.mean(K.binary_crossentropy(t, p)))
    theirs: Any = losses.get("binary_crossentropy")
    np.testing.assert_allclose(entropy.value(target, prediction), theirs.value(target, prediction), rtol=1e-6)

    def mean_pred(y_true: Any, y_pred: Any) -> Any:
        return K.mean(y_pred)

    figure: Any = metrics.get(mean_pred)
    assert figure.label == "mean_pred"
    assert figure.value(target, prediction) == pytest.approx(prediction.mean())
    penalty: Any = regularizers.get(lambda w: 0.01 * K.sum(K.abs(w)))
    assert penalty.value(target) == pytest.approx(0.01 * np.abs(target).sum())
    rate: Any = schedules.get(lambda epoch: 0.1 / (1 + epoch))
    assert (rate.at(99, 0), rate.at(99, 1)) == (0.1, 0.05)


def test_a_model_with_written_parts_trains_and_is_saved_as_text(tmp_path: Path) -> None:
    def half_square(y_true: Any, y_pred: Any) -> Any:
        return K.mean(K.square(y_pred - y_true), axis=-1) / 2

    def far_off(y_true: Any, y_pred: Any) -> Any:
        return K.mean(K.cast(K.abs(y_true - y_pred) > 0.5, "float32"))

    model = Sequential([Dense(8, input_dim=6, activation=larger), LearntPieces("normal"), Dense(2)], seed=2)
    model.compile(loss=half_square, optimizer={"type": "Adam", "learning_rate": 0.05}, metrics=[far_off])
    y = np.stack([np.sin(X[:, 0]), np.abs(X[:, 1])], 1)

    history = model.fit(X, y, epochs=8, verbose=0).history
    model.save(tmp_path / "written.loom")

    assert list(history) == ["loss", "far_off"]
    assert history["loss"][-1] < 0.8 * history["loss"][0]
    text = (tmp_path / "written.loom" / "project.json").read_text()
    assert "maximum(relu(x), sigmoid(x) - 0.5)" in text
    again = load_model(tmp_path / "written.loom")
    np.testing.assert_array_equal(again.predict(X, verbose=0), model.predict(X, verbose=0))


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x: x if x > 0 else 0, "K.switch or K.where"), (lambda x: [x for _ in x], "takes its input apart"),
        (lambda x: K.softmax(x) + 1, "has no 'softmax'"), (lambda x: K.mean(x, axis=-1), "keeps the shape"),
        (lambda x: x[0], "takes its input apart"), (lambda x: x * x.shape[0], "'.shape'"),
        (np.linalg.norm, "'norm' is no function"),
        (lambda x: sum([x * n for n in range(300)]), "120 steps"),
        (lambda x: 1 / 0, "ZeroDivisionError"), (lambda x: K.mean(x) ** 2, "plain number"), (lambda x: x**x, "exp"),
        (lambda x: x * np.ones(3), "ndarray"), (lambda x: float(x) + 1, "takes its input apart"),
        (lambda x: None, "NoneType"),
        (lambda x: x * 1e99, "larger than"), (lambda x: "text", "str"), (lambda x: K.mean(x, axis=1), "axis 1"),
        (lambda x: x + initializations.get("zeros")((3,)), "makes weights"), (lambda x, y: x, "TypeError"),
        (lambda x: __import__("os").getcwd(), "str"), (lambda x: K.exp(K.sum(x, axis=-1)), "last step"),
    ],
)  # fmt: skip
def test_what_no_formula_can_say_gets_a_sentence(function: Any, words: str) -> None:
    with pytest.raises(ParameterError, match="cannot be written as a formula") as caught:
        Activation(function)
    assert words in str(caught.value)


def test_a_layer_that_computes_with_sizes_is_refused() -> None:
    class Sized(Layer):
        def build(self, input_shape: Any) -> None:
            self.size = float(input_shape[-1])

        def call(self, x: Any) -> Any:
            return x / self.size

    class Wide(Layer):
        def build(self, input_shape: Any) -> None:
            self.kernel = self.add_weight(shape=(input_shape[-1], 4))

        def call(self, x: Any) -> Any:
            return x * self.kernel

    class Shrinking(Layer):
        def call(self, x: Any) -> Any:
            return K.sum(x, axis=-1)

    with pytest.raises(UsageError, match="size of its input"):
        Sequential([Input((6,)), Sized()])
    with pytest.raises(ParameterError, match="shape of the input"):
        Sequential([Input((6,)), Wide()])
    with pytest.raises(UsageError, match="keeps the shape"):
        Sequential([Input((6,)), Shrinking()])
    with pytest.raises(UsageError, match="must define call"):
        Sequential([Input((6,)), Layer()])


def test_trained_parameters_are_for_layers_only() -> None:
    assert Dense(3, activation=Expression("x*sigmoid(x)")).declaration.activation.expression == "x*sigmoid(x)"  # type: ignore[attr-defined]
    with pytest.raises(ParameterError, match="belong to a layer"):
        Dense(3, activation=Expression("a*x", trained=["a"]))


@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh", "softplus", "square", "abs", "exp", "sign", "elu", "gelu"])
def test_backend_functions_compute_on_arrays_too(name: str) -> None:
    from_arrays = getattr(backend, name)(X.astype(float))

    np.testing.assert_allclose(from_arrays, answers(Lambda(getattr(backend, name))), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "change",
    [
        {"expression": "__import__('os').system('true')"}, {"expression": "x.__class__"}, {"expression": 3},
        {"expression": "x" + "+x" * 4000}, {"expression": "(" * 5000}, {"expression": "y"}, {"names": ["x", "x"]},
        {"numbers": [["exp", 1.0]]}, {"numbers": [["a", 1e99]]},
        {"trained": [{"type": "Trained", "name": "__class__"}]},
        {"trained": [{"type": "Trained", "name": "a", "shape": "huge"}]}, {"trained": [{"type": "L2"}]},
        {"trained": ["x"]}, {"names": []}, {"code": "x"},
    ],
)  # fmt: skip
def test_a_project_with_a_hostile_formula_is_a_sentence(change: dict[str, Any]) -> None:
    project = Project(chain(("Input", {"shape": (4,)}), ("Expression", {})))
    tree = json.loads(project_to_json(project, None, Path()))
    (node,) = [node for node in tree["nodes"] if node["layer"]["type"] == "Expression"]
    node["layer"] |= change

    opened = project_from_json(json.dumps(tree).encode())

    graph = opened.project.graph
    (stand_in,) = [node.layer for node in graph.nodes.values() if node.layer.key not in ("Input",)]
    assert isinstance(stand_in, Missing)
    sentences = [problem.text for problem in infer(graph).problems]
    assert any("Expression" in text for text in sentences)


@pytest.mark.parametrize("text", ["__import__('os')", "x.__class__", "(" * 9000, "y_true if y_pred else 0", "9**9**9"])
def test_settings_with_a_hostile_formula_are_a_sentence(text: str) -> None:
    tree = json.loads(project_to_json(Project(), None, Path()))
    tree["training"] |= {"loss": {"type": "Expression", "expression": text}}

    with pytest.raises(FileError, match="Expression: expression cannot be"):
        project_from_json(json.dumps(tree).encode())


def test_an_optimizer_takes_a_function_for_its_rate() -> None:
    optimizer: Any = optimizers.SGD(learning_rate=lambda epoch: 0.1 / (1 + epoch))

    assert optimizer.learning_rate.expression == "0.1 / (1 + epoch)"


def test_the_trained_pieces_learn_their_slopes() -> None:
    """The network that makes the data has other slopes below 0; training finds them."""
    random = np.random.default_rng(5)
    x = random.normal(0, 4, (600, 3))
    y = pieces(x, theta=-3.0, a1=0.5, a2=-0.25)
    model = Sequential([Input((3,)), LearntPieces(init="zero", theta=-3.0)])
    model.compile(loss="mse", optimizer={"type": "Adam", "learning_rate": 0.05})

    history = model.fit(x, y, batch_size=50, epochs=40, verbose=0).history

    first, second = model.get_weights()
    np.testing.assert_allclose(first, 0.5, atol=0.01)
    np.testing.assert_allclose(second, -0.25, atol=0.01)
    assert history["loss"][-1] < 1e-3 * history["loss"][0]
