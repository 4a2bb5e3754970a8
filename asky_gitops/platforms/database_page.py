"""The parts of a bootstrap page about the database's data: passwords, moves, restores."""

from asky_gitops.components import argocd, backups, external_secrets, names
from asky_gitops.model.database import Backup
from asky_gitops.model.stack import Database, Overlay, Stack
from asky_gitops.platforms import own_secrets
from asky_gitops.platforms.page_parts import by_hand, files, prose, shell, sync

DUMP = "database.dump"
AS_SUPERUSER = "PGPASSWORD=$(cat /run/secrets/superuser/password)"


def whole_sync(stack: Stack, overlay: Overlay) -> list[str]:
    """Return the commands that start a whole sync and end with it."""
    name = argocd.name(stack, overlay)
    waits = [
        f"kubectl wait application/{name} --namespace {argocd.NAMESPACE} --timeout=10m \\\n"
        f"  --for=jsonpath='{{.status.operationState.phase}}'={phase}"
        for phase in ("Running", "Succeeded")
    ]
    return [sync(stack, overlay), *waits]


def administrator(stack: Stack, overlay: Overlay) -> list[str]:
    """Return how the login that makes the roles elsewhere gets there, where nothing fetches it."""
    external = own_secrets.made_by_hand(overlay)
    if external is None:
        return []
    parts = files(external_secrets.administrators(external))
    return [
        *prose(
            f"The login that may make roles in the database at `{external.host}`, each part in a file "
            "that ends in no newline:"
        ),
        *shell(
            f"kubectl create secret generic {external.secret} --namespace {stack.namespace} \\\n  {parts}"
        ),
    ]


def password(stack: Stack, overlay: Overlay) -> list[str]:
    """Return how a password changes, and how no request fails meanwhile."""
    users = names.database_users(stack)
    if not users:
        return []
    service, space = users[0].name, stack.namespace
    restart = [
        f"kubectl rollout restart deployment {service} --namespace {space}",
        f"kubectl rollout status deployment {service} --namespace {space} --timeout=10m",
    ]
    return [
        "## Change a password",
        "",
        *change(stack, overlay, names.login_secret(service), restart),
        *prose(
            "Pods hold the old password until they restart. Connections that are open stay open, so "
            "nothing fails as long as no old pod opens a new one: a pool that keeps all its connections "
            "from the start (asyncpg: `min_size` equal to `max_size`) loses none, for the roll-out starts "
            "a new pod before it stops an old one."
        ),
    ]


def change(stack: Stack, overlay: Overlay, secret: str, restart: list[str]) -> list[str]:
    """Return the steps: where the password is made anew, who gives it to the role, then the restart."""
    space, whole = stack.namespace, whole_sync(stack, overlay)
    if overlay.secrets.provider != "external-secrets":
        return [
            *prose(
                "Delete the login's Secret; the next whole sync makes a new one and gives it to the role:"
            ),
            *shell(f"kubectl delete secret {secret} --namespace {space}", *whole, *restart),
        ]
    fetch = [
        f"kubectl annotate externalsecret {secret} --namespace {space} --overwrite \\",
        '  force-sync="$(date +%s)"',
    ]
    follows = "Change it in Secrets Manager. Within an hour the Secret follows, at once when it is told to"
    if overlay.database and overlay.database.external:
        return [
            *prose(f"{follows}:"),
            *shell(*fetch),
            *prose(
                f"When it has (`kubectl get externalsecret {secret}` says when it last did), a whole sync "
                "gives it to the role:"
            ),
            *shell(*whole, *restart),
        ]
    return [*prose(f"{follows}, and the role gets the new password:"), *shell(*fetch, *restart)]


