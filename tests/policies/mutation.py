"""Mutation of the policies: `make mutate` deletes each expression of each body and asks corpus and tests.

Usage: python -m tests.policies.mutation [PREFIX…]     PREFIX: a path below policies/, such as lib/graph

survivors.yaml says of what nobody notices, and nobody needs to, why it stays; it still counts as survived.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from tests.policies.conftest import POLICIES, ROOT
from tests.policies.corpus import Case, cases

SURVIVORS = Path(__file__).with_name("survivors.yaml")


def question(case: Case) -> dict[str, object]:
    """Return what the corpus asserts of a case: its own rule's findings, all but their messages."""
    category = next((POLICIES / "rules").glob(f"*/{case.rule}")).parent.name
    rule = f'data.rules.{category}["{case.rule}"]'
    parts = ", ".join(
        f'"{verb}": [[one.resource, one.path, one.trace, one.source] | some one in {rule}.{verb}]'
        for verb in ("deny", "warn")
    )
    name, folder = f"{case.rule}/{case.name}", f"rules/{category}/{case.rule}"
    return {"name": name, "folder": folder, "query": f"answer := {{{parts}}}", "input": case.input}


def main(prefixes: list[str]) -> int:
    """Write the questions for tools/mutate and run it; return its exit status, 1 when a reason is stale."""
    asked = {
        "cases": [question(case) for case in cases()],
        "survivors": yaml.safe_load(SURVIVORS.read_text("utf-8")),
    }
    with tempfile.TemporaryDirectory() as folder:
        questions = Path(folder) / "questions.json"
        questions.write_text(json.dumps(asked), "utf-8")
        command = ["go", "run", "./mutate", str(POLICIES), str(questions), *prefixes]
        return subprocess.run(command, cwd=ROOT / "tools", check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
