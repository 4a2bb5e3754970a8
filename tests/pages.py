"""A bootstrap page as a program: its steps and the commands a reader copies from them."""

import re
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^## (?P<title>[^\n]*)$|^```sh\n(?P<commands>.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"(?:[^\n]*[\\|]\n)*[^\n]+\n")
"""Lines that end in `\\` or `|` go on."""


@dataclass(frozen=True)
class Command:
    """One command and the step it belongs to."""

    step: str
    text: str

    @property
    def program(self) -> str:
        """The program it starts."""
        return self.text.split()[0]

    @property
    def is_local(self) -> bool:
        """Whether kubectl and files of the repository are all it needs."""
        return self.program == "kubectl" and "https://raw." not in self.text


def commands(page: Path) -> list[Command]:
    """Return every command of a page in the order a reader runs them; steps without their numbers."""
    step, found = "", []
    for match in BLOCK.finditer(page.read_text("utf-8")):
        if match["title"]:
            step = re.sub(r"^[0-9]+\. ", "", match["title"])
        else:
            found += [Command(step, text.rstrip("\n")) for text in COMMAND.findall(match["commands"])]
    return found
