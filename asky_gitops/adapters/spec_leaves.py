"""How single values are read: what is taken, what is refused, and what was probably meant."""

import datetime
import difflib
import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from asky_gitops.adapters import spec_quantity as quantity


def suggesting(message: str, meant: str | int | None) -> str:
    """Return a message with what was probably meant, if anything."""
    if meant is None:
        return message
    return f"{message}; did you mean {escaped(meant) if isinstance(meant, str) else json.dumps(meant)}?"


def escaped(text: str) -> str:
    """Return a text in double quotes on one line, with nothing in it that a terminal would act on."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def name(text: str) -> str:
    """Return a name for a message: as it is, in quotes where it is none."""
    return text if re.fullmatch(r"[A-Za-z0-9_./-]{1,100}", text) else escaped(text[:100])


class Wrong(ValueError):
    """A value is not what its key takes: `message` continues the key's name."""

    def __init__(self, message: str, suggestion: str | int | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.hint = hint
        self.text = suggesting(message, suggestion)
        self.of_key = False
        """Whether the key of a map is meant, not its value."""


@dataclass(frozen=True)
class Scalar:
    """How one type of value is read, and the schema that says the same to an editor."""

    read: Callable[[Any], Any]
    schema: Mapping[str, Any]


MANY = 100
"""Comparing each wrong word with more than this would let one file keep us busy."""
KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a string",
    list: "a list",
    dict: "a map",
}


def kind(value: Any) -> str:
    """Name the type of a value; the value itself may be a secret."""
    return "nothing" if value is None else KINDS.get(type(value), "something else")


def quoted(value: str) -> str:
    """Return a value for a message, escaped; empty when it could hold a secret (long, random, a URL)."""
    risky = len(value) > 64 or "://" in value or ("@" in value and "@sha256:" not in value)
    if risky or any(re.search(r"[0-9]", run) for run in re.findall(r"[A-Za-z0-9+/=_]{16,}", value)):
        return ""
    return escaped(value) + " "


def nearest(value: str, known: list[str] | tuple[str, ...]) -> str | None:
    """Return the known word nearest to a wrong one; none among so many that looking would take long."""
    if len(known) > MANY or len(value) > MANY:
        return None
    close = difflib.get_close_matches(value, known, n=1, cutoff=0.6)
    folded = {word.lower().replace("_", ""): word for word in known}
    return folded.get(value.lower().replace("_", "").replace("-", ""), close[0] if close else None)


def string(value: Any) -> str:
    """Take a string; YAML's numbers and booleans need quotes."""
    if not isinstance(value, str):
        scalar = isinstance(value, int | float)
        raise Wrong(f"must be a string, not {kind(value)}", hint="write it in quotes" if scalar else None)
    return value


def switch(value: Any) -> bool | None:
    """Guess true or false from a word that YAML 1.1 takes for it."""
    meant = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}
    return meant.get(value.lower()) if isinstance(value, str) else None


def boolean(value: Any) -> bool:
    """Take true or false, and nothing that YAML 1.1 would have read so."""
    if isinstance(value, bool):
        return value
    raise Wrong(f"must be true or false, not {kind(value)}", switch(value))


