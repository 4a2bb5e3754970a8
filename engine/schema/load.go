// Package schema validates rendered objects by Kubernetes' own schemas and by CustomResourceDefinitions.
package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"asky-gitops.dev/engine/source"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/kustomize/kyaml/resid"
)

// Config says where schemas are: the folder of kubernetes-validate's, the minor versions wanted of it, and files or
// folders of CustomResourceDefinitions.
type Config struct {
	Kubernetes string   `json:"kubernetes"`
	Versions   []string `json:"versions"`
	CRDs       []string `json:"crds"`
}

// Set is the schemas of one request; each is read and compiled when an object first needs it.
type Set struct {
	versions []*version
	folders  []*folder
}

// version is one Kubernetes minor version.
type version struct {
	name, dir   string
	definitions func() (map[string]json.RawMessage, error)
	lock        sync.Mutex
	compiler    *jsonschema.Compiler
	compiled    map[string]*jsonschema.Schema // by apiVersion/kind; nil when there is none
	parts       parts
}

const (
	// trusted is a meta-schema that allows everything: these schemas are checked where they are made, and holding each
	// to the real one takes longer than compiling it.
	trusted    = "k8s://trusted"
	definition = "k8s://definitions/"
	objectMeta = definition + "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
)

// Open prepares the schemas; it fails on a version that is not there.
func Open(config Config) (*Set, error) {
	set := &Set{}
	for _, name := range config.Versions {
		v := &version{name: name, compiled: map[string]*jsonschema.Schema{}, compiler: jsonschema.NewCompiler(), parts: parts{byAddress: map[string]*part{}},
			dir: filepath.Join(config.Kubernetes, "v"+name+".0-local-strict")}
		if _, err := os.Stat(v.dir); err != nil {
			return nil, fmt.Errorf("there are no schemas for Kubernetes %s in %s", name, config.Kubernetes)
		}
		v.definitions = sync.OnceValues(v.readDefinitions)
		v.compiler.DefaultDraft(jsonschema.Draft4)
		v.compiler.UseLoader(v)
		v.compiler.RegisterVocabulary(&jsonschema.Vocabulary{URL: trusted + "/later", Schema: &jsonschema.Schema{}, Compile: v.compilePart})
		set.versions = append(set.versions, v)
	}
	for _, path := range config.CRDs {
		set.folders = append(set.folders, &folder{path: path, known: map[resid.Gvk]any{}, read: map[string]bool{}})
	}
	return set, nil
}

// Warm reads what every object will need.
func (s *Set) Warm() {
	for _, v := range s.versions {
		_, _ = v.definitions()
	}
}

func (v *version) readDefinitions() (map[string]json.RawMessage, error) {
	data, err := os.ReadFile(filepath.Join(v.dir, "_definitions.json"))
	if err != nil {
		return nil, err
	}
	var file struct {
		Defs map[string]json.RawMessage `json:"$defs"`
	}
	return file.Defs, json.Unmarshal(data, &file)
}

// Load gives the compiler one definition at a time, so that only what an object needs is decoded.
func (v *version) Load(url string) (any, error) {
	if url == trusted {
		return map[string]any{"$schema": "http://json-schema.org/draft-04/schema#"}, nil
	}
	definitions, err := v.definitions()
	if err != nil {
		return nil, err
	}
	raw, ok := definitions[strings.TrimPrefix(url, definition)]
	if !ok {
		return nil, fmt.Errorf("no definition %s", url)
	}
	return decode(raw)
}

// decode reads a schema of kubernetes-validate; its references become parts that Load answers.
func decode(raw []byte) (any, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if schema, ok := doc.(map[string]any); ok {
		refer(doc)
		schema["$schema"] = trusted
	}
	return doc, err
}

func refer(schema any) {
	switch schema := schema.(type) {
	case map[string]any:
		if ref, ok := schema["$ref"].(string); ok {
			delete(schema, "$ref")
			schema[later] = definition + ref[strings.LastIndex(ref, "/")+1:]
		}
		maps.DeleteFunc(schema, func(key string, value any) bool { _, isText := value.(string); return isText && notes[key] })
		for _, value := range schema {
			refer(value)
		}
	case []any:
		for _, value := range schema {
			refer(value)
		}
	}
}

var notes = map[string]bool{"$id": true, "$schema": true, "description": true} // unless it is a property's schema
var fileGroup = regexp.MustCompile(`^([^./]*)(?:\.[^/]*)?/`)

