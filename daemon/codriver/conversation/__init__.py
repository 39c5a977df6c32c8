"""A conversation: whom it listens to, whose turn it is, and what its mouth says."""
