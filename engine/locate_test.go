package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"asky-gitops.dev/engine/render"
	"asky-gitops.dev/engine/source"
)

// house is one repository with every way to set a field. `o` is its overlay.
const house = `
-- b/kustomization.yaml --
resources:
- web.yaml
- many.yaml
- data.json
- crlf.yaml
configMapGenerator:
- name: cfg
  literals:
  - LEVEL=info
  - "QUOTED=a=b"
  files:
  - app.conf
  - renamed.conf=app.conf
  envs:
  - cfg.env
  options:
    labels:
      made: here
secretGenerator:
- name: sec
  literals: [PASSWORD=hunter2]
-- b/app.conf --
line one
line two
-- b/cfg.env --
# a comment
HOST=example.org
PORT = 80
-- b/web.yaml --
# the web
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web, "ünïcode": "é"}   # flow style
spec:
  replicas: 1
  template:
    spec:
      containers:
      - image: registry.example.org/web:1.0
        name: web
        args: [serve, "--port", "80"]
        env:
        - name: A
          value: "1"
        - name: B
          value: 'two''s'
        resources:
          requests: {cpu: 100m}
      - name: side
        image: side:2
        securityContext:
          privileged: true
      serviceAccountName: &sa runner
      hostname: *sa
      nodeSelector:
        text: |
          first
          second
-- b/many.yaml --
apiVersion: v1
kind: Service
metadata: {name: one}
spec: {type: ClusterIP, ports: [{port: 80}, {port: 81}], clusterIP: x}
---
apiVersion: v1
kind: Service
metadata: {name: two}
spec:
  type: ClusterIP
  selector: {app: web}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: rb}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects:
- {kind: ServiceAccount, name: default, namespace: elsewhere}
-- b/data.json --
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "json"},
 "data": {"key": "value", "list": "a"}}
-- b/crlf.yaml --
apiVersion: v1` + "\r\nkind: ConfigMap\r\nmetadata:\r\n  name: crlf\r\ndata:\r\n  key: value\r\n  größe: 'x'\r\n" + `
-- c/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
- target: {kind: Deployment, name: web}
  patch: |-
    # by the component
    - op: add
      path: /spec/template/spec/dnsPolicy
      value: None
    - op: replace
      path: /spec/template/spec/containers/0/env/0/value
      value: "11"
    - op: add
      path: /spec/template/spec/containers/-
      value:
        name: third
        image: third:3
        tty: true
-- o/kustomization.yaml --
namespace: prod
namePrefix: p-
nameSuffix: -s
resources:
- ../b
- own.yaml
components:
- ../c
labels:
- pairs:
    tier: front
- includeSelectors: true
  pairs:
    stack: asky
commonAnnotations:
  owner: team
patches:
- path: p.yaml
- path: multi.yaml
- target:
    kind: Service
    name: t.*
  patch: |
    apiVersion: v1
    kind: Service
    metadata: {name: any}
    spec:
      externalName: set.by.selector
- patch: '[{"op": "replace", "path": "/spec/ports/1/port", "value": 82}]'
  target: {kind: Service, name: one}
- target: {kind: ConfigMap, name: json}
  patch: |-
    - op: remove
      path: /data/list
images:
- name: side
  newName: other/side
  newTag: "3"
replicas:
- name: web
  count: 3
replacements:
- source: {kind: ConfigMap, name: own, fieldPath: data.host}
  targets:
  - select: {kind: Service, name: one}
    fieldPaths: [spec.clusterIP]
configMapGenerator:
- name: cfg
  behavior: merge
  literals:
  - LEVEL=debug
-- o/own.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: own
data:
  host: 10.0.0.1
-- o/p.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: web
        env:
        - name: B
          value: patched
        resources:
          limits:
            memory: 1Gi
        securityContext: null
      - name: side
        securityContext: null
      terminationGracePeriodSeconds: 5
-- o/multi.yaml --
apiVersion: v1
kind: Service
metadata:
  name: one
spec:
  type: LoadBalancer
---
apiVersion: v1
kind: Service
metadata:
  name: two
spec:
  type: NodePort
`

