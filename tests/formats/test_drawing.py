from asky_gitops.formats.drawing import chain, laid_out, svg
from asky_gitops.model.connections import Connections, Edge, Node

WAYS = (
    "internet>ingress ingress>gateway gateway>auth gateway>pyxis gateway>requests requests>pyxis auth>ro "
    "auth>rw pyxis>ro pyxis>rw requests>ro requests>rw ro>db rw>db ro>outside rw>outside db>outside "
    "db>metadata seeds>db"
)
PAIRS = [way.split(">") for way in WAYS.split()]
EDGES = tuple(sorted(Edge(source, target, "allowed", "1") for source, target in PAIRS))
NAMES = sorted({name for edge in EDGES for name in (edge.source, edge.target)})
DRAWN = Connections(tuple(Node(name, "service", name) for name in NAMES), EDGES)


def test_the_same_map_is_the_same_picture_wherever_it_lies_in_memory() -> None:
    kept = []
    pictures = set()
    for number in range(30):
        kept.append([object() for _ in range(number * 53)])
        pictures.add(svg(DRAWN, "thirty times"))
    assert len(pictures) == 1


def test_boxes_do_not_overlap_and_everything_is_inside_the_picture() -> None:
    laid = laid_out(DRAWN, dict.fromkeys(NAMES, 120.0))
    boxes = list(laid.boxes.values())
    for number, one in enumerate(boxes):
        assert one.w / 2 <= one.xy[0] <= laid.width - one.w / 2
        assert one.h / 2 <= one.xy[1] <= laid.height - one.h / 2
        for other in boxes[number + 1 :]:
            apart = abs(one.xy[0] - other.xy[0]) >= (one.w + other.w) / 2
            assert apart or abs(one.xy[1] - other.xy[1]) >= (one.h + other.h) / 2
    assert all(0 <= x <= laid.width for points in laid.lines.values() for x, _ in points)


def test_a_way_is_drawn_from_top_to_bottom() -> None:
    drawn = chain(("internet", "Service a", "Pod <b>"), "a way")
    assert [part.split("</title>")[0] for part in drawn.split("<title>")[1:]] == [
        "a way",
        "1. internet → 2. Service a",
        "2. Service a → 3. Pod &lt;b&gt;",
        "1. internet",
        "2. Service a",
        "3. Pod &lt;b&gt;",
    ]
    assert "Pod &lt;b&gt;" in drawn
