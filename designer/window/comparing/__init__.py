"""Comparing the network with an earlier save or with another project."""
