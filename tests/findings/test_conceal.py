import time

import pytest

from asky_gitops.findings.conceal import conceal
from asky_gitops.findings.redact import Redactor
from asky_gitops.model.finding import Location

HOSTILE = [
    "-",
    "_",
    "a-",
    "a.",
    "://a:",
    "password=",
    "password",
    "\\",
    "{",
    "[a,",
    "''",
    "'",
    '"',
    "$(",
    "Aa1",
]
HOSTILE += ["eyJaaaaaaaaa.", "key_KEY", "a=", "--password ", "- ", "a: ", "bearer ", "password $a$"]
HOSTILE += ["-----BEGIN PRIVATE KEY-----"]
"""Pieces that make a pattern start over and over when they are repeated."""


def shown(text: str, file: str = "a.yaml") -> str:
    source = conceal(file, text)
    return "\n".join(source.line(number) for number in range(1, len(source.source) + 1))


def test_structure_is_shown_and_values_that_are_the_users_own_are_not() -> None:
    manifest = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: auth
spec:
  replicas: 2
  template:
    spec:
      containers:
      - name: auth
        image: ghcr.io/acme/auth:1.4.2
        args: ["--log=info", --password=canary]
        command:
        - sh
        - echo canary
        env:
        - name: LOG_LEVEL
          value: canary
        - {name: KEY, value: canary}
        - value: canary
          name: REVERSED
        - name: DB_PASSWORD
          valueFrom: {secretKeyRef: {name: db, key: password}}
        resources: {limits: {cpu: 500m, memory: 256Mi}}
"""
    assert (
        shown(manifest)
        == """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: auth
