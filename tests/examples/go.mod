// Manifests of other projects that the rules are tried on, exact versions. Nothing of them is kept in the repository, and
// no Go code is compiled from them, so `go mod tidy` must not be run here; go.sum holds their hashes.
module asky-gitops.dev/tests/examples

go 1.24

require k8s.io/pod-security-admission v0.37.2
