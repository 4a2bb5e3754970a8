"""A finding on a generated file says which line of asky.yaml is behind it."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Outcome

Invoke = Callable[..., Outcome]


def test_a_finding_on_a_generated_file_names_the_line_of_the_spec(stack: Path, invoke: Invoke) -> None:
    spec = stack / "asky.yaml"
    text = spec.read_text("utf-8").replace("instances: 3", "instances: 1")
    spec.write_text(text.replace("readReplicas: true", "readReplicas: false"), "utf-8")
    assert invoke("generate", cwd=stack).status == 0
    outcome = invoke("check", "--overlay", "eks", "--rule", "single-replica", "--format", "json", cwd=stack)
    [found] = json.loads(outcome.out)["findings"]
    line = 1 + text[: text.index("instances: 1")].count("\n")
    assert (found["location"]["file"], found["related"]) == (
        "overlays/eks/generated/postgres/cluster.yaml",
        [
            {
                "file": "asky.yaml",
                "line": line,
                "column": 18,
                "message": "generated from overlays.eks.database.instances",
            }
        ],
    )


OWNED = """\
package rules.team.ownerless

import data.lib.result

warn contains result.at(item, ["metadata", "labels", "team"], "nobody owns this") if {
	some item in input.items
	item.kind in {"Deployment", "StatefulSet"}
}
"""


def test_a_finding_that_no_value_of_the_spec_decides_names_what_it_is_about(
    stack: Path, invoke: Invoke
) -> None:
    (stack / "own").mkdir()
    (stack / "own/ownerless.rego").write_text(OWNED)
    options = ("--policies", "own", "--rule", "ownerless", "--overlay", "minikube")
    outcome = invoke("check", *options, "--format", "json", cwd=stack)
    keys = {
        f"generated from services.{name}": f"  {name}:" for name in ("auth", "gateway", "pyxis", "requests")
    }
    keys["generated from overlays.minikube"] = "  minikube:"
    lines = (stack / "asky.yaml").read_text("utf-8").splitlines()
    assert [found["related"] for found in json.loads(outcome.out)["findings"]] == [
        [{"file": "asky.yaml", "line": lines.index(written) + 1, "column": 3, "message": said}]
        for said, written in keys.items()
    ]
