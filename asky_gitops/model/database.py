"""The parts of the stack's PostgreSQL that an overlay may have or lack; see model/stack."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Pooler:
    """PgBouncer between the services and the primary, and between them and the replicas."""

    mode: Literal["session", "transaction"]
    instances: int


@dataclass(frozen=True)
class Backup:
    """Base backups and the WAL in object storage."""

    bucket: str
    """`s3://bucket` or a folder in it."""
    schedule: str
    """Six fields, seconds first."""
    retention: str
    """Days, weeks or months that can be restored: `30d`, `8w`, `6m`."""
    role_arn: str | None
    """Role for IRSA; None is a Pod Identity association."""


@dataclass(frozen=True)
class External:
    """A PostgreSQL that runs elsewhere."""

    host: str
    readonly_host: str | None
    """Where reads go; None is `host`."""
    port: int
    tls: Literal["verify-full", "verify-ca", "require"]
    secret: str
    """Secret with `username` and `password` of a login that may make roles, and `ca.crt`."""
    cidrs: tuple[str, ...]
    """Networks in which the server's addresses are: a NetworkPolicy knows no names."""


@dataclass(frozen=True)
class Restore:
    """How the newest generation of the database came to be: from the backups of an older one."""

    origin: int
    """The generation whose backups are read."""
    target_time: str | None
    """RFC 3339; None is the end of the archive."""
    stage: Literal["beside", "cut-over", "done"]
    """Which one serves: the older one, the new one with the older asleep, or the new one alone."""