// at is what a location covers, in the file's own words.
func at(t *testing.T, root string, place *source.Location) string {
	t.Helper()
	if place == nil {
		return "nowhere"
	}
	data, err := os.ReadFile(filepath.Join(root, place.File))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	covered := []rune(lines[place.Line-1])[place.Column-1:]
	if place.EndLine == place.Line {
		covered = covered[:place.EndColumn-place.Column]
	}
	return fmt.Sprintf("%s:%d:%d %s", place.File, place.Line, place.Column, string(covered))
}

func locator(t *testing.T, root, kustomization string) (*source.Locator, []source.Object) {
	t.Helper()
	files, target := open(t, root), render.Target{Name: "o", Kustomization: kustomization}
	built := render.Build(files, target, false)
	if built.Error != nil {
		t.Fatal(built.Error)
	}
	if err := render.Trace(files, target, built); err != nil {
		t.Fatal(err)
	}
	return &source.Locator{Files: files, Graph: built.Graph, Objects: built.Objects}, built.Objects
}

func finding(object map[string]any, path []any) source.Finding {
	metadata := object["metadata"].(map[string]any)
	resource := &source.Resource{APIVersion: object["apiVersion"].(string), Kind: object["kind"].(string), Name: metadata["name"].(string)}
	if namespace, ok := metadata["namespace"].(string); ok {
		resource.Namespace = &namespace
	}
	return source.Finding{Resource: resource, Path: append([]any{}, path...)}
}

