import re
from hashlib import sha256
from pathlib import Path

from asky_gitops.adapters import spec
from asky_gitops.model import stack as model
from asky_gitops.model import workload
from asky_gitops.model.lock import chart
from tests.adapters.spec_cases import LOCK, MIGRATION, PLATFORMS, SPEC, loaded, placed, refusals


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
            probes=workload.Probes(
                startup=workload.Probe("/healthz", 2, 2, 30),
                readiness=workload.Probe("/healthz", 5, 2, 3),
                liveness=workload.Probe(None, 10, 2, 3),
            ),
            image_pull_secrets=(),
            calls=("auth",) if name == "gateway" else (),
            public=model.Public("asky.local", (), ("/",), True) if name == "gateway" else None,
            database=model.ServiceDatabase("auth", readonly_url=False) if name == "auth" else None,
            secrets={},
            env={},
            config={},
            egress=(),
            autoscale=None,
            command=(),
            args=(),
            volumes={},
            annotations={},
            shutdown=workload.Shutdown(5, 30),
            metrics=None,
            jobs={},
        )

    database = model.Database(
        name="asky",
        version=17,
        storage="10Gi",
        storage_class=None,
        wal=None,
        instances=1,
        resources=model.Resources(cpu="250m", memory="512Mi", cpu_limit="1", memory_limit="512Mi"),
        read_replicas=False,
        pooler=None,
        backup=None,
        external=None,
        generation=1,
        restore=None,
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
        monitoring=model.Monitoring(False, None, False, {}),
        overlays={
            "minikube": model.Overlay(
                name="minikube",
                platform="minikube",
                profile="prod",
                seeds=False,
                cluster=None,
                aws=None,
                ingress=model.Ingress("nginx", None, "internal", None, None, None, None),
                monitoring=model.Monitoring(False, None, False, {}),
                operators=model.Operators(install=False),
                permits=(),
                secrets=model.OverlaySecrets("job", "asky/minikube"),
                services={"gateway": service("gateway", 8000, 1), "auth": service("auth", 8003, 1)},
                database=database,
            )
        },
        sql={"sql/migrations/0001_schemas.sql": sha256(MIGRATION.encode()).hexdigest()},
        pins=dict(line.strip().split(": ") for line in LOCK.partition("images:\n")[2].splitlines()),
        charts={name: chart(pin) for name, pin in re.findall(r"  (\S+): (https:\S+)", LOCK)},
        tools={"argo-cd": "v3.5.1", "eksctl": "0.230.0"},
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


def test_more_views_than_can_be_built_in_seconds_are_refused(tmp_path: Path) -> None:
    services = "".join(f"  s{n}: {{image: a/b:1, port: 1}}\n" for n in range(98))
    overlays = "".join(f"  o{n}: {{platform: minikube}}\n" for n in range(99))
    text = SPEC.replace("  auth:\n", f"{services}  auth:\n") + overlays
    assert refusals(placed(tmp_path, text)) == [
        "asky.yaml:6:1: 100 services in 100 overlays; at most 10000 services in all are read"
    ]


def test_names_that_would_act_on_a_terminal_are_escaped(tmp_path: Path) -> None:
    text = SPEC.replace("  auth:\n", '  "\\e[2J\\u202e":\n')
    errors = refusals(placed(tmp_path, text.replace("port: 8003", "prot: 8003")))
    assert all(line.isprintable() for error in errors for line in error.split("\n"))
    assert len(errors) == 4, errors


def test_a_platform_of_another_name_is_as_good(tmp_path: Path) -> None:
    path = placed(tmp_path, SPEC.replace("platform: minikube", "platform: k3s"))
    stack = spec.load(path, {**PLATFORMS, "k3s": {"ingress": {"class": "traefik"}}})
    assert stack.overlays["minikube"].ingress.class_name == "traefik"
