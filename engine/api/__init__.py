"""What a Keras user holds: models, layer handles, progress."""
