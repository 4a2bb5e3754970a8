"""A secret's value is planted wherever one can be; no verb, format or error ever shows it.

`build` that succeeds is the exception: what it prints is what the cluster gets.
"""

import base64
import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from asky_gitops.adapters import bundled
from asky_gitops.errors import AskyError
from asky_gitops.formats import FORMATS, Style
from asky_gitops.formats.difference import WRITERS as DIFFERENCE
from asky_gitops.formats.maps import WRITERS as MAPS
from asky_gitops.steps.check import check
from asky_gitops.steps.diff import diff
from asky_gitops.steps.graph import graph
from tests.conftest import Outcome, git
from tests.servers import answering, http, opa

Invoke = Callable[..., Outcome]
CANARY = "sesame-canary"
ENCODED = base64.b64encode(CANARY.encode()).decode()
CUSTOM = "overlays/eks/custom"
ENTRY = "overlays/eks/kustomization.yaml"
AUTH = "base/auth/deployment.yaml"


@dataclass(frozen=True)
class Plant:
    """Where the value is put: whole files, and changes of generated ones as file to (before, after)."""

    files: dict[str, str] = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)


def custom(manifest: str, name: str = "planted.yaml") -> Plant:
    """Plant a manifest as the user's own resource."""
    return Plant(
        {f"{CUSTOM}/{name}": manifest},
        {f"{CUSTOM}/kustomization.yaml": ("resources: []", f"resources: [{name}]")},
    )


def patch(text: str) -> Plant:
    """Plant a patch as the user's own."""
    return Plant(
        {f"{CUSTOM}/planted.yaml": text},
        {f"{CUSTOM}/kustomization.yaml": ("patches: []", "patches: [{path: planted.yaml}]")},
    )


def entry(text: str) -> Plant:
    """Plant further keys in the entry of an overlay."""
    return Plant(changes={ENTRY: ("components:", f"{text}\ncomponents:")})


def change(file: str, before: str, after: str) -> Plant:
    return Plant(changes={file: (before, after)})


def spec(before: str, after: str) -> Plant:
    return change("asky.yaml", before, after)


SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {{name: planted}}\n{}"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: planted}}\ndata:\n{}"
INFO = "- name: LOG_LEVEL\n          value: info"

