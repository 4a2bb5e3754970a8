from dataclasses import replace

import pytest

from asky_gitops.components import cloudnative_pg, external_secrets, migrations, names, postgres, secrets_job
from asky_gitops.errors import InputError
from asky_gitops.model.stack import Aws, OverlaySecrets, Secret
from tests.stacks import asky, database, eks, minikube, view


def test_a_missing_pin_names_the_lock_file_and_what_is_missing() -> None:
    with pytest.raises(InputError, match='no image is pinned for "dbmate"') as caught:
        migrations.base(asky(pins={}))
    assert caught.value.where == "asky.lock"


def test_without_sql_there_is_no_migration_job_and_without_seeds_no_seed_job() -> None:
    stack = asky(sql={"sql/seeds/0001_users.sql": "2" * 64})
    overlay = minikube(stack)
    assert migrations.base(stack) == []
    assert [made["metadata"]["name"] for made in migrations.overlay(stack, overlay)] == ["seeds"]
    assert migrations.overlay(stack, replace(overlay, seeds=False)) == []


def test_seeds_run_in_the_order_of_their_numbers() -> None:
    stack = asky(sql={"sql/seeds/0002_b.sql": "1" * 64, "sql/seeds/0001_a.sql": "1" * 64})
    job = migrations.overlay(stack, minikube(stack))[0]
    assert job["spec"]["template"]["spec"]["containers"][0]["args"] == [
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        "--single-transaction",
        "--file=/sql/0001_a.sql",
        "--file=/sql/0002_b.sql",
    ]


def test_a_folder_whose_name_starts_like_the_migrations_is_not_the_migrations() -> None:
    stack = asky(sql={"sql/migrations-old/0001_a.sql": "1" * 64})
    assert migrations.sql_files(stack, "sql/migrations") == []


def test_a_service_name_with_a_hyphen_gives_a_role_that_needs_no_quotes() -> None:
    stack = asky()
    hyphen = replace(stack.services["auth"], name="auth-api")
    stack = replace(stack, services={"auth-api": hyphen})
    assert names.role("auth-api") == "auth_api"
    assert "rolname IN ('auth_api')" in migrations.ready(stack)
    assert [role["name"] for role in cloudnative_pg.managed_roles(stack)] == ["auth_api"]


def test_the_stateful_set_takes_a_storage_class_only_when_one_is_named() -> None:
    stack = asky()
    plain = postgres.claim(stack, database())["spec"]
    named = postgres.claim(stack, database(storage_class="fast"))["spec"]
    assert "storageClassName" not in plain
    assert named == {**plain, "storageClassName": "fast"}


@pytest.mark.parametrize(
    ("instances", "zones", "expected"),
    [(3, 3, "required"), (5, 3, "preferred"), (2, 2, "preferred"), (1, 3, "required")],
)
def test_zones_are_a_condition_only_where_there_is_one_for_each_instance(
    instances: int, zones: int, expected: str
) -> None:
    overlay = eks(asky(), aws=Aws("eu-west-1", "1", ("10.0.0.0/8",), zones))
    assert cloudnative_pg.affinity(overlay, database(instances=instances))["podAntiAffinityType"] == expected


def test_a_single_instance_has_no_replica_to_wait_for_and_no_budget_that_blocks_a_drain() -> None:
    stack = asky()
    overlay = eks(stack, database=database(instances=1))
    spec = cloudnative_pg.overlay(view(stack, overlay), overlay)[1]["spec"]
    assert spec["enablePDB"] is False
    assert spec["primaryUpdateMethod"] == "restart"
    assert "synchronous" not in spec["postgresql"]
    assert "storageClass" not in spec["storage"]


def test_an_overlay_without_a_database_has_none_of_its_objects() -> None:
    stack = asky(database=None)
    overlay = minikube(stack)
    assert postgres.overlay(stack, overlay) == []
    assert cloudnative_pg.overlay(stack, overlay) == []
    assert [made["kind"] for made in secrets_job.overlay(stack, overlay, own_server=False)] == [
        "ServiceAccount",
        "Job",
        "Role",
        "RoleBinding",
        "NetworkPolicy",
    ]
    bare = replace(stack, services={"pyxis": stack.services["pyxis"]})
    assert secrets_job.overlay(bare, overlay, own_server=False) == []


def test_the_secrets_job_may_read_and_complete_the_secrets_it_makes_and_no_others() -> None:
    assert secrets_job.role(asky(), own_server=True)["rules"] == [
        {"apiGroups": [""], "resources": ["secrets"], "verbs": ["create"]},
        {
            "apiGroups": [""],
            "resources": ["secrets"],
            "resourceNames": [
                "asky-db-ca",
                "asky-db-server",
                "asky-db-superuser",
                "auth",
                "auth-db",
                "migrations-db",
                "pyxis-db",
                "requests-db",
            ],
            "verbs": ["get"],
        },
        {"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["auth"], "verbs": ["patch"]},
    ]


def test_a_remote_value_is_fetched_under_the_prefix_with_its_property() -> None:
    stack = asky()
    secrets = {
        "SMTP_PASSWORD": Secret(generate=None, remote="smtp", property="password"),
        "TOKEN": Secret(generate=None, remote="token", property=None),
    }
    stack = replace(stack, services={"auth": replace(stack.services["auth"], secrets=secrets, database=None)})
    made = external_secrets.overlay(replace(stack, database=None), eks(stack))
    assert [one["metadata"]["name"] for one in made] == ["asky", "auth"]
    defaults = {"conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None"}
    assert made[1]["spec"]["data"] == [
        {
            "secretKey": "SMTP_PASSWORD",
            "remoteRef": {**defaults, "key": "asky/prod/smtp", "property": "password"},
        },
        {"secretKey": "TOKEN", "remoteRef": {**defaults, "key": "asky/prod/token"}},
    ]


def test_external_secrets_without_a_region_are_refused() -> None:
    stack = asky()
    overlay = minikube(stack, secrets=OverlaySecrets(provider="external-secrets", prefix="asky"))
    with pytest.raises(
        InputError, match=r"overlays\.minikube: the secrets provider external-secrets needs aws\.region"
    ):
        external_secrets.overlay(stack, overlay)
