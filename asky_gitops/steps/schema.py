"""The JSON Schemas that other programs hold asky-gitops to: of its input and of its report."""

import json
from importlib import resources
from typing import Any, Literal

from asky_gitops.adapters import spec_schema
from asky_gitops.platforms import PLATFORMS

Subject = Literal["spec", "report"]


def schema(subject: Subject) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `asky.yaml` (`spec`) or of `check --format json` (`report`)."""
    if subject == "spec":
        return spec_schema.schema(PLATFORMS)
    text = (resources.files("asky_gitops.steps") / "report.schema.json").read_text("utf-8")
    loaded = json.loads(text)
    assert isinstance(loaded, dict)
    return loaded
