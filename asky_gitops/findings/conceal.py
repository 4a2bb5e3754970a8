"""Masks the values of a source file line by line, whether or not the file parses.

A line scanner and no YAML parser: what is shown most often is the file that does not parse. It
follows indentation, so it knows under which keys a line stands. What is not known to be structure
is masked: a neighbour line that says less is better than one that says a password.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from asky_gitops.findings import redact
from asky_gitops.model.finding import Location

Span = tuple[int, int]

PAYLOAD = re.compile(r"data|stringData|binaryData|literals|args|command|valuesInline|options|.*SQL")
"""Keys under which every value is the user's own and none is structure."""
BLOCK_OF_YAML = re.compile(r"patch|target|patches\w*")
"""Keys whose block text is YAML itself."""
STRUCTURE = re.compile(
    r"apiVersion|kind|\w*[nN]ame(?:space|Prefix|Suffix)?|\w*[cC]lass|\w*[tT]ype|\w*Policy|\w*Mode|\w*[pP]aths?|[hH]ost|\w*Ref|op"
    r"|image|newTag|digest|resources|components|bases|crds|configurations|files|envs|behavior|protocol|scheme|schedule"
    r"|cidr|except|externalIPs|loadBalancer\w+|accessModes|verbs|apiGroups|policyTypes|topologyKey|operator|effect|app|tier"
    r"|component|schema|version|group|limits|requests|cpu|memory|storage|size|.*(?:kubernetes\.io|k8s\.io|cnpg\.io|k8s\.aws)/.*"
)
"""Keys of Kubernetes and kustomize whose values are never a secret, unless they look like one."""
NUMBER = re.compile(r"""["']?[-+]?[0-9][0-9.:/]*(?:m|[kKMGTPE]i?|[smhd])?["']?,?""")

LINE = re.compile(
    r"""(?P<lead>\s*(?:-\s+)*)(?:(?P<key>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'#\[{&*!|>%@`][^#"'{}\[\]]*?)\s*:(?=\s|$|(?<=":)))?\s*(?P<value>.*)"""
)
FLOW = re.compile(
    r"""(?P<scalar>"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|[^\s,{}\[\]"'](?:[^,{}\[\]"':]|:(?=\S))*)\s*(?P<colon>:)?"""
)
ASSIGNMENT = re.compile(r"\s*(?:export\s+)?(?P<key>[A-Za-z_][A-Za-z0-9_.-]*)\s*[=:]\s*(?P<value>.+)")
LITERAL = re.compile(r"(?P<value>'(?:[^']|'')*'?)")
PEM = re.compile(r"-----(?P<edge>BEGIN|END) [A-Z ]*PRIVATE KEY-----")
NO_VALUE = re.compile(r"\s*(?:#|$)|---|\.\.\.")
BLOCK = re.compile(r"[|>][-+0-9]*(?:\s+#.*)?")


