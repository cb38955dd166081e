"""What a Keras user holds: models, layer handles, progress."""

import warnings

from engine.registry import plugin_faults

for fault in plugin_faults:
    warnings.warn(fault, stacklevel=2)
