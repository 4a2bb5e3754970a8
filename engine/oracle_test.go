package main

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"asky-gitops.dev/engine/render"
	"asky-gitops.dev/engine/source"
)

// field is one scalar of one rendered object, and where the engine says it is written.
type field struct {
	render *rendering
	object int
	path   []any
	place  source.Location
}

// rendering is a target as it is before anything is changed.
type rendering struct {
	name, root, target string
	by                 *source.Locator
	objects            []source.Object
}

// oracleFields is how many fields are tried.
const oracleFields = 500

// The oracle knows no location. It changes what one shows, keeping its type, and builds again: the field must have changed
// accordingly, and every other field that changed must be one whose location is the same scalar.
func TestChangingTheScalarThatALocationNamesChangesTheFieldsItFeedsAndNoOthers(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	repositories := map[string]string{}
	for name, files := range shapes {
		repositories[name] = files
	}
	repositories["the house"], repositories["the annex"] = house, annex
	var others, ours []field
	names := make([]string, 0, len(repositories))
	for name := range repositories {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		root := tree(t, repositories[name])
		if built := render.Build(open(t, root), render.Target{Name: "o", Kustomization: "o"}, false); built.Error == nil {
			others = append(others, located(t, name, root, "o")...)
		}
	}
	own := ownOverlays(t)
	for _, target := range []string{"overlays/minikube", "overlays/eks", "overlays/minikube/platform", "overlays/eks/platform"} {
		ours = append(ours, located(t, "this repository", own, target)...)
	}
	random.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	random.Shuffle(len(ours), func(i, j int) { ours[i], ours[j] = ours[j], ours[i] })
	// Half of each, or what there is.
	chosen := append(others[:min(len(others), oracleFields/2)], ours...)[:oracleFields]
	missed := 0
	for _, one := range chosen {
		if why := disproved(t, one); why != "" {
			missed++
			t.Errorf("%s: %v at %s: %s", one.render.name, one.path, at(t, one.render.root, &one.place), why)
		}
	}
	t.Logf("%d fields of %d, %d of this repository's, %d missed", len(chosen), len(others)+len(ours), oracleFields-min(len(others), oracleFields/2), missed)
}

