"""A small network and the means to type into forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from designer.model.document import Document
from designer.model.selection import Selection
from engine import registry
from engine.graph import Edge, Graph, Node
from engine.project import Project


def chain(*layers: tuple[str, dict[str, Any]]) -> Graph:
    """Layers one after another, with the ids Keras would give them."""
    graph, last = Graph(), ""
    for place, (name, parameters) in enumerate(layers):
        layer = registry.layers.get(name)(**parameters)
        key = graph.fresh_id(layer)
        graph = graph.add(Node(key, layer, (0.0, 110.0 * place)))
        if last:
            graph = graph.connect(Edge(last, key))
        last = key
    return graph


def digits_graph() -> Graph:
    """28 × 28 pictures to ten classes."""
    return chain(
        ("Input", {"shape": (28, 28, 1)}),
        ("Flatten", {}),
        ("Dense", {"units": 50, "activation": "relu"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )


@pytest.fixture
def document() -> Document:
    """A document with that network."""
    return Document(Project(graph=digits_graph()))


@pytest.fixture
def selection(document: Document) -> Selection:
    """What is selected in it."""
    return Selection(document)


Typist = Callable[[QWidget, str], None]


@pytest.fixture
def type_into() -> Typist:
    """Replace a field's text as a person does, and finish with Enter."""

    def typed(field: QWidget, text: str) -> None:
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(field, Qt.Key.Key_Delete)
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    return typed
