"""Every file one stack becomes: the only place that decides file names."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from posixpath import relpath

from asky_gitops.components import COMPONENTS, argocd, health, names
from asky_gitops.components.migrations import sql_files
from asky_gitops.errors import InputError
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Stack
from asky_gitops.model.tree import File, Ownership, Tree
from asky_gitops.platforms import PLATFORMS, Platform
from asky_gitops.tree import kustomize, patches, sql

SHORT = {"horizontalpodautoscaler": "hpa", "poddisruptionbudget": "pdb"}
"""Kinds whose file has the name people say."""

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
*.yaml text eol=lf
*.sql text eol=lf
"""


def plan(stack: Stack) -> Tree:
    """Return every file of the stack, sorted by path.

    Raises InputError when two parts of the stack would be the same object or the same Secret, when a
    platform lacks a setting, or when asky.lock does not pin an image.
    """
    files = [*base_files(stack), *sql_folders(stack), File(".gitattributes", ATTRIBUTES, Ownership.SEEDED)]
    for overlay in stack.overlays.values():
        files += overlay_files(stack, overlay)
    return Tree(tuple(sorted(files, key=lambda file: file.path)))


def base_files(stack: Stack) -> list[File]:
    """Return what every overlay shares; without a namespace and without a database of its own."""
    manifests = base(stack)
    refuse_clashes(manifests, "services")
    refuse_secret_clashes(stack)
    files = [one for part, made in manifests_of_base(stack) for one in grouped(f"base/{part}", made, part)]
    folders: dict[str, list[str]] = {}
    for file in files:
        folder, name = file.path.rsplit("/", 1)
        folders.setdefault(folder, []).append(name)
    inner = [
        File(f"{folder}/kustomization.yaml", [kustomize.kustomization(sorted(found))])
        for folder, found in folders.items()
    ]
    listed = sorted(folder.removeprefix("base/") for folder in folders)
    return [*files, *inner, File("base/kustomization.yaml", [kustomize.kustomization(listed)])]


def manifests_of_base(stack: Stack) -> Iterator[tuple[str, list[Manifest]]]:
    """Yield folder and manifests: a folder a service, one for each other component."""
    for component, make in COMPONENTS.items():
        folders: dict[str, list[Manifest]] = {}
        for manifest in make(stack):
            label = manifest["metadata"]["labels"]["app.kubernetes.io/name"]
            folders.setdefault(label if component == "services" else component, []).append(manifest)
        yield from folders.items()


def base(stack: Stack) -> list[Manifest]:
    """Return the manifests of base."""
    return [manifest for _, manifests in manifests_of_base(stack) for manifest in manifests]


def grouped(folder: str, manifests: Iterable[Manifest], part: str) -> list[File]:
    """Return files of a folder: the manifests that share a name become one file's documents."""
    documents: dict[str, list[Manifest]] = {}
    for manifest in manifests:
        documents.setdefault(file_name(manifest, part), []).append(manifest)
    return [File(f"{folder}/{name}.yaml", made) for name, made in documents.items()]


def file_name(manifest: Manifest, part: str) -> str:
    """Return the name of a manifest's file, without its extension."""
    kind, name = str(manifest["kind"]).lower(), str(manifest["metadata"]["name"])
    if part == "network":
        return name
    if kind == "service" and name.endswith("-headless"):
        return "service-headless"
    if kind == "externalsecret":
        return f"{kind}-{manifest['metadata']['labels']['app.kubernetes.io/name']}"
    return SHORT.get(kind, kind)


def sql_folders(stack: Stack) -> list[File]:
    """Return the kustomization of each SQL folder that holds a file."""
    if stack.database is None:
        return []
    return [
        File(f"{folder}/kustomization.yaml", [sql.generator(stack, name, folder)])
        for name, folder in sql.folders(stack.database).items()
        if sql_files(stack, folder)
    ]


def overlay_files(stack: Stack, overlay: Overlay) -> list[File]:
    """Return one overlay: its entry, what is generated, the user's own place, the platform's root."""
    platform = known_platform(overlay)
    root = f"overlays/{overlay.name}"
    view = replace(stack, services=overlay.services, database=overlay.database)
    added = platform.overlay(view, overlay)
    resources, patched = changes(stack, view)
    files = [
        file
        for part, manifests in {**added, "services": resources}.items()
        for file in grouped(joined(f"{root}/generated", part), manifests, part)
    ]
    refuse_clashes(
        [*base(view), *(one for made in added.values() for one in made)], f"overlays.{overlay.name}"
    )
    patch_files = [File(f"{root}/generated/patches/{name}.yaml", made) for name, made in patched.items()]
    generated = kustomize.component(
        sorted(relpath(file.path, f"{root}/generated") for file in files),
        sorted(relpath(file.path, f"{root}/generated") for file in patch_files),
    )
    roots = ["../../base", *(f"../../{folder}" for folder in sql_roots(view, overlay))]
    entry = kustomize.entry(stack.namespace, roots, ["generated", "custom"])
    return [
        *files,
        *patch_files,
        File(f"{root}/generated/kustomization.yaml", [generated]),
        File(f"{root}/custom/kustomization.yaml", CUSTOM, Ownership.SEEDED),
        File(f"{root}/kustomization.yaml", [entry], Ownership.SHARED),
        *platform_files(view, overlay, platform),
        *argocd_files(view, overlay, platform),
        *page_files(view, overlay, platform),
    ]


