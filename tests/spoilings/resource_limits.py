"""A container has no limits."""

from tests.spoilings.model import (
    AUTH,
    AUTH_LIMITS,
    BOTH,
    CLUSTER,
    STATEFUL,
    Spoiling,
    limits,
)

RESOURCE_LIMITS = {
    "no cpu limit": Spoiling(
        AUTH, "            cpu: 500m\n", "", (limits(*AUTH_LIMITS, "resources", *BOTH),)
    ),
    "no memory limit": Spoiling(
        AUTH,
        "            cpu: 500m\n            memory: 256Mi\n",
        "            cpu: 500m\n",
        (limits(*AUTH_LIMITS, "resources", *BOTH),),
    ),
    "no limits": Spoiling(
        AUTH,
        "          limits:\n            cpu: 500m\n            memory: 256Mi\n",
        "",
        (limits(*AUTH_LIMITS, "resources", *BOTH), limits(*AUTH_LIMITS, "resources", *BOTH)),
    ),
    "no resources": Spoiling(
        AUTH,
        "        resources:\n          requests:\n            cpu: 100m\n            memory: 256Mi\n"
        "          limits:\n            cpu: 500m\n            memory: 256Mi\n",
        "",
        (limits(*AUTH_LIMITS, "name: auth", *BOTH), limits(*AUTH_LIMITS, "name: auth", *BOTH)),
    ),
    "a limit of nothing": Spoiling(
        AUTH, "            cpu: 500m\n", "            cpu: 0\n", (limits(*AUTH_LIMITS, "resources", *BOTH),)
    ),
    "no limit of an init container": Spoiling(
        "base/migrations/job.yaml",
        "          limits:\n            cpu: 500m\n            memory: 256Mi\n        securityContext:\n"
        "          allowPrivilegeEscalation: false\n          capabilities:\n            drop:\n"
        "            - ALL\n"
        "          readOnlyRootFilesystem: true\n        volumeMounts:\n        - name: database-ca\n"
        "          mountPath: /etc/database-ca\n          readOnly: true\n      restartPolicy",
        "          limits:\n            memory: 256Mi\n        securityContext:\n"
        "          allowPrivilegeEscalation: false\n      restartPolicy",
        (
            limits(
                "Job asky/migrations",
                "spec.template.spec.initContainers[0].resources",
                "base/migrations/job.yaml",
                "resources",
                *BOTH,
            ),
        ),
    ),
    "no limits of the operator's cluster": Spoiling(
        CLUSTER,
        '    limits:\n      cpu: "1"\n      memory: 1Gi\n',
        '    limits:\n      cpu: "1"\n',
        (limits("Cluster asky/asky-db", "spec.resources", CLUSTER, "resources", "eks"),),
    ),
    "no limit of the database": Spoiling(
        STATEFUL,
        '            cpu: "1"\n',
        "",
        (
            limits(
                "StatefulSet asky/postgres",
                "spec.template.spec.containers[0].resources",
                STATEFUL,
                "resources",
                "minikube",
            ),
        ),
    ),
}
