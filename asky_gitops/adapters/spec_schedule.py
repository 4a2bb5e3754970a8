"""Schedules of CronJobs, judged as Kubernetes' own parser does (github.com/robfig/cron/v3, ParseStandard).

Five fields and the macros it knows. A time zone inside the schedule is refused: Kubernetes does so too.
"""

import re
from collections.abc import Mapping
from typing import Any

from asky_gitops.adapters.spec_leaves import Wrong, quoted, string

NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS = {name: number for number, name in enumerate(NAMES.split(), 1)}
WEEKDAYS = {name: n for n, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}
DAYS = dict.fromkeys(range(1, 13), 31) | dict.fromkeys((4, 6, 9, 11), 30) | {2: 29}
MACROS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")


def words(names: Mapping[str, int]) -> str:
    """Return a pattern of names in any case; flags inside a pattern mean nothing to JSON Schema."""
    return "|".join("".join(f"[{letter}{letter.upper()}]" for letter in name) for name in names)


def field(values: str) -> str:
    """Return the pattern of one field: a list of ranges, each with a step if need be."""
    one = rf"(?:[*?]|(?:{values})(?:-(?:{values}))?)(?:/[1-9][0-9]?)?"
    return rf"{one}(?:,{one}){{0,9}}"


FIELDS = {
    "second": "0?[0-9]|[1-5][0-9]",
    "minute": "0?[0-9]|[1-5][0-9]",
    "hour": "0?[0-9]|1[0-9]|2[0-3]",
    "day": "0?[1-9]|[12][0-9]|3[01]",
    "month": f"0?[1-9]|1[0-2]|{words(MONTHS)}",
    "weekday": f"0?[0-6]|{words(WEEKDAYS)}",
}
SIX = tuple(FIELDS)
"""CloudNativePG's form: six fields, seconds first."""
FIVE = SIX[1:]
SCHEDULE = " ".join(field(FIELDS[name]) for name in FIVE) + "|" + "|".join(MACROS)
WITH_SECONDS = " ".join(field(FIELDS[name]) for name in SIX) + "|" + "|".join(MACROS)
BOUNDS = {
    "second": (0, 59),
    "minute": (0, 59),
    "hour": (0, 23),
    "day": (1, 31),
    "month": (1, 12),
    "weekday": (0, 6),
}
COMPILED = re.compile(SCHEDULE)


def schedule(value: Any) -> str:
    """Take five fields that some day meet, or a macro such as `@daily`."""
    found = string(value)
    if len(found) > 200 or not COMPILED.fullmatch(found):
        raise Wrong(
            misread(found, FIVE) or f"{quoted(found)}is not a schedule of five fields",
            hint='minute, hour, day, month and weekday: "30 3 * * *" is half past three every night',
        )
    if not found.startswith("@"):
        _, _, days, months, weekdays = (
            times(part, *BOUNDS[name]) for part, name in zip(found.split(" "), FIVE, strict=True)
        )
        # Where weekdays are named too, one of the two is enough.
        if len(weekdays) == 7 and all(min(days) > DAYS[month] for month in months):
            raise Wrong(f"{quoted(found)}names a day that never comes")
    return found


def with_seconds(value: Any) -> str:
    """Take six fields, seconds first, that some day meet, or a macro such as `@daily`."""
    found = string(value)
    if len(found) > 200 or not re.fullmatch(WITH_SECONDS, found):
        five = COMPILED.fullmatch(found) and len(found) < 200 and not found.startswith("@")
        raise Wrong(
            misread(found, SIX) or f"{quoted(found)}is not a schedule of six fields",
            f"0 {found}" if five else None,
            'second, minute, hour, day, month and weekday: "0 0 2 * * *" is two every night',
        )
    if not found.startswith("@"):
        seconds, _, rest = found.partition(" ")
        times(seconds, *BOUNDS["second"])
        schedule(rest)
    return found


def misread(found: str, names: tuple[str, ...]) -> str | None:
    """Return which field says what it cannot, where there are as many fields as there should be."""
    parts = found.split(" ")
    for part, name in zip(parts, names, strict=False) if len(parts) == len(names) else ():
        if part and not re.fullmatch(field(FIELDS[name]), part):
            low, high = BOUNDS[name]
            return f"{quoted(part)}is not {'an' if name == 'hour' else 'a'} {name} from {low} to {high}"
    return None


def times(part: str, low: int, high: int) -> set[int]:
    """Return the numbers that one field names."""
    found: set[int] = set()
    for each in part.split(","):
        span, _, step = each.partition("/")
        first, dash, last = span.partition("-")
        start = low if first in "*?" else number(first)
        end = number(last) if dash else high if step or first in "*?" else start
        if start > end:
            raise Wrong(f"{quoted(each)}runs backwards")
        found.update(range(start, end + 1, int(step or 1)))
    return found


def number(text: str) -> int:
    """Return a number, or that of a month or weekday."""
    known = {**MONTHS, **WEEKDAYS}
    return known[text.lower()] if text.lower() in known else int(text)
