"""Every text on the screen can be translated: none is handed to a widget as it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What shows its texts; the names of attributes of declarations that are texts, and what declarations are called.
SHOWING = frozenset(
    {
        "setText", "setToolTip", "setWindowTitle", "setPlaceholderText", "setAccessibleName", "setStatusTip",
        "setAccessibleDescription", "setEditText", "addAction", "addMenu", "addItem", "addTab", "QAction", "QLabel",
        "QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QGroupBox", "QMenu", "QToolBar", "QDockWidget",
        "QListWidgetItem", "QTreeWidgetItem", "label", "plain_label", "button", "show_message", "say", "Answer",
    }
)  # fmt: skip
TEXTS = frozenset({"title", "help", "description"})
DECLARED = frozenset({"cls", "kind", "layer", "node.layer", "offer.kind", "value", "activation", "template"})
#: Arguments that are names of things in the program, not texts, by what is called.
NAMES = {"label": (1,), "plain_label": (1,), "button": (0, 3), "Answer": (0, 3, 4), "show_message": (1,)}
#: They drive the window or measure it, and show nothing of their own.
OTHERS = {"tour", "bench", "shots"}
FILES = [
    path
    for path in sorted((ROOT / "designer").rglob("*.py"))
    if path.relative_to(ROOT / "designer").parts[0] not in OTHERS
]


def untranslated(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of what reaches the screen as it is."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            for place, argument in enumerate(call.args if name in SHOWING else ()):
                if place not in NAMES.get(name, ()):
                    yield from ((call.lineno, found) for found in bare(argument))


def bare(argument: ast.expr) -> Iterator[str]:
    """Texts in an argument that pass no function."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        if sum(letter.isalpha() for letter in argument.value) > 1:
            yield argument.value
    elif isinstance(argument, ast.JoinedStr):
        for part in argument.values:
            yield from bare(part.value if isinstance(part, ast.FormattedValue) else part)
    elif isinstance(argument, ast.Attribute) and argument.attr in TEXTS:
        if ast.unparse(argument.value) in DECLARED:
            yield f".{argument.attr}"
    elif isinstance(argument, ast.IfExp):
        yield from bare(argument.body)
        yield from bare(argument.orelse)
    elif isinstance(argument, ast.BinOp):
        yield from bare(argument.left)
        yield from bare(argument.right)
    elif isinstance(argument, ast.List | ast.Tuple):
        for part in argument.elts:
            yield from bare(part)


def test_texts_pass_the_translation() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{line}": text
        for path in FILES
        for line, text in untranslated(path.read_text(encoding="utf-8"))
    }
    assert len(FILES) > 100
    assert not found, f"these texts do not pass tr(): {found}"


def test_the_walk_sees_what_it_should() -> None:
    source = """
field.setText("Find me")
field.setText(tr("Translated"))
field.setText("×")
combo.addItem(cls.title, cls.key)
made = button("name", "Press", "Why", "primary")
box.setText(f"{tr('Fine')} but not this")
menu.addAction("Yes" if yes else tr("No"))
"""
    assert [text for _, text in untranslated(source)] == [
        "Find me", ".title", "Press", "Why", " but not this", "Yes",
    ]  # fmt: skip
