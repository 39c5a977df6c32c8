"""Draws the wiring of the boards: ``python hardware/drawings/draw.py`` writes the SVG files beside this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent

INK, FAINT, PAPER, BOARD = "#1f2933", "#8796a5", "#ffffff", "#1b5e47"
RED, BLACK, BLUE, GREEN, ORANGE, VIOLET, GOLD = (
    "#c62f2f", "#222222", "#2a6fc9", "#2c8a4b", "#d9822b", "#7a4fb3", "#c9a227",
)  # fmt: skip
FONT = "font-family='DejaVu Sans, Helvetica, Arial, sans-serif'"

HEADER: Sequence[str] = (
    "3V3", "5V", "GPIO2", "5V", "GPIO3", "GND", "GPIO4", "GPIO14", "GND", "GPIO15",
    "GPIO17", "GPIO18", "GPIO27", "GND", "GPIO22", "GPIO23", "3V3", "GPIO24", "GPIO10", "GND",
    "GPIO9", "GPIO25", "GPIO11", "GPIO8", "GND", "GPIO7", "GPIO0", "GPIO1", "GPIO5", "GND",
    "GPIO6", "GPIO12", "GPIO13", "GND", "GPIO19", "GPIO16", "GPIO26", "GPIO20", "GND", "GPIO21",
)  # fmt: skip
"""What the pins 1 to 40 of a Raspberry Pi's header are."""

_WARNING = "Ground may be taken from any GND pin. Never put 12 V, or 5 V, on a GPIO pin: they bear 3.3 V."

ROW, TOP, LEFT, RIGHT = 27, 96, 520, 556
"""The header: pixels between two rows, the first row, and its two columns."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A wire from a pin to a height of the part, turning at ``lane``."""

    pin: int
    to: tuple[int, int]
    lane: int
    color: str


@dataclass(frozen=True, slots=True)
class Part:
    """A box with a title and lines below it. ``glyph`` is drawn in its corner."""

    x: int
    y: int
    width: int
    height: int
    title: str
    lines: tuple[str, ...] = ()
    glyph: str = ""


def text(
    x: float, y: float, words: str, size: int = 13, color: str = INK, anchor: str = "start", bold: bool = False
) -> str:
    """Write words."""
    weight = " font-weight='600'" if bold else ""
    return (
        f"<text x='{x}' y='{y}' {FONT} font-size='{size}' fill='{color}' text-anchor='{anchor}'{weight}>{words}</text>"
    )


def line(points: Sequence[tuple[float, float]], color: str, width: float = 2.6, dash: str = "") -> str:
    """Draw a line through points."""
    path = " ".join(f"{x},{y}" for x, y in points)
    dashed = f" stroke-dasharray='{dash}'" if dash else ""
    return (
        f"<polyline points='{path}' fill='none' stroke='{color}' stroke-width='{width}' "
        f"stroke-linejoin='round' stroke-linecap='round'{dashed}/>"
    )


def box(
    x: float, y: float, width: float, height: float, fill: str = PAPER, stroke: str = FAINT, radius: int = 8
) -> str:
    """Draw a box with round corners."""
    return (
        f"<rect x='{x}' y='{y}' width='{width}' height='{height}' rx='{radius}' fill='{fill}' "
        f"stroke='{stroke}' stroke-width='1.4'/>"
    )


def dot(x: float, y: float, radius: float, fill: str, stroke: str = "none") -> str:
    """Draw a dot."""
    return f"<circle cx='{x}' cy='{y}' r='{radius}' fill='{fill}' stroke='{stroke}' stroke-width='1.6'/>"


def button_glyph(x: int, y: int) -> str:
    """Draw a push button: two contacts, and a bridge above them."""
    return "".join(
        (
            line([(x, y), (x + 14, y)], INK, 2), line([(x + 34, y), (x + 48, y)], INK, 2),
            dot(x + 15, y, 3, PAPER, INK), dot(x + 33, y, 3, PAPER, INK),
            line([(x + 11, y - 9), (x + 37, y - 9)], INK, 2), line([(x + 24, y - 9), (x + 24, y - 18)], INK, 2),
        )
    )  # fmt: skip


