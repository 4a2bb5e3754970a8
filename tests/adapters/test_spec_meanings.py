from pathlib import Path

import pytest

from tests.adapters.spec_cases import SPEC, spoiled

MEANINGS = {
    "a service that bears a name of ours": (
        "  auth:\n",
        "  postgres: {image: a/b:1, port: 1}\n  auth:\n",
        ["asky.yaml:12:3: a service cannot be named postgres: the name is taken"],
    ),
    "a service that bears the name of the database's objects": (
        "  auth:\n",
        "  asky-db-rw: {image: a/b:1, port: 1}\n  auth:\n",
        ["asky.yaml:12:3: a service cannot be named asky-db-rw: the name is taken"],
    ),
    "a service that bears the name of another one's login": (
        "  auth:\n",
        "  auth-db: {image: a/b:1, port: 1}\n  auth:\n",
        ["asky.yaml:12:3: a service cannot be named auth-db: that is the database login of auth"],
    ),
    "a namespace of the cluster's": (
        "{name: asky}",
        "{name: asky, namespace: kube-system}",
        ["asky.yaml:3:35: namespace kube-system belongs to the cluster\n  hint: give the stack its own"],
    ),
    "a call to nobody": (
        "calls: [auth]",
        "calls: [auht]",
        ['asky.yaml:10:13: no service is named auht; did you mean "auth"?'],
    ),
    "a call to itself": (
        "calls: [auth]",
        "calls: [gateway]",
        ["asky.yaml:10:13: gateway calls itself\n  hint: a pod reaches itself through localhost"],
    ),
    "a call twice": (
        "calls: [auth]",
        "calls: [auth, auth]",
        ["asky.yaml:10:19: auth is listed twice"],
    ),
    "an overlay's setting for a service that is none": (
        "{platform: minikube}",
        "{platform: minikube, services: {aut: {replicas: 2}}}",
        ['asky.yaml:17:45: no service is named aut; did you mean "auth"?'],
    ),
    "an overlay's call to nobody": (
        "{platform: minikube}",
        "{platform: minikube, services: {auth: {calls: [nobody]}}}",
        ["asky.yaml:17:60: no service is named nobody"],
    ),
    "no services": (
        "services:\n" + SPEC.split("services:\n")[1].split("overlays:")[0],
        "services: {}\n",
        ["asky.yaml:6:1: services needs at least one service"],
    ),
    "no overlays": (
        "overlays:\n  minikube: {platform: minikube}\n",
        "overlays: {}\n",
        ["asky.yaml:16:1: overlays needs at least one overlay"],
    ),
    "a platform there is none of": (
        "platform: minikube",
        "platform: minikub",
        ['asky.yaml:17:24: platform "minikub" is not one of eks, minikube; did you mean "minikube"?'],
    ),
    "a service with a database in a stack without one": (
        "database: {}\n",
        "",
        [
            "asky.yaml:14:5: auth uses a database, but the stack has none\n"
            "  hint: add `database: {}` at the top level"
        ],
    ),
    "two services with one schema": (
        "    port: 8000",
        "    port: 8000\n    database: {schema: auth}",
        ["asky.yaml:16:5: auth and gateway have the same schema, auth"],
    ),
    "a schema that PostgreSQL has": (
        "database: true",
        "database: {schema: pg_auth}",
        ["asky.yaml:15:16: auth cannot have the schema pg_auth: PostgreSQL has that name"],
    ),
    "a schema that would need quotes": (
        "database: true",
        "database: {schema: user}",
        ["asky.yaml:15:16: auth cannot have the schema user: PostgreSQL has that name"],
    ),
    "a service whose login role is the migrations'": (
        "  auth:\n",
        "  asky-migrator: {image: a/b:1, port: 1, database: true}\n  auth:\n",
        ["asky.yaml:12:42: the login role asky_migrator of asky-migrator is that of the migrations"],
    ),
    "a database that PostgreSQL has": (
        "database: {}",
        "database: {name: template1}",
        ["asky.yaml:5:18: a database cannot be named template1: PostgreSQL has that name"],
    ),
    "SQL where we generate": (
        "database: {}",
        "database: {migrations: base/sql}",
        ["asky.yaml:5:24: migrations lies in base/, which is generated"],
    ),
    "migrations and seeds in one folder": (
        "database: {}",
        "database: {migrations: sql, seeds: sql/seeds}",
        ["asky.yaml:5:29: migrations and seeds need folders apart from each other"],
    ),
    "a request above its limit": (
        "    port: 8003",
        "    port: 8003\n    resources: {cpu: 1, cpuLimit: 500m, memory: 1Gi, memoryLimit: 1000Mi}",
        [
            "asky.yaml:15:35: cpuLimit 500m is below the request, cpu 1",
            "asky.yaml:15:67: memoryLimit 1000Mi is below the request, memory 1Gi",
        ],
    ),
    "a request of an overlay above the base's limit": (
        "{platform: minikube}",
        "{platform: minikube, database: {resources: {memory: 2Gi, memoryLimit: 1Gi}}}",
        ["asky.yaml:17:83: memoryLimit 1Gi is below the request, memory 2Gi"],
    ),
    "a cpu limit where the rules forbid one": (
        "    database: true\n",
        "    database: true\n    resources: {cpuLimit: 1}\nchecks: {cpuLimits: forbid}\n",
        ["asky.yaml:16:17: cpuLimit 1, but checks.cpuLimits is forbid"],
    ),
    "replicas beside autoscale": (
        "    port: 8003",
        "    port: 8003\n    replicas: 3\n    autoscale: {min: 2, max: 4}",
        [
            "asky.yaml:15:5: auth has both replicas and autoscale\n"
            "  hint: the autoscaler sets the replicas; `autoscale: null` switches it off"
        ],
    ),
    "an autoscaler with its ends swapped": (
        "    port: 8003",
        "    port: 8003\n    autoscale: {min: 4, max: 2}",
        ["asky.yaml:15:22: autoscale.min 4 is above autoscale.max 2"],
    ),
    "a variable that we set": (
        "    port: 8003",
        "    port: 8003\n    env: {DATABASE_URL: elsewhere}",
        [
            "asky.yaml:15:11: DATABASE_URL is set for every service with a database\n"
            "  hint: rename yours: ours holds what this service may use"
        ],
    ),
    "a variable from two sources": (
        "    port: 8003",
        "    port: 8003\n    env: {KEY: a}\n    secrets: {KEY: {generate: 32}}",
        ["asky.yaml:15:11: KEY is in env and in secrets"],
    ),
    "a secret without a source": (
        "    port: 8003",
        "    port: 8003\n    secrets: {KEY: {}}",
        ["asky.yaml:15:15: KEY needs either generate or remote"],
    ),
    "a secret with two sources": (
        "    port: 8003",
        "    port: 8003\n    secrets: {KEY: {generate: 32, remote: smtp}}",
        [
            "asky.yaml:15:15: KEY needs either generate or remote\n"
            "  hint: an overlay takes one back with null, such as `generate: null`"
        ],
    ),
    "a property of no remote secret": (
        "    port: 8003",
        "    port: 8003\n    secrets: {KEY: {generate: 32, property: a}}",
        ["asky.yaml:15:35: KEY has a property but no remote"],
    ),
    "two volumes at one path": (
        "    port: 8003",
        "    port: 8003\n    volumes: {a: /tmp, b: /tmp, database-ca: /x}",
        [
            "asky.yaml:15:27: volume b is mounted where volume a is",
            "asky.yaml:15:33: a volume cannot be named database-ca: the name is taken",
        ],
    ),
    "a volume over the configuration": (
        "    port: 8003",
        "    port: 8003\n    config: {auth.conf: x}\n    volumes: {a: /etc/auth}",
        ["asky.yaml:16:18: volume a is mounted where config is"],
    ),
    "a public service without a host": (
        "{host: asky.local}",
        "{}",
        [
            "asky.yaml:11:5: gateway is public without a host\n"
            "  hint: set `public.host`, or `ingress.host` in the overlay"
        ],
    ),
    "two public services at one address": (
        "    port: 8003",
        "    port: 8003\n    public: {host: asky.local}",
        ["asky.yaml:15:5: auth and gateway are both public at asky.local/"],
    ),
}


@pytest.mark.parametrize(("old", "new", "errors"), MEANINGS.values(), ids=MEANINGS)
def test_values_that_do_not_fit_together_are_refused(
    tmp_path: Path, old: str, new: str, errors: list[str]
) -> None:
    assert spoiled(tmp_path, old, new) == errors
