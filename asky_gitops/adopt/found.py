"""What was found: each object once, as its author meant it, with where it stands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from asky_gitops.adopt.shape import faults, form_of
from asky_gitops.errors import AskyError, InputError, Many
from asky_gitops.model.manifest import Manifest

Verdict = Literal["taken", "changed", "left over"]
CLUSTERS_OWN = {"kube-root-ca.crt", "default", "kubernetes"}
"""Names of what every namespace has by itself."""
ALREADY = ("managedFields", "creationTimestamp", "generation", "resourceVersion", "uid", "selfLink")


@dataclass(frozen=True, slots=True)
class Note:
    """What became of one object, or of a part of it."""

    verdict: Verdict
    what: str
    where: str
    said: str


@dataclass(frozen=True, slots=True)
class Found:
    """One object and the file it was read from."""

    manifest: Manifest
    where: str

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.manifest["kind"])

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.manifest["metadata"].get("name", ""))

    @property
    def namespace(self) -> str:
        """Its namespace, empty where it says none."""
        return str(self.manifest["metadata"].get("namespace") or "")

    @property
    def spec(self) -> dict[str, Any]:
        """Its spec."""
        return self.manifest.get("spec") or {}

    @property
    def title(self) -> str:
        """Kind and name."""
        return f"{self.kind} {self.name}"


@dataclass(slots=True)
class Log:
    """The notes so far, and the values that belong elsewhere."""

    notes: list[Note] = field(default_factory=list)
    secrets: list[tuple[str, str, str]] = field(default_factory=list)
    """(service, variable, where its value was)."""

    def add(self, verdict: Verdict, one: Found, said: str) -> None:
        """Note what became of an object."""
        self.notes.append(Note(verdict, one.title, one.where, said))


def objects(documents: Iterable[tuple[str, Any]], log: Log) -> list[Found]:
    """Return the objects of (file, document) pairs; of several with one name the last.

    Raises Many of InputError for those that are not of the form that Kubernetes takes.
    """
    found: dict[tuple[str, str, str], Found] = {}
    wrong: list[AskyError] = []
    for where, document in documents:
        for one in unpacked(where, document, log, wrong):
            key = (one.kind, one.namespace, one.name)
            if key in found:
                same = found[key].manifest == one.manifest
                words = "the same again" if same else "another of this name follows: kubectl keeps the last"
                log.add("left over", found[key], words)
            if said := not_ours(one):
                log.add("left over", one, said)
            else:
                found[key] = one
    if wrong:
        raise Many(wrong, "nothing was written")
    return list(found.values())


def unpacked(where: str, document: Any, log: Log, wrong: list[AskyError]) -> Iterable[Found]:
    """Yield the objects of one document, those of a List one by one."""
    if not isinstance(document, dict) or not {"apiVersion", "kind"} <= document.keys():
        log.notes.append(Note("left over", "a document", where, "is no Kubernetes object"))
    elif str(document["kind"]).endswith("List") and isinstance(document.get("items"), list):
        for item in document["items"]:
            yield from unpacked(where, item, log, wrong)
    elif not isinstance(document.get("metadata"), dict) or not document["metadata"].get("name"):
        log.notes.append(Note("left over", str(document["kind"]), where, "has no name"))
    elif said := list(faults(document, form_of(document))):
        title = f"{document['kind']} {document['metadata']['name']}"
        wrong += [InputError(f"{title}: {one}", where) for one in said]
    else:
        yield Found(bare(document), where)


def bare(manifest: Manifest) -> Manifest:
    """Return what an author wrote of an object: no status, no field that the API server sets."""
    metadata = {key: value for key, value in manifest["metadata"].items() if key not in ALREADY}
    notes = {
        str(key): value
        for key, value in (metadata.get("annotations") or {}).items()
        if not str(key).startswith(("kubectl.kubernetes.io/", "deployment.kubernetes.io/"))
    }
    metadata.pop("annotations", None)
    kept = {key: value for key, value in manifest.items() if key != "status"}
    return {**kept, "metadata": {**metadata, **({"annotations": notes} if notes else {})}}


def not_ours(one: Found) -> str | None:
    """Say why an object is nobody's to write down, if it is."""
    if one.manifest["metadata"].get("ownerReferences"):
        return "made by another object"
    if one.name in CLUSTERS_OWN and one.kind in ("ConfigMap", "ServiceAccount", "Service"):
        return "every namespace has it"
    if "helm.sh/hook" in (one.manifest["metadata"].get("annotations") or {}):
        return "a hook of Helm"
    return None


def slug(name: str, longest: int = 52) -> str:
    """Return a name as the spec takes one for a service."""
    made = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return (made if made[:1].isalpha() else f"s-{made}")[:longest].rstrip("-")
