"""The step of a bootstrap page that brings the operators: by Argo CD, or by hand from the same charts."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from asky_gitops.components import argocd, names, operators
from asky_gitops.model.stack import Overlay, Stack
from asky_gitops.platforms import page_parts


def step(
    stack: Stack, overlay: Overlay, wanted: Sequence[str], values: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Return how the operators get there: by Argo CD, or by hand with the same charts and values."""
    others = announced(stack)
    if not wanted:
        return others
    rows = [
        f"| `{name}` | `{one.namespace}` | {one.why} |"
        for name in wanted
        if (one := operators.OPERATORS[name])
    ]
    table = ["| operator | namespace | what it does |", "| --- | --- | --- |", *rows, ""]
    if overlay.operators.install:
        applications = [argocd.name(stack, overlay, name) for name in wanted]
        return [
            *page_parts.prose(
                "Argo CD installs them, each from a pinned chart (`asky.lock`) and in a project that "
                "allows what the chart renders:"
            ),
            *table,
            *page_parts.shell(
                f"kubectl apply --filename=argocd/{overlay.name}/operators", *page_parts.wait(*applications)
            ),
            *page_parts.prose(
                "One whose certificate cert-manager signs is tried again until cert-manager is there."
            ),
            *others,
        ]
    return [
        *page_parts.prose(
            "These must be in the cluster; what is missing, the pinned charts install (`operators: "
            "{install: true}` in asky.yaml leaves it to Argo CD):"
        ),
        *table,
        *page_parts.shell(*(by_helm(stack, name, values.get(name, {})) for name in wanted)),
        *others,
    ]


def announced(stack: Stack) -> list[str]:
    """Return what must be there for objects that tell Prometheus where metrics are."""
    if not stack.monitoring.service_monitors:
        return []
    return page_parts.prose(
        "The overlay tells the Prometheus operator where its metrics are (`monitoring.serviceMonitors`). "
        "That one must be in the cluster too, as kube-prometheus-stack brings it: without it the sync "
        "waits and tries again for ever."
    )


def by_helm(stack: Stack, name: str, values: Mapping[str, Any]) -> str:
    """Return the command that installs one operator."""
    operator, chart = operators.OPERATORS[name], names.chart(stack, name)
    merged = {**operator.values, **values}
    settings = "".join(
        f" \\\n  --set-json '{key}={json.dumps(value, separators=(',', ':'))}'"
        for key, value in merged.items()
    )
    return (
        f"helm upgrade --install {name} {chart.name} --repo={chart.repository} --version={chart.version} \\\n"
        f"  --namespace {operator.namespace} --create-namespace --wait{settings}"
    )
