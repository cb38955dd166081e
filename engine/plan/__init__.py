"""Graphs compiled to ordered kernel calls over preallocated buffers."""
