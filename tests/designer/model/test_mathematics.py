"""Formulas as rich text, for every component and for what plug-ins may write."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.model.mathematics import readable
from engine.component import registry
from engine.reference.entry import entry
from engine.registry import KINDS

ROOT = "√({})"


class Reader(HTMLParser):
    """Checks that marks are nested, and keeps the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def text_of(html: str) -> str:
    """What is read, the marks being well formed."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader.text


@pytest.mark.parametrize(
    ("plain", "wanted"),
    [
        ("y = e^(x - 1) / sum", "y = e<sup>x − 1</sup> / sum"),
        ("y = x_1 · x^2 + beta_1", "y = x<sub>1</sub> · x<sup>2</sup> + β<sub>1</sub>"),
        ("h_t = z · h_{t-1}", "h<sub>t</sub> = z · h<sub>t−1</sub>"),
        ("f(x)_j = e^x_k", "f(x)<sub>j</sub> = e<sup>x<sub>k</sub></sup>"),
        ("min(max_value, -x) <= 1/2", "min(max_value, −x) ≤ ½"),
        ("sqrt(v) / sqrt(u + epsilon)", "√v / " + ROOT.format("u + ε")),
        ("sqrt(1-beta_2^t)", ROOT.format("1−β<sub>2</sub><sup>t</sup>")),
        ("delta·abs(e) - delta²/2", "δ·|e| − δ²/2"),
        ("e^-x where a < b & c", "e<sup>−x</sup> where a &lt; b &amp; c"),
        ("max(x, 1e-7)", "max(x, 10<sup>−7</sup>)"),
        (r"$\frac{\alpha}{2} \cdot \sqrt{x_1} \leq \sum_i w_{ij}$",
         "(α) / (2) · " + ROOT.format("x<sub>1</sub>") + " ≤ Σ<sub>i</sub> w<sub>ij</sub>"),
        ("sqrt(never closed", "sqrt(never closed"),
        ("what ``others`` fills", "what others fills"),
    ],
)  # fmt: skip
def test_formulas_are_written_as_people_write_them(plain: str, wanted: str) -> None:
    assert readable(plain) == wanted


def test_every_component_s_formula_can_be_read() -> None:
    for kind in KINDS:
        for cls in registry(kind):
            text = text_of(readable(entry(cls).formula))
            assert not re.search(r"\\|\^|_\{|``|\bsqrt\(|\$", text), (cls, text)


@given(st.text("xyb_^{}()-\\ <&>1e/·sqrtab$", max_size=40))
def test_any_text_becomes_sound_rich_text(text: str) -> None:
    found = text_of(readable(text))
    assert len(re.findall("x", found)) == len(re.findall("x", re.sub(r"\\[A-Za-z]+", "", text))) or "\\" in text
