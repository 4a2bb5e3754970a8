"""Shows the place of a finding: the line before it, its line, and the columns to point at."""

from collections.abc import Mapping
from dataclasses import replace

from asky_gitops.findings.conceal import Concealed
from asky_gitops.model.finding import Finding


def with_excerpt(finding: Finding, sources: Mapping[str, Concealed]) -> Finding:
    """Return the finding with the redacted source lines around its location, if the file is known."""
    place = finding.location
    source = sources.get(place.file) if place else None
    if place is None or source is None or not 1 <= place.line <= len(source.source):
        return finding
    first = max(1, place.line - 1)
    lines = tuple((number, source.line(number)) for number in range(first, place.line + 1))
    start = source.column(place.line, place.column)
    end = source.column(place.line, place.end_column) if place.end_line == place.line else len(lines[-1][1])
    return replace(finding, excerpt=lines, caret=(start, max(end, start + 1)))
