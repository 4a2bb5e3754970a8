"""The pages are opened in a real browser from a file, without a network, and used by real clicks."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import Page, browser
from tests.conftest import ROOT, Outcome

Invoke = Callable[..., Outcome]
SERVICE = "overlays/minikube/generated/postgres/service.yaml"
VISIBLE = (
    "[...document.querySelectorAll('article')].filter(a => a.offsetParent)"
    ".map(a => a.dataset.overlay + ' ' + a.dataset.rule)"
)
OVERLAPS = """
[...document.querySelectorAll('svg')].flatMap(svg => {
  const boxes = [...svg.querySelectorAll('rect')].map(r => r.getBoundingClientRect());
  const texts = [...svg.querySelectorAll('text')].map(t => t.getBoundingClientRect());
  const cross = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const inside = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1
    && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
  return [
    ...boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b => cross(a, b)).map(() => 'boxes')),
    ...texts.flatMap((a, i) => texts.slice(i + 1).filter(b => cross(a, b)).map(() => 'texts')),
    ...texts.filter(t => t.width && !boxes.some(b => inside(t, b))).map(() => 'a text outside of its box'),
  ];
})
"""


@pytest.fixture
def spoiled(stack: Path) -> Path:
    service = stack / SERVICE
    service.write_text(service.read_text().replace("type: ClusterIP", "type: LoadBalancer", 1))
    auth = stack / "base/auth/deployment.yaml"
    text = auth.read_text()
    auth.write_text(
        text.replace(
            "- name: LOG_LEVEL\n          value: info", "- name: SMTP_PASSWORD\n          value: hunter2"
        )
    )
    return stack


def shown(page: Page) -> list[str]:
    """Return overlay and rule of the findings that can be seen."""
    found = page.ask(VISIBLE)
    assert page.ask("document.querySelector('#shown').textContent") == f"{len(found)} of 3 shown"
    return list(found)


@pytest.mark.browser
def test_the_report_is_filtered_and_searched_offline(spoiled: Path, invoke: Invoke, tmp_path: Path) -> None:
    report = spoiled / "report.html"
    assert invoke("check", "--format", "html", "--output", report, cwd=spoiled).status == 1
    everything = ["eks inline-secret", "minikube inline-secret", "minikube exposed-database"]
    with browser(tmp_path / "profile") as page:
        page.open(report)
        assert shown(page) == everything
        page.click("[name=search]")
        page.type("internet")
        assert shown(page) == ["minikube exposed-database"]
        page.click("form button")
        assert shown(page) == everything
        page.choose("[name=overlay]", "eks")
        assert shown(page) == ["eks inline-secret"]
        assert (
            page.ask("[...document.querySelectorAll('section.map')].filter(m => m.offsetParent).length") == 1
        )
        page.click("form button")
        page.choose("[name=rule]", "exp")
        assert shown(page) == ["minikube exposed-database"]
        page.click("form button")
        page.choose("[name=state]", "wai")
        assert shown(page) == []
        page.click("form button")
        page.click("[name=severity][value=error]")
        assert shown(page) == []
        page.click("[name=severity][value=error]")
        assert shown(page) == everything
        assert page.ask("document.querySelectorAll('article .drawing svg rect').length") == 3
        assert page.ask(OVERLAPS) == []
        assert page.ask("document.documentElement.scrollWidth <= innerWidth") is True
        assert page.said == []


@pytest.mark.browser
def test_no_word_of_a_report_is_markup_or_script(spoiled: Path, invoke: Invoke, tmp_path: Path) -> None:
    (spoiled / "own").mkdir()
    (spoiled / "own/loud.rego").write_text(
        "package rules.own.loud\n\n"
        'deny contains "<img src=https://example.org/x onerror=alert(1)></script><script>alert(2)" if true\n'
    )
    report = spoiled / "report.html"
    arguments = ("--policies", "own", "--rule", "loud", "--format", "html", "--output", report)
    assert invoke("check", *arguments, cwd=spoiled).status == 1
    with browser(tmp_path / "profile") as page:
        page.open(report)
        assert page.ask("document.querySelectorAll('img').length") == 0
        assert "<img src=" in page.ask("document.querySelector('article').textContent")
        assert page.said == []


@pytest.mark.browser
def test_a_graph_opens_offline_with_nothing_overlapping(
    generated: Path, invoke: Invoke, tmp_path: Path
) -> None:
    (tmp_path / "graph.html").write_text(invoke("graph", "--format", "html", cwd=generated).out)
    with browser(tmp_path / "profile") as page:
        page.open(tmp_path / "graph.html")
        assert page.ask("[...document.querySelectorAll('h2')].map(h => h.textContent)") == ["eks", "minikube"]
        assert page.ask(OVERLAPS) == []
        assert page.said == []


def test_a_page_asks_nothing_of_anybody(spoiled: Path, invoke: Invoke) -> None:
    text = invoke("check", "--format", "html", cwd=spoiled).out
    links = set(re.findall(r"https?://[^\s\"'<]+", text))
    assert links <= {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in text


def test_the_picture_in_the_readme_is_what_the_command_draws(invoke: Invoke) -> None:
    outcome = invoke("graph", "--overlay", "eks", "--format", "svg", cwd=ROOT)
    assert outcome.out == (ROOT / "docs" / "pictures" / "eks.svg").read_text("utf-8"), "run make docs"


def test_a_drawing_does_not_depend_on_the_run(generated: Path, run: Invoke) -> None:
    arguments = ("graph", "--overlay", "eks", "--format", "svg")
    printed = {run(*arguments, cwd=generated, env={"PYTHONHASHSEED": seed}).out for seed in ("1", "2")}
    assert len(printed) == 1


def test_an_svg_is_of_one_overlay(generated: Path, invoke: Invoke) -> None:
    outcome = invoke("graph", "--format", "svg", cwd=generated)
    assert (outcome.status, outcome.out) == (2, "")
    assert "an SVG shows one of them: --overlay eks or --overlay minikube" in outcome.err


def test_where_nothing_runs_there_is_nothing_to_draw(stack: Path, invoke: Invoke) -> None:
    shutil.rmtree(stack)
    (stack / ".git").mkdir(parents=True)
    (stack / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    expected = "error: nothing runs here: there is no workload to draw\n"
    assert invoke("graph", cwd=stack) == Outcome(2, "", expected)
