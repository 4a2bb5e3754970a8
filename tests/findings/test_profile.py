from asky_gitops.findings.profile import judged
from asky_gitops.model.finding import Finding, Off, Rule


def finding(rule: str) -> Finding:
    return Finding(rule, "reliability", "warning", "no", None, (), ("x",))


def rule(name: str, **custom: str) -> Rule:
    return Rule(name, "reliability", "", "", "", ("warn",), (), custom)


RULES = (rule("single-replica", profile="prod"), rule("mutable-tag", podSecurity="baseline"))
BOTH = [finding("single-replica"), finding("mutable-tag"), finding("single-replica")]


def test_a_dev_overlay_is_not_asked_for_what_production_needs_and_it_is_counted() -> None:
    found = [("overlays/mini", BOTH), ("overlays/mini/platform", BOTH[:1]), ("argocd/mini", BOTH[:1])]
    assert judged(found, ("mini",), RULES) == ([BOTH[1]], (Off("mini", "single-replica", 4),))


def test_every_other_target_is_asked_for_everything() -> None:
    found = [("overlays/mini2", BOTH), ("overlays", BOTH[:1]), ("mini", BOTH[:1]), ("-", BOTH[:1])]
    assert judged(found, ("mini",), RULES) == ([*BOTH, *BOTH[:1] * 3], ())
