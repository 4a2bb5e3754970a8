"""One line of the worked example is spoiled; `check` says what that breaks, where, and in which overlays."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from asky_gitops.adapters import bundled
from tests.conftest import Outcome
from tests.servers import opa
from tests.spoilings import SPOILINGS, VALUE, Found, Spoiling

Invoke = Callable[..., Outcome]


def spoil(root: Path, spoiling: Spoiling) -> None:
    path = root / spoiling.file
    text = path.read_text()
    assert spoiling.before in text, f"{spoiling.file} no longer holds {spoiling.before!r}"
    path.write_text(text.replace(spoiling.before, spoiling.after, 1))
    for name, content in spoiling.more.items():
        (root / name).write_text(content)


RULES = {"exposed-database", "inline-secret", "missing-resource-limits", "schema-error"}


def found_in(root: Path, report: str) -> list[Found]:
    """Return what the rules of the spoilings find in a JSON report, with the text each location spans.

    A spoiled line may break further rules: a host port is one by the Pod Security Standards, too.
    """
    return [
        Found(
            one["rule"],
            "{kind} {namespace}/{name}".format(**one["resource"]),
            one["field"],
            one["location"]["file"],
            text_at(root, one["location"]),
            tuple(one["overlays"]),
        )
        for one in json.loads(report)["findings"]
        if one["rule"] in RULES
    ]


def text_at(root: Path, at: dict[str, int | str]) -> str:
    line = (root / str(at["file"])).read_text().splitlines()[int(at["line"]) - 1]
    end = int(at["endColumn"]) - 1 if at["endLine"] == at["line"] else len(line)
    return line[int(at["column"]) - 1 : end]


@pytest.fixture(scope="module")
def server(tool: Callable[[str], Path]) -> Iterator[str]:
    """A real OPA server with the shipped policies."""
    with opa(tool("opa"), bundled.policies()) as url:
        yield url


@pytest.mark.parametrize("name", SPOILINGS)
def test_an_opa_server_finds_what_the_embedded_one_finds(
    stack: Path, invoke: Invoke, server: str, name: str
) -> None:
    spoil(stack, SPOILINGS[name])
    embedded = invoke("check", "--format", "json", cwd=stack)
    assert json.loads(embedded.out)["findings"] != [] or not SPOILINGS[name].found
    assert invoke("check", "--format", "json", "--opa-url", server) == embedded


def test_an_opa_server_finds_nothing_in_clean_overlays_either(
    generated: Path, invoke: Invoke, server: str
) -> None:
    embedded = invoke("check", "--format", "json", cwd=generated)
    assert embedded.status == 0
    assert invoke("check", "--format", "json", "--opa-url", server) == embedded


@pytest.mark.parametrize("name", SPOILINGS)
def test_a_spoiled_line_is_found_where_it_is_and_nothing_else_is(
    stack: Path, invoke: Invoke, name: str
) -> None:
    spoiling = SPOILINGS[name]
    spoil(stack, spoiling)
    outcome = invoke("check", "--format", "json", cwd=stack)
    assert found_in(stack, outcome.out) == list(spoiling.found)
    assert json.loads(outcome.out)["errors"] == []
    assert outcome.status == (1 if spoiling.found else 0)
    text = invoke("check").out
    assert VALUE not in text + outcome.out
    for found in spoiling.found:
        assert f"error[{found.rule}]: " in text
        assert f"  {found.file}:" in text


def test_the_three_rules_have_spoilings_enough() -> None:
    rules = [found.rule for spoiling in SPOILINGS.values() for found in spoiling.found[:1]]
    assert {rule: rules.count(rule) >= 5 for rule in set(rules)} == dict.fromkeys(RULES, True)
    assert len(SPOILINGS) >= 20
