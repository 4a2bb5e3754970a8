"""What `asky.yaml` may say of PostgreSQL; see spec_document."""
# ruff: noqa: RUF009 - `key` and `required` return dataclass fields, which ruff cannot see

from dataclasses import dataclass
from typing import Literal

from asky_gitops.adapters import spec_scalars as leaf
from asky_gitops.adapters.spec_keys import key, required


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DatabaseResources:
    """Requests and limits of PostgreSQL."""

    cpu: leaf.Cores | None = key("Cpu request.", default="database.resources.cpu")
    memory: leaf.Bytes | None = key("Memory request.", default="database.resources.memory")
    cpu_limit: leaf.Cores | None = key(
        "Cpu limit; at least the request. None by default unless `checks.cpuLimits` is `require`.",
        default="database.resources.cpuLimit",
    )
    memory_limit: leaf.Bytes | None = key("Memory limit; the request when left out.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Pooler:
    """PgBouncer in front of PostgreSQL (CloudNativePG)."""

    mode: Literal["session", "transaction"] | None = key(
        "How long a client keeps a server's connection.", default="pooler.mode"
    )
    instances: leaf.Instances | None = key("Pods of each PgBouncer.", default="pooler.instances")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Backup:
    """Base backups and the WAL in object storage (CloudNativePG's Barman Cloud plugin)."""

    bucket: leaf.Bucket = required("Bucket, or a folder in it: s3://name/folder.")
    schedule: leaf.BackupSchedule | None = key(
        "When a base backup is taken: second, minute, hour, day, month, weekday.", default="backup.schedule"
    )
    retention: leaf.Retention | None = key(
        "How far back a restore can go: days (30d), weeks (8w) or months (6m).", default="backup.retention"
    )
    role_arn: leaf.RoleArn | None = key("IAM role for IRSA; a Pod Identity association when left out.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class External:
    """A PostgreSQL that runs elsewhere."""

    host: leaf.Server = required("DNS name or address of the server.")
    readonly_host: leaf.Server | None = key("Where reads go; `host` when left out.")
    port: leaf.Port | None = key("TCP port.", default="external.port")
    tls: Literal["verify-full", "verify-ca", "require"] | None = key(
        "What of the server's certificate is verified.", default="external.tls"
    )
    secret: leaf.ObjectName = required(
        "Secret with username and password of a login that may make roles, and ca.crt; made outside git."
    )
    cidrs: tuple[leaf.Cidr, ...] | None = key(
        "Networks in which the server's addresses are; never 0.0.0.0/0.", default="external.cidrs"
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Restore:
    """A restore into the newest generation, from the backups of an older one."""

    origin: leaf.Generation = required("Generation whose backups are read.")
    target_time: leaf.Moment | None = key("Moment to restore to; the end of the archive when left out.")
    stage: Literal["beside", "cut-over", "done"] | None = key(
        "Which one serves: the older, the new one while the older sleeps, the new one alone.",
        default="restore.stage",
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DatabaseOverlay:
    """PostgreSQL in one overlay; what is left out stays as in `database`."""

    version: leaf.Major | None = key(
        "Major version; its images are in asky.lock.", default="database.version"
    )
    storage: leaf.Storage | None = key(
        "Size of the data volume; it can grow, never shrink.", default="database.storage"
    )
    storage_class: leaf.ObjectName | None = key("StorageClass; the cluster's default when left out.")
    wal: leaf.Storage | None = key("Size of a volume for the WAL alone; it lies with the data otherwise.")
    instances: leaf.Instances | None = key(
        "PostgreSQL servers, one of them the primary.", default="database.instances"
    )
    resources: DatabaseResources | None = key("Requests and limits; the server's memory settings follow.")
    read_replicas: bool | None = key("Whether reads go to the replicas.", default="database.readReplicas")
    pooler: Pooler | None = key("PgBouncer in front; {} takes every default.")
    backup: Backup | None = key("Backups in object storage.")
    external: External | None = key("A server that runs elsewhere, in place of one of our own.")
    generation: leaf.Generation | None = key(
        "Number of the Cluster; a restore makes the next.", default="database.generation"
    )
    restore: Restore | None = key("How the newest generation is restored.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Database(DatabaseOverlay):
    """The stack's PostgreSQL: one database, a schema and a login role for each service that uses it."""

    name: leaf.Identifier | None = key("Name of the database; the stack's (- becomes _) when left out.")
    migrations: leaf.Folder | None = key(
        "Folder of NNNN_what.sql migrations (dbmate).", default="database.migrations"
    )
    seeds: leaf.Folder | None = key("Folder of NNNN_what.sql sample data.", default="database.seeds")
