"""The page that lists an overlay's objects: when each is made, why, and which file it comes from."""

from collections.abc import Iterable, Mapping, Sequence
from posixpath import relpath

from asky_gitops.components import argocd, operators, reasons
from asky_gitops.components.metadata import Wave
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.tree import File
from asky_gitops.tree import sql, views
from asky_gitops.tree.views import View

FOLDER = "docs/bootstrap"
Places = Mapping[tuple[str, str], str]
"""The file of an object, by kind and name."""
ARGO_CD = {
    "AppProject": "what that Application may write, and from where",
    "ConfigMap": "health checks without which a sync fails, or waits, for no fault",
}


def page(view: View, files: Sequence[File]) -> File:
    """Return the page of one overlay; `files` are its own and those of base."""
    name = view.overlay.name
    own = argocd.name(view.stack, view.overlay)
    platform = views.flat(view.platform.platform(view.stack, view.overlay))
    root = f"overlays/{name}"
    sources = {**places(files, "base/"), **places(files, f"{root}/generated/"), **sql_places(view)}
    rendered = [*view.rendered, *sql_manifests(view)]
    lines = [
        f"# What runs: {view.stack.name} on {name}",
        "",
        f"How it gets there: [{name}.md]({name}.md).",
        "",
        "## Waves",
        "",
        f"A sync of `{own}` brings up one wave after the other, each when all of the one before is well.",
        "",
        "| wave | what happens | objects |",
        "| --- | --- | --- |",
        *waves(rendered),
        "",
        f"## Application {own}",
        "",
        *table(rendered, sources),
    ]
    if platform:
        lines += [f"## Application {own}-platform", "", *table(platform, places(files, f"{root}/platform/"))]
    lines += ["## What Argo CD is told", "", *told(files, name)]
    return File(f"{FOLDER}/{name}-objects.md", "\n".join(lines))


def places(files: Iterable[File], below: str) -> dict[tuple[str, str], str]:
    """Return the file of every whole object below a folder; patches are none."""
    return {
        (made["kind"], made["metadata"]["name"]): file.path
        for file in files
        if file.path.startswith(below) and "/patches/" not in file.path and not isinstance(file.content, str)
        for made in file.content
        if "metadata" in made
    }


def sql_manifests(view: View) -> list[Manifest]:
    """Return the ConfigMaps that kustomize makes of the overlay's SQL."""
    return [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": name,
                **sql.generator(view.stack, name, folder)["configMapGenerator"][0]["options"],
            },
        }
        for name, folder in sql_folders(view).items()
    ]


def sql_folders(view: View) -> dict[str, str]:
    """Return ConfigMap to folder, for the SQL that the overlay renders."""
    if view.stack.database is None:
        return {}
    return {name: folder for name, folder in sql.folders(view.stack.database).items() if folder in view.sql}


def sql_places(view: View) -> dict[tuple[str, str], str]:
    """Return the kustomization of each of those ConfigMaps."""
    return {("ConfigMap", name): f"{folder}/kustomization.yaml" for name, folder in sql_folders(view).items()}


def wave(manifest: Manifest) -> int:
    """Return the wave of an object of ours."""
    return int(manifest["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"])


def waves(manifests: Sequence[Manifest]) -> list[str]:
    """Return a row for each wave that has an object."""
    rows = []
    for one in Wave:
        kinds = sorted({made["kind"] for made in manifests if wave(made) == one})
        if kinds:
            rows.append(f"| {int(one)} | {reasons.WAVES[one]} | {', '.join(kinds)} |")
    return rows


def table(manifests: Iterable[Manifest], sources: Places) -> list[str]:
    """Return a table of objects in the order they are made."""
    rows = sorted(
        (wave(made), made["kind"], made["metadata"]["name"], reasons.reason(made)) for made in manifests
    )
    return [
        "| wave | object | why it exists |",
        "| --- | --- | --- |",
        *(
            f"| {order} | [{kind} {name}]({relpath(sources[kind, name], FOLDER)}) | {why} |"
            for order, kind, name, why in rows
        ),
        "",
    ]


def told(files: Iterable[File], overlay: str) -> list[str]:
    """Return a table of what is applied to Argo CD itself."""
    rows = []
    for (kind, name), path in sorted(places(files, f"argocd/{overlay}/").items()):
        operator = path.rpartition("/operators/")[2].removesuffix(".yaml")
        if kind != "Application":
            why = ARGO_CD[kind]
        elif operator in operators.OPERATORS:
            why = f"installs the operator that {operators.OPERATORS[operator].why}"
        else:
            what = "what the stack stands on" if path.endswith("/platform.yaml") else "the stack"
            why = f"keeps {what} as git has it"
        rows.append(f"| [{kind} {name}]({relpath(path, FOLDER)}) | {why} |")
    return ["| object | why it exists |", "| --- | --- |", *rows, ""]
