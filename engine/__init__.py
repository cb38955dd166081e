"""Layerloom's engine: networks, training and files, without a window."""
