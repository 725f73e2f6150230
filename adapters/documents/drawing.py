"""Plain SVG: a sheet, boxes, lines, dots and text.

A picture has a background of its own, so that it reads the same on a light and on a dark page.
"""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

INK, SOFT, FAINT, RULE, PAPER, EDGE = "#1d2733", "#5b6877", "#8a96a3", "#e4e8ed", "#ffffff", "#cfd6de"
_FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"


def sheet(width: float, height: float, name: str) -> Element:
    """An empty picture with its background."""
    size = {"width": f"{width:.0f}", "height": f"{height:.0f}"}
    view = f"0 0 {width:.0f} {height:.0f}"
    picture = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": view, "role": "img", **size})
    picture.set("font-family", _FONT)
    title = Element("title")
    title.text = name
    picture.append(title)
    picture.append(box(0.5, 0.5, width - 1, height - 1, PAPER, rx=10, stroke=EDGE))
    return picture


def written(picture: Element) -> str:
    """The picture as the text of an SVG file."""
    ElementTree.indent(picture)
    return ElementTree.tostring(picture, encoding="unicode") + "\n"


def shortened(words: str, longest: int) -> str:
    """The words, cut with an ellipsis where they are longer."""
    return words if len(words) <= longest else words[: longest - 1].rstrip(" ,:;") + "…"


def box(
    x: float, y: float, w: float, h: float, fill: str, *, rx: float = 0, stroke: str = "", dash: bool = False
) -> Element:
    """A rectangle."""
    shape = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{w:g}", "height": f"{h:g}", "fill": fill}
    dashes = {"stroke-dasharray": "3 2"} if dash else {}
    return Element("rect", shape | ({"rx": f"{rx:g}"} if rx else {}) | ({"stroke": stroke} if stroke else {}) | dashes)


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, *, width: float = 1.0, dash: bool = False) -> Element:
    """A straight line."""
    ends = {"x1": f"{x1:g}", "y1": f"{y1:g}", "x2": f"{x2:g}", "y2": f"{y2:g}"}
    dashes = {"stroke-dasharray": "2 3"} if dash else {}
    return Element("line", ends | {"stroke": stroke, "stroke-width": f"{width:g}"} | dashes)


def dot(x: float, y: float, radius: float, fill: str) -> Element:
    """A dot with a thin edge of paper, so that it stands out on a bar."""
    place = {"cx": f"{x:g}", "cy": f"{y:g}", "r": f"{radius:g}", "fill": fill}
    return Element("circle", place | {"stroke": PAPER, "stroke-width": "1.2"})


def text(
    x: float, y: float, words: str, *, size: float, fill: str = INK, anchor: str = "start", weight: str = "400"
) -> Element:
    """A line of text; ``y`` is its base line."""
    look = {"x": f"{x:g}", "y": f"{y:g}", "font-size": f"{size:g}", "fill": fill}
    element = Element("text", look | {"text-anchor": anchor, "font-weight": weight})
    element.text = words
    return element
