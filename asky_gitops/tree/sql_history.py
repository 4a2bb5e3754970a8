"""Migrations are append-only: what the target revision has may have run, and is never run again."""

import re
from collections.abc import Collection, Iterator, Mapping

from asky_gitops.errors import Refused

NUMBERED = re.compile(r"/[0-9]{4}_[^/]*\.sql$")


def rewritten(
    revision: str, committed: Mapping[str, str], here: Mapping[str, str], amended: Collection[int]
) -> Iterator[Refused]:
    """Yield an error for each migration that is not as in a revision, or comes before one of it.

    `committed` and `here` are digests by path; `amended` are numbers of migrations that were never applied.
    """
    committed = {path: digest for path, digest in committed.items() if NUMBERED.search(path)}
    for path in sorted(committed.keys() | here.keys()):
        number = int(path.rpartition("/")[2][:4])
        if number in amended:
            continue
        if path not in here:
            yield Refused(
                f"is in {revision} and gone here",
                path,
                "git has it; what it made, a new migration takes away",
            )
        elif path not in committed:
            later = [one for one in committed if one > path]
            if later:
                last = max(later).rpartition("/")[2]
                hint = "dbmate runs nothing that comes before what it ran: take the next number"
                yield Refused(f"comes before {last}, which is in {revision}", path, hint)
        elif committed[path] != here[path]:
            hint = f"write a new one; where it was never applied: `--amend-migration {number}`"
            yield Refused(f"differs from {revision}, from where it may have been applied", path, hint)