def whole(low: int, high: int) -> Scalar:
    """A whole number from `low` to `high`."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            number = isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value)
            raise Wrong(f"must be a whole number, not {kind(value)}", int(value) if number else None)
        if not low <= value <= high:
            raise Wrong(f"must be from {low} to {high}, not {value if abs(value) < 10**12 else 'that much'}")
        return value

    return Scalar(read, {"type": "integer", "minimum": low, "maximum": high})


SHORT = 64
"""Characters up to which the form of a text is looked at before its length; a long one could take long."""


def text(
    pattern: str,
    what: str,
    longest: int = 253,
    suggest: Callable[[str], str] | None = None,
    hint: str | None = None,
) -> Scalar:
    """A string of one form; `what` completes `"x" is not …`, `suggest` mends one that is wrong."""
    compiled = re.compile(pattern)

    def read(value: Any) -> str:
        found = string(value)
        if len(found) > longest and (len(found) > SHORT or compiled.fullmatch(found)):
            raise Wrong(f"is longer than {longest} characters")
        if compiled.fullmatch(found):
            return found
        meant = suggest(found) if suggest else None
        near = meant is not None and len(found) // 2 <= len(meant) <= longest
        fits = meant is not None and near and compiled.fullmatch(meant) and quoted(meant)
        raise Wrong(f"{quoted(found)}is not {what}", meant if fits else None, hint)

    return Scalar(read, {"type": "string", "pattern": f"^(?:{pattern})$", "maxLength": longest})


def day(value: Any) -> str:
    """Take a day of the calendar, `YYYY-MM-DD`."""
    found = string(value)
    try:
        fits = datetime.date.fromisoformat(found).isoformat() == found
    except ValueError:
        fits = False
    if not fits:
        raise Wrong(f"{quoted(found)}is not a day such as 2027-03-31")
    return found


MOST_TEXT = "1Ei"
MOST = quantity.amount(MOST_TEXT)
"""Above 2^63 the API server silently takes less (apimachinery, `maxAllowed`)."""


def amount(what: str, cores: bool, least: str) -> Scalar:
    """A quantity in canonical form, of cores or of whole bytes; `least` is the least that makes sense."""

    def read(value: Any) -> str:
        written = (
            str(value) if isinstance(value, int | float) and not isinstance(value, bool) else string(value)
        )
        try:
            exact = quantity.amount(written)
        except ValueError:
            raise Wrong(
                f"{quoted(written)}is not a Kubernetes quantity", quantity.guess(written, cores)
            ) from None
        if exact > MOST:
            raise Wrong(f"{quoted(written)}is more than {MOST_TEXT}")
        if exact < quantity.amount(least) or (exact * (1000 if cores else 1)).denominator != 1:
            unit = "thousandths of a core" if cores else "whole bytes"
            raise Wrong(
                f"{quoted(written)}is too little: {what} counts in {unit}, from {least}", enough(written)
            )
        return quantity.canonical(written)

    def enough(written: str) -> str | None:
        meant = quantity.guess(written if not written.isdigit() else f"{written}{least[-2:]}", cores)
        return (
            meant if meant and quantity.amount(meant) >= quantity.amount(least) and meant != written else None
        )

    form = {"type": "string", "pattern": f"^(?:{quantity.PATTERN})$", "maxLength": 32}
    return Scalar(read, {"anyOf": [form, {"type": "number", "exclusiveMinimum": 0}]})


PLACEHOLDER = "REPLACE-"
"""How a value that only the user knows is marked; `commit` refuses it."""


def cidr(value: Any) -> str:
    """Take a network with its host bits zero."""
    found = string(value)
    if found.startswith(PLACEHOLDER):
        raise Wrong(f"{quoted(found)}is still to be filled in")
    try:
        network = ipaddress.ip_network(found, strict=False)
    except ValueError:
        raise Wrong(f"{quoted(found)}is not a CIDR such as 10.0.0.0/16") from None
    if str(network) != found:
        raise Wrong(f"{quoted(found)}is not a network's own address", str(network))
    return found


REPOSITORY = text(
    r"(?:https?|ssh|git|file)://[^\s]+|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:[^\s]+", "a git URL", longest=2000
)
HOST_NAME = text(
    r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)*",
    "a DNS name (RFC 1123)",
    suggest=lambda found: re.sub(r"^https?://|/.*$|:[0-9]+$", "", found.strip().lower()).rstrip("."),
)


def host(value: Any) -> str:
    """Take a DNS name (RFC 1123), lower case."""
    found = HOST_NAME.read(value)
    if re.fullmatch(r"[0-9.]+", found):
        raise Wrong(f"{quoted(found)}is an address; an Ingress takes a DNS name")
    assert isinstance(found, str)
    return found


def server(value: Any) -> str:
    """Take the DNS name or the address of a server."""
    found = HOST_NAME.read(value)
    if re.fullmatch(r"[0-9.]+", found):
        try:
            ipaddress.IPv4Address(found)
        except ValueError:
            raise Wrong(f"{quoted(found)}is neither a name nor an address") from None
    assert isinstance(found, str)
    return found


def repository(value: Any) -> str:
    """Take a git URL without credentials in it."""
    found = string(value)
    if re.match(r"https?://[^/@]*@", found) or re.match(r"ssh://[^/@]*:[^/@]*@", found):
        raise Wrong("holds credentials", hint="give them to Argo CD as a repository secret")
    checked = REPOSITORY.read(found)
    assert isinstance(checked, str)
    return checked


def slug(value: str) -> str:
    """Bend a name into an RFC 1123 label."""
    return re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "-", value.lower())).lstrip("-0123456789").rstrip("-")
