"""PostgreSQL's settings that follow from its container's memory (PostgreSQL, "Resource Consumption")."""

import re

from asky_gitops.model.stack import Database

MIB = 2**20
UNITS = {
    unit + suffix: base**power
    for suffix, base in (("", 10**3), ("i", 2**10))
    for power, unit in enumerate(("K" if suffix else "k", "M", "G", "T", "P", "E"), 1)
}
PER_CONNECTION = 8
"""MiB that a connection may take in all: its process, its caches and a sort or two."""
RESERVED = 10
"""Connections that no pool takes: the superuser's, the operator's, the migrations'."""


def mebibytes(quantity: str) -> int:
    """Return a quantity of memory in whole MiB."""
    match = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", quantity)
    assert match, quantity
    return int(float(match[1]) * UNITS.get(match[2], 1)) // MIB


def connections(database: Database) -> int:
    """Return how many connections fit into the memory."""
    return min(500, max(40, mebibytes(database.resources.memory_limit) // PER_CONNECTION))


def pool_size(database: Database, logins: int, poolers: int) -> int:
    """Return how many connections each PgBouncer keeps for each login, so that all of them fit."""
    return max(1, (connections(database) - RESERVED) // max(1, logins * poolers))


def memory(database: Database) -> dict[str, str]:
    """Return the settings: a quarter shared, the rest for the system's cache, connections and upkeep."""
    limit = mebibytes(database.resources.memory_limit)
    shared = max(16, limit // 4)
    return {
        "effective_cache_size": f"{max(16, limit * 3 // 4)}MB",
        "maintenance_work_mem": f"{min(2048, max(16, limit // 16))}MB",
        "max_connections": str(connections(database)),
        "shared_buffers": f"{shared}MB",
        "work_mem": f"{min(256, max(1, (limit - shared) // connections(database) // 2))}MB",
    }
