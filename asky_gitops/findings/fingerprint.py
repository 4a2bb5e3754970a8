"""Names a finding so that the next run, another overlay or a moved line has the same name for it."""

import hashlib
import json
import re

from asky_gitops.findings.field import dotted
from asky_gitops.model.finding import Finding
from asky_gitops.model.manifest import ResourceRef

VERSION = "v1"
HASH_SUFFIX = re.compile(r"-[2-9bcdfghkmt]{10}$")
"""What kustomize hangs on the name of what it generates: ten of its alphabet (api/hasher/hasher.go)."""


def fingerprint(finding: Finding) -> str:
    """Return `v1:` and the SHA-256 (hex) of the finding's rule, resource and field.

    A finding on a source has no resource: its file stands in. Neither a value nor an overlay takes
    part: a value could be guessed from its hash, and one defect in a base is one defect.
    """
    resource = finding.resource
    place = (
        [resource.api_version, resource.kind, resource.namespace, stable_name(resource)]
        if resource
        else [finding.location.file if finding.location else None]
    )
    named = json.dumps([finding.rule, place, dotted(finding.path)], separators=(",", ":"))
    return f"{VERSION}:{hashlib.sha256(named.encode()).hexdigest()}"


def stable_name(resource: ResourceRef) -> str:
    """Return the name without the hash of a generated ConfigMap's or Secret's content."""
    generated = resource.kind in ("ConfigMap", "Secret")
    return HASH_SUFFIX.sub("", resource.name) if generated else resource.name