func TestAFindingIsPlacedOnWhatItsAuthorMustEdit(t *testing.T) {
	c0 := `"spec","template","spec","containers",0`
	everyPlace(t, house, []placed{
		{"Deployment p-web-s", `["spec","replicas"]`, "o/kustomization.yaml:41:10 3", "b/web.yaml:8:13 the object it patches"},
		{"Deployment p-web-s", `[` + c0 + `,"image"]`, "b/web.yaml:12:16 registry.example.org/web:1.0", ""},
		{"Deployment p-web-s", `[` + c0 + `,"args",0]`, "b/web.yaml:14:16 serve", ""},
		{"Deployment p-web-s", `[` + c0 + `,"args",2]`, `b/web.yaml:14:33 "80"`, ""},
		{"Deployment p-web-s", `[` + c0 + `,"env",1,"value"]`, `c/kustomization.yaml:12:14 "11"`, "b/web.yaml:17:18 the object it patches"},
		{"Deployment p-web-s", `[` + c0 + `,"env",0,"value"]`, "o/p.yaml:12:18 patched", "b/web.yaml:19:18 the object it patches"},
		{"Deployment p-web-s", `[` + c0 + `,"resources","limits","memory"]`, "o/p.yaml:15:21 1Gi", "b/web.yaml:20:9 the object it patches"},
		{"Deployment p-web-s", `[` + c0 + `,"resources","limits","cpu"]`, "o/p.yaml:14:11 limits", "b/web.yaml:20:9 the object it patches"},
		{"Deployment p-web-s", `[` + c0 + `,"resources","requests","memory"]`, "b/web.yaml:21:11 requests", ""},
		{"Deployment p-web-s", `[` + c0 + `,"livenessProbe"]`, "b/web.yaml:13:9 name: web", ""},
		{"Deployment p-web-s", `[` + c0 + `]`, "b/web.yaml:13:9 name: web", ""},
		{"Deployment p-web-s", `["spec","template","spec","containers"]`, "b/web.yaml:11:7 containers", ""},
		{"Deployment p-web-s", `["spec","template","spec","containers",1,"image"]`, `o/kustomization.yaml:38:11 "3"`, "b/web.yaml:23:16 the object it patches"},
		{"Deployment p-web-s", `["spec","template","spec","containers",1,"securityContext","privileged"]`, "o/p.yaml:18:26 null", "b/web.yaml:22:9 the object it patches"},
		{"Deployment p-web-s", `["spec","template","spec","containers",2,"tty"]`, "c/kustomization.yaml:18:14 true", ""},
		{"Deployment p-web-s", `["spec","template","spec","containers",2,"image"]`, "c/kustomization.yaml:17:16 third:3", ""},
		{"Deployment p-web-s", `["spec","template","spec","containers",2,"resources"]`, "c/kustomization.yaml:16:9 name: third", ""},
		{"Deployment p-web-s", `["spec","template","spec","dnsPolicy"]`, "c/kustomization.yaml:9:14 None", ""},
		{"Deployment p-web-s", `["spec","template","spec","terminationGracePeriodSeconds"]`, "o/p.yaml:19:38 5", ""},
		{"Deployment p-web-s", `["spec","template","spec","serviceAccountName"]`, "b/web.yaml:26:27 &sa runner", ""},
		{"Deployment p-web-s", `["spec","template","spec","hostname"]`, "b/web.yaml:27:17 *sa", ""},
		{"Deployment p-web-s", `["spec","template","spec","nodeSelector","text"]`, "b/web.yaml:29:15 |", ""},
		{"Deployment p-web-s", `["metadata","labels","app"]`, "b/web.yaml:6:17 web", ""},
		{"Deployment p-web-s", `["metadata","labels","ünïcode"]`, `b/web.yaml:6:33 "é"`, ""},
		{"Deployment p-web-s", `["metadata","labels","tier"]`, "o/kustomization.yaml:11:11 front", ""},
		{"Deployment p-web-s", `["spec","template","metadata","labels","stack"]`, "o/kustomization.yaml:14:12 asky", ""},
		{"Deployment p-web-s", `["metadata","annotations","owner"]`, "o/kustomization.yaml:16:10 team", ""},
		{"Deployment p-web-s", `["metadata","namespace"]`, "o/kustomization.yaml:1:12 prod", ""},
		{"Deployment p-web-s", `["metadata","name"]`, "b/web.yaml:5:9 web", ""},
		{"Deployment p-web-s", `[]`, "b/web.yaml:5:3 name: web", ""},
		{"Deployment p-web-s", `["spec","strategy","type"]`, "b/web.yaml:7:1 spec", ""},
		{"Service p-one-s", `["spec","type"]`, "o/multi.yaml:6:9 LoadBalancer", "b/many.yaml:4:14 the object it patches"},
		{"Service p-one-s", `["spec","ports",1,"port"]`, `o/kustomization.yaml:29:69 82`, "b/many.yaml:4:52 the object it patches"},
		{"Service p-one-s", `["spec","ports",0,"port"]`, "b/many.yaml:4:40 80", ""},
		{"Service p-one-s", `["spec","clusterIP"]`, "o/own.yaml:6:9 10.0.0.1", ""},
		{"Service p-two-s", `["spec","type"]`, "o/multi.yaml:13:9 NodePort", "b/many.yaml:10:9 the object it patches"},
		{"Service p-two-s", `["spec","externalName"]`, "o/kustomization.yaml:28:21 set.by.selector", ""},
		{"Service p-two-s", `["spec","selector","stack"]`, "o/kustomization.yaml:14:12 asky", ""},
		{"RoleBinding p-rb-s", `["subjects",0,"name"]`, "b/many.yaml:18:32 default", ""},
		{"RoleBinding p-rb-s", `["subjects",0,"namespace"]`, "o/kustomization.yaml:1:12 prod", "b/many.yaml:18:52 the object it patches"},
		{"ConfigMap p-json-s", `["data","key"]`, `b/data.json:2:18 "value"`, ""},
		{"ConfigMap p-json-s", `["data","list"]`, "o/kustomization.yaml:34:13 /data/list", "b/data.json:2:2 the object it patches"},
		{"ConfigMap p-crlf-s", `["data","key"]`, "b/crlf.yaml:6:8 value", ""},
		{"ConfigMap p-crlf-s", `["data","größe"]`, "b/crlf.yaml:7:10 'x'", ""},
		{"ConfigMap p-crlf-s", `["data","none"]`, "b/crlf.yaml:5:1 data", ""},
		{"ConfigMap p-cfg-s-*", `["data","LEVEL"]`, "o/kustomization.yaml:51:5 LEVEL=debug", "b/kustomization.yaml:9:5 the literal it is generated from"},
		{"ConfigMap p-cfg-s-*", `["data","QUOTED"]`, `b/kustomization.yaml:10:5 "QUOTED=a=b"`, ""},
		{"ConfigMap p-cfg-s-*", `["data","app.conf"]`, "b/kustomization.yaml:12:5 app.conf", ""},
		{"ConfigMap p-cfg-s-*", `["data","renamed.conf"]`, "b/kustomization.yaml:13:5 renamed.conf=app.conf", ""},
		{"ConfigMap p-cfg-s-*", `["data","HOST"]`, "b/cfg.env:2:6 example.org", ""},
		{"ConfigMap p-cfg-s-*", `["metadata","labels","made"]`, "b/kustomization.yaml:18:13 here", ""},
		{"Secret p-sec-s-*", `["data","PASSWORD"]`, "b/kustomization.yaml:21:14 PASSWORD=hunter2", ""},
	})
}

