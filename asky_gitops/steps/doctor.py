"""`doctor`: what is here, what an overlay needs of its cluster, and the remedy for what is missing."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from asky_gitops.adapters.kubectl import Kubectl, NoCluster, version_of
from asky_gitops.errors import AskyError, ToolError
from asky_gitops.findings.redact import Redactor
from asky_gitops.model.stack import Overlay, Stack
from asky_gitops.platforms import remedies
from asky_gitops.platforms.own_secrets import own_secrets
from asky_gitops.steps.build import chosen, objects
from asky_gitops.steps.generate import load
from asky_gitops.steps.version import versions
from asky_gitops.tree import layout, views
from asky_gitops.tree.needs import DEFAULT, Needs, RemoteSecret, needs

TOOLS = {
    "git": ("--version",),
    "kubectl": ("version", "--client"),
    "helm": ("version", "--short"),
    "minikube": ("version", "--short"),
    "eksctl": ("version",),
    "aws": ("--version",),
    "argocd": ("version", "--client", "--short"),
    "jq": ("--version",),
}
"""Program to how it says its version."""
ENFORCERS = re.compile(
    r"calico|canal|cilium|antrea|kube-router|weave|ovn|azure-npm|netd|aws-network-policy|aws-eks-nodeagent"
)
"""Names of the DaemonSets, or of their containers, by which a network plugin enforces NetworkPolicies."""


class State(Enum):
    """What became of one question."""

    FINE = "fine"
    MISSING = "missing"
    UNKNOWN = "could not tell"
    NOTE = "note"
    """Nothing that a run needs."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing, how it stands, and what to do where it is not there."""

    state: State
    what: str
    said: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The answers under their headings; `error` is why the cluster could not be asked."""

    parts: tuple[tuple[str, tuple[Answer, ...]], ...]
    error: AskyError | None = None
    remedy: str | None = None

    @property
    def exit_code(self) -> int:
        """3 when nobody answers, 1 when something is missing or could not be told, else 0."""
        if self.error is not None:
            return self.error.exit_code
        states = {answer.state for _, answers in self.parts for answer in answers}
        return 1 if states & {State.MISSING, State.UNKNOWN} else 0


def doctor(root: Path, overlay: str | None = None) -> Diagnosis:
    """Look at the tools here, and with an overlay at the cluster of kubectl's current context.

    Raises InputError or Many of it for a spec, an overlay or a render that is wrong.
    """
    if overlay is None:
        return Diagnosis((("here", tuple(tools(root, ""))),))
    stack = load(root)
    (name,) = chosen(root, list(stack.overlays), [overlay])
    view = views.view(stack, stack.overlays[name])
    page = str(layout.page_files(view)[0].content)
    wanted = needs(objects(root, name))
    here = ("here", tuple(tools(root, page)))
    kubectl = Kubectl(root)
    try:
        context, version = kubectl.context(), kubectl.server()
    except NoCluster as error:
        to_make = tuple(secrets(None, wanted.remote, view.overlay))
        parts = (here, ("secrets at the provider", to_make)) if to_make else (here,)
        return Diagnosis(parts, error, first_command(page))
    answers = tuple(in_cluster(kubectl, version, view.stack, view.overlay, wanted))
    found = [here, (f"in the cluster ({context})", answers)]
    if wanted.remote:
        found.append(("secrets at the provider", tuple(secrets(kubectl, wanted.remote, view.overlay))))
    return Diagnosis(tuple(found))


def first_command(page: str) -> str | None:
    """Return the first command of a bootstrap page: it starts the cluster."""
    found = re.search(r"^```sh\n(.+)$", page, re.MULTILINE)
    return found[1] if found else None


def tools(root: Path, page: str) -> Iterator[Answer]:
    """Yield the programs: ours, those that verbs run, and those that the bootstrap page types."""
    for name, version in versions().items():
        yield Answer(State.FINE, name, version)
    for name, arguments in TOOLS.items():
        ours = {"git": "commit needs it", "kubectl": "up and down need it"}.get(name)
        if ours is None and not re.search(rf"^ *(.*[|(] *)?{name} ", page, re.MULTILINE):
            continue
        found = version_of(name, arguments, root)
        if found:
            yield Answer(State.FINE, name, found)
        else:
            yield Answer(State.NOTE, name, f"not installed; {ours or 'the bootstrap page uses it'}")


def in_cluster(
    kubectl: Kubectl, version: str, stack: Stack, overlay: Overlay, wanted: Needs
) -> Iterator[Answer]:
    """Yield what the cluster has of what an overlay needs."""
    minor = ".".join(version.split(".")[:2])
    fits = minor in stack.kubernetes
    remedy = None if fits else f"asky-gitops set 'kubernetes=[\"{minor}\"]', or another cluster"
    said = version if fits else f"{version}; the spec is for {', '.join(stack.kubernetes)}"
    yield Answer(State.FINE if fits else State.MISSING, "Kubernetes", said, remedy)
    for group, kinds in wanted.kinds.items():
        yield asked(group, api, kubectl, overlay, group, kinds)
    for name in wanted.storage_classes:
        yield asked("StorageClass", storage_class, kubectl, overlay, name)
    for name in wanted.ingress_classes:
        yield asked("IngressClass", ingress_class, kubectl, overlay, name)
    if wanted.network_policies:
        yield asked("NetworkPolicies", network_policies, kubectl, overlay)
    if wanted.metrics:
        yield asked("pod metrics", metrics, kubectl, overlay)
    for name, keys in own_secrets(stack, overlay).items():
        yield asked(f"Secret {name}", secret, kubectl, overlay, stack.namespace, name, keys)


def asked(what: str, question: Callable[..., Answer], *arguments: Any) -> Answer:
    """Return the answer, or that there is none and why: an answer that fails is never taken for a yes."""
    try:
        return question(*arguments)
    except ToolError as error:
        return Answer(
            State.UNKNOWN, what, Redactor().text(error.message), "ask with an account that may look"
        )


def api(kubectl: Kubectl, overlay: Overlay, version: str, kinds: Sequence[str]) -> Answer:
    """Tell whether the API server serves kinds in a version."""
    served = kubectl.raw(f"/apis/{version}" if "/" in version else f"/api/{version}")
    known = {one["kind"] for one in served["resources"]} if served else set()
    missing = [kind for kind in kinds if kind not in known]
    if not missing:
        return Answer(State.FINE, version, ", ".join(kinds))
    group = kubectl.raw(f"/apis/{version.partition('/')[0]}")
    others = ", ".join(one["version"] for one in group["versions"]) if group else ""
    but = f"; the cluster has {others}" if others and not served else ""
    return Answer(State.MISSING, version, f"no {', '.join(missing)}{but}", remedies.api(overlay, version))


def storage_class(kubectl: Kubectl, overlay: Overlay, name: str) -> Answer:
    """Tell whether a StorageClass, or with no name a default one, is there."""
    found = kubectl.get("storageclasses.storage.k8s.io")
    mark = "storageclass.kubernetes.io/is-default-class"
    defaults = [one for one in found if one["metadata"].get("annotations", {}).get(mark) == "true"]
    names = [one["metadata"]["name"] for one in (defaults if name == DEFAULT else found)]
    if name in names or (name == DEFAULT and names):
        return Answer(State.FINE, "StorageClass", name or f"{names[0]} (the default)")
    said = f"no {name}" if name else "no default one"
    return Answer(State.MISSING, "StorageClass", said, remedies.storage_class(overlay, name))


def ingress_class(kubectl: Kubectl, overlay: Overlay, name: str) -> Answer:
    """Tell whether an IngressClass is there."""
    if kubectl.get("ingressclasses.networking.k8s.io", name):
        return Answer(State.FINE, "IngressClass", name)
    return Answer(State.MISSING, "IngressClass", f"no {name}", remedies.ingress_class(overlay, name))


def network_policies(kubectl: Kubectl, overlay: Overlay) -> Answer:
    """Tell whether something is known to enforce NetworkPolicies; the API server takes them either way."""
    for one in kubectl.get("daemonsets.apps"):
        containers = one["spec"]["template"]["spec"]["containers"]
        for name in (one["metadata"]["name"], *(container["name"] for container in containers)):
            if ENFORCERS.search(name):
                return Answer(State.FINE, "NetworkPolicies", f"enforced by {one['metadata']['name']}")
    said = "no network plugin is known here that enforces them"
    return Answer(State.UNKNOWN, "NetworkPolicies", said, remedies.network_policies(overlay))


def metrics(kubectl: Kubectl, overlay: Overlay) -> Answer:
    """Tell whether the metrics of pods, by which an autoscaler decides, are there."""
    for one in kubectl.get("apiservices.apiregistration.k8s.io", "v1beta1.metrics.k8s.io"):
        for condition in one.get("status", {}).get("conditions", []):
            if (condition["type"], condition["status"]) == ("Available", "True"):
                return Answer(State.FINE, "pod metrics", "v1beta1.metrics.k8s.io")
    return Answer(State.MISSING, "pod metrics", "no metrics.k8s.io", remedies.metrics(overlay))


def secret(kubectl: Kubectl, overlay: Overlay, namespace: str, name: str, keys: Sequence[str]) -> Answer:
    """Tell whether a Secret that somebody makes by hand is there, with every key that is read of it."""
    found = kubectl.secret_keys(namespace, name)
    missing = [key for key in keys if key not in (found or ())]
    if not missing:
        return Answer(State.FINE, f"Secret {name}", ", ".join(keys))
    said = f"not in {namespace}" if found is None else f"no {', '.join(missing)}"
    return Answer(State.MISSING, f"Secret {name}", said, remedies.own_secret(overlay))


def secrets(kubectl: Kubectl | None, wanted: Iterable[RemoteSecret], overlay: Overlay) -> Iterator[Answer]:
    """Yield each secret to be made at the provider; one that was read into the cluster is there."""
    for one in wanted:
        parts = f"property {', '.join(one.properties)}" if one.properties else "the whole value"
        if kubectl is not None and all(is_read(kubectl, reader) for reader in one.readers):
            yield Answer(State.FINE, one.key, parts)
        else:
            yield Answer(State.UNKNOWN, one.key, f"{parts}, not read yet", remedies.remote_secret(overlay))


def is_read(kubectl: Kubectl, reader: str) -> bool:
    """Tell whether an ExternalSecret says that it could be read; one that cannot be asked does not."""
    namespace, _, name = reader.partition("/")
    try:
        found = kubectl.get("externalsecrets.external-secrets.io", name, namespace=namespace)
    except ToolError:
        return False
    conditions = [one for each in found for one in each.get("status", {}).get("conditions", [])]
    return any((one["type"], one["status"]) == ("Ready", "True") for one in conditions)
