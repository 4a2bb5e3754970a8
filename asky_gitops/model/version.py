"""The minor version this is, and the next one: what a rule's lifecycle is counted in."""

from asky_gitops import __version__

_major, _minor = __version__.split(".")[:2]
MINOR = f"{_major}.{_minor}"
NEXT = f"{_major}.{int(_minor) + 1}"
