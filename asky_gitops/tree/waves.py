"""The order in which a render comes up: Argo CD's own, so that a cluster without it ends up the same.

Phases, then waves, then namespaces and definitions before what needs them (argo-cd, Sync Phases and Waves).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from asky_gitops.components.metadata import Wave
from asky_gitops.model.manifest import Manifest

PHASES = ("PreSync", "Sync", "PostSync")
NAMES = {Wave.GROUND: "base", Wave.EDGE: "ingress"}
"""Waves whose own name says less to people."""
FIRST = {"Namespace": 0, "CustomResourceDefinition": 1}
HOOK = "argocd.argoproj.io/hook"
SYNC_WAVE = "argocd.argoproj.io/sync-wave"
SHOWN_KINDS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """What is applied together and waited for together."""

    name: str
    objects: tuple[Manifest, ...]

    def kinds(self) -> str:
        """Say what it holds: `3 Services, 2 Deployments, …`."""
        counts = Counter(str(one["kind"]) for one in self.objects).most_common()
        said = [f"{count} {kind if count == 1 else plural(kind)}" for kind, count in counts[:SHOWN_KINDS]]
        return ", ".join([*said, *(["…"] if len(counts) > SHOWN_KINDS else [])])


def plural(kind: str) -> str:
    """Return the word for several of a kind: `Ingresses`, `NetworkPolicies`."""
    if kind.endswith("y"):
        return f"{kind[:-1]}ies"
    return f"{kind}es" if kind.endswith("s") else f"{kind}s"


def steps(manifests: Iterable[Manifest]) -> list[Step]:
    """Return the steps in which the objects come up; hooks for other times than a sync are left out."""
    found: dict[tuple[int, int], list[Manifest]] = {}
    for one in manifests:
        notes = one["metadata"].get("annotations") or {}
        phase = notes.get(HOOK, "Sync").split(",")[0]
        if phase in PHASES:
            found.setdefault((PHASES.index(phase), int(notes.get(SYNC_WAVE, "0"))), []).append(one)
    return [
        Step(name(phase, wave), tuple(sorted(objects, key=lambda one: FIRST.get(one["kind"], 2))))
        for (phase, wave), objects in sorted(found.items(), key=lambda pair: pair[0])
    ]


def name(phase: int, wave: int) -> str:
    """Return what people call a step."""
    if PHASES[phase] != "Sync":
        return PHASES[phase]
    known = {one.value: one for one in Wave}
    return NAMES.get(known[wave], known[wave].name.lower()) if wave in known else f"wave {wave}"


def is_hook(manifest: Manifest) -> bool:
    """Tell whether an object is made anew each time: its old one goes first."""
    return HOOK in (manifest["metadata"].get("annotations") or {})
