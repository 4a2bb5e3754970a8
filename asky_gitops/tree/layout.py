"""Every file one stack becomes: the only place that decides file names."""

import re
from collections.abc import Iterable
from posixpath import relpath

from asky_gitops.components import argocd, health, names, operators
from asky_gitops.components.migrations import sql_files
from asky_gitops.errors import InputError
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Stack
from asky_gitops.model.tree import File, Ownership, Tree
from asky_gitops.platforms import Parts
from asky_gitops.tree import kustomize, objects, sql, views
from asky_gitops.tree.views import View

SHORT = {"horizontalpodautoscaler": "hpa", "poddisruptionbudget": "pdb"}
"""Kinds whose file has the name people say."""
ABOUT = re.compile(r"base/([^/]+)/|overlays/([^/]+)/generated/(?:(?:patches|ingress)/([^/]+)\.yaml)?")

CUSTOM = """\
# Yours: written once, never changed again. This Component comes last, so that its patches win over
# everything generated. Put manifests and patches beside this file and list them here.
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: []
patches: []
"""
ATTRIBUTES = """\
# Generated files carry a hash of themselves: the same bytes on every machine.
*.md text eol=lf
*.sql text eol=lf
*.yaml text eol=lf
"""


def plan(stack: Stack) -> Tree:
    """Return every file of the stack, sorted by path.

    Raises InputError when two parts of the stack would be the same file, object or Secret, when a
    platform lacks a setting, or when asky.lock does not pin an image.
    """
    base = base_files(stack)
    files = [*base, *sql_files_of(stack), File(".gitattributes", ATTRIBUTES, Ownership.SEEDED)]
    for overlay in stack.overlays.values():
        view = views.view(stack, overlay)
        own = overlay_files(view)
        files += [*own, objects.page(view, [*base, *own])]
    refuse_shared_paths(files)
    return Tree(tuple(sorted(files, key=lambda file: file.path)))


def about(path: str) -> tuple[str | None, str | None]:
    """Return the overlay that a generated file is of, and the folder of base or the service it is about."""
    found = ABOUT.match(path)
    return (found[2], found[1] or found[3]) if found else (None, None)


def refuse_shared_paths(files: Iterable[File]) -> None:
    """Raise InputError when SQL lies where a generated folder is: one of the two would be lost."""
    seen: set[str] = set()
    for file in files:
        if file.path in seen:
            raise InputError(
                f"two parts of the stack want the file {file.path}",
                where="asky.yaml",
                hint="give database.migrations and database.seeds folders of their own",
            )
        seen.add(file.path)


def base_files(stack: Stack) -> list[File]:
    """Return what every overlay shares; without a namespace and without a database of its own."""
    views.refuse_clashes(stack, views.base(stack), "services")
    files, folders = [], []
    for component, folder, manifests in views.parts_of_base(stack):
        made = grouped(f"base/{folder}", component, manifests)
        files += [*made, folder_file(f"base/{folder}", made)]
        folders.append(folder)
    return [*files, File("base/kustomization.yaml", [kustomize.kustomization(sorted(folders))])]


def folder_file(folder: str, files: Iterable[File]) -> File:
    """Return the kustomization that lists a folder's files."""
    listed = sorted(relpath(file.path, folder) for file in files)
    return File(f"{folder}/kustomization.yaml", [kustomize.kustomization(listed)])


def all_grouped(root: str, parts: Parts) -> list[File]:
    """Return the files of every folder below a root; the folder "" is the root itself."""
    return [
        file
        for folder, manifests in parts.items()
        for file in grouped(f"{root}/{folder}".rstrip("/"), folder, manifests)
    ]


def grouped(folder: str, component: str, manifests: Iterable[Manifest]) -> list[File]:
    """Return the files of one folder: manifests that share a file name become one file's documents."""
    documents: dict[str, list[Manifest]] = {}
    for manifest in manifests:
        documents.setdefault(file_name(component, manifest), []).append(manifest)
    return [File(f"{folder}/{name}.yaml", made) for name, made in documents.items()]


def file_name(component: str, manifest: Manifest) -> str:
    """Return the name of a manifest's file, without its extension."""
    kind, name = str(manifest["kind"]).lower(), str(manifest["metadata"]["name"])
    if component == "network":
        return name
    if component == "services":
        return kind
    if kind == "service" and name.endswith("-headless"):
        return "service-headless"
    if kind == "externalsecret":
        return f"{kind}-{views.owner(manifest)}"
    return SHORT.get(kind, kind)


