"""A repository of its own for a test: what a person edits, and what Argo CD reads."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

from tests.conftest import EXAMPLE, ROOT, git, new_repository
from tests.e2e.plane import Object


class Repository:
    """The work tree a person edits, and the bare repository Argo CD reads."""

    def __init__(self, folder: Path, programs: Path, files: Mapping[str, str] | None = None) -> None:
        """Copy the worked example, or write a spec and its SQL (path to text); generate and push it."""
        self.environment = {**os.environ, "PATH": f"{programs}/bin:{os.environ['PATH']}"}
        self.work, self.bare = new_repository(folder / "work"), folder / "deploy.git"
        for name in EXAMPLE if files is None else ["asky.lock"]:
            if (ROOT / name).exists():
                (self.work / name).parent.mkdir(parents=True, exist_ok=True)
                subprocess.run(["cp", "-r", str(ROOT / name), str(self.work / name)], check=True)
        for name, text in (files or {}).items():
            self.write(name, text)
        git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(self.bare))
        git(self.work, "remote", "add", "origin", str(self.bare))
        self.generate()
        self.push("the first commit")

    @property
    def url(self) -> str:
        """The bare repository as Argo CD names it."""
        return f"file://{self.bare}"

    def generate(self, *arguments: str) -> None:
        """Run `asky-gitops generate`, as the person does."""
        done = subprocess.run(
            [sys.executable, "-m", "asky_gitops", "generate", *arguments],
            cwd=self.work,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def push(self, message: str) -> str:
        """Commit everything, push it and return the commit."""
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--message", message)
        git(self.work, "push", "--quiet", "origin", "main")
        return self.head()

    def head(self) -> str:
        """Return the last commit."""
        return git(self.work, "rev-parse", "HEAD").strip()

    def restore(self, commit: str) -> str:
        """Bring the tree of an earlier commit back with a new one, and return that."""
        git(self.work, "rm", "-r", "--quiet", ".")
        git(self.work, "checkout", "--quiet", commit, "--", ".")
        return self.push("take it back")

    def write(self, file: str, text: str) -> None:
        """Write one file."""
        path = self.work / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        """Change one text of one file; it must be there."""
        path = self.work / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new), "utf-8")

    def bump(self, overlay: str, service: str, tag: str) -> None:
        """Set a service's image tag in the entry's `images:`, where bots and CI set it."""
        subprocess.run(
            ["kustomize", "edit", "set", "image", f"ghcr.io/acme/{service}=ghcr.io/acme/{service}:{tag}"],
            cwd=self.work / "overlays" / overlay,
            env=self.environment,
            check=True,
        )

    def drop_service(self, name: str) -> None:
        """Take a service out of asky.yaml, with every line that names it, and generate."""
        path = self.work / "asky.yaml"
        text = re.sub(rf"^  {name}:\n(?:    .*\n)*", "", path.read_text("utf-8"), flags=re.MULTILINE)
        path.write_text(re.sub(rf"(calls: \[.*), {name}\]", r"\1]", text), "utf-8")
        self.generate()

    def add_migration(self, what: str, up: str, down: str) -> Path:
        """Write the next migration and generate; return its file."""
        folder = self.work / "sql" / "migrations"
        number = max(int(file.name[:4]) for file in folder.glob("*.sql")) + 1
        file = folder / f"{number:04}_{what}.sql"
        file.write_text(f"-- migrate:up\n{up}\n\n-- migrate:down\n{down}\n", "utf-8")
        self.generate()
        return file

    def customise(self, overlay: str, key: str, *entries: str | Object) -> None:
        """Add entries to a list of the overlay's own Component, as its user does."""
        path = self.work / "overlays" / overlay / "custom" / "kustomization.yaml"
        content = yaml.safe_load(path.read_text("utf-8"))
        content[key] = [*content.get(key, []), *entries]
        path.write_text(yaml.safe_dump(content), "utf-8")
