"""A GitOps repository for Postgres and microservices on Kubernetes, from one spec.

Three functions do what the verbs of the same names do, without printing:

    from asky_gitops import check, generate, load_stack

    report = check(".")
    print(report.exit_code, [finding.rule for finding in report.findings])

What is wrong raises `AskyError` (asky_gitops.errors): `where`, `message`, `hint` and `exit_code` say the
rest. Nothing is imported before it is used.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asky_gitops.errors import AskyError
    from asky_gitops.model.finding import Report
    from asky_gitops.model.stack import Stack
    from asky_gitops.steps.generate import GenerateResult

__version__ = "0.1.0"

__all__ = ["AskyError", "__version__", "check", "generate", "load_stack"]


def load_stack(root: str | Path) -> "Stack":
    """Return the stack that `asky.yaml` in the folder `root` describes, every default and overlay resolved.

    Raises `Many` of `InputError`s with everything that is wrong, each at its line and column.
    """
    from asky_gitops.steps.generate import load

    return load(Path(root).resolve())


def generate(root: str | Path, *, write: bool = False, overlays: tuple[str, ...] = ()) -> "GenerateResult":
    """Return what differs between the tree below `root` and its spec; with `write` bring the tree up to date.

    Raises `HandEdited` for files that a person changed (nothing is written then), `InputError` or `Many` of
    it for the spec, `ToolError` for the disk.
    """
    from asky_gitops.steps import generate as step

    return step.generate(Path(root).resolve(), overlays=overlays, mode="write" if write else "check")


def check(root: str | Path, *paths: str, **options: Any) -> "Report":
    """Return the report on the overlays of the stack in `root`, or on the manifests at `paths` below it.

    `options` are those of `asky_gitops.steps.check.check`: `overlays`, `rules`, `fail_on`, `strict`, `crds`,
    `policies`, `kubernetes_version`, … Without an asky.yaml and without paths everything below `root` is
    judged. Raises `InputError` for what is wrong with the call; what is wrong with a file is in the report.
    """
    from asky_gitops.steps.build_places import SPEC
    from asky_gitops.steps.check import check as step

    folder = Path(root).resolve()
    wanted = list(paths) or ([] if (folder / SPEC).exists() else ["."])
    return step(folder, paths=wanted, **options)


def __getattr__(name: str) -> Any:
    """Import the base of all errors when it is asked for."""
    if name == "AskyError":
        from asky_gitops.errors import AskyError

        return AskyError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
