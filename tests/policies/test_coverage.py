import json
import subprocess
from pathlib import Path
from typing import Any

from tests.policies.conftest import POLICIES, program
from tests.policies.corpus import cases


def test_opa_s_own_tests_and_the_corpus_reach_every_line(tmp_path: Path) -> None:
    corpus: list[dict[str, Any]] = [
        {
            "category": next((POLICIES / "rules").glob(f"*/{case.rule}")).parent.name,
            "rule": case.rule,
            "input": case.input,
            "expected": [[severity, path] for severity, _, _, _, path, _ in case.expected],
        }
        for case in cases()
        if case.miss is None
    ]
    for case in corpus:
        case["expected"].sort(key=lambda pair: (pair[0], [(isinstance(step, str), step) for step in pair[1]]))
    (tmp_path / "corpus.json").write_text(json.dumps({"corpus": corpus}), "utf-8")
    done = subprocess.run(
        [
            program("opa"),
            "test",
            "--coverage",
            "--format=json",
            "--timeout=300s",
            str(POLICIES),
            str(Path(__file__).with_name("corpus_test.rego")),
            str(tmp_path / "corpus.json"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    missed = [
        f"{Path(name).relative_to(POLICIES)}:{row}"
        for name, file in json.loads(done.stdout)["files"].items()
        for part in file.get("not_covered", [])
        for row in range(part["start"]["row"], part["end"]["row"] + 1)
    ]
    assert not missed, "\n".join(missed)
