"""A fragrance dispenser on the session bus: a very small service, to connect codriver to.

Run it with `python service.py`; it ends with Ctrl-C.
"""

import asyncio

from dbus_fast import DBusError
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusByte, DBusDouble, DBusStr, DBusUInt32
from dbus_fast.constants import PropertyAccess
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

NAME = "org.example.Fragrance1"


class Fragrance(ServiceInterface):
    """Releases scents. Each bottle holds 60 seconds of its scent, and the one with pine is empty."""

    def __init__(self) -> None:
        super().__init__(NAME)
        self._left = {"vanilla": 60, "citrus": 60, "pine": 0}
        self._strength = 2
        self._scent = ""

    @dbus_method()
    def Release(self, scent: DBusStr, seconds: DBusUInt32) -> None:  # noqa: N802
        if self._left.get(scent, 0) < seconds:
            raise DBusError("org.example.Error.Empty", f"The bottle with {scent} is empty.")
        self._left[scent] -= seconds
        self._scent = scent

    @dbus_property()
    def Strength(self) -> DBusByte:  # noqa: N802
        return self._strength

    @Strength.setter
    def set_strength(self, strength: DBusByte) -> None:
        self._strength = strength

    @dbus_property(access=PropertyAccess.READ)
    def Left(self) -> DBusDouble:  # noqa: N802
        """How full the bottles are, 0 to 1."""
        return sum(self._left.values()) / 180

    @dbus_property(access=PropertyAccess.READ)
    def Scent(self) -> DBusStr:  # noqa: N802
        """What was released last."""
        return self._scent


async def main() -> None:
    bus = await MessageBus().connect()
    bus.export("/org/example/Fragrance1", Fragrance())
    await bus.request_name(NAME)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