@dataclass(frozen=True)
class Concealed:
    """A source file, the ranges of each line that are not shown, and those sure to be secrets."""

    source: tuple[str, ...]
    hidden: tuple[tuple[Span, ...], ...]
    secret: tuple[tuple[Span, ...], ...]

    def line(self, number: int) -> str:
        """Return line `number`, from 1, with its values masked."""
        return redact.masked(self.source[number - 1], self.hidden[number - 1])

    def column(self, number: int, column: int) -> int:
        """Return where source column `column`, from 1, is in the masked line, from 0."""
        position, shift = column - 1, 0
        for start, end in self.hidden[number - 1]:
            if position < end:
                return shift + min(position, start)
            shift += len(redact.MASK) - (end - start)
        return shift + position

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The values that are secrets by key, looks or a rule's word, of 4 characters and more.

        Not the words that name one: `secretKey: password` says where a password is.
        """
        return frozenset(text for text in self._texts(self.secret, 4) if not redact.secretive(text))

    @cached_property
    def values(self) -> frozenset[str]:
        """Every value that is not shown, of 8 characters and more."""
        return self._texts(self.hidden, 8)

    def _texts(self, ranges: tuple[tuple[Span, ...], ...], least: int) -> frozenset[str]:
        cut = (self.source[index][start:end] for index, spans in enumerate(ranges) for start, end in spans)
        texts = (text.strip().rstrip(",").strip("\"'") for text in cut)
        return frozenset(text for text in texts if len(text) >= least and not redact.HARMLESS.fullmatch(text))


@dataclass(frozen=True, slots=True)
class _Above:
    """A key that the lines below it belong to, as long as they are indented deeper."""

    indent: int
    key: str
    payload: bool

    @property
    def secret(self) -> bool:
        return redact.secretive(self.key)


def conceal(
    file: str, text: str, flagged: Iterable[Location] = (), vouched: Iterable[Location] = ()
) -> Concealed:
    """Return `text` with what is not to be shown.

    `flagged` are places a rule calls secrets. `vouched` are places of findings whose values are no
    secrets by their rule's word: they are shown unless they look like one. A place of
    several lines is no single value.
    """
    lines = text.splitlines()
    yaml = file == "-" or file.endswith((".yaml", ".yml", ".json"))
    secret = [redact.spans(line) for line in lines]
    hidden: list[list[Span]] = [[] for _ in lines]
    for index, span, sure in _structured(lines) if yaml else _plain(lines):
        (secret if sure else hidden)[index].append(span)
    for index, span in (*_key_bodies(lines), *_ranges(lines, flagged)):
        secret[index].append(span)
    for index, (start, end) in _ranges(lines, (place for place in vouched if place.line == place.end_line)):
        # A whole mapping holds other values than the one the rule looked at.
        if lines[index][start : start + 1] not in ("{", "["):
            hidden[index] = [span for span in hidden[index] if span[1] <= start or span[0] >= end]
    return Concealed(
        tuple(lines),
        tuple(tuple(redact.joined([*one, *two])) for one, two in zip(hidden, secret, strict=True)),
        tuple(tuple(redact.joined(spans)) for spans in secret),
    )


def _ranges(lines: list[str], places: Iterable[Location]) -> Iterator[tuple[int, Span]]:
    for place in places:
        for number in range(place.line, min(place.end_line, len(lines)) + 1):
            width = len(lines[number - 1])
            start = place.column - 1 if number == place.line else 0
            yield number - 1, (start, min(place.end_column - 1, width) if number == place.end_line else width)


def _key_bodies(lines: list[str]) -> Iterator[tuple[int, Span]]:
    """Find the lines inside a PEM private key, which have no mark of their own."""
    inside = False
    for index, line in enumerate(lines):
        edge = PEM.search(line)
        if inside and not edge:
            yield index, (len(line) - len(line.lstrip()), len(line))
        inside = edge["edge"] == "BEGIN" and "-----END" not in line if edge else inside


def _plain(lines: list[str]) -> Iterator[tuple[int, Span, bool]]:
    """Find the values of an env, properties or SQL file: right sides and quoted literals."""
    for index, line in enumerate(lines):
        assigned = ASSIGNMENT.fullmatch(line)
        if assigned:
            yield index, assigned.span("value"), redact.secretive(assigned["key"])
        for literal in LITERAL.finditer(line):
            yield index, literal.span("value"), False


def _structured(lines: list[str]) -> Iterator[tuple[int, Span, bool]]:
    """Find the values of a YAML or JSON file that their keys do not show to be structure."""
    above: list[_Above] = []
    block: _Above | None = None
    for index, line in enumerate(lines):
        part = LINE.fullmatch(line)
        if part is None or NO_VALUE.match(line):
            continue
        indent = len(part["lead"])
        own = len(line) - len(line.lstrip())
        if block and own > block.indent:
            yield index, (own, len(line)), block.secret
            continue
        above = [key for key in above if (key.indent <= own if "-" in part["lead"] else key.indent < indent)]
        key = (part["key"] or "").strip("\"'")
        payload = any(one.payload for one in above)
        yield from ((index, span, sure) for span, sure in _values(part, key, above, payload))
        if key:
            above.append(_Above(indent, key, payload or PAYLOAD.fullmatch(key) is not None))
        opens = above and BLOCK.fullmatch(part["value"].strip())
        block = above[-1] if opens and not BLOCK_OF_YAML.fullmatch(above[-1].key) else None


def _values(part: re.Match[str], key: str, above: list[_Above], payload: bool) -> Iterator[tuple[Span, bool]]:
    """Find the values on one line; `key` is empty for a list item or a line that continues a value."""
    value = part["value"].rstrip()
    start = part.start("value")
    owner = key or (above[-1].key if above else "")
    if BLOCK.fullmatch(value):
        return
    if value[:1] in ("{", "[") or re.search(r",\s*[\"']?[\w./-]+[\"']?\s*:", value):
        yield from _flow(part.string, start, owner, payload)
    elif not _shown(owner, value, payload):
        yield (start, start + len(value)), redact.secretive(owner)


def _flow(line: str, start: int, owner: str, payload: bool) -> Iterator[tuple[Span, bool]]:
    """Find the values of `{a: b, c: [d]}` from column `start` on."""
    payload = payload or PAYLOAD.fullmatch(owner) is not None
    for token in FLOW.finditer(line, start):
        if token["colon"]:
            owner = token["scalar"].strip("\"'")
            payload = payload or PAYLOAD.fullmatch(owner) is not None
        elif not _shown(owner, token["scalar"].rstrip(), payload):
            yield token.span("scalar"), redact.secretive(owner)


def _shown(owner: str, value: str, payload: bool) -> bool:
    """Tell whether a value may be seen, by the key it belongs to."""
    if not value.strip("{}[],") or redact.HARMLESS.fullmatch(value):
        return True
    if payload or redact.secretive(owner):
        return False
    # An annotation may hold a whole document, a name never does.
    structure = STRUCTURE.fullmatch(owner) is not None and not set(value) & set("{}=")
    return structure or NUMBER.fullmatch(value) is not None
