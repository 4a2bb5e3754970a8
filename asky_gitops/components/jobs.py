"""What a service does at set times: a CronJob of the same restricted pod, with edges of its own."""

from dataclasses import replace
from typing import Any

from asky_gitops.components import names
from asky_gitops.components.deployment import environment, pod_annotations, volumes
from asky_gitops.components.metadata import Wave, labels, metadata, selector
from asky_gitops.components.network import policy, ways_out
from asky_gitops.components.pods import container_security, pod, resources
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Job, Service, Stack

COMPONENT = "job"


def base(stack: Stack, service: Service) -> list[Manifest]:
    """Return the CronJobs of one service and their policies, sorted by name."""
    return [
        manifest
        for name, job in sorted(service.jobs.items())
        for manifest in (cron_job(stack, service, name, job), network_policy(stack, service, name, job))
    ]


def cron_job(stack: Stack, service: Service, name: str, job: Job) -> Manifest:
    """Return the CronJob; it is no hook: Argo CD keeps it, Kubernetes starts its runs."""
    own = names.job(service.name, name)
    pod_metadata: dict[str, Any] = {"labels": labels(stack, own, COMPONENT)}
    if annotations := pod_annotations(service):
        pod_metadata["annotations"] = annotations
    run = {
        "activeDeadlineSeconds": job.deadline,
        "backoffLimit": job.retries,
        "template": {"metadata": pod_metadata, "spec": pod_spec(stack, service, own, job)},
    }
    made = metadata(stack, own, COMPONENT, Wave.SERVICES)
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": made,
        "spec": {
            "concurrencyPolicy": job.concurrency,
            "failedJobsHistoryLimit": job.history.failed,
            "jobTemplate": {"spec": run},
            "schedule": job.schedule,
            "startingDeadlineSeconds": job.starting_deadline,
            "successfulJobsHistoryLimit": job.history.successful,
            "suspend": job.suspend,
            "timeZone": job.time_zone,
        },
    }


def pod_spec(stack: Stack, service: Service, own: str, job: Job) -> dict[str, Any]:
    """Return the pod: the service's files and login, the job's program."""
    with_its_own = replace(service, env={**service.env, **job.env})
    container = {
        "name": own,
        "image": job.image,
        "command": list(job.command),
        "args": list(job.args),
        "env": environment(stack, with_its_own),
        "resources": resources(stack, job.resources),
        "securityContext": container_security(),
        "volumeMounts": [mount for _, mount in volumes(stack, service)],
    }
    return pod(
        service.name,
        [{key: value for key, value in container.items() if value not in ([], None)}],
        volumes=[volume for volume, _ in volumes(stack, service)],
        imagePullSecrets=[{"name": secret} for secret in service.image_pull_secrets],
        restartPolicy="Never",
        terminationGracePeriodSeconds=service.shutdown.grace,
    )


def network_policy(stack: Stack, service: Service, name: str, job: Job) -> Manifest:
    """Return the ways out of the job's pods; nothing ever calls a job."""
    own = names.job(service.name, name)
    return policy(
        stack,
        own,
        COMPONENT,
        {"matchLabels": selector(stack, own)},
        ingress=[],
        egress=ways_out(stack, job.calls, job.egress),
    )
