#!/usr/bin/env bash
# What a repository does without asky-gitops: render each kustomization, judge it with the same bundle, validate it against the
# same schemas. Usage: by_hand.sh POLICIES SCHEMAS CRDS MINOR SCRATCH FOLDER…
# One folder per processor runs at a time; the status is not 0 when any program finds something or fails.
set -euo pipefail
export policies=$1 schemas=$2 crds=$3 minor=$4 scratch=$5
shift 5

judge() {
  name=${1//\//_}
  if [ -e "$1/kustomization.yaml" ]; then kustomize build "$1"; else awk 'FNR == 1 && NR > 1 { print "---" } 1' "$1"/*.yaml; fi \
    >"$scratch/$name.yaml"
  # The bundle's input is one object that holds the whole overlay: a list item per document.
  awk -v name="$name" 'BEGIN { print "overlay: " name "\nsources: []\nconfig: {cpuLimits: require, databases: []}\nitems:"; first = 1 }
    /^---$/ { first = 1; next } { print (first ? "- " : "  ") $0; first = 0 }' "$scratch/$name.yaml" >"$scratch/$name.input.yaml"
  conftest test --quiet --no-color --policy "$policies" --namespace main "$scratch/$name.input.yaml"
  kubeconform -strict -summary=false -ignore-missing-schemas -kubernetes-version "$minor.0" \
    -schema-location "$schemas/{{.ResourceKind}}{{.KindSuffix}}.json" \
    -schema-location "$crds/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json" "$scratch/$name.yaml"
}
export -f judge

printf '%s\0' "$@" | xargs -0 -P "$(nproc)" -I{} bash -euo pipefail -c 'judge "$1"' judge {}
