"""Keras code becomes layers: every usual way of writing a network."""

from __future__ import annotations

import pytest

from engine.catalogue.layers.missing import Missing
from engine.exchange.snippets.snippet import read_snippet
from engine.infer import infer
from tests.engine.exchange.snippets.reading_aids import answer, kinds


def test_a_list_of_layers() -> None:
    found = read_snippet("Sequential([Dense(32, input_dim=784), Activation('relu'), Dense(10), Activation('softmax')])")

    assert answer(found) == (10,)
    assert [type(n.layer).__name__ for n in found.graph.nodes.values()] == [
        "Input", "Dense", "Activation", "Dense", "Activation",
    ]  # fmt: skip
    assert not found.open
    assert found.notes == ()


@pytest.mark.parametrize(
    ("stated", "shape"),
    [
        ("Dense(3, input_dim=4)", (4,)),
        ("Dense(3, input_shape=(4,))", (4,)),
        ("Dense(3, batch_input_shape=(None, 4))", (4,)),
        ("Dense(3, input_dim=4, input_length=7)", (7, 4)),
        ("Embedding(100, 3, input_length=7)", (7,)),
        ("Input((4,)), Dense(3)", (4,)),
        ("Input(shape=(4,)), Dense(3)", (4,)),
        ("InputLayer(input_shape=(4,)), Dense(3)", (4,)),
        ("Flatten(input_shape=(4, 5))", (4, 5)),
    ],
)
def test_every_way_to_tell_what_enters(stated: str, shape: tuple[int, ...]) -> None:
    graph = read_snippet(f"Sequential([{stated}])").graph

    (key,) = graph.inputs
    assert graph.nodes[key].layer.shape == shape  # type: ignore[attr-defined]


def test_layers_added_in_loops_with_arithmetic_and_names() -> None:
    found = read_snippet(
        """
from keras import layers, models
base, depth = 16, 3
net = models.Sequential(name="pyramid")
net.add(layers.Input(shape=(2 * base,)))
for step in range(depth):
    if step > 0:
        net.add(layers.Dropout(0.1 * step))
    net.add(layers.Dense(base // 2 ** step, activation="tanh", name=f"step{step}"))
net.add(layers.Dense(1))
"""
    )

    layers = [node.layer for node in found.graph.nodes.values()]
    assert [layer.units for layer in layers if hasattr(layer, "units")] == [16, 8, 4, 1]
    assert [layer.rate for layer in layers if hasattr(layer, "rate")] == [0.1, 0.2]
    assert {"step0", "step1", "step2"} <= {node.name for node in found.graph.nodes.values()}


def test_a_functional_model_with_two_inputs_and_merges() -> None:
    found = read_snippet(
        """
import tensorflow as tf
picture = tf.keras.Input(shape=(16, 16, 3), name="picture")
numbers = tf.keras.layers.Input((5,), name="numbers")
x = tf.keras.layers.Conv2D(8, (3, 3), padding="same", activation=tf.nn.relu)(picture)
y = tf.keras.layers.Conv2D(8, 3, padding="same")(x)
x = tf.keras.layers.add([x, y])
x = tf.keras.layers.Concatenate()([tf.keras.layers.Flatten()(x), numbers])
answer = tf.keras.layers.Dense(2, activation="softmax")(x)
model = tf.keras.Model(inputs=[picture, numbers], outputs=answer)
"""
    )

    graph = found.graph
    assert answer(found) == (2,)
    assert [graph.nodes[key].name for key in graph.inputs] == ["picture", "numbers"]
    (add,) = (key for key, node in graph.nodes.items() if type(node.layer).__name__ == "Add")
    assert len(graph.into(add)) == 2


def test_signs_between_tensors_are_merging_layers() -> None:
    text = "a = Input((4,))\nb = Dense(4)(a)\nc = a + b\nd = c * b - a\nModel(a, d)"

    assert sorted(kinds(text)) == ["Add", "Dense", "Input", "Multiply", "Subtract"]


