"""The scripts inside the Jobs, run by the programs they name."""

import re
import subprocess
from pathlib import Path

import pytest

from asky_gitops.components import migrations, roles, secrets_script
from asky_gitops.components.names import database_hosts
from tests.stacks import asky

STACK = asky()
SCRIPTS = {
    "certificates": secrets_script.certificates(STACK),
    "secrets": secrets_script.secrets(STACK, own_server=True),
    "roles": roles.SCRIPT,
    "wait": migrations.WAIT,
}


def run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_one_that_bash_can_read(name: str) -> None:
    run("bash", "-n", "-c", SCRIPTS[name])


@pytest.mark.parametrize("name", SCRIPTS)
def test_kubernetes_expands_nothing_in_a_script(name: str) -> None:
    """`$(NAME)` with a variable's name is Kubernetes' own syntax; ours are commands."""
    assert re.findall(r"\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)", SCRIPTS[name]) == []


def test_the_certificate_is_good_for_every_name_of_the_database_and_the_cas_key_is_gone(
    tmp_path: Path,
) -> None:
    run("bash", "-euc", SCRIPTS["certificates"], cwd=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ca.crt", "tls.crt", "tls.key"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())
    for host in database_hosts(STACK):
        verdict = run(
            "openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", host,
            "-CAfile", "ca.crt", "tls.crt", cwd=tmp_path,
        )  # fmt: skip
        assert verdict == "tls.crt: OK\n"
    command = ["openssl", "verify", "-verify_hostname", "other", "-CAfile", "ca.crt", "tls.crt"]
    wrong = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
    assert wrong.returncode != 0


def test_random_values_are_letters_and_digits_of_the_wanted_length_without_a_newline(tmp_path: Path) -> None:
    functions = secrets_script.FUNCTIONS
    values = {run("bash", "-euc", f"{functions}\nrandom 40", cwd=tmp_path) for _ in range(20)}
    assert len(values) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9]{40}", value) for value in values)
