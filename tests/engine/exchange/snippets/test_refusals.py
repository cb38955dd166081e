"""What is not understood is refused by one sentence with its line; hostile text never does anything."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.exchange.snippets import snippet
from engine.exchange.snippets.limits import SnippetError
from engine.exchange.snippets.snippet import Snippet, read_snippet
from engine.exchange.snippets.source import looks_like_code
from tests.engine.exchange.snippets.reading_aids import kinds

#: A thousand models of a thousand models of a thousand layers.
_NESTED = "a = Sequential([Dense(1)] * 1000)\nb = Sequential([a] * 1000)\nc = Sequential([b] * 1000)\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("model = Sequential()\nmodel.add(Dens(10))", 2, "did you mean Dense"),
        ("Sequential([Dense(-3)])", 1, "units"),
        ("Sequential([\n  Dense(10),\n  Dense(10, activation='rely')])", 3, "rely"),
        ("Sequential([Dense(units=count)])", 1, "'count'"),
        ("Sequential([Dense(x.shape[1] + 1)])", 1, "without running the code"),
        ("n = int(input())\nSequential([Dense(n)])", 2, "without running the code"),
        ("Sequential([Dense(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)])", 1, "at most"),
        ("Sequential([Dense(10, units=10)])", 1, "twice"),
        ("Sequential([Dense(10, unitz=10)])", 1, "unitz"),
        ("m = Sequential()\nif flag:\n    m.add(Dense(3))", 2, "flag"),
        ("m = Sequential()\nfor n in sizes:\n    m.add(Dense(n))", 2, "sizes"),
        ("m = Sequential()\nwhile True:\n    m.add(Dense(3))", 2, "not followed"),
        ("m = Sequential()\nfor n in range(10 ** 9):\n    m.add(Dense(3))", 3, "1,000 layers"),
        ("x = Input((3,))\ny = Dense()(x)", 2, "units"),
        ("x = Input()\n", 1, "which shape"),
        ("model.add(activation('relu'))", 1, "did you mean Activation"),
        ("model = Sequential()", 1, "no layers yet"),
        ("Sequential([Dense])", 1, "with its arguments"),
        ("Sequential([3])", 1, "only layers"),
        ("Model(outputs=3)", 1, "tensor"),
        ("x = Input((3,))\nhead(Sequential([Dense(3)]))", 2, "head"),
        ("def f(x):\n    return f(Dense(3)(x))\nf(Input((3,)))", 2, "deep"),
        ("Sequential([Dense(3)", 1, "no Python"),
        ("print('Dense(3)')", 0, "no layers"),
        ("nn.Sequential(nn.Linear(3))", 1, "out_features"),
        ("nn.Sequential(nn.Linear(3, 4), nn.Convolve2d(3, 4, 3))", 1, "Convolve2d"),
        ("nn.Sequential(nn.MaxPool2d(2, ceil_mode=True))", 1, "ceil_mode"),
        ("nn.Sequential(nn.AdaptiveAvgPool2d(7))", 1, "one number per channel"),
        ("a = [1]\nfor i in range(60):\n    a = [a, a, Dense(1)]\nSequential(a)", 3, "list holds"),
        ("Sequential([Dense(3)] * 100000)", 1, ""),
        ("Sequential([Dense(round(5, -10 ** 12))])", 1, "without running the code"),
        ("Sequential([Dense(3, activation={'relu'})])", 1, "without running the code"),
        ("Sequential([Dense(len(list(zip(*[range(9000)] * 9000))))])", 1, "without running the code"),
        ("import torch\nx = nn.Linear(3, 4)(data)\ny = F.relu([x, x])", 3, "list or a model"),
        (
            "import torch\nclass N(nn.Module):\n    def forward(self, x): return x\nnet = N()\nF.softmax(net)",
            5,
            "list or a model",
        ),
        ("import torch\nnn.Sequential(OrderedDict(blocks))", 2, "'blocks'"),
        ("import torch\nnn.Sequential(OrderedDict(blocks()))", 2, "'blocks'"),
        ("import torch\nnn.Sequential(OrderedDict([('a', nn.ReLU()), block]))", 2, "no pair"),
        ("import torch\nnn.Sequential(nn.Linear(4, 6), nn.Unflatten(1, ()))", 2, "the sizes it makes"),
    ],
)
def test_the_sentence_names_line_and_reason(text: str, line: int, words: str) -> None:
    with pytest.raises(SnippetError) as caught:
        read_snippet(text)

    assert caught.value.line == line
    assert words in str(caught.value)
    assert str(caught.value).endswith((".", "?"))


HOSTILE = [
    "__import__('os').system('touch {0}')",
    "Sequential([Dense(__import__('pathlib').Path('{0}').write_text('x'))])",
    "Dense(eval(\"open('{0}', 'w')\"))",
    "exec(\"open('{0}', 'w').close()\")\nSequential([Dense(3)])",
    "Sequential([Dense((lambda: open('{0}', 'w'))())])",
    "Sequential([Dense(3, name=f\"{{open('{0}', 'w')}}\")])",
    "Sequential([Dense([open('{0}', 'w') for _ in range(3)][0])])",
    "def f():\n    open('{0}', 'w')\n    return Dense(3)\nSequential([f()])",
    "class L(Layer):\n    open('{0}', 'w')\nSequential([L()])",
    "class N(nn.Module):\n    def forward(self, x):\n        open('{0}', 'w')\n        return nn.Linear(2, 3)(x)\nN()",
    "import os\nos.system('touch {0}')\nSequential([Dense(3)])",
    "Lambda(lambda x: open('{0}', 'w'))",
    "Sequential([Dense(str.format('{{0.__class__}}', open('{0}', 'w')))])",
    "[].__class__.__base__.__subclasses__()[0]('{0}')",
    "@open('{0}', 'w')\ndef f(): return Sequential([Dense(3)])",
    "with open('{0}', 'w') as f:\n    Sequential([Dense(3)])",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_ever_run(text: str, tmp_path: Path) -> None:
    sentinel = tmp_path / "sentinel"
    try:
        read_snippet(text.replace("{0}", str(sentinel)).replace("{{", "{").replace("}}", "}"))
    except SnippetError as error:
        assert len(str(error)) < 500

    assert not sentinel.exists()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 300 + ")" * 300,
        "-" * 100_000 + "1",
        "a" + ".b" * 5_000,
        "a" + "()" * 5_000,
        "not " * 20_000 + "a",
        "x = " + "1 + " * 20_000 + "1",
        "Dense(" * 150 + ")" * 150,
        "Dense(" + "9" * 5_000 + ")",
        "Dense(9 ** 9 ** 9 ** 9)",
        "Dense('a' * 10 ** 12)",
        "Dense(list(range(10 ** 15)))",
        "Dense([0] * 10 ** 15)",
        "Dense(" + "[" * 90 + "]" * 90 + ")",
        "\n".join("    " * n + "if True:" for n in range(99)),
        "if a: pass\n" + "elif a: pass\n" * 5_000,
        "Dense(\0)",
        "\ud800 = Dense(3)",
        "Dense('\\N{DUCK')",
        "x = " + "{" * 60 + "}" * 60,
        "Sequential([" + "Dense(3)," * 5_000 + "])",
        "a = []\na.append([a])\nSequential([Dense(a)])",
        "a = Sequential()\nb = Sequential()\na.add(b)\nb.add(a)\na.add(Dense(3))",
        "a = {}\na['x'] = [a]\nSequential([Dense(a)])",
        "x" * 300_000,
        "Dense(1e999)",
        "Dense(-10 ** 400)",
        "f = lambda f: f(f)\nf(f)",
        "a = [0]\nfor i in range(3000):\n    a.append(list(a))\nDense(a)",
        "Model(Model, Model)(Model)",
        "Input(Input(Input((3,))))",
        "Bidirectional(Bidirectional(Dense(3)))",
        "import torch\nnn.Sequential(nn.Linear(nn.Linear(2, 3), torch))",
        "",
        "\n\n",
        "💥(Dense)",
        "Dense(round(5, -1000000000000))",
        "Dense(round(5.5, 10 ** 15))",
        f"{_NESTED}c(Input((3,)))",
        f"{_NESTED}c",
        _NESTED.replace("[Dense(1)]", "[]"),
        f"{_NESTED.replace('[Dense(1)]', '[]')}c(Input((3,)))",
        "a = Sequential([InputLayer((3,))] * 1000)\nb = Sequential([a] * 1000)\nc = Sequential([b] * 1000)",
        "x = Input((3,))\nm = Model(x, x)\na = Sequential([m] * 1000)\nb = Sequential([a] * 1000)\nb(x)",
        "import torch\nnn.Sequential(nn.Linear(3, 4), nn.LSTM('a', 3))",
        "import torch\nnn.GRU(-1, 3)",
        "import torch\nnn.Sequential(nn.Linear(3, 4), nn.Unflatten(1, (1, 2, 2)), nn.ConvTranspose2d('a', 3, 2))",
        "import torch\nnn.Sequential(nn.Linear('a', 3))",
        "import torch\nnn.ModuleDict(3)",
        "import torch\nnn.Sequential(OrderedDict(7))",
    ],
)
def test_monsters_get_a_sentence_or_a_network(text: str) -> None:
    assert_answered(text)


@pytest.mark.parametrize(
    "more",
    ["list(range(9000))", "tuple(r)", "zip(range(3000), range(3000))", "enumerate(range(3000))", "reversed(r)", "r[1:]",
     "dict(a=r)", "[].extend(r)"],
)  # fmt: skip
def test_lists_that_would_hold_gigabytes_together_are_counted(more: str) -> None:
    text = f"m = Dense(3)\nr = list(range(9000))\nk = []\nfor n in range(4000):\n    m = m\n    k.append({more})"

    with pytest.raises(SnippetError, match="Line 6: the code takes more than 200,000 steps"):
        read_snippet(text)


def assert_answered(text: str) -> Snippet | None:
    """What a text gives; its only way to fail is a sentence."""
    try:
        found = read_snippet(text)
    except SnippetError as error:
        assert error.__cause__ is None, "an error that no one thought of"
        assert 10 < len(str(error)) < 900
        assert "\n" not in str(error)
        return None
    assert all("\n" not in note for note in found.notes)
    return found


def test_what_nobody_thought_of_is_a_sentence_too(
    caplog: pytest.LogCaptureFixture, expected_warnings: list[str]
) -> None:
    expected_warnings.append("Pasted code could not be read")
    with pytest.raises(SnippetError, match="cannot be read") as caught:
        read_snippet(b"Dense(3)")  # type: ignore[arg-type]

    assert isinstance(caught.value.__cause__, TypeError)
    assert caplog.records[-1].exc_info is not None


def test_a_small_network_of_shared_models_is_still_read() -> None:
    text = "d = Dense(4)\na = Sequential([d] * 3)\nb = Sequential([a] * 4)\nSequential([Input((4,)), b, b])"

    assert kinds(text) == ["Input", *["Dense"] * 24]


def test_the_largest_of_several_models_is_taken_with_all_that_lies_in_it() -> None:
    text = "a = Sequential([Dense(4)] * 2)\nb = Sequential([a] * 3)\nc = Sequential([Dense(5)] * 4)"

    assert kinds(text) == ["Dense"] * 6


def test_long_words_on_the_clipboard_are_looked_at_quickly() -> None:
    assert not looks_like_code("Pool" * 50_000)
    assert not looks_like_code("Conv" * 50_000)
    assert looks_like_code("x = GlobalAveragePooling2D()(x)")
    assert looks_like_code("Conv2DTranspose(3, 3)")


WORDS = [
    "F.relu",
    "F.softmax",
    "F",
    "OrderedDict",
    "Unflatten",
    "nn.Unflatten",
    "nn.Sequential",
    "nn.Linear",
    "nn.LSTM",
    "nn.ConvTranspose2d",
    "nn.ModuleList",
    "nn.ModuleDict",
    "torch.cat",
    "torch.mean",
    "keras.layers.Dense",
    "round",
    "enumerate",
    "Sequential",
    "Model",
    "Input",
    "Dense",
    "Conv2D",
    "Lambda",
    "Bidirectional",
    "LSTM",
    "add",
    "Concatenate",
    "Activation",
    "nn",
    "Linear",
    "x",
    "model",
    "self",
    "range",
    "len",
    "relu",
    "l2",
    "Adam",
    "compile",
    "fit",
    "layers",
    "torch",
    "cat",
    "merge",
    "Merge",
    "TimeDistributed",
    "dict",
    "list",
    "zip",
    "None",
    "True",
    "super",
]
ATOMS = st.one_of(
    st.sampled_from(WORDS),
    st.integers(-3, 300).map(str),
    st.floats(allow_nan=False).map(repr),
    st.sampled_from(
        ["'relu'", "'same'", "(2, 3)", "[1, 2]", "(None, 4)", "()", "[]", "{}", "lambda x: x", "f'{x}'", "*x", "..."]
    ),
)


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = st.sampled_from(WORDS)
    return st.one_of(
        st.tuples(names, st.lists(inner, max_size=3)).map(lambda t: f"{t[0]}({', '.join(t[1])})"),
        st.tuples(names, st.sampled_from(["shape", "units", "input_shape", "activation", "name", "inputs"]), inner).map(
            lambda t: f"{t[0]}({t[1]}={t[2]})"
        ),
        st.tuples(
            inner, st.sampled_from(["add", "append", "output", "layers", "shape", "compile", "view", "get_layer"])
        ).map(lambda t: f"({t[0]}).{t[1]}"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})({t[1]})"),
        st.tuples(inner, st.sampled_from("+-*/%"), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})[{t[1]}]"),
    )


EXPRESSIONS = st.recursive(ATOMS, _combined, max_leaves=8)
LINES = st.one_of(
    EXPRESSIONS,
    st.tuples(st.sampled_from(["x", "model", "a, b", "self.x", "x[0]", "model.trainable"]), EXPRESSIONS).map(
        " = ".join
    ),
    EXPRESSIONS.map(lambda e: f"for i in {e}:\n    model.add(Dense(3))"),
    EXPRESSIONS.map(lambda e: f"if {e}:\n    x = Dense(3)({e})"),
    EXPRESSIONS.map(lambda e: f"def f(x, *a, k={e}, **b):\n    return {e}"),
    EXPRESSIONS.map(lambda e: f"f({e})"),
    EXPRESSIONS.map(
        lambda e: (
            f"class N(Model):\n    def __init__(self):\n        self.x = {e}\n    def call(self, x): return self.x(x)"
        )
    ),
    st.just("n = N()"),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=6))
def test_code_made_at_random_never_fails_otherwise(lines: list[str]) -> None:
    assert_answered("\n".join(lines))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_a_sentence(text: str) -> None:
    assert_answered(text)
    looks_like_code(text)


def test_no_word_of_evaluation_stands_in_the_sources() -> None:
    banned = {"eval", "exec", "compile", "__import__", "importlib", "getattr_static", "open"}
    for file in Path(snippet.__file__).parent.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
        assert not called & banned, file


@pytest.mark.parametrize("text", ["", "hello", '{"layerloom": "layers"}', "dense fog", "<html>Dense(3)</html>"])
def test_other_texts_are_no_code(text: str) -> None:
    assert not looks_like_code(text)
