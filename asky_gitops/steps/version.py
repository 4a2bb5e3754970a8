"""`--version`: the version of everything that takes part in a verdict."""

from asky_gitops import __version__
from asky_gitops.adapters import bundled
from asky_gitops.adapters.engine import Engine


def versions() -> dict[str, str]:
    """Return the versions of asky-gitops, kustomize, OPA and the newest Kubernetes schemas, in that order.

    Raises ToolError when the engine cannot say.
    """
    with Engine(bundled.engine(), bundled.expected_source(), bundled.cure()) as engine:
        linked = engine.versions()
    return {
        "asky-gitops": __version__,
        "kustomize": linked["kustomize"],
        "opa": linked["opa"],
        "schemas": bundled.schema_version(),
    }
