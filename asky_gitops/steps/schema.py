"""The JSON Schemas that other programs hold asky-gitops to: of its input and of its report."""

import json
from importlib import resources
from typing import Any, Literal

from asky_gitops.adapters import spec_schema, spec_waivers
from asky_gitops.platforms import PLATFORMS

Subject = Literal["spec", "report", "waivers"]


def schema(subject: Subject) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `asky.yaml` (`spec`), `waivers.yaml` or `check --format json`."""
    if subject == "spec":
        return spec_schema.schema(PLATFORMS)
    if subject == "waivers":
        return spec_waivers.schema()
    text = (resources.files("asky_gitops.steps") / "report.schema.json").read_text("utf-8")
    loaded = json.loads(text)
    assert isinstance(loaded, dict)
    return loaded
