"""Loss and metrics of a batch: which rows of the answers count, how much, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.kernels.elementwise import gather_rows
from engine.kernels.masks import count_valid, ignore_label, masked_weights, spread_mask, weights_where
from engine.kernels.totals import repeat_rows, weighted_total
from engine.plan.lane import Span
from engine.plan.program import Calls

if TYPE_CHECKING:
    from engine.catalogue.metrics.base import Metric
    from engine.plan.plan import Feed, Head, Plan

Array = npt.NDArray[Any]


@dataclass
class Rows:
    """What a head sees of a shard: one row per number of the loss.

    Attributes:
        low, high: which rows of the whole batch.
        width: values of an answer's row.
        target, prediction: (rows, columns) and (rows, width).
        weight: the samples' weights, one per row.
        mask: which rows count by the output's mask, or ``None`` for all.
        counted: which rows count for the loss, or ``None``.
        wanted: the targets as the loss reads them: those that it ignores are replaced.
    """

    low: int
    high: int
    width: int
    target: Array
    prediction: Array
    weight: Array
    mask: Array | None
    counted: Array | None
    wanted: Array


class Judge:
    """Lists the calls that judge a plan's outputs.

    A loss is a mean over the rows that count: how many do is known only when all shards have looked, so a
    masked output (or a loss that ignores a class) joins the shards once before the loss.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def list_calls(self, span: Span, rows: int, feed: Feed, phases: list[Calls], training: bool) -> None:
        """List what one shard does; ``phases`` may grow."""
        plan = self.plan
        seen = [self._gathered(head, span, feed, phases[-1]) for head in plan.heads]
        if any(part.counted is not None for part in seen):
            phases.append([])
        column = 0
        for head, part in zip(plan.heads, seen, strict=True):
            weight = self._loss_weight(head, part, span, rows, phases[-1])
            self._loss(head, part, weight, plan.sums[span.shard, column : column + 1], phases[-1], training)
            column += 1
            for place, metric in enumerate(head.metrics):
                sums = plan.sums[span.shard, column : column + metric.width]
                weight = self._metric_weight(head, metric, place, part, phases[-1])
                constants = plan.scalars(metric.constants())
                phases[-1].append((metric.kernel(), (part.target, part.prediction, weight, sums, *constants)))
                column += metric.width

    def _gathered(self, head: Head, span: Span, feed: Feed, calls: Calls) -> Rows:
        """Bring the targets, weights and masks of a shard's rows together."""
        plan = self.plan
        output = plan.inference.outputs[head.node][0]
        wanted = head.loss.target(output)
        width = int(output.shape[-1] or 1) if output.shape else 1
        inner = self._inner(head)
        low, high = span.first * inner, span.stop * inner
        part = slice(span.first, span.stop)
        target = plan.memory(("target", head.node), (plan.capacity, wanted.size))
        calls.append((gather_rows, (feed.targets[head.node], plan.index[part], target[part])))
        target = target.reshape(-1, wanted.size // inner)[low:high]
        weight = self._ones(inner)[low:high]
        if feed.weights is not None:
            weight = plan.memory(("weights", head.node), (plan.capacity * inner,))[low:high]
            calls.append((repeat_rows, (feed.weights[head.node], plan.index[part], inner, weight)))
        prediction = plan.values[head.node][0].reshape(-1, width)[low:high]
        found = Rows(low, high, width, target, prediction, weight, None, None, target)
        self._masks(head, found, inner, span, calls)
        return found

    def _masks(self, head: Head, part: Rows, inner: int, span: Span, calls: Calls) -> None:
        """Which rows count; their number goes to a cell of the shard's own."""
        plan = self.plan
        given = plan.masks[head.node][0]
        size = (plan.capacity * inner,)
        if given is not None:
            steps = given.size // plan.capacity
            mask = given.reshape(-1)[span.first * steps : span.stop * steps]
            if steps != inner:
                spread = plan.memory(("mask of rows", head.node), size, np.uint8)[part.low : part.high]
                calls.append((spread_mask, (mask, inner // steps, spread)))
                mask = spread
            part.mask = part.counted = mask
        if head.loss.ignored is not None:
            counted = plan.memory(("counted", head.node), size, np.uint8)[part.low : part.high]
            wanted = plan.memory(("wanted", head.node), size)[part.low : part.high].reshape(-1, 1)
            mask = self._ones(inner, np.uint8)[part.low : part.high] if part.mask is None else part.mask
            label = plan.scalars((head.loss.ignored,))
            calls.append((ignore_label, (part.target, mask, *label, wanted, counted)))
            part.wanted, part.counted = wanted, counted
        if part.counted is not None:
            calls.append((count_valid, (part.counted, self._counts(head)[span.shard : span.shard + 1])))

    def _loss_weight(self, head: Head, part: Rows, span: Span, rows: int, calls: Calls) -> Array:
        if part.counted is None:
            return part.weight
        inner = self._inner(head)
        total = rows * inner
        weight = self.plan.memory(("loss weights", head.node), (self.plan.capacity * inner,))[part.low : part.high]
        counts = self._counts(head)[: span.shards]
        calls.append((masked_weights, (part.weight, part.counted, counts, float(total), weight)))
        return weight

    def _loss(self, head: Head, part: Rows, weight: Array, total: Array, calls: Calls, training: bool) -> None:
        plan = self.plan
        inner = self._inner(head)
        value = plan.memory(("loss", head.node), (plan.capacity * inner,))[part.low : part.high]
        if training and head.node in plan.backward.needs:
            slope = plan.backward.slopes[head.node][0].reshape(-1, part.width)[part.low : part.high]
        else:
            unread = plan.memory(("unread slope", head.node), (plan.capacity * inner, part.width))
            slope = unread[part.low : part.high]
        kernel = head.loss.paired_kernel() if head.node in plan.paired else head.loss.kernel()
        arrays = (part.wanted, part.prediction, weight, plan.scale[head.node], value, slope)
        calls.append((kernel, (*arrays, *plan.scalars(head.loss.constants()))))
        calls.append((weighted_total, (value, weight, total)))

    def _metric_weight(self, head: Head, metric: Metric, place: int, part: Rows, calls: Calls) -> Array:
        """As Keras has it: plain metrics heed the mask alone, weighted ones the samples' weights too."""
        weighted = place >= len(head.metrics) - head.weighted
        weight = part.weight if weighted else self._ones(self._inner(head))[part.low : part.high]
        if part.mask is None or not metric.heeds_masks:
            return weight
        size = (self.plan.capacity * self._inner(head),)
        masked = self.plan.memory(("metric weights", head.node, weighted), size)[part.low : part.high]
        calls.append((weights_where, (weight, part.mask, masked)))
        return masked

    def _inner(self, head: Head) -> int:
        """Rows that a sample contributes to the loss."""
        output = self.plan.inference.outputs[head.node][0]
        return output.size // int(output.shape[-1] or 1) if output.shape else 1

    def _counts(self, head: Head) -> Array:
        return self.plan.memory(("rows that count", head.node), self.plan.sums.shape[:1], np.float64)

    def _ones(self, inner: int, dtype: Any = None) -> Array:
        array = self.plan.memory(("ones", inner, dtype), (self.plan.capacity * inner,), dtype)
        array.fill(1)
        return array
