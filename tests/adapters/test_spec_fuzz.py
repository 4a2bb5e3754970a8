"""Whatever the file says: words and exit status 2, or a stack; never a traceback."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from asky_gitops.adapters import spec
from asky_gitops.errors import InputError, Many
from tests.adapters.spec_cases import PLATFORMS, SPEC, placed
from tests.adapters.test_spec_schema import mangled


@given(mangled())
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_document_of_any_shape_is_refused_in_words_or_loads(
    tmp_path_factory: pytest.TempPathFactory, data: Any
) -> None:
    path = placed(tmp_path_factory.mktemp("spec"), json.dumps(data))
    try:
        spec.load(path, PLATFORMS)
    except Many as many:
        assert many.errors
        assert all(type(error) is InputError and error.where for error in many.errors)


LARGE = {
    "a long value": SPEC.replace("ghcr.io/acme/auth:1.0.0", "a." * 500_000),
    "a long key": SPEC.replace("port: 8003", f"port: 8003\n    ? {'k' * 500_000}\n    : 1"),
    "many unknown calls": SPEC.replace("[auth]", f"[{','.join(f's{n}' for n in range(20_000))}]"),
    "many wrong services": SPEC.replace(
        "  auth:\n", "".join(f"  s{n}: {{port: 0, calls: [x{n}]}}\n" for n in range(4_000)) + "  auth:\n"
    ),
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_a_hostile_file_is_refused_in_seconds(tmp_path: Path, text: str) -> None:
    path = placed(tmp_path, text)
    begun = time.process_time()
    with pytest.raises(Many):
        spec.load(path, PLATFORMS)
    assert time.process_time() - begun < 10
