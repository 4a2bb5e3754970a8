package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"asky-gitops.dev/engine/render"
	"asky-gitops.dev/engine/source"
)

// shapes are kustomizations of every form; each is built at `o` of its tree.
var shapes = map[string]string{
	"a nested base with prefix, suffix, namespace, labels and images": `
-- b/kustomization.yaml --
resources: [d.yaml]
nameSuffix: -v1
commonLabels: {team: x}
-- b/d.yaml --
` + deployment + `
-- o/kustomization.yaml --
namespace: prod
namePrefix: p-
resources: [../b]
labels:
- pairs: {tier: front, on: "yes"}
  includeSelectors: true
- pairs: {only: meta}
commonAnnotations: {a: "1e3", b: "012"}
images:
- {name: registry.example.org/web, newName: other.example.org/web, newTag: "2"}
- {name: side, digest: sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3}
replicas:
- {name: web, count: 3}`,
	"patches of every form": `
-- o/kustomization.yaml --
resources: [d.yaml, s.yaml]
patches:
- path: p1.yaml
- patch: |-
    - op: replace
      path: /spec/replicas
      value: 4
  target: {kind: Deployment, name: we.*}
- patch: '[{"op": "add", "path": "/metadata/annotations/x", "value": "y"}]'
  target: {labelSelector: app=web}
  options: {allowNameChange: true}
- path: multi.yaml
patchesStrategicMerge:
- |-
  apiVersion: v1
  kind: Service
  metadata: {name: web}
  spec: {ports: [{port: 80, name: http}]}
patchesJson6902:
- path: op.json
  target: {version: v1, kind: Service, name: web}
-- o/d.yaml --
` + strings.Replace(deployment, "  name: web\n", "  name: web\n  labels: {app: web}\n  annotations: {}\n", 1) + `
-- o/s.yaml --
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}, {port: 81}]
-- o/p1.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: side
        $patch: delete
      - name: web
        resources: {limits: {memory: 1Gi, cpu: 1}}
        args: null
-- o/multi.yaml --
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {paused: true}
-- o/op.json --
[{"op": "add", "path": "/spec/ports/-", "value": {"port": 9}}, {"op": "remove", "path": "/spec/ports/1"}]`,
	"generators with hashes, merges and references": `
-- b/kustomization.yaml --
resources: [d.yaml]
configMapGenerator:
- name: cfg
  literals: [a=b, "c=d e"]
  files: [f.txt, renamed=f.txt]
secretGenerator:
- name: sec
  envs: [s.env]
  type: Opaque
generatorOptions: {labels: {gen: "true"}}
-- b/f.txt --
line one
  line two
-- b/s.env --
# comment
USER=u
PASS=p=q
-- b/d.yaml --
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: c
    image: i
    envFrom: [{configMapRef: {name: cfg}}, {secretRef: {name: sec}}]
-- o/kustomization.yaml --
namePrefix: x-
resources: [../b]
configMapGenerator:
- name: cfg
  behavior: merge
  literals: [a=z]
- name: plain
  literals: [k=v]
  options: {disableNameSuffixHash: true, immutable: true}`,
	"Kustomize Components": `
-- b/kustomization.yaml --
resources: [d.yaml]
-- b/d.yaml --
` + deployment + `
-- c1/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [s.yaml]
patches:
- target: {kind: Deployment}
  patch: "- {op: add, path: /spec/paused, value: true}"
-- c1/s.yaml --
{apiVersion: v1, kind: ServiceAccount, metadata: {name: sa}}
-- c2/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
namePrefix: c2-
-- o/kustomization.yaml --
resources: [../b]
components: [../c1, ../c2]`,
	"replacements and vars": `
-- o/kustomization.yaml --
resources: [d.yaml, s.yaml]
namePrefix: n-
vars:
- name: SVC
  objref: {apiVersion: v1, kind: Service, name: web}
replacements:
- source: {kind: Service, name: web, fieldPath: spec.clusterIP}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ["spec.template.spec.containers.[name=side].image"]
    options: {delimiter: ":", index: 1}
-- o/s.yaml --
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.0.0.1}
-- o/d.yaml --
` + strings.Replace(deployment, `"80"]`, `"$(SVC)"]`, 1),
	"an order of its own": `
-- o/kustomization.yaml --
resources: [d.yaml, s.yaml]
sortOptions: {order: fifo}
-- o/d.yaml --
` + deployment + `
-- o/s.yaml --
{apiVersion: v1, kind: Namespace, metadata: {name: ns}}`,
	"a legacy order with names of its own": `
-- o/kustomization.yaml --
resources: [d.yaml, s.yaml]
sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Deployment], orderLast: [Namespace]}}
-- o/d.yaml --
` + deployment + `
-- o/s.yaml --
{apiVersion: v1, kind: Namespace, metadata: {name: ns}}`,
	"the author's own buildMetadata": `
-- o/kustomization.yaml --
resources: [d.yaml]
namePrefix: a-
buildMetadata: [originAnnotations, managedByLabel, transformerAnnotations]
-- o/d.yaml --
` + deployment,
	"annotations of an earlier build in the source": `
-- o/kustomization.yaml --
resources: [d.yaml]
-- o/d.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: c
  annotations:
    config.kubernetes.io/origin: |
      path: elsewhere.yaml
    alpha.config.kubernetes.io/transformations: "not: [a list"
    kept: "y"`,
	"a schema of the author's own": `
-- o/kustomization.yaml --
resources: [w.yaml]
openapi: {path: schema.json}
patches: [{path: p.yaml}]
-- o/schema.json --
{"definitions": {"v1.Widget": {"type": "object", "properties": {"spec": {"type": "object", "properties": {"parts": {"type": "array",
 "items": {"type": "object"}, "x-kubernetes-patch-merge-key": "id", "x-kubernetes-patch-strategy": "merge"}}}},
 "x-kubernetes-group-version-kind": [{"group": "example.org", "kind": "Widget", "version": "v1"}]}}}
-- o/w.yaml --
{apiVersion: example.org/v1, kind: Widget, metadata: {name: w}, spec: {parts: [{id: a, n: 1}, {id: b, n: 2}]}}
-- o/p.yaml --
{apiVersion: example.org/v1, kind: Widget, metadata: {name: w}, spec: {parts: [{id: b, n: 3}]}}`,
	"a base with a schema of its own": `
-- b/kustomization.yaml --
resources: [w.yaml]
openapi: {path: schema.json}
-- b/schema.json --
{"definitions": {"v1.Widget": {"type": "object", "properties": {"spec": {"type": "object", "properties": {"parts": {"type": "array",
 "items": {"type": "object"}, "x-kubernetes-patch-merge-key": "id", "x-kubernetes-patch-strategy": "merge"}}}},
 "x-kubernetes-group-version-kind": [{"group": "example.org", "kind": "Widget", "version": "v1"}]}}}
-- b/w.yaml --
{apiVersion: example.org/v1, kind: Widget, metadata: {name: w}, spec: {parts: [{id: a, n: 1}, {id: b, n: 2}]}}
-- o/kustomization.yaml --
resources: [../b]
patches: [{path: p.yaml}]
-- o/p.yaml --
{apiVersion: example.org/v1, kind: Widget, metadata: {name: w}, spec: {parts: [{id: b, n: 3}]}}`,
	"the same kind without a schema": `
-- o/kustomization.yaml --
resources: [w.yaml]
patches: [{path: p.yaml}]
-- o/w.yaml --
{apiVersion: example.org/v1, kind: Widget, metadata: {name: w}, spec: {parts: [{id: a, n: 1}, {id: b, n: 2}]}}
-- o/p.yaml --
{apiVersion: example.org/v1, kind: Widget, metadata: {name: w}, spec: {parts: [{id: b, n: 3}]}}`,
	"text that YAML 1.1 and 1.2 read differently": `
-- o/kustomization.yaml --
resources: [c.yaml]
-- o/c.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {a: "on", b: 'yes', c: "012", d: "1e3", e: "12:30:45", f: "null", g: "~", h: "0x1F", i: "1_000", j: "", k: "😀", l: "a\u2028b"}
x: {a: on, b: yes, c: 012, d: 1e3, e: 12:30:45, f: null, g: ~, h: 0x1F, i: 1_000, j: 2001-01-01, k: 1.50, l: .inf}
`,
	"anchors, merge keys and flow style": `
-- o/kustomization.yaml --
resources: [c.yaml]
commonAnnotations: &a {x: "1"}
-- o/c.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: c, labels: &l {a: b}, annotations: *l}
data:
  one: &t text
  two: *t
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - &c {name: a, image: i:1, resources: {limits: {cpu: "1"}}}
  - {<<: *c, name: b}`,
	"lists, several documents and Windows line ends": `
-- o/kustomization.yml --
resources: [l.yaml, m.yaml]
-- o/l.yaml --
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
-- o/m.yaml --
---` + "\r\napiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: c\r\ndata:\r\n  t: |\r\n    x\r\n    y\r\n---\r\n---\r\n# nothing\r\n",
	"a patch that needs annotations which are not there": `
-- o/kustomization.yaml --
resources: [c.yaml]
patches:
- target: {kind: ConfigMap}
  patch: "- {op: add, path: /metadata/annotations/x, value: y}"
-- o/c.yaml --
{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}`,
	"a transformer written as a resource": `
-- o/kustomization.yaml --
resources: [d.yaml]
transformers:
- t.yaml
- |-
  apiVersion: builtin
  kind: LabelTransformer
  metadata: {name: l}
  labels: {inline: "yes"}
  fieldSpecs: [{path: metadata/labels, create: true}]
-- o/t.yaml --
apiVersion: builtin
kind: PatchTransformer
metadata: {name: t}
patch: '[{"op": "replace", "path": "/spec/replicas", "value": 9}]'
target: {kind: Deployment}
-- o/d.yaml --
` + deployment,
	"a render of nothing":              "-- o/kustomization.yaml --\nnamespace: x",
	"a kustomization that is empty":    "-- o/kustomization.yaml --\n",
	"a key that kustomize has not":     "-- o/kustomization.yaml --\nresource: [a.yaml]",
	"two kustomizations in one folder": "-- o/kustomization.yaml --\nnamespace: a\n-- o/Kustomization --\nnamespace: b",
	"a base that is not there":         "-- o/kustomization.yaml --\nresources: [../b]",
	"a file outside the kustomization": "-- o/kustomization.yaml --\nresources: [../b.yaml]\n-- b.yaml --\n{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}",
	"a circle":                         "-- o/kustomization.yaml --\nresources: [../b]\n-- b/kustomization.yaml --\nresources: [../o]",
	"the same object twice": "-- o/kustomization.yaml --\nresources: [a.yaml, b.yaml]\n" +
		"-- o/a.yaml --\n{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n-- o/b.yaml --\n{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}",
}

