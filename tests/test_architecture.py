"""The rules of docs/architecture.md that a machine can hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KINDS = (
    "layers",
    "activations",
    "initializers",
    "regularizers",
    "constraints",
    "variables",
    "losses",
    "metrics",
    "schedules",
    "optimizers",
    "callbacks",
    "sources",
)
DECLARE = ("engine.component", "engine.constraints", "engine.tensor_spec", "engine.errors", "engine.resources")
BASES = tuple(f"engine.catalogue.{kind}.base" for kind in KINDS)
PLOTS = ("pyqtgraph",)
WINDOW = ("PySide6", "pyqtgraph", "qtawesome", "designer")
DESIGN_BASE = ("designer.text", "designer.theme", "designer.icons", "designer.style")

# package -> what of this project (and of Qt and numba) it may import; "" allows all of engine
ALLOWED: dict[str, tuple[str, ...]] = {
    "engine.kernels": ("engine.kernels",),
    "engine.component": DECLARE,
    "engine.constraints": DECLARE,
    "engine.tensor_spec": DECLARE,
    "engine.families": ("engine.graph",),
    "engine.wiring": ("engine.graph",),
    "engine.expression": (*DECLARE, "engine.kernels", "engine.expression"),
    "engine.graph": (*DECLARE, "engine.catalogue.layers.base", "engine.families", "engine.wiring"),
    "engine.healing": ("engine.families", "engine.graph"),
    "engine.problems": (*DECLARE, "engine.graph"),
    "engine.infer": (*DECLARE, "engine.graph", "engine.problems", "engine.catalogue.layers.base"),
    "engine.sketch": (),
    "engine.project": (*DECLARE, *BASES, "engine.graph", "engine.sketch"),
    "engine.check": (*DECLARE, *BASES, "engine.graph", "engine.infer", "engine.problems", "engine.project"),
    "engine.advice": (
        *DECLARE, *BASES, "engine.graph", "engine.healing", "engine.infer", "engine.problems", "engine.project",
        "engine.check", "engine.data", "engine.advice",
    ),
    "engine.data": (*DECLARE, "engine.data", "engine.catalogue.sources.base", "engine.project"),
    "engine.plan": (*DECLARE, *BASES, "engine.graph", "engine.infer", "engine.kernels", "engine.plan"),
    "engine.train": (
        *DECLARE, *BASES, "engine.graph", "engine.infer", "engine.problems", "engine.project", "engine.check",
        "engine.data", "engine.plan", "engine.train",
    ),
    "engine.explain": (
        *DECLARE, *BASES, "engine.graph", "engine.infer", "engine.problems", "engine.project", "engine.check",
        "engine.data", "engine.plan", "engine.train", "engine.explain",
    ),
    "engine.estimate": (
        *DECLARE, *BASES, "engine.graph", "engine.infer", "engine.project", "engine.templates", "engine.data",
        "engine.plan", "engine.train", "engine.kernels", "engine.io.strict_json", "engine.estimate",
    ),
    "engine": ("engine",),
    "designer.model": ("engine", "designer.model", "PySide6.QtCore", "PySide6.QtGui", "designer.text"),
    "designer.training": ("engine", "designer.model", "designer.training", "PySide6.QtCore", "designer.text"),
    "designer.canvas": ("engine", "designer.model", "designer.training", "designer.canvas", "PySide6", *DESIGN_BASE),
    "designer.panels": (
        "engine", "designer.model", "designer.training", "designer.panels", "designer.plots", "PySide6", *DESIGN_BASE,
    ),
    "designer.plots": (
        "engine", "designer.model", "designer.training", "designer.plots", "PySide6", *PLOTS, *DESIGN_BASE,
    ),
    "designer.bench": ("engine", *WINDOW),
    "designer": ("engine", *WINDOW),
}  # fmt: skip
OURS = ("engine", "designer", "PySide6", "pyqtgraph", "qtawesome", "numba")
TESTS = sorted((ROOT / "tests").rglob("*.py"))
ASSERTING = ("raises", "warns", "fail", "waitSignal", "waitUntil")
NUMBA_HOMES = ("engine.kernels", "engine.cli")


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("engine", "designer"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = dict(modules())


def imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES or node.module in ("PySide6",) else node.module, node.lineno


def rule_for(module: str) -> tuple[str, ...]:
    if module.startswith("engine.catalogue."):
        kind = module.split(".")[2]
        return (
            *DECLARE,
            "engine.kernels",
            f"engine.catalogue.{kind}",
            "engine.catalogue.raw",
            "engine.data",
            "engine.expression",
        )
    best = max((key for key in ALLOWED if module == key or module.startswith(key + ".")), key=len)
    return ALLOWED[best]


def within(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == p or name.startswith(p + ".") for p in prefixes)


@pytest.mark.parametrize("module", MODULES)
def test_imports_only_what_its_layer_may(module: str) -> None:
    allowed = (*rule_for(module), *(("numba",) if within(module, NUMBA_HOMES) else ()))
    faults = [
        f"{module}:{line} imports {name}"
        for name, line in imports(MODULES[module])
        if within(name, OURS) and not within(name, allowed)
    ]

    assert not faults


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith("engine")])
def test_the_engine_knows_no_window(module: str) -> None:
    assert not [name for name, _ in imports(MODULES[module]) if within(name, WINDOW)]


@pytest.mark.parametrize("module", MODULES)
def test_files_stay_small_and_imports_on_top(module: str) -> None:
    text = MODULES[module].read_text(encoding="utf-8")
    inside = [
        f"{module}:{node.lineno}"
        for function in ast.walk(ast.parse(text))
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]

    assert text.count("\n") <= 400
    assert not inside
    assert "Manager" not in [n.name for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ClassDef)]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_tests_stay_small_and_say_what_they_assert(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    silent = [
        f"{path.name}:{node.lineno} {node.name} asserts nothing; functions that assert are named assert_..."
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not asserts(node)
    ]

    assert text.count("\n") <= 400
    assert not silent


def asserts(test: ast.FunctionDef) -> bool:
    for node in ast.walk(test):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ASSERTING or called.lstrip("_").startswith("assert_"):
                return True
    return False


def test_top_level_holds_nothing_unexplained() -> None:
    expected = {
        "designer", "engine", "resources", "tests", "main.py", "pyproject.toml", "README.md", "CHANGELOG.md",
        "CONTRIBUTING.md", "LICENSE", "docs",
    }  # fmt: skip
    made = {"__pycache__", "build", "dist", "layerloom.egg-info"}
    found = {p.name for p in ROOT.iterdir() if not p.name.startswith(".")} - made

    assert found == expected
