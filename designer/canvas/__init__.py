"""The drawing surface: scene, items, painter, geometry and one gesture per file."""
