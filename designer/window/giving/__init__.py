"""Export: which programs can take the network, what would be lost, and the proof that it computes the same."""
