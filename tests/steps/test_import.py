"""Manifests as people have them become a stack that says the same, or says where it does not."""

import base64
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, Outcome
from tests.importing import EXPECTED, INPUTS, NETWORKS, WHERE, adopted, source

Invoke = Callable[..., Outcome]
NAMES = sorted(path.name for path in INPUTS.iterdir())
KNOWN = ("Sup3rS3cret", "changeme-please-123", "sk_live_canarycanarycanary", "canary-guest")
"""Values that stand in a manifest where they should not."""
AUTHORS = {"mutable-tag", "missing-digest", "missing-readiness-probe"}
"""Warnings about images and probes, which nobody but their author can better."""
ANSWERS = {"managed-database": NETWORKS}
"""What the importer leaves open, and only a person knows."""


@pytest.fixture
def plain_input(tool: Callable[[str], Path], tmp_path: Path) -> Callable[[str], list[Path]]:
    """Return the manifests of an input as files; a kustomization is built by kustomize itself."""

    def files(name: str) -> list[Path]:
        if name in WHERE:
            built = subprocess.run(
                [tool("kustomize"), "build", source(name)], capture_output=True, text=True, check=True
            )
            (tmp_path / "built.yaml").write_text(built.stdout)
            return [tmp_path / "built.yaml"]
        every = [path for path in source(name).rglob("*") if path.suffix in (".yaml", ".yml", ".json")]
        return [path for path in every if "compose" not in path.name]

    return files


def lacking(*paths: Path) -> "subprocess.CompletedProcess[str]":
    """Ask the oracle what the inputs name and the render, the last of them, lacks."""
    command = [sys.executable, ROOT / "tests" / "import_oracle.py", *paths]
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)


def objects(paths: list[Path]) -> Iterator[dict[str, Any]]:
    """Yield every object of some files."""
    for path in paths:
        for document in yaml.safe_load_all(path.read_text("utf-8")):
            if document:
                yield from document.get("items", [document])


def test_there_are_a_dozen_inputs_and_more() -> None:
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_was_named_is_in_a_render_that_is_clean(
    outside: Path, invoke: Invoke, plain_input: Callable[[str], list[Path]], name: str
) -> None:
    said = adopted(invoke, name, outside)
    if name in ANSWERS:
        assert invoke("set", ANSWERS[name], cwd=outside).status == 0
    assert invoke("generate", cwd=outside).status == 0
    checked = invoke("check", cwd=outside)
    assert (checked.status, checked.err) == (0, ""), checked.out
    assert set(re.findall(r"^warning\[([a-z-]+)\]", checked.out, re.M)) <= AUTHORS
    render = outside / "render.yaml"
    render.write_text(invoke("build", cwd=outside).out)
    inputs = plain_input(name)
    assert lacking(*inputs, render).stdout.strip() == ""
    for one in objects(inputs):
        assert f" {one['kind']} {one['metadata']['name']} " in said.out


@pytest.mark.parametrize("name", NAMES)
def test_a_secrets_value_goes_nowhere(
    outside: Path, invoke: Invoke, plain_input: Callable[[str], list[Path]], name: str
) -> None:
    values = set(KNOWN)
    for one in objects(plain_input(name)):
        if one["kind"] == "Secret":
            values |= set((one.get("stringData") or {}).values())
            for encoded in (one.get("data") or {}).values():
                values |= {encoded, base64.b64decode(encoded).decode()}
    values -= {"books", "orders"}  # the names of databases' users, which their tables and services have too
    said = adopted(invoke, name, outside)
    written = "".join(path.read_text() for path in outside.rglob("*") if path.is_file())
    assert {value for value in values if value.strip() in said.out + written} == set()
    assert "canary" not in said.out + written


def test_the_oracle_sees_what_is_missing(outside: Path, invoke: Invoke) -> None:
    adopted(invoke, "student", outside)
    assert invoke("generate", cwd=outside).status == 0
    render = invoke("build", cwd=outside).out
    for lost in ("PYXIS_URL", "8001", "askydocker/auth", "path: /auth", "TABLE IF NOT EXISTS dispensers"):
        (outside / "render.yaml").write_text(render.replace(lost, f"{lost[:-1]}-"))
        done = lacking(*source("student").glob("*.yaml"), outside / "render.yaml")
        assert (done.returncode, done.stdout.count("\n")) == (1, 1), lost


STUDENT = (EXPECTED / "student.txt").read_text("utf-8")


