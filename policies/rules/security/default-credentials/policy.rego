# METADATA
# title: Default credentials
# description: |
#   The password is the one that everybody tries first: the product's default or one of the most common.
# custom:
#   since: "0.1"
#   remediation: |
#     Let a random one be made in the cluster or in a vault, and refer to it.
# related_resources:
#   - ref: https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/04-Authentication_Testing/02-Testing_for_Default_Credentials
#   - ref: https://cloudnative-pg.io/documentation/current/security/
package rules.security["default-credentials"]

import data.lib.result
import data.lib.secrets

deny contains result.at(written.object, written.path, message) if {
	some written in secrets.rendered
	lower(trim_space(written.found.value)) in defaults
	message := sprintf("%s is the one that everybody tries first", [written.found.what])
}

defaults := {
	"", "0000", "1234", "12345", "123456", "12345678", "123456789", "admin", "admin123", "administrator", "changeit",
	"changeme", "changethis", "default", "demo", "dev", "example", "grafana", "guest", "letmein", "minio", "minioadmin",
	"mongo", "mysecretpassword", "mysql", "pass", "passw0rd", "password", "password1", "password123", "pg", "postgres",
	"postgresql", "prom-operator", "qwerty", "rabbitmq", "redis", "root", "rootpassword", "secret", "superuser", "test",
	"test123", "toor", "user",
}
