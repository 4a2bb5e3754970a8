"""The map (findings/network.py) and the policies' graph read NetworkPolicies alike, over the whole corpus."""

import json
import subprocess
from pathlib import Path
from typing import Any

from asky_gitops.findings.network import Network, Pods, pods
from tests.policies.conftest import POLICIES, program
from tests.policies.corpus import DATA, load

ASKED = """\
package asked

import data.lib.graph.fences
import data.lib.graph.nodes

answer := {"pods": [pod.node | some pod in nodes.pods], "selected": selected, "opened": opened}

selected := [{"policy": policy.object, "pods": {nodes.pods[i].node | some i in policy.pods}} |
	some policy in fences.policies
	policy.form == "kubernetes"
]

opened := [{"policy": policy.object, "to": way.to} |
	some way in fences.open_to_all
	policy := fences.policies[way.policy]
	policy.form == "kubernetes"
]
"""
STRANGER = Pods("Pod", "elsewhere", "stranger", {}, ())


def graph_answers(inputs: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return what the policies' graph says of each input's pods and NetworkPolicies."""
    (folder / "asked.rego").write_text(ASKED)
    (folder / "inputs.json").write_text(json.dumps(inputs))
    options = [
        "--strict-builtin-errors",
        "--format=json",
        *("--data", str(POLICIES)),
        *("--data", str(folder / "asked.rego")),
        *("--input", str(folder / "inputs.json")),
    ]
    query = (
        "said := {name: answer | some name, case in input; answer := data.asked.answer with input as case}"
    )
    command = [program("opa"), "eval", *options, query]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(done.stdout)["result"][0]["bindings"]["said"])


def node(one: Pods) -> str:
    """Return a workload's name as the graph writes it: the default namespace goes without saying."""
    return f"{one.kind} {one.name}" if one.namespace in ("", "default") else one.id


def test_the_map_and_the_rules_take_the_same_pods_for_selected_and_for_open(tmp_path: Path) -> None:
    files = [
        path for path in sorted(DATA.rglob("*.yaml")) if "kind: NetworkPolicy" in path.read_text("utf-8")
    ]
    inputs = {f"{case.rule}/{case.name}": case.input for path in files for case in load(path)}
    compared = opened = 0
    for name, said in graph_answers(inputs, tmp_path).items():
        ours = {node(one): one for one in pods(inputs[name]["items"])}
        assert ours.keys() == set(said["pods"]), name
        for answer in said["selected"]:
            policies = Network([answer["policy"]])
            selected = {one for one, of in ours.items() if policies.rules(of, "ingress") is not None}
            assert selected == set(answer["pods"]), (name, answer["policy"])
            compared += 1
        for way in said["opened"]:
            policies = Network([way["policy"]])
            for target in way["to"]:
                assert policies.ports(STRANGER, ours[target]), (name, way)
                opened += 1
    assert (compared >= 100, opened >= 10) == (True, True), "the corpus holds too little to compare"
