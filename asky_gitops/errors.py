"""What can stop a command, and the exit status each one means."""


class AskyError(Exception):
    """A command stops here: one line for the user, where it happened, and what to do about it.

    Exit statuses (docs/cli.md): 1 refused, 2 the author's files cure it, 3 they do not.
    """

    exit_code = 3

    def __init__(self, message: str, where: str | None = None, hint: str | None = None) -> None:
        """`where` is `file`, `file:line` or `file:line:column`, relative to the repository."""
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint


class Refused(AskyError):
    """Drift, a hand edit, findings: the run understood everything and will not go on."""

    exit_code = 1


class InputError(AskyError):
    """A file, flag or spec of the author's is wrong; editing it cures the run."""

    exit_code = 2


class ToolError(AskyError):
    """The engine, OPA, git, the disk or a time limit failed; no edit of the author's cures it."""

    exit_code = 3


class Many(AskyError):
    """Several errors found in one run, reported together; the highest exit status wins."""

    def __init__(self, errors: "list[AskyError]", closing: str | None = None) -> None:
        """`closing` is one last line, such as `nothing was written`."""
        super().__init__("\n".join(error.message for error in errors))
        self.errors = errors
        self.closing = closing
        self.exit_code = max(error.exit_code for error in errors)
