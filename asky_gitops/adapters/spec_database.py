"""What must hold for the database and for the services' share of it."""

import re

from asky_gitops.adapters.spec_decode import Complaints
from asky_gitops.adapters.spec_merge import Layers
from asky_gitops.model.stack import Database, Service

DATABASES = ("postgres", "template0", "template1")
GENERATED = ("argocd", "base", "overlays")
SCHEMAS = ("information_schema", "public")
KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        """all analyse analyze and any array as asc asymmetric both case cast check collate column
        constraint create current_catalog current_date current_role current_time current_timestamp
        current_user default deferrable desc distinct do else end except false fetch for foreign from
        grant group having in initially intersect into lateral leading limit localtime localtimestamp
        not null offset on only or order placing primary references returning select session_user some
        symmetric system_user table then to trailing true union unique user using variadic when where
        window with""",
    )
)
"""PostgreSQL's reserved words (appendix C): as a name they need quotes in every statement."""


def database(found: Database, complaints: Complaints) -> None:
    """Refuse a name that PostgreSQL keeps for itself, and folders that cannot hold SQL."""
    if found.name in DATABASES or found.name in KEYWORDS:
        complaints.add(
            ("database", "name"), f"a database cannot be named {found.name}: PostgreSQL has that name"
        )
    folders(found, complaints)


def folders(found: Database, complaints: Complaints) -> None:
    """Refuse SQL where we generate, and one folder for both kinds: each becomes a ConfigMap of its own."""
    paths = {"migrations": found.migrations.split("/"), "seeds": found.seeds.split("/")}
    for key, parts in paths.items():
        if parts[0] in GENERATED:
            complaints.add(("database", key), f"{key} lies in {parts[0]}/, which is generated")
            complaints.breaks(("database", key))
    shared = min(map(len, paths.values()))
    if paths["migrations"][:shared] == paths["seeds"][:shared]:
        complaints.add(
            ("database", "seeds"), "migrations and seeds need folders apart from each other", key=True
        )
        complaints.breaks(("database", "seeds"))


def services(found: dict[str, Service], layers: Layers, overlay: str | None, complaints: Complaints) -> None:
    """Refuse two services with one schema or one login role, and names that PostgreSQL keeps for itself."""
    base = layers.at("database").get("name") or layers.at("metadata").get("name") or ""
    roles = {"postgres": "the superuser", f"{base.replace('-', '_')}_migrator": "the migrations"}
    schemas: dict[str, str] = {}
    for name, service in found.items():
        if service.database is None:
            continue
        at = layers.find(layers.service_layers(name, overlay), "database", "schema")
        schema, role = service.database.schema, name.replace("-", "_")
        if role in roles:
            complaints.add(at, f"the login role {role} of {name} is that of {roles[role]}", key=True)
        if schema in SCHEMAS or schema in KEYWORDS or schema.startswith("pg_"):
            complaints.add(at, f"{name} cannot have the schema {schema}: PostgreSQL has that name", key=True)
        if schema in schemas:
            complaints.add(at, f"{name} and {schemas[schema]} have the same schema, {schema}", key=True)
        schemas.setdefault(schema, name)