spec:
  replicas: 2
  template:
    spec:
      containers:
      - name: auth
        image: ghcr.io/acme/auth:1.4.2
        args: [••••, ••••]
        command:
        - ••••
        - ••••
        env:
        - name: LOG_LEVEL
          value: ••••
        - {name: KEY, value: ••••}
        - value: ••••
          name: REVERSED
        - name: DB_PASSWORD
          valueFrom: {secretKeyRef: {name: db, key: ••••}}
        resources: {limits: {cpu: 500m, memory: 256Mi}}"""
    )


@pytest.mark.parametrize(
    "text",
    [
        "kind: Secret\nstringData:\n  FOO: canary",
        "kind: Secret\ndata: {FOO: canary}",
        "kind: Secret\ndata:\n  FOO: >-\n    canary\n\n    canary",
        "kind: ConfigMap\ndata:\n  app.conf: |\n    name: canary\n    kind: canary",
        "kind: ConfigMap\ndata:\n  words: two\n    canary lines",
        "kind: ConfigMap\ndata:\n  words: 'two\n    canary lines'",
        '{"kind": "Secret", "stringData": {"FOO": "canary"}, "metadata": {"name": "x"}}',
        '{\n  "stringData": {\n    "name": "canary",\n    "FOO": "canary"\n  }\n}',
        "secretGenerator:\n- name: x\n  literals:\n  - name=canary",
        "secretGenerator:\n- name: x\n  literals: [FOO=canary]",
        "patches:\n- patch: |-\n    - op: add\n      path: /data/FOO\n      value: canary",
        "patches:\n- patch: |-\n    kind: Secret\n    stringData:\n      FOO: canary",
        "password: canary",
        "password: 123456canary",
        "password:\n  canary",
        "password: &anchor canary",
        "password: !!str canary",
        '"password": "canary',
        'password "canary',
        "  password= canary",
        "env: [{name: A,\n  value: canary}]",
        "  name: A, value: canary}",
        "url: postgresql://user:canary@postgres:5432/asky",
        "name: postgresql://user:canary@postgres:5432/asky",
        "image: https://user:canary@registry.example.org/x",
        "# password: canary",
        "# CREATE ROLE x PASSWORD 'canary'",
        "metadata:\n  annotations:\n    example.org/api-token: canary",
        'annotations:\n  kubectl.kubernetes.io/last-applied: \'{"stringData":{"A":"canary"}}\'',
        "postInitSQL:\n- ALTER ROLE x PASSWORD 'canary'",
        "spec:\n  unknown: canary",
        "? password\n: canary",
        "\tpassword: canary",
        "key: |\n  -----BEGIN RSA PRIVATE KEY-----\n  canary\n  -----END RSA PRIVATE KEY-----",
    ],
)
def test_no_way_of_writing_a_value_shows_it(text: str) -> None:
    assert "canary" not in shown(text), shown(text)


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("db.env", "export DB_USER=canary\n# a comment", "export DB_USER=••••\n# a comment"),
        ("a.properties", "spring.datasource.password = canary", "spring.datasource.password = ••••"),
        ("1.sql", "CREATE ROLE x LOGIN PASSWORD 'it''s canary';", "CREATE ROLE x LOGIN PASSWORD ••••;"),
        ("1.sql", "CREATE ROLE x PASSWORD $$canary$$;", "CREATE ROLE x PASSWORD $$••••$$;"),
        ("id_rsa", "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----", None),
    ],
)
def test_files_that_are_no_yaml_are_masked_by_their_own_signs(
    file: str, text: str, expected: str | None
) -> None:
    assert "canary" not in shown(text, file)
    assert expected is None or shown(text, file) == expected


def test_references_to_a_value_are_no_value() -> None:
    text = "password: ${PASSWORD}\ntoken: ''\nsecret: null\nargs: [--password=$(PASSWORD)]\npasswd: $(A)"
    assert shown(text) == text.replace("--password=$(PASSWORD)", "••••")


def test_what_a_rule_flags_is_masked_whatever_its_key_says() -> None:
    source = conceal("a.yaml", "metadata:\n  name: canary", flagged=[Location("a.yaml", 2, 9, 2, 15)])
    assert source.line(2) == "  name: ••••"
    assert source.secrets == {"canary"}


def test_what_a_rule_vouches_for_is_shown_unless_it_looks_like_a_secret() -> None:
    place = Location("a.yaml", 1, 12, 1, 26)
    assert conceal("a.yaml", "something: LoadBalancer", vouched=[place]).line(1) == "something: LoadBalancer"
    assert conceal("a.yaml", "something: {a: canary}", vouched=[place]).line(1) == "something: {a: ••••}"
    url = "something: http://u:canary@h"
    assert "canary" not in conceal("a.yaml", url, vouched=[Location("a.yaml", 1, 12, 1, 29)]).line(1)
    lines = "something:\n  FOO: canary"
    assert conceal("a.yaml", lines, vouched=[Location("a.yaml", 1, 1, 2, 14)]).line(2) == "  FOO: ••••"


def test_columns_move_with_the_masks_before_them() -> None:
    source = conceal("a.yaml", "- {value: a-long-secret-value, type: LoadBalancer}")
    assert source.line(1) == "- {value: ••••, type: LoadBalancer}"
    column = source.source[0].index("LoadBalancer") + 1
    assert source.line(1)[source.column(1, column) :] == "LoadBalancer}"
    assert source.column(1, 15) == source.line(1).index("••••")
    assert source.column(1, 1) == 0


@pytest.mark.parametrize("file", ["a.yaml", "a.sql"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_line_takes_no_longer_than_its_length(piece: str, file: str) -> None:
    text = f"password: x{piece * (100_000 // len(piece))}"
    begun = time.process_time()
    conceal(file, text)
    Redactor().foreign(text)
    assert time.process_time() - begun < 3


def test_a_file_of_odd_bytes_and_lengths_is_no_problem() -> None:
    for text in (
        "",
        "\n",
        "\x00\x1b[31m",
        ":",
        "- ",
        "---",
        "{" * 500,
        "a" * 100_000,
        "password: " + "b" * 100_000,
    ):
        source = conceal("a.yaml", text)
        assert len(source.source) == len(source.hidden)
