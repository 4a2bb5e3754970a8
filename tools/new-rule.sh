#!/usr/bin/env bash
# Starts a rule: one folder with policy, test and page. Usage: tools/new-rule.sh <category>/<rule-id>
# It is complete but for what it judges: it passes opa test, opa fmt and regal, and `asky-gitops check` counts it at once.
set -euo pipefail

rule=${1:-}
if ! [[ $rule =~ ^[a-z]+/[a-z][a-z0-9]*(-[a-z0-9]+)*$ ]]; then
  echo "error: name the rule: make new-rule RULE=<category>/<rule-id>, such as security/sleepy-container" >&2
  exit 2
fi
category=${rule%%/*} id=${rule#*/}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$root/policies/rules/$rule
other=$(find "$root/policies/rules" -mindepth 2 -maxdepth 2 -type d -name "$id")
if [ -n "$other" ]; then
  echo "error: there is a rule of that name: ${other#"$root/"}" >&2
  exit 1
fi
title=${id//-/ }
title=${title^}
version=$(sed -n 's/^__version__ = "\([0-9]*\.[0-9]*\)\..*/\1/p' "$root/asky_gitops/__init__.py")

mkdir -p "$folder"
cat >"$folder/policy.rego" <<REGO
# METADATA
# title: $title
# description: |
#   What can go wrong with an object that this rule denies, in one or two sentences.
# custom:
#   since: "$version"
#   remediation: |
#     What to write instead.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/
package rules.$category["$id"]

import data.lib.result

deny contains result.at(object, ["metadata", "name"], message) if {
	some object in input.items
	object.metadata.name == "$id"
	message := sprintf("%s is named like the rule", [object.kind])
}
REGO
cat >"$folder/policy_test.rego" <<REGO
package rules.$category["${id}_test"]

import data.rules.$category["$id"] as rule

messages(name) := said if {
	findings := rule.deny with input as {"items": [{"kind": "Pod", "metadata": {"name": name}}]}
	said := {finding.message | some finding in findings}
}

test_deny_named_like_the_rule if {
	messages("$id") == {"Pod is named like the rule"}
}

test_allow_another_name if {
	messages("web") == set()
}
REGO
cat >"$folder/README.md" <<MARKDOWN
# $id

## Summary

What every object must be like, in one sentence.

## Avoid

\`\`\`yaml
apiVersion: v1
kind: Pod
metadata: {name: $id}
\`\`\`

## Prefer

\`\`\`yaml
apiVersion: v1
kind: Pod
metadata: {name: web}
\`\`\`

## Rationale

Why, and when not.

## Related

- [Concepts](https://kubernetes.io/docs/concepts/)
MARKDOWN

echo "wrote policies/rules/$rule/"
echo "next: edit policy.rego · opa test policies · asky-gitops check"
