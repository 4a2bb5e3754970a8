// Other projects whose manifests `make survey` tries the rules on, exact versions. Nothing of them is kept in the repository,
// and no Go code is compiled from them, so `go mod tidy` must not be run here; go.sum holds their hashes.
module asky-gitops.dev/tests/trees

go 1.24

require (
	github.com/argoproj/argo-cd/v3 v3.5.1
	github.com/argoproj/argo-rollouts v1.8.3
	github.com/cloudnative-pg/cloudnative-pg v1.30.0
	github.com/cloudnative-pg/plugin-barman-cloud v0.14.0
	github.com/external-secrets/external-secrets v1.3.2
	github.com/prometheus-operator/prometheus-operator v0.93.0
	github.com/stefanprodan/podinfo v1.8.1-0.20250910200901-e86405a8674e
	github.com/zalando/postgres-operator v1.14.0
	k8s.io/ingress-nginx v0.0.0-20240708192948-52c50467d67d
	sigs.k8s.io/aws-load-balancer-controller v1.1.9
	sigs.k8s.io/gateway-api v1.6.1
	sigs.k8s.io/kustomize v2.0.3+incompatible
	sigs.k8s.io/kwok v0.8.0
	sigs.k8s.io/metrics-server v0.9.0
)
