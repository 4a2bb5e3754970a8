package main

import (
	"strings"
	"testing"

	"asky-gitops.dev/engine/render"
	"asky-gitops.dev/engine/schema"
)

// kubernetes has the layout of kubernetes-validate's schemas, small.
const kubernetes = `
-- v1.98.0-local-strict/_definitions.json --
{"$id": "https://kubernetes.io/api/_definitions.json", "$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {
 "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": {"type": ["object", "null"], "additionalProperties": false, "properties": {
   "name": {"type": ["string", "null"]}, "namespace": {"type": ["string", "null"]},
   "labels": {"type": ["object", "null"], "additionalProperties": {"type": ["string", "null"]}}}},
 "io.k8s.Spec": {"type": ["object", "null"], "additionalProperties": false, "required": ["selector"], "properties": {
   "replicas": {"type": ["integer", "null"], "format": "int32"}, "selector": {"type": "object"},
   "port": {"$ref": "#/$defs/io.k8s.IntOrString", "description": "d"},
   "list": {"type": ["array", "null"], "items": {"$ref": "#/$defs/io.k8s.Item"}},
   "policy": {"type": ["string", "null"], "enum": ["Always", "Never"]}}},
 "io.k8s.Item": {"type": "object", "additionalProperties": false, "required": ["name"], "description": "d", "properties": {
   "name": {"type": "string"}, "description": {"type": "string"}, "$schema": {"type": "string"}}},
 "io.k8s.IntOrString": {"oneOf": [{"type": ["string", "null"]}, {"type": ["integer", "null"]}]}}}
-- v1.98.0-local-strict/deployment-apps-v1.json --
{"$id": "https://kubernetes.io/api/deployment/apps/v1", "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
 "additionalProperties": false, "x-kubernetes-group-version-kind": [{"group": "apps", "kind": "Deployment", "version": "v1"}],
 "properties": {"apiVersion": {"type": ["string", "null"], "enum": ["apps/v1"]}, "kind": {"type": ["string", "null"], "enum": ["Deployment"]},
  "metadata": {"$ref": "/api/_definitions.json#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
  "spec": {"$ref": "/api/_definitions.json#/$defs/io.k8s.Spec"}}}
-- v1.98.0-local-strict/secret-v1.json --
{"type": "object", "x-kubernetes-group-version-kind": [{"group": "", "kind": "Secret", "version": "v1"}], "properties": {
  "data": {"type": "object", "additionalProperties": {"type": "string"}}}}
-- v1.99.0-local-strict/_definitions.json --
{"$defs": {"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": {"type": "object"}}}
-- v1.99.0-local-strict/deployment-apps-v1.json --
{"type": "object", "x-kubernetes-group-version-kind": [{"group": "apps", "kind": "Deployment", "version": "v1"}],
 "properties": {"spec": {"type": "object", "properties": {"replicas": {"type": "integer"}}}}}
-- v1.99.0-local-strict/secret-v1.json --
{"type": "object", "x-kubernetes-group-version-kind": [{"group": "", "kind": "Secret", "version": "v1"}]}
`

const widget = `
-- widgets.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: not-a-definition}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.org}
spec:
  group: example.org
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec:
            type: object
            required: [size, color]
            properties:
              size: {type: integer, minimum: 1, maximum: 10}
              color: {type: string, default: red, enum: [red, blue]}
              port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}], pattern: "^[0-9]+$"}
              note: {type: string, nullable: true, maxLength: 3}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {known: {type: boolean}}}
              labels: {type: object, additionalProperties: {type: string}}
              template: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
              empty: {type: object}
              any: {x-kubernetes-preserve-unknown-fields: true}
              one: {type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}
              list: {type: array, items: {type: object, properties: {a: {type: string}}}}
              deep: {type: object, default: {}, properties: {level: {type: object, default: {}, required: [num], properties: {num: {type: integer, default: 1}}}}}
`

func check(t *testing.T, manifest string, versions ...string) (found []string, unknown []string) {
	t.Helper()
	set, err := schema.Open(schema.Config{Kubernetes: tree(t, kubernetes), Versions: versions, CRDs: []string{tree(t, widget)}})
	if err != nil {
		t.Fatal(err)
	}
	built := render.Build(open(t, t.TempDir()), render.Target{Name: "-", Text: &manifest}, false)
	if built.Error != nil {
		t.Fatal(built.Error)
	}
	findings, unknown, err := set.Check(built.Objects)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range findings {
		found = append(found, text(t, one.Path)+" "+one.Message)
	}
	return found, unknown
}

