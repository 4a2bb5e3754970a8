"""What people type: the examples at the end of each verb's help, in docs/cli.md too."""

EXAMPLES = {
    "init": (
        "asky-gitops init",
        "asky-gitops init deploy --platform eks --region eu-central-1 --cluster asky-prod",
    ),
    "generate": (
        "asky-gitops generate",
        "asky-gitops generate --check",
        "asky-gitops generate --overlay minikube --diff",
        "asky-gitops generate --overwrite base/auth/deployment.yaml",
    ),
    "import": (
        "asky-gitops import manifests/",
        "kubectl get deploy,svc,ing,cm,secret -n shop -o yaml | asky-gitops import -",
        "asky-gitops import overlays/prod --into new/asky.yaml --dry-run",
    ),
    "set": (
        "asky-gitops set services.auth.image=ghcr.io/acme/auth:1.4.3",
        "asky-gitops set services.mailer.image=ghcr.io/acme/mailer:1.0.0 services.mailer.port=8004",
        "asky-gitops set 'overlays.eks.services.auth.autoscale={min: 2, max: 6}' --dry-run",
    ),
    "eject": (
        "asky-gitops eject base/auth/deployment.yaml",
        "asky-gitops eject --dry-run base/auth/deployment.yaml base/auth/service.yaml",
    ),
    "build": (
        "asky-gitops build --overlay eks",
        "asky-gitops build overlays/eks/platform",
    ),
    "check": (
        "asky-gitops check",
        "asky-gitops check --overlay eks --format json --output report.json",
        "asky-gitops check ../other-repository/deploy --fail-on warning",
        "kubectl get deployment web -o yaml | asky-gitops check -",
    ),
    "trace": (
        "asky-gitops trace Deployment/auth spec.replicas",
        "asky-gitops trace Deployment/auth 'spec.template.spec.containers[auth].image' --overlay eks",
    ),
    "commit": (
        "asky-gitops commit",
        'asky-gitops commit -m "auth 1.4.3" --push',
    ),
    "upgrade": (
        "asky-gitops upgrade --dry-run",
        "asky-gitops upgrade dbmate",
    ),
    "fix": (
        "asky-gitops fix --diff",
        "asky-gitops fix --rule missing-resource-limits",
    ),
    "diff": (
        "asky-gitops diff --since main",
        "asky-gitops diff --overlay eks --exit-code",
    ),
    "graph": (
        "asky-gitops graph --overlay eks",
        "asky-gitops graph --format svg > graph.svg",
    ),
    "rules": ("asky-gitops rules",),
    "explain": ("asky-gitops explain exposed-database",),
    "up": (
        "asky-gitops up --overlay minikube",
        "asky-gitops up --overlay minikube --timeout 600",
    ),
    "down": (
        "asky-gitops down --overlay minikube",
        "asky-gitops down --overlay minikube --keep-data --yes",
    ),
    "doctor": (
        "asky-gitops doctor",
        "asky-gitops doctor --overlay minikube",
    ),
    "schema": (
        "asky-gitops schema spec > asky.schema.json",
        "asky-gitops schema report",
    ),
}
"""Verb to commands, the plainest first."""
