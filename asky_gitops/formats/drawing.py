"""Draws boxes and arrows as SVG; grandalf lays them out (Sugiyama's layers, https://github.com/bdcht/grandalf)."""

import hashlib
import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count, pairwise
from typing import Any

from asky_gitops.formats.style import columns, safe
from asky_gitops.model.connections import Connections, Edge, Node

HEIGHT = 46
GAP = 26
LAYER = 54
"""Pixels between boxes and between layers."""
CHARACTER = 7.3
"""Pixels of one character of the labels; a box is as wide as its longest line."""
FILLS = {
    "internet": ("#ffebe9", "#cf222e"),
    "entry": ("#fff8c5", "#9a6700"),
    "service": ("#ddf4ff", "#0969da"),
    "database": ("#dafbe1", "#1a7f37"),
    "job": ("#f6f8fa", "#57606a"),
    "anyone": ("#ffebe9", "#cf222e"),
    "outside": ("#f6f8fa", "#57606a"),
}
STROKES = {"public": "#cf222e", "open": "#cf222e", "allowed": "#57606a"}
Point = tuple[float, float]


@dataclass
class Box:
    """What grandalf wants to know of a vertex, and where it puts it (`xy`, the middle)."""

    w: float
    h: float
    xy: Point = (0.0, 0.0)


@dataclass(frozen=True)
class Laid:
    """Where everything goes, in pixels from the top left corner."""

    boxes: Mapping[str, Box]
    lines: Mapping[Edge, Sequence[Point]]
    width: float
    height: float


def svg(drawn: Connections, title: str) -> str:
    """Return one `<svg>` element with its own colours: it reads on light and on dark."""
    ports = _ports(drawn)
    laid = laid_out(drawn, {node.id: _width(node, ports[node.id]) for node in drawn.nodes})
    # Several drawings may share a page, and one that is hidden lends no arrowhead to another.
    own = hashlib.sha256(repr((title, drawn)).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    parts = [_arrow(edge, laid.lines[edge], own) for edge in drawn.edges]
    parts += [_box(node, laid.boxes[node.id], ports[node.id]) for node in drawn.nodes]
    markers = "".join(
        f'<marker id="{kind}-{own}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto">'
        f'<path d="M0 0 8 4 0 8z" fill="{color}"/></marker>'
        for kind, color in STROKES.items()
    )
    width, height = (f"{side:.0f}" for side in (laid.width, laid.height))
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="ui-sans-serif, sans-serif">'
    )
    return "\n".join([opening, f"<title>{_text(title)}</title><defs>{markers}</defs>", *parts, "</svg>"])


def chain(steps: Sequence[str], title: str) -> str:
    """Return the drawing of a way, one step after the other."""
    last = len(steps) - 1
    nodes = tuple(
        Node(
            f"{number + 1}. {step}",
            "internet" if not number else "database" if number == last else "entry",
            step,
        )
        for number, step in enumerate(steps)
    )
    edges = tuple(Edge(one.id, other.id, "public") for one, other in pairwise(nodes))
    return svg(Connections(nodes, edges), title)


def _ports(drawn: Connections) -> dict[str, str]:
    """Return what is written below a node's name: the ports or hosts that lead to it."""
    labels: dict[str, dict[str, None]] = {node.id: {} for node in drawn.nodes}
    for edge in drawn.edges:
        if edge.label:
            labels[edge.target].update(dict.fromkeys(edge.label.split(", ")))
    return {name: _short(", ".join(found)) for name, found in labels.items()}


def _short(text: str, most: int = 34) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _width(node: Node, below: str) -> float:
    return max(90.0, 26 + CHARACTER * max(columns(_short(safe(node.label))), columns(safe(below))))


