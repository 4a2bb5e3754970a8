from dataclasses import replace
from typing import Any

import pytest

from asky_gitops.components.deployment import deployment
from asky_gitops.components.services import base, network_policy
from asky_gitops.errors import InputError
from asky_gitops.model.stack import Autoscale, Checks, Egress, Stack
from asky_gitops.model.workload import Volume
from tests.stacks import asky, service


def container(stack: Stack, name: str) -> dict[str, Any]:
    made: dict[str, Any] = deployment(stack, stack.services[name])["spec"]["template"]["spec"]["containers"][
        0
    ]
    return made


def changed(name: str, **changes: Any) -> Stack:
    stack = asky()
    return replace(stack, services={**stack.services, name: replace(stack.services[name], **changes)})


def test_the_url_comes_after_the_variables_it_is_made_of_and_the_users_own_come_last() -> None:
    assert [entry["name"] for entry in container(asky(), "auth")["env"]] == [
        "DB_USER",
        "DB_PASSWORD",
        "DATABASE_URL",
        "PGSSLMODE",
        "PGSSLROOTCERT",
        "JWT_KEY",
        "LOG_LEVEL",
    ]


def test_a_user_may_give_the_url_another_form_in_which_the_password_still_comes_from_the_secret() -> None:
    stack = changed("pyxis", env={"DATABASE_URL": "postgres://$(DB_USER):$(DB_PASSWORD)@postgres:5432/asky"})
    env = container(stack, "pyxis")["env"]
    assert [entry["name"] for entry in env] == [
        "DB_USER",
        "DB_PASSWORD",
        "PGSSLMODE",
        "PGSSLROOTCERT",
        "DATABASE_URL",
    ]
    assert env[-1]["value"] == "postgres://$(DB_USER):$(DB_PASSWORD)@postgres:5432/asky"


def test_a_literal_in_place_of_a_secret_is_refused() -> None:
    with pytest.raises(InputError, match=r'services\.auth\.env: "JWT_KEY" already comes from a Secret'):
        base(changed("auth", env={"JWT_KEY": "x"}))


def test_an_autoscaled_deployment_has_no_number_of_replicas() -> None:
    stack = changed("auth", autoscale=Autoscale(min=2, max=6, cpu=70))
    assert "replicas" not in deployment(stack, stack.services["auth"])["spec"]


def test_no_container_has_a_cpu_limit_where_the_checks_forbid_one() -> None:
    stack = replace(asky(), checks=Checks(cpu_limits="forbid", databases=()))
    limits = [
        container["resources"]["limits"]
        for manifest in base(stack)
        if manifest["kind"] == "Deployment"
        for container in manifest["spec"]["template"]["spec"]["containers"]
    ]
    assert limits == [{"memory": "256Mi"}] * 4


def test_a_digest_stays_as_it_was_written() -> None:
    image = "ghcr.io/acme/auth:1.4.2@sha256:" + "b" * 64
    assert container(changed("auth", image=image), "auth")["image"] == image


def test_new_configuration_rolls_the_pods_and_equal_configuration_does_not() -> None:
    def digest(config: dict[str, str]) -> str:
        stack = changed("auth", config=config)
        template = deployment(stack, stack.services["auth"])["spec"]["template"]
        return str(template["metadata"]["annotations"]["asky-gitops.dev/config-digest"])

    assert digest({"a": "1", "b": "2"}) == digest({"b": "2", "a": "1"})
    assert digest({"a": "1", "b": "2"}) != digest({"a": "2", "b": "1"})


def test_configuration_lies_read_only_in_a_folder_named_like_the_service() -> None:
    stack = changed("gateway", config={"gateway.conf": "workers = 2\n"})
    made = {
        manifest["kind"]: manifest for manifest in base(stack) if manifest["metadata"]["name"] == "gateway"
    }
    assert made["ConfigMap"]["data"] == {"gateway.conf": "workers = 2\n"}
    assert container(stack, "gateway")["volumeMounts"] == [
        {"name": "service-config", "mountPath": "/etc/gateway", "readOnly": True}
    ]


def test_volumes_are_empty_folders_and_a_name_of_ours_is_refused() -> None:
    volumes = {"tmp": Volume("/tmp", "1Gi", False), "cache": Volume("/var/cache", "64Mi", True)}
    made = deployment(asky(), service("a", 1, volumes=volumes))
    pod = made["spec"]["template"]["spec"]
    assert pod["volumes"] == [
        {"name": "cache", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}},
        {"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}},
    ]
    assert pod["containers"][0]["volumeMounts"] == [
        {"name": "cache", "mountPath": "/var/cache"},
        {"name": "tmp", "mountPath": "/tmp"},
    ]
    with pytest.raises(InputError, match=r'services\.auth\.volumes: the name "database-ca" is taken'):
        base(changed("auth", volumes={"database-ca": Volume("/x", "1Gi", False)}))


def test_a_way_out_to_everywhere_leaves_out_the_clouds_metadata_service() -> None:
    stack = changed("auth", egress=(Egress("0.0.0.0/0", 443), Egress("203.0.113.0/24", 587)))
    assert network_policy(stack, stack.services["auth"])["spec"]["egress"] == [
        {
            "to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}}],
            "ports": [{"port": 443, "protocol": "TCP"}],
        },
        {"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}], "ports": [{"port": 587, "protocol": "TCP"}]},
    ]


def test_a_stack_of_twenty_services_gets_the_same_objects_for_each() -> None:
    services = {f"s{number}": service(f"s{number}", 8000 + number) for number in range(20)}
    made = base(replace(asky(), services=services))
    assert len(made) == 20 * 4
    assert [manifest["kind"] for manifest in made] == [
        "ServiceAccount",
        "Deployment",
        "Service",
        "NetworkPolicy",
    ] * 20


def test_without_a_database_no_service_has_a_login() -> None:
    made = str(base(replace(asky(), database=None)))
    assert "DATABASE_URL" not in made and "auth-db" not in made and "database-ca" not in made
