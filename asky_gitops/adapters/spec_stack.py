"""A file that was read becomes a `Stack`: every view built, every rule about several values held."""

from functools import partial
from typing import Any

from asky_gitops.adapters import (
    spec_database,
    spec_jobs,
    spec_names,
    spec_overlays,
    spec_resolve,
    spec_services,
)
from asky_gitops.adapters.spec_decode import Complaints
from asky_gitops.adapters.spec_merge import Layers
from asky_gitops.adapters.spec_yaml import Steps
from asky_gitops.model import stack as model
from asky_gitops.model.defaults import DEFAULTS, section
from asky_gitops.model.lock import Lock, chart

MINORS = DEFAULTS["kubernetes"].value
"""CloudNativePG 1.30 supports these (its supported_releases.md)."""


class Builder:
    """One pass over one file; what is wrong goes to `complaints`, and a part that is wrong is None."""

    def __init__(self, layers: Layers, complaints: Complaints) -> None:
        self.layers = layers
        self.complaints = complaints
        self.checks = model.Checks("require", ())

    def stack(self, lock: Lock) -> model.Stack | None:
        """Return the stack, its SQL not yet listed, or None after complaining."""
        if self.complaints.sound(("checks",)):
            said = spec_resolve.merged(section("checks"), self.layers.at("checks"))
            self.checks = spec_resolve.built(said, model.Checks)
        spec_names.names(self.layers, self.complaints)
        spec_jobs.names(self.layers, self.complaints)
        spec_overlays.platforms(self.layers, self.complaints)
        kubernetes = self.kubernetes()
        services = self.services(None)
        database = self.database(None)
        overlays = {name: self.overlay(name) for name in self.layers.at("overlays")}
        if self.complaints.errors:
            return None
        metadata = self.layers.at("metadata")
        source = spec_resolve.merged(section("source"), self.layers.at("source"))
        return model.Stack(
            name=metadata["name"],
            namespace=metadata.get("namespace") or metadata["name"],
            source=spec_resolve.built(source, model.Source),
            kubernetes=kubernetes,
            checks=self.checks,
            services=services,
            database=database,
            monitoring=spec_resolve.built(self.layers.monitoring(None), model.Monitoring),
            overlays={name: overlay for name, overlay in overlays.items() if overlay},
            sql={},
            pins=lock.images,
            charts={name: chart(pin) for name, pin in lock.charts.items()},
            tools=lock.tools,
        )

    def kubernetes(self) -> tuple[str, ...]:
        """Return the minor versions, lowest first; refuse those that the output is not made for."""
        said = self.layers.data.get("kubernetes")
        if not isinstance(said, list) or not self.complaints.sound(("kubernetes",)):
            return tuple(MINORS)
        for index, minor in enumerate(said):
            steps: Steps = ("kubernetes", index)
            if minor not in MINORS:
                words = f"kubernetes {minor} is outside {MINORS[0]} to {MINORS[-1]}"
                self.complaints.add(steps, words, hint="CloudNativePG 1.30 supports those")
            if minor in said[:index]:
                self.complaints.add(steps, f"kubernetes {minor} is listed twice")
        if not said:
            self.complaints.add(("kubernetes",), "kubernetes needs at least one version", key=True)
        return tuple(sorted(said, key=lambda minor: int(minor.split(".")[1])))

    def services(self, overlay: str | None) -> dict[str, model.Service]:
        """Return the services as the base or an overlay sees them, without those that could not be read."""
        host = self.layers.at("overlays", overlay, "ingress").get("host") if overlay else None
        found = {name: self.service(name, overlay, host) for name in self.layers.at("services")}
        read = {name: service for name, service in found.items() if service}
        spec_database.services(read, self.layers, overlay, self.complaints)
        return read

    def service(self, name: str, overlay: str | None, host: Any) -> model.Service | None:
        """Return one service, judged; None when a part of it could not be read."""
        at = self.layers.service_layers(name, overlay)
        if not self.complaints.sound(
            *at, ("checks",), *([("overlays", overlay, "ingress")] if overlay else [])
        ):
            return None
        spec_services.replicas(self.layers, name, overlay, self.complaints)
        data = self.layers.service(name, overlay)
        if lost := [key for key in ("image", "port") if data.get(key) is None]:
            for key in lost:
                words = f"{name} needs {key}: null takes back what was said"
                self.complaints.add(self.layers.find(at, key), words, key=True)
            return None
        said = (data.get("public") or {}).get("host")
        above = (
            self.layers.at("overlays", overlay, "services", name, "public").get("host") if overlay else None
        )
        if data["public"] is not None:
            aliases = [] if host and not above else data["public"]["aliases"]
            data["public"] = {**data["public"], "host": above or host or said or "", "aliases": aliases}
        service = spec_resolve.service(data, self.checks.cpu_limits)
        has_database = isinstance(self.layers.data.get("database"), dict) or not self.complaints.sound(
            ("database",)
        )
        find = partial(self.layers.find, at)
        spec_services.service(service, self.checks, has_database, overlay is not None, find, self.complaints)
        spec_jobs.jobs(service, self.checks, find, self.complaints)
        return service

    def database(self, overlay: str | None) -> model.Database | None:
        """Return the database as the base or an overlay sees it; None when there is none."""
        at = self.layers.database_layers(overlay)
        data = self.layers.database(overlay)
        if overlay and data is None and self.layers.at(*map(str, at[0])):
            self.complaints.add(
                at[0], "the stack has no database", hint="add `database: {}` at the top level", key=True
            )
        if data is None or not self.complaints.sound(*at, ("checks",), ("metadata",)):
            return None
        found = spec_resolve.database(data, self.checks.cpu_limits)
        find = partial(self.layers.find, at)
        spec_services.resources(found.resources, self.checks, find, self.complaints)
        if overlay is None:
            spec_database.database(found, self.complaints)
        return found

    def overlay(self, name: str) -> model.Overlay | None:
        """Return one overlay, judged; None when its own part could not be read."""
        at: Steps = ("overlays", name)
        services = self.services(name)
        database = self.database(name)
        if not self.complaints.sound(at, ("metadata",), ("monitoring",)):
            return None
        said = self.layers.at("overlays", name)
        plain = spec_resolve.merged(
            section("overlay"), {key: said.get(key) for key in ("permits", "profile", "seeds")}
        )
        found = model.Overlay(
            name=name,
            platform=said["platform"],
            profile=plain["profile"],
            seeds=plain["seeds"],
            cluster=(said.get("cluster") or {}).get("name"),
            aws=spec_resolve.aws(said.get("aws")),
            ingress=spec_resolve.ingress(self.layers.part(name, "ingress")),
            monitoring=spec_resolve.built(self.layers.monitoring(name), model.Monitoring),
            operators=spec_resolve.built(self.layers.part(name, "operators"), model.Operators),
            permits=tuple(plain["permits"]),
            secrets=spec_resolve.secrets(
                self.layers.part(name, "secrets"), str(self.layers.at("metadata").get("name")), name
            ),
            services=services,
            database=database,
        )
        spec_overlays.overlay(found, self.layers, self.complaints)
        return found