func TestARenderIsKustomizesOwnByteForByteOrFailsWhereItFails(t *testing.T) {
	for name, files := range shapes {
		t.Run(name, func(t *testing.T) {
			root := tree(t, files)
			plain := exec.Command(os.Args[0], plainKustomize, filepath.Join(root, "o"))
			want, failed := plain.Output()
			got := render.Build(open(t, root), render.Target{Name: "o", Kustomization: "o"}, true)
			if empty := got.Error != nil && got.Error.Code == "no-objects" && len(want) == 0; (failed != nil) != (got.Error != nil) && !empty {
				t.Fatalf("kustomize: %v, we: %+v", failed, got.Error)
			}
			if failed == nil {
				same(t, got.YAML, string(want))
			}
		})
	}
}

func TestBuildingAllAtOnceIsBuildingOneByOne(t *testing.T) {
	var files strings.Builder
	var targets []render.Target
	alone := map[string]string{}
	for round := range 3 {
		for name, shape := range shapes {
			dir := strings.NewReplacer(" ", "-", ",", "", "'", "").Replace(fmt.Sprint(name, "-", round))
			files.WriteString("\n" + strings.ReplaceAll(strings.TrimPrefix(shape, "\n"), "-- ", "-- "+dir+"/"))
			targets = append(targets, render.Target{Name: dir, Kustomization: dir + "/o"})
		}
	}
	root := tree(t, strings.TrimPrefix(files.String(), "\n"))
	say := func(result *render.Result) string {
		if result.Error != nil {
			return result.Error.Code + ": " + result.Error.Message
		}
		return result.YAML
	}
	for _, target := range targets {
		alone[target.Name] = say(render.Build(open(t, root), target, true))
	}
	shared := open(t, root)
	type answer struct{ name, said string }
	work := func(_ context.Context, target render.Target) answer {
		return answer{target.Name, say(render.Build(shared, target, true))}
	}
	failed := func(target render.Target, err *source.Error) answer { return answer{target.Name, err.Message} }
	answers := 0
	render.Each(targets, work, failed, func(one answer) {
		answers++
		same(t, one.name+"\n"+one.said, one.name+"\n"+alone[one.name])
	})
	if answers != len(targets) {
		t.Errorf("%d answers to %d targets", answers, len(targets))
	}
}

