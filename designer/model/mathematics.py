"""Formulas as people write them: Greek letters, raised and lowered parts, roots, as rich text.

What declarations say is plain text (``sqrt(x_1^2 + epsilon)``); LaTeX's commonest words are read too, because
plug-ins may use them.
"""

from __future__ import annotations

import re
from html import escape

_NAMED = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "pi",
    "rho", "sigma", "tau", "phi", "chi", "psi", "omega",
)  # fmt: skip
_GREEK = dict(zip(_NAMED, "αβγδεζηθκλμνξπρστφχψω", strict=True)) | {"Delta": "Δ", "Sigma": "Σ", "Omega": "Ω"}
#: Words of LaTeX that are signs here; Greek letters and names of functions only lose their backslash.
_LATEX = {
    "cdot": "·", "times": "×", "sum": "Σ", "prod": "Π", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠",
    "pm": "±", "infty": "∞", "partial": "∂", "nabla": "∇", "in": "∈", "odot": "⊙", "left": "", "right": "",
    "quad": " ", "to": "→", "rightarrow": "→", "ldots": "…", "dots": "…",
}  # fmt: skip
_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")
_WRAPPED = re.compile(r"\\(?:text|mathrm|mathbf|operatorname)\{([^{}]*)\}")
_ROOT = re.compile(r"\\sqrt\{([^{}]*)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_TOKEN = re.compile(
    r"(?P<power>\^)|(?P<index>_)|(?P<tiny>\b1e-(?P<places>\d+)\b)|(?P<half>\b1/2\b)"
    r"|(?P<word>[^\W\d_](?:[0-9A-Za-z_]*[0-9A-Za-z])?)"
    r"|(?P<minus> - |(?<![\w)\]])-(?=\w)|(?<=\d)-(?=\w)|(?<=\w)-(?=\d))|(?P<rest>.)",
    re.DOTALL,
)
#: What is raised or lowered without a bracket.
_RAISED, _LOWERED = re.compile(r"[-−]?\w+"), re.compile(r"\w{1,2}\b")
_OPEN = {"(": ")", "{": "}"}
_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠", "...": "…"}


def readable(text: str) -> str:
    """A formula as rich text; everything that is no formula stays as it is, escaped."""
    return _written(_plain(text))


def _plain(text: str) -> str:
    """Without the marks of source code and LaTeX."""
    found = text.replace("``", "").replace("$", "").replace(r"\,", " ")
    for pattern, form in ((_WRAPPED, r"\1"), (_ROOT, r"sqrt(\1)"), (_FRACTION, r"(\1) / (\2)"), (_ROOT, r"sqrt(\1)")):
        found = pattern.sub(form, found)
    found = _COMMAND.sub(lambda m: _LATEX.get(m[1], m[1]), found)
    for sign, form in _SIGNS.items():
        found = found.replace(sign, form)
    return found


def _written(text: str) -> str:
    found, place = "", 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        assert match is not None  # its last branch takes anything
        kind, token, place = match.lastgroup, match[0], match.end()
        if match["tiny"]:
            found += f"10<sup>−{match['places']}</sup>"
        elif kind == "word":
            piece, place = _word(token, text, place)
            found += piece
        elif kind in ("power", "index"):
            inner, place = _argument(text, place, kind == "power")
            mark = "sup" if kind == "power" else "sub"
            found += f"<{mark}>{_written(inner)}</{mark}>" if inner else escape(token)
        else:
            found += _sign(kind or "", token)
    return found


def _sign(kind: str, token: str) -> str:
    if kind == "minus":
        return token.replace("-", "−")
    return "½" if kind == "half" else escape(token, quote=False)


def _word(word: str, text: str, place: int) -> tuple[str, int]:
    """A name, or a function with what stands in its brackets; and where reading goes on."""
    if word in ("sqrt", "abs") and text[place : place + 1] == "(":
        inner, after = _bracket(text, place)
        if after:
            if word == "abs":
                return f"|{_written(inner)}|", after
            # A line above it would break at raised and lowered parts.
            return f"√{_written(inner)}" if inner.isalpha() else f"√({_written(inner)})", after
    base, _, index = word.partition("_")
    sign = _GREEK.get(base, base)
    if not index:
        return escape(sign, quote=False), place
    # max_value is a name; x_1, h_t and beta_2 are letters with an index.
    if len(sign) == 1 and len(index) <= 2:
        return f"{sign}<sub>{escape(index)}</sub>", place
    return escape(word, quote=False), place


def _argument(text: str, place: int, raised: bool) -> tuple[str, int]:
    """What is raised or lowered: a bracket, or a sign or word; and where reading goes on."""
    if text[place : place + 1] in _OPEN and (raised or text[place] == "{"):
        inner, after = _bracket(text, place)
        if after:
            return inner, after
    match = (_RAISED if raised else _LOWERED).match(text, place)
    return (match[0], match.end()) if match else ("", place)


def _bracket(text: str, place: int) -> tuple[str, int]:
    """What stands in the bracket that opens here, and where it ends; 0 where it does not."""
    opening, depth = text[place], 0
    for end in range(place, len(text)):
        depth += (text[end] == opening) - (text[end] == _OPEN[opening])
        if depth == 0:
            return text[place + 1 : end], end + 1
    return "", 0
