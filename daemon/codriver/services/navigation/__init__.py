"""Offline navigation: maps, the search on them, routes, guidance, and the D-Bus service that offers it all."""
