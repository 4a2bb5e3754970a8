"""Read one YAML file a person wrote: plain data by the YAML 1.2 core schema, and where each value stands.

YAML 1.2 core: https://yaml.org/spec/1.2.2/#103-core-schema (`on` and `yes` are strings, `012` is 12). No
message repeats a line of the file, because the line may hold a secret.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml

from asky_gitops.adapters.spec_leaves import escaped
from asky_gitops.errors import AskyError, InputError, Many

Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where PyYAML was built with it; the pure one reads the same, slower."""

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 50
MAX_VALUES = 50_000
"""Values after aliases are expanded; fifty overlays of a large stack need some thousands."""

Steps = tuple[str | int, ...]
"""The way to a value: ("services", "auth", "port")."""
Place = tuple[int, int]
"""Line and column, counted from 1."""

TAG = "tag:yaml.org,2002:"


class Core(Parser):  # type: ignore[misc]
    """A composer that resolves plain scalars by the YAML 1.2 core schema; nothing is ever constructed."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for name, pattern, first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
    ("float", r"[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN", list("-+.")),
):
    Core.add_implicit_resolver(TAG + name, re.compile(rf"^(?:{pattern})\Z"), first)


@dataclass
class Located:
    """The plain data of one file and the places of its values and keys."""

    file: str
    data: Any
    values: dict[Steps, Place] = field(default_factory=dict)
    keys: dict[Steps, Place] = field(default_factory=dict)
    texts: dict[Steps, str] = field(default_factory=dict)
    """What stands in the file for a scalar that is not a string: `012` for 12."""
    problems: list[AskyError] = field(default_factory=list)

    def where(self, place: Place) -> str:
        """Return `file:line:column`."""
        return f"{self.file}:{place[0]}:{place[1]}"

    def key(self, steps: Steps) -> Place:
        """Return where a key stands, or the nearest thing around it that has a place."""
        while steps and steps not in self.keys and steps not in self.values:
            steps = steps[:-1]
        return self.keys.get(steps) or self.values.get(steps) or (1, 1)

    def value(self, steps: Steps) -> Place:
        """Return where a value stands; one that is missing stands where its parent's key does."""
        return self.values.get(steps) or self.key(steps)


def read(path: Path, file: str, most: int = MAX_BYTES) -> str:
    """Return the text of a UTF-8 file of at most `most` bytes; raise `InputError` for anything else."""
    try:
        if not path.is_file():
            raise InputError("is not a file" if path.exists() else "not found", file)
        with path.open("rb") as stream:
            raw = stream.read(most + 1)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file) from None
    return decoded(raw, file, most)


def decoded(raw: bytes, file: str, most: int = MAX_BYTES) -> str:
    """Return UTF-8 text of at most `most` bytes; raise `InputError` for anything else."""
    if len(raw) > most:
        raise InputError(f"is larger than {most // 1024**2} MiB", file)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        raise InputError("is not UTF-8 text", f"{file}:{line}:{column}") from None


def parse(text: str, file: str) -> Located:
    """Return the one document of `text`; raise `InputError` or `Many` for anything but one sound document."""
    try:
        bounded(text, file)
        node = Core(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        raise unsound(error, file) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        raise InputError("holds a character that YAML does not allow", f"{file}:{line}:{column}") from None
    if node is None:
        raise InputError("is empty", file)
    located = Located(file, None)
    located.data = Converter(located).convert(node, (), ())
    if located.problems:
        raise Many(located.problems)
    return located


def bounded(text: str, file: str) -> None:
    """Refuse a second document, and nesting deep enough to overflow the composer, which recurses in C."""
    depth = documents = 0
    parser = Core(text)
    while (event := parser.get_event()) is not None:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if depth > MAX_DEPTH or documents > 1:
            mark = event.start_mark
            message = (
                f"nested deeper than {MAX_DEPTH} levels"
                if depth > MAX_DEPTH
                else "a second document; one is read"
            )
            raise InputError(message, f"{file}:{mark.line + 1}:{mark.column + 1}")


def unsound(error: yaml.MarkedYAMLError, file: str) -> InputError:
    """Turn a syntax error into one line, without the text it was found in."""
    mark: Any = error.problem_mark or error.context_mark
    words = " ".join(part for part in (error.problem, error.context) if part)
    words = re.sub(r"(alias|anchor) '.*'", r"\1", words)  # the pure parser repeats the name
    where = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file
    return InputError(f"is not YAML: {words}", where)


class Converter:
    """Nodes to plain data, with every place noted and every trap of YAML refused."""

    def __init__(self, located: Located) -> None:
        self.located = located
        self.count = 0

    def convert(self, node: yaml.Node, steps: Steps, above: tuple[int, ...]) -> Any:
        """Return the data of a node; `above` holds the ids of the nodes around it."""
        self.count += 1
        place = (node.start_mark.line + 1, node.start_mark.column + 1)
        if id(node) in above:
            raise InputError("an alias inside its own anchor", self.located.where(place))
        if self.count > MAX_VALUES:
            # The place of a value behind an alias is its anchor's; the key at the top is where it grows.
            top = self.located.key(steps[:1])
            raise InputError(f"more than {MAX_VALUES} values (aliases?)", self.located.where(top))
        self.located.values[steps] = place
        if isinstance(node, yaml.MappingNode) and node.tag == TAG + "map":
            return self.mapping(node, steps, (*above, id(node)))
        if isinstance(node, yaml.SequenceNode) and node.tag == TAG + "seq":
            return [self.convert(one, (*steps, n), (*above, id(node))) for n, one in enumerate(node.value)]
        return self.scalar(node, steps, place)

    def mapping(self, node: yaml.MappingNode, steps: Steps, above: tuple[int, ...]) -> dict[str, Any]:
        """Return a map; its keys are strings, each once."""
        result: dict[str, Any] = {}
        for key, value in node.value:
            place = (key.start_mark.line + 1, key.start_mark.column + 1)
            if not isinstance(key, yaml.ScalarNode) or key.tag != TAG + "str":
                hint = "write it in quotes" if isinstance(key, yaml.ScalarNode) else None
                self.problem("a key must be a string", place, hint)
            elif key.value == "<<" and not key.style:
                self.problem("merge keys (`<<`) are not YAML 1.2", place, "use `defaults:`")
            elif key.value in result:
                line = self.located.keys[(*steps, key.value)][0]
                self.problem(f"key {escaped(key.value[:100])} again; first in line {line}", place)
            else:
                self.located.keys[(*steps, key.value)] = place
                result[key.value] = self.convert(value, (*steps, key.value), above)
        return result

    def scalar(self, node: yaml.Node, steps: Steps, place: Place) -> Any:
        """Return a scalar's value by its tag."""
        text = node.value
        if node.tag != TAG + "str":
            self.located.texts[steps] = text if isinstance(text, str) else ""
        try:
            match node.tag.removeprefix(TAG) if isinstance(text, str) else "":
                case "str":
                    return text
                case "null":
                    return None
                case "bool":
                    return text.lower() == "true"
                case "int" if len(text) < 40:
                    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
                case "float" | "int":
                    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        except ValueError:
            # Only a written tag promises what the text is not: `!!int x`.
            pass
        self.problem("tags (`!…`) are not supported", place)
        return None

    def problem(self, message: str, place: Place, hint: str | None = None) -> None:
        """Note one error and go on."""
        self.located.problems.append(InputError(message, self.located.where(place), hint))
