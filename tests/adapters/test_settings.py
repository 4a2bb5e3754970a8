from pathlib import Path

import pytest

from asky_gitops.adapters import settings
from asky_gitops.errors import InputError, Many
from asky_gitops.model.stack import Checks
from tests.adapters.spec_cases import SPEC, loaded


def test_a_repository_without_settings_gets_the_defaults(tmp_path: Path) -> None:
    assert settings.load(tmp_path, None) == Checks("require", ())


def test_the_settings_file_holds_the_keys_of_checks(tmp_path: Path) -> None:
    (tmp_path / ".asky-gitops.yaml").write_text(
        "cpuLimits: optional\ndatabases: [StatefulSet/mysql, a/Pod/b]\n"
    )
    assert settings.load(tmp_path, None) == Checks("optional", ("StatefulSet/mysql", "a/Pod/b"))


def test_a_stack_has_its_settings_in_the_spec(tmp_path: Path) -> None:
    (tmp_path / ".asky-gitops.yaml").write_text("cpuLimits: optional\n")
    stack = loaded(tmp_path, SPEC + "checks: {cpuLimits: forbid}\n")
    assert settings.load(tmp_path, stack) == Checks("forbid", ())


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        (
            "cpuLimit: optional\ndatabases: [mysql]\n",
            [
                '.asky-gitops.yaml:1:1: unknown key "cpuLimit"; did you mean "cpuLimits"?',
                '.asky-gitops.yaml:2:13: databases[0] "mysql" is not Kind/name or namespace/Kind/name',
            ],
        ),
        (
            "checks: {cpuLimits: optional}\n",
            [".asky-gitops.yaml:1:1: `checks:` belongs to asky.yaml; here its keys stand at the top"],
        ),
        ("- a\n", [".asky-gitops.yaml:1:1: .asky-gitops.yaml must be a map, not a list"]),
    ],
)
def test_wrong_settings_are_refused_like_a_wrong_spec(tmp_path: Path, text: str, errors: list[str]) -> None:
    (tmp_path / ".asky-gitops.yaml").write_text(text)
    with pytest.raises(Many) as caught:
        settings.load(tmp_path, None)
    assert [f"{error.where}: {error.message}" for error in caught.value.errors] == errors
    assert caught.value.exit_code == 2


def test_settings_that_cannot_be_read_are_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / ".asky-gitops.yaml").symlink_to(tmp_path / "gone")
    with pytest.raises(InputError) as caught:
        settings.load(tmp_path, None)
    assert (caught.value.where, caught.value.message) == (".asky-gitops.yaml", "not found")
