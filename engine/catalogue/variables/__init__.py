"""What formulas learn: named parameters with a shape, one file each; found by ``engine.registry``."""
