"""Keras: an archive that it loads, and a script that builds the network anew."""

from __future__ import annotations

from pathlib import Path

from engine.exchange.keras_archive import archive, weights_file
from engine.exchange.keras_code import script
from engine.exchange.keras_network import keras_network
from engine.exchange.keras_obstacles import obstacles
from engine.exchange.keras_proof import prove_archive, prove_script
from engine.exchange.keras_training import compiled, training_notes
from engine.exchange.other_process import GivenUp, never
from engine.exchange.parcel import Parcel
from engine.exchange.target import Proof, Unproven
from engine.problems import Problem


class KerasFile:
    """Exports to the file that ``keras.saving.load_model`` reads."""

    key = "keras"
    title = "Keras file"
    help = (
        "One .keras file with network, weights, loss and optimizer, read by Keras 3 on TensorFlow, PyTorch or JAX. "
        "It can be trained on there."
    )
    suffix = ".keras"

    def obstacles(self, parcel: Parcel) -> tuple[Problem, ...]:
        """Layers, parameters and activations that Keras does not have."""
        return obstacles(parcel)

    def notes(self, parcel: Parcel) -> tuple[str, ...]:
        """Layers that are written in another way, settings that are left out."""
        return (*keras_network(parcel).notes, *training_notes(parcel))

    def write(self, parcel: Parcel, place: Path) -> None:
        """Write the archive, without Keras."""
        place.write_bytes(archive(keras_network(parcel), compiled(parcel)))

    def prove(self, parcel: Parcel, place: Path, given_up: GivenUp = never) -> Proof | Unproven:
        """Load it with Keras where it is installed, else read it again."""
        return prove_archive(parcel, place, given_up)


class KerasCode:
    """Exports to a Python script for Keras 3, with the weights beside it."""

    key = "keras-code"
    title = "Keras code"
    help = (
        "A folder with a readable Python script for Keras 3 and the weights as a file beside it: "
        "to learn from, to change by hand, to train on."
    )
    suffix = ""

    def obstacles(self, parcel: Parcel) -> tuple[Problem, ...]:
        """Layers, parameters and activations that Keras does not have."""
        return obstacles(parcel, formulas=True)

    def notes(self, parcel: Parcel) -> tuple[str, ...]:
        """Layers that are written in another way, settings that are left out."""
        return (*keras_network(parcel).notes, *training_notes(parcel))

    def write(self, parcel: Parcel, place: Path) -> None:
        """Write the script and the weights into the folder, without Keras."""
        network, training = keras_network(parcel), compiled(parcel)
        weights = place / f"{network.name}.weights.h5"
        weights.write_bytes(weights_file(network, training, remembers=False))
        text = script(parcel, network, training, weights.name)
        (place / f"{network.name}.py").write_text(text, encoding="utf-8", newline="\n")

    def prove(self, parcel: Parcel, place: Path, given_up: GivenUp = never) -> Proof | Unproven:
        """Run the script with Keras where it is installed, else with Layerloom in its place."""
        return prove_script(parcel, place / f"{keras_network(parcel).name}.py", given_up)
