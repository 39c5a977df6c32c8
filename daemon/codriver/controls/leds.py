"""LEDs that the kernel knows, in /sys/class/leds: of one colour, or of several."""

from __future__ import annotations

from pathlib import Path

from codriver.controls.looks import DARK, Color
from codriver.controls.one_color import share
from codriver.errors import ControlError

_FOLDER = Path("/sys/class/leds")


class LedLight:
    """An LED by its name. A multicolour one shows the colour itself, any other its share of it."""

    def __init__(self, name: str, *, color: str = "white", brightness: float = 1.0, folder: Path = _FOLDER) -> None:
        """Take the LED from whatever drove it. Raises ControlError."""
        self._led = folder / name
        self._own = color
        if not name or not self._led.is_dir():
            known = ", ".join(sorted(path.name for path in folder.glob("*"))) or "none"
            raise ControlError(f"There is no LED {name!r} on this board; there are: {known}.")
        self._write("trigger", "none")
        self._full = int(self._read("max_brightness")) * brightness
        self._mixes = tuple(self._read("multi_index").split()) if (self._led / "multi_index").exists() else ()

    def show(self, color: Color) -> None:
        """Shine. Raises ControlError."""
        if self._mixes:
            parts = {"red": color.red, "green": color.green, "blue": color.blue}
            self._write("multi_intensity", " ".join(str(round(255 * parts.get(name, 0.0))) for name in self._mixes))
            self._write("brightness", str(round(self._full)))
        else:
            self._write("brightness", str(round(self._full * share(color, self._own))))

    def close(self) -> None:
        """Go dark."""
        self.show(DARK)

    def _read(self, file: str) -> str:
        try:
            return (self._led / file).read_text(encoding="ascii")
        except OSError as error:
            raise ControlError(f"The LED {self._led.name} cannot be read: {error.strerror}.") from error

    def _write(self, file: str, text: str) -> None:
        try:
            (self._led / file).write_text(text, encoding="ascii")
        except PermissionError as error:
            raise ControlError(
                f"There is no right to use the LED {self._led.name}: install the udev rules of hardware/, which give "
                "the LEDs to the group codriver."
            ) from error
        except OSError as error:
            raise ControlError(f"The LED {self._led.name} cannot be used: {error.strerror}.") from error
