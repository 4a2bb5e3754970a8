"""What a mechanical repair would write, rule by rule: one field, one value."""

from dataclasses import dataclass
from typing import Any

from asky_gitops.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Fix:
    """The value a field gets. `unsafe` is one that may stop something from working."""

    value: Any
    unsafe: bool = False


FIXES: dict[tuple[str, str], Fix] = {
    ("privilege-escalation", "allowPrivilegeEscalation"): Fix(False),
    ("kept-capabilities", "drop"): Fix(["ALL"]),
    ("missing-seccomp", "seccompProfile"): Fix({"type": "RuntimeDefault"}),
    ("unconfined-seccomp", "type"): Fix("RuntimeDefault"),
    ("unconfined-apparmor", "type"): Fix("RuntimeDefault"),
    ("unmasked-proc", "procMount"): Fix("Default"),
    ("privileged-container", "privileged"): Fix(False, unsafe=True),
    ("mounted-token", "automountServiceAccountToken"): Fix(False, unsafe=True),
    ("root-allowed", "runAsNonRoot"): Fix(True, unsafe=True),
    ("host-namespace", "hostNetwork"): Fix(False, unsafe=True),
    ("host-namespace", "hostPID"): Fix(False),
    ("host-namespace", "hostIPC"): Fix(False),
    ("superuser-access", "enableSuperuserAccess"): Fix(False, unsafe=True),
    ("exposed-database", "type"): Fix("ClusterIP", unsafe=True),
    ("missing-disruption-budget", "enablePDB"): Fix(True),
    ("missing-spread", "enablePodAntiAffinity"): Fix(True),
    ("snippet-annotation", "allow-snippet-annotations"): Fix("false", unsafe=True),
    ("blocking-disruption-budget", "maxUnavailable"): Fix(1),
}
"""Rule and the last key of the field to what it should be."""
ONLY_AT = {"exposed-database": ("spec", "type"), "unconfined-seccomp": None, "unconfined-apparmor": None}
"""Where `type` means what the fix takes it for; None is anywhere."""


def fix_for(finding: Finding) -> Fix | None:
    """Return the repair of a finding, None where a person must decide."""
    last = finding.path[-1] if finding.path else None
    fix = FIXES.get((finding.rule, str(last)))
    only = ONLY_AT.get(finding.rule)
    return None if only is not None and finding.path != only else fix
