"""The reference page is what the declarations say, and they say enough."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar

import onnx
import pytest

from engine import registry
from engine.catalogue.layers.base import Layer
from engine.cli.app import main
from engine.cli.docs import PAGE, is_stale
from engine.component import Component, NumberOrSlot, Slot, component, parameters, setting
from engine.constraints import Whole
from engine.reference.entry import HOMES, PROGRAMS, entry
from engine.reference.markdown import COMMAND, document, members

OFFERED: list[type[Component]] = [
    cls
    for kind in registry.KINDS
    for cls in registry.registry(kind)
    if not getattr(cls, "hidden", False) and cls.__module__.startswith("engine.")
]
LAYERS = [cls for cls in OFFERED if issubclass(cls, Layer)]


def test_the_page_in_the_repository_is_what_the_declarations_say() -> None:
    assert not is_stale(PAGE, document()), f"docs/layers.md is stale: run {COMMAND}"


@pytest.mark.parametrize("cls", OFFERED, ids=lambda cls: f"{cls.kind}-{cls.key}")
def test_a_page_tells_everything(cls: type[Component]) -> None:
    page = entry(cls)

    assert page.formula.endswith((".", "...")), "the first line is the formula"
    assert [s.name for s in page.settings] == [p.name for p in parameters(cls)]
    assert all(s.help and s.rule for s in page.settings)
    assert all(s.default or not p.has_default for s, p in zip(page.settings, parameters(cls), strict=True))
    assert page.source or page.notes or cls.kind in ("callback", "source"), "say where it comes from"


@pytest.mark.parametrize("cls", LAYERS, ids=lambda cls: cls.key)
def test_a_layer_names_shapes_and_counterparts(cls: type[Layer]) -> None:
    page = entry(cls)

    assert page.shapes, "give the section Shapes"
    assert cls.counterparts is not None, "name what it is called in Keras, PyTorch and ONNX"
    assert "Keras" in page.counterparts or "Keras" in page.differences, "say that Keras has none"


@pytest.mark.parametrize("cls", OFFERED, ids=lambda cls: f"{cls.kind}-{cls.key}")
def test_counterparts_are_named_by_program_and_exist_in_onnx(cls: type[Component]) -> None:
    for name in cls.counterparts or ():
        assert name.partition(".")[0] in PROGRAMS
    keras = entry(cls).counterparts.get("Keras", ())
    assert all(name.startswith(f"{HOMES[cls.kind]}.") or name == "keras.Input" for name in keras)
    for name in entry(cls).counterparts.get("ONNX", ()):
        assert onnx.defs.has(name), name


def test_the_page_has_every_component_and_parameter_once() -> None:
    text = document()

    for cls in OFFERED:
        assert text.count(f'<a id="{cls.kind}-{cls.key.lower()}"></a>') == 1
    dense = text.partition('id="layer-dense"')[2].partition("\n### ")[0]
    assert "y = activation(x · kernel + bias)." in dense
    assert "| `units` | required | a whole number from 1 to 1,000,000 |" in dense
    assert '| `kernel_initializer` | `"glorot_uniform"` | an initializer |' in dense
    assert "PyTorch `torch.nn.Linear`" in dense


def test_signs_of_markdown_in_words_stay_words() -> None:
    @component
    class Odd(Component):
        """f(x) = x * y | z_1.

        It *never* does <that>, says ``x * y``; see [1].
        """

        kind: ClassVar[str] = "odd"
        size: Annotated[int, Whole(1, 3)] = setting(2, "Left | right.")
        rate: Annotated[Any, NumberOrSlot(0)] = setting(0.5, "How fast.")
        start: Annotated[Component, Slot("initializer")] = setting({"type": "constant", "value": 2}, "Begins.")

    page = entry(Odd)

    assert page.formula == "f(x) = x * y | z_1."
    assert [s.default for s in page.settings] == ["2", "0.5", "constant(value=2.0)"]
    assert page.settings[1].rule == "a number from 0 upwards, or a schedule"
    assert page.counterparts == {}


def test_the_command_writes_the_page_and_tells_a_stale_one(tmp_path: Path, capsys: Any) -> None:
    place = tmp_path / "page.md"

    assert main(["docs", "--out", str(place), "--check"]) == 1
    assert COMMAND in capsys.readouterr().out.replace("\n", " ")
    assert main(["docs", "--out", str(place)]) == 0
    assert place.read_text("utf-8") == document()
    assert main(["docs", "--out", str(place), "--check"]) == 0
    place.write_text(place.read_text("utf-8").replace("Dense", "Sparse"), "utf-8")
    assert main(["docs", "--out", str(place), "--check"]) == 1
    assert main(["docs", "--out", str(tmp_path / "nowhere" / "page.md")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_members_leave_out_what_is_hidden() -> None:
    assert "Missing" not in [page.key for page in members("layer")]