def known_platform(overlay: Overlay) -> Platform:
    """Return the overlay's platform; raises InputError for one we do not know."""
    if overlay.platform not in PLATFORMS:
        raise InputError(
            f'overlays.{overlay.name}.platform: "{overlay.platform}" is not one of {", ".join(PLATFORMS)}',
            where="asky.yaml",
        )
    return PLATFORMS[overlay.platform]


def joined(root: str, part: str) -> str:
    """Return a folder below a root; an empty part is the root itself."""
    return f"{root}/{part}" if part else root


def sql_roots(view: Stack, overlay: Overlay) -> list[str]:
    """Return the SQL folders an overlay renders: the seeds only where it wants them."""
    if view.database is None:
        return []
    wanted = [view.database.migrations, *([view.database.seeds] if overlay.seeds else [])]
    return [folder for folder in wanted if sql_files(view, folder)]


def changes(stack: Stack, view: Stack) -> tuple[list[Manifest], dict[str, list[Manifest]]]:
    """Return what an overlay's view of base adds, and patches by file name for what it changes."""
    before = {patches.identity(manifest): manifest for manifest in base(stack)}
    after = {patches.identity(manifest): manifest for manifest in base(view)}
    added = [manifest for identity, manifest in after.items() if identity not in before]
    patched: dict[str, list[Manifest]] = {}
    for identity, old in before.items():
        new = after.get(identity)
        made = patches.patch(old, new) if new else patches.deletion(old)
        if made:
            owner = old["metadata"]["labels"]["app.kubernetes.io/name"]
            patched.setdefault(owner, []).append(made)
    return added, patched


def platform_files(view: Stack, overlay: Overlay, platform: Platform) -> list[File]:
    """Return the second root: no `namespace:`, which would rename every Namespace in it."""
    root = f"overlays/{overlay.name}/platform"
    files = [
        file
        for part, manifests in platform.platform(view, overlay).items()
        for file in grouped(joined(root, part), manifests, part)
    ]
    if not files:
        return []
    listed = sorted(relpath(file.path, root) for file in files)
    return [*files, File(f"{root}/kustomization.yaml", [kustomize.kustomization(listed)])]


def argocd_files(view: Stack, overlay: Overlay, platform: Platform) -> list[File]:
    """Return what Argo CD is told about one overlay; applied by hand, once."""
    root, entry = f"argocd/{overlay.name}", f"overlays/{overlay.name}"
    rendered = [*base(view), *(one for made in platform.overlay(view, overlay).values() for one in made)]
    rendered += [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}} for _ in sql_roots(view, overlay)]
    reads = ["base", f"{entry}/custom", f"{entry}/generated", f"{entry}/kustomization.yaml"]
    reads = sorted([*reads, *sql_roots(view, overlay)])
    made = {
        "project": argocd.project(view, overlay, "", rendered, view.namespace),
        "application": argocd.application(view, overlay, "", entry, reads, view.namespace),
    }
    checks = health.checks(rendered, publishes_address=platform.PUBLISHES_ADDRESS)
    if checks:
        made["argocd-cm-health"] = argocd.health(checks)
    of_platform = [one for made in platform.platform(view, overlay).values() for one in made]
    if of_platform:
        home, path = names.monitoring_namespace(view), f"{entry}/platform"
        made["platform-project"] = argocd.project(view, overlay, "platform", of_platform, home)
        made["platform"] = argocd.application(view, overlay, "platform", path, [path], home)
    return [File(f"{root}/{name}.yaml", [manifest]) for name, manifest in made.items()]


def page_files(view: Stack, overlay: Overlay, platform: Platform) -> list[File]:
    """Return the page that starts an overlay, and the files it uses."""
    files = [
        File(f"docs/bootstrap/{name}", [made])
        for name, made in platform.bootstrap_files(view, overlay).items()
    ]
    return [File(f"docs/bootstrap/{overlay.name}.md", platform.bootstrap(view, overlay)), *files]


def refuse_clashes(manifests: Iterable[Manifest], where: str) -> None:
    """Raise InputError when two parts of the stack would be one object, such as a service named postgres."""
    seen: set[tuple[str, str, str]] = set()
    for manifest in manifests:
        identity = patches.identity(manifest)
        if identity in seen:
            raise InputError(
                f'{where}: two parts of the stack want the {manifest["kind"]} "{identity[2]}"',
                where="asky.yaml",
                hint="give the service another name",
            )
        seen.add(identity)


def refuse_secret_clashes(stack: Stack) -> None:
    """Raise InputError when two Secrets that are made outside git would have one name."""
    logins = [names.login_secret(service.name) for service in names.database_users(stack)]
    made = [*logins, *(service.name for service in stack.services.values() if service.secrets)]
    for name in made:
        if made.count(name) > 1:
            raise InputError(
                f'services: two parts of the stack want the Secret "{name}"',
                where="asky.yaml",
                hint="give the service another name",
            )
