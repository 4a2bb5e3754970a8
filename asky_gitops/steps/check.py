"""`check`: render every target, judge it, and say what is wrong, where, and in which overlays."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from asky_gitops import __version__
from asky_gitops.adapters import bundled, files, sql_folders
from asky_gitops.adapters.engine import Engine
from asky_gitops.adapters.engine_replies import Answer, Wanted
from asky_gitops.adapters.spec_outline import Outline
from asky_gitops.errors import InputError
from asky_gitops.findings import lifecycle, profile
from asky_gitops.findings.catalogue import described
from asky_gitops.findings.merge import merged
from asky_gitops.findings.values import Inputs, Values
from asky_gitops.model.connections import Connections
from asky_gitops.model.finding import FailOn, Location, Problem, Report, Rule
from asky_gitops.steps.build import refuse_unfinished, sources, started
from asky_gitops.steps.check_targets import reached, said, targets
from asky_gitops.steps.check_waivers import Decided, read


@dataclass(frozen=True, slots=True)
class Judgement:
    """What judging gave, before it is merged and made fit to be seen."""

    rules: tuple[Rule, ...]
    answers: list[Answer]
    problems: list[Problem]


def check(
    root: Path,
    *,
    paths: Sequence[str] = (),
    overlays: Sequence[str] = (),
    rules: Sequence[str] = (),
    fail_on: FailOn = "error",
    strict: bool = False,
    opa_url: str | None = None,
    opa_upload: bool = False,
    policies: Sequence[Path] = (),
    crds: Sequence[Path] = (),
    kubernetes_version: str | None = None,
    stdin: bytes | None = None,
    waivers: bool = True,
    bind: bool = False,
    trusted: Path | None = None,
    maps: bool = False,
    touched: Collection[str] | None = None,
    note: Callable[[str], None] = lambda _: None,
) -> Report:
    """Judge the stack's overlays, or `paths` (relative to `root`, `-` is `stdin`), and return the report.

    `policies` are further policy folders, `crds` further schemas. `waivers` says whether waivers.yaml counts,
    `bind` asks for a digest of each finding's value, `maps` for who talks to whom. `touched` are files: only
    targets that read one are judged. `trusted` holds another revision: its settings count, and only waivers
    that it has, too. `note` is told what is done. Raises InputError for a flag that names nothing or a
    waivers.yaml that is wrong, ToolError when the engine or OPA fails: neither is a finding, and there is no
    report then.
    """
    begun = time.monotonic()
    refuse_unfinished(root)
    with started() as engine:
        settings = said(root, trusted)
        request = _request(settings, policies, crds, kubernetes_version)
        wanted, passed_over = targets(engine, root, settings, paths, overlays, stdin)
        passed: frozenset[str] = frozenset()
        if touched is not None:
            wanted, passed = reached(engine, root, wanted, touched)
        note(f"{time.monotonic() - begun:6.3f} s  judging {', '.join(target.name for target in wanted)}")
        judged = _judged(engine, root, wanted, request, opa_url, opa_upload)
        versions = _versions(engine)
        whole = not judged.problems and set(paths) <= {"."} and touched is None
        decided = Decided(read(root, trusted) if waivers else (), judged.rules, rules, overlays, whole)
        inputs = cache(lambda: _inputs(engine, root, wanted))
        values = Values(inputs, lambda name: _text(root, name, stdin))
        said_of = ((answer.target.path, answer.findings) for answer in judged.answers)
        kept, off = profile.judged(said_of, settings.relaxed, judged.rules)
        found = decided.apply(kept, values, bind)
        drawn = _maps(inputs()) if maps else ()
    objects = sum(answer.target.objects for answer in judged.answers)
    note(f"{time.monotonic() - begun:6.3f} s  judged {objects} objects")
    report = Report(
        versions=versions,
        targets=tuple(sorted((answer.target for answer in judged.answers), key=lambda target: target.name)),
        findings=merged(described(found, judged.rules)),
        problems=(*judged.problems, *decided.wrong, *_unlisted(root, paths, settings.sql, judged)),
        rules=judged.rules,
        off=tuple(one for one in off if not rules or one.rule in rules),
        maps=drawn,
        fail_on=fail_on,
        read=passed.union(*(answer.target.closure for answer in judged.answers)),
    )
    report = _with_passed_over(report, passed_over)
    if strict:
        report = replace(report, problems=(*report.problems, *_unjudged(report)))
    report = _fit_to_be_seen(root, report, stdin, own_rules=bool(policies) or opa_url is not None)
    seconds = time.monotonic() - begun
    note(f"{seconds:6.3f} s  reported {len(report.findings)} findings")
    return replace(report, seconds=seconds)


def _fit_to_be_seen(root: Path, report: Report, stdin: bytes | None, own_rules: bool) -> Report:
    """Add excerpts and take out secrets; of a clean report there is nothing to read or to hide."""
    if not (report.findings or report.problems or any(target.unjudged for target in report.targets)):
        return report
    from asky_gitops.findings.presented import needed, presented
    from asky_gitops.steps.generate_origin import Origins, explained

    texts = sources(root, needed(report, own_rules), stdin)
    report = replace(report, findings=tuple(explained(report.findings, texts, Origins(root))))
    return presented(report, texts, own_rules)


def _request(
    said: Outline, policies: Sequence[Path], crds: Sequence[Path], version: str | None
) -> dict[str, Any]:
    """Return the part of the engine's request that the settings and flags decide."""
    for flag, places in (("--policies", policies), ("--crds", crds)):
        for place in places:
            if not place.exists():
                raise InputError(f"{flag} {place} does not exist")
    shipped = bundled.crds()
    versions = _kubernetes(version, said.kubernetes)
    return {
        "policies": str(bundled.policies()),
        "extra": [str(place.resolve()) for place in policies],
        "config": {**said.config, "kubernetes": versions},
        "schemas": {
            "kubernetes": str(bundled.schemas()),
            "versions": versions,
            "crds": [str(place.resolve()) for place in ((shipped,) if shipped else ()) + tuple(crds)],
        },
        "input": False,
    }


