# METADATA
# title: Missing digest
# description: |
#   A tag can be pushed again. What runs a database can read and lose everything in it, and two instances may differ.
# custom:
#   remediation: |
#     Add the digest: postgres:17.2@sha256:…; `docker buildx imagetools inspect` prints it, and update bots keep it.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/
#   - ref: https://cloudnative-pg.io/documentation/current/image_catalog/
package rules.reliability["missing-digest"]

import data.lib.images
import data.lib.result

warn contains result.at(given.object, given.path, message) if {
	some given in images.named
	given.is_database
	given.digest == ""
	message := sprintf("the database's image %s has no digest", [given.image])
}
