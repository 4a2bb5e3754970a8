#!/usr/bin/env bash
# The whole path on a scratch repository: init, generate, check, commit; then one spoiled line, and check refusing it.
# Every command is printed as it would be typed. Needs asky-gitops and git on PATH (`make demo` sees to it).
set -euo pipefail

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
unset "${!GIT_@}"

say() { printf '\n# %s\n' "$*"; }
run() {
  printf '$ %s\n' "$1"
  eval "$1"
}

say "a new repository, and the spec to start from"
run 'git init --quiet --initial-branch=main asky && cd asky'
git config user.name Demo
git config user.email demo@example.org
git config commit.gpgsign false
run 'asky-gitops init'
run 'sed -n "1,20p" asky.yaml'

say "the manifests, judged before anything is committed"
run 'asky-gitops generate'
run 'asky-gitops check'
run 'asky-gitops commit -m "The first version"'

say "what Argo CD will sync"
run 'git ls-files | sed -n "1,30p"'
run 'asky-gitops build --overlay minikube | grep -c "^kind:"'
run 'git status --short'

say "one spoiled line: the database's Service, opened to the internet"
spoiled=overlays/minikube/custom/kustomization.yaml
cat >"$spoiled" <<'YAML'
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target: {kind: Service, name: postgres}
    patch: |-
      apiVersion: v1
      kind: Service
      metadata: {name: postgres}
      spec:
        type: LoadBalancer
YAML
run "sed -n 4,10p $spoiled"
status=0
run 'asky-gitops check' || status=$?
printf '$ echo $?\n%s\n' "$status"
if [ "$status" != 1 ]; then
  echo "error: check should have refused this with exit status 1" >&2
  exit 1
fi
status=0
run 'asky-gitops commit -m "Open the database for a minute"' || status=$?
[ "$status" = 1 ] || { echo "error: commit should have refused this with exit status 1" >&2; exit 1; }

say "taken back, and all is well"
run "git checkout --quiet -- $spoiled && asky-gitops check"
