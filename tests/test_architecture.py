import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "asky_gitops"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))

MAY_IMPORT = {
    "errors": set(),
    "model": {"model", "errors"},
    "findings": {"findings", "model", "errors"},
    "tree": {"tree", "components", "platforms", "model", "errors"},
    "components": {"components", "model", "errors"},
    "platforms": {"platforms", "components", "model", "errors"},
    "adapters": {"adapters", "model", "errors"},
    "formats": {"formats", "findings", "model", "errors"},
    "adopt": {"adopt", "findings", "model", "errors"},
    "steps": {"steps", "adopt", "findings", "tree", "components", "platforms", "adapters", "model", "errors"},
    "cli": {"cli", "steps", "formats", "model", "errors"},
}
"""Layer to the layers it may import; design: cli → steps, formats → … → model → errors."""

COMPOSABLE = {"generate", "build", "check", "cluster", "version"}
"""The steps that others may call; a large one may be split (`check`, `check_waivers`) and calls its own."""

SHARED_ADAPTERS = {"process", "yaml"}
"""The adapters that others may use; besides, a large one may be split into `spec`, `spec_document`, …"""

IMPURE = {
    "os",
    "io",
    "pathlib",
    "subprocess",
    "socket",
    "time",
    "datetime",
    "random",
    "secrets",
    "tempfile",
    "shutil",
}
PURE_LAYERS = {"adopt", "components", "platforms", "tree", "findings", "model"}
STANDARD_ONLY = {"model", "errors"}


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    """Every module a file imports, wherever in the file, `from a import b` as both `a` and `a.b`."""
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            names += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names


def ours(path: Path) -> list[list[str]]:
    return [name.split(".")[1:] for name in imports(path) if name.startswith("asky_gitops.")]


def test_every_layer_imports_only_what_stands_below_it() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {'.'.join(parts)}"
        for path in MODULES
        if layer(path) in MAY_IMPORT
        for parts in ours(path)
        if parts[0] in MAY_IMPORT and parts[0] not in MAY_IMPORT[layer(path)]
    ]
    assert wrong == []


def test_a_new_layer_has_a_place_in_the_table() -> None:
    known = {*MAY_IMPORT, "__init__", "__main__", "_bundled"}
    assert {layer(path) for path in MODULES} - known == set()


def test_steps_call_only_the_steps_made_for_it() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {'.'.join(parts)}"
        for path in MODULES
        if layer(path) == "steps"
        for parts in ours(path)
        if parts[0] == "steps"
        and len(parts) > 1
        and parts[1].split("_")[0] not in {*COMPOSABLE, path.stem.split("_")[0]}
    ]
    assert wrong == []


def family(adapter: str) -> str:
    """Return the name the parts of one adapter share; `.asky-gitops.yaml` holds a block of the spec."""
    return {"settings": "spec"}.get(adapter, adapter.split("_")[0])


def test_adapters_do_not_lean_on_each_other() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {'.'.join(parts)}"
        for path in MODULES
        if layer(path) == "adapters"
        for parts in ours(path)
        if parts[0] == "adapters" and len(parts) > 1 and parts[1] not in SHARED_ADAPTERS
        if family(parts[1]) != family(path.relative_to(PACKAGE).parts[1].removesuffix(".py"))
    ]
    assert wrong == []


def test_pure_layers_touch_no_disk_no_clock_and_no_randomness() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in MODULES
        if layer(path) in PURE_LAYERS
        for name in imports(path)
        if name.split(".")[0] in IMPURE
    ]
    assert wrong == []


def test_model_and_errors_need_the_standard_library_alone() -> None:
    from sys import stdlib_module_names

    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in MODULES
        if layer(path) in STANDARD_ONLY
        for name in imports(path)
        if name.split(".")[0] not in {*stdlib_module_names, "asky_gitops"}
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", ["asky_gitops", "tools", "tests", "bench"])
def test_no_python_file_is_longer_than_300_lines(folder: str) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert long == {}


def test_no_function_body_is_longer_than_40_lines() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of_body(node) > 40
    }
    assert long == set()


def lines_of_body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines after the signature and the docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_the_engine_stays_under_4000_lines_and_its_files_under_500() -> None:
    """Render and judge are small; a place for every field of every form of patch is half of the rest."""
    sources = [path for path in (ROOT / "engine").rglob("*.go") if not path.name.endswith("_test.go")]
    assert sources, "engine/ holds no Go"
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in sources}
    assert sum(lines.values()) < 4000
    assert {path for path, count in lines.items() if count > 500} == set()


def test_no_file_is_named_for_nothing() -> None:
    named = [
        path
        for path in (*MODULES, *(ROOT / "tests").rglob("*.py"))
        if path.stem in {"utils", "helpers", "common"}
    ]
    assert named == []


def test_every_verb_is_a_module_and_every_module_of_cli_is_a_verb_or_the_entry_point() -> None:
    from asky_gitops.cli.main import VERBS

    public = {path.stem for path in (PACKAGE / "cli").glob("*.py")} - {"__init__", "main"}
    assert {name for name in public if "command" in names_defined(PACKAGE / "cli" / f"{name}.py")} == set(
        VERBS
    )


def names_defined(path: Path) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
