from hashlib import sha256
from pathlib import Path

import pytest

from asky_gitops.adapters import spec
from asky_gitops.model import stack as model
from tests.adapters.spec_cases import LOCK, MIGRATION, PLATFORMS, SPEC, loaded, placed, refusals, spoiled

FORMS = {
    "an unknown key, with the nearest known one": (
        "    port: 8003",
        "    port: 8003\n    replica: 2",
        ['asky.yaml:15:5: unknown key "replica" in services.auth; did you mean "replicas"?'],
    ),
    "an unknown key at the top": (
        "database: {}",
        "database: {}\nservice: {}",
        ['asky.yaml:6:1: unknown key "service"; did you mean "services"?'],
    ),
    "an unknown key that resembles nothing": (
        "database: {}",
        "database: {pooler: {mode: session}}",
        ['asky.yaml:5:12: unknown key "pooler" in database'],
    ),
    "a key in another spelling": (
        "database: {}",
        "database: {storage_class: fast}",
        ['asky.yaml:5:12: unknown key "storage_class" in database; did you mean "storageClass"?'],
    ),
    "a missing key, at the map that lacks it": (
        "    image: ghcr.io/acme/auth:1.0.0\n",
        "",
        ["asky.yaml:12:3: services.auth needs image"],
    ),
    "a missing top-level key": (
        "kind: Stack\n",
        "",
        ["asky.yaml:1:1: the spec needs kind"],
    ),
    "another format": (
        "apiVersion: asky-gitops.dev/v1alpha1",
        "apiVersion: asky-gitops.dev/v2",
        [
            'asky.yaml:1:13: apiVersion "asky-gitops.dev/v2" is not asky-gitops.dev/v1alpha1; '
            'did you mean "asky-gitops.dev/v1alpha1"?'
        ],
    ),
    "a word that is not one of a few": (
        "database: {}",
        "database: {}\nchecks: {cpuLimits: required}",
        [
            'asky.yaml:6:21: cpuLimits "required" is not one of require, optional, forbid; '
            'did you mean "require"?'
        ],
    ),
    "a size in a unit that Kubernetes does not have": (
        "database: {}",
        "database: {storage: 10GB}",
        ['asky.yaml:5:21: storage "10GB" is not a Kubernetes quantity; did you mean "10Gi"?'],
    ),
    "millibytes": (
        "    port: 8003",
        "    port: 8003\n    resources: {memory: 256m}",
        [
            'asky.yaml:15:25: memory "256m" is too little: memory counts in whole bytes, from 4Mi; '
            'did you mean "256Mi"?'
        ],
    ),
    "a storage of ten bytes": (
        "database: {}",
        "database: {storage: 10}",
        [
            'asky.yaml:5:21: storage "10" is too little: storage counts in whole bytes, from 1Gi; '
            'did you mean "10Gi"?'
        ],
    ),
    "a port above 65535": (
        "port: 8003",
        "port: 80030",
        ["asky.yaml:14:11: port must be from 1 to 65535, not 80030"],
    ),
    "a number in quotes": (
        "port: 8003",
        'port: "8003"',
        ["asky.yaml:14:11: port must be a whole number, not a string; did you mean 8003?"],
    ),
    "a number where a string belongs": (
        "    port: 8003",
        "    port: 8003\n    env: {RETRIES: 3}",
        ["asky.yaml:15:20: RETRIES must be a string, not a whole number\n  hint: write it in quotes"],
    ),
    "a version that YAML reads as a number": (
        "database: {}",
        "database: {}\nkubernetes: [1.34]",
        ["asky.yaml:6:14: kubernetes[0] must be a string, not a number\n  hint: write it in quotes"],
    ),
    "yes for true": (
        "database: true",
        "database: yes",
        ["asky.yaml:15:15: database must be true, false or a map, not a string; did you mean true?"],
    ),
    "a list where a map belongs": (
        "    public: {host: asky.local}",
        "    public: [asky.local]",
        ["asky.yaml:11:13: public must be a map, not a list"],
    ),
    "a string where a list belongs": (
        "calls: [auth]",
        "calls: auth",
        ["asky.yaml:10:12: calls must be a list, not a string"],
    ),
    "nothing where a map belongs": (
        "  minikube: {platform: minikube}",
        "  minikube:",
        ["asky.yaml:17:12: minikube must be a map, not nothing"],
    ),
    "a name that is no RFC 1123 label": (
        "  auth:\n",
        "  Auth_1:\n",
        [
            "asky.yaml:10:13: no service is named auth",
            'asky.yaml:12:3: services "Auth_1" is not a name for Kubernetes: at most 52 of a-z, 0-9 and -, '
            'a letter first; did you mean "auth-1"?',
        ],
    ),
    "an image with upper case": (
        "image: ghcr.io/acme/auth:1.0.0",
        "image: ghcr.io/Acme/auth:1.0.0",
        [
            'asky.yaml:13:12: image "ghcr.io/Acme/auth:1.0.0" is not an image reference such as '
            'ghcr.io/acme/app:1.2.3; did you mean "ghcr.io/acme/auth:1.0.0"?'
        ],
    ),
    "a host with a scheme": (
        "host: asky.local",
        "host: https://Asky.local/",
        ['asky.yaml:11:20: host is not a DNS name (RFC 1123); did you mean "asky.local"?'],
    ),
    "a host that is an address": (
        "host: asky.local",
        "host: 10.0.0.1",
        ['asky.yaml:11:20: host "10.0.0.1" is an address; an Ingress takes a DNS name'],
    ),
    "a network with host bits": (
        "    port: 8003",
        "    port: 8003\n    egress: [{cidr: 10.0.0.1/8, port: 587}]",
        ['asky.yaml:15:21: cidr "10.0.0.1/8" is not a network\'s own address; did you mean "10.0.0.0/8"?'],
    ),
    "a network that is none": (
        "    port: 8003",
        "    port: 8003\n    egress: [{cidr: mail, port: 587}]",
        ['asky.yaml:15:21: cidr "mail" is not a CIDR such as 10.0.0.0/16'],
    ),
    "a variable that no shell can name": (
        "    port: 8003",
        "    port: 8003\n    env: {LOG-LEVEL: info}",
        [
            'asky.yaml:15:11: env "LOG-LEVEL" is not a name for an environment variable; '
            'did you mean "LOG_LEVEL"?'
        ],
    ),
    "credentials in the repository's URL": (
        "https://git.example.org",
        "https://bot:hunter2@git.example.org",
        ["asky.yaml:4:19: repoURL holds credentials\n  hint: give them to Argo CD as a repository secret"],
    ),
    "a folder outside the repository": (
        "database: {}",
        "database: {migrations: ../sql}",
        ['asky.yaml:5:24: migrations "../sql" is not a folder inside the repository'],
    ),
    "a schema with a dash": (
        "database: true",
        "database: {schema: my-auth}",
        [
            'asky.yaml:15:24: schema "my-auth" is not a PostgreSQL name: a-z, 0-9 and _; '
            'did you mean "my_auth"?'
        ],
    ),
    "a merge key": (
        "    port: 8003",
        "    port: 8003\n    <<: {replicas: 2}",
        ["asky.yaml:15:5: merge keys (`<<`) are not YAML 1.2\n  hint: use `defaults:`"],
    ),
}