func TestASchemaNamesEveryFieldItRefuses(t *testing.T) {
	apps := "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: "
	example := "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: w}\nspec: "
	for _, one := range []struct{ manifest, want string }{
		{apps + "{selector: {}, replicas: 1, port: http, list: [{name: a}], policy: Never}", ""},
		{apps + "{selector: {}, replicas: null}", ""},
		{apps + "{selector: {}, list: [{name: a, description: b, $schema: c}]}", ""},
		{apps + "{replicas: three}", `["spec","replicas"] must be integer, is string` + "\n" + `["spec","selector"] required field "selector" is missing`},
		{apps + "{selector: {}, replica: 1}", `["spec","replica"] unknown field "replica"`},
		{apps + "{selector: {}, port: true}", `["spec","port"] must be string or integer, is boolean`},
		{apps + "{selector: {}, policy: Sometimes}", `["spec","policy"] must be one of Always, Never`},
		{apps + "{selector: {}, list: [{name: a}, {nam: b}]}", `["spec","list",1,"nam"] unknown field "nam"` + "\n" + `["spec","list",1,"name"] required field "name" is missing`},
		{strings.Replace(apps, "name: d", "name: d, labels: {a: 1}", 1) + "{selector: {}}", `["metadata","labels","a"] must be string, is number`},
		{strings.Replace(apps, "name: d", "name: d, lables: {}", 1) + "{selector: {}}", `["metadata","lables"] unknown field "lables"`},
		{example + "{size: 3}", ""},
		{example + "{size: 0}", `["spec","size"] must be at least 1`},
		{example + "{size: 11, color: green}", `["spec","color"] must be one of red, blue` + "\n" + `["spec","size"] must be at most 10`},
		{example + "{size: 3, port: 80, note: null, free: {x: {y: 1}, known: true}, labels: {a: b}, any: [1, {}]}", ""},
		{example + "{size: 3, port: http}", `["spec","port"] must match ^[0-9]+$`},
		{example + "{size: 3, port: [1]}", `["spec","port"] must be integer or string, is array`},
		{example + "{size: 3, note: long}", `["spec","note"] must have at most 3 characters`},
		{example + "{size: 3, color: null, port: null, list: null, deep: {level: {num: null}}}", ""},
		{example + "{size: null}", `["spec","size"] must be integer, is null`},
		{example + "{size: 3, list: [null]}", `["spec","list",0] must be object, is null`},
		{example + "{size: 3, color: null, deep: {}}", ""},
		{example + "{size: 3, free: {known: 1}}", `["spec","free","known"] must be boolean, is number`},
		{example + "{size: 3, empty: {a: 1}}", `["spec","empty","a"] unknown field "a"`},
		{example + "{size: 3, template: {apiVersion: v1, kind: X, metadata: {nam: a}, other: 1}}", `["spec","template","metadata","nam"] unknown field "nam"`},
		{example + "{size: 3, one: {a: x}}", ""},
		{example + "{size: 3, one: {a: x, b: z}}", `["spec","one"] fits several of the forms of which its schema allows one`},
		{example + "{size: 3, one: {}}", `["spec","one"] fits none of the forms its schema allows`},
		{"{apiVersion: example.org/v1, kind: Widget, metadata: {name: w}, spce: {}}", `["spce"] unknown field "spce"` + "\n" + `["spec"] required field "spec" is missing`},
	} {
		found, unknown := check(t, one.manifest, "1.98")
		same(t, strings.Join(found, "\n"), one.want)
		if len(unknown) > 0 {
			t.Errorf("%s: unknown %v", one.manifest, unknown)
		}
	}
}

func TestAKindWithoutASchemaIsNamedAndAFileOfAnotherGroupIsNotTakenForIt(t *testing.T) {
	found, unknown := check(t, "{apiVersion: apps.example.org/v1, kind: Deployment, metadata: {name: a}}\n---\n"+
		"{apiVersion: example.org/v2, kind: Widget, metadata: {name: a}}\n---\n{apiVersion: v1, kind: ../../x, metadata: {name: a}}", "1.98")
	same(t, text(t, []any{found, unknown}), `[null,["apps.example.org/v1/Deployment","example.org/v2/Widget","v1/../../x"]]`)
}

func TestAFieldThatOnlySomeVersionsRefuseSaysWhich(t *testing.T) {
	found, _ := check(t, "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {}, replicas: x, new: 1}}", "1.98", "1.99")
	same(t, strings.Join(found, "\n"), `["spec","new"] unknown field "new" (Kubernetes 1.98)`+"\n"+`["spec","replicas"] must be integer, is string`)
}

func TestASchemaErrorNeverPrintsASecretsValue(t *testing.T) {
	found, _ := check(t, "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: 31337, b: [hunter2], c: {hunter2: x}}}", "1.98")
	same(t, strings.Join(found, "\n"), `["data","a"] must be string, is number`+"\n"+`["data","b"] must be string, is array`+"\n"+`["data","c"] must be string, is object`)
}

func TestSchemaViolationsAreFindingsWithAPlace(t *testing.T) {
	root := tree(t, "-- o/kustomization.yaml --\nresources: [d.yaml]\npatches: [{path: p.yaml}]\n-- o/d.yaml --\n"+
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {selector: {}}\n-- o/p.yaml --\n"+
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  replicas: three\n")
	asked := map[string]any{"op": "judge", "root": root, "policies": tree(t, policies("")), "targets": []any{map[string]any{"name": "o", "kustomization": "o"}},
		"schemas": map[string]any{"kubernetes": tree(t, kubernetes), "versions": []string{"1.98"}, "crds": []string{}}}
	same(t, text(t, ask(t, asked)[1]["findings"].([]any)[0]), reorder(t, `{"rule":"schema-error","category":"reliability","severity":"error","message":"must be integer, is string",
	 "resource":{"apiVersion":"apps/v1","kind":"Deployment","namespace":null,"name":"d"},"path":["spec","replicas"],"trace":[],"source":null,
	 "location":{"file":"o/p.yaml","line":5,"column":13,"endLine":5,"endColumn":18},"related":[{"file":"o/d.yaml","line":4,"column":1,"message":"the object it patches"}]}`))
	asked["schemas"].(map[string]any)["versions"] = []string{"1.5"}
	if reply := ask(t, asked)[0]; reply["type"] != "error" {
		t.Errorf("got %s", text(t, reply))
	}
}
