"""Guidance without I/O: positions and time in, instructions out, in any language that has words."""
