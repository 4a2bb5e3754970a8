"""`up`: bring an overlay into the cluster of kubectl's context, each wave ready before the next."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from asky_gitops.adapters import yaml
from asky_gitops.adapters.kubectl import Kubectl, Object
from asky_gitops.errors import Refused, ToolError
from asky_gitops.findings.redact import Redactor
from asky_gitops.steps.build import chosen, objects
from asky_gitops.steps.cluster import HIBERNATION, hibernate, refuse_argo_cd, refuse_foreign
from asky_gitops.steps.generate import generate, load
from asky_gitops.tree.readiness import Readiness, is_hopeless, is_late, pod_reason, readiness
from asky_gitops.tree.waves import Step, is_hook, steps

PAUSE = 1.0
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How one step stands: told again and again while it is waited for, once more when it is done."""

    step: str
    state: Literal["waiting", "done"]
    said: str
    seconds: float


@dataclass(frozen=True, slots=True)
class UpResult:
    """Where the overlay is up, and how to reach it."""

    context: str
    namespace: str
    hosts: tuple[str, ...]


Tell = Callable[[Progress], None]


class NotReady(Refused):
    """Something did not become ready: what is ready stays."""

    def __init__(self, what: str, waited: float, why: Sequence[str]) -> None:
        """`why` are the pod's or the object's own words, one reason a line."""
        super().__init__(f"after {waited:.0f} s: {what} is not ready")
        self.why = tuple(why)


def up(root: Path, overlay: str, tell: Tell, *, timeout: float, dry_run: bool = False) -> UpResult:
    """Apply both roots of an overlay in wave order; `timeout` is the seconds that one wave may take.

    Raises NotReady, Refused (a stale tree, a namespace that Argo CD or somebody else has, an object that the
    API server does not take), ToolError (no cluster), InputError (the spec, the overlay, the render).
    """
    stack = load(root)
    (name,) = chosen(root, list(stack.overlays), [overlay])
    refuse_stale(root, name)
    every = objects(root, name)
    kubectl = Kubectl(root)
    context = kubectl.context()
    kubectl.server()
    refuse_argo_cd(kubectl, every)
    refuse_foreign(kubectl, every, stack.name)
    for step in steps(every):
        if dry_run:
            tell(Progress(step.name, "done", step.kinds(), 0))
        else:
            bring(kubectl, step, tell, timeout)
    rules = [rule for one in every if one["kind"] == "Ingress" for rule in one["spec"].get("rules", [])]
    return UpResult(
        context, stack.namespace, tuple(sorted({rule["host"] for rule in rules if "host" in rule}))
    )


def refuse_stale(root: Path, overlay: str) -> None:
    """Raise Refused when the tree is not what asky.yaml says."""
    if generate(root, overlays=[overlay], mode="check").differences:
        raise Refused("the tree is older than asky.yaml", hint="asky-gitops generate")


def bring(kubectl: Kubectl, step: Step, tell: Tell, timeout: float) -> None:
    """Apply one step, its old hooks deleted first, and wait until all of it is ready."""
    started = time.monotonic()
    tell(Progress(step.name, "waiting", step.kinds(), 0))
    if hooks := [one for one in step.objects if is_hook(one)]:
        kubectl.delete(yaml.dump(hooks))
    namespaces = [one for one in step.objects if one["kind"] == "Namespace"]
    try:
        for part in (namespaces, [one for one in step.objects if one["kind"] != "Namespace"]):
            if part:
                kubectl.apply(yaml.dump(part))
    except Refused as error:
        raise Refused(Redactor().text(error.message), f"wave {step.name}", hint_for(error.message)) from None
    text = yaml.dump(list(step.objects))
    for live in kubectl.live(text):
        if (live["metadata"].get("annotations") or {}).get(HIBERNATION) == "on":
            hibernate(kubectl, live, asleep=False)
    while True:
        there = kubectl.live(text)
        found = [(live, readiness(live)) for live in there]
        waited = time.monotonic() - started
        waiting = [(live, state) for live, state in found if state.phase != "ready"]
        if not waiting and len(there) == len(step.objects):
            tell(Progress(step.name, "done", said(found) or step.kinds(), waited))
            return
        stop = [one for one in waiting if one[1].phase == "failed" or hopeless(kubectl, one[0])]
        if stop or waited > timeout:
            if not waiting:
                raise NotReady(f"wave {step.name}", waited, ["an object of it is gone again"])
            live, state = (stop or waiting)[0]
            raise NotReady(title(live), waited, list(reasons(kubectl, live, state)))
        tell(Progress(step.name, "waiting", said(found), waited))
        time.sleep(PAUSE)


def hint_for(complaint: str) -> str | None:
    """Return what to do about a refusal of the API server."""
    if "no matches for kind" in complaint:
        return "asky-gitops doctor --overlay NAME says what defines it"
    if "conflict" in complaint.lower():
        return "somebody else set these fields: put the value into asky.yaml, or take it back there"
    return None


def said(found: Sequence[tuple[Object, Readiness]]) -> str:
    """Say how everything stands that has something to say: `auth 1/2 · pyxis 2/2`."""
    return " · ".join(f"{live['metadata']['name']} {state.said}" for live, state in found if state.said)


def title(live: Object) -> str:
    """Name an object: `Deployment asky/auth`."""
    namespace = live["metadata"].get("namespace")
    return f"{live['kind']} {namespace + '/' if namespace else ''}{live['metadata']['name']}"


def pods_of(kubectl: Kubectl, live: Object) -> list[Object]:
    """Return the pods that an object's selector finds, the newest first."""
    labels = ((live.get("spec") or {}).get("selector") or {}).get("matchLabels")
    if not isinstance(labels, dict):
        return []
    found = kubectl.get("pods", namespace=live["metadata"]["namespace"])
    own = [pod for pod in found if labels.items() <= (pod["metadata"].get("labels") or {}).items()]
    return sorted(own, key=lambda pod: str(pod["metadata"]["creationTimestamp"]), reverse=True)


def hopeless(kubectl: Kubectl, live: Object) -> bool:
    """Tell whether a pod of an object cannot become ready without an edit."""
    found = (pod_reason(pod) for pod in pods_of(kubectl, live))
    return any(reason is not None and is_hopeless(reason[0]) for reason in found)


def reasons(kubectl: Kubectl, live: Object, state: Readiness) -> Iterator[str]:
    """Yield why an object is not ready, its pods' words before its own, without a secret's value."""
    words = Redactor()
    try:
        for pod in pods_of(kubectl, live):
            name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
            reason = pod_reason(pod)
            if reason is None and is_late(pod):
                reason = kubectl.warning(namespace, pod["metadata"]["uid"])
            if reason:
                yield words.text(f"{reason[0]}: {reason[1]}" if reason[1] else reason[0])
                yield from (words.text(line) for line in kubectl.last_lines(namespace, name))
                return
    except ToolError as error:
        yield words.text(error.message)
    yield words.text(state.why or f"it says {state.said or 'nothing'}")