func TestAFindingIsPlacedInNestedBasesPluginsAndReplacementsToo(t *testing.T) {
	everyPlace(t, annex, []placed{
		{"Deployment m-api-v1", `["spec","replicas"]`, `tune/kustomization.yaml:17:22 4`, "deep/deployment.yaml:7:13 the object it patches"},
		{"Deployment m-api-v1", `["spec","paused"]`, `o/paused.yaml:4:61 true`, "deep/deployment.yaml:8:11 the object it patches"},
		{"Deployment m-api-v1", `["spec","revisionHistoryLimit"]`, `o/kustomization.yaml:11:27 3`, ""},
		{"Deployment m-api-v1", `["spec","template","spec","containers",0,"image"]`, `o/kustomization.yaml:15:11 sha256:0000000000000000000000000000000000000000000000000000000000000001`, "deep/deployment.yaml:13:16 the object it patches"},
		{"Deployment m-api-v1", `["spec","template","spec","containers",1,"image"]`, `o/kustomization.yaml:17:12 mirror.example.org/proxy`, "deep/deployment.yaml:11:7 the object it patches"},
		{"Deployment m-api-v1", `["spec","template","spec","containers",1,"ports",0,"containerPort"]`, `middle/ops.yaml:6:78 9000`, ""},
		{"Deployment m-api-v1", `["spec","template","spec","containers",1,"resources"]`, `middle/ops.yaml:6:11 name: proxy`, ""},
		{"Deployment m-api-v1", `["spec","template","spec","containers",0,"command",1]`, `deep/deployment.yaml:14:36 "--fast"`, ""},
		{"Deployment m-api-v1", `["spec","template","spec","initContainers",0,"image"]`, `deep/deployment.yaml:18:16 "example.org/wait@sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3"`, ""},
		{"Deployment m-api-v1", `["spec","template","spec","initContainers",0,"command",0]`, `deep/deployment.yaml:14:24 "/bin/api"`, ""},
		{"Deployment m-api-v1", `["spec","template","spec","initContainers",0,"resources"]`, `deep/deployment.yaml:17:9 name: wait`, ""},
		{"Deployment m-api-v1", `["spec","template","spec","containers",0,"livenessProbe","periodSeconds"]`, `middle/ops.yaml:3:10 20`, "deep/deployment.yaml:15:79 the object it patches"},
		{"Deployment m-api-v1", `["spec","template","spec","containers",0,"livenessProbe","httpGet","port"]`, `deep/deployment.yaml:15:57 8080`, ""},
		{"Deployment m-api-v1", `["spec","template","spec","containers",0,"resources","limits","cpu"]`, `tune/kustomization.yaml:13:39 500m`, ""},
		{"Deployment m-api-v1", `["spec","template","spec","volumes",0,"emptyDir","sizeLimit"]`, `deep/deployment.yaml:22:31 1Gi`, ""},
		{"Deployment m-api-v1", `["spec","template","spec","volumes",0,"emptyDir","medium"]`, `middle/extra.yaml:6:8 uno`, ""},
		{"Deployment m-api-v1", `["metadata","annotations","note"]`, `deep/deployment.yaml:5:23 "on"`, ""},
		{"Deployment m-api-v1", `["metadata","annotations","when"]`, `deep/deployment.yaml:5:35 '12:30:45'`, ""},
		{"Deployment m-api-v1", `["metadata","annotations","inline"]`, `o/kustomization.yaml:31:25 "yes"`, ""},
		{"Deployment m-api-v1", `["metadata","labels","stack"]`, `o/kustomization.yaml:4:23 annex`, ""},
		{"Deployment m-api-v1", `["spec","selector","matchLabels","stack"]`, `o/kustomization.yaml:4:23 annex`, ""},
		{"Deployment m-api-v1", `["metadata","namespace"]`, `o/kustomization.yaml:3:12 late`, ""},
		{"Deployment m-api-v1", `["metadata","name"]`, `deep/deployment.yaml:4:9 api`, ""},
		{"ConfigMap m-extra", `["data","a/b"]`, `middle/kustomization.yaml:10:14 slashed`, ""},
		{"ConfigMap m-extra", `["data","copied"]`, `middle/extra.yaml:6:8 uno`, ""},
		{"ConfigMap m-extra", `["data","text"]`, `middle/extra.yaml:7:9 >-`, ""},
		{"Service m-extra", `["spec","ports",0,"targetPort"]`, `o/ports.yaml:8:17 8081`, ""},
		{"Service m-extra", `["spec","ports",1,"port"]`, `middle/extra.yaml:14:35 80`, ""},
		{"Service m-extra", `["spec","selector","app"]`, `middle/extra.yaml:14:82 api`, ""},
		{"Secret login", `["data","USER"]`, `o/login.env:1:6 app`, ""},
		{"Secret login", `["metadata","annotations","made"]`, `o/kustomization.yaml:24:62 by-hand`, ""},
		{"Secret login", `["type"]`, `o/kustomization.yaml:22:9 Opaque`, ""},
		{"ConfigMap tuned-*", `["data","FAST"]`, `tune/kustomization.yaml:20:14 FAST=yes`, ""},
		{"ConfigMap made-*", `["data","COLOR"]`, `o/made.yaml:4:12 COLOR=red`, ""},
	})
}

