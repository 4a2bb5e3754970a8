from dataclasses import replace

from asky_gitops.findings.field import dotted
from asky_gitops.findings.fingerprint import fingerprint
from asky_gitops.findings.merge import merged
from asky_gitops.model.finding import Finding, Location, Related
from asky_gitops.model.manifest import ResourceRef

SERVICE = Finding(
    rule="exposed-database",
    category="security",
    severity="error",
    message="the internet can reach a database",
    resource=ResourceRef("v1", "Service", "asky", "postgres"),
    path=("spec", "type"),
    overlays=("eks",),
    location=Location("base/postgres/service.yaml", 7, 9, 7, 21),
    trace=("internet", "Service asky/postgres:5432", "Cluster asky/asky-db"),
)


def test_one_defect_of_a_base_is_one_finding_that_names_every_overlay() -> None:
    there = replace(
        SERVICE,
        overlays=("minikube",),
        trace=("internet", "Service asky/postgres:5432", "StatefulSet asky/postgres"),
        related=(Related("overlays/minikube/kustomization.yaml", 3, 1, "the entry"),),
    )
    one = replace(SERVICE, overlays=("eks", "minikube"), related=there.related)
    assert merged([there, SERVICE]) == (replace(one, fingerprint=fingerprint(SERVICE)),)


def test_what_differs_in_message_or_place_stays_apart() -> None:
    cpu = replace(SERVICE, message="no cpu limit")
    memory = replace(SERVICE, message="no memory limit")
    elsewhere = replace(SERVICE, location=Location("overlays/eks/custom/a.yaml", 1, 1, 1, 2))
    found = [(one.message, one.location and one.location.file) for one in merged([memory, elsewhere, cpu])]
    assert found == [
        ("no cpu limit", "base/postgres/service.yaml"),
        ("no memory limit", "base/postgres/service.yaml"),
        ("the internet can reach a database", "overlays/eks/custom/a.yaml"),
    ]


def test_two_paths_of_one_overlay_to_the_same_field_stay_two_findings() -> None:
    other = replace(SERVICE, trace=("internet", "Ingress asky/gateway", "Cluster asky/asky-db"))
    assert [one.trace for one in merged([SERVICE, other])] == [other.trace, SERVICE.trace]


def test_the_same_finding_twice_is_one() -> None:
    assert merged([SERVICE, SERVICE]) == merged([SERVICE])


def test_a_finding_on_a_source_is_dropped_where_the_rendered_one_points_at_the_same_place() -> None:
    source = replace(SERVICE, resource=None, message="the render does not show it", overlays=("minikube",))
    other = replace(source, resource=ResourceRef("v1", "Service", None, "postgres"), overlays=("third",))
    elsewhere = replace(source, location=Location("base/other.yaml", 1, 1, 1, 5))
    found = [
        (one.resource and one.resource.name, one.overlays)
        for one in merged([source, other, elsewhere, SERVICE])
    ]
    assert found == [(None, ("minikube",)), ("postgres", ("eks", "minikube", "third"))]


def test_errors_come_before_warnings_and_then_files_and_lines_in_order() -> None:
    places = [
        ("warning", "a.yaml", 1),
        ("error", "b.yaml", 10),
        ("error", "b.yaml", 9),
        ("error", "a.yaml", 2),
        ("error", None, 0),
    ]
    findings = [
        replace(SERVICE, severity=severity, location=Location(file, line, 1, line, 2) if file else None)  # type: ignore[arg-type]
        for severity, file, line in places
    ]
    ordered = [
        (one.severity, one.location and one.location.file, one.location.line if one.location else 0)
        for one in merged(findings)
    ]
    assert ordered == [places[3], places[2], places[1], places[4], places[0]]
    assert merged(reversed(findings)) == merged(findings)


def test_a_fingerprint_holds_rule_resource_and_field_and_nothing_that_moves() -> None:
    assert fingerprint(SERVICE) == "v1:ce63ae6303da195c0fca1a77297fb38855145d79be022ddbd31722a122b521ca"
    moved = replace(
        SERVICE,
        location=Location("elsewhere.yaml", 99, 1, 99, 2),
        overlays=("other",),
        message="other words",
        trace=(),
        severity="warning",
    )
    assert fingerprint(moved) == fingerprint(SERVICE)


def test_a_fingerprint_differs_by_rule_resource_and_field() -> None:
    others = [
        replace(SERVICE, rule="other"),
        replace(SERVICE, resource=ResourceRef("v1", "Service", "asky", "other")),
        replace(SERVICE, resource=ResourceRef("v1", "Service", None, "postgres")),
        replace(SERVICE, path=("spec", "externalIPs")),
        replace(SERVICE, resource=None),
    ]
    assert len({fingerprint(one) for one in [SERVICE, *others]}) == 6


def test_a_field_is_written_the_way_people_write_it() -> None:
    assert dotted(("spec", "ports", 0, "port")) == "spec.ports[0].port"
    assert dotted(("metadata", "annotations", "a.b/c")) == 'metadata.annotations["a.b/c"]'
    assert dotted(("data", 'a"b\\')) == 'data["a\\"b\\\\"]'
    assert dotted(()) == ""
