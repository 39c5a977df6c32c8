"""The D-Bus services that codriver brings along: the vehicle, and what later work adds."""