@pytest.mark.parametrize(("old", "new", "errors"), FORMS.values(), ids=FORMS)
def test_a_value_of_the_wrong_form_is_refused(tmp_path: Path, old: str, new: str, errors: list[str]) -> None:
    assert spoiled(tmp_path, old, new) == errors


EKS = """\
  eks:
    platform: eks
    aws: {region: us-east-1, account: "111122223333", albCidrs: [10.0.0.0/20]}
"""
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
    "a Kubernetes version the output is not made for": (
        "database: {}",
        'database: {}\nkubernetes: ["1.33", "1.35", "1.35"]',
        [
            "asky.yaml:6:14: kubernetes 1.33 is outside 1.34 to 1.36\n"
            "  hint: CloudNativePG 1.30 supports those",
            "asky.yaml:6:30: kubernetes 1.35 is listed twice",
        ],
    ),
    "eks without an account": (
        "platform: minikube",
        "platform: eks",
        ["asky.yaml:17:3: overlay minikube on eks needs aws: region and account"],
    ),
    "eks without the load balancer's networks": (
        "  minikube: {platform: minikube}\n",
        EKS.replace(", albCidrs: [10.0.0.0/20]", ""),
        [
            "asky.yaml:19:5: overlay eks has a public service and needs aws.albCidrs\n"
            "  hint: the networks of the load balancer's subnets; nothing else may reach the pods"
        ],
    ),
    "eks open to the internet": (
        "  minikube: {platform: minikube}\n",
        EKS.replace("10.0.0.0/20", "0.0.0.0/0"),
        ["asky.yaml:19:66: 0.0.0.0/0 is the whole internet\n  hint: name the subnets of the load balancer"],
    ),
    "eks with a network still to be filled in": (
        "  minikube: {platform: minikube}\n",
        EKS.replace("10.0.0.0/20", "REPLACE-ALB-CIDR"),
        ['asky.yaml:19:66: albCidrs[0] "REPLACE-ALB-CIDR" is still to be filled in'],
    ),
    "an account that YAML reads as a number": (
        "  minikube: {platform: minikube}\n",
        EKS.replace('"111122223333"', "111122223333"),
        ["asky.yaml:19:39: account must be a string, not a whole number\n  hint: write it in quotes"],
    ),
    "an AWS setting on minikube": (
        "{platform: minikube}",
        "{platform: minikube, aws: {region: us-east-1, account: '111122223333'}}",
        ["asky.yaml:17:34: aws means nothing on platform minikube"],
    ),
    "three servers on minikube": (
        "database: {}",
        "database: {instances: 3}",
        ["asky.yaml:5:23: platform minikube runs one PostgreSQL, not 3"],
    ),
    "an overlay's database in a stack without one": (
        "database: {}\n",
        "database: null\n",
        [
            "asky.yaml:15:5: auth uses a database, but the stack has none\n"
            "  hint: add `database: {}` at the top level"
        ],
    ),
}


