"""Secrets fetched from the cloud's secret manager by the External Secrets Operator (v1)."""

from collections.abc import Mapping
from typing import Any

from asky_gitops.components import names
from asky_gitops.components.metadata import CUSTOM, Wave, metadata
from asky_gitops.errors import InputError
from asky_gitops.model.database import External
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Aws, Overlay, Service, Stack

COMPONENT = "secrets"
REFRESH = "1h0m0s"
"""Canonical: Argo CD compares durations in custom resources letter by letter."""


def overlay(stack: Stack, overlay: Overlay) -> list[Manifest]:
    """Return the SecretStore and an ExternalSecret for each Secret the overlay's pods use.

    Raises InputError when the overlay does not say which AWS region holds the secrets.
    """
    if overlay.aws is None:
        raise InputError(
            f"overlays.{overlay.name}: the secrets provider external-secrets needs aws.region",
            where="asky.yaml",
            hint=f"add aws: {{region: …}} to overlays.{overlay.name}, or secrets: {{provider: job}}",
        )
    prefix = overlay.secrets.prefix
    made = [secret_store(stack, overlay.aws)]
    if stack.database is not None:
        role = names.migrator(stack.database)
        made.append(login(stack, prefix, names.MIGRATIONS, role))
        if stack.database.external:
            made.append(administrator(stack, prefix, stack.database.external))
    for service in sorted(stack.services.values(), key=lambda one: one.name):
        if service.database and stack.database is not None:
            made.append(login(stack, prefix, service.name, names.role(service.name)))
        if service.secrets:
            made.append(own(stack, prefix, service))
    return made if len(made) > 1 else []


def secret_store(stack: Stack, aws: Aws) -> Manifest:
    """Return the store; without `auth` the operator uses its own account's Pod Identity."""
    return {
        "apiVersion": "external-secrets.io/v1",
        "kind": "SecretStore",
        "metadata": metadata(stack, stack.name, COMPONENT, Wave.GROUND, options=(CUSTOM,)),
        "spec": {"provider": {"aws": {"region": aws.region, "service": "SecretsManager"}}},
    }


def login(stack: Stack, prefix: str, owner: str, role: str) -> Manifest:
    """Return the ExternalSecret of a login role; the label makes CloudNativePG take a new password."""
    name = names.login_secret(owner)
    template = {
        "data": {"password": "{{ .password }}", "username": role},
        "engineVersion": "v2",
        "mergePolicy": "Replace",
        "metadata": {"labels": {"cnpg.io/reload": "true"}},
        "type": "kubernetes.io/basic-auth",
    }
    data = [reference("password", f"{prefix}/{name}", "password")]
    return external_secret(stack, name, owner, {"template": template}, data)


def administrator(stack: Stack, prefix: str, external: External) -> Manifest:
    """Return the ExternalSecret of the login that makes the roles, with the server's CA beside it."""
    data = [reference(part, f"{prefix}/{external.secret}", part) for part in administrators(external)]
    return external_secret(stack, external.secret, names.POSTGRES, {}, data)


def administrators(external: External) -> list[str]:
    """Return the parts of the login that makes the roles."""
    return ["username", "password", *(["ca.crt"] if external.tls != "require" else [])]


def own(stack: Stack, prefix: str, service: Service) -> Manifest:
    """Return the ExternalSecret of a service's own `secrets`.

    A value that the Job would generate is kept beside the others, under the service's name.
    """
    data = []
    for name, secret in sorted(service.secrets.items()):
        key, part = secret.remote or service.name, secret.property
        data.append(reference(name, f"{prefix}/{key}", part if secret.remote else name))
    return external_secret(stack, service.name, service.name, {}, data)


def reference(key: str, remote: str, part: str | None) -> dict[str, Any]:
    """Return one value's place; defaults inside a list are written out, or Argo CD sees a diff."""
    where = {
        "conversionStrategy": "Default",
        "decodingStrategy": "None",
        "key": remote,
        "metadataPolicy": "None",
    }
    if part:
        where["property"] = part
    return {"secretKey": key, "remoteRef": where}


def external_secret(
    stack: Stack, name: str, owner: str, target: Mapping[str, Any], data: list[dict[str, Any]]
) -> Manifest:
    """Return one ExternalSecret that owns a Secret of the same name and leaves it when it goes."""
    return {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": metadata(stack, name, COMPONENT, Wave.SECRETS, of=owner, options=(CUSTOM,)),
        "spec": {
            "data": data,
            "refreshInterval": REFRESH,
            "refreshPolicy": "Periodic",
            "secretStoreRef": {"kind": "SecretStore", "name": stack.name},
            "target": {"creationPolicy": "Owner", "deletionPolicy": "Retain", "name": name, **target},
        },
    }
