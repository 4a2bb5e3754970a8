"""Moments in time, as a restore's target names one (RFC 3339)."""

import re
from datetime import datetime
from typing import Any

from asky_gitops.adapters.spec_leaves import Wrong, quoted, string

MOMENT = (
    r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
    r"(?:Z|[+-][0-2][0-9]:[0-5][0-9])"
)


def moment(value: Any) -> str:
    """Take a moment with its zone: without one, PostgreSQL and a person may think of different ones."""
    found = string(value)
    try:
        if not re.fullmatch(MOMENT, found):
            raise ValueError
        datetime.fromisoformat(found)
    except ValueError:
        raise Wrong(
            f"{quoted(found)}is not a moment such as 2026-03-01T12:00:00Z", hint="with the zone, Z or +01:00"
        ) from None
    return found
