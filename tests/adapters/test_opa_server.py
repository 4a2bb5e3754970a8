"""The OPA server: a real one for what it answers, sockets of our own for what no server should answer."""

import base64
import json
import os
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from asky_gitops.adapters import bundled
from asky_gitops.adapters.opa_server import OpaServer
from asky_gitops.errors import InputError, ToolError
from tests.conftest import Outcome
from tests.servers import answering, free_port, http, opa

Invoke = Callable[..., Outcome]
Tool = Callable[[str], Path]
INPUT = {"overlay": "x", "items": [], "sources": [], "config": {"cpuLimits": "require", "databases": []}}


@pytest.fixture
def loaded(tool: Tool) -> Iterator[str]:
    """A server that holds the shipped policies."""
    with opa(tool("opa"), bundled.policies()) as url:
        yield url


@pytest.fixture
def empty(tool: Tool) -> Iterator[str]:
    """A server that holds nothing."""
    with opa(tool("opa")) as url:
        yield url


def failure(url: str, seconds: float = 5.0) -> tuple[str, str | None]:
    with pytest.raises(ToolError) as stopped, OpaServer(url, seconds) as server:
        server.report(INPUT)
    assert stopped.value.exit_code == 3
    return stopped.value.message, stopped.value.hint


def test_a_server_with_the_policies_answers_with_their_report(loaded: str) -> None:
    with OpaServer(loaded) as server:
        report = server.report(INPUT)
    assert report["findings"] == []
    assert report["rules"] == len(list((bundled.policies() / "rules").glob("*/*/policy.rego")))


def test_a_server_without_the_policies_is_no_clean_verdict(empty: str) -> None:
    assert failure(empty) == (
        f"OPA at {empty} knows no data.main.report",
        "load the policies into it, or upload them with --opa-upload",
    )


@pytest.mark.parametrize(
    "answer",
    [
        b'{"result": null}',
        b'{"result": []}',
        b'{"result": {"findings": []}}',
        b'{"result": {"rules": 3}}',
        b'{"result": {"rules": "3", "findings": []}}',
        b'{"result": {"rules": 3, "findings": ["text"]}}',
    ],
)
def test_an_answer_of_another_shape_is_no_verdict(answer: bytes) -> None:
    with answering(http(answer)) as (url, _):
        assert failure(url)[0] == f"OPA at {url} answered what is no report of these policies"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (http(b"{}"), "OPA at {url} knows no data.main.report"),
        (http(b"[]"), "OPA at {url} knows no data.main.report"),
        (http(b"<html>password=canary</html>"), "OPA at {url} answered what is not JSON"),
        (http(b""), "OPA at {url} answered what is not JSON"),
        (http(b'{"result": {"rules": 1', length=1000), "OPA at {url} stopped in the middle of its answer"),
        (b"HTTP/1.1 200", "OPA at {url} answered what is not JSON"),
        (b"", "OPA at {url} cannot be reached"),
        (b"\x00\xff\x00\xff\r\n\r\n", "OPA at {url} cannot be reached"),
        (http(b'{"message": "canary"}', "500 Oops"), "OPA at {url} answered with status 500"),
        (http(b"{}", "401 Unauthorized"), "OPA at {url} answered with status 401"),
        (http(b"{}", "404 Not Found"), "OPA at {url} answered with status 404"),
        (
            http(b"{}", "302 Found", extra="Location: http://127.0.0.1:1/elsewhere\r\n"),
            "OPA at {url} answered with a redirect, which is not followed",
        ),
    ],
)
def test_whatever_a_server_gets_wrong_is_one_line(answer: bytes, message: str) -> None:
    with answering(answer) as (url, _):
        assert failure(url)[0] == message.format(url=url)


def test_a_server_that_is_down_is_one_line() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert failure(url) == (f"OPA at {url} cannot be reached", "opa run --server listens on port 8181")


def test_a_server_that_says_nothing_is_given_up() -> None:
    begun = time.monotonic()
    with answering(b"", pause=30) as (url, _):
        assert failure(url, seconds=0.3)[0] == f"OPA at {url} did not answer within 0.3 s"
    assert time.monotonic() - begun < 5


def test_a_server_that_sends_a_byte_now_and_then_is_given_up_all_the_same() -> None:
    begun = time.monotonic()
    with answering(http(b"", length=1000), pause=0.1, tail=b" " * 1000) as (url, _):
        assert failure(url, seconds=0.5)[0] == f"OPA at {url} did not answer within 0.5 s"
    assert time.monotonic() - begun < 5


def test_a_server_is_asked_once_with_strict_errors_at_the_entrypoint() -> None:
    with answering(http(b'{"result": {"rules": 0, "findings": []}}')) as (url, received):
        with OpaServer(url) as server:
            server.report(INPUT)
        (request,) = received
    assert request.startswith(b"POST /v1/data/main/report?strict-builtin-errors=true HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("user", "header"),
    [
        ("canary-token", b"Authorization: Bearer canary-token"),
        ("canary:canary", b"Authorization: Basic " + base64.b64encode(b"canary:canary")),
        ("can%40ary", b"Authorization: Bearer can@ary"),
    ],
)
def test_credentials_are_sent_and_never_shown(
    user: str, header: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with answering(http(b"", "403 Forbidden")) as (url, received):
        assert failure(url.replace("//", f"//{user}@")) == (f"OPA at {url} answered with status 403", None)
        assert header in received[0].split(b"\r\n")


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8181",
        "ftp://localhost",
        "http://",
        "http://localhost:99999",
        "http://localhost:8181/v1/data",
        "http://canary@localhost/x",
        "http://localhost?x=canary",
        "http://[::1",
    ],
)
def test_what_is_no_address_of_a_server_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(InputError) as stopped:
        OpaServer(url)
    assert stopped.value.hint == "give scheme, host and port: http://localhost:8181"
    assert "canary" not in stopped.value.message


