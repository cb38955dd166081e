"""The blank canvas."""

from __future__ import annotations

from engine.project import Project
from engine.templates.template import BEGINNING, Template

TEMPLATE = Template("empty", "Empty", "A blank canvas without data.", Project, BEGINNING, "mdi6.file-outline")
