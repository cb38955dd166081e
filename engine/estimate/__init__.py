"""What a network will cost on this machine: seconds and bytes, layer by layer, before it is trained."""
