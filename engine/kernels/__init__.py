"""Compiled loops: the only place where Numba is used directly."""
