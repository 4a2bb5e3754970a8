"""The Secrets that nobody makes but a person, before the first sync: git never holds them."""

from asky_gitops.components import external_secrets
from asky_gitops.model.database import External
from asky_gitops.model.stack import Overlay, Stack

LOGIN = (".dockerconfigjson",)
"""What a registry's login is kept under (kubernetes.io/dockerconfigjson)."""
CLIENT = ("clientID", "clientSecret")
"""What the AWS Load Balancer Controller reads of a client at an identity provider."""


def own_secrets(stack: Stack, overlay: Overlay) -> dict[str, tuple[str, ...]]:
    """Return their names, sorted, and the keys of each; `stack` is the overlay's view of it."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(registries(stack), LOGIN)
    if external := made_by_hand(overlay):
        found[external.secret] = tuple(external_secrets.administrators(external))
    if overlay.ingress.oidc:
        found[overlay.ingress.oidc.secret] = CLIENT
    return dict(sorted(found.items()))


def registries(stack: Stack) -> list[str]:
    """Return the Secrets of the registries' logins."""
    return sorted({name for one in stack.services.values() for name in one.image_pull_secrets})


def made_by_hand(overlay: Overlay) -> External | None:
    """Return the database elsewhere whose administrator's login nothing fetches."""
    return overlay.database.external if overlay.database and overlay.secrets.provider == "job" else None
