"""Live plots of runs."""
