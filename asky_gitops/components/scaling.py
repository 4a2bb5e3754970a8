"""How many pods a service keeps: while nodes are drained, and under load."""

from asky_gitops.components.metadata import Wave, metadata, selector
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Autoscale, Overlay, Service, Stack

COMPONENT = "service"


def overlay(stack: Stack, _overlay: Overlay) -> list[Manifest]:
    """Return budgets for services with more than one pod, autoscalers for those that ask for one."""
    made = []
    for service in sorted(stack.services.values(), key=lambda one: one.name):
        if (service.autoscale.min if service.autoscale else service.replicas) > 1:
            made.append(disruption_budget(stack, service))
        if service.autoscale:
            made.append(autoscaler(stack, service, service.autoscale))
    return made


def disruption_budget(stack: Stack, service: Service) -> Manifest:
    """Return the budget: one pod at a time, and a pod that is ill anyway never blocks a drain."""
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata(stack, service.name, COMPONENT, Wave.EDGE),
        "spec": {
            "maxUnavailable": 1,
            "selector": {"matchLabels": selector(stack, service.name)},
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    }


def autoscaler(stack: Stack, service: Service, scale: Autoscale) -> Manifest:
    """Return the HorizontalPodAutoscaler; it owns the number of replicas."""
    target = {"averageUtilization": scale.cpu, "type": "Utilization"}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata(stack, service.name, COMPONENT, Wave.EDGE),
        "spec": {
            "maxReplicas": scale.max,
            "metrics": [{"resource": {"name": "cpu", "target": target}, "type": "Resource"}],
            "minReplicas": scale.min,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": service.name},
        },
    }
