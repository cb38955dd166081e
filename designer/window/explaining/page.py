"""A component's page as rich text in the theme's colours."""

from __future__ import annotations

import re
from html import escape

from designer.model.mathematics import readable
from designer.text import tr
from designer.theme import Theme
from engine.reference.entry import PROGRAMS, Entry, Setting

_CODE = re.compile(r"``(.+?)``|`([^`]+)`")


def page(entry: Entry, theme: Theme) -> str:
    """The whole page.

    Args:
        entry: what there is to know.
        theme: the colours.
    """
    parts = [_style(theme), _head(entry, theme), _formula(entry, theme)]
    parts += [f"<p>{words(note)}</p>" for note in entry.notes]
    if entry.shapes:
        parts.append(_heading(tr("Shapes")))
        parts.append(
            "<ul style='-qt-list-indent: 0; margin-left: 14px;'>"
            + "".join(f"<li>{words(shape)}</li>" for shape in entry.shapes)
            + "</ul>"
        )
    if entry.settings:
        parts.append(_heading(tr("Parameters")))
        parts += [_setting(setting) for setting in entry.settings]
    parts.append(_heading(tr("Elsewhere")))
    parts += _elsewhere(entry)
    if entry.source:
        parts += [_heading(tr("Source")), f"<p>{words(entry.source)}</p>"]
    return f"<html><body>{''.join(parts)}</body></html>"


def words(text: str) -> str:
    """A sentence in which what stands in backticks is code."""
    return _CODE.sub(lambda m: f"<code>{m[1] or m[2]}</code>", escape(text, quote=False))


def _style(theme: Theme) -> str:
    return (
        "<style>"
        f"body {{ color: {theme.text}; }}"
        f".kind, .rule, .none {{ color: {theme.muted}; }}"
        f".heading {{ color: {theme.muted}; font-size: 8.5pt; font-weight: 600; margin-top: 18px; }}"
        f"code {{ color: {theme.accent}; font-family: monospace; }}"
        f".name {{ font-weight: 600; color: {theme.text}; font-family: monospace; }}"
        "p { margin-top: 4px; margin-bottom: 4px; line-height: 130%; }"
        "li { margin-top: 2px; margin-bottom: 2px; }"
        "</style>"
    )


def _head(entry: Entry, theme: Theme) -> str:
    kind = tr(entry.category) if entry.kind == "layer" else tr(entry.kind.capitalize())
    color = theme.category(entry.category) if entry.kind == "layer" else theme.muted
    called = f' <span class="kind">· <code>{escape(entry.key)}</code></span>' if entry.key != entry.title else ""
    named = f'<span style="color: {color}; font-weight: 600;">{escape(kind)}</span>{called}'
    return f'<p style="font-size: 16pt; font-weight: 600;">{escape(entry.title)}</p><p>{named}</p>'


def _heading(text: str) -> str:
    return f'<p class="heading">{escape(text.upper())}</p>'


def _formula(entry: Entry, theme: Theme) -> str:
    # Paragraphs of rich text have no padding; cells of tables have.
    cell = f'<td bgcolor="{theme.hover}" style="font-size: 12pt;">{readable(entry.formula)}</td>'
    return f'<table width="100%" cellpadding="12" cellspacing="0" style="margin-top: 8px;"><tr>{cell}</tr></table>'


def _setting(setting: Setting) -> str:
    default = f"= {setting.default}" if setting.default else tr("must be given")
    allowed = setting.rule[:1].upper() + setting.rule[1:]
    return (
        f'<p><span class="name">{escape(setting.name)}</span> <span class="rule">{escape(default)}</span><br/>'
        f'{words(setting.help)} <span class="rule">{escape(allowed)}.</span></p>'
    )


def _elsewhere(entry: Entry) -> list[str]:
    rows = [
        f"<p>{program}: " + ", ".join(f"<code>{escape(name)}</code>" for name in entry.counterparts[program]) + "</p>"
        for program in PROGRAMS.values()
        if program in entry.counterparts
    ]
    if not rows:
        rows = [
            f'<p class="none">{escape(tr("Neither Keras nor PyTorch nor ONNX has it under a name of its own."))}</p>'
        ]
    if entry.differences:
        rows.append(f"<p>{words(entry.differences)}</p>")
    if entry.aliases:
        rows.append(f"<p>{escape(tr('Also called {names}.', names=', '.join(entry.aliases)))}</p>")
    return rows