func TestAPanicAndAHangAreTheirTargetsErrors(t *testing.T) {
	targets := []render.Target{{Name: "panics"}, {Name: "hangs", TimeoutSeconds: 0.05}, {Name: "works"}}
	block := make(chan struct{})
	defer close(block)
	said := map[string]string{}
	work := func(_ context.Context, target render.Target) string {
		switch target.Name {
		case "panics":
			var none map[string]int
			none["x"] = 1
		case "hangs":
			<-block
		}
		return target.Name + ": fine"
	}
	failed := func(target render.Target, err *source.Error) string {
		return fmt.Sprintf("%s: %s %d %s", target.Name, err.Code, err.Exit, strings.SplitN(err.Message, " at ", 2)[0])
	}
	render.Each(targets, work, failed, func(one string) { said[strings.SplitN(one, ":", 2)[0]] = one })
	same(t, text(t, said), `{"hangs":"hangs: timeout 3 not done after 50ms",`+
		`"panics":"panics: panic 3 the engine panicked: assignment to entry in nil map","works":"works: fine"}`)
}

func TestATargetThatTakesTooMuchMemoryIsNamedAndTheEngineEnds(t *testing.T) {
	limit := render.MemoryLimit
	defer func() { render.MemoryLimit = limit; render.Exhausted.Store(false) }()
	render.MemoryLimit = 1 << 20
	block := make(chan struct{})
	defer close(block)
	work := func(context.Context, render.Target) string { <-block; return "" }
	failed := func(_ render.Target, err *source.Error) string { return fmt.Sprint(err.Code, err.Exit) }
	render.Each([]render.Target{{Name: "large"}}, work, failed, func(one string) { same(t, one, "memory3") })
	var output bytes.Buffer
	err := newEngine(&output).serve(strings.NewReader(`{"id":1,"op":"hello"}`))
	same(t, fmt.Sprint(err), "out of memory")
}

