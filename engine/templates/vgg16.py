"""VGG16's convolutions with a small classifier on top."""

from __future__ import annotations

from engine.project import Project
from engine.templates.drawing import Drawing
from engine.templates.template import OWN_DATA, Template, settings

#: Filters of the convolutions, block by block; a pooling layer ends each.
BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))


def _make() -> Project:
    drawing = Drawing()
    end = drawing.add("Input", shape=(150, 150, 3))
    for block, filters in enumerate(BLOCKS, 1):
        for place, count in enumerate(filters, 1):
            end = drawing.add("Conv2D", end, called=f"block{block}_conv{place}", filters=count, kernel_size=3,
                              padding="same", activation="relu")  # fmt: skip
        end = drawing.add("MaxPooling2D", end, called=f"block{block}_pool")
    end = drawing.add("Flatten", end)
    end = drawing.add("Dense", end, units=256, activation="relu")
    end = drawing.add("Dropout", end, rate=0.5)
    drawing.add("Dense", end, units=1, activation="sigmoid")
    training = settings(
        epochs=30,
        batch_size=20,
        optimizer={"type": "RMSprop", "learning_rate": 0.00002},
        loss="binary_crossentropy",
    )
    return Project(drawing.graph, training)


TEMPLATE = Template(
    "vgg16",
    "VGG16 for two classes",
    "Thirteen convolutions in five blocks and a small classifier, as used for cats and dogs.",
    _make,
    OWN_DATA,
    "mdi6.layers-triple-outline",
    "This network needs photographs of two kinds: an .npz file with x_train (pictures of 150 × 150 × 3 bytes) and "
    "y_train (0 or 1), perhaps x_test and y_test too. Choose it in the Data panel, or drop it there. It learns far "
    "better from weights that were trained before: its layers have the names of Keras's VGG16.",
)
