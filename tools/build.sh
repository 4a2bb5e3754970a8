#!/usr/bin/env bash
# Builds the development tools into .tools/bin, each from its exact pin; a tool whose pins have not changed is left alone.
# Usage: tools/build.sh [NAME…]     without a name: all of them
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(dirname "$here")/.tools/bin
export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=readonly GOWORK=off

# name, folder of the module that pins it, package; regal needs an older OPA, so it is a module of its own.
tools="
opa         .      github.com/open-policy-agent/opa
kustomize   .      sigs.k8s.io/kustomize/kustomize/v5
conftest    .      github.com/open-policy-agent/conftest
regal       regal  github.com/open-policy-agent/regal
actionlint  actionlint github.com/rhysd/actionlint/cmd/actionlint
kubeconform .      github.com/yannh/kubeconform/cmd/kubeconform
kube-score  .      github.com/zegl/kube-score/cmd/kube-score
promrules   promrules asky-gitops.dev/tools/promrules
"

command -v go >/dev/null || { echo "error: no go on PATH (tools/go.mod says which version)" >&2; exit 3; }

build() {
  local name=$1 module=$here/$2 package=$3 stamp
  stamp=$({ go version; cat "$module/go.mod" "$module/go.sum" "$here/build.sh"; find "$module" -maxdepth 1 -name 'main.go' -exec cat {} +; } | cksum)
  [ -x "$bin/$name" ] && [ "$(cat "$bin/.$name.built" 2>/dev/null)" = "$stamp" ] && return
  echo "building $name"
  go build -C "$module" -trimpath -buildvcs=false -ldflags "-s -w" -o "$bin/$name.new" "$package"
  mv "$bin/$name.new" "$bin/$name"
  echo "$stamp" >"$bin/.$name.built"
}

mkdir -p "$bin"
wanted=" ${*:-} "
while read -r name module package; do
  [ -z "$name" ] && continue
  if [ $# -eq 0 ] || [[ $wanted == *" $name "* ]]; then
    build "$name" "$module" "$package"
    wanted=${wanted/ $name / }
  fi
done <<<"$tools"
[ -z "${wanted// /}" ] || { echo "error: no such tool:${wanted%" "}" >&2; exit 2; }