const laughs = `a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]
f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]
g: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f]
h: &h [*g, *g, *g, *g, *g, *g, *g, *g, *g]
i: &i [*h, *h, *h, *h, *h, *h, *h, *h, *h]
`

func TestWhatMustNotBeBuiltFailsFastAndSaysWhere(t *testing.T) {
	head := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
	cases := map[string]struct{ files, want string }{
		"a billion laughs in a resource": {"-- o/kustomization.yaml --\nresources: [c.yaml]\n-- o/c.yaml --\n" + head + laughs,
			`{"code":"invalid-yaml","message":"aliases add more than 200000 nodes","location":{"file":"o/c.yaml","line":9,"column":20,"endLine":9,"endColumn":22},"exit":2}`},
		"a billion laughs in a kustomization": {"-- o/kustomization.yaml --\nresources: [c.yaml]\n" + laughs,
			`{"code":"invalid-yaml","message":"aliases add more than 200000 nodes","location":{"file":"o/kustomization.yaml","line":7,"column":20,"endLine":7,"endColumn":22},"exit":2}`},
		"an anchor in itself": {"-- o/kustomization.yaml --\nresources: [c.yaml]\n-- o/c.yaml --\n" + head + "data: &d {k: *d}",
			`{"code":"invalid-yaml","message":"an anchor's value contains itself","location":{"file":"o/c.yaml","line":4,"column":14,"endLine":4,"endColumn":16},"exit":2}`},
		"an anchor merged into itself": {"-- o/kustomization.yaml --\nresources: [c.yaml]\n-- o/c.yaml --\n" + head + "data: &d {<<: *d}",
			`{"code":"invalid-yaml","message":"an anchor's value contains itself","location":{"file":"o/c.yaml","line":4,"column":15,"endLine":4,"endColumn":17},"exit":2}`},
		"nesting beyond any manifest's": {"-- o/kustomization.yaml --\nresources: [c.yaml]\n-- o/c.yaml --\n" + head + "data: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
			`{"code":"invalid-yaml","message":"nested deeper than 256 levels","location":{"file":"o/c.yaml","line":4,"column":263,"endLine":4,"endColumn":4359},"exit":2}`},
		"a base on another machine": {"-- o/kustomization.yaml --\nresources:\n- https://github.com/example/repo//base?ref=v1",
			`{"code":"render-failed","message":"resources: 'https://github.com/example/repo//base?ref=v1' is on another machine; nothing is fetched, so this cannot be built or judged","location":{"file":"o/kustomization.yaml","line":2,"column":3,"endLine":2,"endColumn":47},"exit":2}`},
		"a nested base on another machine, as git writes it": {"-- o/kustomization.yaml --\nresources: [../b]\n-- b/kustomization.yaml --\nresources:\n- git@example.org:a/b.git",
			`{"code":"render-failed","message":"resources: 'git@example.org:a/b.git' is on another machine; nothing is fetched, so this cannot be built or judged","location":{"file":"b/kustomization.yaml","line":2,"column":3,"endLine":2,"endColumn":26},"exit":2}`},
		"a file that is missing": {"-- o/kustomization.yaml --\nresources:\n  - c.yaml",
			`{"code":"missing-file","message":"resources: 'c.yaml' does not exist","location":{"file":"o/kustomization.yaml","line":2,"column":5,"endLine":2,"endColumn":11},"exit":2}`},
		"a resource that is not YAML": {"-- o/kustomization.yaml --\nresources: [c.yaml]\n-- o/c.yaml --\nkind: A\n  b: c",
			`{"code":"invalid-yaml","message":"mapping values are not allowed in this context","location":{"file":"o/c.yaml","line":2,"column":3,"endLine":2,"endColumn":7},"exit":2}`},
		"a patch for nothing": {"-- o/kustomization.yaml --\nresources: [c.yaml]\npatches: [{path: p.yaml}]\n-- o/c.yaml --\n" + head + "\n-- o/p.yaml --\n" + strings.Replace(head, "name: c", "name: d", 1),
			`{"code":"render-failed","message":"no resource matches strategic merge patch \"ConfigMap.v1.[noGrp]/d.[noNs]\": no matches for Id ConfigMap.v1.[noGrp]/d.[noNs]; failed to find unique target for patch ConfigMap.v1.[noGrp]/d.[noNs]","location":null,"exit":2}`},
		"a chart": {"-- o/kustomization.yaml --\nhelmCharts: [{name: c, repo: https://example.org}]",
			`{"code":"render-failed","message":"trouble configuring builtin HelmChartInflationGenerator: must specify --enable-helm","location":null,"exit":2}`},
		"a folder that is not there": {"-- a --\n", `{"code":"missing-file","message":"'o' does not exist","location":null,"exit":2}`},
	}
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			got := render.Build(open(t, tree(t, one.files)), render.Target{Name: "o", Kustomization: "o"}, true)
			same(t, text(t, got.Error), one.want)
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestALinkOutOfTheRepositoryIsNotFollowed(t *testing.T) {
	outside := tree(t, "-- secret.yaml --\n{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {k: v}}\n-- base/kustomization.yaml --\nresources: [s.yaml]\n-- base/s.yaml --\n{apiVersion: v1, kind: Secret, metadata: {name: s}}")
	for name, kustomization := range map[string]string{"a file": "resources: [link.yaml]", "a base": "resources: [link]", "a generator's file": "configMapGenerator: [{name: c, files: [link.yaml]}]"} {
		t.Run(name, func(t *testing.T) {
			root := tree(t, "-- o/kustomization.yaml --\n"+kustomization)
			for link, to := range map[string]string{"link.yaml": "secret.yaml", "link": "base"} {
				if err := os.Symlink(filepath.Join(outside, to), filepath.Join(root, "o", link)); err != nil {
					t.Fatal(err)
				}
			}
			got := render.Build(open(t, root), render.Target{Name: "o", Kustomization: "o"}, true)
			if got.Error == nil || got.Error.Exit != 2 || !strings.Contains(got.Error.Message, "security") || got.YAML != "" {
				t.Errorf("got %+v", got.Error)
			}
		})
	}
}

func TestALinkThatGoesInCirclesIsAnError(t *testing.T) {
	root := tree(t, "-- o/kustomization.yaml --\nresources: [loop]")
	if err := os.Symlink("loop", filepath.Join(root, "o", "loop")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("..", filepath.Join(root, "o", "up")); err != nil {
		t.Fatal(err)
	}
	got := render.Build(open(t, root), render.Target{Name: "o", Kustomization: "o"}, true)
	if got.Error == nil || got.Error.Exit != 2 {
		t.Errorf("got %+v", got.Error)
	}
	if _, _, err := open(t, root).Discover("."); err != nil {
		t.Error(err)
	}
}

// An author who hides an address from us still reaches nothing: no git, no connection.
func TestNothingIsFetchedOrRunEvenWhenWeMissedTheAddress(t *testing.T) {
	root := tree(t, "-- bin/git --\n#!/bin/sh\ntouch "+filepath.Join(t.TempDir(), "ran")+"\n")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	reached := make(chan struct{}, 1)
	go func() {
		if connection, err := listener.Accept(); err == nil {
			connection.Close()
			reached <- struct{}{}
		}
	}()
	program := filepath.Join(t.TempDir(), "engine")
	build := exec.Command("go", "build", "-o", program, ".")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if err := os.Chmod(filepath.Join(root, "bin", "git"), 0o755); err != nil {
		t.Fatal(err)
	}
	// A second document hides what follows from a reader of the first; kustomize reads generators' files from addresses too.
	for i, entry := range []string{
		"resources: ['http://ADDR/x.yaml']", "configMapGenerator: [{name: c, files: ['k=http://ADDR/x']}]",
		"resources: [\"ssh://git@ADDR/a/b.git\"]", "components: ['git::https://ADDR/a//b']", "crds: ['http://ADDR/x']",
		"configurations: ['http://ADDR/x']", "transformers: ['http://ADDR/x']", "replacements: [{path: 'http://ADDR/x'}]", "openapi: {path: 'http://ADDR/x'}",
	} {
		content := strings.ReplaceAll(entry, "ADDR", listener.Addr().String())
		if err := os.WriteFile(filepath.Join(root, "kustomization.yaml"), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		run := exec.Command(program)
		run.Env = append(os.Environ(), "PATH="+filepath.Join(root, "bin"))
		run.Stdin = strings.NewReader(fmt.Sprintf(`{"id":1,"op":"build","root":%q,"targets":[{"name":"r","kustomization":"."}]}`, root))
		output, err := run.Output()
		if err != nil || !strings.Contains(string(output), `"code":"render-failed"`) {
			t.Errorf("%d %s: %v %s", i, entry, err, output)
		}
	}
	select {
	case <-reached:
		t.Error("a connection was opened")
	case <-time.After(50 * time.Millisecond):
	}
	if _, err := os.Stat(filepath.Join(root, "ran")); err == nil {
		t.Error("git was run")
	}
}

func TestTheEnvironmentDoesNotReachTheRender(t *testing.T) {
	program := filepath.Join(t.TempDir(), "engine")
	if output, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	root := tree(t, "-- kustomization.yaml --\nconfigMapGenerator: [{name: c, envs: [e.env]}]\n-- e.env --\nCI_TOKEN\nA=b")
	run := exec.Command(program)
	run.Env = append(os.Environ(), "CI_TOKEN=hunter2")
	run.Stdin = strings.NewReader(fmt.Sprintf(`{"id":1,"op":"build","root":%q,"targets":[{"name":"r","kustomization":"."}]}`, root))
	output, err := run.Output()
	if err != nil || strings.Contains(string(output), "hunter2") || !strings.Contains(string(output), "A: b") {
		t.Errorf("%v %s", err, output)
	}
}

func TestLooseManifestsAreReadAsKubectlReadsThem(t *testing.T) {
	root := tree(t, "-- a.yaml --\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {on: yes, o: 010}}\n---\nfoo: bar\n---\n"+
		`-- b.json --
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}, "data": {"k": "yes"}}`)
	got := render.Build(open(t, root), render.Target{Name: "k", Files: []string{"a.yaml", "b.json"}}, true)
	same(t, got.YAML, "apiVersion: v1\ndata:\n  o: 8\n  \"true\": true\nkind: ConfigMap\nmetadata:\n  name: a\n---\n"+
		"apiVersion: v1\ndata:\n  k: \"yes\"\nkind: ConfigMap\nmetadata:\n  name: b\n")
	same(t, text(t, got.Unjudged), `[{"file":"a.yaml","reason":"document 2 is not a Kubernetes manifest"}]`)
}

func TestNoErrorOfABuildPrintsASecretsValue(t *testing.T) {
	secret := "\n-- o/s.yaml --\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: CANARY, b: xCANARY}"
	for _, files := range []string{
		"secretGenerator: [{name: s, literals: [CANARY]}]",
		"secretGenerator: [{name: s, literals: ['=aCANARY']}]",
		"secretGenerator: [{name: s, files: ['CANARY=']}]",
		"secretGenerator: [{name: s, envs: [e]}]\n-- o/e --\nA=\xffCANARY",
		"secretGenerator: [{name: s, literals: [a=CANARY, a=CANARY]}]",
		"secretGenerator: [{name: s, literals: {a: CANARY}}]",
		"secretGenerator: [{name: s, literals: [a=CANARY]]",
		"secretGenerator: [{name: s, behavior: merge, literals: [a=CANARY]}]",
		"generators:\n- |-\n  apiVersion: builtin\n  kind: SecretGenerator\n  metadata: {name: x}\n  literals: [CANARY]",
		"resources: [s.yaml]\npatches: [{patch: 'CANARY'}]" + secret,
		"resources: [s.yaml]\npatches:\n- patch: |-\n    apiVersion: v1\n    kind: Secret\n    stringData: {a: CANARY}" + secret,
		"resources: [s.yaml]\npatches:\n- target: {kind: Secret}\n  patch: |-\n    - {op: test, path: /stringData/a, value: CANARY}\n    - {op: replace, path: /no/x, value: CANARY}" + secret,
		"resources: [s.yaml]\npatches:\n- path: p.yaml\n-- o/p.yaml --\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: [CANARY]" + secret,
		"resources: [s.yaml]\npatchesStrategicMerge:\n- 'CANARY: ['" + secret,
		"resources: [s.yaml]\ncommonLabels: {a: b}\n-- o/s.yaml --\n{apiVersion: v1, kind: Secret, metadata: {name: s, labels: CANARY}}",
		"resources: [s.yaml]\nreplacements: [{source: {kind: Secret, fieldPath: stringData.a}, targets: [{select: {kind: Secret}, fieldPaths: [stringData.b.c]}]}]" + secret,
		"resources: [s.yaml]\nreplacements: [{source: {kind: Secret, fieldPath: stringData.a, options: {delimiter: ':', index: 5}}, targets: [{select: {kind: Secret}, fieldPaths: [stringData.b]}]}]" + secret,
		"resources: [s.yaml]\n-- o/s.yaml --\napiVersion: v1\nmetadata: {name: s}\nstringData: {a: CANARY}",
		"resources: [s.yaml]\n-- o/s.yaml --\nCANARY",
		"resources: [s.yaml]\n-- o/s.yaml --\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: !!int CANARY}",
		"resources: [s.yaml]\n-- o/s.yaml --\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: *CANARY}",
		"resources: [s.yaml]\n-- o/s.yaml --\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  a: CANARY: CANARY",
		"resources: [s.yaml, t.yaml]\n-- o/t.yaml --\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: CANARY}" + secret,
	} {
		root := tree(t, "-- o/kustomization.yaml --\n"+strings.ReplaceAll(files, "CANARY", "hunter2hunter2"))
		got := render.Build(open(t, root), render.Target{Name: "o", Kustomization: "o"}, true)
		if got.Error == nil || got.Error.Message == "" || strings.Contains(text(t, got.Error), "hunter2") {
			t.Errorf("%s\n  %s", files, text(t, got.Error))
		}
	}
}
