"""Formulas in our words and in keras.ops, for the comparison; must not need the engine."""

from __future__ import annotations

#: Our text of x, y, a, b: the same for keras.ops. The first ten are smooth enough for random numbers to miss bends.
CASES: dict[str, str] = {
    "relu(x) - relu(0.5 - sigmoid(x))": "ops.relu(x) - ops.relu(0.5 - ops.sigmoid(x))",
    "maximum(relu(x), sigmoid(x) - 0.5)": "ops.maximum(ops.relu(x), ops.sigmoid(x) - 0.5)",
    "where(x > 0, x, where(x > -1.5, a*x, b*x))": "ops.where(x > 0, x, ops.where(x > -1.5, a * x, b * x))",
    "relu(x) + a*x*where(x > -1, 1, 0)*where(x <= 0, 1, 0) + b*x*where(x <= -1, 1, 0)":
        "ops.relu(x) + a * x * ops.cast((x > -1) & (x <= 0), x.dtype) + b * x * ops.cast(x <= -1, x.dtype)",
    "tanh(a*x + b)*sigmoid(y)": "ops.tanh(a * x + b) * ops.sigmoid(y)",
    "exp(-square(x))*cos(a*y) + sin(b*x)": "ops.exp(-ops.square(x)) * ops.cos(a * y) + ops.sin(b * x)",
    "sqrt(1 + square(a*x)) / (2 + abs(y))": "ops.sqrt(1 + ops.square(a * x)) / (2 + ops.abs(y))",
    "log(1 + exp(x))*b - log1p(abs(a*y))": "ops.log(1 + ops.exp(x)) * b - ops.log1p(ops.abs(a * y))",
    "softplus(a*x)*softsign(y) + erf(b*x)": "ops.softplus(a * x) * ops.softsign(y) + ops.erf(b * x)",
    "clip(a*x, -1, 1.5)*minimum(x, y)": "ops.clip(a * x, -1, 1.5) * ops.minimum(x, y)",
    "x**3*a - y**2/b + (2 + square(x))**-1.5": "x**3 * a - y**2 / b + (2 + ops.square(x)) ** -1.5",
    "silu(a*x) + gelu(y) + elu(x, 0.7)": "ops.silu(a * x) + ops.gelu(y, approximate=False) + ops.elu(x, 0.7)",
    # PyTorch's own hard sigmoid divides by 6 in float32.
    "hard_sigmoid(b*x)*leaky_relu(y, 0.1)": "ops.clip(b * x / 6 + 0.5, 0, 1) * ops.leaky_relu(y, 0.1)",
    "mish(x)*a": "x * ops.tanh(ops.softplus(x)) * a",
    "where(x > y and x < 2 or not y < 0, a*x, b*y)":
        "ops.where(((x > y) & (x < 2)) | ~(y < 0), a * x, b * y)",
}  # fmt: skip
#: Rows, places, channels; a has a number for each channel, b for each place and channel.
SHAPE = (6, 5, 7)
