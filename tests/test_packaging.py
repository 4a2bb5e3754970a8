import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from asky_gitops.adapters import bundled
from tests.conftest import ROOT, git, new_repository
from tools.bundle import crds, toolchain

STALE = "the engine was built from other sources than this asky-gitops"


def build(source: Path, target: Path, what: str, **environment: str) -> Path:
    """Build an sdist or a wheel with the real back end, and return the file."""
    target.mkdir()
    command = [sys.executable, "-m", "hatchling", "build", "--target", what, "--directory", str(target)]
    done = subprocess.run(
        command, cwd=source, env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = target.iterdir()
    return built


def source_tree(target: Path) -> Path:
    """Copy what git would commit of this checkout, without `.git`."""
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a wheel of this checkout, and one of its sdist, built elsewhere and under other settings."""
    scratch = tmp_path_factory.mktemp("wheels")
    first = build(ROOT, scratch / "first", "wheel")
    sdist = build(ROOT, scratch / "sdist", "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(scratch / "unpacked", filter="data")
    [source] = (scratch / "unpacked").iterdir()
    second = build(
        source, scratch / "second", "wheel", TZ="Asia/Tokyo", LC_ALL="C", GOFLAGS="-race", GOAMD64="v3"
    )
    return first, second


@pytest.fixture
def installed(wheels: tuple[Path, Path], tmp_path: Path) -> Path:
    """Install the wheel that came from the sdist into a folder of its own."""
    target = tmp_path / "site"
    # Copied, not linked: a test may damage what it has installed, never uv's cache.
    options = [
        "--quiet",
        "--no-deps",
        "--offline",
        "--no-cache",
        "--link-mode",
        "copy",
        "--target",
        str(target),
    ]
    subprocess.run([sys.executable, "-m", "uv", "pip", "install", *options, str(wheels[1])], check=True)
    return target


def start(site: Path, *arguments: str, cwd: Path) -> tuple[int, str, str]:
    """Run the installed command line, not the checkout's."""
    command = [sys.executable, "-P", "-m", "asky_gitops", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_a_wheel_from_the_sdist_without_git_is_the_wheel_of_the_checkout(wheels: tuple[Path, Path]) -> None:
    first, second = wheels
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_the_wheel_holds_the_package_and_what_a_verdict_needs(wheels: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(wheels[0]) as archive:
        names = set(archive.namelist())
        licences = archive.read("asky_gitops/_bundled/LICENSES.txt").decode()
        engine_mode = archive.getinfo("asky_gitops/_bundled/asky-gitops-engine").external_attr >> 16
    tests = {"policies"} & {name.split("/")[0] for name in names} | {
        name for name in names if "_test." in name
    }
    assert tests == set()
    tops = {"/".join(name.split("/")[:3]) for name in names if name.startswith("asky_gitops/_bundled/")}
    assert tops == {
        "asky_gitops/_bundled/LICENSES.txt",
        "asky_gitops/_bundled/asky-gitops-engine",
        "asky_gitops/_bundled/crds",
        "asky_gitops/_bundled/engine.source",
        "asky_gitops/_bundled/policies",
    }
    for module in (
        "sigs.k8s.io/kustomize/api@",
        "github.com/open-policy-agent/opa@",
        "Go go1.",
        *crds.SOURCES,
    ):
        assert f"\n{module}" in licences
    assert engine_mode & 0o111 == 0o111


def test_the_tag_names_every_linux_the_static_program_runs_on(wheels: tuple[Path, Path]) -> None:
    machine = platform.machine()
    expected = f"py3-none-manylinux_2_17_{machine}.manylinux2014_{machine}.musllinux_1_1_{machine}.whl"
    assert wheels[0].name == f"asky_gitops-{bundled_version()}-{expected}"


def bundled_version() -> str:
    from asky_gitops import __version__

    return __version__


def test_the_installed_command_names_every_version_that_takes_part(installed: Path, tmp_path: Path) -> None:
    expected = (
        f"asky-gitops {bundled_version()}\nkustomize v5.8.1\nopa 1.22.0\nschemas {bundled.schema_version()}\n"
    )
    assert start(installed, "--version", cwd=tmp_path) == (0, expected, "")


def test_a_missing_engine_is_one_line_and_exit_3(installed: Path, tmp_path: Path) -> None:
    engine = installed / "asky_gitops" / "_bundled" / "asky-gitops-engine"
    engine.unlink()
    hint = "hint: pip install --force-reinstall --no-deps asky-gitops\n"
    assert start(installed, "--version", cwd=tmp_path) == (
        3,
        "",
        f"error: the engine is missing: {engine}\n{hint}",
    )


def test_an_engine_that_may_not_be_executed_is_one_line_and_exit_3(installed: Path, tmp_path: Path) -> None:
    engine = installed / "asky_gitops" / "_bundled" / "asky-gitops-engine"
    engine.chmod(0o644)
    hint = "hint: pip install --force-reinstall --no-deps asky-gitops\n"
    expected = f"error: the engine is not executable: {engine}\n{hint}"
    assert start(installed, "--version", cwd=tmp_path) == (3, "", expected)


def test_an_engine_for_another_machine_is_one_line_and_exit_3(installed: Path, tmp_path: Path) -> None:
    engine = installed / "asky_gitops" / "_bundled" / "asky-gitops-engine"
    # An ELF header whose machine field (offset 18) names SPARC.
    engine.write_bytes(engine.read_bytes()[:18] + b"\x02\x00" + engine.read_bytes()[20:])
    expected = f"error: {engine} cannot be started: Exec format error\n"
    hint = "hint: pip install --force-reinstall --no-deps asky-gitops\n"
    assert start(installed, "--version", cwd=tmp_path) == (3, "", expected + hint)


def test_an_engine_of_other_sources_is_one_line_and_exit_3(installed: Path, tmp_path: Path) -> None:
    (installed / "asky_gitops" / "_bundled" / "engine.source").write_text("sha256:0\n")
    expected = f"error: {STALE}\nhint: pip install --force-reinstall --no-deps asky-gitops\n"
    assert start(installed, "--version", cwd=tmp_path) == (3, "", expected)


def test_a_checkout_whose_engine_is_older_than_its_source_says_make_engine(tmp_path: Path) -> None:
    checkout = source_tree(tmp_path / "checkout")
    shutil.copytree(bundled.BUNDLED, checkout / "asky_gitops" / "_bundled")
    with (checkout / "engine" / "main.go").open("a") as source:
        source.write("// edited\n")
    expected = f"error: {STALE}\nhint: run make engine\n"
    assert start(checkout, "--version", cwd=tmp_path) == (3, "", expected)


def test_the_page_names_the_versions_that_are_packed() -> None:
    pins = re.findall(r"^\t(\S+) v(\S+)$", (ROOT / "tools" / "schemas" / "go.mod").read_text(), re.MULTILINE)
    table = re.findall(r"^\| [^|]+ \| (\d\S*) \|", (ROOT / "docs" / "packaging.md").read_text(), re.MULTILINE)
    assert sorted(table) == sorted(version for _, version in pins)


def ask_for_build_dependencies(path: str) -> list[str]:
    code = "import hatchling.build as b; print(*b.get_requires_for_build_wheel(), sep='\\n')"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_go_comes_as_a_package_where_none_is_installed(tmp_path: Path) -> None:
    assert ask_for_build_dependencies(str(tmp_path)) == [toolchain.PACKAGE]


def test_go_comes_as_a_package_where_the_installed_one_is_too_old(tmp_path: Path) -> None:
    (tmp_path / "go").write_text("#!/bin/sh\necho go1.21.13\n")
    (tmp_path / "go").chmod(0o755)
    assert ask_for_build_dependencies(str(tmp_path)) == [toolchain.PACKAGE]


def test_a_fitting_go_on_the_path_is_used() -> None:
    assert ask_for_build_dependencies(os.environ["PATH"]) == []


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("go1.26.8\n", (1, 26, 8)), ("1.26", (1, 26)), ("go1.27rc1", (1, 27)), ("devel +abc", ())],
)
def test_go_versions_are_compared_as_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert toolchain.numbers(version) == numbers


def test_the_packaged_go_can_build_every_module_of_the_checkout() -> None:
    offered = toolchain.numbers(toolchain.PACKAGE.partition("~=")[2])
    modules = [path.parent for path in ROOT.glob("*/**/go.mod") if not path.is_relative_to(ROOT / ".venv")]
    assert {
        str(module): toolchain.wanted(module)
        for module in modules
        if toolchain.numbers(toolchain.wanted(module)) > offered
    } == {}


def test_uvx_runs_a_checkout(tmp_path: Path) -> None:
    source = source_tree(tmp_path / "source")
    uvx = [sys.executable, "-m", "uv", "tool", "run", "--quiet"]
    command = [*uvx, "--from", str(source), "asky-gitops", "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == f"asky-gitops {bundled_version()}"


def test_pip_installs_from_a_git_repository(tmp_path: Path) -> None:
    repository = new_repository(source_tree(tmp_path / "source"))
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "everything")
    target = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target)]
    done = subprocess.run(
        [*command, f"git+{repository.as_uri()}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    status, out, err = start(target, "--version", cwd=tmp_path)
    assert (status, out.splitlines()[0], err) == (0, f"asky-gitops {bundled_version()}", "")
