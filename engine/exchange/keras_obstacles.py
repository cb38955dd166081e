"""What of a network Keras 3 has no counterpart for."""

from __future__ import annotations

from engine.catalogue.activations.base import Activation
from engine.catalogue.layers.base import Layer
from engine.exchange.keras_activations import TAILS
from engine.exchange.keras_inner import CELLED, inner_obstacle
from engine.exchange.keras_own import is_formula
from engine.exchange.keras_substitutes import SUBSTITUTES
from engine.exchange.keras_terms import LAYERS, changed_values, is_known, values_of
from engine.exchange.parcel import Parcel
from engine.graph import Node
from engine.problems import Problem


def obstacles(parcel: Parcel, formulas: bool = False) -> tuple[Problem, ...]:
    """What Keras 3 has no counterpart for; ``formulas`` says whether those that people wrote can be written out."""
    found = []
    for key in parcel.graph.order:
        node = parcel.graph.nodes[key]
        written = [part for part in (node.layer, getattr(node.layer, "activation", None)) if part and is_formula(part)]
        if written and not formulas:
            text = f"'{node.name}' is a formula, which a .keras file could hold as program code only."
            found.append(Problem(f"{text} Choose the export to Keras code, which writes it out.", key))
            continue
        if is_formula(node.layer) or node.layer.key in SUBSTITUTES:
            continue
        if node.layer.inputs and node.layer.key not in LAYERS:
            text = f"'{node.name}' is a layer of the type {node.layer.key}, which Keras does not have."
            found.append(Problem(f"{text} Put a layer that Keras knows in its place, or choose another export.", key))
            continue
        text = _unwritten(node)
        if text:
            found.append(
                Problem(f"'{node.name}' {text}. Put another layer in its place, or choose another export.", key)
            )
            continue
        for name, value in changed_values(node.layer).items() if node.layer.inputs else ():
            if name not in (*LAYERS[node.layer.key], *node.layer.call_arguments):
                text = f"'{node.name}' has {name} set to {value!r}, which {node.layer.key} in Keras does not have."
                found.append(Problem(f"{text} Set it back to its default, or choose another export.", key))
            elif (
                isinstance(value, Activation)
                and not is_known(value)
                and value.key not in TAILS
                and not is_formula(value)
            ):
                text = f"'{node.name}' uses the activation {value.key}, which Keras does not have."
                found.append(Problem(f"{text} Choose another activation, or another export.", key))
    return tuple(found)


def _unwritten(node: Node) -> str:
    """What of a layer's steps or of a layer within it cannot be written; empty if everything can."""
    for name in ("activation", "recurrent_activation") if node.layer.key in CELLED else ():
        shaped = getattr(node.layer, name, None)
        if isinstance(shaped, Activation) and not is_known(shaped):
            return f"uses the activation {shaped.key} at every step, which Keras does not have"
    inner = [value for value in values_of(node.layer).values() if isinstance(value, Layer)]
    return next((text for layer in inner if (text := inner_obstacle(layer))), "")
