"""A secret's value is planted wherever one can be; no verb, format or error ever shows it.

`build` that succeeds is the exception: what it prints is what the cluster gets.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from asky_gitops.adapters import bundled
from asky_gitops.errors import AskyError
from asky_gitops.formats import FORMATS, Style
from asky_gitops.formats.difference import WRITERS as DIFFERENCE
from asky_gitops.formats.maps import WRITERS as MAPS
from asky_gitops.steps.check import check
from asky_gitops.steps.diff import diff
from asky_gitops.steps.generate import generate
from asky_gitops.steps.graph import graph
from tests.conftest import Outcome, git
from tests.planted import AUTH, CANARY, ENCODED, PLANTS, SECRET, plant
from tests.servers import answering, http, opa

Invoke = Callable[..., Outcome]


@pytest.fixture(scope="module")
def generated(generated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked example with the one overlay that is planted in: another would show nothing new."""
    folder = tmp_path_factory.mktemp("planted") / "repo"
    shutil.copytree(generated, folder)
    text = (folder / "asky.yaml").read_text("utf-8")
    start, end = text.index("  minikube:\n"), text.index("  eks:\n")
    text = (text[:start] + text[end:]).replace("  seeds: sql/seeds\n", "")  # minikube's alone
    (folder / "asky.yaml").write_text(text, "utf-8")
    shutil.rmtree(folder / "sql/seeds")
    generate(folder)
    return folder


def shown(outcome: Outcome) -> str:
    """Return what was printed, or the part of it that shows the value."""
    printed = f"{outcome.out}\n{outcome.err}"
    for form in (CANARY, ENCODED):
        if (at := printed.find(form)) >= 0:
            return printed[max(0, at - 200) : at + 100]
    return ""


def files_with_it(root: Path) -> set[str]:
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and CANARY.encode() in path.read_bytes() and ".git" not in path.parts
    }


COMMANDS = [
    ["-v", "--color", "always", "check", "--strict", "--fail-on", "warning"],
    ["check", "--format", "json", "--output", "report.json"],
    ["set", "--dry-run", "services.auth.replicas=3", "services.auth.env.PORT=1"],
    ["eject", "--dry-run", AUTH],
    ["check", "--waive", "--bind"],
    ["check", "--since", "HEAD", "--trust-from", "HEAD"],
    ["diff"],
    ["trace", "Deployment/auth", "spec.template.spec.containers[0].env"],
    ["trace", "Secret/planted", "stringData.password"],
    ["fix", "--unsafe", "--diff"],
    ["graph"],
    ["generate", "--diff"],
    ["generate"],
    ["commit", "-m", "planted"],
]


def every_format(root: Path) -> dict[str, str]:
    """Return report, diff and maps in every format; where there is none the commands show the error."""
    told: dict[str, str] = {}
    with contextlib.suppress(AskyError):
        report = check(root, maps=True)
        told |= {form: write(report, Style()) for form, write in FORMATS.items()}
    with contextlib.suppress(AskyError):
        changes = diff(root)
        told |= {f"diff {form}": write(changes, Style()) for form, write in DIFFERENCE.items()}
    with contextlib.suppress(AskyError):
        drawn = graph(root, overlays=["eks"])
        told |= {f"graph {form}": write({"eks": drawn["eks"]}) for form, write in MAPS.items()}
    return told


@pytest.mark.parametrize("name", PLANTS)
def test_no_verb_shows_it(committed: Path, invoke: Invoke, name: str) -> None:
    plant(committed, PLANTS[name])
    before = files_with_it(committed)
    statuses = {}
    for command in COMMANDS:
        outcome = invoke(*command, cwd=committed)
        assert shown(outcome) == "", command
        assert "a bug in asky-gitops" not in outcome.err, command
        statuses[command[0]] = outcome.status
    for form, written in every_format(committed).items():
        assert shown(Outcome(0, written, "")) == "", form
    assert files_with_it(committed) - before == set()
    outcome = invoke("build", cwd=committed)
    assert outcome.status == 0 or shown(outcome) == ""
    assert statuses["commit"] != 0, "what holds a secret must not be committed"


