"""The leaves of a spec: for each type of value how it is read, and its JSON Schema. One source for both."""

import re
from typing import Any, NewType

from asky_gitops.adapters.spec_leaves import (
    HOST_NAME,
    PLACEHOLDER,
    REPOSITORY,
    Scalar,
    amount,
    boolean,
    cidr,
    day,
    host,
    repository,
    server,
    slug,
    string,
    text,
    whole,
)
from asky_gitops.adapters.spec_moment import MOMENT, moment
from asky_gitops.adapters.spec_schedule import SCHEDULE, WITH_SECONDS, schedule, with_seconds

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
KindRef = NewType("KindRef", str)
Length = NewType("Length", int)
Percent = NewType("Percent", int)
Instances = NewType("Instances", int)
Zones = NewType("Zones", int)
Region = NewType("Region", str)
Account = NewType("Account", str)
CertificateArn = NewType("CertificateArn", str)
WafArn = NewType("WafArn", str)
RemoteKey = NewType("RemoteKey", str)
JobName = NewType("JobName", str)
Schedule = NewType("Schedule", str)
TimeZone = NewType("TimeZone", str)
Seconds = NewType("Seconds", int)
StartingSeconds = NewType("StartingSeconds", int)
Count = NewType("Count", int)
Kept = NewType("Kept", int)
LabelValue = NewType("LabelValue", str)
HttpsUrl = NewType("HttpsUrl", str)
Scope = NewType("Scope", str)
RuleId = NewType("RuleId", str)
ObjectRef = NewType("ObjectRef", str)
FieldPath = NewType("FieldPath", str)
SourceFile = NewType("SourceFile", str)
OverlayName = NewType("OverlayName", str)
Words = NewType("Words", str)
Day = NewType("Day", str)
Digest = NewType("Digest", str)
Bucket = NewType("Bucket", str)
BackupSchedule = NewType("BackupSchedule", str)
Retention = NewType("Retention", str)
RoleArn = NewType("RoleArn", str)
Server = NewType("Server", str)
Generation = NewType("Generation", int)
Moment = NewType("Moment", str)


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
    KindRef: text(
        r"(?!Secret$)(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/)?[A-Z][A-Za-z0-9]*",
        "a kind such as ConfigMap or batch/CronJob, and not Secret",
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
    JobName: label(30),
    Schedule: Scalar(schedule, {"type": "string", "pattern": f"^(?:{SCHEDULE})$", "maxLength": 200}),
    TimeZone: text(
        r"(?!Local$)[A-Z][A-Za-z_]*(?:/[A-Za-z0-9_+-]+){0,2}", "a time zone such as Europe/Berlin", 64
    ),
    Seconds: whole(1, 86400),
    StartingSeconds: whole(10, 86400),
    Count: whole(1, 1000),
    Kept: whole(0, 100),
    LabelValue: text(
        r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?",
        "the value of a label",
        63,
        hint="write it in quotes",
    ),
    HttpsUrl: text(
        rf"https://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~/-]*)?|{LATER}",
        "a URL that starts with https://",
        1024,
    ),
    RuleId: text(r"[a-z0-9]+(?:-[a-z0-9]+)*", "the id of one rule", 100),
    ObjectRef: text(
        r"(?:[a-z0-9-]+/)?[A-Z][A-Za-z0-9]*/[A-Za-z0-9][A-Za-z0-9:._-]*",
        "one object: Kind/name or namespace/Kind/name",
        400,
    ),
    FieldPath: text(r"[A-Za-z_\[][^\s*]*(?: [^\s*]+)*", "one field such as spec.ports[0].port", 1024),
    SourceFile: text(r"[^\s*/][^*]*", "one file of the repository", 1024),
    OverlayName: text(r"[^\s*/][^*]*", "the name of one overlay", 1024),
    Words: text(rf"(?!{PLACEHOLDER})\S(?:[\s\S]*\S)?\n?", "an answer of yours", 2000),
    Day: Scalar(day, {"type": "string", "format": "date"}),
    Digest: text(
        r"scrypt:[A-Za-z0-9_-]{22}==:[A-Za-z0-9_-]{32}", "a digest as `check --waive --bind` makes it", 100
    ),
    Bucket: text(
        rf"s3://[a-z0-9](?:[a-z0-9.-]{{1,61}}[a-z0-9])(?:/[A-Za-z0-9._-]+)*|s3://{LATER}",
        "a bucket such as s3://acme-asky",
        1024,
    ),
    BackupSchedule: Scalar(
        with_seconds, {"type": "string", "pattern": f"^(?:{WITH_SECONDS})$", "maxLength": 200}
    ),
    Retention: text(
        r"[1-9][0-9]{0,3}[dwm]",
        "a time such as 30d, 8w or 6m",
        5,
        lambda found: re.sub(r"([0-9]+) *([dwm])[a-z]*", r"\1\2", found.lower()),
    ),
    RoleArn: text(
        rf"arn:aws[a-z-]*:iam::[0-9]{{12}}:role/[\w+=,.@/-]+|{LATER}",
        "the ARN of a role such as arn:aws:iam::111122223333:role/asky-db",
        2048,
    ),
    Server: Scalar(server, HOST_NAME.schema),
    Generation: whole(1, 999),
    Moment: Scalar(moment, {"type": "string", "pattern": f"^(?:{MOMENT})$", "maxLength": 40}),
    Scope: text(r"[A-Za-z0-9:/._-]+(?: [A-Za-z0-9:/._-]+)*", "scopes, apart by spaces", 256),
}
