"""Class activation maps are those that PyTorch's autograd gives for the same network (where it is installed)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from engine.explain.explainer import Explainer
from engine.explain.question import CamQuestion, Question
from engine.graph import Graph
from engine.infer import infer
from tests.engine.explain.nets import NETS, Weights, sample_of, weights_of

torch = pytest.importorskip("torch")
functional = torch.nn.functional
Array = npt.NDArray[Any]

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda z: z,
    "relu": torch.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "elu": functional.elu,
    "softplus": functional.softplus,
    "softmax": lambda z: torch.softmax(z, -1),
    "log_softmax": lambda z: torch.log_softmax(z, -1),
}
SQUASHING = ("softmax", "log_softmax", "sigmoid")


class Peer:
    """The network in PyTorch's functions, channels first; every node's output and, apart, its sums."""

    def __init__(self, graph: Graph, weights: Weights, sample: dict[str, Array]) -> None:
        self.graph, self.weights = graph, weights
        self.values: dict[str, Any] = {k: torch.tensor(v)[None] for k, v in sample.items()}
        self.sums: dict[str, Any] = {}
        for key in graph.order:
            if key not in self.values:
                layer = graph.nodes[key].layer
                entering = [self.values[edge.source] for edge in graph.into(key)]
                made = getattr(self, layer.key.lower())(layer, entering, self._arrays(key))
                self.sums[key] = made
                function = getattr(layer, "activation", None)
                self.values[key] = FUNCTIONS[function.key](made) if function is not None else made.clone()
            if self.values[key].requires_grad:
                self.values[key].retain_grad()

    def _arrays(self, key: str) -> dict[str, Any]:
        return {name: torch.tensor(value, requires_grad=True) for name, value in self.weights.get(key, {}).items()}

    def conv2d(self, layer: Any, entering: list[Any], arrays: dict[str, Any]) -> Any:
        x = entering[0].movedim(3, 1)
        if layer.padding == "same":
            sides: list[int] = []
            for axis in (1, 0):
                size, step = x.shape[2 + axis], layer.strides[axis]
                total = max(0, (-(-size // step) - 1) * step + layer.kernel_size[axis] - size)
                sides += [total // 2, total - total // 2]
            x = functional.pad(x, sides)
        made = functional.conv2d(x, arrays["kernel"].permute(3, 2, 0, 1), arrays.get("bias"), stride=layer.strides)
        return made.movedim(1, 3)

    def dense(self, layer: Any, entering: list[Any], arrays: dict[str, Any]) -> Any:
        return entering[0] @ arrays["kernel"] + arrays["bias"]

    def batchnormalization(self, layer: Any, entering: list[Any], arrays: dict[str, Any]) -> Any:
        made = functional.batch_norm(
            entering[0].movedim(3, 1), arrays["moving_mean"].detach(), arrays["moving_variance"].detach(),
            arrays.get("gamma"), arrays["beta"], training=False, eps=layer.epsilon,
        )  # fmt: skip
        return made.movedim(1, 3)

    def maxpooling2d(self, layer: Any, entering: list[Any], arrays: dict[str, Any]) -> Any:
        return functional.max_pool2d(entering[0].movedim(3, 1), layer.pool_size, layer.strides).movedim(1, 3)

    def dropout(self, layer: Any, entering: list[Any], arrays: dict[str, Any]) -> Any:
        return functional.dropout(entering[0], layer.rate, training=False)

    def flatten(self, layer: Any, entering: list[Any], arrays: dict[str, Any]) -> Any:
        return entering[0].reshape(1, -1)

    def reshape(self, layer: Any, entering: list[Any], arrays: dict[str, Any]) -> Any:
        return entering[0].reshape(1, *layer.target_shape)

    def activation(self, layer: Any, entering: list[Any], arrays: dict[str, Any]) -> Any:
        return entering[0]

    def add(self, layer: Any, entering: list[Any], arrays: dict[str, Any]) -> Any:
        return sum(entering[1:], entering[0])

    def concatenate(self, layer: Any, entering: list[Any], arrays: dict[str, Any]) -> Any:
        return torch.cat(entering, dim=layer.axis)

    def score(self, output: str, target: int) -> Any:
        """The class's score before the function that makes probabilities, summed over places."""
        key = output
        while self.graph.nodes[key].layer.view:
            key = self.graph.into(key)[0].source
        function = getattr(self.graph.nodes[key].layer, "activation", None)
        squashed = function is not None and function.key in SQUASHING
        scores = (self.sums[key] if squashed else self.values[key]).reshape(self.values[output].shape)
        if scores.shape[-1] == 1:
            return scores[..., 0].sum() * (1 if target else -1)
        return scores[..., target].sum()

    def heat(self, layer: str, output: str, target: int) -> tuple[float, Array]:
        """Score and unscaled heat."""
        for value in self.values.values():
            value.grad = None
        score = self.score(output, target)
        score.backward(retain_graph=True)
        maps = self.values[layer]
        alpha = maps.grad.mean(dim=(1, 2), keepdim=True)
        return score.item(), torch.relu((alpha * maps).sum(-1))[0].detach().numpy()


def cases() -> list[Any]:
    found = []
    for name, make in NETS.items():
        explainer = Explainer(make(), "float64")
        for output in make().outputs:
            found += [pytest.param(name, layer, output, id=f"{name}-{layer}-{output}")
                      for layer in explainer.cam_layers if layer in make().upstream(output) - {output}]  # fmt: skip
    return found


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-6), ("float32", 3e-5)])
@pytest.mark.parametrize(("name", "layer", "output"), cases())
def test_heat_is_pytorchs(name: str, layer: str, output: str, dtype: str, tolerance: float) -> None:
    seen, worst = difference(name, layer, output, dtype)

    assert seen, "no class has positive evidence here; choose other weights"
    assert worst <= tolerance


def difference(name: str, layer: str, output: str, dtype: str) -> tuple[int, float]:
    """How many classes have evidence, and the largest difference of scores and heat over all classes."""
    graph = NETS[name]()
    weights, sample = weights_of(graph), sample_of(graph)
    peer, explainer = Peer(graph, weights, sample), Explainer(graph, dtype)
    columns = infer(graph).outputs[output][0].sizes[-1]
    seen, worst = 0, 0.0
    for target in range(2 if columns == 1 else columns):
        score, expected = peer.heat(layer, output, target)
        insight = explainer.look(weights, Question(sample, cam=CamQuestion(layer, target, output)))
        assert insight.cam is not None
        worst = max(worst, abs(insight.cam.score - score) / max(1.0, abs(score)))
        if expected.max() > 1e-3:
            seen += 1
            worst = max(worst, float(np.abs(insight.cam.heat - expected / expected.max()).max()))
    return seen, worst


@pytest.mark.parametrize("name", NETS)
def test_activations_are_pytorchs(name: str) -> None:
    graph = NETS[name]()
    weights, sample = weights_of(graph), sample_of(graph)
    peer = Peer(graph, weights, sample)

    insight = Explainer(graph, "float64").look(weights, Question(sample, activations=tuple(graph.nodes)))

    for key, value in insight.activations.items():
        np.testing.assert_allclose(value, peer.values[key][0].detach().numpy(), rtol=1e-10, atol=1e-12, err_msg=key)
