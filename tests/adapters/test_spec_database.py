"""What a spec may say of the database in one overlay, and what it is refused."""

from pathlib import Path

import pytest

from asky_gitops.model.database import Backup, External, Pooler, Restore
from tests.adapters.spec_cases import SPEC, loaded, spoiled

AWS = 'aws: {region: us-east-1, account: "111122223333", albCidrs: [10.0.0.0/20]}'
MINIKUBE = "  minikube: {platform: minikube}\n"


def eks(database: str) -> str:
    """Return an overlay on EKS whose database is in line 20."""
    return f"  eks:\n    platform: eks\n    {AWS}\n    database: {database}\n"


REFUSED = {
    "a pooler where no operator is": (
        "database: {}",
        "database: {pooler: {mode: session}}",
        [
            "asky.yaml:5:12: pooler means nothing on platform minikube\n"
            "  hint: say it in the overlay that has CloudNativePG, or `pooler: null` in this one"
        ],
    ),
    "an operator's settings in the overlay that has none": (
        "{platform: minikube}",
        "{platform: minikube, database: {wal: 1Gi, readReplicas: true, generation: 2}}",
        [
            f"asky.yaml:17:{column}: {key} means nothing on platform minikube\n"
            f"  hint: say it in the overlay that has CloudNativePG, or `{key}: null` in this one"
            for column, key in ((45, "wal"), (55, "readReplicas"), (75, "generation"))
        ],
    ),
    "replicas to read from where there is one server": (
        MINIKUBE,
        eks("{instances: 1, readReplicas: true}"),
        ["asky.yaml:20:30: readReplicas needs replicas, and instances is 1"],
    ),
    "a restore without an archive, into the generation it comes from": (
        MINIKUBE,
        eks("{generation: 2, restore: {from: 2}}"),
        [
            "asky.yaml:20:31: restore needs backup: where the archive is",
            "asky.yaml:20:47: restore.from is 2 and generation 2\n"
            "  hint: a restore makes a new Cluster: give generation the next number",
        ],
    ),
    "a moment without a zone": (
        MINIKUBE,
        eks("{restore: {from: 1, targetTime: 2026-03-01T12:00:00}}"),
        [
            'asky.yaml:20:47: targetTime "2026-03-01T12:00:00" is not a moment such as 2026-03-01T12:00:00Z\n'
            "  hint: with the zone, Z or +01:00"
        ],
    ),
    "a day that no month has": (
        MINIKUBE,
        eks('{restore: {from: 1, targetTime: "2026-02-30T12:00:00Z"}}'),
        [
            'asky.yaml:20:47: targetTime "2026-02-30T12:00:00Z" is not a moment '
            "such as 2026-03-01T12:00:00Z\n"
            "  hint: with the zone, Z or +01:00"
        ],
    ),
    "a schedule of five fields": (
        MINIKUBE,
        eks('{backup: {bucket: "s3://acme", schedule: "0 2 * * *"}}'),
        [
            'asky.yaml:20:56: schedule "0 2 * * *" is not a schedule of six fields; '
            'did you mean "0 0 2 * * *"?\n'
            '  hint: second, minute, hour, day, month and weekday: "0 0 2 * * *" is two every night'
        ],
    ),
    "backups on a day that never comes": (
        MINIKUBE,
        eks('{backup: {bucket: "s3://acme", schedule: "0 0 2 31 2 *"}}'),
        ['asky.yaml:20:56: schedule "0 2 31 2 *" names a day that never comes'],
    ),
    "seconds that run backwards": (
        MINIKUBE,
        eks('{backup: {bucket: "s3://acme", schedule: "9-3 0 2 * * *"}}'),
        ['asky.yaml:20:56: schedule "9-3" runs backwards'],
    ),
    "a bucket without its scheme": (
        MINIKUBE,
        eks("{backup: {bucket: Acme-Asky/}}"),
        ['asky.yaml:20:33: bucket "Acme-Asky/" is not a bucket such as s3://acme-asky'],
    ),
    "a retention in words": (
        MINIKUBE,
        eks('{backup: {bucket: "s3://acme", retention: "30 days"}}'),
        ['asky.yaml:20:57: retention "30 days" is not a time such as 30d, 8w or 6m; did you mean "30d"?'],
    ),
    "a retention without its unit": (
        MINIKUBE,
        eks('{backup: {bucket: "s3://acme", retention: "30"}}'),
        ['asky.yaml:20:57: retention "30" is not a time such as 30d, 8w or 6m'],
    ),
    "an external server by a name, with no network to open": (
        "{platform: minikube}",
        "{platform: minikube, database: {external: {host: db.example.org, secret: admin}}}",
        [
            "asky.yaml:17:45: external needs cidrs: a NetworkPolicy knows no names\n"
            "  hint: the networks in which the server's addresses are"
        ],
    ),
    "an external server in the whole internet": (
        "{platform: minikube}",
        "{platform: minikube, database: {external: {host: 192.0.2.1, secret: a, "
        "cidrs: [0.0.0.0/0, 128.0.0.0/1]}}}",
        [
            "asky.yaml:17:92: 0.0.0.0/0 is the whole internet\n  hint: name the networks of the database",
            "asky.yaml:17:103: 128.0.0.0/1 is wider than any network of one's own\n"
            "  hint: name the networks of the database",
        ],
    ),
    "settings of a server of ours beside an external one": (
        MINIKUBE,
        eks("{external: {host: 192.0.2.1, secret: a}, storage: 1Gi, pooler: {}}"),
        [
            "asky.yaml:20:56: storage means nothing for an external database",
            "asky.yaml:20:70: pooler means nothing for an external database",
        ],
    ),
    "a host that is neither": (
        "{platform: minikube}",
        "{platform: minikube, database: {external: {host: 300.1.1.1, secret: a, cidrs: [10.0.0.0/8]}}}",
        ['asky.yaml:17:62: host "300.1.1.1" is neither a name nor an address'],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_database_that_cannot_be_is_refused(case: str, tmp_path: Path) -> None:
    old, new, expected = REFUSED[case]
    assert spoiled(tmp_path, old, new) == expected


def test_parts_that_are_named_get_their_defaults_and_others_are_not_there(tmp_path: Path) -> None:
    said = '{pooler: {}, backup: {bucket: "s3://acme"}, generation: 2, restore: {from: 1}}'
    stack = loaded(tmp_path, SPEC + eks(said))
    found, plain = stack.overlays["eks"].database, stack.overlays["minikube"].database
    assert found and plain
    assert found.pooler == Pooler(mode="session", instances=2)
    assert found.backup == Backup("s3://acme", "0 0 2 * * *", "30d", role_arn=None)
    assert found.restore == Restore(origin=1, target_time=None, stage="beside")
    assert (plain.pooler, plain.backup, plain.restore, plain.external) == (None, None, None, None)


def test_null_takes_back_what_every_overlay_was_given(tmp_path: Path) -> None:
    text = SPEC.replace("database: {}", "database: {pooler: {instances: 3}}")
    text = text.replace("{platform: minikube}", "{platform: minikube, database: {pooler: null}}")
    stack = loaded(tmp_path, text + eks("{pooler: {mode: transaction}}"))
    assert [one.database and one.database.pooler for one in stack.overlays.values()] == [
        None,
        Pooler(mode="transaction", instances=3),
    ]


def test_an_external_server_is_read_with_its_networks(tmp_path: Path) -> None:
    external = "{host: db.example.org, readonlyHost: ro.example.org, secret: admin, cidrs: [10.1.0.0/16]}"
    text = SPEC.replace("{platform: minikube}", f"{{platform: minikube, database: {{external: {external}}}}}")
    found = loaded(tmp_path, text).overlays["minikube"].database
    assert found and found.external == External(
        "db.example.org", "ro.example.org", 5432, "verify-full", "admin", ("10.1.0.0/16",)
    )
