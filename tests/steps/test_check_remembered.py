"""The hook judges nothing again while nothing it was judged from and by has changed."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from asky_gitops.adapters import bundled, remembered
from tests.conftest import Outcome, git

Invoke = Callable[..., Outcome]
AUTH = "base/auth/deployment.yaml"
CUSTOM = "overlays/eks/custom/kustomization.yaml"
AGAIN = "nothing that counts has changed since it was judged\n"


def timeless(text: str) -> str:
    return re.sub(r" · [0-9.]+ s$", "", text, flags=re.M)


def kept() -> list[Path]:
    return sorted((Path(os.environ["XDG_CACHE_HOME"]) / "asky-gitops").glob("*"))


def test_what_was_clean_is_said_again_in_every_format_without_judging(
    committed: Path, invoke: Invoke
) -> None:
    first = invoke("-v", "check", "--staged", cwd=committed)
    again = invoke("-v", "check", "--staged")
    assert (first.status, again.status, again.err) == (0, 0, AGAIN)
    assert timeless(again.out) == timeless(first.out)
    for form in ("json", "sarif", "junit", "markdown"):
        told = invoke("-v", "check", "--staged", "--format", form)
        assert told.err == AGAIN
        judged = invoke("check", "--format", form)
        assert timeless(told.out) == timeless(judged.out)
    (file,) = kept()
    assert file.stat().st_mode & 0o77 == 0


def test_whatever_else_is_staged_is_judged(committed: Path, invoke: Invoke) -> None:
    invoke("check", "--staged", cwd=committed)
    text = (committed / AUTH).read_text()
    stamp = (committed / AUTH).stat()
    (committed / AUTH).write_text(text.replace("value: info", "value: loud"))
    os.utime(committed / AUTH, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert invoke("-v", "check", "--staged").err == AGAIN, "what is not staged is not looked at"
    git(committed, "add", AUTH)
    assert AGAIN not in invoke("-v", "check", "--staged").err
    assert invoke("-v", "check", "--staged").err == AGAIN
    assert AGAIN not in invoke("-v", "check", "--staged", "--overlay", "eks").err


def test_what_is_found_is_found_every_time_and_never_kept(committed: Path, invoke: Invoke) -> None:
    (committed / AUTH).write_text(
        (committed / AUTH).read_text().replace("- name: LOG_LEVEL\n", "- name: A_PASSWORD\n")
    )
    git(committed, "add", AUTH)
    for _ in range(2):
        outcome = invoke("-v", "check", "--staged", cwd=committed)
        assert (outcome.status, AGAIN in outcome.err) == (1, False)
        (file,) = kept()
        said = json.loads(file.read_text())["said"]
        assert (said["findings"], said["targets"], said["problems"]) == ([], [], [])


def test_what_reaches_no_target_is_not_rendered_again_whatever_was_found(
    committed: Path, invoke: Invoke
) -> None:
    (committed / CUSTOM).write_text((committed / CUSTOM).read_text() + "# more\n")
    (committed / AUTH).write_text(
        (committed / AUTH).read_text().replace("- name: LOG_LEVEL\n", "- name: A_PASSWORD\n")
    )
    git(committed, "commit", "--quiet", "--all", "--message", "with a password")
    (committed / "README.md").write_text("# Asky\n")
    git(committed, "add", "README.md")
    judged = invoke("-v", "check", "--staged", cwd=committed)
    assert (judged.status, AGAIN in judged.err) == (0, False)
    (committed / "README.md").write_text("# Asky, once more\n")
    (committed / "notes").mkdir()
    (committed / "notes/first.txt").write_text("nothing of the stack\n")
    git(committed, "add", "README.md")
    again = invoke("-v", "check", "--staged")
    assert (again.status, again.err, timeless(again.out)) == (0, AGAIN, timeless(judged.out))
    (committed / "base/more.yaml").write_text("# may be read, and is found\n")
    git(committed, "add", "base/more.yaml")
    assert AGAIN not in invoke("-v", "check", "--staged").err


def test_what_is_reached_is_judged_though_it_was_not_reached_before(committed: Path, invoke: Invoke) -> None:
    invoke("check", "--staged", cwd=committed)
    (committed / CUSTOM).write_text((committed / CUSTOM).read_text() + "# more\n")
    git(committed, "add", CUSTOM)
    assert AGAIN not in invoke("-v", "check", "--staged").err
    assert invoke("-v", "check", "--staged").err == AGAIN
    git(committed, "commit", "--quiet", "--message", "more")
    whole = invoke("-v", "check", "--staged")
    assert (AGAIN in whole.err, "2 overlays" in whole.out) == (False, True), "one of them was not judged then"


def test_what_reads_more_than_the_index_is_judged(committed: Path, invoke: Invoke) -> None:
    (committed / "own").mkdir()
    (committed / "own/p.rego").write_text("package rules.own.quiet\n\ndeny contains 1 if false\n")
    for _ in range(2):
        outcome = invoke("-v", "check", "--staged", "--policies", "own", cwd=committed)
        assert (outcome.status, AGAIN in outcome.err) == (0, False)
    assert kept() == []


def test_what_is_remembered_needs_no_engine_and_no_parser(committed: Path) -> None:
    script = (
        "import sys\nfrom asky_gitops.cli.main import main\nmain(['-v', 'check', '--staged'])\n"
        "print('|'.join(sorted(sys.modules)))\n"
    )
    # sys.path is a part of what is remembered, so that both runs start alike.
    first, again = (
        subprocess.run(
            [sys.executable, "-c", script], cwd=committed, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    )
    heavy = {"asky_gitops.adapters.engine", "asky_gitops.steps.check", "yaml"}
    assert again.stderr == AGAIN
    assert heavy <= set(first.stdout.splitlines()[-1].split("|"))
    assert heavy & set(again.stdout.splitlines()[-1].split("|")) == set()


SPOILED = ("", "[]", "{", '{"key": "other", "said": {}}', "5", "null")


def test_a_note_that_is_spoiled_is_no_verdict(committed: Path, invoke: Invoke) -> None:
    invoke("check", "--staged", cwd=committed)
    (file,) = kept()
    note = json.loads(file.read_text())
    said = note["said"]
    reports: list[Any] = [
        {},
        [],
        {**said, "targets": []},
        {**said, "problems": [1]},
        {**said, "off": [{"x": 1}]},
    ]
    reports += [{**said, "read": []}, {**said, "read": 5}, {**said, "read": [5]}]
    for text in [*SPOILED, *(json.dumps({**note, "said": one}) for one in reports)]:
        file.write_text(text)
        outcome = invoke("-v", "check", "--staged")
        assert (outcome.status, AGAIN in outcome.err) == (0, False), text[-200:]


def test_without_a_place_to_keep_it_everything_is_judged(
    committed: Path, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    for _ in range(2):
        outcome = invoke("-v", "check", "--staged", cwd=committed)
        assert (outcome.status, AGAIN in outcome.err) == (0, False)


def test_a_key_is_of_every_content_name_and_link_that_counts_and_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    (root / "a").mkdir(parents=True)
    (root / "a/x").write_text("1")
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "engine").write_bytes(b"\x7fELF")
    read = ["a/x", "a/y", "a/z"]

    def key(program: str = "program", asked: str = "asked") -> str:
        return remembered.key_of(root, [tmp_path / program], [asked], read)

    keys = [key()]
    assert key() == keys[0]

    def changed() -> None:
        keys.append(key())
        assert len(set(keys)) == len(keys)

    keys.append(key(asked="otherwise"))
    (root / "a/x").write_text("2")
    changed()
    (root / "a/x").rename(root / "a/y")
    changed()
    (root / "a/z").symlink_to("w")
    changed()
    (root / "a/w").write_text("what the link leads to")
    changed()
    (root / "a/w").write_text("something else")
    changed()
    (root / "a/z").unlink()
    (root / "a/z").write_text("link w")
    changed()
    for name in (".asky-gitops.yaml", "a/m.yml", "a/m.JSON", "a/Kustomization", "a/m.sql"):
        (root / name).write_text("may be found")
        changed()
    (root / "b").mkdir()
    changed()
    (root / "b/readme").write_text("nobody reads it")
    assert key() == keys[-1]
    (tmp_path / "program" / "engine").write_bytes(b"another")
    changed()
    (tmp_path / "program" / "__pycache__").mkdir()
    (tmp_path / "program" / "__pycache__" / "engine.pyc").write_bytes(b"made anew")
    assert key() == keys[-1]
    (tmp_path / "site" / "yaml-9.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path / "site")
    changed()


def test_the_program_is_what_judges(committed: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    invoke("check", "--staged", cwd=committed)
    policies = committed.parent / "policies"
    shutil.copytree(bundled.policies(), policies)
    monkeypatch.setattr(bundled, "policies", lambda: policies)
    assert invoke("-v", "check", "--staged").err == AGAIN, "another place, the same policies"
    with (policies / "lib/text/text.rego").open("a") as file:
        file.write("\n# another\n")
    assert AGAIN not in invoke("-v", "check", "--staged").err
