"""What Prometheus may read of the services: a way in to their metrics, and the objects that announce them."""

from asky_gitops.components import names
from asky_gitops.components.deployment import ports
from asky_gitops.components.metadata import CUSTOM, Wave, metadata, selector
from asky_gitops.components.network import Peer, policy, tcp
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Service, Stack
from asky_gitops.model.workload import Metrics

COMPONENT = "metrics"


def overlay(stack: Stack, _overlay: Overlay) -> list[Manifest]:
    """Return a policy for each service with metrics, and a ServiceMonitor where they are asked for."""
    made = []
    for service in sorted(stack.services.values(), key=lambda one: one.name):
        if service.metrics:
            made.append(from_prometheus(stack, service, service.metrics))
            if stack.monitoring.service_monitors:
                made.append(service_monitor(stack, service, service.metrics))
    return made


def prometheus(stack: Stack) -> Peer:
    """Return every pod of the namespace that Prometheus runs in."""
    home = stack.monitoring.namespace or names.monitoring_namespace(stack)
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": home}}}


def from_prometheus(stack: Stack, service: Service, metrics: Metrics) -> Manifest:
    """Return the policy that lets Prometheus reach the metrics' port."""
    return policy(
        stack,
        f"{service.name}-metrics",
        COMPONENT,
        {"matchLabels": selector(stack, service.name)},
        of=service.name,
        ingress=[{"from": [prometheus(stack)], "ports": tcp(metrics.port)}],
    )


def service_monitor(stack: Stack, service: Service, metrics: Metrics) -> Manifest:
    """Return the ServiceMonitor; Prometheus decides which labels it looks for."""
    made = metadata(stack, service.name, COMPONENT, Wave.EDGE, options=(CUSTOM,))
    made["labels"] = dict(sorted({**stack.monitoring.labels, **made["labels"]}.items()))
    port = "metrics" if "metrics" in ports(service) else "http"
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": made,
        "spec": {
            "endpoints": [{"path": metrics.path, "port": port}],
            "selector": {"matchLabels": selector(stack, service.name)},
        },
    }
