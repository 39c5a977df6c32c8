"""The daemon: started, made ready, reloaded, and stopped."""
