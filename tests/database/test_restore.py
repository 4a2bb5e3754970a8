"""What a restore rests on, rehearsed: a base backup, the archived WAL, a replay to a moment, two archives."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database.server import Server, own, run


def archiving(folder: Path, generation: str) -> dict[str, str]:
    """Return the settings by which one generation archives into a folder of its own, never over a file."""
    archive = folder / "archive" / generation
    archive.mkdir(parents=True)
    for each in (archive.parent, archive):
        own(each)
    command = f"test ! -e {archive}/%f && cp %p {archive}/%f"
    return {"archive_mode": "on", "archive_command": command, "wal_level": "logical"}


@pytest.fixture
def old(folder: Path) -> Iterator[Server]:
    """Run the generation that has the data, archiving."""
    server = Server(folder / "asky-db", archiving(folder, "asky-db"))
    server.initialise()
    server.start()
    yield server
    server.stop()


def restored(folder: Path, backup: Path, target: str | None) -> Server:
    """Start the next generation from a base backup and the older one's archive, up to a moment."""
    server = Server(folder / "asky-db-2", archiving(folder, "asky-db-2"))
    run("cp", "--recursive", str(backup), str(server.data))
    recovery = f"restore_command = 'cp {folder}/archive/asky-db/%f %p'\nrecovery_target_action = 'promote'\n"
    if target:
        recovery += f"recovery_target_time = '{target}'\n"
    run(
        "sh",
        "-c",
        f"cat >>{server.data}/postgresql.auto.conf && touch {server.data}/recovery.signal",
        stdin=recovery,
    )
    server.start()
    deadline = time.monotonic() + 60
    while server.ask("SELECT pg_is_in_recovery()") == "t":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return server


def archive_all(server: Server) -> None:
    """Let a server archive everything up to now, and wait until it did."""
    wal = server.ask("SELECT pg_walfile_name(pg_current_wal_lsn())")
    server.ask("SELECT pg_switch_wal()")
    deadline = time.monotonic() + 60
    while server.ask("SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver") < wal:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def archived(folder: Path, generation: str) -> dict[str, bytes]:
    """Return what one generation archived."""
    return {path.name: path.read_bytes() for path in (folder / "archive" / generation).iterdir()}


def test_a_moment_before_the_mistake_comes_back_beside_the_old_database_and_its_archive_stays(
    old: Server, folder: Path
) -> None:
    old.ask("CREATE TABLE patients (name text)")
    backup = folder / "backup"
    run(
        "pg_basebackup",
        f"--host={old.socket}",
        "--username=postgres",
        "--pgdata",
        str(backup),
        "--wal-method=none",
    )
    old.ask("INSERT INTO patients VALUES ('Ana'), ('Bruno')")
    moment = old.ask("SELECT now()")
    time.sleep(0.05)
    old.ask("DELETE FROM patients")
    archive_all(old)
    before = archived(folder, "asky-db")

    new = restored(folder, backup, moment)
    try:
        assert new.ask("SELECT name FROM patients ORDER BY name").split() == ["Ana", "Bruno"]
        assert old.ask("SELECT count(*) FROM patients") == "0"
        assert new.ask("SELECT timeline_id FROM pg_control_checkpoint()") == "2"
        new.ask("INSERT INTO patients VALUES ('Carla')")
        new.ask("SELECT pg_switch_wal()")
        while "00000002.history" not in archived(folder, "asky-db-2"):
            time.sleep(0.1)
    finally:
        new.stop()
    after = archived(folder, "asky-db")
    assert {name: after[name] for name in before} == before
    assert not any(name.startswith("00000002") for name in after)


def test_without_a_moment_everything_that_was_archived_comes_back(old: Server, folder: Path) -> None:
    backup = folder / "backup"
    run(
        "pg_basebackup",
        f"--host={old.socket}",
        "--username=postgres",
        "--pgdata",
        str(backup),
        "--wal-method=none",
    )
    old.ask("CREATE TABLE patients AS SELECT 'Ana' AS name")
    archive_all(old)
    new = restored(folder, backup, None)
    try:
        assert new.ask("SELECT name FROM patients") == "Ana"
    finally:
        new.stop()
