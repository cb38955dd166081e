"""Every registered layer is tested here without being named."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.catalogue.layers.base import Example, Layer
from engine.component import parameters, resolved
from engine.errors import ParameterError
from tests.engine.workbench import Bench
from tests.measured import assert_slope

LAYERS: list[type[Layer]] = [cls for cls in registry.layers if cls.inputs and not getattr(cls, "hidden", False)]
CASES = [pytest.param(cls, ex, id=f"{cls.key}-{n}") for cls in LAYERS for n, ex in enumerate(cls.examples)]


def made(cls: type[Layer], example: Example) -> Layer:
    return cls(**dict(example.parameters))


@pytest.mark.parametrize("cls", list(registry.layers), ids=lambda cls: cls.key)
def test_declares_what_window_and_tests_need(cls: type[Layer]) -> None:
    if getattr(cls, "hidden", False):
        assert not cls.category or cls.category
        return
    assert cls.examples, "give examples"
    assert cls.category, "give a category"
    assert (cls.__doc__ or "").strip().splitlines()[0].rstrip().endswith("."), "the first line is the formula"
    assert all(p.help for p in parameters(cls)), "every parameter needs a line that teaches"


@pytest.mark.parametrize(("cls", "example"), CASES)
def test_json_round_trip(cls: type[Layer], example: Example) -> None:
    layer = made(cls, example)

    again = resolved("layer", json.loads(json.dumps(layer.to_json())))

    assert again == layer
    assert again.to_json() == layer.to_json()


@pytest.mark.parametrize("cls", list(registry.layers), ids=lambda cls: cls.key)
def test_refuses_every_bad_value_with_a_sentence(cls: type[Layer]) -> None:
    if getattr(cls, "hidden", False) or not cls.examples:
        pytest.skip("not for users to configure")
    for parameter in parameters(cls):
        for bad in parameter.constraint.bad_values():
            with pytest.raises(ParameterError) as caught:
                cls(**(dict(cls.examples[0].parameters) | {parameter.name: bad}))
            assert parameter.name in str(caught.value)
            assert "received" in str(caught.value) or "not usable" in str(caught.value)


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize(("cls", "example"), CASES)
def test_gradient_by_random_projection(cls: type[Layer], example: Example, shards: int) -> None:
    assert_slopes_agree(cls, Bench(made(cls, example), example, shards=shards))


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize(
    ("cls", "example"), [case for case in CASES if case.values[0].reads_mask or case.values[0].learns_by_mask]
)
def test_gradient_with_padding(cls: type[Layer], example: Example, shards: int) -> None:
    assert_slopes_agree(cls, Bench(made(cls, example), example, shards=shards, masked=True))


def assert_slopes_agree(cls: type[Layer], bench: Bench) -> None:
    for numeric, analytic in bench.slopes():
        assert_slope("layer", cls.key, analytic, numeric)


@pytest.mark.parametrize(("cls", "example"), CASES)
def test_inferred_shape_is_the_actual_one(cls: type[Layer], example: Example) -> None:
    bench = Bench(made(cls, example), example, rows=2)

    assert bench.predict().shape == (2, *bench.inference.outputs["subject"][0].shape)
    assert np.isfinite(bench.predict()).all()


@pytest.mark.parametrize(("cls", "example"), CASES)
def test_inputs_stay_untouched(cls: type[Layer], example: Example) -> None:
    bench = Bench(made(cls, example), example)
    before = {k: v.copy() for k, v in bench.feed.inputs.items()}

    bench.loss()

    assert all(np.array_equal(before[k], v) for k, v in bench.feed.inputs.items())


@pytest.mark.parametrize(("cls", "example"), CASES)
def test_same_bits_on_any_number_of_threads(cls: type[Layer], example: Example) -> None:
    found: list[Any] = []
    for threads in (1, 2, 4):
        bench = Bench(made(cls, example), example, dtype="float32", shards=4, rows=9, threads=threads)
        loss = bench.loss()
        found.append((loss, bench.parameters.gradient.tobytes()))
        bench.crew.close()

    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(("cls", "example"), CASES)
def test_eight_rows_are_eight_single_rows(cls: type[Layer], example: Example) -> None:
    """Prediction never mixes the batch; single rows may use other product kernels, hence a tolerance."""
    bench = Bench(made(cls, example), example, rows=8)
    together = bench.predict()
    single = Bench(made(cls, example), example, rows=1)
    single.parameters.load(bench.parameters.copy())

    for row in range(8):
        for key, values in single.feed.inputs.items():
            values[...] = bench.feed.inputs[key][row : row + 1]
        np.testing.assert_allclose(single.predict()[0], together[row], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("cls", "example"), CASES)
def test_single_precision_agrees_with_double(cls: type[Layer], example: Example) -> None:
    double, single = (Bench(made(cls, example), example, dtype=d, rows=7, shards=2) for d in ("float64", "float32"))

    assert single.loss() == pytest.approx(double.loss(), rel=2e-5, abs=2e-6)
    wide, narrow = double.parameters.gradient, single.parameters.gradient
    np.testing.assert_allclose(narrow, wide, rtol=2e-4, atol=2e-5 * max(1.0, float(np.abs(wide).max())))
    np.testing.assert_allclose(single.predict(), double.predict(), rtol=2e-4, atol=2e-5)