def diode_glyph(x: int, y: int, color: str, light: bool = True) -> str:
    """Draw a diode that conducts to the right; with arrows it shines."""
    arrows = (
        line([(x + 14, y - 11), (x + 22, y - 19)], color, 1.6) + line([(x + 22, y - 9), (x + 30, y - 17)], color, 1.6)
        if light
        else ""
    )
    return (
        f"<path d='M{x + 8} {y - 8} L{x + 8} {y + 8} L{x + 22} {y} Z' fill='{color}'/>"
        + line([(x + 22, y - 8), (x + 22, y + 8)], color, 2.4)
        + line([(x, y), (x + 8, y)], INK, 2)
        + line([(x + 22, y), (x + 32, y)], INK, 2)
        + arrows
    )


def resistor(x: int, y: int, label: str) -> str:
    """Draw a resistor with its value above it."""
    return (
        f"<rect x='{x}' y='{y - 6}' width='30' height='12' fill='{PAPER}' stroke='{INK}' stroke-width='1.6'/>"
        + text(x + 15, y - 11, label, 11, INK, "middle")
    )


def place(part: Part) -> str:
    """Draw a part."""
    lines = "".join(text(part.x + 14, part.y + 44 + 17 * n, words, 12, "#52606d") for n, words in enumerate(part.lines))
    title = text(part.x + 14, part.y + 24, part.title, 14, INK, bold=True)
    return box(part.x, part.y, part.width, part.height) + title + lines + part.glyph


