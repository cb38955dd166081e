"""Makes ``convolutions.npz``: what Keras 3.15.1 (PyTorch 2.13.0, float64) makes of convolutions and their gradients.

Run with that Keras installed: ``KERAS_BACKEND=torch python tests/parity/make_convolution_golden.py``.
"""

from __future__ import annotations

from convolution_cases import CASES
from make_layer_golden import write

if __name__ == "__main__":
    write("convolutions.npz", CASES)
