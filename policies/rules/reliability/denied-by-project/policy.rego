# METADATA
# title: Denied by project
# description: |
#   An overlay renders an object that its Argo CD project does not permit: Argo CD refuses the whole sync, the rest of
#   it too.
# custom:
#   since: "0.1"
#   remediation: |
#     Add the kind to overlays.<name>.permits in asky.yaml, or leave the object out. A Secret is never permitted, and
#     neither is another namespace or an object without one.
# related_resources:
#   - ref: https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
package rules.reliability["denied-by-project"]

import data.lib.kubernetes
import data.lib.result

deny contains result.at(manifest, ["kind"], message) if {
	is_stack
	some manifest in kubernetes.objects
	not is_ours(manifest)
	not is_permitted(manifest)
	message := sprintf("Argo CD's project does not permit %s%s", [kind(manifest), place(manifest)])
}

# What is generated is what the project permits.
ours contains manifest if {
	some manifest in kubernetes.objects
	is_ours(manifest)
}

is_ours(manifest) if {
	kubernetes.text(manifest, ["metadata", "labels", "app.kubernetes.io/managed-by"]) == "asky-gitops"
}

# Argo CD's own objects are applied by hand, not by an Application.
is_stack if {
	count(ours) > 0
	every manifest in ours { not startswith(kind(manifest), "argoproj.io/") }
}

is_permitted(manifest) if {
	kind(manifest) in (kinds | further)
	kind(manifest) != "Secret"
	space(manifest) in spaces
}

kinds contains kind(manifest) if some manifest in ours

spaces contains space(manifest) if {
	some manifest in ours
	space(manifest) != ""
}

further contains permitted if {
	of_overlays := kubernetes.setting("permits", {})
	some permitted in kubernetes.list(of_overlays, [kubernetes.text(input, ["overlay"])])
}

kind(manifest) := concat("/", array.concat(group(manifest), [kubernetes.text(manifest, ["kind"])]))

group(manifest) := array.slice(parts, 0, count(parts) - 1) if {
	parts := split(kubernetes.text(manifest, ["apiVersion"]), "/")
}

space(manifest) := kubernetes.text(manifest, ["metadata", "namespace"])

place(manifest) := sprintf(" in the namespace %s", [space(manifest)]) if space(manifest) != ""

place(manifest) := " outside a namespace" if space(manifest) == ""
