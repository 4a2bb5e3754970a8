# METADATA
# title: Mutable tag
# description: |
#   The image has no tag or one that moves: two pods of one Deployment run different programs, and git does not say
#   which.
# custom:
#   remediation: |
#     Name a version (ghcr.io/acme/auth:1.4.2), better with its digest.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/
package rules.reliability["mutable-tag"]

import data.lib.images
import data.lib.result

warn contains result.at(given.object, given.path, message) if {
	some given in images.named
	given.digest == ""
	problem := problem_of(given.tag)
	message := sprintf("the image %s %s", [given.image, problem])
}

problem_of(tag) := "has no tag, which is latest" if {
	tag == ""
} else := "has a tag that moves" if {
	regex.match(moving, tag)
}

moving := concat("", [
	`(?i)^(?:(?:.*[-_.])?(?:latest|main|master|trunk|head|develop|nightly|edge|snapshot|canary|rolling|unstable)`,
	`|dev|test|testing|staging|stable|prod|production|current|release|next|lts|alpha|beta|rc)$`,
])
