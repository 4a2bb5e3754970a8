from pathlib import Path
from typing import Any

import pytest

from asky_gitops.adapters import spec
from asky_gitops.adapters.spec_merge import merge
from tests.adapters.spec_cases import PLATFORMS, SPEC, loaded, placed, refusals

LAYERS = """\
apiVersion: asky-gitops.dev/v1alpha1
kind: Stack
metadata: {name: asky}
source: {repoURL: https://git.example.org/asky/deploy.git}
defaults: {replicas: 3, env: {A: defaults, B: defaults, C: defaults, D: defaults}}
services:
  auth:
    image: a/b:1
    port: 1
    env: {B: service, C: service, D: service}
overlays:
  one:
    platform: p
    defaults: {env: {C: overlay, D: overlay}}
    services: {auth: {env: {D: overlay service}}}
  two: {platform: p}
"""


def test_the_strongest_layer_wins_key_by_key(tmp_path: Path) -> None:
    platforms: dict[str, dict[str, Any]] = {"p": {"defaults": {"replicas": 9, "probes": {"path": "/p"}}}}
    stack = spec.load(placed(tmp_path, LAYERS), platforms)
    assert dict(stack.services["auth"].env) == {
        "A": "defaults",
        "B": "service",
        "C": "service",
        "D": "service",
    }
    one, two = (stack.overlays[name].services["auth"] for name in ("one", "two"))
    assert dict(one.env) == {"A": "defaults", "B": "service", "C": "overlay", "D": "overlay service"}
    assert dict(two.env) == dict(stack.services["auth"].env)
    assert (stack.services["auth"].replicas, one.replicas, two.replicas) == (3, 3, 3)
    assert (stack.services["auth"].probes.readiness.path, one.probes.readiness.path) == ("/healthz", "/p")


def test_a_platform_is_stronger_than_the_builtin_default_and_weaker_than_the_spec(tmp_path: Path) -> None:
    text = LAYERS.replace("replicas: 3, ", "")
    platforms: dict[str, dict[str, Any]] = {"p": {"defaults": {"replicas": 9}}}
    stack = spec.load(placed(tmp_path, text), platforms)
    assert (stack.services["auth"].replicas, stack.overlays["one"].services["auth"].replicas) == (2, 9)


@pytest.mark.parametrize(
    ("change", "replicas"),
    [("{replicas: null}", 1), ("{}", 5), ("{replicas: 7}", 7)],
    ids=["null takes back", "nothing keeps", "a value replaces"],
)
def test_null_takes_back_what_the_spec_said_and_leaves_the_platforms_default(
    tmp_path: Path, change: str, replicas: int
) -> None:
    text = SPEC.replace("    port: 8003", "    port: 8003\n    replicas: 5")
    text = text.replace("{platform: minikube}", f"{{platform: minikube, services: {{auth: {change}}}}}")
    assert loaded(tmp_path, text).overlays["minikube"].services["auth"].replicas == replicas


def test_null_takes_one_entry_out_of_a_map(tmp_path: Path) -> None:
    text = SPEC.replace("    port: 8003", "    port: 8003\n    env: {A: a, B: b}")
    text = text.replace("minikube}", "minikube, services: {auth: {env: {A: null}}}}")
    stack = loaded(tmp_path, text)
    assert dict(stack.services["auth"].env) == {"A": "a", "B": "b"}
    assert dict(stack.overlays["minikube"].services["auth"].env) == {"B": "b"}


def test_an_overlay_can_do_without_what_the_base_has(tmp_path: Path) -> None:
    text = SPEC.replace("    port: 8003", "    port: 8003\n    autoscale: {min: 2, max: 4}")
    text = text.replace(
        "minikube}",
        "minikube, services: {auth: {autoscale: null, database: false}, gateway: {public: null}}}",
    )
    overlay = loaded(tmp_path, text).overlays["minikube"]
    assert overlay.services["auth"].autoscale is None
    assert overlay.services["auth"].database is None
    assert overlay.services["gateway"].public is None


