"""Data files and arrays, read with care."""
