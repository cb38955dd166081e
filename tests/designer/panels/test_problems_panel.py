"""The list of problems, driven with keys and mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QPushButton
from pytestqt.qtbot import QtBot

from designer.model.document import Document
from designer.panels.problem_list import MOST, counted
from designer.panels.problems import MANY, ProblemsPanel
from engine import registry
from engine.graph import Graph, Node
from engine.problems import Problem


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> Iterator[ProblemsPanel]:
    made = ProblemsPanel(document)
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    qtbot.waitExposed(made)
    yield made


def change(document: Document, key: str, **values: object) -> None:
    graph = document.project.graph
    changed = graph.with_layer(key, graph.nodes[key].layer.changed(**values))
    document.edit("Change", document.project.with_graph(changed))


def read_digits(document: Document) -> None:
    source = registry.sources.get("Mnist")()
    document.edit("Data", document.project.with_source(source))  # type: ignore[arg-type]
    document.set_dataset(source.load(None))  # type: ignore[attr-defined]


def texts(panel: ProblemsPanel) -> list[str]:
    return [card.problem.text for card in panel.list._cards] if panel.list.isVisible() else []


def test_every_severity_is_listed_and_mended_by_its_button(panel: ProblemsPanel, document: Document) -> None:
    read_digits(document)
    assert panel.count.text() == "No problems"
    assert panel.none.text().startswith("Nothing stands in the way")
    change(document, "dense_1", units=7)
    change(document, "dense", units=4)
    assert panel.count.text() == "1 error"
    change(document, "dense_1", units=10)
    assert panel.count.text() == "1 piece of advice"
    assert "leaves 4 numbers" in texts(panel)[0]

    button = panel.findChild(QPushButton, "fix-0")
    assert button.text() == "Set units to 10"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    assert document.project.graph.nodes["dense"].layer.units == 10  # type: ignore[attr-defined]
    assert panel.count.text() == "No problems"
    document.undo()
    assert panel.count.text() == "1 piece of advice"


def test_a_click_leads_to_the_layer(qtbot: QtBot, panel: ProblemsPanel, document: Document) -> None:
    read_digits(document)
    change(document, "dense_1", units=7)
    told: list[str] = []
    panel.revealed.connect(told.append)

    QTest.mouseClick(panel.findChild(QPushButton, "go-0"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.findChild(QFrame, "problem-0"), Qt.MouseButton.LeftButton)
    assert panel.findChild(QPushButton, "go-0").text() == "dense_1"
    assert told == ["dense_1", "dense_1"]


def test_a_hidden_list_tells_only_how_many(panel: ProblemsPanel, document: Document) -> None:
    counts: list[int] = []
    panel.counted.connect(counts.append)
    panel.hide()
    read_digits(document)
    change(document, "dense_1", units=7)

    assert counts == [0, 1]
    panel.show()
    assert panel.count.text() == "1 error"


def test_many_can_be_filtered_and_few_are_made(panel: ProblemsPanel, document: Document) -> None:
    graph = Graph()
    for number in range(MOST + 15):
        graph = graph.add(Node(f"lonely_{number}", registry.layers.get("Dense")(units=3)))
    document.edit("Many", document.project.with_graph(graph))

    assert len(document.problems) > MOST > MANY
    assert len(panel.list._cards) == MOST
    assert panel.list.more.text() == f"… and {len(document.problems) - MOST} more. Mend these first."
    QTest.keyClicks(panel.search, "lonely_17")
    assert texts(panel) == [p.text for p in document.problems if p.node == "lonely_17"]
    assert panel.count.text() == f"1 of {len(document.problems)}"
    QTest.keyClicks(panel.search, "xyz")
    assert panel.none.text() == "No problem holds these words."


class Marked(QTranslator):
    """A language in which every text stands between marks."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"<<{text}>>"


def test_remedies_speak_the_language_of_the_program(panel: ProblemsPanel, document: Document) -> None:
    read_digits(document)
    language = Marked()
    QCoreApplication.installTranslator(language)
    try:
        change(document, "dense_1", units=7)
        button = panel.findChild(QPushButton, "fix-0")
        assert button.text() == "<<Set units to 10>>"
        assert panel.list._cards[0].text.text() == f"<<{document.problems[0].text}>>"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert document.stack.undoText() == "<<Set units to 10>>"
    finally:
        QCoreApplication.removeTranslator(language)


def test_counts_are_told_in_words() -> None:
    severities = ("error", "error", "warning", "advice", "advice")
    found = [Problem(str(n), None, severity) for n, severity in enumerate(severities)]

    assert counted(found) == "2 errors, 1 warning, 2 pieces of advice"
    assert counted(found[:1]) == "1 error"
    assert counted([]) == "No problems"
