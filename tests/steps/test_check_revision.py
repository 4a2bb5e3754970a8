"""What a run makes of another revision, in real repositories with renamed, deleted and moved files."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome, git, new_repository

Invoke = Callable[..., Outcome]
SERVICE = "overlays/minikube/generated/postgres/service.yaml"
AUTH = "base/auth/deployment.yaml"
HEAD = "apiVersion: asky-gitops.dev/v1alpha1\nkind: Waivers\nwaivers:\n"
NO_REPORT = (
    "error: baseline.json: is not a report of asky-gitops\n"
    "hint: asky-gitops check --format json --output FILE writes one\n"
)
WAIVER = f"{HEAD}- {{rule: exposed-database, resource: asky/Service/postgres, reason: a classroom}}\n"


def change(root: Path, name: str, before: str, after: str) -> None:
    text = (root / name).read_text()
    assert before in text
    (root / name).write_text(text.replace(before, after, 1))


def save(root: Path, message: str) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)


@pytest.fixture
def committed(generated: Path, tmp_path: Path) -> Path:
    """A repository with the generated example, a public database in it, committed."""
    shutil.copytree(generated, tmp_path / "repo")
    root = new_repository(tmp_path / "repo")
    change(root, SERVICE, "type: ClusterIP", "type: LoadBalancer")
    save(root, "a public database")
    return root


def leak(root: Path, name: str, value: str = "hunter2") -> None:
    """Write a password into the first variable of auth."""
    change(root, AUTH, "        env:\n", f"        env:\n        - name: {name}\n          value: {value}\n")


def shown(outcome: Outcome) -> list[tuple[str, str]]:
    """Return rule and overlays of the errors of a text report."""
    return re.findall(r"(?ms)^error\[([^\]]+)\].*?^  in    ([^\n]*)", outcome.out)


def test_what_a_revision_had_is_known_and_does_not_count(committed: Path, invoke: Invoke) -> None:
    outcome = invoke("check", "--since", "HEAD", "--rule", "exposed-database", cwd=committed)
    assert (outcome.status, outcome.err) == (0, "")
    said = re.sub(r"^note: profile dev .*\n\n", "", outcome.out)
    assert re.fullmatch(r"1 known · 2 overlays, \d+ objects, \d+ rules · \d+\.\d\d s\n", said)
    leak(committed, "SMTP_PASSWORD")
    outcome = invoke("check", "--since", "HEAD")
    assert (outcome.status, shown(outcome)) == (1, [("inline-secret", "eks, minikube")])
    save(committed, "a password")
    assert invoke("check", "--since", "HEAD").status == 0
    assert shown(invoke("check", "--since", "HEAD~1")) == [("inline-secret", "eks, minikube")]
    assert git(committed, "status", "--porcelain") == ""


def test_a_second_one_before_the_first_is_the_new_one(committed: Path, invoke: Invoke) -> None:
    leak(committed, "SMTP_PASSWORD")
    save(committed, "a password")
    leak(committed, "A_TOKEN", "sesame-opens")
    outcome = invoke("check", "--since", "HEAD", cwd=committed)
    assert re.findall(r"^error.*", outcome.out, re.M) == [
        "error[inline-secret]: the value of A_TOKEN is written out"
    ]


WEB = """\
apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  containers:
    - name: web
      image: nginx:1.29
      env: [{{name: API_TOKEN, value: not-so-secret-{name}}}]
      resources: {{limits: {{cpu: 500m, memory: 64Mi}}}}
