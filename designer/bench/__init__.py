"""Measures the window: ``python3 main.py bench --gui``. Only the command line starts it."""
