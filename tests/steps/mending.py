"""Mends cases of the policies' corpus with `fix` and says what it should not have done, or left undone.

`make mend` takes the whole corpus: four minutes of a processor. test_mending.py takes a few cases of every
rule that has a repair.
"""

import difflib
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from asky_gitops.findings.fixes import FIXES
from asky_gitops.model.finding import Finding
from asky_gitops.steps.fix import FixResult, fix
from tests.policies.corpus import DATA

RULES = sorted({rule for rule, _ in FIXES})
COMMENT = re.compile(r"(?:^|\s)#.*")


def lay(files: Sequence[Path], root: Path) -> None:
    """Write each case of the corpus as a kustomization of its own."""
    for file in files:
        place = root / f"{file.parent.name}-{file.stem}"
        place.mkdir()
        shutil.copyfile(file, place / "case.yaml")
        (place / "kustomization.yaml").write_text("resources: [case.yaml]\n")


def mended(root: Path) -> tuple[FixResult, list[str]]:
    """Mend every rule's findings below a root, twice; return what the first time did, and every complaint."""
    result = fix(root, paths=["."], rules=RULES, unsafe=True)
    again = fix(root, paths=["."], rules=RULES, unsafe=True)
    complaints = [f"{one.rule} is left in {one.overlays}" for one in result.left.findings if one.fixable]
    complaints += [f"{path} changes when it is mended again" for path, _, _ in again.changes]
    for path, old, new in result.changes:
        of_file = [one for one in result.fixed if one.location and one.location.file == path]
        complaints += (
            f"{path}: {what}" for what in beyond((old or b"").decode(), (new or b"").decode(), of_file)
        )
    return result, complaints


def beyond(before: str, after: str, fixed: Sequence[Finding]) -> Iterator[str]:
    """Yield what of a file is not as it was, beside the fields that findings are about."""
    if COMMENT.findall(before) != COMMENT.findall(after):
        yield "a comment is not what it was"
    changed = 0
    for kind, start, end, begins, ends in difflib.SequenceMatcher(
        None, before.splitlines(True), after.splitlines(True), autojunk=False
    ).get_opcodes():
        if kind == "delete" or (kind == "replace" and end - start > ends - begins):
            yield f"a line is gone: {before.splitlines()[start]}"
        changed += end - start if kind == "replace" else 0
    if changed > len(fixed):
        yield f"{changed} lines were rewritten for {len(fixed)} findings"
    may = {(str(one.resource.kind), str(one.resource.name), one.path) for one in fixed if one.resource}
    for (of, name, left), (_, _, right) in zip(_objects(before), _objects(after), strict=True):
        wanted = [path for *who, path in may if who == [of, name]]
        for path in _differing(left, right):
            if not any(path[: len(one)] == one or one[: len(path)] == path for one in wanted):
                yield f"{of} {name} {path} was not to be mended"


def _objects(text: str) -> list[tuple[str, str, Any]]:
    """Return kind, name and content of every object of a file, those of a List one by one."""
    documents = [one for one in yaml.safe_load_all(text) if isinstance(one, dict)]
    flat = [
        item
        for one in documents
        for item in (one["items"] if str(one.get("kind")).endswith("List") and "items" in one else [one])
    ]
    return [(str(one.get("kind")), str((one.get("metadata") or {}).get("name")), one) for one in flat]


def _differing(left: Any, right: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths at which two values differ, each as deep as both have it."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in left.keys() | right.keys():
            yield from _differing(left.get(key), right.get(key), (*path, key))
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for at, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from _differing(one, other, (*path, at))
    elif left != right:
        yield path


def whole() -> int:
    """Mend the whole corpus, print what was done, and return the exit status."""
    with TemporaryDirectory(prefix="asky-gitops-") as folder:
        (root := Path(folder).resolve() / "repo").mkdir()
        (root / ".git").mkdir()
        files = sorted(DATA.rglob("*.yaml"))
        lay(files, root)
        result, complaints = mended(root)
    for rule, count in sorted(Counter(one.rule for one in result.fixed).items()):
        print(f"{count:6}  {rule}")
    print("\n".join([*complaints, f"{len(files)} cases, {len(complaints)} complaints"]))
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(whole())
