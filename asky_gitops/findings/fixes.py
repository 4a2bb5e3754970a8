"""What a mechanical repair would write, rule by rule: one field, one value, or one setting of the spec."""

import re
from dataclasses import dataclass
from typing import Any, Literal

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
    ("single-replica", "replicas"): Fix(2, unsafe=True),
    ("single-replica", "instances"): Fix(3, unsafe=True),
}
"""Rule and the last key of the field to what it should be."""
ONLY_AT = {"exposed-database": ("spec", "type"), "unconfined-seccomp": None, "unconfined-apparmor": None}
"""Where `type` means what the fix takes it for; None is anywhere."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A key of the spec that makes a generated file right, and whose: a service's or the overlay's.

    `public` is a key of whichever service the internet reaches. With `there` it counts only where
    the spec has it.
    """

    of: Literal["service", "public", "overlay"]
    key: tuple[str, ...]
    value: Any
    there: bool = False


SETTINGS: dict[tuple[str, str], tuple[Setting, ...]] = {
    ("single-replica", "replicas"): (
        Setting("service", ("autoscale", "min"), 2, there=True),
        Setting("service", ("replicas",), 2),
    ),
    ("single-replica", "instances"): (Setting("overlay", ("database", "instances"), 3),),
    ("plaintext-ingress", "tls"): (Setting("public", ("public", "tls"), True),),
}
"""As FIXES, for files that `generate` writes; each may stop something from working."""
GENERATED = re.compile(r"base/[^/]+/[^/]+|overlays/[^/]+/generated/.+")
"""Files that may be generated; whether one is, its header says."""


def settings_for(finding: Finding) -> tuple[Setting, ...]:
    """Return the settings to try, in this order; none for a file that is not one of ours."""
    if finding.location is None or not GENERATED.fullmatch(finding.location.file):
        return ()
    return SETTINGS.get((finding.rule, str(finding.path[-1]) if finding.path else ""), ())


def fix_for(finding: Finding) -> Fix | None:
    """Return the repair of a finding, None where a person must decide."""
    last = finding.path[-1] if finding.path else None
    fix = FIXES.get((finding.rule, str(last)))
    only = ONLY_AT.get(finding.rule)
    return None if only is not None and finding.path != only else fix


def is_fixable(finding: Finding) -> bool:
    """Tell whether `fix` knows what to try."""
    return finding.location is not None and bool(fix_for(finding) or settings_for(finding))