@pytest.mark.parametrize(("old", "new", "errors"), MEANINGS.values(), ids=MEANINGS)
def test_values_that_do_not_fit_together_are_refused(
    tmp_path: Path, old: str, new: str, errors: list[str]
) -> None:
    assert spoiled(tmp_path, old, new) == errors


def test_every_error_is_said_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = SPEC.replace("port: 8000", "port: 0").replace("calls: [auth]", "calls: [pyxis]")
    text = text.replace("database: {}", "database: {storage: 10GB}").replace("minikube}", "minikub}")
    assert refusals(placed(tmp_path, text)) == [
        'asky.yaml:5:21: storage "10GB" is not a Kubernetes quantity; did you mean "10Gi"?',
        "asky.yaml:9:11: port must be from 1 to 65535, not 0",
        "asky.yaml:10:13: no service is named pyxis",
        'asky.yaml:17:24: platform "minikub" is not one of eks, minikube; did you mean "minikube"?',
    ]


def test_an_error_in_a_merged_value_is_said_once_where_it_was_set(tmp_path: Path) -> None:
    text = SPEC.replace("services:\n", "defaults: {resources: {cpu: 2, cpuLimit: 1}}\nservices:\n")
    assert refusals(placed(tmp_path, text)) == ["asky.yaml:6:42: cpuLimit 1 is below the request, cpu 2"]


def test_a_value_that_may_be_a_secret_is_not_repeated(tmp_path: Path) -> None:
    text = SPEC.replace("port: 8003", "port: 8003\n    secrets: {KEY: hunter2}\n    env: {A: [hunter2]}")
    text = text.replace("image: ghcr.io/acme/auth:1.0.0", "image: postgres://u:hunter2@db/x")
    text = text.replace("host: asky.local", "host: sk-hunter2hunter2hunter2")
    errors = refusals(placed(tmp_path, text.replace("name: asky", "name: hunter2hunter2hunter2 4")))
    assert "hunter2" not in "\n".join(errors)
    assert len(errors) == 4


