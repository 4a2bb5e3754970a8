"""Where the parts that ship with the package are: the engine, the policies, the schemas.

In a checkout (an editable install) `make engine` fills `_bundled/` and the policies are read from
their own folder, so that an edited rule counts at once. In a wheel everything is in `_bundled/`.
"""

import hashlib
import importlib.util
import os
import re
from pathlib import Path

from asky_gitops.errors import ToolError

PACKAGE = Path(__file__).resolve().parent.parent
BUNDLED = PACKAGE / "_bundled"
CHECKOUT = PACKAGE.parent
ENGINE = "asky-gitops-engine.exe" if os.name == "nt" else "asky-gitops-engine"


def in_checkout() -> bool:
    """Tell whether the package runs from a source tree that can build its own engine."""
    return (CHECKOUT / "hatch_build.py").is_file() and (CHECKOUT / "engine" / "go.mod").is_file()


def cure() -> str:
    """Return what mends a broken part: another build here, another install elsewhere."""
    return "run make engine" if in_checkout() else "pip install --force-reinstall --no-deps asky-gitops"


def engine() -> Path:
    """Return the engine's program.

    Raises ToolError when it is missing or not executable; whether this machine can run it shows
    when it starts.
    """
    program = BUNDLED / ENGINE
    if not program.is_file():
        raise ToolError(f"the engine is missing: {program}", hint=cure())
    if not os.access(program, os.X_OK):
        raise ToolError(f"the engine is not executable: {program}", hint=cure())
    return program


def source_hash(folder: Path) -> str:
    """Return what `hello.source` says of an engine built from `folder` (docs/protocol.md).

    SHA-256 over the Go files that end up in the program, go.mod and go.sum: path, NUL, content, NUL.
    """
    paths = [path for path in folder.rglob("*.go") if not path.name.endswith("_test.go")]
    named = {
        path.relative_to(folder).as_posix(): path for path in [*paths, folder / "go.mod", folder / "go.sum"]
    }
    digest = hashlib.sha256()
    for name in sorted(named):
        digest.update(name.encode() + b"\0" + named[name].read_bytes() + b"\0")
    return f"sha256:{digest.hexdigest()}"


def expected_source() -> str:
    """Return the `hello.source` to expect: of the checkout's sources, or as stored in the wheel."""
    if in_checkout():
        return source_hash(CHECKOUT / "engine")
    stored = BUNDLED / "engine.source"
    try:
        return stored.read_text("ascii").strip()
    except OSError as error:
        raise ToolError(f"the installation is incomplete: {stored}: {error.strerror}", hint=cure()) from None


def policies() -> Path:
    """Return the root of the shipped policy bundle. Raises ToolError when it is missing."""
    folder = (CHECKOUT if in_checkout() else BUNDLED) / "policies"
    if not (folder / "main" / "main.rego").is_file():
        raise ToolError(f"the policies are missing: {folder}", hint=cure())
    return folder


def rules() -> frozenset[tuple[str, str]]:
    """Return category and id of every rule that is shipped, by its folder. Raises ToolError as `policies`."""
    return frozenset((path.parent.name, path.name) for path in (policies() / "rules").glob("*/*"))


def schemas() -> Path:
    """Return the folder of Kubernetes schemas, found without importing kubernetes-validate.

    Its layout is `v<minor>.0-local[-strict]/<kind>-<group>-<version>.json`. Raises ToolError when
    the package is missing.
    """
    found = importlib.util.find_spec("kubernetes_validate")
    folder = Path(found.origin).parent / "kubernetes-json-schema" if found and found.origin else None
    if folder is None or not folder.is_dir():
        raise ToolError("the package kubernetes-validate is missing", hint="pip install kubernetes-validate")
    return folder


def schema_versions() -> tuple[str, ...]:
    """Return the Kubernetes minor versions with strict schemas, lowest first: ("1.25", …, "1.37")."""
    names = (re.fullmatch(r"v1\.(\d+)\.0-local-strict", path.name) for path in schemas().iterdir())
    minors = sorted(int(name[1]) for name in names if name)
    if not minors:
        raise ToolError(
            "kubernetes-validate holds no strict schemas", hint="pip install --upgrade kubernetes-validate"
        )
    return tuple(f"1.{minor}" for minor in minors)


def schema_version() -> str:
    """Return the newest Kubernetes minor version with strict schemas: "1.37"."""
    return schema_versions()[-1]


def crds() -> Path | None:
    """Return the folder of packed CustomResourceDefinitions; None when the bundle was built without them."""
    folder = BUNDLED / "crds"
    return folder if folder.is_dir() else None