def test_an_upload_makes_an_empty_server_judge(empty: str, stack: Path, invoke: Invoke) -> None:
    embedded = invoke("check", "--format", "json", cwd=stack)
    uploaded = invoke("check", "--format", "json", "--opa-url", empty, "--opa-upload", cwd=stack)
    assert uploaded == embedded
    assert embedded.status == 0
    assert invoke("check", "--opa-url", empty, cwd=stack).status == 0


def policies_of(url: str) -> list[str]:
    with urlopen(f"{url}/v1/policies") as answer:
        return sorted(policy["id"] for policy in json.load(answer)["result"])


def put(url: str, name: str, text: str) -> None:
    urlopen(Request(f"{url}/v1/policies/{name}", text.encode(), method="PUT")).close()


def test_an_upload_replaces_what_is_ours_and_leaves_what_is_not(empty: str) -> None:
    put(empty, "theirs.rego", "package theirs\n")
    put(empty, "asky-gitops/rules/old.rego", 'package rules.security.old\ndeny contains "old"\n')
    modules = [
        "package b\nimport data.c\nx := c.f(1)\n",
        "package c\nf(y) := y\n",
        'package d["e-f"]\nz := 1\n',
    ]
    with OpaServer(empty) as server:
        server.upload(modules)
        server.upload(modules)
    ours = ["asky-gitops/b.rego", "asky-gitops/c.rego", "asky-gitops/d/e-f.rego"]
    assert policies_of(empty) == [*ours, "theirs.rego"]


def test_files_of_one_package_that_need_each_other_are_one_upload(empty: str) -> None:
    modules = [
        "# METADATA\n# title: A\npackage p\n\nimport data.q\n\nf(x) := g(x) + q.one\n",
        "package p\n\nimport data.q\n\ng(x) := x\n\nresult := f(q.one)\n",
        "package q\n\none := 1\n",
    ]
    with OpaServer(empty) as server:
        server.upload(modules)
    with urlopen(f"{empty}/v1/data/p/result") as answer:
        assert json.load(answer)["result"] == 2


def test_policies_the_server_refuses_are_named(empty: str) -> None:
    with pytest.raises(ToolError) as stopped, OpaServer(empty) as server:
        server.upload(["package a\n", "package b\nx := nothing(1)\n"])
    assert stopped.value.message == f"OPA at {empty} refuses the policies, first asky-gitops/b.rego"


def test_old_rego_is_not_rewritten_on_the_way(empty: str) -> None:
    with pytest.raises(ToolError), OpaServer(empty) as server:
        server.upload(["package a\ndeny[msg] { msg := input.x }\n"])
    assert policies_of(empty) == []


def test_a_server_with_other_rules_than_ours_gives_no_verdict(
    loaded: str, stack: Path, invoke: Invoke
) -> None:
    put(loaded, "more.rego", 'package rules.security.more\ndeny contains "x" if input.never\n')
    outcome = invoke("check", "--opa-url", loaded, "--overlay", "eks", cwd=stack)
    rules = len(list((bundled.policies() / "rules").glob("*/*/policy.rego")))
    assert outcome.status == 3
    assert f"error: {rules + 1} rules were evaluated, not {rules}\n" in outcome.out


def test_a_dead_server_is_exit_3_and_one_line(stack: Path, invoke: Invoke) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    outcome = invoke("check", "--opa-url", url.replace("//", "//canary@"), cwd=stack)
    assert outcome == Outcome(
        3, "", f"error: OPA at {url} cannot be reached\nhint: opa run --server listens on port 8181\n"
    )


def test_a_certificate_of_nobodys_is_refused_and_one_of_our_own_authority_is_not(
    tool: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [
            *["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"],
            *names,
            "-keyout",
            key,
            "-out",
            certificate,
        ],
        check=True,
        capture_output=True,
    )
    ssl.create_default_context(cafile=certificate)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    options = ["--tls-cert-file", str(certificate), "--tls-private-key-file", str(key)]
    with opa(tool("opa"), *options, bundled.policies(), scheme="https") as url:
        assert failure(url) == (
            f"the certificate of OPA at {url} is not trusted",
            "REQUESTS_CA_BUNDLE names the file of your own authority",
        )
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", os.fspath(certificate))
        with OpaServer(url) as server:
            assert server.report(INPUT)["findings"] == []


def test_a_request_that_loses_its_input_on_the_way_is_no_clean_verdict(loaded: str) -> None:
    with urlopen(Request(f"{loaded}/v1/data/main/report", b"{}", method="POST")) as answer:
        theirs = answer.read()
    with answering(http(theirs)) as (url, _):
        assert failure(url)[0] == f"OPA at {url} did not get what it was to judge"
