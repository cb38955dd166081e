"""PyTorch code becomes layers with channels last."""

from __future__ import annotations

import pytest

from engine.exchange.snippets.snippet import read_snippet
from engine.graph import Edge, Graph, Node
from engine.infer import infer
from engine.registry import layers
from tests.engine.exchange.snippets.reading_aids import answer, kinds


def with_input(graph: Graph, shape: tuple[int, ...]) -> Graph:
    """The network with an Input before its first layer."""
    first = next(key for key in graph.order if not graph.into(key))
    graph = graph.add(Node("data", layers.get("Input")(shape=shape)))  # type: ignore[arg-type]
    return graph.connect(Edge("data", first))


def shapes(graph: Graph, shape: tuple[int, ...]) -> list[tuple[int | None, ...]]:
    """What leaves each layer, for data of a shape."""
    whole = with_input(graph, shape)
    inference = infer(whole)
    assert not inference.problems
    return [inference.outputs[key][0].sizes for key in whole.order if key != "data"]


def test_a_dense_network_knows_what_enters() -> None:
    found = read_snippet(
        "model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10), nn.LogSoftmax(dim=1))"
    )

    assert answer(found) == (10,)
    dense = [node.layer for node in found.graph.nodes.values() if hasattr(node.layer, "units")]
    assert [layer.activation.key for layer in dense] == ["relu", "log_softmax"]


def test_convolutions_with_even_zeros_are_same() -> None:
    graph = read_snippet("nn.Sequential(nn.Conv2d(3, 8, 5, padding=2), nn.MaxPool2d(2), nn.Conv2d(8, 4, (3, 1)))").graph

    assert shapes(graph, (28, 20, 3)) == [(28, 20, 8), (14, 10, 8), (12, 10, 4)]


def test_strided_convolutions_keep_their_zeros() -> None:
    text = "nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8), nn.LeakyReLU(0.2))"

    assert kinds(text) == ["ZeroPadding2D", "Conv2D", "BatchNormalization", "Activation"]
    assert shapes(read_snippet(text).graph, (32, 32, 3))[-1] == (16, 16, 8)


@pytest.mark.parametrize(
    ("module", "size"),
    [
        ("nn.ConvTranspose2d(4, 6, 4, 2, 1)", (16, 16, 6)),
        ("nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1)", (16, 16, 6)),
        ("nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1)", (15, 15, 6)),
        ("nn.ConvTranspose2d(4, 6, 4)", (11, 11, 6)),
        ("nn.Upsample(scale_factor=2, mode='bilinear')", (16, 16, 4)),
        ("nn.AvgPool2d(3, 2, 1)", (4, 4, 4)),
        ("nn.AdaptiveAvgPool2d((1, 1))", (1, 1, 4)),
        ("nn.ZeroPad2d((1, 2, 3, 4))", (15, 11, 4)),
        ("nn.GroupNorm(2, 4)", (8, 8, 4)),
        ("nn.Dropout2d(0.1)", (8, 8, 4)),
        ("nn.Flatten()", (256,)),
        ("nn.Conv2d(4, 8, 3, padding='same', groups=2, bias=False)", (8, 8, 8)),
    ],
)
def test_shapes_are_those_of_the_modules(module: str, size: tuple[int, ...]) -> None:
    assert shapes(read_snippet(f"nn.Sequential({module})").graph, (8, 8, 4))[-1] == size


def test_words_and_sequences() -> None:
    graph = read_snippet(
        "nn.Sequential(nn.Embedding(1000, 16), nn.LSTM(16, 8, num_layers=2, bidirectional=True, batch_first=True))"
    ).graph

    assert shapes(graph, (12,)) == [(12, 16), (12, 16), (12, 16)]


def test_names_of_an_ordered_dict_are_kept() -> None:
    graph = read_snippet(
        "nn.Sequential(OrderedDict([('fc1', nn.Linear(4, 3)), ('act', nn.Sigmoid()), ('fc2', nn.Linear(3, 2))]))"
    ).graph

    assert [node.name for node in graph.nodes.values()][1:] == ["fc1", "fc2"]


PAIRS = "[('a', nn.Linear(3, 4)), ('b', nn.ReLU())]"
OWN = """
class Own(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.f = nn.Linear(n, n)
    def forward(self, x):
        return F.relu(self.f(x))
"""


@pytest.mark.parametrize(
    ("held", "layers"),
    [
        (f"from collections import OrderedDict\nnn.Sequential(OrderedDict({PAIRS}))", 1),
        (f"import collections\nnn.Sequential(collections.OrderedDict({PAIRS}))", 1),
        ("net = nn.Sequential(Own(3), nn.Linear(3, 2))", 2),
        ("net = nn.Sequential(*nn.ModuleList([Own(3), nn.Linear(3, 2)]))", 2),
    ],
)
def test_what_holds_layers_may_be_called_through_a_module(held: str, layers: int) -> None:
    graph = read_snippet(OWN + held).graph
    assert [node.layer.key for node in graph.nodes.values()] == ["Input", *["Dense"] * layers]


CLASS = """
import torch
import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.features = nn.Sequential(nn.Linear(256, 120), nn.ReLU())
        self.out = nn.Linear(120, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(torch.relu(self.conv2(x)), (2, 2))
        x = x.view(x.size(0), -1)
        x = F.dropout(self.features(x), 0.5, training=self.training)
        return self.out(x)

net = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for epoch in range(2):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(net(images), labels)
        loss.backward()
        optimizer.step()
"""


def test_classes_are_followed_through_their_forward() -> None:
    found = read_snippet(CLASS)

    assert shapes(found.graph, (28, 28, 1)) == [
        (24, 24, 6), (12, 12, 6), (8, 8, 16), (4, 4, 16), (256,), (120,), (120,), (10,),
    ]  # fmt: skip
    assert found.training["loss"].from_logits
    assert found.training["optimizer"].learning_rate == 0.05
    assert not any("softmax" in note for note in found.notes)


def test_a_residual_block_of_a_class() -> None:
    found = read_snippet(
        """
class Block(nn.Module):
    def __init__(self, n):
        super(Block, self).__init__()
        self.a = nn.Linear(n, n)
        self.b = nn.Linear(n, n)
    def forward(self, x):
        return torch.relu(x + self.b(torch.relu(self.a(x))))

model = nn.Sequential(nn.Linear(5, 8), Block(8), Block(8), nn.Linear(8, 1), nn.Sigmoid())
"""
    )

    assert answer(found) == (1,)
    assert sum(type(node.layer).__name__ == "Add" for node in found.graph.nodes.values()) == 2


def test_logits_are_told() -> None:
    found = read_snippet("nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))")

    assert any("softmax" in note for note in found.notes)


def test_numbers_that_do_not_fit_are_told() -> None:
    found = read_snippet("nn.Sequential(nn.Linear(4, 8), nn.ReLU(),\n  nn.Linear(9, 3), nn.Softmax(dim=1))")

    assert any(note.startswith("Line 2") and "9" in note and "8" in note for note in found.notes)
