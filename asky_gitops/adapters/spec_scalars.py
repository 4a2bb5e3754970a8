"""The leaves of a spec: for each type of value how it is read, and its JSON Schema. One source for both."""

import difflib
import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NewType

from asky_gitops.adapters import spec_quantity as quantity


class Wrong(ValueError):
    """A value is not what its key takes: `message` continues the key's name."""

    def __init__(self, message: str, suggestion: str | int | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.hint = hint
        self.of_key = False
        """Whether the key of a map is meant, not its value."""


@dataclass(frozen=True)
class Scalar:
    """How one type of value is read, and the schema that says the same to an editor."""

    read: Callable[[Any], Any]
    schema: Mapping[str, Any]


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
    return json.dumps(value, ensure_ascii=False) + " "


def nearest(value: str, known: list[str] | tuple[str, ...]) -> str | None:
    """Return the known word nearest to a wrong one."""
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
        if compiled.fullmatch(found) and len(found) <= longest:
            return found
        meant = suggest(found) if suggest else None
        fits = meant is not None and compiled.fullmatch(meant) and len(meant) <= longest and quoted(meant)
        raise Wrong(f"{quoted(found)}is not {what}", meant if fits else None, hint)

    return Scalar(read, {"type": "string", "pattern": f"^(?:{pattern})$", "maxLength": longest})


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


def host(value: Any) -> str:
    """Take a DNS name (RFC 1123), lower case."""
    found = HOST_NAME.read(value)
    if re.fullmatch(r"[0-9.]+", found):
        raise Wrong(f"{quoted(found)}is an address; an Ingress takes a DNS name")
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
    return re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "-", value.lower())).strip("-0123456789")


PLACEHOLDER = "REPLACE-"
"""How a value that only the user knows is marked; `commit` refuses it."""
LATER = rf"{PLACEHOLDER}[A-Z0-9-]+"

LABEL = r"[a-z](?:[-a-z0-9]*[a-z0-9])?"
IMAGE = (
    r"(?:(?:localhost|[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?\.[A-Za-z0-9-]*[A-Za-z0-9]|[A-Za-z0-9.-]+(?=:[0-9]+/))"
    r"(?::[0-9]+)?/)?"
    r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)
"""github.com/distribution/reference: [domain/]path[:tag][@digest]."""

Name = NewType("Name", str)
ClusterName = NewType("ClusterName", str)
StackName = NewType("StackName", str)
ServiceName = NewType("ServiceName", str)
Image = NewType("Image", str)
Port = NewType("Port", int)
Replicas = NewType("Replicas", int)
Cores = NewType("Cores", str)
Bytes = NewType("Bytes", str)
Storage = NewType("Storage", str)
Cidr = NewType("Cidr", str)
Host = NewType("Host", str)
UrlPath = NewType("UrlPath", str)
MountPath = NewType("MountPath", str)
Identifier = NewType("Identifier", str)
EnvName = NewType("EnvName", str)
FileName = NewType("FileName", str)
Annotation = NewType("Annotation", str)
ObjectName = NewType("ObjectName", str)
Folder = NewType("Folder", str)
RepoUrl = NewType("RepoUrl", str)
Revision = NewType("Revision", str)
Minor = NewType("Minor", str)
Major = NewType("Major", int)
DatabaseRef = NewType("DatabaseRef", str)
Length = NewType("Length", int)
Percent = NewType("Percent", int)
Instances = NewType("Instances", int)
Zones = NewType("Zones", int)
Region = NewType("Region", str)
Account = NewType("Account", str)
CertificateArn = NewType("CertificateArn", str)
WafArn = NewType("WafArn", str)
RemoteKey = NewType("RemoteKey", str)

REPOSITORY = text(
    r"(?:https?|ssh|git|file)://[^\s]+|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:[^\s]+", "a git URL", longest=2000
)
HOST_NAME = text(
    r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)*",
    "a DNS name (RFC 1123)",
    suggest=lambda found: re.sub(r"^https?://|/.*$|:[0-9]+$", "", found.strip().lower()).rstrip("."),
)


