import re
from dataclasses import replace
from typing import Any

import pytest

from asky_gitops.errors import InputError
from asky_gitops.model.database import External
from asky_gitops.model.stack import Aws, Oidc, OverlaySecrets, Public, Secret
from asky_gitops.platforms import PLATFORMS, eks, eksctl, minikube, own_secrets, pod_identity
from tests.stacks import asky, ingress
from tests.stacks import eks as eks_overlay
from tests.stacks import minikube as minikube_overlay


def test_the_platforms_are_known_by_their_modules_names() -> None:
    assert {name: platform.__name__ for name, platform in PLATFORMS.items()} == {  # type: ignore[attr-defined]
        "eks": "asky_gitops.platforms.eks",
        "minikube": "asky_gitops.platforms.minikube",
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"aws": None}, "overlays.eks: platform eks needs aws"),
        (
            {"aws": Aws("us-east-1", "1", (), 3)},
            "overlays.eks.aws.albCidrs: the networks of the load balancer's subnets are missing",
        ),
        (
            {"aws": Aws("us-east-1", "1", ("0.0.0.0/0",), 3)},
            "overlays.eks.aws.albCidrs: 0.0.0.0/0 is everybody",
        ),
        ({"aws": Aws("us-east-1", "1", ("::/0",), 3)}, "overlays.eks.aws.albCidrs: ::/0 is everybody"),
    ],
)
def test_eks_refuses_what_would_let_everybody_in(changes: dict[str, Any], message: str) -> None:
    stack = asky()
    with pytest.raises(InputError) as caught:
        eks.overlay(stack, eks_overlay(stack, **changes))
    assert caught.value.message == message


def test_eks_without_a_public_service_needs_no_networks_of_a_load_balancer() -> None:
    stack = asky()
    stack = replace(stack, services={"auth": stack.services["auth"]})
    parts = eks.overlay(stack, eks_overlay(stack, aws=Aws("us-east-1", "1", (), 3)))
    assert [made["kind"] for made in parts["ingress"]] == ["PodDisruptionBudget"]
    assert "elbv2.k8s.aws/pod-readiness-gate-inject" not in parts[""][0]["metadata"]["labels"]


def test_eks_can_make_its_secrets_in_the_cluster_too() -> None:
    stack = asky()
    overlay = eks_overlay(stack, secrets=OverlaySecrets("job", "x"))
    kinds = [made["kind"] for made in eks.overlay(stack, overlay)["secrets"]]
    assert kinds == ["ServiceAccount", "Job", "Role", "RoleBinding", "NetworkPolicy"]


def test_a_load_balancer_without_tls_listens_in_plain_text_only() -> None:
    stack = asky()
    gateway = stack.services["gateway"]
    plain = Public(host="asky.example.org", aliases=(), paths=("/",), tls=False)
    overlay = eks_overlay(stack, ingress=ingress("alb", certificate_arn="arn:cert", waf_arn="arn:waf"))
    made = eks.annotations(stack, overlay, gateway, plain)
    assert {key.removeprefix("alb.ingress.kubernetes.io/"): value for key, value in made.items()} == {
        "group.name": "asky-eks",
        "healthcheck-path": "/healthz",
        "listen-ports": '[{"HTTP":80}]',
        "load-balancer-attributes": "routing.http.drop_invalid_header_fields.enabled=true",
        "scheme": "internal",
        "target-group-attributes": "deregistration_delay.timeout_seconds=30",
        "target-type": "ip",
        "wafv2-acl-arn": "arn:waf",
    }


def test_minikube_refuses_a_class_no_add_on_serves_and_secrets_from_elsewhere() -> None:
    stack = asky()
    unknown = minikube_overlay(stack, ingress=ingress("haproxy"))
    with pytest.raises(InputError, match='minikube has no controller for "haproxy"') as caught:
        minikube.overlay(stack, unknown)
    assert caught.value.hint == "use one of nginx, traefik"
    elsewhere = minikube_overlay(stack, secrets=OverlaySecrets("external-secrets", "x"))
    with pytest.raises(
        InputError, match=r'overlays\.minikube\.secrets\.provider: platform minikube needs "job"'
    ):
        minikube.overlay(stack, elsewhere)


@pytest.mark.parametrize(
    ("versions", "expected"),
    [(("1.34", "1.35", "1.36"), "1.35"), (("1.33", "1.34"), "1.34"), (("1.36", "1.37"), "1.36")],
)
def test_the_cluster_gets_the_newest_version_that_eks_and_the_stack_share(
    versions: tuple[str, ...], expected: str
) -> None:
    assert eksctl.kubernetes(asky(kubernetes=versions)) == expected


