"""Networks given away to other programs, and taken in from them."""
