"""A microservice: its account, configuration, Deployment, Service and the edges it is allowed."""

from asky_gitops.components import jobs, names
from asky_gitops.components.deployment import deployment, ports
from asky_gitops.components.metadata import Wave, metadata, selector
from asky_gitops.components.network import pods, policy, tcp, ways_out
from asky_gitops.components.pods import service_account
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Service, Stack

COMPONENT = "service"


def base(stack: Stack) -> list[Manifest]:
    """Return every service's objects, services sorted by name."""
    return [
        manifest
        for service in sorted(stack.services.values(), key=lambda one: one.name)
        for manifest in objects(stack, service)
    ]


def objects(stack: Stack, service: Service) -> list[Manifest]:
    """Return one service's objects."""
    made = [
        service_account(stack, service.name, COMPONENT),
        deployment(stack, service),
        cluster_service(stack, service),
        network_policy(stack, service),
    ]
    if service.config:
        made.append(config_map(stack, service))
    return [*made, *jobs.base(stack, service)]


def config_map(stack: Stack, service: Service) -> Manifest:
    """Return the files of `config`; the Deployment carries their digest, so a change rolls the pods."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(stack, service.name, COMPONENT, Wave.GROUND),
        "data": dict(sorted(service.config.items())),
    }


def cluster_service(stack: Stack, service: Service) -> Manifest:
    """Return the Service.

    Its ports are the container's own: the VPC CNI enforces policies only where both are equal.
    """
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(stack, service.name, COMPONENT, Wave.SERVICES),
        "spec": {
            "ports": [
                {"name": name, "port": port, "protocol": "TCP", "targetPort": name}
                for name, port in ports(service).items()
            ],
            "selector": selector(stack, service.name),
            "type": "ClusterIP",
        },
    }


def network_policy(stack: Stack, service: Service) -> Manifest:
    """Return the edges that `calls` and `egress` name; the database's are the database's own."""
    callers = names.callers(stack, service.name)
    ingress = [{"from": [pods(stack, name) for name in callers], "ports": tcp(service.port)}]
    return policy(
        stack,
        service.name,
        COMPONENT,
        {"matchLabels": selector(stack, service.name)},
        ingress=ingress if callers else [],
        egress=ways_out(stack, service.calls, service.egress),
    )
