from pathlib import Path

import pytest

from tests.adapters.spec_cases import spoiled

EKS = """\
  eks:
    platform: eks
    aws: {region: us-east-1, account: "111122223333", albCidrs: [10.0.0.0/20]}
"""
MEANINGS = {
    "a Kubernetes version the output is not made for": (
        "database: {}",
        'database: {}\nkubernetes: ["1.33", "1.35", "1.35"]',
        [
            "asky.yaml:6:14: kubernetes 1.33 is outside 1.34 to 1.36\n"
            "  hint: CloudNativePG 1.30 supports those",
            "asky.yaml:6:30: kubernetes 1.35 is listed twice",
        ],
    ),
    "eks without an account": (
        "platform: minikube",
        "platform: eks",
        ["asky.yaml:17:3: overlay minikube on eks needs aws: region and account"],
    ),
    "eks without the load balancer's networks": (
        "  minikube: {platform: minikube}\n",
        EKS.replace(", albCidrs: [10.0.0.0/20]", ""),
        [
            "asky.yaml:19:5: overlay eks has a public service and needs aws.albCidrs\n"
            "  hint: the networks of the load balancer's subnets; nothing else may reach the pods"
        ],
    ),
    "eks open to the internet": (
        "  minikube: {platform: minikube}\n",
        EKS.replace("10.0.0.0/20", "0.0.0.0/0"),
        ["asky.yaml:19:66: 0.0.0.0/0 is the whole internet\n  hint: name the subnets of the load balancer"],
    ),
    "eks open to either half of the internet": (
        "  minikube: {platform: minikube}\n",
        EKS.replace("10.0.0.0/20", "0.0.0.0/1, 128.0.0.0/1"),
        [
            f"asky.yaml:19:{column}: {half} is wider than any VPC\n"
            "  hint: name the subnets of the load balancer"
            for column, half in ((66, "0.0.0.0/1"), (77, "128.0.0.0/1"))
        ],
    ),
    "eks with a network still to be filled in": (
        "  minikube: {platform: minikube}\n",
        EKS.replace("10.0.0.0/20", "REPLACE-ALB-CIDR"),
        ['asky.yaml:19:66: albCidrs[0] "REPLACE-ALB-CIDR" is still to be filled in'],
    ),
    "an account that YAML reads as a number": (
        "  minikube: {platform: minikube}\n",
        EKS.replace('"111122223333"', "111122223333"),
        ["asky.yaml:19:39: account must be a string, not a whole number\n  hint: write it in quotes"],
    ),
    "an AWS setting on minikube": (
        "{platform: minikube}",
        "{platform: minikube, aws: {region: us-east-1, account: '111122223333'}}",
        ["asky.yaml:17:34: aws means nothing on platform minikube"],
    ),
    "secrets from elsewhere on minikube": (
        "{platform: minikube}",
        "{platform: minikube, secrets: {provider: external-secrets}}",
        [
            "asky.yaml:17:54: platform minikube needs the provider job\n"
            "  hint: there the Job makes the database's certificate too"
        ],
    ),
    "three servers on minikube": (
        "database: {}",
        "database: {instances: 3}",
        [
            "asky.yaml:5:23: platform minikube runs one PostgreSQL, not 3\n"
            "  hint: a StatefulSet does not replicate data: every pod would have a database of its own"
        ],
    ),
    "an overlay's database in a stack without one": (
        "database: {}\n",
        "database: null\n",
        [
            "asky.yaml:15:5: auth uses a database, but the stack has none\n"
            "  hint: add `database: {}` at the top level"
        ],
    ),
}


@pytest.mark.parametrize(("old", "new", "errors"), MEANINGS.values(), ids=MEANINGS)
def test_settings_that_do_not_fit_the_platform_are_refused(
    tmp_path: Path, old: str, new: str, errors: list[str]
) -> None:
    assert spoiled(tmp_path, old, new) == errors
