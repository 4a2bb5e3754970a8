"""Everywhere a secret's value can be planted in a repository of ours."""

import base64
from dataclasses import dataclass, field
from pathlib import Path

CANARY = "sesame-canary"
ENCODED = base64.b64encode(CANARY.encode()).decode()
CUSTOM = "overlays/eks/custom"
ENTRY = "overlays/eks/kustomization.yaml"
AUTH = "base/auth/deployment.yaml"


@dataclass(frozen=True)
class Plant:
    """Where the value is put: whole files, and changes of generated ones as file to (before, after)."""

    files: dict[str, str] = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)


def custom(manifest: str, name: str = "planted.yaml") -> Plant:
    """Plant a manifest as the user's own resource."""
    return Plant(
        {f"{CUSTOM}/{name}": manifest},
        {f"{CUSTOM}/kustomization.yaml": ("resources: []", f"resources: [{name}]")},
    )


def patch(text: str) -> Plant:
    """Plant a patch as the user's own."""
    return Plant(
        {f"{CUSTOM}/planted.yaml": text},
        {f"{CUSTOM}/kustomization.yaml": ("patches: []", "patches: [{path: planted.yaml}]")},
    )


def entry(text: str) -> Plant:
    """Plant further keys in the entry of an overlay."""
    return Plant(changes={ENTRY: ("components:", f"{text}\ncomponents:")})


def change(file: str, before: str, after: str) -> Plant:
    return Plant(changes={file: (before, after)})


def spec(before: str, after: str) -> Plant:
    return change("asky.yaml", before, after)


SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {{name: planted}}\n{}"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: planted}}\ndata:\n{}"
INFO = "- name: LOG_LEVEL\n          value: info"

