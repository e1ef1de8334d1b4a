"""What type checkers make of the library: programs for them, and what is written for them."""
