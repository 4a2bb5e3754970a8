"""Everything that was found, and the spec that is made of it: whoever takes a part over is handed this."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from asky_gitops.adopt.found import Found, Log
from asky_gitops.adopt.pods import Surroundings, template

MANAGED = "app.kubernetes.io/managed-by"
COMPONENT = "app.kubernetes.io/component"
SPACE = "kubernetes.io/metadata.name"
"""The label by which a policy names a namespace."""


@dataclass(slots=True)
class Scene:
    """What was found, which of it became services, and the spec so far."""

    every: list[Found]
    named: Mapping[int, str]
    """`id` of a workload to the service it became."""
    around: Surroundings
    spec: dict[str, Any]
    log: Log

    @property
    def services(self) -> dict[str, Any]:
        """The services of the spec."""
        found: dict[str, Any] = self.spec["services"]
        return found

    @property
    def workloads(self) -> list[Found]:
        """The workloads that became services."""
        return [one for one in self.every if id(one) in self.named]

    def of_kind(self, *kinds: str) -> Iterator[Found]:
        """Yield the objects of some kinds."""
        return (one for one in self.every if one.kind in kinds)

    def chosen(self, selector: Mapping[str, Any] | None) -> list[str]:
        """Return the services whose pods a selector with labels finds."""
        return [self.named[id(one)] for one in self.workloads if matches(selector, one)]

    def ways_in(self, *ports: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield (service or nothing, peer) of what NetworkPolicies let in, to some ports or to any."""
        for one in self.of_kind("NetworkPolicy"):
            subjects = self.chosen(one.spec.get("podSelector")) or [""]
            for rule in one.spec.get("ingress") or []:
                if not ports or {each.get("port") for each in rule.get("ports") or []} & set(ports):
                    yield from ((name, peer) for name in subjects for peer in rule.get("from") or [])


def space_of(peer: Mapping[str, Any]) -> str | None:
    """Return the namespace that a policy's peer names; None for any other choice of namespaces."""
    found = ((peer.get("namespaceSelector") or {}).get("matchLabels") or {}).get(SPACE)
    return str(found) if found else None


def matches(selector: Mapping[str, Any] | None, workload: Found) -> bool:
    """Tell whether a selector with labels finds the pods of a workload."""
    return finds((selector or {}).get("matchLabels") or {}, workload)


def finds(wanted: Mapping[str, Any], workload: Found) -> bool:
    """Tell whether labels find the pods of a workload."""
    labels = (template(workload.spec).get("metadata") or {}).get("labels") or {}
    return bool(wanted) and wanted.items() <= labels.items()


def is_own(one: Found, component: str | None = None) -> bool:
    """Tell an object that `generate` wrote, as a part of one component or of any."""
    labels = one.manifest["metadata"].get("labels") or {}
    return labels.get(MANAGED) == "asky-gitops" and component in (None, labels.get(COMPONENT))


def annotations(one: Found) -> dict[str, str]:
    """Return the annotations of an object; one without a value is an empty text."""
    found = one.manifest["metadata"].get("annotations") or {}
    return {str(key): "" if value is None else str(value) for key, value in found.items()}
