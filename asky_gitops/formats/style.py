"""How text may look where it goes: colour, width, and no character that drives a terminal."""

import unicodedata
from dataclasses import dataclass

CODES = {"red": "31", "yellow": "33", "blue": "34", "dim": "2"}
UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that move the cursor, reorder text, or cannot be encoded."""


@dataclass(frozen=True, slots=True)
class Style:
    """Where a format writes to: `width` in columns; colour only where a person looks."""

    color: bool = False
    width: int = 100

    def paint(self, text: str, color: str, bold: bool = False) -> str:
        """Return `text` in a colour of CODES, or as it is."""
        if not self.color or not text:
            return text
        return f"\x1b[{'1;' if bold else ''}{CODES[color]}m{text}\x1b[0m"


def safe(text: str) -> str:
    r"""Return `text` with every character written out that is no visible character or blank: `\x1b`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_safe(character) for character in text)


def _safe(character: str) -> str:
    if unicodedata.category(character) not in UNSAFE:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def columns(text: str) -> int:
    """Return how many terminal columns `text` takes: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
