"""Cases with exact effects: read, run against the sandbox, judged, and counted by tag."""