OTHERS = [
    ["check", "--staged"],
    ["check", "--format", "json", "--output", "report.json"],
    ["check", "--baseline", "report.json", "--format", "markdown"],
    ["check", "overlays/eks", "--rule", "inline-secret", "--no-waivers"],
    ["graph", "--overlay", "eks", "--format", "svg"],
    ["diff", "--since", "HEAD", "--exit-code"],
    ["trace", "ConfigMap/planted", "data"],
    ["import", "overlays/eks", "--into", "imported", "--dry-run"],
    ["up", "--overlay", "eks", "--dry-run"],
    ["upgrade", "--dry-run"],
    ["eject", AUTH],
    ["fix", "--unsafe"],
    ["check", "--fail-on", "warning"],
]
"""What the other verbs and the states between them have to say; one that writes comes last."""


@pytest.mark.parametrize(
    "name", ["a Secret in clear", "a variable and a broken neighbour", "YAML that breaks at it"]
)
def test_no_other_verb_shows_or_keeps_it(committed: Path, invoke: Invoke, name: str) -> None:
    plant(committed, PLANTS[name])
    git(committed, "add", "--all")
    before = files_with_it(committed)
    for command in OTHERS:
        outcome = invoke(*command, cwd=committed)
        assert shown(outcome) == "", command
        assert "a bug in asky-gitops" not in outcome.err, command
    assert files_with_it(committed) - before == set()
    assert files_with_it(Path(os.environ["XDG_CACHE_HOME"])) == set(), "what the hook keeps"


def test_not_even_on_standard_input_or_as_a_path_of_its_own(committed: Path, invoke: Invoke) -> None:
    manifest = SECRET.format(f"stringData:\n  password: {CANARY}\n  FOO: {CANARY}\n  BAR: [{CANARY}]\n")
    (committed / "planted.yaml").write_text(manifest)
    for arguments in (["-"], ["planted.yaml"], ["planted.yaml", "--format", "json"], ["."]):
        outcome = invoke("check", *arguments, cwd=committed, input=manifest.encode())
        assert (outcome.status, shown(outcome)) == (1, "") or "." in arguments
        assert shown(outcome) == ""
    for verb in (["rules"], ["explain", "inline-secret"]):
        assert shown(invoke(*verb)) == ""


def test_not_even_by_a_rule_of_somebody_elses_that_says_it(committed: Path, invoke: Invoke) -> None:
    plant(committed, PLANTS["a Secret in clear"])
    (committed / "own").mkdir()
    (committed / "own/loud.rego").write_text(
        "package rules.own.loud\n\n"
        'deny contains sprintf("the password is %s", [item.stringData.password]) if {\n'
        "\tsome item in input.items\n}\n"
    )
    outcome = invoke("check", "--policies", "own", "--rule", "loud", cwd=committed)
    assert (outcome.status, shown(outcome)) == (1, "")
    assert "error[loud]: the password is ••••" in outcome.out


@pytest.fixture
def server(tool: Callable[[str], Path]) -> Iterator[str]:
    with opa(tool("opa"), bundled.policies()) as url:
        yield url


def test_not_even_what_an_opa_server_says(committed: Path, invoke: Invoke, server: str) -> None:
    plant(committed, PLANTS["a Secret in clear"])
    outcome = invoke("check", "--opa-url", server.replace("//", f"//{CANARY}@"), cwd=committed)
    assert (outcome.status, shown(outcome)) == (1, "")
    with answering(http(f'{{"message": "{CANARY}"}}'.encode(), "500 Oops")) as (url, _):
        outcome = invoke("check", "--opa-url", url.replace("//", f"//asky:{CANARY}@"), cwd=committed)
    assert (outcome.status, shown(outcome)) == (3, "")
