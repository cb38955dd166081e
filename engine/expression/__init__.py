"""Formulas that people write: read by a whitelist, differentiated, compiled, never run as Python."""
