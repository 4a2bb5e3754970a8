"""CronJobs become jobs of the service they belong to."""

import re
from typing import Any

from asky_gitops.adopt.edges import egress
from asky_gitops.adopt.found import Found, slug
from asky_gitops.adopt.login import PROVIDED, READONLY, pointed
from asky_gitops.adopt.pods import containers, environment, resources, template
from asky_gitops.adopt.scene import Scene, is_own, matches
from asky_gitops.adopt.values import withheld

PROGRAM = ("command", "args")
OF_CRON = (
    ("concurrency", "concurrencyPolicy"),
    ("timeZone", "timeZone"),
    ("startingDeadline", "startingDeadlineSeconds"),
    ("suspend", "suspend"),
)
OF_RUN = (("retries", "backoffLimit"), ("deadline", "activeDeadlineSeconds"))
HISTORY = (("successful", "successfulJobsHistoryLimit"), ("failed", "failedJobsHistoryLimit"))


def adopt(scene: Scene) -> set[int]:
    """Put each CronJob on the service it belongs to; return the `id`s of those that were."""
    done = set()
    for one in scene.of_kind("CronJob"):
        run = (one.spec.get("jobTemplate") or {}).get("spec") or {}
        owner = owner_of(one, run, scene)
        if owner is None or len(containers(run)) != 1:
            continue
        name = re.sub(f"^{re.escape(owner)}-", "", slug(one.name))[:30].rstrip("-")
        scene.services[owner].setdefault("jobs", {})[name] = job(one, run, owner, scene)
        words = f"services.{owner}.jobs.{name}: with the service's environment and login"
        scene.log.add("taken", one, words)
        done.add(id(one))
    return done


def owner_of(one: Found, run: dict[str, Any], scene: Scene) -> str | None:
    """Return the service whose image a CronJob runs; our own has the account of its service."""
    if is_own(one):
        account = (template(run).get("spec") or {}).get("serviceAccountName")
        return account if account in scene.services else None
    image = containers(run)[0]["image"]
    return next((name for name, each in scene.services.items() if each["image"] == image), None)


def job(one: Found, run: dict[str, Any], owner: str, scene: Scene) -> dict[str, Any]:
    """Return one job in the spec's words."""
    container, around, service = containers(run)[0], scene.around, scene.services[owner]
    known, calls = service.get("env", {}), dict[str, None]()
    env = {
        each.name: pointed(each.value, owner, around, calls)
        for each in environment(container, around.sources)
        if each.value is not None and not each.inline and each.name not in (*PROVIDED, READONLY)
    }
    env = {name: value for name, value in env.items() if known.get(name) != value}
    made: dict[str, Any] = {"schedule": one.spec["schedule"]}
    if container["image"] != service["image"]:
        made["image"] = str(container["image"])
    for key in PROGRAM:
        if container.get(key):
            made[key] = [withheld(str(part)) for part in container[key]]
    made |= {ours: one.spec[theirs] for ours, theirs in OF_CRON if one.spec.get(theirs) is not None}
    made |= {ours: run[theirs] for ours, theirs in OF_RUN if theirs in run}
    history = {ours: one.spec[theirs] for ours, theirs in HISTORY if one.spec.get(theirs) is not None}
    ways = ways_out(run, scene, set(calls))
    more = {"history": history, "env": env, "resources": resources(container), **ways}
    return made | {key: value for key, value in more.items() if value}


def ways_out(run: dict[str, Any], scene: Scene, calls: set[str]) -> dict[str, list[Any]]:
    """Return whom a job calls, by its environment and by the policies of its pods, and where to outside."""
    out: list[Any] = []
    pod = Found({"kind": "Job", "metadata": {}, "spec": run}, "")
    for one in scene.of_kind("NetworkPolicy"):
        if matches(one.spec.get("podSelector"), pod):
            out += egress(one)
            for rule in one.spec.get("egress") or []:
                for peer in rule.get("to") or []:
                    calls |= set(scene.chosen(peer.get("podSelector")))
    return {"calls": sorted(calls), "egress": out}