PLANTS = {
    "a Secret in clear": custom(SECRET.format(f"stringData:\n  password: {CANARY}\n  FOO: {CANARY}\n")),
    "a Secret in base64": custom(SECRET.format(f"data: {{password: {ENCODED}}}\n")),
    "a Secret of several lines": custom(
        SECRET.format(f"stringData:\n  app.conf: |\n    a: b\n    {CANARY}\n")
    ),
    "a Secret as JSON": custom(
        '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "stringData": '
        f'{{"password": "{CANARY}"}}}}'
    ),
    "a Secret of another type": custom(SECRET.format(f"stringData: {CANARY}\n")),
    "a Secret with an unknown field": custom(
        SECRET.format(f"stringDta: {{password: {CANARY}}}\npassword: {CANARY}\n")
    ),
    "a ConfigMap": custom(CONFIG.format(f"  app.ini: |\n    [db]\n    password = {CANARY}\n")),
    "a connection string": custom(CONFIG.format(f"  url: postgresql://app:{CANARY}@postgres:5432/asky\n")),
    "a ConfigMap of another type": custom(CONFIG.format(f"  - password={CANARY}\n")),
    "a variable": change(AUTH, INFO, f"- name: SMTP_PASSWORD\n          value: {CANARY}"),
    "a variable and a broken neighbour": change(
        AUTH, INFO, f"- name: SMTP_PASSWORD\n          value: {CANARY}\n          valu: {CANARY}"
    ),
    "a number that is none": change(AUTH, "replicas: 2", f"replicas: {CANARY}"),
    "an argument": change("base/migrations/job.yaml", "- --no-dump-schema", f"- --password={CANARY}"),
    "two arguments": change(
        "base/migrations/job.yaml", "- --no-dump-schema", f"- --password\n        - {CANARY}"
    ),
    "a comment": change(AUTH, "replicas: 2", f"replicas: two # password: {CANARY}"),
    "a role in SQL": change(
        "sql/migrations/0001_schemas.sql",
        "-- migrate:up",
        f"-- migrate:up\nCREATE ROLE x PASSWORD '{CANARY}';",
    ),
    "a literal": entry(f"secretGenerator: [{{name: planted, literals: [FOO={CANARY}]}}]"),
    "a literal that is none": entry(f"secretGenerator: [{{name: planted, literals: [{CANARY}]}}]"),
    "a literal twice": entry(f"secretGenerator: [{{name: planted, literals: [FOO={CANARY}, FOO={CANARY}]}}]"),
    "a literal merged into nothing": entry(
        f"secretGenerator: [{{name: planted, behavior: merge, literals: [FOO={CANARY}]}}]"
    ),
    "a key that is none": entry(f"secretGenerator: [{{name: planted, literals: ['a b={CANARY}']}}]"),
    "an env file": Plant(
        {"overlays/eks/planted.env": f"DB_PASSWORD={CANARY}\n"},
        {ENTRY: ("components:", "secretGenerator: [{name: planted, envs: [planted.env]}]\ncomponents:")},
    ),
    "an env file that is none": Plant(
        {"overlays/eks/planted.env": f"not a name={CANARY}\n"},
        {ENTRY: ("components:", "secretGenerator: [{name: planted, envs: [planted.env]}]\ncomponents:")},
    ),
    "a patch": patch(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: auth}\nspec: {template: {spec: {containers: "
        f"[{{name: auth, env: [{{name: A_TOKEN, value: {CANARY}}}]}}]}}}}}}\n"
    ),
    "a patch of nothing": patch(SECRET.format(f"stringData: {{password: {CANARY}}}\n")),
    "a patch that is none": patch(f"password: {CANARY}\n- {CANARY}\n"),
    "an inline patch that is none": entry(f'patches:\n- patch: "password: {CANARY}"'),
    "an inline patch of nothing": entry(
        f"patches:\n- patch: |-\n    apiVersion: v1\n    kind: Secret\n    metadata: {{name: no}}\n"
        f"    stringData: {{password: {CANARY}}}"
    ),
    "a JSON patch of nothing": entry(
        "patches:\n- target: {kind: Deployment, name: auth}\n  patch: |-\n"
        f"    - {{op: replace, path: /spec/nothing/password, value: {CANARY}}}"
    ),
    "a JSON patch that is none": entry(
        "patches:\n- target: {kind: Deployment, name: auth}\n  patch: |-\n"
        f"    - {{op: {CANARY}, path: /data/password, value: {CANARY}}}"
    ),
    "the same Secret twice": Plant(
        {
            f"{CUSTOM}/planted.yaml": "---\n".join(
                [SECRET.format(f"stringData: {{password: {CANARY}}}\n")] * 2
            )
        },
        {f"{CUSTOM}/kustomization.yaml": ("resources: []", "resources: [planted.yaml]")},
    ),
    "an unknown key of an entry": entry(f"password: {CANARY}"),
    "a key of another type": entry(f"secretGenerator: {{password: {CANARY}}}"),
    "YAML that breaks at it": custom(SECRET.format(f'stringData:\n  password: "{CANARY}\n')),
    "YAML that breaks before it": custom(SECRET.format(f"stringData: [\n  password: {CANARY}\n")),
    "YAML that breaks after it": custom(SECRET.format(f"stringData:\n  password: {CANARY}\n bad: 1\n")),
    "an alias of nothing": custom(SECRET.format(f"stringData: *{CANARY}\n")),
    "a tag of nothing": custom(SECRET.format(f"stringData: {{password: !!int {CANARY}}}\n")),
    "two keys alike": custom(SECRET.format(f"stringData:\n  password: {CANARY}\n  password: {CANARY}\n")),
    "a file that is no Unicode": Plant(
        {f"{CUSTOM}/planted.yaml": SECRET.format(f"stringData: {{password: '{CANARY}\udcff'}}\n")},
        {f"{CUSTOM}/kustomization.yaml": ("resources: []", "resources: [planted.yaml]")},
    ),
    "the spec's variables, where a map belongs": spec("{LOG_LEVEL: info}", f"[{CANARY}]"),
    "the spec's variables, with a wrong name": spec("{LOG_LEVEL: info}", f"{{'smtp password': {CANARY}}}"),
    "the spec's variables, with a wrong value": spec("{LOG_LEVEL: info}", f"{{SMTP_PASSWORD: [{CANARY}]}}"),
    "the spec's secrets": spec("{LOG_LEVEL: info}", f"{{}}\n    secrts: {{JWT_KEY: {CANARY}}}"),
    "the spec's repository": spec("repoURL: https://", f"repoURL: https://asky:{CANARY}@"),
    "a spec with an alias of nothing": spec("{LOG_LEVEL: info}", f"{{SMTP_PASSWORD: *{CANARY}}}"),
    "a spec with a tag": spec("{LOG_LEVEL: info}", f"{{SMTP_PASSWORD: !!int {CANARY}}}"),
    "a spec with the same key twice": spec(
        "{LOG_LEVEL: info}", f"{{SMTP_PASSWORD: {CANARY}, SMTP_PASSWORD: {CANARY}}}"
    ),
    "a spec that breaks": spec("{LOG_LEVEL: info}", f'{{SMTP_PASSWORD: "{CANARY}}}'),
}


def plant(root: Path, planted: Plant) -> None:
    for name, text in planted.files.items():
        (root / name).write_text(text, errors="surrogateescape")
    for name, (before, after) in planted.changes.items():
        text = (root / name).read_text()
        assert before in text, f"{name} no longer holds {before!r}"
        (root / name).write_text(text.replace(before, after, 1))


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
    told = {}
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
