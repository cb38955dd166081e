"""Makes ``attention.npz``: answers, losses and gradients of Keras's layers of attention, with masks and without.

Run with Keras 3.15.1 on PyTorch 2.13.0: ``KERAS_BACKEND=torch python tests/parity/make_golden_attention.py``.
"""

from __future__ import annotations

from attention_cases import CASES
from make_golden_masks import write

if __name__ == "__main__":
    write("attention.npz", CASES)
