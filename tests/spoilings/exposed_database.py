"""The internet reaches a database."""

from tests.spoilings.model import (
    CLUSTER,
    CUSTOM,
    EKS,
    MINIKUBE,
    SERVICE,
    STATEFUL,
    Spoiling,
    exposed,
)

OPEN = """\
apiVersion: v1
kind: Service
metadata:
  name: open
spec:
  type: LoadBalancer
  selector: {cnpg.io/cluster: asky-db}
  ports: [{port: 5432}]
"""
POOLER = """\
apiVersion: postgresql.cnpg.io/v1
kind: Pooler
metadata:
  name: pool
spec:
  cluster: {name: asky-db}
  type: rw
  pgbouncer: {poolMode: session}
  serviceTemplate:
    spec:
      type: NodePort
  template:
    spec:
      containers:
      - name: pgbouncer
        resources: {limits: {cpu: 100m, memory: 64Mi}}
"""
EXPOSED_DATABASE = {
    "a load balancer": Spoiling(
        SERVICE,
        "type: ClusterIP",
        "type: LoadBalancer",
        (exposed("Service asky/postgres", "spec.type", SERVICE, "LoadBalancer", "minikube"),),
    ),
    "a node port": Spoiling(
        SERVICE,
        "type: ClusterIP",
        "type: NodePort",
        (exposed("Service asky/postgres", "spec.type", SERVICE, "NodePort", "minikube"),),
    ),
    "external addresses": Spoiling(
        SERVICE,
        "  type: ClusterIP",
        "  type: ClusterIP\n  externalIPs: [203.0.113.7]",
        (exposed("Service asky/postgres", "spec.externalIPs", SERVICE, "externalIPs", "minikube"),),
    ),
    "a load balancer before the operator's cluster": Spoiling(
        f"{EKS}/postgres/service.yaml",
        "type: ClusterIP",
        "type: LoadBalancer",
        (
            exposed(
                "Service asky/postgres", "spec.type", f"{EKS}/postgres/service.yaml", "LoadBalancer", "eks"
            ),
        ),
    ),
    "an Ingress": Spoiling(
        f"{MINIKUBE}/ingress/ingress.yaml",
        "            name: gateway\n            port:\n              name: http",
        "            name: postgres\n            port:\n              name: postgres",
        (
            exposed(
                "Ingress asky/gateway",
                "spec.rules[0].http.paths[0].backend",
                f"{MINIKUBE}/ingress/ingress.yaml",
                "backend",
                "minikube",
            ),
        ),
    ),
    "a host port": Spoiling(
        STATEFUL,
        "- containerPort: 5432",
        "- containerPort: 5432\n          hostPort: 15432",
        (
            exposed(
                "StatefulSet asky/postgres",
                "spec.template.spec.containers[0].ports[0].hostPort",
                STATEFUL,
                "15432",
                "minikube",
            ),
        ),
    ),
    "the host's network": Spoiling(
        STATEFUL,
        "      enableServiceLinks: false",
        "      enableServiceLinks: false\n      hostNetwork: true",
        (
            exposed(
                "StatefulSet asky/postgres", "spec.template.spec.hostNetwork", STATEFUL, "true", "minikube"
            ),
        ),
    ),
    "a service the operator manages": Spoiling(
        CLUSTER,
        "  managed:\n",
        "  managed:\n    services: {additional: [{selectorType: rw, serviceTemplate: "
        "{metadata: {name: open}, spec: {type: LoadBalancer}}}]}\n",
        (
            exposed(
                "Cluster asky/asky-db",
                "spec.managed.services.additional[0].serviceTemplate.spec.type",
                CLUSTER,
                "LoadBalancer",
                "eks",
            ),
        ),
    ),
    "a pooler": Spoiling(
        f"{CUSTOM}/kustomization.yaml",
        "resources: []",
        "resources: [pooler.yaml]",
        (
            exposed(
                "Pooler asky/pool",
                "spec.serviceTemplate.spec.type",
                f"{CUSTOM}/pooler.yaml",
                "NodePort",
                "eks",
            ),
        ),
        {f"{CUSTOM}/pooler.yaml": POOLER},
    ),
    "a service of the user's": Spoiling(
        f"{CUSTOM}/kustomization.yaml",
        "resources: []",
        "resources: [open.yaml]",
        (exposed("Service asky/open", "spec.type", f"{CUSTOM}/open.yaml", "LoadBalancer", "eks"),),
        {f"{CUSTOM}/open.yaml": OPEN},
    ),
    "a patch": Spoiling(
        "overlays/minikube/custom/kustomization.yaml",
        "patches: []",
        "patches: [{path: open.yaml}]",
        (
            exposed(
                "Service asky/postgres",
                "spec.type",
                "overlays/minikube/custom/open.yaml",
                "NodePort",
                "minikube",
            ),
        ),
        {
            "overlays/minikube/custom/open.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n"
            "  name: postgres\nspec:\n  type: NodePort\n"
        },
    ),
    "a JSON patch": Spoiling(
        "overlays/minikube/kustomization.yaml",
        "components:",
        "patches:\n- target: {kind: Service, name: postgres}\n  patch: |-\n    - op: replace\n"
        "      path: /spec/type\n      value: LoadBalancer\ncomponents:",
        (
            exposed(
                "Service asky/postgres",
                "spec.type",
                "overlays/minikube/kustomization.yaml",
                "LoadBalancer",
                "minikube",
            ),
        ),
    ),
    "the gateway may be public": Spoiling(
        "base/gateway/service.yaml", "type: ClusterIP", "type: LoadBalancer", ()
    ),
}
