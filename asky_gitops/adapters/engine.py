"""The engine: one child process for the life of one command (docs/protocol.md).

It is started before anything else is imported, and asked when Python is ready. Whatever goes wrong
between the two programs is a ToolError that says what the engine was doing: never "no findings".
"""

import json
import os
import re
import select
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from asky_gitops.adapters import engine_replies as replies
from asky_gitops.adapters.engine_replies import Answer, Discovered, Wanted
from asky_gitops.adapters.process import running
from asky_gitops.errors import InputError, ToolError
from asky_gitops.model.finding import Finding, Layer, Rule

PROTOCOL = 1
TARGET_SECONDS = 60.0
"""How long one target may take; the engine's own watchdog names it when it is over."""
SILENCE_SECONDS = 90.0
"""How long the engine may say nothing: longer than one target may take, or it could not name it."""
Json = Mapping[str, Any]
T = TypeVar("T")


class Engine:
    """The engine's process and its operations; use it as a context manager."""

    def __init__(self, program: Path, source: str, cure: str, silence: float = SILENCE_SECONDS) -> None:
        """`source` is what the engine must say it was built from; `cure` mends one that does not.

        `silence` is in seconds.
        """
        self._program = program
        self._source = source
        self._cure = cure
        self._silence = silence
        self._stack = ExitStack()
        self._number = 0
        self._buffer = bytearray()
        self._versions: dict[str, str] | None = None

    def __enter__(self) -> Self:
        """Start the process and greet it, without waiting for an answer. Raises ToolError."""
        try:
            self._child = self._stack.enter_context(running([str(self._program)], cwd=Path("/")))
            self._greeting = self._send("hello", {}, "starting")
        except BaseException as error:
            self._stack.close()
            if isinstance(error, ToolError) and error.hint is None:
                error.hint = self._cure
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process and all it started."""
        self._stack.close()

    def versions(self) -> dict[str, str]:
        """Return the versions of what the engine is made of.

        Raises ToolError when it does not speak this protocol or was built from other sources.
        """
        if self._versions is None:
            hello = self._one("hello", self._replies(self._greeting, "starting"))
            if hello.get("protocol") != PROTOCOL:
                raise ToolError("the engine speaks another protocol than this asky-gitops", hint=self._cure)
            if hello.get("source") != self._source:
                raise ToolError(
                    "the engine was built from other sources than this asky-gitops", hint=self._cure
                )
            self._versions = {
                str(name): str(version) for name, version in (hello.get("versions") or {}).items()
            }
        return self._versions

    def discover(self, root: Path, path: str) -> Discovered:
        """Return the targets under `path`: kustomizations no other refers to, and loose manifests."""
        doing = f"looking for kustomizations and manifests in {path}"
        reply = self._one("discovered", self._ask("discover", {"root": str(root), "path": path}, doing))
        return self._decoded(lambda: replies.discovered(reply))

    def build(self, root: Path, targets: Sequence[Wanted], objects: bool = False) -> list[Answer]:
        """Render targets; the answers are in the order asked, each with `yaml` or a problem.

        With `objects` they also have `input`, whose `items` are the rendered objects.
        """
        asked = [target.request(TARGET_SECONDS) for target in targets]
        said = {"root": str(root), "targets": asked, "input": objects}
        return self._answers(self._ask("build", said, _doing("rendering", targets)), targets)

    def trace(self, target: str, resource: Json, path: Sequence[str | int]) -> tuple[Layer, ...]:
        """Return every place that says something about a field of a target just built, innermost first."""
        said = {"target": target, "resource": resource, "field": list(path)}
        reply = self._one("traced", self._ask("trace", said, f"tracing a field of {target}"))
        return self._decoded(lambda: replies.layers(reply))

    def catalogue(self, policies: Path, extra: Sequence[Path] = ()) -> tuple[Rule, ...]:
        """Return the rules of the bundle. Raises InputError for a custom policy that does not fit."""
        said = {"policies": str(policies), "extra": [str(folder) for folder in extra]}
        return self._rules(self._one("catalogue", self._ask("catalogue", said, "reading the policies")))

    def judge(
        self, root: Path, targets: Sequence[Wanted], said: Json
    ) -> tuple[tuple[Rule, ...], list[Answer]]:
        """Judge targets and return the rules with the answers in the order asked.

        `said` holds `policies`, `extra`, `config`, `schemas` and `input` of the request. Raises
        InputError for a custom policy that does not fit.
        """
        asked = {"root": str(root), "targets": [target.request(TARGET_SECONDS) for target in targets], **said}
        lines = self._ask("judge", asked, _doing("judging", targets))
        first = next(lines, None)
        if first is None or first.get("type") != "catalogue":
            raise self._nonsense("no catalogue")
        return self._rules(first), self._answers(lines, targets)

    def locate(self, target: str, found: Sequence[Json]) -> tuple[Finding, ...]:
        """Return findings of a target just judged, as an OPA server gave them, with their places."""
        doing = f"locating the findings of {target}"
        reply = self._one("located", self._ask("locate", {"target": target, "findings": found}, doing))
        located = self._decoded(lambda: replies.findings(reply["findings"] or (), target))
        if len(located) != len(found):
            raise self._nonsense(f"{len(located)} places for {len(found)} findings")
        return located

    def _rules(self, reply: Json) -> tuple[Rule, ...]:
        if error := reply.get("error"):
            problem = self._decoded(lambda: replies.problem(error, None))
            kind = InputError if problem.exit_code == 2 else ToolError
            at = problem.location
            raise kind(problem.message, where=f"{at.file}:{at.line}:{at.column}" if at else None)
        return self._decoded(lambda: replies.catalogue(reply))

    def _answers(self, lines: Iterator[Json], targets: Sequence[Wanted]) -> list[Answer]:
        wanted = {target.name: target for target in targets}
        answers: dict[str, Answer] = {}
        for line in lines:
            name = line.get("name")
            if line.get("type") != "target" or name not in wanted or name in answers:
                raise self._nonsense(f"{line.get('type')} {name}")
            answers[name] = self._decoded(lambda line=line, name=name: replies.answer(line, wanted[name]))  # type: ignore[misc]
        if silent := [name for name in wanted if name not in answers]:
            raise self._nonsense(f"nothing about {', '.join(silent)}")
        return [answers[target.name] for target in targets]

    def _ask(self, op: str, said: Json, doing: str) -> Iterator[Json]:
        self.versions()
        return self._replies(self._send(op, said, doing), doing)

    def _send(self, op: str, said: Json, doing: str) -> int:
        """Write a request; read what comes meanwhile, so that neither program waits for the other."""
        self._number += 1
        pending = memoryview(json.dumps({"id": self._number, "op": op, **said}).encode() + b"\n")
        pipe = self._child.stdin.fileno()
        os.set_blocking(pipe, False)
        while pending:
            readable, writable, _ = select.select([self._child.stdout], [pipe], [], self._silence)
            if readable:
                self._fill(doing)
            if writable:
                try:
                    pending = pending[os.write(pipe, pending) :]
                except BrokenPipeError:
                    raise self._gone(doing) from None
            if not readable and not writable:
                raise self._hangs(doing)
        return self._number

    def _replies(self, number: int, doing: str) -> Iterator[Json]:
        """Return the replies to request `number` up to its `done`."""
        while True:
            try:
                reply = json.loads(self._line(doing))
            except ValueError:
                raise self._nonsense("no JSON") from None
            if not isinstance(reply, dict) or reply.get("id") != number:
                raise self._nonsense("not a reply to what was asked")
            if reply.get("type") == "done":
                return
            if reply.get("type") == "error":
                raise ToolError(f"the engine failed while {doing}: {reply.get('message')}", hint=self._cure)
            yield reply

    def _line(self, doing: str) -> bytes:
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if not select.select([self._child.stdout], [], [], self._silence)[0]:
                raise self._hangs(doing)
            self._fill(doing)
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _fill(self, doing: str) -> None:
        more = os.read(self._child.stdout.fileno(), 1 << 20)
        if not more:
            raise self._gone(doing)
        self._buffer += more

    def _one(self, kind: str, lines: Iterator[Json]) -> Json:
        """Return the only reply, which must be of this kind."""
        said = list(lines)
        if len(said) != 1 or said[0].get("type") != kind:
            raise self._nonsense(f"{len(said)} replies where one {kind} belongs")
        return said[0]

    def _decoded(self, decode: Callable[[], T]) -> T:
        try:
            return decode()
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise self._nonsense(f"{type(error).__name__}") from None

    def _nonsense(self, what: str) -> ToolError:
        return ToolError(f"the engine's answer cannot be understood ({what})", hint=self._cure)

    def _hangs(self, doing: str) -> ToolError:
        return ToolError(f"the engine said nothing for {self._silence:g} s while {doing}")

    def _gone(self, doing: str) -> ToolError:
        # Its pipes are closed; the process itself may need a moment more.
        ending = _ending(self._child.ended(1.0), self._child.stderr())
        cure = self._cure if self._versions is None else None
        return ToolError(f"the engine stopped while {doing} ({ending})", hint=cure)


def _doing(what: str, targets: Sequence[Wanted]) -> str:
    """Return what the engine is doing, with the first few names."""
    names = [target.name for target in targets]
    return f"{what} {', '.join(names[:3])}" + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _ending(status: int | None, stderr: bytes) -> str:
    """Return how a process ended, and where in its code; never what it printed, which may hold values."""
    ended = "its output ended" if status is None else f"exit status {status}"
    if status is not None and status < 0:
        import signal

        known = {number.value: number.name for number in signal.Signals}
        ended = f"killed by {known.get(-status, f'signal {-status}')}"
    fatal = re.search(rb"^(fatal error: [a-z ]{1,60}|panic:)", stderr, re.M)
    at = re.search(rb"\t\S*?/?(engine/\S+\.go:\d+)", stderr)
    return "; ".join([ended, *(found[1].decode().rstrip(": ") for found in (fatal, at) if found)])