// placed is a field of an object, where it is written, and the first of the related places.
type placed struct{ object, path, want, related string }

func everyPlace(t *testing.T, repository string, fields []placed) {
	t.Helper()
	root := tree(t, repository)
	locator, objects := locator(t, root, "o")
	for _, one := range fields {
		found := false
		kind, name, _ := strings.Cut(one.object, " ")
		var path []any
		if err := json.Unmarshal([]byte(one.path), &path); err != nil {
			t.Fatal(err)
		}
		for i, step := range path {
			if number, ok := step.(float64); ok {
				path[i] = int(number)
			}
		}
		for _, object := range objects {
			full := object.Value["metadata"].(map[string]any)["name"].(string)
			if object.Value["kind"] != kind || full != name && !(strings.HasSuffix(name, "*") && strings.HasPrefix(full, strings.TrimSuffix(name, "*"))) {
				continue
			}
			found = true
			place := finding(object.Value, path)
			locator.Place(&place)
			related := ""
			if len(place.Related) > 0 {
				related = fmt.Sprintf("%s:%d:%d %s", place.Related[0].File, place.Related[0].Line, place.Related[0].Column, place.Related[0].Message)
			}
			if got := at(t, root, place.Location); got != one.want || one.related != "" && related != one.related {
				t.Errorf("%s %s\n got %s  (%s)\nwant %s  (%s)", one.object, one.path, got, related, one.want, one.related)
			}
		}
		if !found {
			t.Errorf("there is no %s", one.object)
		}
	}
}

func TestAFindingOnASourceIsPlacedInItsDocument(t *testing.T) {
	root := tree(t, house)
	locator, _ := locator(t, root, "o")
	for _, one := range []struct {
		source source.Place
		path   []any
		want   string
	}{
		{source.Place{File: "b/kustomization.yaml"}, []any{"secretGenerator", json.Number("0"), "literals", json.Number("0")}, "b/kustomization.yaml:21:14 PASSWORD=hunter2"},
		{source.Place{File: "b/many.yaml", Document: 1}, []any{"spec", "selector", "app"}, "b/many.yaml:11:19 web"},
		{source.Place{File: "b/many.yaml", Document: 1}, []any{"spec", "nothing"}, "b/many.yaml:9:1 spec"},
		{source.Place{File: "b/app.conf", Document: 0}, nil, "b/app.conf:1:1 line one"},
		{source.Place{File: "b/many.yaml", Document: 9}, nil, "b/many.yaml:1:1 "},
		{source.Place{File: "../outside", Document: 0}, nil, "nowhere"},
	} {
		found := source.Finding{Source: &one.source, Path: one.path}
		locator.Place(&found)
		same(t, at(t, root, found.Location), one.want)
	}
}

