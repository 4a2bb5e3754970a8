"""Operators as Applications: pinned charts, projects that allow exactly what each chart renders."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from asky_gitops.components import operators
from asky_gitops.components.operators import OPERATORS
from asky_gitops.errors import InputError
from asky_gitops.model.stack import Autoscale, Issuer, Operators
from asky_gitops.platforms import PLATFORMS
from asky_gitops.steps.generate import load
from asky_gitops.tree import layout, views
from tests.conftest import ROOT
from tests.stacks import asky, eks, ingress, minikube, with_overlays

RECORD: dict[str, Any] = json.loads((ROOT / "tests" / "data" / "charts.json").read_text("utf-8"))
"""What `helm template` renders of each chart with our values (tools/chart_kinds.py)."""


@pytest.mark.parametrize("name", OPERATORS)
def test_a_project_allows_what_its_chart_renders_and_nothing_else(name: str) -> None:
    stack = load(ROOT)
    chart, record = stack.charts[name], RECORD[name]
    assert record["version"] == chart.version, "the pin moved: run python -m tools.chart_kinds"
    project, application = operators.manifests(stack, stack.overlays["eks"], name, {})
    allowed = {
        part: [
            [one["group"], one["kind"]]
            for one in project["spec"][key]
            if one.get("name") != OPERATORS[name].namespace
        ]
        for part, key in (("cluster", "clusterResourceWhitelist"), ("inside", "namespaceResourceWhitelist"))
    }
    assert allowed == {"cluster": record["cluster"], "inside": record["inside"]}
    assert ["", "Secret"] not in record["inside"]
    assert project["spec"]["namespaceResourceBlacklist"] == [{"group": "", "kind": "Secret"}]
    assert project["spec"]["sourceRepos"] == [application["spec"]["source"]["repoURL"]] == [chart.repository]
    assert project["spec"]["destinations"] == [application["spec"]["destination"]]
    assert project["metadata"]["name"] == application["spec"]["project"] == application["metadata"]["name"]


def test_an_operator_is_a_pinned_chart_that_is_never_pruned() -> None:
    stack = asky()
    _, application = operators.manifests(stack, eks(stack), "cert-manager", {"replicaCount": 2})
    assert application["spec"] == {
        "project": "asky-eks-cert-manager",
        "source": {
            "repoURL": "https://charts.example.org",
            "targetRevision": "1.0.0",
            "chart": "cert-manager",
            "helm": {
                "releaseName": "cert-manager",
                "valuesObject": {
                    "crds": {"enabled": True},
                    "global": {"leaderElection": {"namespace": "cert-manager"}},
                    "replicaCount": 2,
                    "startupapicheck": {"enabled": False},
                },
            },
        },
        "destination": {"name": "asky-prod", "namespace": "cert-manager"},
        "syncPolicy": {
            "automated": {"prune": False, "selfHeal": True},
            "syncOptions": [
                "CreateNamespace=true",
                "FailOnSharedResource=true",
                "ServerSideApply=true",
                "SkipDryRunOnMissingResource=true",
            ],
            "retry": {
                "limit": -1,
                "refresh": True,
                "backoff": {"duration": "10s", "factor": 2, "maxDuration": "5m"},
            },
        },
    }


def needed(platform: str, **changes: Any) -> list[str]:
    """Return the operators of the example stack in one overlay."""
    stack = asky(**changes.pop("stack", {}))
    overlay = {"eks": eks, "minikube": minikube}[platform](stack, **changes)
    return operators.needed(views.view(stack, overlay).rendered, PLATFORMS[platform].PROVIDES)


def test_what_is_rendered_says_which_operators_are_needed() -> None:
    assert needed("eks") == [
        "cert-manager",
        "aws-load-balancer-controller",
        "cloudnative-pg",
        "external-secrets",
        "metrics-server",
    ]
    assert needed("minikube") == []
    signed = ingress("nginx", issuer=Issuer("letsencrypt", "ClusterIssuer"))
    assert needed("minikube", ingress=signed) == ["cert-manager"]
    assert needed("eks", ingress=ingress("nginx")) == [
        "cert-manager",
        "cloudnative-pg",
        "external-secrets",
        "metrics-server",
    ]


def test_a_backup_needs_the_plugin_and_the_plugin_cert_manager() -> None:
    store = {"apiVersion": "barmancloud.cnpg.io/v1", "kind": "ObjectStore", "metadata": {"name": "x"}}
    provided = frozenset({"metrics-server"})
    assert operators.needed([store], provided) == ["cert-manager", "plugin-barman-cloud"]


def test_operators_are_installed_only_where_the_overlay_asks_for_it() -> None:
    stack = asky()

    def files(install: bool) -> list[str]:
        overlay = eks(stack, operators=Operators(install=install))
        return [
            file.path
            for file in layout.plan(with_overlays(stack, overlay)).files
            if "/operators/" in file.path
        ]

    assert files(install=False) == []
    assert files(install=True) == [
        f"argocd/eks/operators/{name}.yaml"
        for name in (
            "aws-load-balancer-controller",
            "cert-manager",
            "cloudnative-pg",
            "external-secrets",
            "metrics-server",
        )
    ]


def test_metrics_server_is_either_an_add_on_of_the_cluster_or_an_application() -> None:
    def cluster(install: bool) -> str:
        stack = asky()
        overlay = eks(stack, operators=Operators(install=install))
        return str(PLATFORMS["eks"].bootstrap_files(stack, overlay, []))

    assert "'metrics-server'" in cluster(install=False)
    assert "'metrics-server'" not in cluster(install=True)


def test_by_hand_the_same_charts_get_the_same_values() -> None:
    stack = asky()
    page = PLATFORMS["eks"].bootstrap(stack, eks(stack), ["cert-manager", "aws-load-balancer-controller"])
    assert (
        "helm upgrade --install cert-manager cert-manager --repo=https://charts.example.org --version=1.0.0 "
        "\\\n"
        "  --namespace cert-manager --create-namespace --wait \\\n"
        "  --set-json 'crds={\"enabled\":true}' \\\n"
        '  --set-json \'global={"leaderElection":{"namespace":"cert-manager"}}\' \\\n'
        "  --set-json 'startupapicheck={\"enabled\":false}'\n"
    ) in page
    assert '--set-json \'vpcTags={"alpha.eksctl.io/cluster-name":"asky-prod"}\'' in page


def test_a_chart_that_is_not_pinned_is_named_with_the_way_to_pin_it() -> None:
    stack = asky(charts={})
    with pytest.raises(InputError, match='no chart is pinned for "cert-manager"') as caught:
        operators.manifests(stack, eks(stack), "cert-manager", {})
    assert re.search(r"`asky-gitops upgrade` adds it .*--set charts\.cert-manager=", str(caught.value.hint))


def test_an_autoscaler_asks_for_metrics_only_where_the_platform_has_none() -> None:
    scaled = {"auth": replace(asky().services["auth"], autoscale=Autoscale(2, 4, 70))}
    assert "metrics-server" not in needed("minikube", stack={"services": scaled})
    assert "metrics-server" in needed("eks", stack={"services": scaled})
