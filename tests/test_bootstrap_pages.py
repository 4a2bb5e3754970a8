"""The bootstrap pages name nothing that is not there; tests/e2e runs what needs no cloud."""

import re
from pathlib import Path

import pytest
import yaml

from asky_gitops.steps.generate import load
from asky_gitops.tree import layout, views
from tests.conftest import ROOT
from tests.pages import Command, commands

PAGES = {name: ROOT / "docs" / "bootstrap" / f"{name}.md" for name in ("eks", "minikube")}
NAMED = re.compile(
    r"(?P<kind>application|appproject|job|statefulset|namespace|configmap|persistentvolumeclaim"
    r"|cluster\.postgresql\.cnpg\.io)[ /](?P<names>[a-z0-9-]+(?: [a-z0-9-]+)*)"
)
KNOWN = {
    "asky-gitops commit": {"--push"},
    "asky-gitops generate": {"--overwrite"},
    "kubectl annotate": {"--namespace", "--overwrite"},
    "kubectl apply": {"--filename", "--server-side", "--namespace", "--field-manager"},
    "kubectl create": {"--namespace", "--dry-run", "--output", "--from-literal", "--from-file", "--type",
                       "--filename"},
    "kubectl delete": {"--namespace"},
    "kubectl exec": {
        "--namespace", "--container", "--stdin", "--tty",
        "--username", "--format", "--dbname", "--clean", "--if-exists", "--exit-on-error",
    },
    "kubectl get": {"--all-namespaces", "--selector", "--namespace", "--output"},
    "kubectl label": {"--namespace"},
    "kubectl logs": {"--namespace", "--container"},
    "kubectl patch": {"--namespace", "--type", "--patch"},
    "kubectl rollout": {"--namespace", "--timeout"},
    "kubectl wait": {"--namespace", "--timeout", "--for"},
    "argocd cluster": {"--name"},
    "aws eks": {"--region", "--name"},
    "aws secretsmanager": {
        "--region", "--name", "--secret-string", "--exclude-punctuation", "--password-length", "--output",
        "--query", "--raw-input",
    },
    "eksctl create": {"--config-file"},
    "eksctl delete": {"--region", "--name", "--wait"},
    "minikube start": {"--cni", "--addons"},
    "minikube tunnel": set(),
    'echo "$(minikube': set(),
}  # fmt: skip
"""Programs with their verb, and the flags they take (each one's own --help).

jq's --raw-input is aws secretsmanager's here, and those of pg_dump and pg_restore kubectl exec's.
"""


@pytest.fixture(params=sorted(PAGES))
def overlay(request: pytest.FixtureRequest) -> str:
    """Name each overlay of the worked example."""
    return str(request.param)


def test_every_program_verb_and_flag_exists(overlay: str) -> None:
    wrong = []
    for command in commands(PAGES[overlay]):
        start = " ".join(command.text.split()[:2])
        used = set(re.findall(r"(?<![\w'-])(--[a-z-]+)", command.text))
        wrong += [f"{start}: {flag}" for flag in sorted(used - KNOWN.get(start, set()))]
        wrong += [] if start in KNOWN else [start]
    assert wrong == []


def test_every_file_that_a_command_reads_is_in_the_repository(overlay: str) -> None:
    text = "\n".join(command.text for command in commands(PAGES[overlay]))
    files = [
        name for name in re.findall(r"--(?:filename|config-file)=([^\s-][^\s]*)", text) if "://" not in name
    ]
    assert len(files) >= 6
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_every_object_that_a_command_names_is_one_of_the_overlay(overlay: str) -> None:
    known = {
        ("namespace", "argocd"),
        ("persistentvolumeclaim", "data-postgres-0"),
        ("cluster.postgresql.cnpg.io", "asky-db-2"),  # the one that a restore makes
    }
    stack = load(ROOT)
    view = views.view(stack, stack.overlays[overlay])
    files = [one.content for one in layout.plan(stack).files if one.path.startswith(f"argocd/{overlay}/")]
    made = [*view.rendered, *(one for content in files if not isinstance(content, str) for one in content)]
    for one in made:
        group = one["apiVersion"].rpartition("/")[0]
        kind = one["kind"].lower()
        known.add((f"{kind}.{group}" if kind == "cluster" else kind, one["metadata"]["name"]))
    named = {
        (match["kind"], name)
        for command in commands(PAGES[overlay])
        for match in NAMED.finditer(re.sub(r"--\S+|\\\n|'[^']*'", " ", command.text.replace(" argocd ", " ")))
        for name in match["names"].split()
    }
    assert named - known == set()
    assert {f"asky-{overlay}", f"asky-{overlay}-platform"} <= {
        name for kind, name in named if kind == "application"
    }


def test_every_namespace_of_a_command_is_one_of_the_overlay(overlay: str) -> None:
    used = set(re.findall(r"--namespace[= ](\S+)", PAGES[overlay].read_text("utf-8")))
    assert used == {"argocd", "asky"}


def test_the_steps_are_the_ones_from_an_empty_cluster_to_a_removed_one() -> None:
    steps = {name: list(dict.fromkeys(one.step for one in commands(page))) for name, page in PAGES.items()}
    common = ["The platform", "Secrets", "The stack"]
    eks = ["Change a password", "Restore", "Another major version"]
    minikube = ["Migrations", "Change a password", "Move the data"]
    end = ["Remove it", "Delete the data on purpose"]
    assert steps == {
        "eks": ["The cluster", "Argo CD", "The operators", *common, "Migrations", *eks, *end],
        "minikube": ["The cluster", "Argo CD", "The platform", "The stack", "Reach it", *minikube, *end],
    }


def test_no_secrets_value_is_part_of_a_command(overlay: str) -> None:
    shown = [
        one.text for one in commands(PAGES[overlay]) if re.search(r"password[= ](?!-)|<token>", one.text)
    ]
    assert [text for text in shown if "--from-file=password=<file>" not in text] == []


def test_the_cluster_file_gives_every_role_that_the_page_names() -> None:
    config = yaml.safe_load((ROOT / "docs/bootstrap/eks-eksctl.yaml").read_text("utf-8"))
    rows = re.findall(
        r"^\| `([a-z-]+)` \| `([a-z-]+)` \| (?:read|make|write) ", PAGES["eks"].read_text("utf-8"), re.M
    )
    assert rows == [
        (one["namespace"], one["serviceAccountName"]) for one in config["iam"]["podIdentityAssociations"]
    ]


def test_a_command_that_goes_on_in_the_next_line_is_one(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("## 1. One\n\n```sh\na \\\n  b |\n  c\nd\n```\n## Two\n```sh\ne\n```\n", "utf-8")
    assert commands(page) == [Command("One", "a \\\n  b |\n  c"), Command("One", "d"), Command("Two", "e")]
