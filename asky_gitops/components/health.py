"""Health checks for Argo CD where its own would fail a sync, or hold it, for no fault.

A sync of several waves waits for health, and Degraded fails it; a passing state must be Progressing.
"""

from collections.abc import Iterable

from asky_gitops.model.manifest import Manifest

CLUSTER = """\
local health = {status = "Progressing", message = "waiting for the operator"}
if obj.metadata.annotations ~= nil and obj.metadata.annotations["cnpg.io/reconciliation"] == "disabled" then
  return {status = "Suspended", message = "reconciliation is disabled"}
end
if obj.status == nil or obj.status.phase == nil then
  return health
end
health.message = obj.status.phaseReason or obj.status.phase
for _, condition in ipairs(obj.status.conditions or {}) do
  if condition.type == "cnpg.io/hibernation" and condition.status == "True" then
    return {status = "Suspended", message = condition.message}
  end
end
local states = {
  ["Cluster in healthy state"] = "Healthy",
  ["Waiting for user action"] = "Suspended",
  ["Unable to create required cluster objects"] = "Degraded",
  ["Cluster cannot proceed to reconciliation due to an unknown plugin being required"] = "Degraded",
  ["Cluster has incomplete or invalid image catalog"] = "Degraded",
  ["Cluster is unrecoverable and needs manual intervention"] = "Degraded",
  ["Invalid cluster definition"] = "Degraded",
  ["Cluster cannot execute instance online upgrade due to missing architecture binary"] = "Degraded",
}
health.status = states[obj.status.phase] or "Progressing"
return health
"""
"""A switchover, a restart and a new setting pass; what needs a person is Degraded."""

AUTOSCALER = """\
if obj.status ~= nil then
  for _, condition in ipairs(obj.status.conditions or {}) do
    if condition.type == "AbleToScale" and condition.status == "False" then
      return {status = "Degraded", message = condition.message}
    end
    if condition.type == "ScalingActive" and condition.status == "True" then
      return {status = "Healthy", message = condition.message}
    end
    if condition.type == "ScalingActive" and condition.reason == "ScalingDisabled" then
      return {status = "Suspended", message = condition.message}
    end
  end
end
return {status = "Progressing", message = "waiting for metrics"}
"""

INGRESS = """\
return {status = "Healthy", message = "the controller of this cluster publishes no address"}
"""

CHECKS = {
    ("postgresql.cnpg.io", "Cluster"): CLUSTER,
    ("autoscaling", "HorizontalPodAutoscaler"): AUTOSCALER,
}


def checks(manifests: Iterable[Manifest], *, publishes_address: bool) -> dict[str, str]:
    """Return the checks for the kinds among `manifests`, by the key Argo CD wants: `group_Kind`."""
    wanted = dict(CHECKS)
    if not publishes_address:
        wanted["networking.k8s.io", "Ingress"] = INGRESS
    rendered = {(one["apiVersion"].rpartition("/")[0], one["kind"]) for one in manifests}
    return {f"{group}_{kind}": lua for (group, kind), lua in wanted.items() if (group, kind) in rendered}
