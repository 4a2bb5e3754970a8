"""Names a finding so that the next run, another overlay or a moved line has the same name for it."""

import hashlib
import json

from asky_gitops.findings.field import dotted
from asky_gitops.model.finding import Finding

VERSION = "v1"


def fingerprint(finding: Finding) -> str:
    """Return `v1:` and the SHA-256 (hex) of the finding's rule, resource and field.

    A finding on a source has no resource: its file stands in. Neither a value nor an overlay takes
    part: a value could be guessed from its hash, and one defect in a base is one defect.
    """
    resource = finding.resource
    place = (
        [resource.api_version, resource.kind, resource.namespace, resource.name]
        if resource
        else [finding.location.file if finding.location else None]
    )
    named = json.dumps([finding.rule, place, dotted(finding.path)], separators=(",", ":"))
    return f"{VERSION}:{hashlib.sha256(named.encode()).hexdigest()}"
