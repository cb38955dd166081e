"""Everything the engine can put into a network, one file per thing, declared as data."""
