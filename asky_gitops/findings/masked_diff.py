"""A unified diff of two texts in which no value is shown that may be a secret."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from asky_gitops.findings.conceal import Concealed, conceal


def masked_diff(path: str, before: str | None, after: str | None, context: int = 3) -> list[str]:
    """Return the lines of a unified diff, without line ends; None stands for no file.

    The texts are compared as they are and shown concealed: a changed secret shows as a changed `••••`.
    """
    old, new = conceal(path, before or ""), conceal(path, after or "")
    matcher = SequenceMatcher(None, old.source, new.source, autojunk=False)
    body = [line for group in matcher.get_grouped_opcodes(context) for line in hunk(group, old, new)]
    names = ["/dev/null" if before is None else f"a/{path}", "/dev/null" if after is None else f"b/{path}"]
    return [f"--- {names[0]}", f"+++ {names[1]}", *body] if body else []


def hunk(group: list[tuple[str, int, int, int, int]], old: Concealed, new: Concealed) -> Iterator[str]:
    """Yield one hunk with its header."""
    (_, first_old, _, first_new, _), (_, _, last_old, _, last_new) = group[0], group[-1]
    yield f"@@ -{extent(first_old, last_old)} +{extent(first_new, last_new)} @@"
    for kind, old_start, old_end, new_start, new_end in group:
        if kind == "equal":
            yield from (f" {old.line(number)}" for number in range(old_start + 1, old_end + 1))
        else:
            yield from (f"-{old.line(number)}" for number in range(old_start + 1, old_end + 1))
            yield from (f"+{new.line(number)}" for number in range(new_start + 1, new_end + 1))


def extent(start: int, end: int) -> str:
    """Return a range of lines as diff writes it: first line from 1, and how many (POSIX diff -u)."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"
