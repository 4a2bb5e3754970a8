"""node-exporter on every node, in a namespace of its own: it reads the host's files, services may not."""

from typing import Any

from asky_gitops.components import names
from asky_gitops.components.metadata import Wave, labels, metadata, selector
from asky_gitops.components.monitoring import prometheus
from asky_gitops.components.namespace import namespace
from asky_gitops.components.network import Peer, policy, tcp
from asky_gitops.components.pods import container_security, pod, resources, service_account
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Resources, Stack

NAME = "node-exporter"
COMPONENT = "monitoring"
PORT = 9100
NOBODY = 65534
HOST = {"proc": "/proc", "root": "/", "sys": "/sys"}
"""Volume to the folder of the host, mounted below /host."""
SIZE = Resources(cpu="100m", memory="180Mi", cpu_limit="250m", memory_limit="180Mi")
"""kube-prometheus's own measure."""

MOUNT_POINTS = "^/(dev|proc|sys|run/k3s/containerd/.+|var/lib/docker/.+|var/lib/kubelet/pods/.+)($|/)"
ARGUMENTS = [
    "--path.procfs=/host/proc",
    "--path.rootfs=/host/root",
    "--path.sysfs=/host/sys",
    "--path.udev.data=/host/root/run/udev/data",
    f"--collector.filesystem.mount-points-exclude={MOUNT_POINTS}",
    "--no-collector.arp",
    "--no-collector.btrfs",
    "--no-collector.conntrack",
    "--no-collector.hwmon",
    "--no-collector.netclass",
    "--no-collector.netdev",
    "--no-collector.netstat",
    "--no-collector.sockstat",
    "--no-collector.softnet",
    "--no-collector.udp_queues",
    "--no-collector.wifi",
    f"--web.listen-address=:{PORT}",
]
"""No network collectors: they would report the pod's own network, for the pod does not share the host's."""


def platform(stack: Stack) -> list[Manifest]:
    """Return the DaemonSet and its surroundings, each with its namespace; nothing when not asked for."""
    if not stack.monitoring.node_exporter:
        return []
    home = names.monitoring_namespace(stack)
    account = service_account(stack, NAME, COMPONENT)
    default_deny = policy(stack, "default-deny", COMPONENT, {}, of=NAME, ingress=[], egress=[])
    scrape = policy(
        stack,
        NAME,
        COMPONENT,
        {"matchLabels": selector(stack, NAME)},
        ingress=[{"from": scrapers(stack), "ports": tcp(PORT)}],
    )
    placed = [account, daemon_set(stack), default_deny, scrape]
    for manifest in placed:
        manifest["metadata"] = {"name": "", "namespace": home, **manifest["metadata"]}
    return [namespace(stack, home, "privileged", COMPONENT), *placed]


def scrapers(stack: Stack) -> list[Peer]:
    """Return who may read the metrics: what runs beside it, and Prometheus where that is elsewhere."""
    return [{"podSelector": {}}, *([prometheus(stack)] if stack.monitoring.namespace else [])]


def daemon_set(stack: Stack) -> Manifest:
    """Return the DaemonSet.

    It has neither the host's network nor its processes: on the host's network no policy would guard its
    port, which asks nobody for a password.
    """
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": metadata(stack, NAME, COMPONENT, Wave.SERVICES),
        "spec": {
            "revisionHistoryLimit": 5,
            "selector": {"matchLabels": selector(stack, NAME)},
            "template": {
                "metadata": {"labels": labels(stack, NAME, COMPONENT)},
                "spec": pod_spec(stack),
            },
            "updateStrategy": {"rollingUpdate": {"maxUnavailable": "10%"}, "type": "RollingUpdate"},
        },
    }


def pod_spec(stack: Stack) -> dict[str, Any]:
    """Return the pod: on every Linux node whatever its taints, the host's files read-only."""
    probe = {"httpGet": {"path": "/", "port": "metrics", "scheme": "HTTP"}, "timeoutSeconds": 5}
    container = {
        "name": NAME,
        "image": names.image(stack, NAME),
        "args": ARGUMENTS,
        "ports": [{"containerPort": PORT, "name": "metrics", "protocol": "TCP"}],
        "resources": resources(stack, SIZE),
        "readinessProbe": {**probe, "failureThreshold": 3, "periodSeconds": 10},
        "livenessProbe": {
            "tcpSocket": {"port": "metrics"},
            "timeoutSeconds": 5,
            "failureThreshold": 3,
            "periodSeconds": 30,
        },
        "securityContext": container_security(),
        "volumeMounts": [mount(name) for name in HOST],
    }
    made = pod(
        NAME,
        [container],
        user=NOBODY,
        nodeSelector={"kubernetes.io/os": "linux"},
        priorityClassName="system-cluster-critical",
        tolerations=[{"operator": "Exists"}],
        volumes=[{"name": name, "hostPath": {"path": path}} for name, path in HOST.items()],
    )
    del made["securityContext"]["fsGroup"], made["securityContext"]["fsGroupChangePolicy"]
    return made


def mount(name: str) -> dict[str, Any]:
    """Return the mount of one of the host's folders.

    What is mounted inside it stays writable under a read-only root unless that is said too; but the root must
    also show what is mounted later, and Kubernetes takes only one of the two wishes.
    """
    made = {"name": name, "mountPath": f"/host/{name}", "readOnly": True}
    more = {"mountPropagation": "HostToContainer"} if name == "root" else {"recursiveReadOnly": "IfPossible"}
    return {**made, **more}
