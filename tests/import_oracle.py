"""python import_oracle.py INPUT… RENDER: what the inputs name and the render lacks. It knows no importer."""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

TABLE = re.compile(r"(?i)create table (?:if not exists )?([\w.\"]+)")
POSTGRES = re.compile(r"(^|/)postgres(ql)?(:|@|$)")


def documents(path: Path) -> Iterator[Any]:
    for one in yaml.safe_load_all(path.read_text("utf-8")):
        yield from (one["items"] if isinstance(one, dict) and "items" in one else [one] if one else [])


def named(given: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Yield every (what, name) that a set of documents names."""
    every = [one for one in given if "kind" in one and not one["metadata"].get("ownerReferences")]
    every = [one for one in every if "helm.sh/hook" not in (one["metadata"].get("annotations") or {})]
    keys = {
        (one["kind"], one["metadata"]["name"]): [*one.get("data", {}), *one.get("stringData", {})]
        for one in every
    }
    for one in every:
        spec = (one.get("spec") or {}).get("jobTemplate", one).get("spec") or {}
        pod = (spec.get("template") or {}).get("spec") or {}
        for container in [*pod.get("initContainers", []), *pod.get("containers", [])]:
            if POSTGRES.search(container["image"]):
                yield "image", "postgres"
                continue
            yield "image", container["image"]
            yield from (("port", each["containerPort"]) for each in container.get("ports", []))
            yield from (("env", each["name"]) for each in container.get("env", []))
            for each in container.get("envFrom", []):
                for kind, key in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
                    yield from (("env", name) for name in keys.get((kind, each.get(key, {}).get("name")), []))
        for rule in (one.get("spec") or {}).get("rules") or [] if one["kind"] == "Ingress" else []:
            yield from (("route", f"{rule['host']}{path['path']}") for path in rule["http"]["paths"])
        for text in (one.get("data") or {}).values() if one["kind"] == "ConfigMap" else []:
            yield from (("table", name) for name in TABLE.findall(text))


if __name__ == "__main__":
    *inputs, render = [list(documents(Path(name))) for name in sys.argv[1:]]
    lacking = sorted(map(str, {*named([one for each in inputs for one in each])} - {*named(render)}))
    print("\n".join(lacking))
    sys.exit(bool(lacking))
