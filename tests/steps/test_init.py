import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from asky_gitops.adapters import spec
from asky_gitops.errors import InputError
from asky_gitops.platforms import PLATFORMS
from asky_gitops.steps.init import init

ROOT = Path(__file__).resolve().parents[2]
DEFAULTS = {name: platform.DEFAULTS for name, platform in PLATFORMS.items()}
ANSWERS: dict[str, str | list[str]] = {
    "repo_url": "https://git.example.org/asky/deploy.git",
    "cluster": "asky-prod",
    "region": "us-east-1",
    "account": "111122223333",
    "alb_cidrs": ["10.0.0.0/20"],
    "certificate_arn": "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
    "bucket": "s3://acme-asky",
}
FILES = [
    "asky.lock",
    "asky.schema.json",
    "asky.yaml",
    "sql/migrations/0001_schemas.sql",
    "sql/migrations/0002_users.sql",
    "sql/migrations/0003_dispensers.sql",
    "sql/migrations/0004_requests.sql",
    "sql/seeds/0001_users.sql",
    "sql/seeds/0002_dispensers.sql",
    "sql/seeds/0003_requests.sql",
]


def contents(root: Path) -> dict[str, str]:
    """Return every file below a folder but our own notes."""
    paths = (path for path in root.rglob("*") if path.is_file() and ".asky-gitops" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in paths}


def test_what_is_written_for_minikube_loads_and_leaves_nothing_to_fill_in(tmp_path: Path) -> None:
    written = init(tmp_path)
    assert sorted(written.paths) == sorted(contents(tmp_path)) == FILES
    assert written.open_answers == ()
    stack = spec.load(tmp_path / "asky.yaml", DEFAULTS)
    services = {
        name: (
            service.port,
            service.database and service.database.schema,
            service.public and service.public.host,
        )
        for name, service in stack.services.items()
    }
    assert services == {
        "gateway": (8000, None, "asky.example.org"),
        "auth": (8003, "auth", None),
        "pyxis": (8001, "pyxis", None),
        "requests": (8002, "requests", None),
    }
    assert list(stack.overlays) == ["minikube"]
    assert len(stack.sql) == 7


def test_with_every_answer_the_eks_overlay_is_this_repositorys_own(tmp_path: Path) -> None:
    written = init(tmp_path, "eks", ANSWERS)
    assert written.open_answers == ()
    own = {path: (ROOT / path).read_text("utf-8") for path in FILES}
    monitored = "    monitoring: {serviceMonitors: true}\n"
    assert own["asky.yaml"].count(monitored) == 1, "a new cluster has no operator of Prometheus"
    assert contents(tmp_path) == {**own, "asky.yaml": own["asky.yaml"].replace(monitored, "")}


def test_what_only_the_user_knows_is_left_as_a_placeholder(tmp_path: Path) -> None:
    written = init(tmp_path, "eks")
    assert [text for _, text in written.open_answers] == [
        "REPLACE-GIT-HOST",
        "REPLACE-CLUSTER",
        "REPLACE-REGION",
        "REPLACE-ACCOUNT",
        "REPLACE-ALB-CIDR",
        "REPLACE-CERTIFICATE-ARN",
        "REPLACE-BUCKET",
    ]
    lines = (tmp_path / "asky.yaml").read_text("utf-8").splitlines()
    for where, text in written.open_answers:
        line, column = map(int, where.split(":")[1:])
        assert text in lines[line - 1][column - 1 :]


