"""Buttons and lights: what a hand says to the assistant, and what it shows to the eye."""
