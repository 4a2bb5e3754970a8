// The modules whose CustomResourceDefinitions are packed into the wheel (tools/bundle/crds.py), exact versions.
// No Go code is compiled from them, so `go mod tidy` must not be run here; go.sum holds their hashes.
// external-secrets: v1.3.2 is the newest its module path can carry (v2 tags need a /v2 path, its go.mod has none).
module asky-gitops.dev/tools/schemas

go 1.26

require (
	github.com/argoproj/argo-cd/v3 v3.5.1
	github.com/cert-manager/cert-manager v1.21.1
	github.com/cloudnative-pg/cloudnative-pg v1.30.0
	github.com/cloudnative-pg/plugin-barman-cloud v0.14.0
	github.com/external-secrets/external-secrets v1.3.2
	github.com/prometheus-operator/prometheus-operator v0.93.0
	sigs.k8s.io/gateway-api v1.6.1
)
