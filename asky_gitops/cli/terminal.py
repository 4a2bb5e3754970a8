"""How to write to what standard output is."""

import os
import shutil

from asky_gitops.formats.style import Style


def style_for(color: bool | None, to_terminal: bool) -> Style:
    """Return the style for a terminal or for anything else; `color` is the user's word, which counts most.

    Without one, NO_COLOR (no-color.org) and a dumb terminal keep colour away.
    """
    wanted = to_terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size((100, 24)).columns if to_terminal else 100
    return Style(color=wanted if color is None else color, width=width)