def test_functions_of_the_code_are_followed() -> None:
    found = read_snippet(
        """
def block(x, filters, stride=1):
    shortcut = x
    x = Conv2D(filters, 3, strides=stride, padding='same', use_bias=False)(x)
    x = BatchNormalization()(x)
    x = Activation('relu')(x)
    if stride != 1:
        shortcut = Conv2D(filters, 1, strides=stride)(shortcut)
    return Add()([x, shortcut])

def build(classes):
    inputs = Input(shape=(32, 32, 16))
    x = block(inputs, 16)
    x = block(x, filters=32, stride=2)
    x = GlobalAveragePooling2D()(x)
    return Model(inputs, Dense(classes)(x))

model = build(classes=7)
"""
    )

    assert answer(found) == (7,)
    assert sum(type(node.layer).__name__ == "Conv2D" for node in found.graph.nodes.values()) == 3


def test_a_function_that_is_never_called_is_called_when_it_needs_nothing() -> None:
    assert kinds("def build():\n    m = Sequential()\n    m.add(Dense(3, input_dim=2))\n    return m") == [
        "Input",
        "Dense",
    ]


def test_layers_used_twice_share_their_weights() -> None:
    graph = read_snippet(
        "a = Input((4,))\nb = Input((4,))\ntwin = Dense(3)\nModel([a, b], Subtract()([twin(a), twin(b)]))"
    ).graph

    first, second = (key for key, node in graph.nodes.items() if type(node.layer).__name__ == "Dense")
    assert graph.owner(second) == first


def test_a_model_in_a_model_is_written_out_as_a_group() -> None:
    found = read_snippet(
        """
encoder = Sequential([Dense(8, activation='relu'), Dense(2)], name='encoder')
x = Input(shape=(16,))
model = Model(x, Dense(16)(encoder(x)))
"""
    )

    assert answer(found) == (16,)
    assert sum(node.name.startswith("encoder/") for node in found.graph.nodes.values()) == 2


def test_the_autoencoder_is_taken_and_not_its_parts() -> None:
    found = read_snippet(
        """
image = Input(shape=(784,))
code = Dense(32, activation='relu')(image)
decoded = Dense(784, activation='sigmoid')(code)
encoder = Model(image, code)
autoencoder = Model(image, decoded)
autoencoder.compile(optimizer='adam', loss='binary_crossentropy')
"""
    )

    assert answer(found) == (784,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Convolution2D(8, 3, 5, border_mode='same', subsample=(2, 2))", {"kernel_size": (3, 5), "padding": "same"}),
        ("Convolution1D(8, 4, init='he_normal')", {"filters": 8, "kernel_size": (4,)}),
        ("Dense(output_dim=8, init='uniform', W_regularizer=l2(0.1))", {"units": 8}),
        ("Dropout(p=0.3)", {"rate": 0.3}),
        ("MaxPooling1D(pool_length=3)", {"pool_size": 3}),
        ("LeakyReLU(alpha=0.2)", {}),
        ("BatchNormalization(momentum=0.9, beta_init='zero')", {"momentum": 0.9}),
        ("Conv2D(8, kernel_size=(3, 3), kernel_initializer=keras.initializers.HeNormal())", {"filters": 8}),
        ("Dense(8, kernel_constraint=max_norm(3.))", {"units": 8}),
        ("layers.Bidirectional(layers.LSTM(5, return_sequences=True))", {}),
        ("TimeDistributed(Dense(4, activation='relu'))", {}),
    ],
)
def test_words_of_every_keras(text: str, expected: dict[str, object]) -> None:
    graph = read_snippet(f"Sequential([{text}])").graph

    (node,) = graph.nodes.values()
    assert not isinstance(node.layer, Missing)
    assert {name: getattr(node.layer, name) for name in expected} == expected


def test_channels_first_become_channels_last() -> None:
    found = read_snippet(
        "Sequential([Convolution2D(64, 3, 3, border_mode='same', dim_ordering='th', input_shape=(3, 64, 32))])"
    )

    assert answer(found) == (64, 32, 64)
    assert any("channels" in note for note in found.notes)


def test_shapes_that_look_as_if_channels_came_first_are_asked_about() -> None:
    found = read_snippet("Sequential([Conv2D(4, 3, input_shape=(3, 64, 64))])")

    assert any("(64, 64, 3)" in note for note in found.notes)


