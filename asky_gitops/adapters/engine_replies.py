"""The engine's replies as values: what docs/protocol.md says, decoded or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asky_gitops.model.finding import Finding, Layer, Location, Problem, Related, Rule, Severity, Target
from asky_gitops.model.manifest import ResourceRef

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target to render or judge: one of a kustomization root, loose files, or text.

    `path` is what a report calls it by; all paths are relative to the engine's root.
    """

    name: str
    path: str
    kustomization: str | None = None
    files: tuple[str, ...] = ()
    text: str | None = None

    def request(self, timeout: float) -> dict[str, Any]:
        """Return the target as the protocol writes it; `timeout` in seconds."""
        said: dict[str, Any] = {"name": self.name, "timeoutSeconds": timeout}
        if self.kustomization is not None:
            return said | {"kustomization": self.kustomization}
        return said | ({"files": list(self.files)} if self.text is None else {"text": self.text})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine said about one target; which fields are set depends on what was asked."""

    target: Target
    problem: Problem | None
    findings: tuple[Finding, ...] = ()
    yaml: str | None = None
    input: Json | None = None


@dataclass(frozen=True, slots=True)
class Discovered:
    """The targets under a path, the files there that are none, and why it could not be looked through."""

    targets: tuple[Wanted, ...]
    unjudged: tuple[tuple[str, str], ...]
    problem: Problem | None


def discovered(reply: Json) -> Discovered:
    """Decode the reply to `discover`."""
    targets = tuple(
        Wanted(
            name=one["name"],
            path=one.get("kustomization") or one["name"],
            kustomization=one.get("kustomization"),
            files=tuple(one.get("files") or ()),
        )
        for one in reply["targets"]
    )
    error = reply.get("error")
    return Discovered(targets, _unjudged(reply), problem(error, None) if error else None)


def catalogue(reply: Json) -> tuple[Rule, ...]:
    """Decode the reply `catalogue`; its `error` is the caller's."""
    return tuple(
        Rule(
            id=one["id"],
            category=one["category"],
            title=one.get("title") or "",
            description=one.get("description") or "",
            remediation=one.get("remediation") or "",
            verbs=tuple(one.get("verbs") or ()),
            related=tuple(one.get("related") or ()),
            custom=dict(one.get("custom") or {}),
        )
        for one in reply.get("rules") or ()
    )


def answer(reply: Json, wanted: Wanted) -> Answer:
    """Decode a reply `target` to a build or a judgement."""
    error = reply.get("error")
    target = Target(
        name=wanted.name,
        path=wanted.path,
        status="failed" if error else "judged",
        objects=reply.get("objects") or 0,
        rules=reply.get("rules") or 0,
        unknown_kinds=tuple(reply.get("unknownKinds") or ()),
        unjudged=_unjudged(reply),
        closure=tuple(reply.get("closure") or ()),
    )
    return Answer(
        target=target,
        problem=problem(error, wanted.name) if error else None,
        findings=findings(reply.get("findings") or (), wanted.name),
        yaml=reply.get("yaml"),
        input=reply.get("input"),
    )


def problem(error: Json, target: str | None) -> Problem:
    """Decode why a target, or the bundle, could not be judged."""
    return Problem(
        code=error["code"],
        target=target,
        message=error["message"],
        location=_location(error.get("location")),
        exit_code=error.get("exit") or 3,
    )


def findings(replies: Sequence[Json], target: str) -> tuple[Finding, ...]:
    """Decode a target's findings."""
    return tuple(
        Finding(
            rule=one["rule"],
            category=one["category"],
            severity=_severity(one["severity"]),
            message=one["message"],
            resource=_resource(one.get("resource")),
            path=tuple(one.get("path") or ()),
            overlays=(target,),
            location=_location(one.get("location")),
            related=tuple(
                Related(at["file"], at["line"], at["column"], at["message"])
                for at in one.get("related") or ()
            ),
            trace=tuple(one.get("trace") or ()),
        )
        for one in replies
    )


def layers(reply: Json) -> tuple[Layer, ...]:
    """Decode the reply to `trace`; `text` and `generated` are the caller's."""
    return tuple(
        Layer(place, one["role"], bool(one["decides"]))
        for one in reply["layers"]
        if (place := _location(one))
    )


def _severity(said: str) -> Severity:
    if said == "error":
        return "error"
    if said == "warning":
        return "warning"
    raise ValueError("no such severity")


def _unjudged(reply: Json) -> tuple[tuple[str, str], ...]:
    return tuple((one["file"], one["reason"]) for one in reply.get("unjudged") or ())


def _location(said: Json | None) -> Location | None:
    if not said:
        return None
    line, column = said["line"], said["column"]
    return Location(said["file"], line, column, said.get("endLine") or line, said.get("endColumn") or column)


def _resource(said: Json | None) -> ResourceRef | None:
    if not said:
        return None
    return ResourceRef(said["apiVersion"], said["kind"], said.get("namespace") or None, said["name"])