def sql_files_of(stack: Stack) -> list[File]:
    """Return the kustomization of each SQL folder that holds a file."""
    if stack.database is None:
        return []
    return [
        File(f"{folder}/kustomization.yaml", [sql.generator(stack, name, folder)])
        for name, folder in sql.folders(stack.database).items()
        if sql_files(stack, folder)
    ]


def overlay_files(view: View) -> list[File]:
    """Return one overlay: its entry, what is generated, the user's own place, the platform's root."""
    root = f"overlays/{view.overlay.name}"
    inner = f"{root}/generated"
    files = all_grouped(inner, view.added)
    patched = [File(f"{inner}/patches/{name}.yaml", made) for name, made in view.patched.items()]
    generated = kustomize.component(
        sorted(relpath(file.path, inner) for file in files),
        sorted(relpath(file.path, inner) for file in patched),
    )
    roots = ["../../base", *(f"../../{folder}" for folder in view.sql)]
    entry = kustomize.entry(view.stack.namespace, roots, ["generated", "custom"])
    return [
        *files,
        *patched,
        File(f"{inner}/kustomization.yaml", [generated]),
        File(f"{root}/custom/kustomization.yaml", CUSTOM, Ownership.SEEDED),
        File(f"{root}/kustomization.yaml", [entry], Ownership.SHARED),
        *platform_files(view),
        *argocd_files(view),
        *page_files(view),
    ]


def platform_files(view: View) -> list[File]:
    """Return the second root: no `namespace:`, which would rename every Namespace in it."""
    root = f"overlays/{view.overlay.name}/platform"
    files = all_grouped(root, view.platform.platform(view.stack, view.overlay))
    return [*files, folder_file(root, files)] if files else []


def argocd_files(view: View) -> list[File]:
    """Return what Argo CD is told about one overlay; applied by hand, once."""
    stack, overlay, entry = view.stack, view.overlay, f"overlays/{view.overlay.name}"
    rendered = [
        *view.rendered,
        *({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}} for _ in view.sql),
    ]
    own = [f"{entry}/*", f"{entry}/custom", f"{entry}/generated"]
    made = {
        "project": argocd.project(stack, overlay, "", rendered, stack.namespace, overlay.permits),
        "application": argocd.application(
            stack, overlay, "", entry, sorted(["base", *own, *view.sql]), stack.namespace
        ),
    }
    made["argocd-cm-health"] = argocd.settings(health.CHECKS)
    of_platform = views.flat(view.platform.platform(stack, overlay))
    if of_platform:
        home, path = names.monitoring_namespace(stack), f"{entry}/platform"
        made["platform-project"] = argocd.project(stack, overlay, "platform", of_platform, home)
        made["platform"] = argocd.application(stack, overlay, "platform", path, [path], home)
    files = [File(f"argocd/{overlay.name}/{name}.yaml", [manifest]) for name, manifest in made.items()]
    return [*files, *operator_files(view)]


def operator_files(view: View) -> list[File]:
    """Return the operators that Argo CD installs, one file each, where the overlay asks for it."""
    if not view.overlay.operators.install:
        return []
    values = view.platform.operator_values(view.stack, view.overlay)
    return [
        File(
            f"argocd/{view.overlay.name}/operators/{name}.yaml",
            operators.manifests(view.stack, view.overlay, name, values.get(name, {})),
        )
        for name in operators.needed(view.rendered, view.platform.PROVIDES)
    ]


def page_files(view: View) -> list[File]:
    """Return the page that starts an overlay, and the files it uses."""
    needed = operators.needed(view.rendered, view.platform.PROVIDES)
    used = view.platform.bootstrap_files(view.stack, view.overlay, needed)
    text = view.platform.bootstrap(view.stack, view.overlay, needed)
    page = File(f"docs/bootstrap/{view.overlay.name}.md", text)
    yours = (
        f"Yours: written once, never changed again; {view.overlay.name}.md says what the stack needs of it."
    )
    return [
        page,
        *(File(f"docs/bootstrap/{name}", [made], Ownership.SEEDED, yours) for name, made in used.items()),
    ]
