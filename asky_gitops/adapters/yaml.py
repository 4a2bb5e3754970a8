"""The one YAML printer: plain data in, text out that every reader takes for the same data.

Kubernetes reads YAML 1.1 with Go's leanings, editors and other tools read 1.2: the two disagree on
`on`, `012`, `1e3` and more. A string that either of them would take for something else is quoted.
The style is kustomize's: two spaces, sequences not indented, `|` for text of several lines.
"""

import re
from collections.abc import Iterable
from typing import Any

import yaml
from yaml import CSafeDumper

from asky_gitops.errors import InputError

AMBIGUOUS = re.compile(
    r"""
      | ~ | null | true | false | y | n | yes | no | on | off      # null and bool, yaml.org/type/bool.html
      | = | <<                                                     # default value and merge key
      | [-+]? [0-9][0-9_]*                                         # int, 1.1 octal
      | [-+]? 0 [box] [0-9a-f_]*                                   # binary, 1.2 octal, hexadecimal
      | [-+]? [0-9_]* \.? [0-9_]* (e [-+]? [0-9_]*)?               # float; 1.2 needs no point before the e
      | [-+]? \. [0-9][0-9_]* \. [0-9_]* (e [-+]? [0-9_]*)?         # .0. starts as a float does
      | [-+]? [0-9][0-9_]* (: [0-9_]+)+ (\. [0-9_]*)?              # sexagesimal: 12:30:45
      | [-+]? \. (inf | nan)
      | [0-9]{4} - [0-9]{1,2} - [0-9]{1,2} ([t\s] .*)?             # timestamp
    """,
    re.VERBOSE | re.IGNORECASE,
)
UNSAFE_IN_BLOCK = re.compile(r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
"""What must be written as an escape: controls, tabs, what only YAML 1.1 takes for a line break, and
what libyaml cannot print."""
MOST_VALUES = 5_000_000
NO_LIMIT = 2**31 - 1
"""Columns before a line is folded: folding a long scalar makes a one-word change a change of many lines."""


def is_ambiguous(text: str) -> bool:
    """Return whether some YAML reader takes the plain scalar `text` for something else than a string."""
    return AMBIGUOUS.fullmatch(text) is not None


def dump(documents: Iterable[Any]) -> str:
    """Print plain data (dict, list, tuple, str, int, float, bool, None) as YAML documents.

    Keys keep their order; documents after the first are set off by `---`; there are no anchors.
    Raises `yaml.representer.RepresenterError` for any other type: that is a bug of the caller.
    """
    return "---\n".join(
        yaml.dump(
            document,
            Dumper=Printer,
            default_flow_style=False,
            allow_unicode=True,
            sort_keys=False,
            width=NO_LIMIT,
        )
        for document in documents
    )


def load(text: str) -> list[dict[str, Any]]:
    """Read the documents that a program printed, empty ones left out. Not for what people write."""
    parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [document for document in yaml.load_all(text, parser) if document]


def parse_manifests(text: str, where: str) -> list[Any]:
    """Read the documents of a file that people wrote for kubectl; times stay text.

    Raises InputError with line and column, and no word of the text: it may hold a secret.
    """
    try:
        found = [one for one in yaml.load_all(text, Manifests) if one is not None]
        sizes: dict[int, int] = {}
        if any(size(one, sizes) > MOST_VALUES for one in found):
            raise InputError(f"its aliases stand for more than {MOST_VALUES} values", where)
        return found
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
        raise InputError("is not YAML", place) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise InputError("is not YAML", where) from None


def size(value: Any, known: dict[int, int]) -> int:
    """Return how many values there are with every alias written out; `known` is what was counted already."""
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        known[id(value)] = 1
        inner = value.values() if isinstance(value, dict) else value
        known[id(value)] += sum(size(one, known) for one in inner)
    return known[id(value)]


class Manifests(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML 1.1 as kubectl reads it, but for times, which no field of a manifest is."""


Manifests.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith((":timestamp", ":value"))]
    for first, found in Manifests.yaml_implicit_resolvers.items()
}


class Printer(CSafeDumper):
    """PyYAML's safe dumper with kustomize's style of scalars and without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write a value that occurs twice twice: Kubernetes' tools edit fields, not anchors."""
        return True


def represent_text(dumper: Printer, text: str) -> yaml.ScalarNode:
    """Choose the scalar style that reads back as the same string everywhere."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style_of(text))


def style_of(text: str) -> str | None:
    """Return `|` for printable text of several lines, `"` where plain would be misread, else None."""
    if UNSAFE_IN_BLOCK.search(text):
        return '"'
    if "\n" in text:
        return "|" if text.strip("\n") and text[0] not in " \n" else '"'
    return '"' if is_ambiguous(text) else None


Printer.add_representer(str, represent_text)
