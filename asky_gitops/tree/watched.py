"""Which files Argo CD looks at before it renders again: what an Application's annotation names."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from asky_gitops.model.manifest import Manifest
from asky_gitops.model.tree import File

ANNOTATION = "argocd.argoproj.io/manifest-generate-paths"


def applications(plan: Iterable[File]) -> dict[str, Manifest]:
    """Return the Applications of a plan by the kustomization root each of them renders."""
    return {
        document["spec"]["source"]["path"]: document
        for file in plan
        if file.path.startswith("argocd/") and isinstance(file.content, list)
        for document in file.content
        if document.get("kind") == "Application" and "path" in document["spec"]["source"]
    }


def unwatched(application: Manifest, closure: Iterable[str]) -> list[str]:
    """Return the files of a render's closure that the Application does not name, sorted."""
    patterns = application["metadata"]["annotations"][ANNOTATION].split(";")
    return sorted(path for path in closure if not any(fits(f"/{path}", pattern) for pattern in patterns))


def fits(path: str, pattern: str) -> bool:
    """Tell whether Argo CD takes a file for one of a pattern (util/app/path, AppFilesHaveChanged).

    A folder stands for all below it; a star does not reach into folders.
    """
    same_depth = path.count("/") == pattern.count("/")
    return path == pattern or path.startswith(f"{pattern}/") or (same_depth and fnmatchcase(path, pattern))
