"""The licences of everything that is linked into the engine or packed beside it."""

import re
from pathlib import Path

from tools.bundle.toolchain import go

NAME = re.compile(r"(licen[sc]e|copying|notice|unlicense)([.-]\w+)*", re.IGNORECASE)

PREFACE = """\
asky-gitops is licensed under Apache-2.0. Its wheel holds a program that links the Go modules named
below, and CustomResourceDefinitions, their descriptions removed, from the ones marked so. Each text
stands once, after all that share it.
"""


def texts(folder: Path) -> list[str]:
    """Return the licence texts that lie directly in a folder."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and NAME.fullmatch(path.name))
    return [file.read_text("utf-8", "replace").strip() for file in files if file.suffix != ".go"]


def linked(engine: Path) -> dict[str, set[Path]]:
    """Return `module@version` of all that is in the engine, with each folder that may hold a licence."""
    form = "{{with .Module}}{{if not .Main}}{{.Path}}@{{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}"
    found: dict[str, set[Path]] = {f"Go {go('env', 'GOVERSION', cwd=engine).strip()}": {goroot(engine)}}
    for line in go("list", "-deps", "-f", form, ".", cwd=engine).splitlines():
        if line:
            module, top, package = line.split("\t")
            inner = [
                folder for folder in [Path(package), *Path(package).parents] if folder.is_relative_to(top)
            ]
            found.setdefault(module, set()).update(inner)
    return found


def goroot(engine: Path) -> Path:
    """Return the folder of the Go toolchain, whose standard library is linked in."""
    return Path(go("env", "GOROOT", cwd=engine).strip())


def write(linked: dict[str, set[Path]], packed: dict[str, Path], target: Path) -> None:
    """Write each licence text once, after the names of what it covers."""
    covers: dict[str, set[str]] = {}
    folders = linked | {f"{name} (CustomResourceDefinitions)": {folder} for name, folder in packed.items()}
    for name, places in folders.items():
        found = {text for place in places for text in texts(place)}
        if not found and not name.startswith("Go "):
            raise SystemExit(f"error: {name} comes without a licence")
        for text in found:
            covers.setdefault(text, set()).add(name)
    blocks = sorted("\n".join(sorted(names)) + "\n\n" + text for text, names in covers.items())
    rule = "\n\n" + "=" * 100 + "\n\n"
    target.write_text(rule.join([PREFACE.strip(), *blocks]) + "\n", "utf-8")
