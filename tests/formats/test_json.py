import json
from dataclasses import replace

import jsonschema
import pytest

from asky_gitops.formats import Style
from asky_gitops.formats.json import write
from asky_gitops.model.finding import Report
from asky_gitops.steps.schema import schema

STYLE = Style()


def test_a_report_is_the_contract_of_version_1(report: Report) -> None:
    assert json.loads(write(report, STYLE)) == {
        "schemaVersion": "1",
        "tool": {"asky-gitops": "0.1.0", "kustomize": "v5.8.1", "opa": "1.22.0", "schemas": "1.37"},
        "targets": [
            {
                "name": "eks",
                "path": "overlays/eks",
                "status": "judged",
                "objects": 54,
                "rules": 52,
                "unknownKinds": ["example.org/v1/Widget"],
                "unjudged": [{"file": "k8s/values.yaml", "reason": "not a Kubernetes manifest"}],
            },
            {
                "name": "minikube",
                "path": "overlays/minikube",
                "status": "failed",
                "objects": 0,
                "rules": 0,
                "unknownKinds": [],
                "unjudged": [],
            },
            {
                "name": "minikube/platform",
                "path": "overlays/minikube/platform",
                "status": "judged",
                "objects": 40,
                "rules": 52,
                "unknownKinds": [],
                "unjudged": [],
            },
        ],
        "findings": [
            {
                "rule": "exposed-database",
                "category": "security",
                "severity": "error",
                "message": "the internet can reach a database",
                "resource": {
                    "apiVersion": "v1",
                    "kind": "Service",
                    "namespace": "asky",
                    "name": "postgres-public",
                },
                "field": "spec.type",
                "overlays": ["eks"],
                "location": {
                    "file": "overlays/eks/custom/expose.yaml",
                    "line": 11,
                    "column": 19,
                    "endLine": 11,
                    "endColumn": 31,
                },
                "related": [
                    {
                        "file": "overlays/eks/generated/postgres/cluster.yaml",
                        "line": 24,
                        "column": 3,
                        "message": "the object it patches",
                    }
                ],
                "trace": ["internet", "Service asky/postgres-public:5432", "Cluster asky/asky-db"],
                "remediation": "remove it; for a shell use `kubectl cnpg psql`",
                "fixable": False,
                "fingerprint": "v1:9f2c",
                "waiver": None,
                "known": False,
            },
            {
                "rule": "missing-resource-limits",
                "category": "reliability",
                "severity": "warning",
                "message": "no cpu limit",
                "resource": {
                    "apiVersion": "apps/v1",
                    "kind": "Deployment",
                    "namespace": "asky",
                    "name": "auth",
                },
                "field": "spec.template.spec.containers[0].resources",
                "overlays": ["eks", "minikube"],
                "location": None,
                "related": [],
                "trace": [],
                "remediation": "",
                "fixable": False,
                "fingerprint": "v1:11aa",
                "waiver": None,
                "known": False,
            },
            {
                "rule": "waived",
                "category": "style",
                "severity": "error",
                "message": "m",
                "resource": None,
                "field": "",
                "overlays": ["eks"],
                "location": None,
                "related": [],
                "trace": [],
                "remediation": "",
                "fixable": False,
                "fingerprint": "v1:22bb",
                "waiver": {
                    "reason": "on purpose",
                    "owner": "asky",
                    "until": None,
                    "location": {"file": "waivers.yaml", "line": 4, "column": 3},
                },
                "known": False,
            },
            {
                "rule": "missing-resource-limits",
                "category": "reliability",
                "severity": "error",
                "message": "no memory limit",
                "resource": {"apiVersion": "v1", "kind": "Pod", "namespace": None, "name": "old"},
                "field": "",
                "overlays": ["eks"],
                "location": None,
                "related": [],
                "trace": [],
                "remediation": "",
                "fixable": False,
                "fingerprint": "v1:33cc",
                "waiver": None,
                "known": True,
            },
        ],
        "errors": [
            {
                "code": "invalid-yaml",
                "target": "minikube",
                "message": "did not find expected key",
                "location": {
                    "file": "base/auth/deployment.yaml",
                    "line": 3,
                    "column": 1,
                    "endLine": 3,
                    "endColumn": 1,
                },
            },
            {"code": "timeout", "target": "other", "message": "took longer than 60 s", "location": None},
        ],
        "off": [],
        "summary": {"errors": 1, "warnings": 1, "waived": 1, "known": 1, "objects": 94, "exitCode": 3},
    }


def test_a_report_is_valid_against_the_schema_we_print(report: Report, clean: Report) -> None:
    for one in (report, clean):
        jsonschema.validate(json.loads(write(one, STYLE)), schema("report"))


def test_two_runs_that_differ_in_time_alone_print_the_same(report: Report) -> None:
    assert write(report, STYLE) == write(replace(report, seconds=99.0), STYLE)


def test_no_byte_can_drive_a_terminal_or_break_an_encoding(clean: Report) -> None:
    odd = replace(clean.targets[0], path="\x1b[2J\x9b\u202e日\udcff")
    text = write(replace(clean, targets=(odd,)), STYLE)
    assert text.isascii()
    assert set(text) & {chr(code) for code in range(32)} == {"\n"}
    assert json.loads(text)["targets"][0]["path"] == odd.path


@pytest.mark.parametrize(("fail_on", "status"), [("error", 1), ("warning", 1), ("never", 0)])
def test_the_exit_code_follows_what_the_run_was_told_to_fail_on(
    report: Report, fail_on: str, status: int
) -> None:
    told = replace(report, problems=(), fail_on=fail_on)  # type: ignore[arg-type]
    assert json.loads(write(told, STYLE))["summary"]["exitCode"] == status
    assert told.exit_code == status
