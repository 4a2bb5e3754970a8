"""The disk: reading, looking for, and writing files so that each is old or new and never half."""

from asky_gitops.adapters.files.journal import INTERRUPTED, Change, apply, interrupted, recover, unfinished
from asky_gitops.adapters.files.lock import locked
from asky_gitops.adapters.files.places import read, refuse_obstacles, walk

__all__ = [
    "INTERRUPTED",
    "Change",
    "apply",
    "interrupted",
    "locked",
    "read",
    "recover",
    "refuse_obstacles",
    "unfinished",
    "walk",
]