def test_the_smallest_spec_gets_every_default(tmp_path: Path) -> None:
    resources = model.Resources(cpu="100m", memory="256Mi", cpu_limit="500m", memory_limit="256Mi")

    def service(name: str, port: int, replicas: int) -> model.Service:
        return model.Service(
            name=name,
            image=f"ghcr.io/acme/{name}:1.0.0",
            port=port,
            replicas=replicas,
            resources=resources,
            probes=model.Probes("/healthz"),
            image_pull_secrets=(),
            calls=("auth",) if name == "gateway" else (),
            public=model.Public("asky.local", ("/",), True) if name == "gateway" else None,
            database=model.ServiceDatabase("auth") if name == "auth" else None,
            secrets={},
            env={},
            config={},
            egress=(),
            autoscale=None,
            command=(),
            args=(),
            volumes={},
            annotations={},
        )

    database = model.Database(
        name="asky",
        version=17,
        storage="10Gi",
        storage_class=None,
        instances=1,
        resources=model.Resources(cpu="250m", memory="512Mi", cpu_limit="1", memory_limit="512Mi"),
        migrations="sql/migrations",
        seeds="sql/seeds",
    )
    assert loaded(tmp_path, SPEC) == model.Stack(
        name="asky",
        namespace="asky",
        source=model.Source("https://git.example.org/asky/deploy.git", "HEAD"),
        kubernetes=("1.34", "1.35", "1.36"),
        checks=model.Checks("require", ()),
        services={"gateway": service("gateway", 8000, 2), "auth": service("auth", 8003, 2)},
        database=database,
        monitoring=model.Monitoring(node_exporter=False),
        overlays={
            "minikube": model.Overlay(
                name="minikube",
                platform="minikube",
                profile="prod",
                seeds=False,
                cluster=None,
                aws=None,
                ingress=model.Ingress("nginx", "internal", None, None),
                secrets=model.OverlaySecrets("job", "asky/minikube"),
                services={"gateway": service("gateway", 8000, 1), "auth": service("auth", 8003, 1)},
                database=database,
            )
        },
        sql={"sql/migrations/0001_schemas.sql": sha256(MIGRATION.encode()).hexdigest()},
        pins=dict(line.strip().split(": ") for line in LOCK.splitlines()[1:]),
    )


def test_a_file_that_is_not_there_says_how_to_get_one(tmp_path: Path) -> None:
    assert refusals(tmp_path / "asky.yaml") == ["asky.yaml: not found\n  hint: `asky-gitops init` writes one"]


def test_placeholders_are_found_where_they_stand(tmp_path: Path) -> None:
    text = SPEC.replace("git.example.org", "REPLACE-GIT-HOST").replace(
        "minikube}",
        'minikube}  # REPLACE-NOT-THIS\n  eks: {platform: eks, aws: {account: "REPLACE-ACCOUNT"}}',
    )
    assert spec.placeholders(placed(tmp_path, text)) == [
        ("asky.yaml:4:19", "REPLACE-GIT-HOST"),
        ("asky.yaml:18:39", "REPLACE-ACCOUNT"),
    ]


def test_fifty_overlays_load(tmp_path: Path) -> None:
    more = "".join(f"  m{n}: {{platform: minikube, defaults: {{replicas: 2}}}}\n" for n in range(50))
    stack = loaded(tmp_path, SPEC + more)
    assert len(stack.overlays) == 51
    assert {overlay.services["auth"].replicas for overlay in stack.overlays.values()} == {1, 2}


def test_a_platform_of_another_name_is_as_good(tmp_path: Path) -> None:
    path = placed(tmp_path, SPEC.replace("platform: minikube", "platform: k3s"))
    stack = spec.load(path, {**PLATFORMS, "k3s": {"ingress": {"class": "traefik"}}})
    assert stack.overlays["minikube"].ingress.class_name == "traefik"