def label(longest: int = 63) -> Scalar:
    """A name for Kubernetes: an RFC 1123 label that starts with a letter, as a Service's must (RFC 1035)."""
    what = f"a name for Kubernetes: at most {longest} of a-z, 0-9 and -, a letter first"
    return text(LABEL, what, longest, slug)


def arn(service: str, example: str) -> Scalar:
    """An Amazon resource name of one service."""
    return text(
        rf"arn:aws[a-z-]*:{service}:[a-z0-9-]+:[0-9]{{12}}:\S+|{LATER}", f"an ARN such as {example}", 2048
    )


SCALARS: dict[Any, Scalar] = {
    str: Scalar(string, {"type": "string"}),
    bool: Scalar(boolean, {"type": "boolean"}),
    Name: label(),
    ClusterName: text(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", "the name of a cluster", 100),
    StackName: label(40),
    ServiceName: label(52),
    Image: text(IMAGE, "an image reference such as ghcr.io/acme/app:1.2.3", 512, str.lower),
    Port: whole(1, 65535),
    Replicas: whole(1, 1000),
    Cores: amount("cpu", cores=True, least="1m"),
    Bytes: amount("memory", cores=False, least="4Mi"),
    Storage: amount("storage", cores=False, least="1Gi"),
    Cidr: Scalar(cidr, {"type": "string", "pattern": r"^[0-9a-f:.]+/[0-9]{1,3}$"}),
    Host: Scalar(host, HOST_NAME.schema),
    UrlPath: text(
        r"/[A-Za-z0-9/._~%!$&'()*+,;=:@-]*", "a path that starts with /", 1024, lambda found: f"/{found}"
    ),
    MountPath: text(
        r"(?:/[A-Za-z0-9._-]+)+", "an absolute path below /", 1024, lambda found: f"/{found.strip('/')}"
    ),
    Identifier: text(
        r"[a-z_][a-z0-9_]*",
        "a PostgreSQL name: a-z, 0-9 and _",
        63,
        lambda found: slug(found).replace("-", "_"),
    ),
    EnvName: text(
        r"[A-Za-z_][A-Za-z0-9_]*",
        "a name for an environment variable",
        253,
        lambda f: re.sub(r"[^A-Za-z0-9_]", "_", f),
    ),
    FileName: text(r"(?!\.$)(?!\.\.)[A-Za-z0-9._-]+", "a file name of A-Z, a-z, 0-9, ., _ and -"),
    Annotation: text(
        rf"(?:{LABEL}(?:\.{LABEL})*/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{{0,61}}[A-Za-z0-9])?",
        "the key of an annotation",
        317,
    ),
    ObjectName: text(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", "the name of a Kubernetes object"),
    Folder: text(
        r"(?!\.\.?(?:/|$))[A-Za-z0-9._-]+(?:/(?!\.\.?(?:/|$))[A-Za-z0-9._-]+)*",
        "a folder inside the repository",
        255,
    ),
    RepoUrl: Scalar(repository, REPOSITORY.schema),
    Revision: text(r"[A-Za-z0-9][A-Za-z0-9._/+-]*", "a branch, tag or commit"),
    Minor: text(r"1\.[0-9]{1,3}", 'a minor version of Kubernetes such as "1.35"', 5),
    Major: whole(14, 99),
    DatabaseRef: text(
        r"(?:[a-z0-9-]+/)?[A-Z][A-Za-z0-9]*/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?",
        "Kind/name or namespace/Kind/name",
    ),
    Length: whole(16, 256),
    Percent: whole(1, 100),
    Instances: whole(1, 9),
    Zones: whole(1, 6),
    Region: text(rf"[a-z]{{2}}(?:-[a-z]+)+-[0-9]|{LATER}", "an AWS region such as us-east-1"),
    Account: text(
        rf"[0-9]{{12}}|{LATER}", "an AWS account: twelve digits", hint="in quotes, or YAML reads a number"
    ),
    CertificateArn: arn("acm", "arn:aws:acm:us-east-1:111122223333:certificate/…"),
    WafArn: arn("wafv2", "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/…"),
    RemoteKey: text(r"[A-Za-z0-9][A-Za-z0-9/_+=.@-]*", "the name of a remote secret", 512),
}
