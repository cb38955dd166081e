"""Whatever a model file holds: a sentence or a model, no other file read, nothing of it run, nobody crashed."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from engine.catalogue.layers.missing import Missing
from engine.errors import FileError
from engine.exchange.importing.importer import import_model
from engine.exchange.importing.reading import GivenUp, reading
from tests.engine.exchange.importing.odd_files import (
    GOLDEN,
    KERNEL,
    archive,
    configured,
    external_storage,
    legacy,
    members,
    replaced,
    text_changed,
    virtual,
)


def linked(link: Any) -> Callable[[Any], object]:
    def change(file: Any) -> None:
        del file[KERNEL]
        file[KERNEL] = link

    return change


def circle(file: Any) -> None:
    file["model_weights/dense/up"] = file["model_weights"]


def deep(file: Any) -> None:
    file.create_group("/".join("a" * 40))


def many(file: Any) -> None:
    group = file.create_group("many")
    for number in range(70):
        group.attrs[f"a{number}"] = 1


def crowd(file: Any) -> None:
    for number in range(20_001):
        file.create_group(f"crowd/{number}")


def attribute(name: str, value: Any) -> Callable[[Any], object]:
    return lambda file: file.attrs.__setitem__(name, value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (linked(h5py.SoftLink("/model_weights/dense")), "is a link"),
        (linked(h5py.SoftLink("/nowhere")), "is a link"),
        (linked(h5py.ExternalLink("/etc/hostname", "/x")), "is a link"),
        (circle, "second name of something else"),
        (deep, "nested more than 32 deep"),
        (many, "more than 64 attributes"),
        (crowd, "more than 20,000 objects"),
        (replaced(KERNEL, shape=(2**40,), dtype="f4", chunks=(2**16,), compression="gzip"), "announces 4.4 TB"),
        (replaced(KERNEL, shape=(7,), dtype="f4", chunks=(2**26,), maxshape=(None,)), "chunks of more"),
        (replaced(KERNEL, data=np.zeros((7, 5), "f4"), chunks=(7, 5), compression="lzf"), "not allowed"),
        (replaced(KERNEL, data=np.zeros((7, 5), "i4"), chunks=(7, 5), scaleoffset=4), "not allowed"),
        (lambda file: file.__setitem__("type", np.dtype("f4")), "neither a group nor an array"),
        (attribute("model_config", 7), "'model_config' is no text"),
        (attribute("model_config", np.zeros(3)), "'model_config' is no text"),
        (attribute("model_config", np.array(["{}", "{}"], object)), "'model_config' is no text"),
        (attribute("model_config", "{"), "'model_config' is damaged"),
        (attribute("model_config", "[]"), "names no layer class"),
        (attribute("model_config", " " * (17 * 2**20)), "too long"),
        (attribute("keras_version", "9" * 300), "too long"),
        (lambda file: file.attrs.__delitem__("model_config"), "not a model that Keras saved"),
        (lambda file: file.clear() or file.attrs.clear(), "not a model that Keras saved"),
    ],
)  # fmt: skip
def test_odd_hdf5_is_refused(tmp_path: Path, change: Callable[[Any], object], told: str) -> None:
    with pytest.raises(FileError, match=told):
        import_model(legacy(tmp_path / "odd.h5", change))


@pytest.mark.parametrize("change", [external_storage, virtual])
def test_other_files_are_not_read(tmp_path: Path, change: Callable[[Path], Callable[[Any], object]]) -> None:
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["kernel"] = np.full((7, 5), 42.0, "f4")
    with pytest.raises(FileError, match="keeps its values in another file"):
        import_model(legacy(tmp_path / "odd.h5", change(secret)))


def test_the_same_holds_inside_an_archive(tmp_path: Path) -> None:
    inner = tmp_path / "inner.h5"
    with h5py.File(inner, "w") as file:
        file["layers/dense/vars/0"] = h5py.ExternalLink("/etc/hostname", "/x")
    held = members() | {"model.weights.h5": inner.read_bytes()}
    with pytest.raises(FileError, match="is a link"):
        import_model(archive(tmp_path / "odd.keras", held))


def test_arrays_of_texts_are_passed_over(tmp_path: Path) -> None:
    found = import_model(legacy(tmp_path / "odd.h5", lambda file: file.__setitem__("vocabulary", [b"a", b"b"])))
    assert found.state is not None


def test_large_arrays_that_were_never_written_are_passed_over(tmp_path: Path) -> None:
    found = import_model(legacy(tmp_path / "odd.h5", replaced(KERNEL, shape=(2**34,), dtype="f4")))
    assert found.state is not None
    assert "dense_1" not in found.state.weights
    assert any("holds no weights for 'dense'" in said for said in found.lost)


def test_weights_of_another_shape_leave_a_layer_untrained(tmp_path: Path) -> None:
    found = import_model(legacy(tmp_path / "odd.h5", replaced(KERNEL, data=np.zeros((7, 6), "f4"))))
    assert found.state is not None
    assert "dense_1" not in found.state.weights
    assert any("kernel is 7 × 6 in the file, but the layer needs 7 × 5" in said for said in found.lost)


def test_weights_alone_are_not_enough(tmp_path: Path) -> None:
    (tmp_path / "only.weights.h5").write_bytes(members()["model.weights.h5"])
    with pytest.raises(FileError, match="holds weights only"):
        import_model(tmp_path / "only.weights.h5")


def lying(target: Path) -> Path:
    """An archive whose member has another checksum than it says."""
    data = archive(target, members()).read_bytes()
    place = data.index(b'"Sequential"')
    target.write_bytes(data[:place] + b'"sequential"' + data[place + 12 :])
    return target


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda p: archive(p, [*members().items(), ("config.json", b"{}")]), "'config.json' stands twice"),
        (lambda p: archive(p, members() | {"../../evil.py": b"x"}), "does not belong to a Keras model"),
        (lambda p: archive(p, members() | {"/etc/passwd": b"x"}), "does not belong to a Keras model"),
        (lambda p: archive(p, members() | {f"assets/{n}": b"" for n in range(70)}), "holds 73 members"),
        (lambda p: archive(p, {k: v for k, v in members().items() if k != "config.json"}), "lacks 'config.json'"),
        (lambda p: archive(p, members() | {"config.json": b"0" * 10**7}, zipfile.ZIP_DEFLATED), "no model does"),
        (lambda p: archive(p, members() | {"config.json": b" " * (33 * 2**20)}), "at most 33.6 MB are read"),
        (lambda p: archive(p, members() | {"config.json": b"0" * 99}, zipfile.ZIP_BZIP2), "packed in a way"),
        (lambda p: archive(p, members() | {"model.weights.h5": b"\x80\x04pickle"}), "is not HDF5"),
        (lying, "archive cannot be read"),
        (lambda p: p.write_bytes(archive(p, members()).read_bytes()[:-30]) and p, "archive cannot be read"),
        (lambda p: p.write_bytes(b"PK\x03\x04" + bytes(500)) and p, "archive cannot be read"),
        (lambda p: (p.write_bytes(b"") and p) or p, "neither a .keras archive nor an HDF5 file"),
        (lambda p: p.mkdir() or p, "is not a file"),
        (lambda p: os.mkfifo(p) or p, "is not a file"),
        (lambda p: p, "cannot be opened: no such file"),
    ],
)  # fmt: skip
def test_odd_archives_are_refused(tmp_path: Path, build: Callable[[Path], Path], told: str) -> None:
    with pytest.raises(FileError, match=told):
        import_model(build(tmp_path / "odd.keras"))


UNITS = b'"units": 7'


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (b'"units": NaN', "NaN is not a number"),
        (b'"units": Infinity', "Infinity is not a number"),
        (b'"units": 1e400', "too large to be used"),
        (b'"units": 7, "units": 8', "'units' stands twice"),
        (b'"units": "\\ud800"', "half of a character"),
        (b'"units": ' + b"9" * 5000, "damaged"),
        (b'"units": ' + b"9" * 30, "more than 63 bits"),
        (b'"units": ' + b"[" * 70 + b"]" * 70, "nested more than 64 deep"),
        (b'"units": ' + b"[" * 100_000 + b"]" * 100_000, "nested more than 64 deep"),
        (b'"units": 7,', "damaged"),
        (b'"units": \xff', "not text in UTF-8"),
    ],
)
def test_odd_json_is_refused(tmp_path: Path, new: bytes, told: str) -> None:
    with pytest.raises(FileError, match=told):
        import_model(text_changed(tmp_path / "odd.keras", UNITS, new))


def layer(number: int, **changes: Any) -> Callable[[Any], object]:
    return lambda config: config["config"]["layers"][number].update(changes)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (layer(1, class_name="Lambda", config={"name": "l", "function": ["4wEAAAA", None, None]}), "never run"),
        (layer(1, class_name="TFSMLayer", config={"name": "l", "filepath": "/etc"}), "'TFSMLayer' is not known"),
        (layer(1, module="os", class_name="system", config={"name": "touch x"}), "'system' is not known"),
        (layer(1, class_name="StringLookup", config={"vocabulary": "/etc/passwd"}), "'StringLookup' is not known"),
        (layer(1, class_name="Missing", config={"raw": "{}"}), "'Missing' is not known"),
        (layer(1, config={"units": 10**9}), "units must be a whole number"),
        (layer(1, config={"units": [3, 4]}), "units must be a whole number"),
        (layer(1, config={"units": 3, "activation": "os.system"}), "activation 'os.system' is not known"),
        (layer(1, config={"units": 3, "activation": {"module": "os", "class_name": "system", "config": {}}}),
         "activation 'system' is not known"),
        (layer(0, config={"batch_shape": [None, None]}), "leaves sizes open"),
        (layer(0, config={"batch_shape": [None, 10**12]}), "not possible here"),
        (layer(5, config={"name": "l", "negative_slope": [1]}), "'[1]' is no number"),
    ],
)  # fmt: skip
def test_unknown_layers_are_kept_and_never_run(tmp_path: Path, change: Callable[[Any], object], told: str) -> None:
    found = import_model(configured(tmp_path / "odd.keras", change))
    kept = [node.layer for node in found.project.graph.nodes.values() if isinstance(node.layer, Missing)]

    assert len(kept) == 1
    assert "keras" in kept[0].to_json()
    assert any(told in said for said in found.lost)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: c.update(class_name="Mine", registered_name="Package>Mine", config={}), "its author's own"),
        (lambda c: c["config"].update(layers=[]), "its author's own"),
        (lambda c: c["config"].update(layers=[3]), "names no layer class"),
        (lambda c: c["config"].update(layers=c["config"]["layers"][:1] * 10_001), "more than 10,000 layers"),
    ],
)
def test_structures_without_sense_are_refused(tmp_path: Path, change: Callable[[Any], object], told: str) -> None:
    with pytest.raises(FileError, match=told):
        import_model(configured(tmp_path / "odd.keras", change))


def multiplied(depth: int) -> Any:
    """Models in models, each using the next one ten times: 10^depth layers from a few lines."""
    inner: Any = {"class_name": "Dense", "name": "d", "config": {"name": "d", "units": 3}}
    for level in range(depth):
        uses = [[["in", 0, 0]], *([[inner["name"], n, 0]] for n in range(9))]
        start = {"class_name": "InputLayer", "name": "in", "config": {"batch_shape": [None, 3]}, "inbound_nodes": []}
        config = {"layers": [start, inner | {"inbound_nodes": uses}], "input_layers": ["in", 0, 0]}
        name = f"m{level}"
        last = 9 if inner["class_name"] == "Dense" else 10
        config |= {"name": name, "output_layers": [inner["name"], last, 0]}
        inner = {"class_name": "Functional", "name": name, "config": config}
    return inner


def nested(depth: int) -> Any:
    inner: Any = {"class_name": "Dense", "config": {"name": "d", "units": 3}}
    for level in range(depth):
        inner = {"class_name": "Sequential", "config": {"name": f"m{level}", "layers": [inner]}}
    return inner


@pytest.mark.parametrize(("model", "told"), [(multiplied(6), "more than 10,000 layers"), (nested(12), "8 deep")])
def test_models_in_models_do_not_explode(tmp_path: Path, model: Any, told: str) -> None:
    held = members() | {"config.json": json.dumps(model).encode()}
    with pytest.raises(FileError, match=told):
        import_model(archive(tmp_path / "odd.keras", held, zipfile.ZIP_STORED))


def test_a_circle_of_wires_is_refused(tmp_path: Path) -> None:
    def change(config: Any) -> None:
        first = next(entry for entry in config["config"]["layers"] if entry["name"] == "flatten")
        first["inbound_nodes"][0]["args"][0]["config"]["keras_history"] = ["joined", 0, 0]

    with pytest.raises(FileError, match="goes round in a circle"):
        import_model(configured(tmp_path / "odd.keras", change, "branches.keras"))


def test_reading_ends_in_time_and_when_wished() -> None:
    with pytest.raises(FileError, match="took too long"):
        import_model(GOLDEN / "dense.h5", patience=0.02)
    with pytest.raises(GivenUp, match="was given up"):
        import_model(GOLDEN / "dense.h5", lambda: True)


@pytest.mark.skipif(sys.platform != "linux", reason="children are listed under /proc on Linux only")
def test_a_dead_reader_is_one_sentence() -> None:
    with pytest.raises(FileError, match="its reader crashed on it"), reading(GOLDEN / "dense.h5") as held:
        for task in Path("/proc/self/task").iterdir():
            for child in (task / "children").read_text().split():
                if b"engine.exchange.importing.child" in Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(int(child), 9)
        held.fetch(list(held.arrays))
