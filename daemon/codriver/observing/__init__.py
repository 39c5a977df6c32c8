"""What is known of the daemon from outside: its numbers, and the last turns."""