def test_only_the_networks_must_be_filled_in_before_anything_can_be_generated(tmp_path: Path) -> None:
    init(tmp_path, "eks", {"alb_cidrs": ["10.0.0.0/20", "10.0.16.0/20"]})
    stack = spec.load(tmp_path / "asky.yaml", DEFAULTS)
    assert stack.overlays["eks"].aws
    assert stack.overlays["eks"].aws.alb_cidrs == ("10.0.0.0/20", "10.0.16.0/20")
    assert len(spec.placeholders(tmp_path / "asky.yaml")) == 6


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("account", "1234", '--account "1234" is not an AWS account: twelve digits'),
        ("region", "Ireland", '--region "Ireland" is not an AWS region such as us-east-1'),
        (
            "alb_cidrs",
            ["10.0.0.1/8"],
            '--alb-cidr "10.0.0.1/8" is not a network\'s own address; did you mean "10.0.0.0/8"?',
        ),
        ("cluster", "a: b", '--cluster "a: b" is not the name of a cluster'),
        ("repo_url", "https://bot:hunter2@git.example.org/a.git", "--repo-url holds credentials"),
        (
            "certificate_arn",
            "arn:aws:s3:::bucket",
            '--certificate-arn "arn:aws:s3:::bucket" is not an ARN such as '
            "arn:aws:acm:us-east-1:111122223333:certificate/\u2026",
        ),
    ],
)
def test_an_answer_that_the_spec_would_refuse_is_refused(
    tmp_path: Path, name: str, value: str | list[str], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        init(tmp_path / "new", "eks", {**ANSWERS, name: value})
    assert caught.value.message == message
    assert not (tmp_path / "new").exists()


def test_an_answer_with_a_colon_at_its_end_stays_a_string(tmp_path: Path) -> None:
    init(tmp_path, "minikube", {"repo_url": "https://git.example.org/asky:"})
    assert spec.load(tmp_path / "asky.yaml", DEFAULTS).source.repo_url == "https://git.example.org/asky:"


def test_the_sql_names_no_role_it_would_have_to_make_and_no_credential(tmp_path: Path) -> None:
    init(tmp_path)
    sql = "\n".join(text for path, text in contents(tmp_path).items() if path.endswith(".sql"))
    assert not re.search(r"\b(CREATE|ALTER)\s+(ROLE|USER)\b", sql, re.IGNORECASE)
    assert not re.search(r"\bPASSWORD\s+'", sql, re.IGNORECASE)
    assert "$argon2id$v=" not in sql


def test_every_table_a_migration_makes_its_down_block_drops(tmp_path: Path) -> None:
    init(tmp_path)
    for path in sorted((tmp_path / "sql/migrations").iterdir()):
        up, down = path.read_text("utf-8").split("-- migrate:down")
        made = re.findall(r"^CREATE (TABLE|SCHEMA) (\S+?);?(?: \(|$)", up, re.MULTILINE)
        dropped = re.findall(r"^DROP (TABLE|SCHEMA) (\S+);$", down, re.MULTILINE)
        assert dropped == made[::-1], path.name
        assert made


def test_the_first_line_leads_an_editor_to_the_schema_beside_it(tmp_path: Path) -> None:
    init(tmp_path)
    first = (tmp_path / "asky.yaml").read_text("utf-8").splitlines()[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match
    schema: dict[str, Any] = json.loads((tmp_path / match[1]).read_text("utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_command_says_what_it_wrote_and_what_comes_next(
    invoke: Callable[..., Any], tmp_path: Path
) -> None:
    outcome = invoke("init", "my stack", "--platform", "eks", "--alb-cidr", "10.0.0.0/20", cwd=tmp_path)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == (
        "".join(
            f"  wrote      {path}\n" for path in ["asky.yaml", "asky.lock", "asky.schema.json", *FILES[3:]]
        )
        + "  fill in    asky.yaml:10:12  REPLACE-GIT-HOST\n"
        + "  fill in    asky.yaml:68:21  REPLACE-CLUSTER\n"
        + "  fill in    asky.yaml:70:15  REPLACE-REGION\n"
        + "  fill in    asky.yaml:71:16  REPLACE-ACCOUNT\n"
        + "  fill in    asky.yaml:78:23  REPLACE-CERTIFICATE-ARN\n"
        + "  fill in    asky.yaml:87:24  REPLACE-BUCKET\n"
        + "  next: cd 'my stack' · edit asky.yaml · git init · asky-gitops generate\n"
    )


def test_in_a_repository_the_command_does_not_send_you_to_git_init(
    invoke: Callable[..., Any], repo: Path
) -> None:
    outcome = invoke("init", cwd=repo)
    assert outcome.out.splitlines()[-1] == "  next: edit asky.yaml · asky-gitops generate"


def test_a_file_that_is_there_already_stops_it_before_anything_is_written(
    invoke: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "sql/seeds").mkdir(parents=True)
    (tmp_path / "sql/seeds/0001_users.sql").write_text("mine\n")
    (tmp_path / "asky.lock").symlink_to("nowhere")
    outcome = invoke("init", cwd=tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == (
        "error: asky.lock: is already there\n"
        "error: sql/seeds/0001_users.sql: is already there\n"
        "nothing was written\n"
    )
    assert contents(tmp_path) == {"sql/seeds/0001_users.sql": "mine\n"}


def test_a_second_init_names_every_file_of_the_first(invoke: Callable[..., Any], tmp_path: Path) -> None:
    invoke("init", cwd=tmp_path)
    before = contents(tmp_path)
    outcome = invoke("init", cwd=tmp_path)
    assert outcome.status == 1
    assert len(outcome.err.splitlines()) == len(FILES) + 1
    assert contents(tmp_path) == before


def test_a_folder_that_cannot_be_made_is_no_crash(invoke: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outcome = invoke("init", tmp_path / "file" / "below")
    assert (outcome.status, outcome.out) == (3, "")
    assert outcome.err == f"error: {tmp_path}/file/below: cannot be made: Not a directory\n"


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: the schema is the one file above it."""
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "from asky_gitops.cli.main import main\n"
        "sys.exit(main(['init']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "File too large" in done.stderr
    assert contents(tmp_path) == {}


def test_what_init_writes_can_be_generated_at_once(invoke: Callable[..., Any], tmp_path: Path) -> None:
    invoke("init", "stack", "--platform", "eks", "--alb-cidr", "10.0.0.0/20", cwd=tmp_path)
    outcome = invoke("generate", cwd=tmp_path / "stack")
    assert (outcome.status, outcome.err) == (0, "")
