package main

import (
	"bytes"
	"runtime/debug"
	"strings"
	"testing"
)

func TestHelloSaysWhatTheEngineIsMadeOf(t *testing.T) {
	hello := ask(t, map[string]any{"op": "hello"})[0]
	versions := hello["versions"].(map[string]any)
	if hello["protocol"] != 1.0 || hello["source"] != "unknown" || versions["kustomize"] != "v5.8.1" || versions["opa"] != "1.22.0" || versions["engine"] == "" {
		t.Errorf("got %s", text(t, hello))
	}
	// kustomize v5.8.1 is made of api and kyaml v0.21.1; its own module is not linked, so nothing else would notice.
	linked := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			linked[module.Path] = module.Version
		}
	}
	same(t, linked["sigs.k8s.io/kustomize/api"]+" "+linked["sigs.k8s.io/kustomize/kyaml"], "v0.21.1 v0.21.1")
}

func TestEveryRequestEndsWithDoneWhateverItWas(t *testing.T) {
	var output bytes.Buffer
	requests := []string{`{"id":1,"op":"nothing","root":"."}`, `not json`, ``, `{"id":2,"op":"build","root":"/does/not/exist"}`, `{"id":3,"op":"build","root":".","targets":[]}`, `[1]`}
	if err := newEngine(&output).serve(strings.NewReader(strings.Join(requests, "\n"))); err != nil {
		t.Fatal(err)
	}
	same(t, output.String(), `{"code":"bad-request","id":1,"message":"unknown op \"nothing\"","type":"error"}
{"id":1,"type":"done"}
{"code":"bad-request","id":0,"message":"the request is not a JSON object","type":"error"}
{"id":0,"type":"done"}
{"code":"bad-request","id":0,"message":"the request is not a JSON object","type":"error"}
{"id":0,"type":"done"}
{"code":"bad-request","id":2,"message":"lstat /does: no such file or directory","type":"error"}
{"id":2,"type":"done"}
{"id":3,"type":"done"}
{"code":"bad-request","id":0,"message":"the request is not a JSON object","type":"error"}
{"id":0,"type":"done"}
`)
}

func TestARequestThatIsTooLongIsRefusedAndEndsTheEngine(t *testing.T) {
	var output bytes.Buffer
	long := `{"id":1,"op":"` + strings.Repeat("x", maxRequest) + `"}`
	if err := newEngine(&output).serve(strings.NewReader(long + "\n" + `{"id":2,"op":"build","root":".","targets":[]}` + "\n")); err != nil {
		t.Fatal(err)
	}
	same(t, output.String(), `{"code":"bad-request","id":0,"message":"the request is longer than 64 MiB","type":"error"}
{"id":0,"type":"done"}
`)
}

func TestStandardInputIsATarget(t *testing.T) {
	replies := ask(t, map[string]any{"op": "judge", "root": t.TempDir(), "policies": tree(t, policies("")), "targets": []any{map[string]any{"name": "-", "text": deployment}}})
	finding := replies[1]["findings"].([]any)[0].(map[string]any)
	same(t, text(t, []any{replies[1]["name"], replies[1]["objects"], finding["location"]}), `["-",1,{"column":13,"endColumn":14,"endLine":6,"file":"-","line":6}]`)
	broken := ask(t, map[string]any{"op": "judge", "root": t.TempDir(), "policies": tree(t, policies("")), "targets": []any{map[string]any{"name": "-", "text": "a:\n\t- b"}}})
	same(t, text(t, broken[1]["error"]), `{"code":"invalid-yaml","exit":2,"location":{"column":2,"endColumn":5,"endLine":2,"file":"-","line":2},"message":"found character that cannot start any token"}`)
}

func TestATargetWithABombOnStandardInputFailsFast(t *testing.T) {
	replies := ask(t, map[string]any{"op": "build", "root": t.TempDir(), "targets": []any{map[string]any{"name": "-", "text": "apiVersion: v1\nkind: ConfigMap\n" + laughs}}})
	same(t, text(t, replies[0]["error"].(map[string]any)["message"]), `"aliases add more than 200000 nodes"`)
}
