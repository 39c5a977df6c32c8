"""Acting: the bus, and clients for what hangs on it: the car, the music player, and what later work adds."""