def test_without_a_shape_nothing_enters_and_that_is_told() -> None:
    found = read_snippet("x = Dense(3)(x)\nx = Dropout(0.5)(x)")

    assert found.open
    assert [type(node.layer).__name__ for node in found.graph.nodes.values()] == ["Dense", "Dropout"]
    assert len(found.graph.edges) == 1


def test_open_sizes_leave_the_input_to_the_user() -> None:
    found = read_snippet("Sequential([LSTM(8, input_shape=(None, 3)), Dense(1)])")

    assert found.open
    assert any("? × 3" in note for note in found.notes)


@pytest.mark.parametrize(
    "text",
    [
        "model.add(Dense(4))\nmodel.add(Activation('relu'))",
        "Dense(4),\n    Activation('relu'),",
        "    model.add(Dense(4))\n    model.add(Activation('relu'))",
        ">>> model = Sequential()\n>>> model.add(Dense(4))\n>>> model.add(Activation('relu'))\n<printed>",
        "```python\nSequential([Dense(4), Activation('relu')])\n```",
        "[Dense(4), Activation('relu')]",
        "Sequential([Dense(n) if n else Activation('relu') for n in (4, 0)])",
        "parts = [Dense(4)]\nparts.append(Activation('relu'))\nmodel = Sequential(parts)",
        "options = dict(units=4)\nSequential([Dense(**options), Activation('relu')])",
    ],
)
def test_pieces_as_they_are_copied(text: str) -> None:
    assert kinds(text) == ["Dense", "Activation"]


def test_what_surrounds_the_network_in_a_script_is_passed_over() -> None:
    found = read_snippet(
        """
import numpy as np
from keras.datasets import mnist

def load(count):
    (x, y), _ = mnist.load_data()
    for row in range(10 ** 9):
        x[row] = x[row] / 255
    return x.reshape(count, -1), y

if __name__ == '__main__':
    x, y = load(10000)
    while not ready(x):
        x = next(x)
    model = Sequential()
    model.add(Dense(10, input_dim=28 * 28, activation='softmax'))
    model.compile('sgd', 'mse', ['accuracy'])
    history = model.fit(x, y, epochs=3)
    print('score', model.evaluate(x, y)[1])
    with open('log.txt', 'w') as log:
        log.write(str(history))
    for name, value in zip(model.metrics_names, history):
        print(name, value)
"""
    )

    assert answer(found) == (10,)
    assert found.training["epochs"] == 3


def test_frozen_layers_stay_frozen() -> None:
    graph = read_snippet(
        "base = Sequential([Dense(4, input_dim=2)])\nbase.trainable = False\n"
        "model = Sequential([base, Dense(3, trainable=False), Dense(1)])"
    ).graph

    assert len(graph.frozen) == 2


def test_states_taken_apart_go_to_their_ports() -> None:
    found = read_snippet(
        """
source = Input(shape=(5, 3))
target = Input(shape=(6, 3))
_, h, c = LSTM(4, return_state=True)(source)
out = LSTM(4, return_sequences=True)(target, initial_state=[h, c])
Model([source, target], out)
"""
    )

    assert not infer(found.graph).problems
    assert len(found.graph.edges) == 4


def test_functions_of_one_number_become_formulas() -> None:
    found = read_snippet(
        """
def soft(v):
    '''Zero or more, and a little less than zero below it.'''
    return K.maximum(K.relu(v), K.sigmoid(v) - 0.5)

model = Sequential([Dense(4, input_dim=2), Activation(soft), Lambda(lambda z: z / 255. - 0.5)])
"""
    )

    formulas = [
        node.layer.activation.expression
        for node in found.graph.nodes.values()
        if type(node.layer).__name__ == "Activation"
    ]
    assert formulas == ["maximum(relu(x), sigmoid(x) - 0.5)", "x / 255.0 - 0.5"]


def test_layers_of_the_codes_own_keep_their_place() -> None:
    found = read_snippet(
        """
class Blend(Layer):
    def call(self, x):
        return K.exp(x)

model = Sequential([Dense(4, input_dim=2), Blend(theta=-5.0), Dense(1)])
"""
    )

    stands = [node.layer for node in found.graph.nodes.values() if isinstance(node.layer, Missing)]
    assert len(stands) == 1
    assert "theta" in stands[0].raw
    assert any("Blend" in note for note in found.notes)