def test_the_cluster_enforces_network_policies_and_its_roles_read_this_overlays_secrets_alone() -> None:
    stack = asky()
    needed = ["aws-load-balancer-controller", "external-secrets"]
    made = eksctl.cluster_config(
        stack, eks_overlay(stack), Aws("us-east-1", "111122223333", (), 3), needed, []
    )
    addons = {addon["name"]: addon for addon in made["addons"]}
    assert list(addons) == [
        "eks-pod-identity-agent",
        "vpc-cni",
        "kube-proxy",
        "coredns",
        "metrics-server",
        "aws-ebs-csi-driver",
    ]
    assert addons["vpc-cni"]["configurationValues"] == '{"enableNetworkPolicy": "true"}'
    policies = [one.get("permissionPolicy") for one in made["iam"]["podIdentityAssociations"]]
    assert [policy["Statement"][0]["Resource"] for policy in policies if policy] == [
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:asky/prod/*"
    ]


def test_the_pages_name_every_value_that_someone_must_bring() -> None:
    stack = asky()
    remote = {"SMTP_PASSWORD": Secret(generate=None, remote="smtp", property="password")}
    auth = replace(stack.services["auth"], secrets={**stack.services["auth"].secrets, **remote})
    stack = replace(stack, services={**stack.services, "auth": auth})
    on_eks = eks.bootstrap(stack, eks_overlay(stack), [])
    on_minikube = minikube.bootstrap(stack, minikube_overlay(stack), [])
    assert "| `asky/prod/auth` | `JWT_KEY` |" in on_eks
    assert "| `asky/prod/smtp` | `password` |" in on_eks
    assert "| `asky/prod/migrations-db` | `password` |" in on_eks
    assert "- Secret `auth`, key `SMTP_PASSWORD`" in on_minikube


def test_the_pages_make_every_secret_that_doctor_looks_for() -> None:
    stack = asky()
    auth = replace(stack.services["auth"], image_pull_secrets=("ghcr",))
    stack = replace(stack, services={**stack.services, "auth": auth})
    elsewhere = External("192.0.2.7", None, 5432, "verify-ca", "administrator", ())
    assert stack.database
    by_hand = {
        "secrets": OverlaySecrets(provider="job", prefix=""),
        "database": replace(stack.database, external=elsewhere),
    }
    oidc = Oidc("https://id", "https://id/a", "https://id/t", "https://id/u", "client", "openid")
    on_eks = eks_overlay(stack, **by_hand, ingress=ingress("alb", oidc=oidc))
    on_minikube = minikube_overlay(stack, **by_hand)
    for overlay, platform in ((on_eks, eks), (on_minikube, minikube)):
        page = platform.bootstrap(stack, overlay, [])
        made = re.findall(r"create secret generic (\S+) --namespace asky \\\n(.*)\n", page)
        keys = {name: tuple(re.findall(r"--from-file=(\S+?)=", flags)) for name, flags in made}
        assert keys == own_secrets.own_secrets(stack, overlay)
        assert keys["administrator"] == ("username", "password", "ca.crt")
    assert own_secrets.own_secrets(stack, eks_overlay(stack)) == {"ghcr": (".dockerconfigjson",)}


def archiving(**annotations: str) -> list[dict[str, Any]]:
    """Return a database that archives to a folder of a bucket."""
    return [
        {"kind": "ServiceAccount", "metadata": {"name": "asky-db", "annotations": annotations}},
        {"kind": "Cluster", "metadata": {"name": "asky-db"}, "spec": {"serviceAccountName": "asky-db"}},
        {
            "kind": "ObjectStore",
            "metadata": {"name": "asky-db"},
            "spec": {"configuration": {"destinationPath": "s3://acme-asky/asky/eks"}},
        },
    ]


def test_a_database_that_archives_may_write_to_its_own_folder_of_the_bucket_and_list_that() -> None:
    stack = asky()
    overlay, aws = eks_overlay(stack), Aws("us-east-1", "111122223333", (), 3)
    (made,) = pod_identity.associations(stack, overlay, aws, [], archiving())
    statements = made["permissionPolicy"]["Statement"]
    assert (made["namespace"], made["serviceAccountName"]) == ("asky", "asky-db")
    assert [(one["Resource"], len(one["Action"])) for one in statements] == [
        ("arn:aws:s3:::acme-asky/asky/eks/*", 5),
        ("arn:aws:s3:::acme-asky", 1),
    ]
    assert pod_identity.purpose(made) == "write backups to `arn:aws:s3:::acme-asky/asky/eks/*`"
    own_role = archiving(**{"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/asky"})
    assert pod_identity.associations(stack, overlay, aws, [], own_role) == []
