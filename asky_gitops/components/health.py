"""Health checks for Argo CD where its own would fail a sync, or hold it, for no fault.

A sync of several waves waits for health, and Degraded fails it; a passing state must be Progressing.
"""

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
    return {status = "Healthy", message = condition.message}
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
"""A switchover, a restart and a new setting pass; what needs a person is Degraded.

Sleep is what was asked for: Suspended would hold the sync for ever.
"""

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
local notes = obj.metadata.annotations or {}
if notes["asky-gitops.dev/address"] == "unpublished" then
  return {status = "Healthy", message = "the controller of this cluster publishes no address"}
end
if obj.status ~= nil and obj.status.loadBalancer ~= nil then
  if next(obj.status.loadBalancer.ingress or {}) ~= nil then
    return {status = "Healthy"}
  end
end
return {status = "Progressing", message = "waiting for an address"}
"""

UNPUBLISHED = {"asky-gitops.dev/address": "unpublished"}
"""Marks an Ingress that never gets an address; every other one is judged as Argo CD itself does."""

CHECKS = {
    "autoscaling_HorizontalPodAutoscaler": AUTOSCALER,
    "networking.k8s.io_Ingress": INGRESS,
    "postgresql.cnpg.io_Cluster": CLUSTER,
}
"""By the key that Argo CD wants: `group_Kind`.

All of them wherever they are applied: one Argo CD has one set of settings, and two overlays that said
different things there would take each other's away.
"""
