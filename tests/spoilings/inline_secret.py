"""A secret is written out."""

from tests.spoilings.model import (
    AUTH,
    BOTH,
    CUSTOM,
    MINIKUBE,
    VALUE,
    Spoiling,
    inline,
)

SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\nstringData:\n  password: q7Rz2mXc9Lw4\n"

INLINE_SECRET = {
    "a variable": Spoiling(
        AUTH,
        "- name: LOG_LEVEL\n          value: info",
        f"- name: API_TOKEN\n          value: {VALUE}",
        (
            inline(
                "Deployment asky/auth", "spec.template.spec.containers[0].env[6].value", AUTH, VALUE, *BOTH
            ),
        ),
    ),
    "a connection string": Spoiling(
        AUTH,
        "postgresql+asyncpg://$(DB_USER):$(DB_PASSWORD)@",
        f"postgresql+asyncpg://auth:{VALUE}@",
        (
            inline(
                "Deployment asky/auth",
                "spec.template.spec.containers[0].env[2].value",
                AUTH,
                f"postgresql+asyncpg://auth:{VALUE}@postgres:5432/asky",
                *BOTH,
            ),
        ),
    ),
    "an argument": Spoiling(
        "base/migrations/job.yaml",
        "- --no-dump-schema",
        f"- --password={VALUE}",
        (
            inline(
                "Job asky/migrations",
                "spec.template.spec.containers[0].args[0]",
                "base/migrations/job.yaml",
                f"--password={VALUE}",
                *BOTH,
            ),
        ),
    ),
    "a ConfigMap": Spoiling(
        f"{MINIKUBE}/postgres/configmap.yaml",
        "\ndata:\n",
        f"\ndata:\n  app.ini: password={VALUE}\n",
        (
            inline(
                "ConfigMap asky/postgres",
                'data["app.ini"]',
                f"{MINIKUBE}/postgres/configmap.yaml",
                f"password={VALUE}",
                "minikube",
            ),
        ),
    ),
    "a literal of a Secret's generator": Spoiling(
        "overlays/eks/kustomization.yaml",
        "components:",
        f"secretGenerator: [{{name: app, literals: [DB_PASSWORD={VALUE}]}}]\ncomponents:",
        (
            inline(
                "Secret asky/app-hb6hc6m486",
                "data.DB_PASSWORD",
                "overlays/eks/kustomization.yaml",
                f"DB_PASSWORD={VALUE}",
                "eks",
            ),
        ),
    ),
    "a literal of a ConfigMap's generator": Spoiling(
        "overlays/eks/kustomization.yaml",
        "components:",
        f"configMapGenerator: [{{name: app, literals: [DB_PASSWORD={VALUE}]}}]\ncomponents:",
        (
            inline(
                "ConfigMap asky/app-8dg97mc4d2",
                "data.DB_PASSWORD",
                "overlays/eks/kustomization.yaml",
                f"DB_PASSWORD={VALUE}",
                "eks",
            ),
        ),
    ),
    "a patched variable": Spoiling(
        f"{MINIKUBE}/patches/auth.yaml",
        "  replicas: 1",
        "  replicas: 1\n  template: {spec: {containers: [{name: auth, env: [{name: SMTP_PASSWORD, "
        f"value: {VALUE}}}]}}]}}}}",
        (
            inline(
                "Deployment asky/auth",
                "spec.template.spec.containers[0].env[0].value",
                f"{MINIKUBE}/patches/auth.yaml",
                VALUE,
                "minikube",
            ),
        ),
    ),
    "a role in SQL": Spoiling(
        "sql/migrations/0001_schemas.sql",
        "-- migrate:up",
        f"-- migrate:up\nCREATE ROLE other LOGIN PASSWORD '{VALUE}';",
        (
            inline(
                "ConfigMap asky/sql-migrations",
                'data["0001_schemas.sql"]',
                "sql/migrations/kustomization.yaml",
                "0001_schemas.sql",
                *BOTH,
            ),
        ),
    ),
    "a Secret in clear": Spoiling(
        f"{CUSTOM}/kustomization.yaml",
        "resources: []",
        "resources: [secret.yaml]",
        (inline("Secret asky/app", "stringData.password", f"{CUSTOM}/secret.yaml", VALUE, "eks"),),
        {f"{CUSTOM}/secret.yaml": SECRET},
    ),
    "a Secret in base64": Spoiling(
        f"{CUSTOM}/kustomization.yaml",
        "resources: []",
        "resources: [secret.yaml]",
        (inline("Secret asky/app", "data.password", f"{CUSTOM}/secret.yaml", "cTdSejJtWGM5THc0", "eks"),),
        {f"{CUSTOM}/secret.yaml": SECRET.replace("stringData", "data").replace(VALUE, "cTdSejJtWGM5THc0")},
    ),
    "a Secret that a patch takes out of the render again": Spoiling(
        f"{CUSTOM}/kustomization.yaml",
        "resources: []\npatches: []",
        "resources: [secret.yaml]\npatches: [{path: gone.yaml}]",
        (inline("Secret None/app", "stringData.password", f"{CUSTOM}/secret.yaml", VALUE, "eks"),),
        {
            f"{CUSTOM}/secret.yaml": SECRET,
            f"{CUSTOM}/gone.yaml": "$patch: delete\napiVersion: v1\nkind: Secret\nmetadata:\n  name: app\n",
        },
    ),
}
