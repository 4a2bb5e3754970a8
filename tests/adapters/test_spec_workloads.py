from pathlib import Path

import pytest

from tests.adapters.spec_cases import spoiled

PORT = "    port: 8003"
MINIKUBE = "{platform: minikube}"
EKS = """\
  eks:
    platform: eks
    aws: {region: us-east-1, account: "111122223333", albCidrs: [10.0.0.0/20]}
"""
OIDC = (
    "issuer: https://id.example.org, authorizationEndpoint: https://id.example.org/a, "
    "tokenEndpoint: https://id.example.org/t, userInfoEndpoint: https://id.example.org/u, secret: login"
)


def on_eks(ingress: str) -> tuple[str, str]:
    """Return the replacement of the overlay by one on EKS."""
    return "  minikube: {platform: minikube}\n", f"{EKS}    ingress: {{{ingress}}}\n"


def a_job(said: str) -> tuple[str, str]:
    """Return the replacement that gives auth a job."""
    return PORT, f"{PORT}\n    jobs: {{clean: {{{said}}}}}"


MEANINGS = {
    "a job without a time": (
        MINIKUBE,
        "{platform: minikube, services: {auth: {jobs: {clean: {suspend: true}}}}}",
        ["asky.yaml:17:59: job clean needs schedule"],
    ),
    "a job of the base without a time": (
        *a_job(""),
        ["asky.yaml:15:12: services.auth.jobs.clean needs schedule"],
    ),
    "a time that is no schedule": (
        *a_job('schedule: "every day"'),
        [
            'asky.yaml:15:30: schedule "every day" is not a schedule of five fields\n'
            '  hint: minute, hour, day, month and weekday: "30 3 * * *" is half past three every night'
        ],
    ),
    "a minute that no hour has": (
        *a_job('schedule: "60 * * * *"'),
        [
            'asky.yaml:15:30: schedule "60" is not a minute from 0 to 59\n'
            '  hint: minute, hour, day, month and weekday: "30 3 * * *" is half past three every night'
        ],
    ),
    "a range that runs backwards": (
        *a_job('schedule: "0 17-9 * * *"'),
        ['asky.yaml:15:30: schedule "17-9" runs backwards'],
    ),
    "a day that no month has": (
        *a_job('schedule: "0 0 30 feb *"'),
        ['asky.yaml:15:30: schedule "0 0 30 feb *" names a day that never comes'],
    ),
    "a time zone inside a schedule": (
        *a_job('schedule: "CRON_TZ=UTC 0 0 * * *"'),
        [
            'asky.yaml:15:30: schedule "CRON_TZ=UTC 0 0 * * *" is not a schedule of five fields\n'
            '  hint: minute, hour, day, month and weekday: "30 3 * * *" is half past three every night'
        ],
    ),
    "the time zone of a machine": (
        *a_job("schedule: '@daily', timeZone: Local"),
        ['asky.yaml:15:50: timeZone "Local" is not a time zone such as Europe/Berlin'],
    ),
    "a job whose objects bear another service's name": (
        "  auth:\n",
        "  auth-clean: {image: a/b:1, port: 1}\n  auth:\n    jobs: {clean: {schedule: '@daily'}}\n",
        ["asky.yaml:14:12: job clean of auth would be named auth-clean: a service has that name"],
    ),
    "a job whose policy bears the name of the way in": (
        PORT,
        f"{PORT}\n    jobs: {{ingress: {{schedule: '@daily'}}}}",
        [
            "asky.yaml:15:12: job ingress of auth would be named auth-ingress: "
            "that is the NetworkPolicy of auth"
        ],
    ),
    "two jobs whose objects bear one name": (
        "  auth:\n",
        "  auth-a: {image: a/b:1, port: 1, jobs: {b: {schedule: '@daily'}}}\n"
        "  auth:\n    jobs: {a-b: {schedule: '@daily'}}\n",
        ["asky.yaml:14:12: job a-b of auth would be named auth-a-b: that is job b of auth-a"],
    ),
    "a job with too long a name": (
        "  auth:\n",
        "  a-service-with-quite-a-long-name: {image: a/b:1, port: 1, "
        "jobs: {a-job-with-a-long-name: {schedule: '@daily'}}}\n  auth:\n",
        [
            "asky.yaml:12:68: job a-job-with-a-long-name of a-service-with-quite-a-long-name would be named "
            "a-service-with-quite-a-long-name-a-job-with-a-long-name: at most 52 characters"
        ],
    ),
    "a job that calls nobody": (
        *a_job("schedule: '@daily', calls: [gatway, auth, auth]"),
        [
            'asky.yaml:15:48: no service is named gatway; did you mean "gateway"?',
            "asky.yaml:15:62: auth is listed twice",
        ],
    ),
    "a job's limit below its request": (
        *a_job("schedule: '@daily', resources: {memory: 1Gi, memoryLimit: 512Mi}"),
        ["asky.yaml:15:78: memoryLimit 512Mi is below the request, memory 1Gi"],
    ),
    "a job's variable that we set": (
        *a_job("schedule: '@daily', env: {DB_USER: me}"),
        ["asky.yaml:15:46: DB_USER is set for every job of a service with a database"],
    ),
    "a job's variable that a secret sets": (
        PORT,
        f"{PORT}\n    secrets: {{KEY: {{generate: 32}}}}\n"
        "    jobs: {a: {schedule: '@daily', env: {KEY: x}}}",
        ["asky.yaml:16:42: KEY is in env and in secrets"],
    ),
    "a job's destination twice": (
        *a_job("schedule: '@daily', egress: [{cidr: 10.0.0.0/8, port: 1}, {cidr: 10.0.0.0/8, port: 1}]"),
        ["asky.yaml:15:78: 10.0.0.0/8 is listed twice"],
    ),
    "a drain as long as the grace": (
        PORT,
        f"{PORT}\n    shutdown: {{drain: 30}}",
        ["asky.yaml:15:23: the pod is killed after 30 s, before its drain of 30 s has left time to stop"],
    ),
    "a volume without a path": (
        MINIKUBE,
        "{platform: minikube, services: {auth: {volumes: {tmp: {size: 2Gi}}}}}",
        ["asky.yaml:17:62: volume tmp needs path"],
    ),
    "a volume that is a list": (
        PORT,
        f"{PORT}\n    volumes: {{tmp: [/tmp]}}",
        ["asky.yaml:15:20: tmp must be a mount path or a map, not a list"],
    ),
    "a volume in memory above the limit": (
        PORT,
        f"{PORT}\n    volumes: {{tmp: {{path: /tmp, size: 1Gi, memory: true}}}}",
        ["asky.yaml:15:39: volume tmp may take 1Gi of memory, the container 256Mi"],
    ),
    "an alias that is the host": (
        "{host: asky.local}",
        "{host: asky.local, aliases: [asky.local]}",
        ["asky.yaml:11:42: asky.local is listed twice"],
    ),
    "an alias that another service has": (
        PORT,
        f"{PORT}\n    public: {{host: a.example.org, aliases: [asky.local]}}",
        ["asky.yaml:15:5: auth and gateway are both public at asky.local/"],
    ),
    "an ingress class that minikube has no controller for": (
        MINIKUBE,
        "{platform: minikube, ingress: {class: ngnix}}",
        [
            'asky.yaml:17:51: class "ngnix" is not one that platform minikube has: nginx, traefik; '
            'did you mean "nginx"?'
        ],
    ),
    "a load balancer's settings on minikube": (
        MINIKUBE,
        "{platform: minikube, ingress: {scheme: internal, oidc: {" + OIDC + "}}}",
        [
            "asky.yaml:17:44: scheme means nothing on platform minikube",
            "asky.yaml:17:62: oidc means nothing on platform minikube",
        ],
    ),
    "cert-manager at the load balancer": (
        *on_eks("issuer: {name: letsencrypt}, controllerNamespace: edge"),
        [
            "asky.yaml:20:15: issuer means nothing for class alb",
            "asky.yaml:20:44: controllerNamespace means nothing for class alb",
        ],
    ),
    "a load balancer's settings for a controller that runs as pods": (
        *on_eks("class: nginx, scheme: internal"),
        ["asky.yaml:20:29: scheme means nothing for class nginx"],
    ),
    "a login in plain text": (
        "  minikube: {platform: minikube}\n",
        f"{EKS}    ingress: {{oidc: {{{OIDC}}}}}\n    services: {{gateway: {{public: {{tls: false}}}}}}\n",
        ["asky.yaml:20:15: gateway is public without tls, and a login needs it"],
    ),
}


@pytest.mark.parametrize(("old", "new", "errors"), MEANINGS.values(), ids=MEANINGS)
def test_what_a_service_or_its_way_in_cannot_be_is_refused(
    tmp_path: Path, old: str, new: str, errors: list[str]
) -> None:
    assert spoiled(tmp_path, old, new) == errors