"""


def test_moved_renamed_and_deleted_files_are_no_news(repo: Path, invoke: Invoke) -> None:
    for name in ("one", "two", "three"):
        (repo / "apps" / name).mkdir(parents=True)
        (repo / "apps" / name / "kustomization.yaml").write_text(
            f"resources: [pod.yaml]\nsecretGenerator: [{{name: s, files: [key.txt]}}]\n# {name} {'x' * 200}\n"
        )
        (repo / "apps" / name / "pod.yaml").write_text(WEB.format(name=name))
        (repo / "apps" / name / "key.txt").write_text(f"{name} password=sesame-{name} {'y' * 200}\n")
    save(repo, "three apps with secrets")
    before = json.loads(invoke("check", ".", "--format", "json", cwd=repo).out)
    assert {tuple(one["overlays"]) for one in before["findings"]} == {
        (f"apps/{n}",) for n in ("one", "two", "three")
    }

    git(repo, "mv", "apps/one", "services")
    git(repo, "mv", "apps/two/pod.yaml", "apps/two/web.yaml")
    change(repo, "apps/two/kustomization.yaml", "pod.yaml", "web.yaml")
    git(repo, "rm", "-r", "--quiet", "apps/three")
    outcome = invoke("check", ".", "--since", "HEAD", "--rule", "inline-secret")
    assert (outcome.status, shown(outcome)) == (0, [])

    (repo / "services" / "more.yaml").write_text(WEB.format(name="four"))
    change(repo, "services/kustomization.yaml", "[pod.yaml]", "[pod.yaml, more.yaml]")
    outcome = invoke("check", ".", "--since", "HEAD", "--rule", "inline-secret")
    assert (outcome.status, shown(outcome)) == (1, [("inline-secret", "services")])
    assert "services/more.yaml:8:38" in outcome.out


def test_a_revision_that_cannot_be_judged_makes_everything_new(committed: Path, invoke: Invoke) -> None:
    (committed / "asky.yaml").write_text("overlays: [\n")
    save(committed, "broken")
    git(committed, "checkout", "--quiet", "HEAD~1", "--", "asky.yaml")
    outcome = invoke("-v", "check", "--since", "HEAD", cwd=committed)
    assert (outcome.status, [rule for rule, _ in shown(outcome)]) == (1, ["exposed-database"])
    assert "the earlier revision cannot be judged" in outcome.err


def test_a_report_of_then_is_a_baseline(committed: Path, invoke: Invoke) -> None:
    invoke("check", "--format", "json", "--output", "baseline.json", cwd=committed)
    assert invoke("check", "--baseline", "baseline.json").status == 0
    leak(committed, "SMTP_PASSWORD")
    outcome = invoke("check", "--baseline", "baseline.json", "--format", "json")
    findings = json.loads(outcome.out)["findings"]
    assert (outcome.status, [(one["rule"], one["known"]) for one in findings]) == (
        1,
        [("inline-secret", False), ("exposed-database", True)],
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "error: baseline.json: cannot be read: No such file or directory\n"),
        ("[", NO_REPORT),
        ('{"findings": []}', NO_REPORT),
    ],
)
def test_a_baseline_that_is_none_is_refused(
    committed: Path, invoke: Invoke, content: str | None, expected: str
) -> None:
    if content is not None:
        (committed / "baseline.json").write_text(content)
    assert invoke("check", "--baseline", "baseline.json", cwd=committed) == Outcome(2, "", expected)


def test_a_revision_that_is_none_is_refused_with_the_way_to_it(
    committed: Path, tmp_path: Path, invoke: Invoke
) -> None:
    def refused(root: Path, revision: str) -> str:
        outcomes = [invoke("check", flag, revision, cwd=root) for flag in ("--since", "--trust-from")]
        outcomes.append(invoke("diff", "--since", revision, cwd=root))
        assert {(one.status, one.out) for one in outcomes} == {(2, "")}
        (words,) = {one.err for one in outcomes}
        return words.removeprefix(f'error: git knows no revision "{revision}"\nhint: ').rstrip()

    known = "git fetch gets what others have; git log --all lists what is here"
    assert refused(committed, "nowhere") == known
    git(committed, "branch", "topic")
    git(tmp_path, "clone", "--quiet", committed.as_uri(), "whole")
    assert refused(tmp_path / "whole", "topic") == 'did you mean "origin/topic"?'
    git(committed, "commit", "--quiet", "--allow-empty", "--message", "more")
    git(tmp_path, "clone", "--quiet", "--depth=1", committed.as_uri(), "shallow")
    assert refused(tmp_path / "shallow", "HEAD~1") == (
        "this clone is shallow: git fetch --unshallow; in CI, actions/checkout takes fetch-depth: 0"
    )
    shutil.rmtree(committed / ".git")
    new_repository(committed)
    assert refused(committed, "HEAD") == "there is no commit here yet: git commit makes the first"


def test_a_pull_request_cannot_waive_itself(committed: Path, invoke: Invoke) -> None:
    (committed / "waivers.yaml").write_text(WAIVER)
    save(committed, "a waiver together with what it covers")
    assert invoke("check", cwd=committed).status == 0
    outcome = invoke("check", "--trust-from", "HEAD~1")
    assert (outcome.status, shown(outcome)) == (1, [("exposed-database", "minikube")])
    assert invoke("check", "--trust-from", "HEAD").status == 0


def test_a_pull_request_may_take_out_a_waiver_with_what_it_covered(committed: Path, invoke: Invoke) -> None:
    (committed / "waivers.yaml").write_text(WAIVER)
    save(committed, "waived")
    change(committed, SERVICE, "type: LoadBalancer", "type: ClusterIP")
    assert invoke("check", "--trust-from", "HEAD", cwd=committed).status == 2
    (committed / "waivers.yaml").unlink()
    assert invoke("check", "--trust-from", "HEAD").status == 0


def test_a_pull_request_cannot_take_itself_for_the_baseline(committed: Path, invoke: Invoke) -> None:
    invoke("check", "--format", "json", "--output", "baseline.json", cwd=committed)
    (committed / "baseline.json").rename(committed / "new.json")
    (committed / "baseline.json").write_text('{"schemaVersion": "1", "findings": []}')
    save(committed, "an empty baseline")
    (committed / "new.json").rename(committed / "baseline.json")
    assert invoke("check", "--baseline", "baseline.json").status == 0
    assert invoke("check", "--baseline", "baseline.json", "--trust-from", "HEAD").status == 1


def test_a_pull_request_cannot_weaken_settings_policies_or_what_is_judged(
    committed: Path, invoke: Invoke
) -> None:
    change(committed, SERVICE, "type: LoadBalancer", "type: ClusterIP")
    (committed / "own").mkdir()
    (committed / "own/policy.rego").write_text(
        'package rules.own.loud\n\ndeny contains "always" if input.overlay == "minikube"\n'
    )
    save(committed, "a rule that always fires")
    (committed / "own/policy.rego").write_text("package rules.own.loud\n\ndeny contains 1 if false\n")
    assert invoke("check", "--policies", "own", cwd=committed).status == 0
    outcome = invoke("check", "--policies", "own", "--trust-from", "HEAD")
    assert (outcome.status, [rule for rule, _ in shown(outcome)]) == (1, ["loud"])
    change(committed, "asky.yaml", "  minikube:", "  minikub:")
    shutil.copytree(committed / "overlays/minikube", committed / "overlays/minikub")
    outcome = invoke("check", "--policies", "own", "--trust-from", "HEAD")
    assert (outcome.status, [rule for rule, _ in shown(outcome)]) == (1, ["loud"])


def test_what_the_trusted_revision_does_not_have_is_named(committed: Path, invoke: Invoke) -> None:
    (committed / "own").mkdir()
    (committed / "baseline.json").write_text("{}")
    for flag, place in (("--policies", "own"), ("--crds", "own"), ("--baseline", "baseline.json")):
        assert invoke("check", flag, place, "--trust-from", "HEAD", cwd=committed) == Outcome(
            2,
            "",
            f"error: {place} is not in HEAD\nhint: it counts from the commit on that brings it there\n",
        )


def test_a_revision_needs_a_repository(stack: Path, invoke: Invoke) -> None:
    outcome = invoke("check", "--since", "HEAD", cwd=stack)
    assert (outcome.status, outcome.out) == (3, "")
    assert outcome.err == "error: this is not inside a git repository\nhint: git init\n"