def pin_at(pin: int) -> tuple[int, int]:
    """Give where a pin is."""
    return (LEFT if pin % 2 else RIGHT, TOP + (pin - 1) // 2 * ROW)


def color_of(name: str) -> str:
    """Give the colour of what a pin is."""
    return {"3V3": ORANGE, "5V": RED, "GND": BLACK}.get(name, GOLD)


def header(marked: dict[int, str]) -> str:
    """Draw the 40 pins, seen from above with pin 1 at the top left; ``marked`` pins have a ring in a colour."""
    parts = [box(LEFT - 74, TOP - 52, RIGHT - LEFT + 148, 20 * ROW + 56, BOARD, BOARD, 12)]
    parts.append(text((LEFT + RIGHT) / 2, TOP - 30, "Raspberry Pi 5", 14, PAPER, "middle", bold=True))
    parts.append(box(LEFT - 17, TOP - 17, RIGHT - LEFT + 34, 19 * ROW + 34, "#11362a", "#0c261e", 5))
    for pin, name in enumerate(HEADER, 1):
        x, y = pin_at(pin)
        parts.append(dot(x, y, 9.5, color_of(name), marked.get(pin, "#0c261e")))
        if pin in marked:
            parts.append(f"<circle cx='{x}' cy='{y}' r='12.5' fill='none' stroke='{marked[pin]}' stroke-width='2.6'/>")
        parts.append(text(x, y + 3.5, str(pin), 9, PAPER if name in ("GND", "5V") else INK, "middle", bold=True))
        side, anchor = (x - 20, "end") if pin % 2 else (x + 20, "start")
        parts.append(text(side, y + 4, name, 11, "#d7e7df", anchor))
    return "".join(parts)


def wired(wire: Wire) -> str:
    """Draw a wire: straight out of the header, along the lane, and to the part."""
    x, y = pin_at(wire.pin)
    edge = x - 74 if wire.pin % 2 else x + 74
    return (
        line([(edge, y), (wire.lane, y), (wire.lane, wire.to[1]), wire.to], wire.color)
        + dot(edge, y, 3.4, wire.color)
        + dot(*wire.to, 3.4, wire.color)
    )


def picture(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    """Put a drawing together."""
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' role='img' aria-label='{title}'>"
        f"<title>{title}</title><rect width='{width}' height='{height}' fill='#f5f7fa'/>"
        + "\n".join(parts)
        + "</svg>\n"
    )


def legend(x: int, y: int, entries: Sequence[tuple[str, str]]) -> str:
    """Say what coloured rings mean."""
    return "".join(
        f"<circle cx='{x + 8}' cy='{y + 22 * n}' r='7' fill='none' stroke='{color}' stroke-width='2.6'/>"
        + text(x + 24, y + 4 + 22 * n, words, 12)
        for n, (color, words) in enumerate(entries)
    )


def optocoupler(x: int, y: int) -> str:
    """Draw how 12 V light an LED, and a transistor on the other side of the gap pulls the line down."""
    return (
        box(x, y, 310, 128)
        + text(x + 14, y + 24, "ignition, by an optocoupler", 14, INK, bold=True)
        + line([(x, y + 62), (x + 30, y + 62)], RED)
        + resistor(x + 30, y + 62, "2.2 kΩ, ½ W")
        + line([(x + 60, y + 62), (x + 104, y + 62)], RED)
        + line([(x + 104, y + 62), (x + 104, y + 70)], RED)
        + line([(x, y + 106), (x + 104, y + 106), (x + 104, y + 98)], BLACK)
        + f"<path d='M{x + 95} {y + 72} L{x + 113} {y + 72} L{x + 104} {y + 88} Z' fill='{RED}'/>"
        + line([(x + 95, y + 89), (x + 113, y + 89)], RED, 2.4)
        + line([(x + 104, y + 88), (x + 104, y + 98)], BLACK)
        + line([(x + 122, y + 76), (x + 146, y + 76)], ORANGE, 1.8, "4 3")
        + line([(x + 122, y + 86), (x + 146, y + 86)], ORANGE, 1.8, "4 3")
        + box(x + 78, y + 54, 128, 62, "none", FAINT, 4)
        + line([(x + 162, y + 68), (x + 162, y + 98)], INK, 3.4)
        + line([(x + 162, y + 76), (x + 184, y + 62), (x + 310, y + 62)], BLUE)
        + line([(x + 162, y + 90), (x + 184, y + 106), (x + 310, y + 106)], BLACK)
        + text(x - 4, y + 66, "+12 V", 11, RED, "end")
        + text(x - 4, y + 110, "0 V", 11, BLACK, "end")
        + text(x + 214, y + 80, "PC817 (1N4148", 10, "#52606d")
        + text(x + 214, y + 94, "across its LED)", 10, "#52606d")
    )


def buttons_and_power(talk: str, use: str, talking: Wire, muting: Wire) -> list[str]:
    """Draw what every board has on its left: two buttons with their wires, the ignition, the supply."""
    return [
        place(Part(60, 92, 250, 76, talk, (use,), button_glyph(246, 118))),
        place(Part(60, 196, 250, 76, "mute", ("closes the microphone",), button_glyph(246, 222))),
        optocoupler(60, 316),
        place(Part(60, 492, 310, 118, "supply with hold-up (if there is one)",
                   ("GPIO6  low: “shut down now”", "GPIO26 high: “all is over, cut the power”", "0 V"))),
        wired(talking),
        wired(Wire(9, (310, 150), 374, BLACK)),
        wired(muting),
        line([(374, 150), (374, 254), (310, 254)], BLACK), dot(310, 254, 3.4, BLACK), dot(374, 150, 3.4, BLACK),
        wired(Wire(25, (370, 422), 392, BLACK)),
        wired(Wire(29, (370, 378), 410, BLUE)),
        wired(Wire(31, (370, 532), 428, GREEN)),
        wired(Wire(37, (370, 549), 410, ORANGE)),
        wired(Wire(39, (370, 566), 392, BLACK)),
    ]  # fmt: skip


def wiring_usb() -> str:
    """Draw the board with a USB microphone array."""
    led = 840
    parts = [
        header({19: GREEN, 21: GREEN, 23: GREEN, 24: GREEN, 22: GREEN}),
        *buttons_and_power("talk", "hold it and speak, or tap it", Wire(11, (310, 130), 392, BLUE),
                           Wire(13, (310, 234), 410, VIOLET)),
        place(Part(720, 250, 300, 176, "RGB light, common cathode", (), "")),
    ]  # fmt: skip
    for y, color, pin, lane in ((300, GREEN, 16, 700), (338, RED, 18, 682), (376, BLUE, 32, 664)):
        parts += [
            wired(Wire(pin, (720, y), lane, color)), line([(720, y), (led - 70, y)], color),
            resistor(led - 70, y, "330 Ω"),
            line([(led - 40, y), (led, y)], color), diode_glyph(led, y, color),
            line([(led + 32, y), (led + 90, y)], BLACK),
        ]  # fmt: skip
    parts += [
        line([(led + 90, 300), (led + 90, 408), (720, 408)], BLACK), wired(Wire(20, (720, 408), 646, BLACK)),
        place(Part(720, 480, 300, 130, "by USB", (
            "microphone array with a loudspeaker jack", "GPS receiver",
            "CAN adapter (gs_usb), if there is no CAN HAT"))),
        place(Part(720, 92, 300, 118, "CAN HAT (if there is one)",
                   ("sits on the header:", "SPI0 on pins 19, 21, 23, 24", "interrupt on pin 22 (GPIO25)"))),
        legend(60, 668, ((GREEN, "pins of the CAN HAT"),)),
        text(300, 672, _WARNING, 12),
        text(60, 30, "Raspberry Pi 5 with a USB microphone array", 19, INK, bold=True),
    ]  # fmt: skip
    return picture(1060, 696, "Wiring of a Raspberry Pi 5 with a USB microphone array", parts)


def wiring_hat() -> str:
    """Draw the board with a sound HAT."""
    hat = {3: VIOLET, 5: VIOLET, 12: VIOLET, 35: VIOLET, 38: VIOLET, 40: VIOLET, 13: VIOLET, 16: VIOLET, 18: VIOLET}
    can = {19: GREEN, 21: GREEN, 23: GREEN, 24: GREEN, 22: GREEN}
    parts = [
        header(hat | can),
        *buttons_and_power("talk, on the wheel", "beside the HAT’s own button", Wire(13, (310, 130), 410, BLUE),
                           Wire(11, (310, 234), 392, VIOLET)),
        place(Part(700, 92, 320, 190, "Raspberry Pi Codec Zero", (
            "sits on the header:", "I2S on pins 12, 35, 38, 40", "I2C on pins 3, 5",
            "button on pin 13 (GPIO27)", "green light on pin 16 (GPIO23)", "red light on pin 18 (GPIO24)",
            "microphone on the board, or 3.5 mm jack"))),
        place(Part(700, 316, 320, 96, "loudspeaker", (
            "8 Ω, 1.2 W at the HAT’s terminal,", "or the car’s amplifier at AUX OUT"))),
        line([(860, 282), (860, 316)], INK), dot(860, 282, 3.4, INK), dot(860, 316, 3.4, INK),
        place(Part(700, 446, 320, 118, "CAN HAT (if there is one)", (
            "above or below the sound HAT:", "SPI0 on pins 19, 21, 23, 24", "interrupt on pin 22 (GPIO25)"))),
        legend(60, 668, ((VIOLET, "pins of the sound HAT"), (GREEN, "pins of the CAN HAT"))),
        text(300, 672, "No pin is used twice. A second CAN controller, on SPI1, would need the sound’s pins.", 12),
        text(300, 694, _WARNING, 12),
        text(60, 30, "Raspberry Pi 5 with an I2S HAT", 19, INK, bold=True),
    ]  # fmt: skip
    return picture(1060, 716, "Wiring of a Raspberry Pi 5 with an I2S HAT", parts)


def supply() -> str:
    """Draw the way of the power, from the battery to the board."""

    def arrow(x: int, y: int, to: int, color: str, label: str = "") -> str:
        head = f"<path d='M{to} {y} l-10 -5 l0 10 Z' fill='{color}'/>"
        return line([(x, y), (to - 8, y)], color, 3) + head + text((x + to) / 2, y - 9, label, 11, INK, "middle")

    parts = [
        text(40, 40, "Power", 19, INK, bold=True),
        place(Part(40, 80, 150, 92, "battery", ("terminal 30,", "always on"))),
        place(Part(260, 80, 130, 92, "fuse", ("5 A, close to", "the battery"))),
        place(Part(460, 80, 240, 92, "converter", (
            "9 to 36 V in, 5.1 V and 5 A out,", "made for vehicles (load dump)"))),
        place(Part(770, 80, 230, 92, "Raspberry Pi 5", ("USB-C, wires of 0.5 mm²,", "at most 50 cm"))),
        arrow(190, 126, 260, RED), arrow(390, 126, 460, RED), arrow(700, 126, 770, RED, "5.1 V"),
        place(Part(40, 220, 150, 74, "ignition", ("terminal 15",))),
        place(Part(260, 220, 440, 74, "optocoupler", ("12 V on this side, 3.3 V on the other, nothing in between",))),
        place(Part(770, 220, 230, 74, "GPIO5", ("low while the ignition is on",))),
        arrow(190, 257, 260, ORANGE), arrow(700, 257, 770, BLUE),
    ]  # fmt: skip
    return picture(1040, 330, "The way of the power", parts)


def ignition() -> str:
    """Draw what happens when the ignition goes off and on again."""
    left, scale, top, step = 250, 1, 96, 46
    rows = (
        ("ignition", RED, ((0, 1), (120, 0), (560, 1))),
        ("GPIO5: codriver sleeps", BLUE, ((0, 0), (120, 1), (560, 0))),
        ("GPIO6: shut down", GREEN, ((0, 1), (300, 0), (560, 1))),
        ("codriver and the system run", VIOLET, ((0, 1), (340, 0), (640, 1))),
        ("GPIO26: all is over", ORANGE, ((0, 0), (400, 1), (420, 0))),
        ("supply", BLACK, ((0, 1), (420, 0), (560, 1))),
    )
    parts = [text(40, 40, "Ignition off, ignition on", 19, INK, bold=True)]
    for x, words in (
        (120, "off: deaf and dark at once"),
        (300, "some minutes later"),
        (420, "no current"),
        (560, "on"),
    ):
        parts.append(line([(left + x * scale, 66), (left + x * scale, top + 6 * step - 10)], "#c3ccd5", 1.2, "4 4"))
        parts.append(text(left + x * scale + 4, 72, words, 11, "#52606d"))
    for number, (name, color, changes) in enumerate(rows):
        base = top + number * step + 28
        points: list[tuple[float, float]] = []
        for at, level in changes:
            if points:
                points.append((left + at * scale, points[-1][1]))
            points.append((left + at * scale, base - 22 * level))
        points.append((left + 740 * scale, points[-1][1]))
        parts += [text(40, base - 6, name, 13), line(points, color, 3)]
    return picture(1040, 400, "What happens when the ignition goes off and on again", parts)


DRAWINGS = {
    "wiring-pi5-usb.svg": wiring_usb,
    "wiring-pi5-hat.svg": wiring_hat,
    "power.svg": supply,
    "ignition.svg": ignition,
}


def main() -> None:
    """Write every drawing."""
    for name, draw in DRAWINGS.items():
        (FOLDER / name).write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
