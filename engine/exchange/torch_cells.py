"""Recurrent modules that PyTorch itself does not have: they go into exports as they stand here."""

from __future__ import annotations

SIMPLE = '''class SimpleSteps(nn.Module):
    """h = activation(x · kernel + h · recurrent_kernel + bias), step by step from h or zeros; gives every h."""

    def __init__(self, features, units, activation, bias=True):
        super().__init__()
        self.activation = activation
        self.kernel = nn.Parameter(torch.empty(features, units))
        self.recurrent_kernel = nn.Parameter(torch.empty(units, units))
        self.bias = nn.Parameter(torch.empty(units)) if bias else None

    def forward(self, x, h=None):
        sums = x @ self.kernel if self.bias is None else x @ self.kernel + self.bias
        h, states = x.new_zeros(len(x), len(self.recurrent_kernel)) if h is None else h, []
        for step in sums.unbind(1):
            h = self.activation(step + h @ self.recurrent_kernel)
            states.append(h)
        return torch.stack(states, dim=1)
'''
LSTM = '''class LstmSteps(nn.Module):
    """An LSTM with functions of choice; gates in the order input, forget, candidate, output.

    It begins with h and c, or with zeros, and gives every h, and the last c.
    """

    def __init__(self, features, units, activation, gate, bias=True):
        super().__init__()
        self.activation, self.gate = activation, gate
        self.kernel = nn.Parameter(torch.empty(features, 4 * units))
        self.recurrent_kernel = nn.Parameter(torch.empty(units, 4 * units))
        self.bias = nn.Parameter(torch.empty(4 * units)) if bias else None

    def forward(self, x, h=None, c=None):
        sums = x @ self.kernel if self.bias is None else x @ self.kernel + self.bias
        zeros = x.new_zeros(len(x), len(self.recurrent_kernel))
        h, c = zeros if h is None else h, zeros if c is None else c
        states = []
        for step in sums.unbind(1):
            i, f, g, o = (step + h @ self.recurrent_kernel).chunk(4, dim=-1)
            c = self.gate(f) * c + self.gate(i) * self.activation(g)
            h = self.gate(o) * self.activation(c)
            states.append(h)
        return torch.stack(states, dim=1), c
'''
GRU = '''class GruSteps(nn.Module):
    """A GRU with functions of choice; gates in the order update, reset, candidate. From h or zeros it gives every h.

    With reset_after the reset gate acts on the product of state and kernel, which then has a bias of its own; without,
    it acts on the state.
    """

    def __init__(self, features, units, activation, gate, reset_after, bias=True):
        super().__init__()
        self.activation, self.gate, self.reset_after = activation, gate, reset_after
        self.kernel = nn.Parameter(torch.empty(features, 3 * units))
        self.recurrent_kernel = nn.Parameter(torch.empty(units, 3 * units))
        self.bias = nn.Parameter(torch.empty((2, 3 * units) if reset_after else (3 * units,))) if bias else None

    def forward(self, x, h=None):
        units = len(self.recurrent_kernel)
        first, second = (0, 0) if self.bias is None else self.bias if self.reset_after else (self.bias, 0)
        of_gates, of_candidate = self.recurrent_kernel.split((2 * units, units), dim=1)
        h, states = x.new_zeros(len(x), units) if h is None else h, []
        for step in (x @ self.kernel + first).unbind(1):
            xz, xr, xc = step.chunk(3, dim=-1)
            if self.reset_after:
                hz, hr, hc = (h @ self.recurrent_kernel + second).chunk(3, dim=-1)
                seen = self.gate(xr + hr) * hc
            else:
                hz, hr = (h @ of_gates).chunk(2, dim=-1)
                seen = (self.gate(xr + hr) * h) @ of_candidate
            z = self.gate(xz + hz)
            h = z * h + (1 - z) * self.activation(xc + seen)
            states.append(h)
        return torch.stack(states, dim=1)
'''
#: Class and text by the kind of the cell.
CELLS = {"simple_rnn": ("SimpleSteps", SIMPLE), "lstm": ("LstmSteps", LSTM), "gru": ("GruSteps", GRU)}