def test_a_list_replaces_a_list(tmp_path: Path) -> None:
    text = SPEC.replace("calls: [auth]", "calls: [auth]\n    args: [a, b]")
    text = text.replace("minikube}", "minikube, services: {gateway: {args: [c], calls: []}}}")
    gateway = loaded(tmp_path, text).overlays["minikube"].services["gateway"]
    assert (gateway.args, gateway.calls) == (("c",), ())


def test_a_limit_that_nothing_sets_follows_from_its_request(tmp_path: Path) -> None:
    text = SPEC.replace("    port: 8003", "    port: 8003\n    resources: {cpu: 1.5, memory: 1024Mi}")
    resources = loaded(tmp_path, text).services["auth"].resources
    assert (resources.cpu, resources.cpu_limit) == ("1500m", "1500m")
    assert (resources.memory, resources.memory_limit) == ("1Gi", "1Gi")


@pytest.mark.parametrize("setting", ["optional", "forbid"])
def test_there_is_no_cpu_limit_where_the_rules_do_not_require_one(tmp_path: Path, setting: str) -> None:
    stack = loaded(tmp_path, SPEC + f"checks: {{cpuLimits: {setting}}}\n")
    assert stack.services["auth"].resources.cpu_limit is None
    assert stack.database and stack.database.resources.cpu_limit is None


def test_the_overlays_database_lies_over_the_platforms_and_the_stacks(tmp_path: Path) -> None:
    eks = """\
  eks:
    platform: eks
    aws: {region: us-east-1, account: "111122223333", albCidrs: [10.0.0.0/20]}
    database: {storage: 100Gi}
"""
    stack = loaded(tmp_path, SPEC.replace("database: {}", "database: {storage: 20Gi, version: 17}") + eks)
    assert stack.database and stack.overlays["eks"].database
    base, overlay = stack.database, stack.overlays["eks"].database
    assert (base.storage, base.instances, base.storage_class) == ("20Gi", 1, None)
    assert (overlay.storage, overlay.instances, overlay.storage_class) == ("100Gi", 3, "gp3-encrypted")


@pytest.mark.parametrize(
    ("service", "overlay", "host"),
    [
        ("{host: a.example}", "", "a.example"),
        ("{host: a.example}", "ingress: {host: b.example}", "b.example"),
        ("{}", "ingress: {host: b.example}", "b.example"),
        (
            "{host: a.example}",
            "ingress: {host: b.example}, services: {gateway: {public: {host: c.example}}}",
            "c.example",
        ),
    ],
)
def test_the_host_is_the_overlays_services_then_the_overlays_then_the_services(
    tmp_path: Path, service: str, overlay: str, host: str
) -> None:
    text = SPEC.replace("{host: asky.local}", service).replace("minikube}", f"minikube, {overlay}}}")
    public = loaded(tmp_path, text).overlays["minikube"].services["gateway"].public
    assert public and public.host == host


def test_an_overlay_cannot_change_what_base_and_sql_rest_on(tmp_path: Path) -> None:
    text = SPEC.replace("minikube}", "minikube, database: {name: other}}")
    assert refusals(placed(tmp_path, text)) == [
        'asky.yaml:17:45: unknown key "name" in overlays.minikube.database'
    ]


def test_defaults_are_never_written_into() -> None:
    default: dict[str, Any] = {"a": {"b": 1}, "c": [1]}
    result = merge(default, [{"a": {"d": 2}}, {"a": None}, {"a": {"e": 3}, "c": [2]}])
    assert result == {"a": {"b": 1, "e": 3}, "c": [2]}
    assert default == {"a": {"b": 1}, "c": [1]}
    assert merge({}, [{"a": {"b": 1}}, {"a": 1}, {"a": {"c": 2}}]) == {"a": {"c": 2}}


def test_platforms_are_not_changed_by_loading(tmp_path: Path) -> None:
    before = repr(PLATFORMS)
    loaded(tmp_path, SPEC)
    assert repr(PLATFORMS) == before
