"""Networks that are known by name, as in Keras: ``from engine.applications import VGG16``."""

from __future__ import annotations

from engine.applications import vgg16
from engine.applications.vgg16 import VGG16

__all__ = ["VGG16", "vgg16"]
