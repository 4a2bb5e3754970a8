package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"asky-gitops.dev/engine/render"
	"asky-gitops.dev/engine/source"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

const plainKustomize = "--plain-kustomize"

// The test binary stands in for the engine's own child process, and for kustomize without any of our code.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == plainKustomize {
		os.Exit(kustomize(os.Args[2]))
	}
	if len(os.Args) > 1 && os.Args[1] == render.ChildFlag {
		if err := render.Child(); err != nil {
			os.Exit(3)
		}
		os.Exit(0)
	}
	// kustomize warns of deprecated fields.
	if quiet, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stderr = quiet
	}
	os.Exit(m.Run())
}

func kustomize(dir string) int {
	options := krusty.MakeDefaultOptions()
	options.Reorder, options.LoadRestrictions = krusty.ReorderOptionUnspecified, types.LoadRestrictionsRootOnly
	resources, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), dir)
	if err == nil {
		var text []byte
		if text, err = resources.AsYaml(); err == nil {
			_, err = os.Stdout.Write(text)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// tree writes files given as `-- name --` lines and what follows each, and returns their folder.
func tree(t testing.TB, text string) string {
	t.Helper()
	root := t.TempDir()
	for _, part := range strings.Split("\n"+text, "\n-- ")[1:] {
		name, content, _ := strings.Cut(part, " --\n")
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func open(t testing.TB, root string) *source.Files {
	t.Helper()
	files, err := source.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// ask sends requests and returns the replies, one JSON value a line, ids left out.
func ask(t testing.TB, requests ...map[string]any) []map[string]any {
	t.Helper()
	var input, output bytes.Buffer
	for i, request := range requests {
		request["id"] = i + 1
		if err := json.NewEncoder(&input).Encode(request); err != nil {
			t.Fatal(err)
		}
	}
	if err := newEngine(&output).serve(&input); err != nil {
		t.Fatal(err)
	}
	var replies []map[string]any
	scanner := bufio.NewScanner(&output)
	scanner.Buffer(nil, 64<<20)
	for scanner.Scan() {
		var reply map[string]any
		if err := json.Unmarshal(scanner.Bytes(), &reply); err != nil {
			t.Fatal(err)
		}
		delete(reply, "id")
		replies = append(replies, reply)
	}
	return replies
}

func text(t testing.TB, value any) string {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.String())
}

func same(t testing.TB, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: registry.example.org/web:1.0
        args: [serve, "--port", "80"]
        ports:
        - containerPort: 80
      - name: side
        image: side:2
`
