"""The page of an overlay's objects lists what kustomize renders, all of it, each with its reason and file."""

import re
from posixpath import join, normpath

import pytest

from asky_gitops.components import reasons
from asky_gitops.tree import layout
from tests.options.test_options import CASES, PLAIN, over, planned
from tests.tree.test_rendered import OVERLAYS, Build, full

ROW = re.compile(
    r"^\| (?:(?P<wave>-?[0-9]+) \| )?\[(?P<kind>\w+) (?P<name>\S+)\]\((?P<link>\S+)\) \| (?P<why>.+) \|$",
    re.M,
)


def page(overlay: str) -> tuple[str, set[str]]:
    """Return the page of the full stack's overlay, and the path of every planned file."""
    files = {file.path: file.content for file in layout.plan(full()).files}
    text = files[f"docs/bootstrap/{overlay}-objects.md"]
    assert isinstance(text, str)
    return text, set(files)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_of_the_render_is_listed_in_its_wave_and_nothing_else(
    build: Build, overlay: str
) -> None:
    text, _ = page(overlay)
    stack, platform = text.split("## Application ")[1:3]
    for part, root in (
        (stack, f"overlays/{overlay}"),
        (platform.split("## ")[0], f"overlays/{overlay}/platform"),
    ):
        rendered = sorted(
            (
                int(one["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"]),
                one["kind"],
                one["metadata"]["name"],
            )
            for one in build(full(), root)
        )
        assert [(int(row["wave"]), row["kind"], row["name"]) for row in ROW.finditer(part)] == rendered


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_leads_to_its_file(overlay: str) -> None:
    text, files = page(overlay)
    rows = list(ROW.finditer(text))
    assert len(rows) > 50
    assert [row[0] for row in rows if normpath(join("docs/bootstrap", row["link"])) not in files] == []
    assert {row["link"].split("/")[3] for row in rows if row["link"].startswith("../../overlays/")} <= {
        overlay,
        *OVERLAYS,
    }


@pytest.mark.parametrize("option", sorted(CASES))
def test_whatever_an_option_adds_has_a_reason(option: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    tree = planned(tmp_path_factory.mktemp(option), over(PLAIN, CASES[option]))
    assert {"docs/bootstrap/eks-objects.md", "docs/bootstrap/minikube-objects.md"} <= set(tree)


def test_every_wave_says_what_happens() -> None:
    assert [int(wave) for wave in reasons.WAVES] == [-5, -4, -3, -2, -1, 0, 1, 2]


def test_a_reason_names_the_service_it_is_about() -> None:
    labels = {"app.kubernetes.io/component": "service", "app.kubernetes.io/name": "auth"}
    made = {"kind": "Service", "metadata": {"name": "auth", "labels": labels}}
    assert reasons.reason(made) == "the name by which auth is called"
    unknown = {"kind": "Gateway", "metadata": {"name": "auth", "labels": labels}}
    with pytest.raises(KeyError, match="Gateway"):
        reasons.reason(unknown)
