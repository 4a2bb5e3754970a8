"""`set` changes asky.yaml alone, refuses what `generate` would refuse, and says what does not follow."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.small_stack import SPEC, change, write_small_stack

Invoke = Callable[..., Outcome]
NEXT = "  next: asky-gitops generate · asky-gitops check\n"
ENTRY = "overlays/minikube/kustomization.yaml"


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    return write_small_stack(tmp_path)


def spec(stack: Path) -> str:
    return (stack / "asky.yaml").read_bytes().decode()


def test_a_value_is_set_and_the_changed_lines_are_shown(stack: Path, invoke: Invoke) -> None:
    said = invoke("set", "services.auth.image=ghcr.io/acme/auth:1.0.1", cwd=stack)

    assert said == Outcome(
        0,
        "  asky.yaml\n"
        "    -  auth: {image: ghcr.io/acme/auth:1.0.0, port: 8003, database: true}\n"
        "    +  auth: {image: ghcr.io/acme/auth:1.0.1, port: 8003, database: true}\n" + NEXT,
        "",
    )
    assert spec(stack) == SPEC.replace("auth:1.0.0", "auth:1.0.1")
    assert invoke("generate", cwd=stack).status == 0


def test_the_same_on_a_terminal_in_colour(stack: Path, terminal: Invoke) -> None:
    said = terminal("set", "services.auth.port=8004", cwd=stack)

    assert said == Outcome(
        0,
        "  asky.yaml\n"
        "    \x1b[31m-  auth: {image: ghcr.io/acme/auth:1.0.0, port: 8003, database: true}\x1b[0m\n"
        "    \x1b[32m+  auth: {image: ghcr.io/acme/auth:1.0.0, port: 8004, database: true}\x1b[0m\n" + NEXT,
        "",
    )


def test_a_new_service_is_a_new_key(stack: Path, invoke: Invoke) -> None:
    said = invoke("set", "services.mail.image=ghcr.io/acme/mail:1", "services.mail.port=8004", cwd=stack)

    assert said == Outcome(
        0, "  asky.yaml\n    +  mail: {image: ghcr.io/acme/mail:1, port: 8004}\n" + NEXT, ""
    )


def test_a_dry_run_writes_nothing(stack: Path, invoke: Invoke) -> None:
    before = sorted(stack.rglob("*"))
    said = invoke("set", "services.auth.replicas=3", "--dry-run", cwd=stack)

    assert said == Outcome(
        0,
        "  asky.yaml\n"
        "    -  auth: {image: ghcr.io/acme/auth:1.0.0, port: 8003, database: true}\n"
        "    +  auth: {image: ghcr.io/acme/auth:1.0.0, port: 8003, database: true, replicas: 3}\n"
        "  nothing was written · next: the same without --dry-run\n",
        "",
    )
    assert spec(stack) == SPEC
    assert sorted(stack.rglob("*")) == before


def test_what_is_said_already_is_said_to_be(stack: Path, invoke: Invoke) -> None:
    said = invoke("set", "services.auth.port=8003", cwd=stack)

    assert said == Outcome(0, "  asky.yaml   says so already\n" + NEXT, "")


def test_a_number_becomes_text_where_the_spec_wants_text(stack: Path, invoke: Invoke) -> None:
    assert invoke("set", "services.auth.env.PORT=8080", "services.auth.replicas=3", cwd=stack).status == 0
    assert 'database: true, env: {PORT: "8080"}, replicas: 3}' in spec(stack)


def test_an_overlay_that_says_it_itself_is_named(stack: Path, invoke: Invoke) -> None:
    invoke("generate", cwd=stack)
    with (stack / ENTRY).open("a") as entry:
        entry.write("images:\n- name: ghcr.io/acme/auth\n  newTag: 1.0.9\n")
        entry.write("replicas:\n- {name: auth, count: 4}\n")
    change(
        stack, "asky.yaml", "{platform: minikube}", "{platform: minikube, services: {auth: {replicas: 1}}}"
    )

    said = invoke("set", "services.auth.image=ghcr.io/acme/auth:2", "services.auth.replicas=5", cwd=stack)

    assert said.out.splitlines()[3:] == [
        f"  minikube does not follow: {ENTRY}:13 images has newTag: 1.0.9",
        "  minikube does not follow: asky.yaml:10 overlays.minikube.services.auth.replicas",
        f"  minikube does not follow: {ENTRY}:16 replicas has count: 4",
        NEXT.rstrip(),
    ]


def test_an_image_under_another_name_is_not_set_by_the_entry(stack: Path, invoke: Invoke) -> None:
    invoke("generate", cwd=stack)
    with (stack / ENTRY).open("a") as entry:
        entry.write("images:\n- name: ghcr.io/acme/auth\n  newTag: 1.0.9\n")

    said = invoke("set", "services.auth.image=ghcr.io/acme/login:2", cwd=stack)

    assert said.out.splitlines()[3:] == [NEXT.rstrip()]


REFUSED = {
    "a value of the wrong kind": (
        ["services.auth.replicas=many"],
        "error: services.auth.replicas: replicas must be a whole number, not a string\nnothing was written\n",
    ),
    "an unknown key": (
        ["services.auth.repliacs=3"],
        'error: services.auth.repliacs: unknown key "repliacs" in services.auth; did you mean "replicas"?\n'
        "nothing was written\n",
    ),
    "half a service": (
        ["services.mail.image=ghcr.io/acme/mail:1"],
        "error: services.mail.image: services.mail needs port\nnothing was written\n",
    ),
    "a value on the way": (
        ["services.auth.image.tag=2"],
        "error: services.auth.image.tag: services.auth.image is a value, not a map\nnothing was written\n",
    ),
    "an unknown overlay": (
        ["overlays.prod.services.auth.replicas=2"],
        "error: overlays.prod.services.auth.replicas: overlays.prod needs platform\nnothing was written\n",
    ),
    "nothing where something must be": (
        ["overlays.minikube.services.auth.image=null"],
        "error: overlays.minikube.services.auth.image: auth needs image: null takes back what was said\n"
        "nothing was written\n",
    ),
    "no value": (
        ["services.auth.image"],
        "error: services.auth.image is not KEY=VALUE\n"
        "hint: such as services.auth.image=ghcr.io/acme/auth:1.4.3\n",
    ),
    "half a list": (
        ["services.auth.calls=[gateway"],
        "error: services.auth.calls: its value is not YAML: did not find expected ',' or ']' "
        "while parsing a flow sequence\nhint: quote it for the shell: 'KEY=[a, b]'\n",
    ),
    "what only several values make wrong": (
        ["services.gateway.calls=[login]"],
        "error: asky.yaml:7:68: no service is named login\nnothing was written\n",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_generate_would_refuse_is_refused_here(stack: Path, invoke: Invoke, name: str) -> None:
    arguments, words = REFUSED[name]
    assert invoke("set", *arguments, cwd=stack) == Outcome(2, "", words)
    assert spec(stack) == SPEC


def test_without_a_spec_there_is_nothing_to_set(tmp_path: Path, invoke: Invoke) -> None:
    assert invoke("set", "services.auth.port=1", cwd=tmp_path) == Outcome(
        2, "", "error: asky.yaml: not found\nhint: `asky-gitops init` writes one\n"
    )


def test_a_secret_beside_the_changed_value_is_not_shown(stack: Path, invoke: Invoke) -> None:
    change(stack, "asky.yaml", "port: 8003,", "port: 8003, env: {API_TOKEN: sesame-sesame},")

    said = invoke("set", "services.auth.port=8004", cwd=stack)

    assert said.status == 0
    assert "sesame" not in said.out


def test_a_mark_at_the_start_and_windows_line_ends_stay(stack: Path, invoke: Invoke) -> None:
    before = b"\xef\xbb\xbf" + SPEC.replace("\n", "\r\n").encode()
    (stack / "asky.yaml").write_bytes(before)

    assert (
        invoke("set", "services.auth.port=8004", "services.mail={image: m:1, port: 1}", cwd=stack).status == 0
    )

    after = before.replace(b"8003", b"8004")
    lines = after.split(b"\r\n")
    lines.insert(8, b"  mail: {image: m:1, port: 1}")
    assert (stack / "asky.yaml").read_bytes() == b"\r\n".join(lines)