// spoil changes the scalar at a place, keeping its type, and returns the file and what was in it.
func spoil(t *testing.T, root string, place *source.Location) (path string, was []byte) {
	t.Helper()
	path = filepath.Join(root, place.File)
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(was), "\n")
	line := []rune(lines[place.Line-1])
	before, old, after := string(line[:place.Column-1]), string(line[place.Column-1:place.EndColumn-1]), string(line[place.EndColumn-1:])
	switch {
	case strings.HasPrefix(old, "|") || strings.HasPrefix(old, ">"):
		text := strings.TrimRight(lines[place.Line], "\r\n")
		lines[place.Line] = text + "7" + lines[place.Line][len(text):]
	case old == "true":
		old = "false"
	case old == "false":
		old = "true"
	case strings.HasPrefix(old, "*"):
		old = "other"
	case strings.HasSuffix(old, `"`) || strings.HasSuffix(old, "'"):
		old = old[:len(old)-1] + "7" + old[len(old)-1:]
	default:
		old += "7"
	}
	lines[place.Line-1] = before + old + after
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o644); err != nil {
		t.Fatal(err)
	}
	return path, was
}

func values(value any, path []any, visit func([]any, any)) {
	switch value := value.(type) {
	case map[string]any:
		for key, child := range value {
			values(child, append(append([]any{}, path...), key), visit)
		}
	case []any:
		for i, child := range value {
			values(child, append(append([]any{}, path...), i), visit)
		}
	default:
		visit(path, value)
	}
}

func TestColumnsAndLinesAreAnEditors(t *testing.T) {
	for name, one := range map[string]struct{ manifest, want string }{
		"a byte order mark":                      {"\ufeffapiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {k: v}\n", "c.yaml:4:11 v"},
		"a byte order mark on the line":          {"\ufeff{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {k: v}}\n", "c.yaml:1:66 v"},
		"a line separator that YAML breaks at":   {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: \"x\u2028y\", k: v}\n", "c.yaml:4:21 v"},
		"characters outside the basic plane":     {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {\"😀\": 😀, k: v}\n", "c.yaml:4:19 v"},
		"a tag and an anchor before the value":   {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {k: !!str &a v}\n", "c.yaml:4:11 !!str &a v"},
		"a value on the line below its key":      {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  k:\n    v\n", "c.yaml:6:5 v"},
		"a field that a merge key brings":        {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: &l {k: v}}\ndata: {<<: *l}\n", "c.yaml:3:36 v"},
		"a quoted value with an escaped quote":   {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {k: \"a\\\"b\" }\n", `c.yaml:4:11 "a\"b"`},
		"a value without anything after the key": {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  k:\n", "c.yaml:5:3 k"},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			if err := os.WriteFile(filepath.Join(root, "c.yaml"), []byte(one.manifest), 0o644); err != nil {
				t.Fatal(err)
			}
			built := render.Build(open(t, root), render.Target{Name: "k", Files: []string{"c.yaml"}}, false)
			if built.Error != nil {
				t.Fatal(built.Error)
			}
			found := finding(built.Objects[0].Value, []any{"data", "k"})
			(&source.Locator{Files: open(t, root), Objects: built.Objects}).Place(&found)
			data, _ := os.ReadFile(filepath.Join(root, "c.yaml"))
			if err := os.WriteFile(filepath.Join(root, "c.yaml"), []byte(strings.TrimPrefix(string(data), "\ufeff")), 0o644); err != nil {
				t.Fatal(err)
			}
			same(t, at(t, root, found.Location), one.want)
		})
	}
}

func TestAnObjectThatKustomizeCannotTraceIsStillPlaced(t *testing.T) {
	root := tree(t, strings.TrimPrefix(shapes["annotations of an earlier build in the source"], "\n"))
	files, target := open(t, root), render.Target{Name: "o", Kustomization: "o"}
	built := render.Build(files, target, false)
	if err := render.Trace(files, target, built); err == nil {
		t.Log("kustomize traced it after all")
	}
	found := finding(built.Objects[0].Value, []any{"metadata", "annotations", "kept"})
	(&source.Locator{Files: files, Graph: built.Graph, Objects: built.Objects}).Place(&found)
	same(t, at(t, root, found.Location), `o/d.yaml:9:11 "y"`)
}
