import pytest

from asky_gitops.findings.redact import Redactor, masked, secretive


@pytest.mark.parametrize(
    "text",
    [
        "cannot connect to postgresql://user:canary@postgres:5432/asky",
        "cannot connect to postgresql+asyncpg://user:can/ary:canary@postgres",
        "password=canary",
        "DB_PASSWORD: canary",
        '"apiKey": "canary"',
        '{\\"token\\": \\"canary\\"}',
        "--password canary --other",
        '["--password", "canary"]',
        "ALTER ROLE x WITH PASSWORD 'canary'",
        "Authorization: Bearer canary",
        "Authorization: Basic Y2FuYXJ5canary",
        "JWT_KEY=canary",
        "PGPASSWORD=canary psql",
    ],
)
def test_free_text_shows_no_value_of_a_secret(text: str) -> None:
    assert "canary" not in Redactor().text(text)


@pytest.mark.parametrize(
    "secret",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_abcdefghij0123456789",
        "$2b$12$abcdefghijklmnopqrstuv",
        "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
    ],
)
def test_a_value_that_looks_like_a_secret_needs_no_name(secret: str) -> None:
    assert Redactor().text(f"found {secret} here") == "found •••• here"


@pytest.mark.parametrize(
    "text",
    [
        "the internet can reach a database",
        "Service asky/postgres-public:5432",
        "overlays/eks/generated/postgres/cluster.yaml",
        "ghcr.io/acme/auth@sha256:2f1d4ab5c0ffee2f1d4ab5c0ffee2f1d4ab5c0ffee2f1d4ab5c0ffee2f1d4ab5",
        "secretName: asky-db-app",
        "the env variable POSTGRES_PASSWORD holds a literal value",
        "no cpu limit; a container without one can starve the node",
        "automountServiceAccountToken: false",
        "imagePullSecrets: ghcr",
    ],
)
def test_words_that_hold_no_secret_stay_as_they_are(text: str) -> None:
    assert Redactor().text(text) == text


def test_a_value_known_from_a_source_is_masked_everywhere_in_base64_too() -> None:
    redactor = Redactor(secrets=["hunter2"], hidden=["some long value"])
    assert redactor.text("is hunter2, or aHVudGVyMg==, not hunter22") == "is ••••, or ••••, not hunter22"
    assert redactor.text("some long value") == "some long value"
    assert redactor.foreign("some long value") == "••••"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "unable to parse SM or JSON patch from [kind: Secret\nstringData:\n  FOO: canary\n]",
            "unable to parse SM or JSON patch from [kind: Secret\nstringData:\n  FOO: ••••\n]",
        ),
        (
            'trouble configuring builtin PatchTransformer with config: `\npatch: "value: canary"\n`',
            "trouble configuring builtin PatchTransformer with config: `\npatch: ••••\n`",
        ),
        (
            "invalid literal source canary, expected key=value",
            None,
        ),
        ("yaml: unmarshal errors:\n  line 3: cannot unmarshal !!str `canary` into int", None),
        ('strconv.ParseInt: parsing "canary": invalid syntax', None),
        ("merging from generator &{{Secret} [FOO=canary BAR=canary]}", None),
    ],
)
def test_the_words_of_another_program_lose_the_values_they_quote(said: str, expected: str | None) -> None:
    cleaned = Redactor().foreign(said)
    assert "canary" not in cleaned
    assert expected is None or cleaned == expected


def test_kustomizes_own_words_stay() -> None:
    said = (
        "accumulating resources: accumulation err='accumulating resources from '../../bas': "
        "evalsymlink failure on '/repo/bas' : lstat /repo/bas: no such file or directory"
    )
    assert Redactor().foreign(said) == said


@pytest.mark.parametrize(
    "key", ["password", "DB_PASSWORD", "JWT_KEY", "api-key", "tls.key", "clientSecret", "DATABASE_URL"]
)
def test_names_of_secrets(key: str) -> None:
    assert secretive(key)


@pytest.mark.parametrize(
    "key", ["secretName", "POSTGRES_PASSWORD_FILE", "name", "ca.crt", "tokenTTLSeconds", "key", "bypass-mode"]
)
def test_names_that_only_sound_like_it(key: str) -> None:
    assert not secretive(key)


def test_masks_that_touch_are_one() -> None:
    assert masked("abcdef", [(3, 5), (1, 3), (2, 4)]) == "a••••f"
    assert masked("abc", []) == "abc"
