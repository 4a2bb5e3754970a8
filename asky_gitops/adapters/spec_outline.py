"""The little of a spec that a check needs, read without the rest: names, versions, settings of the rules.

A check judges what is on disk and takes less time than reading a spec with all its rules does. What is
not plainly what it should be is left to adapters/spec, which knows what to say about it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from asky_gitops.model.defaults import DEFAULTS, section

CPU_LIMITS = ("require", "optional", "forbid")
PROFILES = ("prod", "dev")


@dataclass(frozen=True, slots=True)
class Outline:
    """What to judge, by what settings, and for which versions of Kubernetes."""

    overlays: tuple[str, ...]
    kubernetes: tuple[str, ...]
    config: Mapping[str, Any]
    """The `config` of the policies: `cpuLimits`, `databases`, and of a spec the `permits` of each overlay."""
    relaxed: tuple[str, ...] = ()
    """The overlays with `profile: dev`."""
    sql: tuple[str, ...] = ()
    """The folders of migrations and seeds, where there is a database."""


def of_spec(path: Path) -> Outline | None:
    """Return the outline of a spec; None when the careful reader must have a look."""
    said = _mapping(path)
    if said is None or said.get("kind") != "Stack":
        return None
    overlays = said.get("overlays")
    kubernetes = said.get("kubernetes", DEFAULTS["kubernetes"].value)
    config = _config(said.get("checks", {}))
    if config is None or not isinstance(overlays, dict) or not _texts(list(overlays), r"[a-z0-9-]+"):
        return None
    if not _texts(kubernetes, r"1\.[0-9]+"):
        return None
    profiles = {name: said.get("profile") for name, said in overlays.items() if isinstance(said, dict)}
    permits = _permits(overlays)
    if permits is None or not set(profiles.values()) <= {*PROFILES, None}:
        return None
    sql = _sql(said.get("database"))
    if sql is None:
        return None
    relaxed = tuple(name for name, profile in profiles.items() if profile == "dev")
    return Outline(tuple(overlays), tuple(kubernetes), {**config, "permits": permits}, relaxed, sql)


def _sql(said: Any) -> tuple[str, ...] | None:
    """Return the folders of SQL; None for anything but their names."""
    if not isinstance(said, dict):
        return ()
    folders = [said.get(key, DEFAULTS[f"database.{key}"].value) for key in ("migrations", "seeds")]
    return tuple(folders) if _texts(folders, r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*") else None


def _permits(overlays: Mapping[str, Any]) -> dict[str, list[str]] | None:
    """Return the further kinds that each overlay's project permits; None for anything but lists of kinds."""
    if not all(isinstance(one, dict) for one in overlays.values()):
        return None
    said = {name: one.get("permits", []) for name, one in overlays.items()}
    return said if all(_texts(kinds, r"[A-Za-z0-9./-]+") for kinds in said.values()) else None


def of_settings(path: Path) -> Outline | None:
    """Return the outline of a repository without a spec, from its settings file if there is one."""
    config = _config(_mapping(path)) if path.exists() or path.is_symlink() else section("checks")
    return None if config is None else Outline((), (), config)


def _mapping(path: Path) -> dict[Any, Any] | None:
    """Return a file that is one YAML mapping without aliases, which can make a small file a large value."""
    try:
        text = path.read_text("utf-8")
        if re.search(r"(?:^|[\s\[{,:-])[&*]\S", text):
            return None
        said = yaml.load(text, Loader=yaml.CSafeLoader)
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _config(said: Any) -> dict[str, Any] | None:
    """Return the settings over their defaults; None for anything but the known keys with fitting values."""
    config = section("checks")
    if not isinstance(said, dict) or set(said) - set(config):
        return None
    config |= said
    fits = config["cpuLimits"] in CPU_LIMITS and _texts(config["databases"], r"[A-Za-z0-9./-]+")
    return config if fits else None


def _texts(said: Any, form: str) -> bool:
    return isinstance(said, list) and all(isinstance(one, str) and re.fullmatch(form, one) for one in said)
