"""Where navigation is on the bus. Nothing heavy is imported here: clients need no more."""

from __future__ import annotations

from codriver.acting.bus import Destination

BUS_NAME = "org.codriver.Navigation1"
PATH = "/org/codriver/Navigation1"
INTERFACE = "org.codriver.Navigation1"
NAVIGATION = Destination(BUS_NAME, PATH, INTERFACE)
