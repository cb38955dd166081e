"""A GRU tells what a text is about."""

from __future__ import annotations

from engine.catalogue.sources.word_topics import VOCABULARY
from engine.project import Project
from engine.templates.drawing import chain
from engine.templates.template import SEQUENCES, Template, settings, source


def _make() -> Project:
    data = source("WordTopics", length=24)
    graph = chain(
        ("Input", {"shape": (24,)}),
        ("Embedding", {"input_dim": len(VOCABULARY), "output_dim": 8, "mask_zero": True}),
        ("GRU", {"units": 16}),
        ("Dense", {"units": 1, "activation": "sigmoid"}),
    )
    training = settings(
        epochs=10, batch_size=50, optimizer={"type": "Adam", "learning_rate": 0.005}, loss="binary_crossentropy"
    )
    return Project(graph, training, data)


TEMPLATE = Template(
    "topics-gru",
    "Text with a GRU",
    "Learns a few numbers for every word, reads made-up texts word by word, and tells sea from mountains.",
    _make,
    SEQUENCES,
    "mdi6.text-box-outline",
)