def _kubernetes(asked: str | None, of_stack: Sequence[str]) -> list[str]:
    """Return the Kubernetes versions to judge for: asked for, or the stack's, or the newest known."""
    known = bundled.schema_versions()
    versions = [asked] if asked else list(of_stack) or [known[-1]]
    for version in versions:
        if version not in known:
            hint = f"there are {known[0]} to {known[-1]}; upgrading kubernetes-validate brings newer ones"
            raise InputError(f"there are no schemas for Kubernetes {version}", hint=hint)
    return versions


def _inputs(engine: Engine, root: Path, wanted: Sequence[Wanted]) -> Inputs:
    """Return the objects and sources of each target that can be rendered."""
    answers = engine.build(root, wanted, objects=True)
    return {
        answer.target.name: answer.input
        for answer in answers
        if answer.input is not None and answer.problem is None
    }


def _maps(inputs: Inputs) -> tuple[tuple[str, Connections], ...]:
    """Return the map of each target with workloads that talk."""
    from asky_gitops.findings.connections import connections, with_arrows

    return tuple(with_arrows({name: connections(inputs[name]["items"]) for name in sorted(inputs)}).items())


def _text(root: Path, name: str, stdin: bytes | None) -> str:
    return sources(root, {name}, stdin).get(name, "")


def _judged(
    engine: Engine,
    root: Path,
    wanted: Sequence[Wanted],
    said: Mapping[str, Any],
    url: str | None,
    upload: bool,
) -> Judgement:
    """Judge with the OPA inside the engine, or with the one at `url`."""
    if url is not None:
        return _on_server(engine, root, wanted, said, url, upload)
    rules, answers = engine.judge(root, wanted, said)
    return _counted(rules, answers)


def _on_server(
    engine: Engine, root: Path, wanted: Sequence[Wanted], said: Mapping[str, Any], url: str, upload: bool
) -> Judgement:
    """Render and validate in the engine, let an OPA server judge, and locate what it found."""
    from asky_gitops.adapters.opa_server import OpaServer

    with OpaServer(url) as server:
        rules, answers = engine.judge(root, wanted, {**said, "input": True})
        if upload:
            server.upload(_modules([said["policies"], *said["extra"]]))
        judged = []
        for answer in answers:
            if answer.input is not None:
                report = server.report(answer.input)
                located = engine.locate(answer.target.name, report["findings"])
                answer = replace(
                    answer,
                    target=replace(answer.target, rules=report["rules"]),
                    findings=(*answer.findings, *located),
                )
            judged.append(answer)
    return _counted(rules, judged)


def _modules(folders: Sequence[str]) -> list[str]:
    """Return the policies in folders, without their tests."""
    return [
        file.read_text("utf-8")
        for folder in map(Path, folders)
        for file in sorted(folder.rglob("*.rego"))
        if not file.name.endswith("_test.rego")
    ]


def _counted(rules: Sequence[Rule], answers: Sequence[Answer]) -> Judgement:
    """Refuse verdicts by another number of rules than there are: some were not asked. New rules warn."""
    rules = lifecycle.aged(rules, bundled.rules())
    problems = []
    counted = []
    for answer in answers:
        problem = answer.problem
        if problem is None and answer.target.rules != len(rules):
            message = f"{answer.target.rules} rules were evaluated, not {len(rules)}"
            problem = Problem("policy-failed", answer.target.name, message, exit_code=3)
        if problem is not None:
            problems.append(problem)
            answer = replace(answer, target=replace(answer.target, status="failed"), findings=())
        counted.append(replace(answer, findings=lifecycle.judged(answer.findings, rules)))
    problems.sort(key=lambda problem: problem.target or "")
    return Judgement(rules, counted, problems)


def _with_passed_over(report: Report, passed_over: Mapping[str, tuple[tuple[str, str], ...]]) -> Report:
    """Add what a search for targets found beside them."""
    targets = tuple(
        replace(target, unjudged=tuple(sorted({*target.unjudged, *passed_over.get(target.name, ())})))
        for target in report.targets
    )
    return replace(report, targets=targets)


def _unlisted(root: Path, paths: Sequence[str], sql: Sequence[str], judged: Judgement) -> Iterator[Problem]:
    """Yield a problem for each file of SQL that nothing would ever run."""
    rendered = {path for answer in judged.answers for path in answer.target.closure}
    below = [] if paths else [folder.split("/")[0] for folder in sql]
    for path in sql_folders.unlisted(root, files.walk(root, set(below)), rendered):
        message = f"{path} is in no kustomization: nothing would run it"
        hint = "`asky-gitops generate` lists what is in the folders of migrations and seeds"
        yield Problem("unlisted-sql", None, message, Location(path, 1, 1, 1, 1), hint=hint)


def _unjudged(report: Report) -> list[Problem]:
    """Return as problems what --strict does not let pass."""
    problems = []
    for target in report.targets:
        for kind in target.unknown_kinds:
            message = f"no schema is known for {kind}"
            problems.append(Problem("unknown-kind", target.name, message, hint="--crds DIR adds schemas"))
        for file, reason in target.unjudged:
            problems.append(Problem("unjudged-file", None, f"{file} was not judged: {reason}"))
    return problems


def _versions(engine: Engine) -> dict[str, str]:
    linked = engine.versions()
    return {
        "asky-gitops": __version__,
        "kustomize": linked["kustomize"],
        "opa": linked["opa"],
        "schemas": bundled.schema_version(),
    }
