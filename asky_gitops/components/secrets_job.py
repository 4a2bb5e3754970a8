"""Secrets made inside the cluster: a Job that writes what is missing and never what is there."""

from typing import Any

from asky_gitops.components import names
from asky_gitops.components.metadata import Wave, metadata, selector
from asky_gitops.components.network import policy, tcp
from asky_gitops.components.pods import (
    SMALL,
    container_security,
    hook_job,
    pod,
    resources,
    service_account,
)
from asky_gitops.components.secrets_script import certificates, secrets
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Stack

COMPONENT = "secrets"
DEADLINE = 300
API_PORTS = (443, 6443, 8443)
"""Where API servers listen (8443 is minikube's); a policy cannot select one by label."""


def overlay(stack: Stack, _overlay: Overlay, *, own_server: bool) -> list[Manifest]:
    """Return the Job, the rights it needs, and its way to the API server alone.

    `own_server` says that the database is a server that no operator looks after: the Job makes its
    superuser's password and its certificate too. CloudNativePG makes its own, and refuses ours.
    """
    if not made(stack, own_server=own_server):
        return []
    return [
        service_account(stack, names.SECRETS, COMPONENT),
        job(stack, own_server=own_server),
        role(stack, own_server=own_server),
        role_binding(stack),
        policy(
            stack,
            names.SECRETS,
            COMPONENT,
            {"matchLabels": selector(stack, names.SECRETS)},
            ingress=[],
            egress=[{"ports": tcp(*API_PORTS)}],
        ),
    ]


def opaque(stack: Stack) -> list[str]:
    """Return the Secrets of the services' own `secrets`, sorted."""
    return sorted(service.name for service in stack.services.values() if service.secrets)


def made(stack: Stack, *, own_server: bool) -> list[str]:
    """Return the name of every Secret the Job sees to, sorted."""
    logins = [names.login_secret(service.name) for service in names.database_users(stack)]
    if stack.database is not None:
        logins.append(names.login_secret(names.MIGRATIONS))
    if own_server:
        logins += [names.superuser_secret(stack), names.server_secret(stack), names.ca_secret(stack)]
    return sorted([*logins, *opaque(stack)])


def role(stack: Stack, *, own_server: bool) -> Manifest:
    """Return the Job's rights; `create` cannot be bound to names, reading and adding keys can."""
    rules: list[dict[str, Any]] = [
        {"apiGroups": [""], "resources": ["secrets"], "verbs": ["create"]},
        {
            "apiGroups": [""],
            "resources": ["secrets"],
            "resourceNames": made(stack, own_server=own_server),
            "verbs": ["get"],
        },
    ]
    if opaque(stack):
        rules.append(
            {"apiGroups": [""], "resources": ["secrets"], "resourceNames": opaque(stack), "verbs": ["patch"]}
        )
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": metadata(stack, names.SECRETS, COMPONENT, Wave.GROUND),
        "rules": rules,
    }


def role_binding(stack: Stack) -> Manifest:
    """Return the binding; a subject's namespace is written out, kustomize does not always set it."""
    account = {"kind": "ServiceAccount", "name": names.SECRETS, "namespace": stack.namespace}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": metadata(stack, names.SECRETS, COMPONENT, Wave.GROUND),
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": names.SECRETS},
        "subjects": [account],
    }


def job(stack: Stack, *, own_server: bool) -> Manifest:
    """Return the Job: certificates from an image that has openssl, Secrets from one that has kubectl."""
    init = []
    if own_server and stack.database is not None:
        image = names.image(stack, f"postgres-{stack.database.version}")
        init.append(container(stack, "certificates", image, certificates(stack)))
    main = container(stack, "secrets", names.image(stack, "kubectl"), secrets(stack, own_server=own_server))
    work = {"name": "work", "emptyDir": {"medium": "Memory", "sizeLimit": "8Mi"}}
    spec = pod(names.SECRETS, [main], init=init, volumes=[work], token=True)
    return hook_job(stack, names.SECRETS, COMPONENT, Wave.SECRETS, spec, of=names.SECRETS, deadline=DEADLINE)


def container(stack: Stack, name: str, image: str, script: str) -> dict[str, Any]:
    """Return a container that runs a script beside a folder that exists in memory only."""
    return {
        "name": name,
        "image": image,
        "command": ["/bin/sh", "-euc"],
        "args": [script],
        "env": [{"name": "HOME", "value": "/work"}],
        "resources": resources(stack, SMALL),
        "securityContext": container_security(),
        "volumeMounts": [{"name": "work", "mountPath": "/work"}],
        "workingDir": "/work",
    }