def laid_out(drawn: Connections, widths: Mapping[str, float]) -> Laid:
    """Return the places of all boxes and arrows; parts that are not connected stand side by side."""
    graphs: Any = importlib.import_module("grandalf.graphs")
    layouts: Any = importlib.import_module("grandalf.layouts")
    routing: Any = importlib.import_module("grandalf.routing")
    boxes = {name: Box(width, HEIGHT) for name, width in widths.items()}
    vertex_of, edge_of = _numbered(graphs.Vertex), _numbered(graphs.Edge)
    vertices = {name: vertex_of(name) for name in boxes}
    for name, vertex in vertices.items():
        vertex.view = boxes[name]
    arrows = {edge: edge_of(vertices[edge.source], vertices[edge.target]) for edge in drawn.edges}
    for arrow in arrows.values():
        arrow.view = routing.EdgeViewer()
    left = 0.0
    lines: dict[Edge, Sequence[Point]] = {}
    height = 0.0
    for part in graphs.Graph(list(vertices.values()), list(arrows.values())).C:
        layout = layouts.SugiyamaLayout(part)
        layout.xspace, layout.yspace = GAP, LAYER
        layout.route_edge = routing.route_with_lines
        layout.init_all()
        layout.draw(6)
        names = {vertex.data for vertex in part.sV}
        its = [boxes[vertex.data] for vertex in part.sV]
        ways = {
            edge: [(x, y) for x, y in arrow.view._pts[1:-1]]
            for edge, arrow in arrows.items()
            if edge.source in names
        }
        beside = [x for points in ways.values() for x, _ in points]
        right = left - min([*(box.xy[0] - box.w / 2 for box in its), *beside]) + 4
        down = 4 - min(box.xy[1] - box.h / 2 for box in its)
        for box in its:
            box.xy = (box.xy[0] + right, box.xy[1] + down)
        for edge, points in ways.items():
            middle = [(x + right, y + down) for x, y in points]
            lines[edge] = _ends(boxes[edge.source], boxes[edge.target], middle)
        left = max([*(box.xy[0] + box.w / 2 for box in its), *(x + right for x in beside)]) + 2 * GAP
        height = max(height, *(box.xy[1] + box.h / 2 for box in its))
    return Laid(boxes, lines, left - 2 * GAP + 4, height + 4)


def _numbered(kind: Any) -> Any:
    """Return a class of grandalf's whose objects hash by number: its sets keep one order in every run."""
    numbers = count()

    def begin(self: Any, *arguments: Any) -> None:
        self.number = next(numbers)
        kind.__init__(self, *arguments)

    return type(kind.__name__, (kind,), {"__init__": begin, "__hash__": lambda self: self.number})


def _ends(source: Box, target: Box, middle: list[Point]) -> list[Point]:
    """Return a line from the side of one box that looks at the other to that one's side."""
    down = source.xy[1] <= target.xy[1]
    start = (source.xy[0], source.xy[1] + (source.h / 2 if down else -source.h / 2))
    end = (target.xy[0], target.xy[1] - (target.h / 2 + 2 if down else -target.h / 2 - 2))
    return [start, *middle, end]


def _arrow(edge: Edge, points: Sequence[Point], own: str) -> str:
    color = STROKES[edge.kind]
    dashed = ' stroke-dasharray="5 4"' if edge.kind == "open" else ""
    path = f"M{_at(points[0])}"
    for one, other in pairwise(points):
        half = (one[1] + other[1]) / 2
        path += f" C{_at((one[0], half))} {_at((other[0], half))} {_at(other)}"
    title = _text(f"{edge.source} → {edge.target}" + (f" ({edge.label})" if edge.label else ""))
    style = f'fill="none" stroke="{color}" stroke-width="1.5"{dashed} marker-end="url(#{edge.kind}-{own})"'
    return f'<path d="{path}" {style}><title>{title}</title></path>'


def _box(node: Node, box: Box, below: str) -> str:
    fill, stroke = FILLS[node.kind]
    x, y = box.xy[0] - box.w / 2, box.xy[1] - box.h / 2
    place = f'x="{x:.1f}" y="{y:.1f}" width="{box.w:.1f}" height="{box.h:.1f}"'
    frame = f'<rect {place} rx="7" fill="{fill}" stroke="{stroke}"/>'
    lines: Iterable[tuple[str, str, int]] = [(_short(safe(node.label)), "13", -4 if below else 5)]
    lines = [*lines, *([(safe(below), "11", 13)] if below else [])]
    texts = "".join(
        f'<text x="{box.xy[0]:.1f}" y="{box.xy[1] + shift:.1f}" text-anchor="middle" font-size="{size}" '
        f'fill="#1f2328">{_text(text)}</text>'
        for text, size, shift in lines
    )
    return f'<g class="node {node.kind}">{frame}{texts}<title>{_text(node.id)}</title></g>'


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _text(text: str) -> str:
    return escape(safe(text))
