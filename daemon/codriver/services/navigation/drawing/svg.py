"""Writing SVG. Everything goes through ElementTree, which writes names so that they stay names."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement


def add(parent: Element, tag: str, classes: str = "", text: str = "", **attributes: float | str) -> Element:
    """Add an element. Numbers are written with one decimal; ``stroke_width`` becomes ``stroke-width``."""
    told = {"class": classes} if classes else {}
    for name, value in attributes.items():
        told[name.replace("_", "-")] = value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
    element = SubElement(parent, tag, told)
    if text:
        element.text = text
    return element


def group(parent: Element, classes: str = "") -> Element:
    """Add a group."""
    return add(parent, "g", classes)


def write(parent: Element, text: str, x: float, y: float, size: float, classes: str, turned: float = 0.0) -> None:
    """Add a text. One of a class of ``halo`` has its own edge under it, so that it can be read on anything."""
    where: dict[str, float | str] = {"x": x, "y": y, "font_size": size}
    if turned:
        where["transform"] = f"rotate({turned:.1f} {x:.1f} {y:.1f})"
    words = classes.split()
    if "halo" in words:
        placing = " ".join(word for word in words if word in {"halo", "middle", "end", "bold"})
        add(parent, "text", placing, text, **where)
        words.remove("halo")
    add(parent, "text", " ".join(words), text, **where)
