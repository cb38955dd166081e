"""Writes layers whose windows slide as PyTorch's."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import UsageError
from engine.exchange.parcel import Array
from engine.exchange.python_text import slices_text
from engine.exchange.torch_base import Tensor, TorchBase, brief, without
from engine.kernels.conv_tables import Axis


class TorchWindows(TorchBase):
    """Convolutions and pooling of an emitter for PyTorch."""

    def _padded(self, x: Tensor, axes: tuple[Axis, ...], most: Sequence[int], border: str) -> tuple[str, str]:
        """The layer's own padding where it can do it, else an expression that pads before it."""
        if all(axis.before == axis.after <= limit for axis, limit in zip(axes, most, strict=True)):
            padding = tuple(axis.before for axis in axes)
            return x.code, f", padding={brief(padding)}" if any(padding) else ""
        sides = tuple(side for axis in reversed(axes) for side in (axis.before, axis.after))
        return f"F.pad({x.code}, {sides}{border})", ""

    def conv(self, x: Tensor, kernel: str, bias: str | None, axes: tuple[Axis, ...], groups: int) -> Tensor:
        """A convolution."""
        return self._convolution(x, self._weights[kernel], bias, axes, groups)

    def depthwise(self, x: Tensor, kernel: str, bias: str | None, axes: tuple[Axis, ...]) -> Tensor:
        """A convolution with as many groups as channels."""
        table = self._weights[kernel]
        filters = table.reshape(*table.shape[:-2], 1, -1)
        return self._convolution(x, filters, bias, axes, x.shape[-1])

    def _convolution(self, x: Tensor, table: Array, bias: str | None, axes: tuple[Axis, ...], groups: int) -> Tensor:
        """A convolution; kernels are (filters, channels, *window) there."""
        _check_axes(axes, "convolutions")
        count = len(axes)
        code, padding = self._padded(self._first(x), axes, [axis.padded for axis in axes], "")
        made = (
            f"nn.Conv{count}d({x.shape[-1]}, {table.shape[-1]}, {_sizes(axes)}{padding}{_gaps(axes)}"
            f"{f', groups={groups}' if groups > 1 else ''}{without(bias)})"
        )
        shape = (*(axis.out for axis in axes), table.shape[-1])
        return self._put(f"{self._member(made, self._filters(table, bias))}({code})", shape, first=True)

    def conv_transpose(self, x: Tensor, kernel: str, bias: str | None, axes: tuple[Axis, ...]) -> Tensor:
        """A transposed convolution; what it cannot cut off itself is cut off behind it."""
        _check_axes(axes, "convolutions")
        table, count = self._weights[kernel], len(axes)
        more = tuple(max(-axis.surplus, 0) for axis in axes)
        sides = tuple((axis.before, max(axis.surplus, 0)) for axis in axes)
        even = all(before == after for before, after in sides)
        cut = tuple(before for before, _ in sides)
        made = (
            f"nn.ConvTranspose{count}d({x.shape[-1]}, {table.shape[-2]}, {_sizes(axes)}"
            f"{f', padding={brief(cut)}' if even and any(cut) else ''}"
            f"{f', output_padding={brief(more)}' if any(more) else ''}{_gaps(axes)}{without(bias)})"
        )
        code = f"{self._member(made, self._filters(table, bias))}({self._first(x).code})"
        shape = (*(axis.size for axis in axes), table.shape[-2])
        return self._put(code if even else f"{code}[:, {slices_text(sides)}]", shape, first=True)

    def _filters(self, table: Array, bias: str | None) -> dict[str, Array]:
        """Weights of a convolution: the last two axes first, and in the other order."""
        count = table.ndim - 2
        arrays: dict[str, Array] = {"weight": table.transpose(count + 1, count, *range(count))}
        return arrays | ({} if bias is None else {"bias": self._weights[bias]})

    def max_pool(self, x: Tensor, axes: tuple[Axis, ...]) -> Tensor:
        """Pooling, which pads by half a window at most."""
        _check_axes(axes, "pooling")
        border = ', value=float("-inf")'
        code, padding = self._padded(self._first(x), axes, [axis.kernel // 2 for axis in axes], border)
        # Without a stride given, PyTorch takes the window's size.
        made = f"nn.MaxPool{len(axes)}d({_sizes(axes, always=True)}{padding}{_gaps(axes)})"
        shape = (*(axis.out for axis in axes), x.shape[-1])
        return self._put(f"{self._member(made, {})}({code})", shape, first=True)

    def average_pool(self, x: Tensor, axes: tuple[Axis, ...]) -> Tensor:
        """Pooling that does not count the padding; PyTorch's own is the same on both sides."""
        _check_axes(axes, "pooling")
        x, shape = self._first(x), (*(axis.out for axis in axes), x.shape[-1])
        sizes = _sizes(axes, always=True)
        if all(axis.before == axis.after <= axis.kernel // 2 for axis in axes):
            padding = tuple(axis.before for axis in axes)
            border = f", padding={brief(padding)}, count_include_pad=False" if any(padding) else ""
            made = f"nn.AvgPool{len(axes)}d({sizes}{border})"
            return self._put(f"{self._member(made, {})}({x.code})", shape, first=True)
        sides = tuple(side for axis in reversed(axes) for side in (axis.before, axis.after))
        pool = self._member(f"nn.AvgPool{len(axes)}d({sizes})", {})
        self.lines.append("# Padded windows hold zeros; dividing by the share of cells in the picture forgets them.")
        share = f"{pool}(F.pad(torch.ones_like({x.code}), {sides}))"
        return self._put(f"{pool}(F.pad({x.code}, {sides})) / {share}", shape, first=True)


def _sizes(axes: tuple[Axis, ...], always: bool = False) -> str:
    """Window and strides; the latter where they are not 1, or always."""
    strides = tuple(axis.stride for axis in axes)
    told = f", stride={brief(strides)}" if always or max(strides) > 1 else ""
    return f"kernel_size={brief(tuple(axis.kernel for axis in axes))}{told}"


def _gaps(axes: tuple[Axis, ...]) -> str:
    """Dilation, where there is any."""
    dilation = tuple(axis.dilation for axis in axes)
    return f", dilation={brief(dilation)}" if max(dilation) > 1 else ""


def _check_axes(axes: tuple[Axis, ...], what: str) -> None:
    if len(axes) > 3:
        raise UsageError(f"PyTorch has {what} over one to three axes; received {len(axes)}. Use fewer axes.")