// native is the schema of a kind that Kubernetes has itself, nil when it is none.
func (v *version) native(gvk resid.Gvk) (any, error) {
	name := strings.ToLower(gvk.Kind) + "-" + fileGroup.ReplaceAllString(gvk.ApiVersion(), "$1-") + ".json"
	raw, err := os.ReadFile(filepath.Join(v.dir, filepath.Base(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	// Groups share their first part (`policy` and `policy.example.org`), so a file by this name may be another kind's.
	var file struct {
		Kinds []resid.Gvk `json:"x-kubernetes-group-version-kind"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, err
	}
	for _, one := range file.Kinds {
		if one.Group == gvk.Group && one.Version == gvk.Version && one.Kind == gvk.Kind {
			return decode(raw)
		}
	}
	return nil, nil
}

// schema compiles the schema of a kind; nil when there is none.
func (s *Set) schema(v *version, gvk resid.Gvk) (*jsonschema.Schema, error) {
	v.lock.Lock()
	defer v.lock.Unlock()
	key := gvk.ApiVersion() + "/" + gvk.Kind
	if known, ok := v.compiled[key]; ok {
		return known, nil
	}
	doc, err := v.native(gvk)
	if doc == nil && err == nil {
		doc, err = s.custom(gvk)
	}
	if doc == nil || err != nil {
		v.compiled[key] = nil
		return nil, err
	}
	url := "kind://" + key
	if err := v.compiler.AddResource(url, doc); err != nil {
		return nil, err
	}
	v.compiled[key], err = v.compiler.Compile(url)
	return v.compiled[key], err
}

// folder is a folder or file of CustomResourceDefinitions.
type folder struct {
	path  string
	lock  sync.Mutex
	known map[resid.Gvk]any
	read  map[string]bool
}

// custom is the schema of a CustomResourceDefinition; of several folders the last wins.
func (s *Set) custom(gvk resid.Gvk) (any, error) {
	for i := len(s.folders) - 1; i >= 0; i-- {
		if found, err := s.folders[i].find(gvk); found != nil || err != nil {
			return found, err
		}
	}
	return nil, nil
}

var packed = regexp.MustCompile(`^([a-z0-9.-]+)_[a-z0-9]+\.json$`)

// find looks first where a packed folder has the kind, then in every file that may hold it.
func (f *folder) find(gvk resid.Gvk) (any, error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	direct := filepath.Join(f.path, filepath.Base(gvk.Group+"_"+strings.ToLower(gvk.Kind)+".json"))
	if _, err := os.Stat(direct); err == nil {
		if err := f.add(direct); err != nil {
			return nil, err
		}
	}
	if found := f.known[gvk]; found != nil {
		return found, nil
	}
	err := filepath.WalkDir(f.path, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name := packed.FindStringSubmatch(entry.Name())
		switch filepath.Ext(path) {
		case ".yaml", ".yml", ".json":
			if name == nil || name[1] == gvk.Group {
				return f.add(path)
			}
		}
		return nil
	})
	return f.known[gvk], err
}

// add reads the definitions in one file, once.
func (f *folder) add(path string) error {
	if f.read[path] {
		return nil
	}
	f.read[path] = true
	data, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(data, []byte("CustomResourceDefinition")) {
		return err
	}
	if filepath.Ext(path) == ".json" {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		f.define(doc)
		return nil
	}
	file, err := source.Text(path, data)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	docs, broken := file.Documents()
	if broken != nil {
		return fmt.Errorf("%s:%d:%d: %s", path, broken.Location.Line, broken.Location.Column, broken.Message)
	}
	for _, doc := range docs {
		f.define(source.Value(doc.Root, false))
	}
	return nil
}

func (f *folder) define(doc any) {
	object, _ := doc.(map[string]any)
	spec, _ := object["spec"].(map[string]any)
	names, _ := spec["names"].(map[string]any)
	versions, _ := spec["versions"].([]any)
	if object["kind"] != "CustomResourceDefinition" {
		return
	}
	for _, one := range versions {
		version, _ := one.(map[string]any)
		holder, _ := version["schema"].(map[string]any)
		if schema, ok := holder["openAPIV3Schema"].(map[string]any); ok {
			gvk := resid.Gvk{Group: fmt.Sprint(spec["group"]), Version: fmt.Sprint(version["name"]), Kind: fmt.Sprint(names["kind"])}
			structural(schema, true)
			schema["$schema"] = trusted
			f.known[gvk] = schema
		}
	}
}

// structural turns a structural schema into a JSON Schema that refuses what the API server's strict mode refuses
// (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema).
func structural(schema map[string]any, resource bool) {
	delete(schema, "description")
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any) // nulls are taken out and defaults filled in before an object is validated
	required = slices.DeleteFunc(required, func(name any) bool {
		child, _ := properties[fmt.Sprint(name)].(map[string]any)
		return child["default"] != nil
	})
	if schema["required"] = required; len(required) == 0 {
		delete(schema, "required") // draft 4 has no empty list
	}
	for key, child := range properties {
		if of, ok := child.(map[string]any); ok && !slices.Contains(required, any(key)) {
			of["nullable"] = true
		}
		properties[key] = postponed(child)
	}
	for _, key := range []string{"items", "additionalProperties"} {
		if child, ok := schema[key]; ok {
			schema[key] = postponed(child)
		}
	}
	if resource || schema["x-kubernetes-embedded-resource"] == true {
		if properties == nil {
			properties = map[string]any{}
			schema["properties"] = properties
		}
		properties["apiVersion"], properties["kind"] = map[string]any{"type": "string"}, map[string]any{"type": "string"}
		properties["metadata"] = map[string]any{later: objectMeta}
	}
	if schema["x-kubernetes-int-or-string"] == true {
		delete(schema, "type")
		delete(schema, "anyOf")
		schema["type"] = []any{"integer", "string"}
	}
	if schema["type"] == "object" && schema["additionalProperties"] == nil && schema["x-kubernetes-preserve-unknown-fields"] != true {
		schema["additionalProperties"] = false
	}
	if kind, ok := schema["type"]; ok && schema["nullable"] == true {
		kinds, isList := kind.([]any)
		if !isList {
			kinds = []any{kind}
		}
		schema["type"] = append(kinds, "null")
		if values, ok := schema["enum"].([]any); ok {
			schema["enum"] = append(values, nil)
		}
	}
}
