"""Formulas for tests: valid ones of every kind, and whatever somebody might try instead."""

from __future__ import annotations

from hypothesis import strategies as st

#: Functions that are smooth everywhere and stay small.
SMOOTH = ("tanh", "sigmoid", "softplus", "sin", "cos", "erf", "gelu", "silu", "softsign", "mish")
#: Functions with a bend, which random numbers miss.
BENT = ("relu", "abs", "hard_sigmoid", "leaky_relu", "elu", "sign", "floor", "round", "square")


def _grown(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(parts, parts)
    return st.one_of(
        st.tuples(st.sampled_from("+-*"), parts, parts).map(lambda t: f"({t[1]} {t[0]} {t[2]})"),
        st.tuples(st.sampled_from(SMOOTH + BENT), parts).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(("maximum", "minimum")), parts, parts).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(st.sampled_from(("<", "<=", ">", ">=")), parts, parts, parts).map(
            lambda t: f"where({t[1]} {t[0]} {t[2]}, {t[3]}, -x)"
        ),
        two.map(lambda t: f"{t[0]} / (2 + square({t[1]}))"),
        parts.map(lambda t: f"-{t}" if not t.startswith("-") else t),
        parts.map(lambda t: f"tanh({t})**3"),
        parts.map(lambda t: f"sqrt(1 + square({t}))"),
        parts.map(lambda t: f"log1p(abs({t}))"),
        parts.map(lambda t: f"clip({t}, -1.5, 2)"),
    )


#: Formulas of x and a.
formulas = st.recursive(st.sampled_from(("x", "x", "a", "0.5", "-2", "1.25", "pi")), _grown, max_leaves=6)

#: What attackers of other evaluators have tried, and what could hang or fill the memory.
HOSTILE = (
    "__import__('os').system('id')", "__import__", "x.__class__", "x.__class__.__bases__[0]", "().__class__",
    "[].__class__", "{}.__class__", "lambda: 0", "lambda x: x", "x if x else x", "[x for x in x]", "{x: x}", "{x}",
    "x[0]", "x[:]", "x; import os", "x\nimport os", "import os", "exec('1')", "eval('1')", "open('/etc/passwd')",
    "print(x)", "getattr(x, 'a')", "globals()", "locals()", "vars()", "dir()", "type(x)", "object()", "super()",
    "breakpoint()", "compile('1','','eval')", "f'{x}'", "'x'", '"x"', "b'x'", "x := 1", "x = 1", "x == = 1",
    "yield x", "await x", "async x", "del x", "return x", "assert x", "raise x", "global x", "not", "and", "or",
    "x and", "x or x", "x not x", "not x", "x is x", "x in x", "*x", "**x", "x **", "x ** x", "2 ** x", "x ** 17",
    "x ** -17", "9**9**9", "16**16**16", "x ** (x)", "1e31", "1e999", "9" * 400, "1_0", "0b11", "0x1f", "0o7",
    "1j", "1e", "1.2.3", "..", ".", "...", "x..y", "exp", "exp(", "exp)", "exp()", "exp(x,x)", "exp x", "where(x)",
    "where(x, x, x)", "where(x > 0, x)", "where(x > 0, x > 0, x)", "x > 0", "(x > 0) + 1", "0 < x < 1", "x <> 0",
    "x =< 0", "x === 0", "x && x", "x || x", "!x", "~x", "x ^ 2", "x % 2", "x // 2", "x @ x", "x -> x", "x >> 1",
    "x << 1", "x & 1", "x | 1", "$x", "x?", "x:x", "`x`", "\\", "x\\", "#", "x # comment", "ｘ", "х", "𝑥", "x\u200b",
    "\x00", "x\x00", "\u202ex", "∞", "π", "½", "١", "nan", "inf", "NaN", "Infinity", "None", "True", "False",
    "self", "np.exp(x)", "numpy", "math.pi", "os", "sys", "builtins", "x.real", "x . y", "relu.x", "e.e", "pi.pi",
    "(" * 400, ")" * 400, "(" * 200 + "x" + ")" * 200, "-" * 499, "-" * 498 + "x(", "not " * 120, "x" * 501,
    "+".join("x" * 260),
    "exp(" * 31 + "x" + ")" * 31, "x**2" + "**2" * 60, "where(" * 60, ",", "x,", ",x", "exp(x,)", "(,)", "()", "",
    " ", "\t", "\n", "x x", "2x", "x2", "2 x", "x(x)", "x()", "(x)(x)", "pi()", "e(x)", "foo(x)", "Exp(x)", "EXP(x)",
)  # fmt: skip