PLANTS = {
    "a Secret in clear": custom(SECRET.format(f"stringData:\n  password: {CANARY}\n  FOO: {CANARY}\n")),
    "a Secret in base64": custom(SECRET.format(f"data: {{password: {ENCODED}}}\n")),
    "a Secret of several lines": custom(
        SECRET.format(f"stringData:\n  app.conf: |\n    a: b\n    {CANARY}\n")
    ),
    "a Secret as JSON": custom(
        '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "stringData": '
        f'{{"password": "{CANARY}"}}}}'
    ),
    "a Secret of another type": custom(SECRET.format(f"stringData: {CANARY}\n")),
    "a Secret with an unknown field": custom(
        SECRET.format(f"stringDta: {{password: {CANARY}}}\npassword: {CANARY}\n")
    ),
    "a ConfigMap": custom(CONFIG.format(f"  app.ini: |\n    [db]\n    password = {CANARY}\n")),
    "a connection string": custom(CONFIG.format(f"  url: postgresql://app:{CANARY}@postgres:5432/asky\n")),
    "a ConfigMap of another type": custom(CONFIG.format(f"  - password={CANARY}\n")),
    "a variable": change(AUTH, INFO, f"- name: SMTP_PASSWORD\n          value: {CANARY}"),
    "a variable and a broken neighbour": change(
        AUTH, INFO, f"- name: SMTP_PASSWORD\n          value: {CANARY}\n          valu: {CANARY}"
    ),
    "a number that is none": change(AUTH, "replicas: 2", f"replicas: {CANARY}"),
    "an argument": change("base/migrations/job.yaml", "- --no-dump-schema", f"- --password={CANARY}"),
    "two arguments": change(
        "base/migrations/job.yaml", "- --no-dump-schema", f"- --password\n        - {CANARY}"
    ),
    "a comment": change(AUTH, "replicas: 2", f"replicas: two # password: {CANARY}"),
    "a role in SQL": change(
        "sql/migrations/0001_schemas.sql",
        "-- migrate:up",
        f"-- migrate:up\nCREATE ROLE x PASSWORD '{CANARY}';",
    ),
    "a literal": entry(f"secretGenerator: [{{name: planted, literals: [FOO={CANARY}]}}]"),
    "a literal that is none": entry(f"secretGenerator: [{{name: planted, literals: [{CANARY}]}}]"),
    "a literal twice": entry(f"secretGenerator: [{{name: planted, literals: [FOO={CANARY}, FOO={CANARY}]}}]"),
    "a literal merged into nothing": entry(
        f"secretGenerator: [{{name: planted, behavior: merge, literals: [FOO={CANARY}]}}]"
    ),
    "a key that is none": entry(f"secretGenerator: [{{name: planted, literals: ['a b={CANARY}']}}]"),
    "an env file": Plant(
        {"overlays/eks/planted.env": f"DB_PASSWORD={CANARY}\n"},
        {ENTRY: ("components:", "secretGenerator: [{name: planted, envs: [planted.env]}]\ncomponents:")},
    ),
    "an env file that is none": Plant(
        {"overlays/eks/planted.env": f"not a name={CANARY}\n"},
        {ENTRY: ("components:", "secretGenerator: [{name: planted, envs: [planted.env]}]\ncomponents:")},
    ),
    "a patch": patch(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: auth}\nspec: {template: {spec: {containers: "
        f"[{{name: auth, env: [{{name: A_TOKEN, value: {CANARY}}}]}}]}}}}}}\n"
    ),
    "a patch of nothing": patch(SECRET.format(f"stringData: {{password: {CANARY}}}\n")),
    "a patch that is none": patch(f"password: {CANARY}\n- {CANARY}\n"),
    "an inline patch that is none": entry(f'patches:\n- patch: "password: {CANARY}"'),
    "an inline patch of nothing": entry(
        f"patches:\n- patch: |-\n    apiVersion: v1\n    kind: Secret\n    metadata: {{name: no}}\n"
        f"    stringData: {{password: {CANARY}}}"
    ),
    "a JSON patch of nothing": entry(
        "patches:\n- target: {kind: Deployment, name: auth}\n  patch: |-\n"
        f"    - {{op: replace, path: /spec/nothing/password, value: {CANARY}}}"
    ),
    "a JSON patch that is none": entry(
        "patches:\n- target: {kind: Deployment, name: auth}\n  patch: |-\n"
        f"    - {{op: {CANARY}, path: /data/password, value: {CANARY}}}"
    ),
    "the same Secret twice": Plant(
        {
            f"{CUSTOM}/planted.yaml": "---\n".join(
                [SECRET.format(f"stringData: {{password: {CANARY}}}\n")] * 2
            )
        },
        {f"{CUSTOM}/kustomization.yaml": ("resources: []", "resources: [planted.yaml]")},
    ),
    "an unknown key of an entry": entry(f"password: {CANARY}"),
    "a key of another type": entry(f"secretGenerator: {{password: {CANARY}}}"),
    "YAML that breaks at it": custom(SECRET.format(f'stringData:\n  password: "{CANARY}\n')),
    "YAML that breaks before it": custom(SECRET.format(f"stringData: [\n  password: {CANARY}\n")),
    "YAML that breaks after it": custom(SECRET.format(f"stringData:\n  password: {CANARY}\n bad: 1\n")),
    "an alias of nothing": custom(SECRET.format(f"stringData: *{CANARY}\n")),
    "a tag of nothing": custom(SECRET.format(f"stringData: {{password: !!int {CANARY}}}\n")),
    "two keys alike": custom(SECRET.format(f"stringData:\n  password: {CANARY}\n  password: {CANARY}\n")),
    "a file that is no Unicode": Plant(
        {f"{CUSTOM}/planted.yaml": SECRET.format(f"stringData: {{password: '{CANARY}\udcff'}}\n")},
        {f"{CUSTOM}/kustomization.yaml": ("resources: []", "resources: [planted.yaml]")},
    ),
    "the spec's variables, where a map belongs": spec("{LOG_LEVEL: info}", f"[{CANARY}]"),
    "the spec's variables, with a wrong name": spec("{LOG_LEVEL: info}", f"{{'smtp password': {CANARY}}}"),
    "the spec's variables, with a wrong value": spec("{LOG_LEVEL: info}", f"{{SMTP_PASSWORD: [{CANARY}]}}"),
    "the spec's secrets": spec("{LOG_LEVEL: info}", f"{{}}\n    secrts: {{JWT_KEY: {CANARY}}}"),
    "the spec's repository": spec("repoURL: https://", f"repoURL: https://asky:{CANARY}@"),
    "a spec with an alias of nothing": spec("{LOG_LEVEL: info}", f"{{SMTP_PASSWORD: *{CANARY}}}"),
    "a spec with a tag": spec("{LOG_LEVEL: info}", f"{{SMTP_PASSWORD: !!int {CANARY}}}"),
    "a spec with the same key twice": spec(
        "{LOG_LEVEL: info}", f"{{SMTP_PASSWORD: {CANARY}, SMTP_PASSWORD: {CANARY}}}"
    ),
    "a spec that breaks": spec("{LOG_LEVEL: info}", f'{{SMTP_PASSWORD: "{CANARY}}}'),
}


def plant(root: Path, planted: Plant) -> None:
    for name, text in planted.files.items():
        (root / name).write_text(text, errors="surrogateescape")
    for name, (before, after) in planted.changes.items():
        text = (root / name).read_text()
        assert before in text, f"{name} no longer holds {before!r}"
        (root / name).write_text(text.replace(before, after, 1))