// ownOverlays is a copy of what this repository generates for itself.
func ownOverlays(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range []string{"base", "overlays", "sql"} {
		if err := os.CopyFS(filepath.Join(root, name), os.DirFS(filepath.Join("..", name))); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// located are the value-bearing fields of a render: not what identifies an object or an item of a list, which patches are
// merged by, nor the content of a whole file, whose place is its entry.
func located(t *testing.T, name, root, target string) (fields []field) {
	t.Helper()
	by, objects := locator(t, root, target)
	one := &rendering{name, root, target, by, objects}
	for i, object := range objects {
		values(object.Value, nil, func(path []any, value any) {
			found := finding(object.Value, path)
			by.Place(&found)
			if found.Location == nil {
				t.Errorf("%s: %v of %v has no place", target, path, object.Value["kind"])
				return
			}
			_, entry, named := strings.Cut(written(t, root, found.Location), "=")
			if !named {
				entry = written(t, root, found.Location)
			}
			_, noFile := os.Stat(filepath.Join(root, filepath.Dir(found.Location.File), entry))
			merged := len(found.Related) > 0 && fmt.Sprint(path[len(path)-1]) == "port"
			if !merged && !identifies(path) && !added(path) && value != nil && noFile != nil {
				fields = append(fields, field{one, i, path, *found.Location})
			}
		})
	}
	return fields
}

// identifies: also `id`, by which one shape's own schema merges, and a label that a patch selects by.
func identifies(path []any) bool {
	last := path[len(path)-1]
	return last == "apiVersion" || last == "kind" || last == "name" || last == "id" || fmt.Sprint(path) == "[metadata labels app]"
}

// added says whether kustomize adds a field by itself, so that no file holds its value.
func added(path []any) bool {
	return len(path) == 1 && path[0] == "type" || strings.Contains(fmt.Sprint(path), "config.kubernetes.io/") ||
		path[len(path)-1] == "app.kubernetes.io/managed-by"
}

// written is what a location covers, in the file's own words.
func written(t *testing.T, root string, place *source.Location) string {
	t.Helper()
	_, text, _ := strings.Cut(at(t, root, place), " ")
	return text
}

// disproved says how a build with the field's scalar changed contradicts the field's location.
func disproved(t *testing.T, one field) string {
	t.Helper()
	path, was := spoil(t, one.render.root, &one.place)
	defer func() {
		if err := os.WriteFile(path, was, 0o644); err != nil {
			t.Fatal(err)
		}
	}()
	target := render.Target{Name: one.render.target, Kustomization: one.render.target}
	built, objects := render.Build(open(t, one.render.root), target, false), one.render.objects
	if built.Error != nil || len(built.Objects) != len(objects) {
		return fmt.Sprintf("the build fails: %+v", built.Error)
	}
	changed, after := false, paired(objects, built.Objects)
	for i := range objects {
		for _, path := range differing(objects[i].Value, after[i].Value, nil) {
			if i == one.object && fmt.Sprint(path) == fmt.Sprint(one.path) {
				changed = true
			} else if !feeds(t, one.render, objects[i], after[i], path, one.place) {
				return fmt.Sprintf("%v of %v changes too", path, objects[i].Value["kind"])
			}
		}
	}
	if !changed {
		return "it does not change"
	}
	return ""
}

// paired are the objects of a second build in the order of the first: a namespace that changed may have moved one.
func paired(before, after []source.Object) []source.Object {
	list, left := make([]source.Object, len(before)), slices.Clone(after)
	for _, alike := range []func(a, b map[string]any) bool{
		func(a, b map[string]any) bool {
			return names(a) == names(b) && reflect.DeepEqual(a["metadata"], b["metadata"])
		},
		func(a, b map[string]any) bool { return names(a) == names(b) },
		func(a, b map[string]any) bool { return true },
	} {
		for i := range before {
			at := slices.IndexFunc(left, func(one source.Object) bool { return alike(before[i].Value, one.Value) })
			if list[i].Value == nil && at >= 0 {
				list[i] = left[at]
				left = slices.Delete(left, at, at+1)
			}
		}
	}
	return list
}

func names(object map[string]any) string {
	return fmt.Sprint(object["kind"], contentHash.ReplaceAllString(fmt.Sprint(look(object, []any{"metadata", "name"})), ""))
}

var contentHash = regexp.MustCompile(`-[a-z0-9]{10}\b`)

// feeds says whether a field that changed is one that its own location ties to the scalar: it is written there, is an alias of
// it, or holds the hash of a generator's content.
func feeds(t *testing.T, in *rendering, object, changed source.Object, path []any, place source.Location) bool {
	t.Helper()
	was, is := fmt.Sprint(look(object.Value, path)), fmt.Sprint(look(changed.Value, path))
	if contentHash.ReplaceAllString(was, "") == contentHash.ReplaceAllString(is, "") {
		return true
	}
	found := finding(object.Value, path)
	in.by.Place(&found)
	if found.Location == nil {
		return false
	}
	return *found.Location == place || strings.HasPrefix(written(t, in.root, found.Location), "*")
}

func look(value any, path []any) any {
	for _, step := range path {
		switch at := value.(type) {
		case map[string]any:
			value = at[step.(string)]
		case []any:
			value = at[step.(int)]
		}
	}
	return value
}

// differing are the paths of the values in which two objects differ.
func differing(before, after any, path []any) (paths [][]any) {
	sub := func(step any) []any { return append(append([]any{}, path...), step) }
	switch b := before.(type) {
	case map[string]any:
		if a, ok := after.(map[string]any); ok {
			for key := range b {
				paths = append(paths, differing(b[key], a[key], sub(key))...)
			}
			for key := range a {
				if _, both := b[key]; !both {
					paths = append(paths, sub(key))
				}
			}
			return paths
		}
	case []any:
		if a, ok := after.([]any); ok && len(a) == len(b) {
			for i := range b {
				paths = append(paths, differing(b[i], a[i], sub(i))...)
			}
			return paths
		}
	}
	if !reflect.DeepEqual(before, after) {
		return [][]any{path}
	}
	return nil
}

// annex is a second repository, with what the house has not.
const annex = `
-- deep/kustomization.yaml --
resources: [deployment.yaml]
nameSuffix: -v1
-- deep/deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  annotations: {note: "on", when: '12:30:45'}
spec:
  replicas: 1
  paused: false
  template:
    spec:
      containers:
      - name: api
        image: example.org/api:1
        command: &cmd ["/bin/api", "--fast"]
        livenessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 10}
      initContainers:
      - name: wait
        image: "example.org/wait@sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3"
        command: *cmd
      volumes:
      - name: tmp
        emptyDir: {sizeLimit: 1Gi}
-- middle/kustomization.yaml --
resources: [../deep, extra.yaml]
namePrefix: m-
patchesJson6902:
- target: {group: apps, version: v1, kind: Deployment, name: api}
  path: ops.yaml
- target: {kind: ConfigMap, name: extra}
  patch: |-
    - op: add
      path: /data/a~1b
      value: slashed
    - op: copy
      from: /data/one
      path: /data/copied
-- middle/ops.yaml --
- op: replace
  path: /spec/template/spec/containers/0/livenessProbe/periodSeconds
  value: 20
- op: add
  path: /spec/template/spec/containers/-
  value: {name: proxy, image: "example.org/proxy:1", ports: [{containerPort: 9000}]}
- op: test
  path: /spec/replicas
  value: 1
-- middle/extra.yaml --
---
apiVersion: v1
kind: ConfigMap
metadata: {name: extra}
data:
  one: uno
  text: >-
    folded
    text
---
apiVersion: v1
kind: Service
metadata: {name: extra}
spec: {ports: [{name: http, port: 80}, {name: admin, port: 81}], selector: {app: api}}
-- o/kustomization.yaml --
resources: [../middle]
components: [../tune]
namespace: late
commonLabels: {stack: annex}
patchesStrategicMerge:
- |-
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: m-api-v1}
  spec:
    revisionHistoryLimit: 3
- ports.yaml
images:
- name: example.org/api
  digest: sha256:0000000000000000000000000000000000000000000000000000000000000001
- name: example.org/proxy
  newName: mirror.example.org/proxy
replacements:
- path: replacement.yaml
secretGenerator:
- name: login
  type: Opaque
  envs: [login.env]
  options: {disableNameSuffixHash: true, annotations: {made: by-hand}}
transformers:
- paused.yaml
- |-
  apiVersion: builtin
  kind: AnnotationsTransformer
  metadata: {name: inline}
  annotations: {inline: "yes"}
  fieldSpecs: [{path: metadata/annotations, create: true}]
generators: [made.yaml]
-- o/paused.yaml --
apiVersion: builtin
kind: PatchTransformer
metadata: {name: paused}
patch: '[{"op": "replace", "path": "/spec/paused", "value": true}]'
target: {kind: Deployment}
-- o/made.yaml --
apiVersion: builtin
kind: ConfigMapGenerator
metadata: {name: made}
literals: [COLOR=red]
-- o/login.env --
USER=app
export=ed
-- o/ports.yaml --
apiVersion: v1
kind: Service
metadata: {name: m-extra}
spec:
  ports:
  - port: 81
    name: admin
    targetPort: 8081
-- o/replacement.yaml --
- source: {kind: ConfigMap, name: extra, fieldPath: data.one}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ["spec.template.spec.volumes.[name=tmp].emptyDir.medium"]
    options: {create: true}
-- tune/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: ignored}
    spec:
      template:
        spec:
          containers:
          - name: api
            resources: {limits: {cpu: 500m}}
          $setElementOrder/containers: [{name: api}, {name: proxy}]
  target: {kind: Deployment, name: m-api-v1}
replicas:
- {name: api, count: 4}
configMapGenerator:
- name: tuned
  literals: [FAST=yes]
`
