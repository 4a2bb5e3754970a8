package main

import (
	"os"
	"path/filepath"
	"testing"
)

const foreign = `
-- README.md --
# not YAML
-- .git/config.yaml --
{apiVersion: v1, kind: ConfigMap, metadata: {name: never}}
-- node_modules/x/a.yaml --
{apiVersion: v1, kind: ConfigMap, metadata: {name: never}}
-- .github/workflows/ci.yml --
on: push
-- app/base/kustomization.yaml --
resources: [d.yaml, crds]
configurations: [names.yaml]
patches: [{path: patch.yaml}]
configMapGenerator: [{name: c, files: [settings.yaml]}]
-- app/base/d.yaml --
{apiVersion: v1, kind: ConfigMap, metadata: {name: d}}
-- app/base/patch.yaml --
{apiVersion: v1, kind: ConfigMap, metadata: {name: d}}
-- app/base/settings.yaml --
{apiVersion: v1, kind: ConfigMap, metadata: {name: data}}
-- app/base/names.yaml --
namePrefix: []
-- app/base/crds/Kustomization --
resources: []
-- app/overlays/a/kustomization.yaml --
resources: [../../base]
components: [../../part]
-- app/overlays/b/kustomization.yml --
resources: [../../base]
-- app/part/kustomization.yaml --
kind: Component
apiVersion: kustomize.config.k8s.io/v1alpha1
-- app/unused/kustomization.yaml --
kind: Component
apiVersion: kustomize.config.k8s.io/v1alpha1
-- circle/one/kustomization.yaml --
resources: [../two]
-- circle/two/kustomization.yaml --
resources: [../one]
-- broken/kustomization.yaml --
resources: [
-- chart/Chart.yaml --
apiVersion: v2
name: c
-- chart/templates/d.yaml --
apiVersion: v1
kind: ConfigMap
-- chart/values.yaml --
a: b
-- loose/many.yaml --
just: text
---
{apiVersion: v1, kind: Secret, metadata: {name: s}}
-- loose/o.json --
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "o"}}
-- loose/package.json --
{"name": "x"}
-- loose/tsconfig.json --
// a comment
{}
-- loose/template.yaml --
name: {{ .Values.name }}
-- loose/wrong.yaml --
a: b: c
-- loose/values-prod.yaml --
a: b
-- loose/docker-compose.yml --
services: {}
-- loose/notes.yaml --
- a
-- loose/empty.yaml --
# nothing
-- asky.yaml --
apiVersion: asky-gitops.dev/v1alpha1
kind: Stack
`

func TestDiscoverNamesEveryTargetAndEveryFileThatIsNone(t *testing.T) {
	root := tree(t, foreign)
	same(t, text(t, ask(t, map[string]any{"op": "discover", "root": root, "path": "."})), `[{"error":null,"targets":[`+
		`{"kustomization":"app/overlays/a","name":"app/overlays/a"},{"kustomization":"app/overlays/b","name":"app/overlays/b"},`+
		`{"kustomization":"broken","name":"broken"},{"kustomization":"circle/one","name":"circle/one"},`+
		`{"files":["loose/many.yaml","loose/o.json"],"name":"."},{"files":["loose/wrong.yaml"],"name":"loose/wrong.yaml"}],"type":"discovered","unjudged":[`+
		`{"file":".github/workflows/ci.yml","reason":"configuration of a CI system"},`+
		`{"file":"app/unused/kustomization.yaml","reason":"a Kustomize Component that no kustomization refers to"},`+
		`{"file":"asky.yaml","reason":"written for asky-gitops, not for Kubernetes"},`+
		`{"file":"chart/Chart.yaml","reason":"part of a Helm chart, which is not rendered"},`+
		`{"file":"chart/templates/d.yaml","reason":"part of a Helm chart, which is not rendered"},`+
		`{"file":"chart/values.yaml","reason":"part of a Helm chart, which is not rendered"},`+
		`{"file":"loose/docker-compose.yml","reason":"a Compose file"},`+
		`{"file":"loose/empty.yaml","reason":"not a Kubernetes manifest"},`+
		`{"file":"loose/notes.yaml","reason":"not a Kubernetes manifest"},`+
		`{"file":"loose/template.yaml","reason":"a template, which is not rendered"},`+
		`{"file":"loose/values-prod.yaml","reason":"values of a Helm chart"}]},{"type":"done"}]`)
}

func TestDiscoverTakesOneKustomizationOneFileOrNothing(t *testing.T) {
	root := tree(t, foreign)
	for path, want := range map[string]string{
		"app/base":                         `[{"error":null,"targets":[{"kustomization":"app/base","name":"app/base"}],"type":"discovered","unjudged":[]},{"type":"done"}]`,
		"app/overlays/b/kustomization.yml": `[{"error":null,"targets":[{"kustomization":"app/overlays/b","name":"app/overlays/b"}],"type":"discovered","unjudged":[]},{"type":"done"}]`,
		"app/base/patch.yaml":              `[{"error":null,"targets":[{"files":["app/base/patch.yaml"],"name":"app/base/patch.yaml"}],"type":"discovered","unjudged":[]},{"type":"done"}]`,
		"nowhere":                          `[{"error":{"code":"missing-file","message":"'nowhere' does not exist","location":null,"exit":2},"targets":[],"type":"discovered","unjudged":[]},{"type":"done"}]`,
		"../":                              `[{"error":{"code":"render-failed","message":"security; '..' leads outside the repository","location":null,"exit":2},"targets":[],"type":"discovered","unjudged":[]},{"type":"done"}]`,
	} {
		same(t, text(t, ask(t, map[string]any{"op": "discover", "root": root, "path": path})), reorder(t, want))
	}
}

func TestAFileThatCannotBeReadIsATargetSoThatItsErrorIsSeen(t *testing.T) {
	root := tree(t, "-- a.yaml --\nkind: X\n")
	if err := os.Symlink("/etc/hostname", filepath.Join(root, "out.yaml")); err != nil {
		t.Fatal(err)
	}
	same(t, text(t, ask(t, map[string]any{"op": "discover", "root": root, "path": "."})[0]["targets"]), `[{"files":["out.yaml"],"name":"out.yaml"}]`)
}

func TestAFileThatCannotBeReadIsATargetOfItsOwnAndTheRestIsStillJudged(t *testing.T) {
	root := tree(t, "-- a.yaml --\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n-- broken.yaml --\napiVersion: v1\nkind: [\n"+
		"-- empty.yaml --\n\n-- template.yaml --\napiVersion: v1\nkind: {{ .Kind }}\n{{ if }}\n-- kind.yaml --\napiVersion: v9\nkind: Strange\nmetadata: {name: s}")
	huge := make([]byte, 17<<20)
	if err := os.WriteFile(filepath.Join(root, "huge.yaml"), huge, 0o644); err != nil {
		t.Fatal(err)
	}
	found, skipped, err := open(t, root).Discover(".")
	same(t, text(t, []any{found, skipped, err}), `[[{"name":".","files":["a.yaml","kind.yaml"]},{"name":"broken.yaml","files":["broken.yaml"]},`+
		`{"name":"huge.yaml","files":["huge.yaml"]}],[{"file":"empty.yaml","reason":"not a Kubernetes manifest"},`+
		`{"file":"template.yaml","reason":"a template, which is not rendered"}],null]`)
}
