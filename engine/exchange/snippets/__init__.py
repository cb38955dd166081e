"""Networks from pasted Python text: Keras and PyTorch code is read as a description, never run."""
