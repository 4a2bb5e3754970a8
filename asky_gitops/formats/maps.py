"""How the map of a render is written: Mermaid for Markdown, SVG for pages, HTML to look at."""

import re
from collections.abc import Callable, Mapping
from html import escape

from asky_gitops.formats.drawing import svg
from asky_gitops.formats.page import page
from asky_gitops.formats.style import safe
from asky_gitops.model.connections import Connections, Edge

Maps = Mapping[str, Connections]
SHAPES = {
    "internet": ("((", "))"),
    "anyone": ("((", "))"),
    "database": ("[(", ")]"),
    "job": ("[/", "/]"),
    "entry": ("{{", "}}"),
    "outside": ("([", "])"),
    "service": ("[", "]"),
}
ARROWS = {"public": "==>", "open": "-.->", "allowed": "-->"}


def mermaid(maps: Maps) -> str:
    """Return a flowchart with a group for each target."""
    lines = ["flowchart TB"]
    for number, (name, drawn) in enumerate(maps.items()):
        ids = {node.id: f"n{number}_{index}" for index, node in enumerate(drawn.nodes)}
        lines.append(f'  subgraph g{number}["{_words(name)}"]')
        for node in drawn.nodes:
            left, right = SHAPES[node.kind]
            lines.append(f'    {ids[node.id]}{left}"{_words(node.label)}"{right}')
        lines += [f"    {_arrow(edge, ids)}" for edge in drawn.edges]
        lines.append("  end")
    return "\n".join(lines) + "\n"


def _arrow(edge: Edge, ids: Mapping[str, str]) -> str:
    label = f'|"{_words(edge.label)}"|' if edge.label else ""
    return f"{ids[edge.source]} {ARROWS[edge.kind]}{label} {ids[edge.target]}"


def _words(text: str) -> str:
    """Return text that Mermaid shows as it is: entities for whatever means something to it."""
    return re.sub(r"[^\w .,:/()*-]", lambda found: f"#{ord(found[0])};", safe(text))


def as_svg(maps: Maps) -> str:
    """Return one SVG document: of the only target, or of the first."""
    name, drawn = next(iter(maps.items()))
    return svg(drawn, f"who may talk to whom in {name}") + "\n"


def html(maps: Maps) -> str:
    """Return one page with the map of every target; it needs no network."""
    return page("who may talk to whom", sections(maps), totals="")


def sections(maps: Maps) -> str:
    """Return the maps as parts of a page."""
    return "\n".join(
        f'<section class="map" data-overlay="{escape(safe(name))}"><h2>{escape(safe(name))}</h2>'
        f'<div class="drawing">{svg(drawn, f"who may talk to whom in {name}")}</div></section>'
        for name, drawn in maps.items()
    )


WRITERS: dict[str, Callable[[Maps], str]] = {"mermaid": mermaid, "svg": as_svg, "html": html}
"""Every format by the name `graph --format` knows it by."""