def move(stack: Stack, overlay: Overlay, database: Database) -> list[str]:
    """Return how data gets to another volume or major version where no operator does it."""
    space, pod = stack.namespace, f"{names.POSTGRES}-0"
    inside = f"kubectl exec {pod} --namespace {space} --container={names.POSTGRES}"
    dump = f"{AS_SUPERUSER} pg_dump --username=postgres --format=custom {database.name}"
    load = (
        f"{AS_SUPERUSER} pg_restore --username=postgres --dbname={database.name} "
        "--clean --if-exists --exit-on-error"
    )
    path = f"overlays/{overlay.name}/generated/postgres/statefulset.yaml"
    return [
        "## Move the data",
        "",
        *prose(
            "Another size or class of the volume and another major version need a new volume: a "
            "StatefulSet never changes its claim, and PostgreSQL reads the data of its own major version "
            "alone. First the data, while nothing writes:"
        ),
        *shell(f"{inside} -- \\\n  sh -c '{dump}' >{DUMP}"),
        *prose("Then the change in asky.yaml, past the refusal, and pushed:"),
        *shell(f"asky-gitops generate --overwrite {path}", 'asky-gitops commit -m "Move the data" --push'),
        *prose(
            "The old volume goes, the sync makes the new one with its roles and schemas, the data comes back:"
        ),
        *by_hand(
            stack,
            overlay,
            f"kubectl delete statefulset {names.POSTGRES} --namespace {space}",
            f"kubectl delete persistentvolumeclaim data-{pod} --namespace {space}",
        ),
        *shell(f"{inside} --stdin -- \\\n  sh -c '{load}' <{DUMP}"),
    ]


def restore(stack: Stack, overlay: Overlay, database: Database) -> list[str]:
    """Return how a moment of the past comes back, and the way out at each step."""
    if database.backup is None:
        return []
    space, new, number = (
        stack.namespace,
        names.generation(stack, database.generation + 1),
        database.generation,
    )
    cluster = "cluster.postgresql.cnpg.io"
    return [
        "## Restore",
        "",
        *prose(
            f"A restore is a new Cluster beside the old one, never the old one changed. **Beside:** in "
            f"asky.yaml, `overlays.{overlay.name}.database`, then generate, commit and push:"
        ),
        "```yaml",
        f"generation: {number + 1}",
        f'restore: {{from: {number}, targetTime: "2026-03-01T12:00:00Z"}}   # targetTime may be left out',
        "```",
        "",
        *prose("The old one serves on. Look at the new one when it is ready:"),
        *shell(
            f"kubectl wait {cluster}/{new} --namespace {space} --for=condition=Ready --timeout=2h",
            f"kubectl exec --stdin --tty {new}-1 --namespace {space} --container=postgres -- \\",
            f"  psql {database.name}",
        ),
        *prose(
            "**Cut-over:** `stage: cut-over` in `restore`. The Services lead to the new one, every pod "
            "that uses the database restarts with its CA, and the old one sleeps: no pods, its volumes "
            "stay. What was written to the old one after `targetTime` is in the old one alone."
        ),
        *way_back(stack, overlay, database.backup, number),
    ]


def way_back(stack: Stack, overlay: Overlay, backup: Backup, number: int) -> list[str]:
    """Return how a restore from one generation is given up, or ended."""
    space, old, new = stack.namespace, names.generation(stack, number), names.generation(stack, number + 1)
    cluster = "cluster.postgresql.cnpg.io"
    folder = backups.folder(stack, overlay, backup)
    return [
        *prose(
            "**Abort:** after the cut-over, `stage: beside` wakes the old one and leads back to it; what "
            f"was written meanwhile is in the new one alone. Before it, or after that, `generation: "
            f"{number}` without `restore`, and then:"
        ),
        *shell(f"kubectl delete {cluster} {new} --namespace {space}"),
        *prose(
            f"The next attempt needs the next number, or an empty `{folder}/{new}`: a Cluster archives "
            "into a folder of its own and refuses one that holds something."
        ),
        *prose("**Done:** `stage: done`, and when nobody will want the old one back:"),
        *shell(f"kubectl delete {cluster} {old} --namespace {space}"),
        *prose(
            f"Its archive stays in `{folder}/{old}` until somebody deletes it. Where the whole cluster is "
            "lost, `stage: done` from the start restores into an empty one."
        ),
    ]


def major_version(stack: Stack, overlay: Overlay) -> list[str]:
    """Return how CloudNativePG goes to another major version."""
    path = f"overlays/{overlay.name}/generated/postgres/cluster.yaml"
    return [
        "## Another major version",
        "",
        *prose(
            "CloudNativePG upgrades in place, with the database stopped meanwhile (its documentation, "
            '"PostgreSQL upgrades"). Try it on a restored Cluster first, and take a base backup right '
            "before: what is archived earlier is restored by the earlier version alone. Then, with the "
            "new `version` in asky.yaml:"
        ),
        *shell(f"asky-gitops generate --overwrite {path}"),
        *prose(
            "Take a base backup right after it, too: nothing older leads to what is written from then on."
        ),
    ]
