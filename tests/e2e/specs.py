"""Stacks beside the worked example: the widest, one of a single service, one of twenty."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Files = Mapping[str, str]
"""Path in a repository to text: asky.yaml and the SQL it reads."""


def migration(*owners: str) -> str:
    """Return a migration that gives each role a schema of its name, or `schema=role` another one."""
    pairs = [each.split("=") if "=" in each else [each, each] for each in owners]
    up = "".join(
        f"CREATE SCHEMA {schema};\nGRANT USAGE ON SCHEMA {schema} TO {role};\n" for schema, role in pairs
    )
    down = "".join(f"DROP SCHEMA {schema};\n" for schema, _ in pairs)
    return f"-- migrate:up\n{up}\n-- migrate:down\n{down}"


def wide() -> Files:
    """Return the stack that says everything a service and its way in can be told."""
    return {
        "asky.yaml": (HERE / "wide.yaml").read_text("utf-8"),
        "sql/migrations/0001_schemas.sql": migration("accounts=auth", "pyxis"),
    }


def data() -> Files:
    """Return the stack that says everything its database can be told, with as much SQL as is let through."""
    schema = "CREATE SCHEMA no;\nGRANT USAGE ON SCHEMA no TO auth;\n"
    lines = "".join(f"COMMENT ON SCHEMA no IS '{number:>1000}';\n" for number in range(970))
    return {
        "asky.yaml": (HERE / "data.yaml").read_text("utf-8"),
        "0x10/1e3/0001_schemas.sql": f"-- migrate:up\n{schema}\n-- migrate:down\nDROP SCHEMA no;\n",
        "0x10/1e3/0002_long.sql": f"-- migrate:up\n{lines}\n-- migrate:down\n",
    }


def of(services: Mapping[str, Any], **changes: Any) -> Files:
    """Return a stack of some services for both platforms."""
    owners = [name for name, service in services.items() if service.get("database")]
    aws = {"region": "us-east-1", "account": "111122223333", "albCidrs": ["10.0.0.0/20"]}
    spec = {
        "apiVersion": "asky-gitops.dev/v1alpha1",
        "kind": "Stack",
        "metadata": {"name": "asky"},
        "source": {"repoURL": "https://git.example.org/asky/deploy.git"},
        "services": services,
        "overlays": {"minikube": {"platform": "minikube"}, "eks": {"platform": "eks", "aws": aws}},
        **({"database": {}} if owners else {}),
        **changes,
    }
    sql = {"sql/migrations/0001_schemas.sql": migration(*owners)} if owners else {}
    return {"asky.yaml": json.dumps(spec), **sql}


def one() -> Files:
    """Return the least: one service that needs nothing and that nobody outside reaches."""
    return of({"web": {"image": "ghcr.io/acme/web:1.0.0", "port": 8080}})


def twenty() -> Files:
    """Return twenty services that call each other in a ring; every other one uses the database."""
    services: dict[str, Any] = {
        f"s{number}": {
            "image": f"ghcr.io/acme/s{number}:1.0.0",
            "port": 8000 + number,
            "calls": [f"s{(number + 1) % 20}"],
            "database": number % 2 == 0,
            "resources": {"cpu": "10m", "memory": "32Mi", "cpuLimit": "50m"},
        }
        for number in range(20)
    }
    services["s0"]["public"] = {"host": "asky.example.org"}
    return of(services, monitoring={"nodeExporter": True})
