"""How a service finds the database and the others: the addresses and logins in its environment."""

import re
from urllib.parse import urlsplit

from asky_gitops.adopt.pods import Surroundings, Variable

PROVIDED = ("DATABASE_URL", "DB_USER", "DB_PASSWORD", "PGSSLMODE", "PGSSLROOTCERT")
"""Variables that every service with a database has from us."""
READONLY = "DATABASE_URL_READONLY"
HOSTS = {"DATABASE_URL": "postgres", READONLY: "postgres-ro"}
"""Our variables with a URL, and the Service they lead to."""
OUR_SCHEME = "postgresql+asyncpg"
USER, PASSWORD = "$(DB_USER)", "$(DB_PASSWORD)"
HOST = re.compile(
    r"(?<![\w.-])([a-z][a-z0-9-]*)((?:\.[a-z0-9-]+(?:\.svc(?:\.cluster\.local)?)?)?)(:\d+)?(?![\w.@-])"
)


def scheme_of(each: Variable, around: Surroundings) -> str | None:
    """Return the scheme of a URL of the database, empty where a variable is otherwise about it; else None."""
    found = url_of(each.value)
    if found and is_host(found[1], around):
        return found[0]
    if is_host(each.value or "", around):
        return ""
    if each.secret and each.secret[0] in around.database_secrets:
        key = each.secret[1]
        return "jdbc:postgresql" if key.endswith("jdbc-uri") else "postgresql" if key.endswith("uri") else ""
    return None


def is_host(name: str, around: Surroundings) -> bool:
    """Tell a name of the database, whole or with its namespace behind it."""
    return bool({name, name.split(".")[0]} & around.database_hosts)


def of_database(each: Variable, around: Surroundings) -> str | None:
    """Return what a variable about the database becomes; None for one about something else."""
    scheme = scheme_of(each, around)
    if scheme:
        return url(scheme, around)
    if each.secret and each.secret[0] in around.database_secrets:
        return of_key(each.secret[1], around)
    if scheme is not None:
        return "postgres"
    about = re.search(r"(?i)(^|_)(db|pg|postgres(ql)?|database|datasource)", each.name)
    if about and re.search(r"(?i)pass|pwd", each.name):
        return PASSWORD
    if about and re.search(r"(?i)user", each.name):
        return USER
    if about and re.search(r"(?i)(name|database|_db)$", each.name) and each.value:
        return around.database_name
    return None


def of_key(key: str, around: Surroundings) -> str:
    """Return what stands under a key of the database's own Secret, as CloudNativePG and people name it."""
    if re.search(r"(?i)user|login", key):
        return USER
    if re.search(r"(?i)(^|_|-)(db|dbname|database)$", key):
        return around.database_name
    return {"host": "postgres", "port": "5432"}.get(key.lower(), PASSWORD)


def url(scheme: str, around: Surroundings, host: str = "postgres") -> str:
    """Return the URL of the stack's database with this service's own login."""
    place = f"{host}:5432/{around.database_name}"
    if scheme.startswith("jdbc:"):
        return f"{scheme}://{place}?user={USER}&password={PASSWORD}"
    return f"{scheme}://{USER}:{PASSWORD}@{place}"


def url_of(value: str | None) -> tuple[str, str, str] | None:
    """Return (scheme, host, database) of a PostgreSQL URL."""
    if not value or "://" not in value:
        return None
    scheme, host = value.partition("://")[0], urlsplit(value).hostname
    if not re.match(r"(jdbc:)?postgres", scheme) or not host:
        return None
    return scheme, host, urlsplit(value).path.strip("/")


def pointed(value: str, own: str, around: Surroundings, calls: dict[str, None]) -> str:
    """Return a value with every service's address as it is now, and note who is called."""

    def now(found: re.Match[str]) -> str:
        service = around.names.get(found[1])
        if service is None or not (found[3] or "://" in value or value == found[0]):
            return found[0]
        if service != own:
            calls[service] = None
        has_port = found[3] or "://" in value
        return f"{service}:{around.ports[service]}" if has_port else service

    return HOST.sub(now, value)