def test_each_object_is_reported_with_what_became_of_it(outside: Path, invoke: Invoke) -> None:
    said = invoke("import", source("student"), cwd=outside)
    assert said == Outcome(
        0,
        f"{STUDENT}  wrote      asky.yaml, sql/migrations/0001_schemas.sql, sql/migrations/0002_init.sql, "
        "overlays/minikube/custom/kustomization.yaml …\n"
        "  next: edit source.repoURL in asky.yaml · asky-gitops generate · asky-gitops check\n",
        "",
    )
    assert (outside / "asky.yaml").read_text() == (EXPECTED / "student.yaml").read_text()


def test_on_a_terminal_in_colour_and_a_dry_run_writes_nothing(outside: Path, terminal: Invoke) -> None:
    before = sorted(outside.rglob("*"))
    said = terminal("import", source("student"), "--dry-run", cwd=outside)
    assert said.status == 0
    assert "  \x1b[32mtaken      \x1b[0mDeployment auth " in said.out
    assert re.sub(r"\x1b\[\d+m", "", said.out) == (
        f"{STUDENT}  nothing was written · next: the same without --dry-run\n"
    )
    assert sorted(outside.rglob("*")) == before


def test_a_database_of_scripts_gets_schemas_and_rights_first(outside: Path, invoke: Invoke) -> None:
    adopted(invoke, "statefulset", outside)
    assert (outside / "sql/migrations/0001_schemas.sql").read_text() == (
        "-- migrate:up\n"
        "CREATE SCHEMA IF NOT EXISTS books_api;\n"
        "GRANT USAGE ON SCHEMA books_api TO books_api;\n"
        "-- What comes later belongs to all of them, as it did; part it by later migrations.\n"
        "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO books_api;\n"
        "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO books_api;\n"
        "ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO books_api;\n"
        "\n"
        "-- migrate:down\n"
        "DROP SCHEMA books_api;\n"
    )


REFUSED: dict[str, tuple[list[str | Path], str]] = {
    "nothing there": (["gone"], "error: gone: there is no such file or folder\n"),
    "an empty folder": (["."], "error: .: holds no manifest\n"),
    "no manifest": (
        [source("student") / "docker-compose.yml"],
        f"error: {source('student') / 'docker-compose.yml'}: "
        "there is no workload in it that the spec could describe\n",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_imported_is_said(tmp_path: Path, invoke: Invoke, name: str) -> None:
    arguments, words = REFUSED[name]
    assert invoke("import", *arguments, cwd=tmp_path) == Outcome(2, "", words)
    assert list(tmp_path.iterdir()) == []


def test_what_kubectl_prints_is_read_from_standard_input(outside: Path, invoke: Invoke) -> None:
    dump = (source("cluster-dump") / "all.yaml").read_bytes()
    said = invoke("import", "-", cwd=outside, input=dump)
    assert (said.status, said.err) == (0, "")
    from_file = outside.parent / "from-file"
    from_file.mkdir()
    same = adopted(invoke, "cluster-dump", from_file)
    assert said.out.replace("(standard input)", "(all.yaml)").splitlines()[:-2] == same.out.splitlines()[:-2]
    assert (outside / "asky.yaml").read_text() == (from_file / "asky.yaml").read_text()


def test_of_several_kustomizations_one_must_be_named(outside: Path, invoke: Invoke) -> None:
    shutil.copytree(INPUTS / "kustomized", outside / "theirs")
    assert invoke("import", "theirs", cwd=outside) == Outcome(
        2,
        "",
        "error: theirs: holds kustomizations further down: import one of them\n"
        "hint: there are theirs/base, theirs/overlays/prod\n",
    )


def test_broken_yaml_is_placed_and_not_quoted(outside: Path, invoke: Invoke) -> None:
    (outside / "broken.yaml").write_text("kind: Secret\nstringData: {password: sesame: open}\n")
    assert invoke("import", ".", cwd=outside) == Outcome(2, "", "error: broken.yaml:2:30: is not YAML\n")


@pytest.mark.parametrize("overlay", ["minikube", "eks"])
def test_our_own_output_loses_nothing_that_the_spec_can_say(
    outside: Path, tmp_path: Path, generated: Path, invoke: Invoke, overlay: str
) -> None:
    whole = {
        "": invoke("build", "--overlay", overlay, cwd=generated).out,
        "/platform": invoke("build", f"overlays/{overlay}/platform", cwd=generated).out,
    }
    (tmp_path / "own").mkdir()
    for place, render in whole.items():
        (tmp_path / "own" / f"render{place.replace('/', '-')}.yaml").write_text(render)

    assert invoke("import", tmp_path / "own", cwd=outside).status == 0
    assert invoke("generate", cwd=outside).status == 0

    for place, render in whole.items():
        assert invoke("build", f"overlays/{overlay}{place}", cwd=outside).out == render
    for path in (generated / "sql" / "migrations").glob("0*.sql"):
        assert (outside / path.relative_to(generated)).read_text() == path.read_text()
