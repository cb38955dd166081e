"""Measures training: workloads, a peer beside them, the roof, the share of each kernel, and how time grows."""
