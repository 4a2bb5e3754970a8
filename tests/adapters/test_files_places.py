from pathlib import Path

import pytest

from asky_gitops.adapters import files
from asky_gitops.errors import InputError


def said(root: Path, *paths: str) -> tuple[str | None, str]:
    with pytest.raises(InputError) as error:
        files.refuse_obstacles(root, paths)
    return error.value.where, error.value.message


@pytest.mark.parametrize(
    "path",
    ["../x", "a/../../x", "/etc/passwd", "a//b", "", ".", "a/.", "a\\b", ".git/config", "a/.GIT/x", "a\0"],
)
def test_a_path_that_is_not_plainly_inside_is_refused(tmp_path: Path, path: str) -> None:
    assert said(tmp_path, path) == (None, f"{path!r} is not a path inside the repository")


def test_a_link_in_the_way_is_refused_wherever_it_leads(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "base").symlink_to("real")
    (tmp_path / "real/dangling").symlink_to("/nowhere")

    assert said(tmp_path, "base/x") == ("base", "a symbolic link is in the way")
    assert said(tmp_path, "real/dangling") == ("real/dangling", "a symbolic link is in the way")


def test_a_file_for_a_folder_and_a_folder_for_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "base").write_text("")
    (tmp_path / "sql/x.yaml").mkdir(parents=True)

    assert said(tmp_path, "base/x") == ("base", "a file is where a folder of generated files belongs")
    assert said(tmp_path, "sql/x.yaml") == (
        "sql/x.yaml",
        "a folder or device is where a generated file belongs",
    )


def test_names_that_differ_in_case_only_are_refused_on_disk_and_in_the_plan(tmp_path: Path) -> None:
    (tmp_path / "Base").mkdir()

    assert said(tmp_path, "base/x") == (
        "base/x",
        "its part 'base' and 'Base' differ in upper and lower case only",
    )
    assert said(tmp_path, "sql/a/x", "sql/A/y") == (
        "sql/A/y",
        "its part 'A' and 'a' differ in upper and lower case only",
    )


def test_plain_paths_pass(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base/x").write_text("")

    files.refuse_obstacles(tmp_path, ["base/x", "base/y", "new/deep/z", ".gitattributes", "base/é"])
