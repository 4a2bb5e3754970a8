"""Write the files a stack starts from: a commented `asky.yaml`, its lock and schema, and Asky's SQL."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Template

from asky_gitops.adapters import files, spec, spec_schema
from asky_gitops.errors import InputError, Many, Refused, ToolError
from asky_gitops.platforms import PLATFORMS

EXAMPLE_REPOSITORY = "https://git.example.org/asky/deploy.git"
PLACEHOLDERS = {
    "repo_url": "https://REPLACE-GIT-HOST/asky/deploy.git",
    "cluster": "REPLACE-CLUSTER",
    "region": "REPLACE-REGION",
    "account": "REPLACE-ACCOUNT",
    "alb_cidrs": "REPLACE-ALB-CIDR",
    "certificate_arn": "REPLACE-CERTIFICATE-ARN",
    "bucket": "s3://REPLACE-BUCKET",
}
"""What stands in `asky.yaml` for an answer that was not given; `commit` refuses it."""
FLAGS = {"alb_cidrs": "alb-cidr"}
"""Answers whose flag is not their own name."""
PLAIN = r"[A-Za-z0-9][A-Za-z0-9:/._@-]*(?<!:)"
"""What YAML takes for a string, or inside quotes for itself, whatever stands around it."""


@dataclass(frozen=True, slots=True)
class Written:
    """What `init` wrote, and the answers that are still to be given."""

    paths: tuple[str, ...]
    open_answers: tuple[tuple[str, str], ...]
    """(`file:line:column`, the placeholder that stands there)."""
    in_git: bool
    """Whether the folder is part of a git repository."""


def init(
    directory: Path, platform: str = "minikube", answers: Mapping[str, str | list[str]] | None = None
) -> Written:
    """Write the starting files into `directory`, made when it is not there.

    `answers` are what only the user knows, by the names of `PLACEHOLDERS`. Raises InputError for an answer
    that cannot be one, Many of Refused when a file is there already; nothing is written then.
    """
    contents = planned(platform, answers or {})
    existing = [path for path in contents if (directory / path).exists() or (directory / path).is_symlink()]
    if existing:
        raise Many(
            [Refused("is already there", str(directory / path)) for path in existing], "nothing was written"
        )
    if directory.exists() and not directory.is_dir():
        raise InputError("is not a folder", str(directory))
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolError(f"cannot be made: {error.strerror}", str(directory)) from None
    with files.locked(directory):
        files.recover(directory)
        changes = [files.Change(path, None, text.encode()) for path, text in contents.items()]
        files.apply(directory, changes)
    top = directory.resolve()
    return Written(
        paths=tuple(contents),
        open_answers=tuple(spec.placeholders(directory / "asky.yaml")),
        in_git=any((folder / ".git").exists() for folder in (top, *top.parents)),
    )


def planned(platform: str, answers: Mapping[str, str | list[str]]) -> dict[str, str]:
    """Return the content of every file by its path."""
    shipped = resources.files("asky_gitops.steps") / "init_files"
    contents = {
        "asky.yaml": composed(platform, answers),
        "asky.lock": (shipped / "asky.lock").read_text("utf-8"),
        "asky.schema.json": json.dumps(spec_schema.schema(PLATFORMS), indent=2, ensure_ascii=False) + "\n",
    }
    for folder in ("migrations", "seeds"):
        for file in sorted((shipped / folder).iterdir(), key=lambda one: one.name):
            contents[f"sql/{folder}/{file.name}"] = file.read_text("utf-8")
    return contents


def composed(platform: str, answers: Mapping[str, str | list[str]]) -> str:
    """Return the text of `asky.yaml` with the answers in it."""
    shipped = resources.files("asky_gitops.steps") / "init_files"
    repository = PLACEHOLDERS["repo_url"] if platform == "eks" else EXAMPLE_REPOSITORY
    values = {name: judged(name, answer) for name, answer in answers.items() if answer}
    text = Template((shipped / "asky.yaml").read_text("utf-8")).substitute({"repo_url": repository, **values})
    if platform != "eks":
        return text
    overlay = Template((shipped / "eks.yaml").read_text("utf-8"))
    return text + overlay.substitute({**PLACEHOLDERS, **values})


def judged(name: str, answer: str | list[str]) -> str:
    """Return an answer as YAML; raise InputError for one that the spec would refuse."""
    flag = f"--{FLAGS.get(name, name.replace('_', '-'))}"
    each = [answer] if isinstance(answer, str) else answer
    for one in each:
        if wrong := spec.wrong_answer(name, one):
            raise InputError(f"{flag} {wrong}")
    return ", ".join(one if re.fullmatch(PLAIN, one) else json.dumps(one) for one in each)
