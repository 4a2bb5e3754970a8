from dataclasses import replace

import pytest

from asky_gitops.formats import FORMATS, Style
from asky_gitops.formats.style import columns, safe
from asky_gitops.formats.text import write
from asky_gitops.model.finding import Finding, Location, Off, Problem, Report

WIDE = Style(color=False, width=100)


def test_a_report_says_where_what_by_which_path_and_what_to_do(report: Report) -> None:
    assert (
        write(report, WIDE)
        == """\
error[exposed-database]: the internet can reach a database
  overlays/eks/custom/expose.yaml:11:19
    10 |           spec:
    11 |             type: LoadBalancer
       |                   ^^^^^^^^^^^^ spec.type of Service asky/postgres-public
  path  internet → Service asky/postgres-public:5432 → Cluster asky/asky-db
  in    eks · the object it patches overlays/eks/generated/postgres/cluster.yaml:24
  fix   remove it; for a shell use `kubectl cnpg psql`

warning[missing-resource-limits]: no cpu limit
  spec.template.spec.containers[0].resources of Deployment asky/auth, as rendered
  in    eks, minikube

error: base/auth/deployment.yaml:3:1: did not find expected key
  in    minikube
  fix   mend it
error: took longer than 60 s
  in    other

note: no schema is known for example.org/v1/Widget (--crds DIR adds some)
note: k8s/values.yaml was not judged: not a Kubernetes manifest

1 error, 1 warning, 1 waived, 1 known, 2 problems · 2 overlays, 94 objects, 52 rules · 0.16 s
"""
    )


def test_a_clean_report_is_one_line(clean: Report) -> None:
    assert write(clean, WIDE) == "no findings · 1 target, 1 object, 3 rules · 0.04 s\n"


def test_what_a_profile_turns_off_is_counted(clean: Report) -> None:
    off = (Off("mini", "missing-backup", 1), Off("mini", "single-replica", 4))
    assert write(replace(clean, off=off), WIDE) == (
        "note: profile dev of mini turns off missing-backup (1), single-replica (4)\n\n"
        "no findings · 1 target, 1 object, 3 rules · 0.04 s\n"
    )


def test_nothing_judged_is_never_called_no_findings(clean: Report) -> None:
    failed = replace(clean, targets=(), problems=(Problem("no-objects", "k8s", "renders no objects"),))
    assert write(failed, WIDE) == (
        "error: renders no objects\n  in    k8s\n\n1 problem · 0 targets, 0 objects, 0 rules · 0.04 s\n"
    )


def test_the_same_problem_of_several_overlays_is_printed_once(clean: Report) -> None:
    problems = tuple(Problem("render-failed", name, "no such file") for name in ("eks", "minikube"))
    assert write(replace(clean, problems=problems), WIDE).startswith(
        "error: no such file\n  in    eks, minikube\n\n"
    )


def test_colours_add_nothing_but_colour(report: Report) -> None:
    import re

    coloured = write(report, Style(color=True, width=100))
    assert coloured != write(report, WIDE)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == write(report, WIDE)


def excerpt_of(report: Report, line: str, caret: tuple[int, int], width: int) -> list[str]:
    found = replace(
        report.findings[0], excerpt=((1, line),), caret=caret, related=(), trace=(), remediation=""
    )
    text = write(replace(report, findings=(found,), problems=(), targets=()), Style(width=width))
    return text.splitlines()[2:4]


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_long_line_is_cut_around_what_matters(report: Report, width: int) -> None:
    line = "x" * 500 + "TARGET" + "y" * 500
    shown, pointer = excerpt_of(report, line, (500, 506), width)
    assert len(shown) <= max(width, 33)
    assert pointer.index("^") == shown.index("TARGET")
    assert pointer.count("^") == 6
    assert shown.endswith("…")
    assert "| …" in shown


def test_tabs_and_wide_characters_keep_the_caret_in_place(report: Report) -> None:
    shown, pointer = excerpt_of(report, "\tname: 日本 TARGET", (10, 16), 80)
    assert columns(shown[: shown.index("TARGET")]) == pointer.index("^")


def test_what_would_drive_the_terminal_is_written_out(report: Report) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\r\u202e\u2028\x9b"
    finding = Finding(
        rule=evil,
        category=evil,
        severity="error",
        message=f"a{evil}\nb",
        resource=None,
        path=(evil,),
        overlays=(evil,),
        location=Location(f"a{evil}.yaml", 1, 1, 1, 2),
        trace=(evil,),
        remediation=evil,
        excerpt=((1, f"x{evil}"),),
        caret=(0, 1),
    )
    target = replace(report.targets[0], unknown_kinds=(evil,), unjudged=((evil, evil),))
    problem = Problem("x", evil, evil, Location(evil, 1, 1, 1, 1), hint=evil)
    text = write(replace(report, findings=(finding,), targets=(target,), problems=(problem,)), WIDE)
    assert set("\x1b\x07\r\u202e\u2028\x9b") & set(text) == set()
    assert all(line == safe(line) for line in text.split("\n"))


def test_a_name_that_is_no_unicode_can_still_be_printed() -> None:
    assert safe("a\udcffb") == "a\\udcffb"


def test_a_message_of_several_lines_is_indented(clean: Report) -> None:
    problem = Problem("render-failed", None, "accumulating resources:\n\tmissing\n")
    assert write(replace(clean, problems=(problem,)), WIDE).startswith(
        "error: accumulating resources:\n      missing\n\n"
    )


def test_every_format_is_in_the_registry() -> None:
    assert list(FORMATS) == ["text", "json", "sarif", "junit", "github", "markdown", "html"]
