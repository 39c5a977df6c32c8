"""codriver: an offline voice assistant for the car. It hears, understands, acts, speaks."""
