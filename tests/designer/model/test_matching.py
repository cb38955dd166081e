"""Typed letters find texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.model.matching import match


def best(wanted: str, *texts: str) -> list[str]:
    found = [(match(text, wanted), text) for text in texts]
    return [text for fit, text in sorted(((f, t) for f, t in found if f), key=lambda pair: -pair[0].points)]


@pytest.mark.parametrize(
    ("wanted", "text", "letters"),
    [
        ("save", "Save as …", "Save"),
        ("sa", "Save as …", "Sa"),
        ("sva", "Save as …", "Sva"),
        ("cv2", "Add Conv2D", "Cv2"),
        ("as sa", "Save as …", "Saas"),
        ("ZOOM", "Zoom in", "Zoom"),
        ("i", "Zoom in", "i"),
    ],
)
def test_finds_letters(wanted: str, text: str, letters: str) -> None:
    found = match(text, wanted)
    assert found is not None
    assert "".join(text[place] for place in sorted(found.places)) == letters


@pytest.mark.parametrize(("wanted", "text"), [("x", "Save"), ("evas", "Save"), ("save x", "Save as"), ("vas", "Save")])
def test_leaves_others_out(wanted: str, text: str) -> None:
    assert match(text, wanted) is None


def test_the_better_fit_comes_first() -> None:
    assert best("fit", "Find it", "Benefit", "Fit the network", "Refit", "Go fit", "Fit")[:3] == [
        "Fit",
        "Fit the network",
        "Go fit",
    ]
    assert best("sa", "Select all", "Save", "Ansatz")[0] == "Save"
    assert best("sa", "Straw", "Select all") == ["Select all", "Straw"]
    assert best("undo", "Redo Undo Dense", "Undo") == ["Undo", "Redo Undo Dense"]


def test_nothing_wanted_fits_everything() -> None:
    assert match("Save", "") is not None
    assert match("", "  ") is not None
    assert match("", "a") is None


@given(st.text(max_size=30), st.text(max_size=8))
def test_the_letters_that_are_named_are_the_wanted_ones(text: str, wanted: str) -> None:
    found = match(text, wanted)
    if found is None:
        return
    assert all(0 <= place < len(text) for place in found.places)
    named = {text[place].lower()[0] for place in found.places}
    assert named == set("".join(wanted.lower().split()))


@given(st.text(alphabet="abC 2-", min_size=1, max_size=20), st.data())
def test_letters_in_order_from_the_beginning_of_a_word_are_found(text: str, data: st.DataObject) -> None:
    begins = [i for i, c in enumerate(text) if c.isalnum() and (i == 0 or not text[i - 1].isalnum())]
    if not begins:
        return
    first = data.draw(st.sampled_from(begins))
    rest = [i for i in range(first + 1, len(text)) if not text[i].isspace()]
    chosen = [first, *sorted(data.draw(st.sets(st.sampled_from(rest)) if rest else st.just(set())))]
    assert match(text, "".join(text[i] for i in chosen)) is not None
