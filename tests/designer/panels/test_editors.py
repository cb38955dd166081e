"""Editors one by one: what counts, what is kept, what is taken back."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QWidget
from pytestqt.qtbot import QtBot

from designer.panels.form.curve import CurveView, curve
from designer.panels.form.edit import MIXED, Edit, changed, common
from designer.panels.form.form import Form, make_form
from designer.panels.form.limits import limits
from designer.panels.form.slot import Chooser
from engine import registry
from engine.catalogue.activations.base import Activation
from engine.catalogue.layers.noise_shape import NoiseShape
from engine.component import Component, Slots, component, parameters, setting
from engine.constraints import Choice, Constraint, Flag, Number, Text, Whole, Wholes
from engine.errors import ParameterError
from engine.project import TrainConfig
from tests.designer.panels.conftest import Typist


@component
class Sample(Component):
    """One parameter of every simple kind, and one rule that joins two of them."""

    kind: ClassVar[str] = "sample"

    whole: Annotated[int, Whole(1, 100)] = setting(10, "A whole number.")
    number: Annotated[float, Number(0.0, 1.0)] = setting(0.5, "A number.")
    maybe: Annotated[float | None, Number(0.0, 1.0, none="no limit")] = setting(None, "Perhaps a number.")
    flag: Annotated[bool, Flag()] = setting(False, "Yes or no.")
    choice: Annotated[str, Choice((("one", "First."), ("two", "Second.")))] = setting("one", "A word.")
    text: Annotated[str, Text(5)] = setting("abc", "A text.")
    pair: Annotated[tuple[int, ...], Wholes(1, 9, length=2)] = setting((3, 3), "Two numbers.")
    sizes: Annotated[tuple[int, ...], Wholes(1, 99)] = setting((4, 5), "Some numbers.", advanced=True)
    open: NoiseShape = setting(None, "Some numbers, each of which may be left open.")

    def __post_init__(self) -> None:
        if self.flag and self.choice == "two":
            raise ParameterError(self.key, "flag", "flag and the choice 'two' exclude each other")


class Even(Constraint):
    """A rule that the form knows nothing of."""

    none = None
    rule = "an even number"

    def check(self, value: Any) -> Any:
        if not isinstance(value, int) or value % 2:
            raise self.refuse(value)
        return value


@component
class Odd(Component):
    """One parameter with that rule."""

    kind: ClassVar[str] = "odd"
    n: Annotated[int, Even()] = setting(2, "Even.")


class Host:
    """Holds the component that a form edits, as a document would."""

    def __init__(self, qtbot: QtBot, start: Component) -> None:
        self.value: Any = start
        self.form = make_form(type(start))
        qtbot.addWidget(self.form)
        self.form.edited.connect(self.take)
        self.form.set(start)
        self.form.unfold()
        self.form.show()
        qtbot.waitExposed(self.form)
        self.form.activateWindow()
        qtbot.waitUntil(self.form.isActiveWindow)
        self.edits: list[Edit] = []

    def take(self, edit: Edit) -> None:
        self.edits.append(edit)
        self.value = edit.applied(self.value)
        self.form.set(self.value)

    def field(self, name: str) -> QWidget:
        return self.form.row(name).editor.focus_target()

    def fault(self, name: str) -> str:
        return self.form.row(name).fault.text()


@pytest.fixture
def host(qtbot: QtBot) -> Host:
    return Host(qtbot, Sample())


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("whole", "7", 7),
        ("whole", " 42 ", 42),
        ("whole", "3.0", 3),
        ("number", "1e-3", 0.001),
        ("number", ".25", 0.25),
        ("maybe", "0.5", 0.5),
        ("text", "xyz", "xyz"),
        ("pair", "5", (5, 5)),
        ("pair", "2, 7", (2, 7)),
        ("pair", "2 x 7", (2, 7)),
        ("pair", "(2;7)", (2, 7)),
        ("sizes", "28, 28, 1", (28, 28, 1)),
        ("sizes", "12", (12,)),
        ("open", "None, 1, 4", (None, 1, 4)),
    ],
)
def test_what_people_write_is_understood(host: Host, type_into: Typist, name: str, text: str, value: object) -> None:
    type_into(host.field(name), text)
    assert getattr(host.value, name) == value
    assert not host.fault(name)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("whole", "0", "Whole must be a whole number from 1 to 100; received 0."),
        ("whole", "ten", "Whole must be a whole number from 1 to 100; received 'ten'."),
        ("whole", "9" * 5000, "Whole must be a whole number from 1 to 100; received "),
        ("number", "nan", "Number must be a number from 0 to 1; received nan."),
        ("number", "1e400", "Number must be a number from 0 to 1; received inf."),
        ("number", "1,5", "Number must be a number from 0 to 1; received '1,5'."),
        ("maybe", "2", "Maybe must be a number from 0 to 1, or None (no limit); received 2.0."),
        ("text", "too long", "Text must be a text of at most 5 characters; received 'too long'."),
        ("pair", "1, 2, 3", "Pair must be 2 whole numbers from 1 to 9; received (1, 2, 3)."),
        ("pair", "1, many", "Pair must be 2 whole numbers from 1 to 9; received '1, many'."),
    ],
)
def test_what_is_not_allowed_is_said(host: Host, type_into: Typist, name: str, text: str, sentence: str) -> None:
    if len(text) > 100:
        host.form.row(name).editor.line.setText(text)  # type: ignore[attr-defined]
        QTest.keyClick(host.field(name), Qt.Key.Key_Return)
    else:
        type_into(host.field(name), text)
    assert host.fault(name).startswith(sentence)
    assert host.value == Sample()
    assert host.field(name).property("invalid") is True
    QTest.keyClick(host.field(name), Qt.Key.Key_Escape)
    assert host.value == Sample() and not host.fault(name)
    assert host.field(name).property("invalid") is False


def test_nothing_means_none_where_none_is_allowed(host: Host, type_into: Typist) -> None:
    type_into(host.field("maybe"), "0.5")
    type_into(host.field("maybe"), "")
    assert host.value.maybe is None
    assert host.form.row("maybe").editor.line.placeholderText() == "no limit"  # type: ignore[attr-defined]


def test_a_half_written_number_is_not_scolded_at_once(qtbot: QtBot, host: Host) -> None:
    field = host.field("number")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "1e")
    assert not host.fault("number")
    QTest.keyClicks(field, "-2")
    assert host.value.number == 0.01
    QTest.keyClicks(field, "x")
    qtbot.waitUntil(lambda: bool(host.fault("number")), timeout=2000)
    assert host.value.number == 0.5, "a refused text leaves what was before it"


def test_text_keeps_its_form_while_written(host: Host) -> None:
    field = host.field("number")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "0.10")
    line = host.form.row("number").editor.line  # type: ignore[attr-defined]
    assert line.text() == "0.10" and host.value.number == 0.1
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert line.text() == "0.1"


def test_wheel_changes_a_number_only_with_the_focus(host: Host) -> None:
    field, other = host.field("whole"), host.field("number")
    other.setFocus()
    turn(field)
    assert host.value.whole == 10
    field.setFocus()
    turn(field)
    assert host.value.whole == 11


def turn(widget: QWidget) -> None:
    """One notch of the wheel upwards."""
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place,
        QPointF(widget.mapToGlobal(widget.rect().center())),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_a_check_box_and_its_refusal(host: Host) -> None:
    box = host.field("flag")
    assert isinstance(box, QCheckBox)
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(9, box.height() // 2))
    assert host.value.flag is True
    host.form.row("choice").editor.offer("two")
    assert host.value.choice == "one"
    assert host.fault("choice") == "Flag and the choice 'two' exclude each other."
    assert host.form.row("choice").editor.combo.currentData() == "one"  # type: ignore[attr-defined]


def test_several_targets_show_what_they_share(qtbot: QtBot) -> None:
    form = make_form(Sample)
    qtbot.addWidget(form)
    first, second = Sample(), Sample(whole=20, flag=True)
    form.set(first, second)
    assert form.row("number").editor.value() == 0.5
    assert form.row("whole").editor.value() is MIXED
    assert form.row("whole").editor.line.text() == ""  # type: ignore[attr-defined]
    box = form.row("flag").editor.focus_target()
    assert isinstance(box, QCheckBox) and box.checkState() is Qt.CheckState.PartiallyChecked
    edits: list[Edit] = []
    form.edited.connect(edits.append)
    box.click()
    assert [edit.value for edit in edits] == [True]
    assert common([1, True]) is MIXED, "numbers and flags are told apart"


def test_edits_reach_any_depth() -> None:
    config = TrainConfig()
    deep = Edit(("optimizer", "learning_rate"), 0.5).applied(config)
    assert deep.optimizer.learning_rate == 0.5
    metrics = Edit((0,), registry.metrics.get("accuracy")()).within("metrics")
    assert metrics.path == ("metrics", 0)
    assert changed(config, ("metrics", 0), config.metrics[0]) == config
    assert Edit(("optimizer", "learning_rate"), 1.0, visit=3).key == "optimizer-learning_rate:3"


def test_a_rule_without_an_editor_is_a_line_of_json(qtbot: QtBot, type_into: Typist) -> None:
    host = Host(qtbot, Odd())
    type_into(host.field("n"), "8")
    assert host.value.n == 8
    type_into(host.field("n"), "9")
    assert host.fault("n") == "N must be an even number; received 9."


def test_a_list_knows_its_limit(qtbot: QtBot) -> None:
    rule = Slots("metric", limit=1)
    given = [p for p in parameters(TrainConfig) if p.name == "metrics"]
    assert given
    form = Form([type(given[0])("metrics", rule, (), True, "", False)])
    qtbot.addWidget(form)
    one, two = (registry.metrics.get(name)() for name in ("accuracy", "mean_absolute_error"))
    assert one != two
    form.row("metrics").editor.offer((one, two))
    assert "at most 1" in form.row("metrics").fault.text()


def test_names_are_found_by_parts(qtbot: QtBot) -> None:
    chooser = Chooser("activation", "no function")
    qtbot.addWidget(chooser)
    assert chooser.itemData(chooser.row_of("relu")) == "relu", "an exact name wins over relu6"
    assert chooser.itemData(chooser.row_of("Hard Silu")) == "hard_silu"
    assert chooser.itemData(chooser.row_of("softpl")) == "softplus"
    assert chooser.row_of("soft") == -1, "several names have this in them"
    assert chooser.itemData(chooser.row_of("Sig")) == "sigmoid", "the only one that begins so"
    assert chooser.row_of("") == -1
    assert chooser.itemData(chooser.row_of("no function")) is None


@pytest.mark.parametrize("cls", list(registry.activations), ids=lambda cls: cls.key)
def test_every_activation_has_a_curve(qtbot: QtBot, cls: type[Activation]) -> None:
    x, y = curve(cls())
    assert x.shape == y.shape == (81,)
    assert y.max() > y.min()
    view = CurveView()
    qtbot.addWidget(view)
    view.resize(200, 64)
    view.set_activation(cls())
    image = view.grab().toImage()
    colors = {image.pixelColor(a, b).name() for a in range(31, 190) for b in range(10, 54)}
    assert len(colors) > 8, "a line was drawn"


def test_limits_in_few_words() -> None:
    assert limits(Whole(1, 1_000_000)) == "1 … 1,000,000"
    assert limits(Whole(0)) == "0 or more"
    assert limits(Number(0.0, 1.0, open_low=True)) == "> 0 … 1"
    assert limits(Number()) == "any number"
    assert limits(Wholes(1, 9, length=2)) == "2 numbers, 1 … 9"
    assert limits(Flag()) == ""


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # lists that open, offscreen
def test_clicking_the_name_of_a_component_opens_the_list(qtbot: QtBot) -> None:
    form = make_form(registry.layers.get("Dense"))
    qtbot.addWidget(form)
    form.set(registry.layers.get("Dense")(units=3))
    edits: list[Edit] = []
    form.edited.connect(edits.append)
    form.edited.connect(lambda edit: form.set(edit.applied(form.value())))
    form.show()
    combo = form.row("activation").editor.combo  # type: ignore[attr-defined]
    QTest.mouseClick(combo.lineEdit(), Qt.MouseButton.LeftButton)
    assert combo.view().isVisible()
    QTest.keyClicks(combo.view(), "s")
    assert not combo.view().isVisible()
    assert combo.currentText() == "s", "what is written replaces the name that stood there"
    assert combo.completer().popup().isVisible()
    combo.lineEdit().selectAll()
    QTest.keyClicks(combo.completer().popup(), "Sig")
    QTest.keyClick(combo.completer().popup(), Qt.Key.Key_Return)
    assert combo.currentText() == "Sigmoid"
    assert edits[-1].value.key == "sigmoid"
