package source

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Kustomization is one kustomization file: as kustomize understands it, and as it is written.
type Kustomization struct {
	types.Kustomization
	Dir  string // absolute
	File *File
	Root *yaml.Node
	Refs []Ref
}

// Ref is one entry of a kustomization that names a file or a folder.
type Ref struct {
	Field, Entry string
	Path         string // absolute
	Node         *yaml.Node
}

// Graph is every kustomization that one root reaches, in the order kustomize visits them.
type Graph struct {
	Kustomizations []*Kustomization
	byDir          map[string]*Kustomization
	// OpenAPI is set when one of them changes the schemas that patches are merged by, which is global in kustomize.
	OpenAPI bool
	// Missing are the entries whose file does not exist.
	Missing []*Error
	broken  *Error
}

// KustomizationFile is the path of the kustomization file in a folder, "" when there is none.
func KustomizationFile(dir string) string {
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
			return filepath.Join(dir, name)
		}
	}
	return ""
}

// Walk reads the kustomization in dir and all that it reaches. It fails on what must not be built at all: an entry
// on another machine, a document that would explode. What kustomize itself refuses is left to kustomize.
func (s *Files) Walk(dir string) (*Graph, error) {
	g := &Graph{byDir: map[string]*Kustomization{}}
	return g, s.walk(g, dir)
}

func (s *Files) walk(g *Graph, dir string) error {
	dir, err := s.Inside(dir)
	if err != nil || g.byDir[dir] != nil {
		return err
	}
	k, err := s.Kustomization(dir)
	var broken *Error
	if errors.As(err, &broken) && broken.Code == "invalid-yaml" && !broken.Bomb {
		g.broken = broken
		return nil
	}
	if err != nil || k == nil {
		return err
	}
	g.byDir[dir] = k
	g.Kustomizations = append(g.Kustomizations, k)
	g.OpenAPI = g.OpenAPI || len(k.OpenAPI) > 0
	for _, ref := range k.Refs {
		if IsRemote(ref.Entry) {
			return &Error{Code: "render-failed", Exit: 2, Location: k.File.Range(ref.Node),
				Message: fmt.Sprintf("%s: '%s' is on another machine; nothing is fetched, so this cannot be built or judged", ref.Field, ref.Entry)}
		}
		info, err := os.Stat(ref.Path)
		switch {
		case err != nil && ref.Field == "patchesStrategicMerge" && strings.ContainsAny(ref.Entry, ":{"): // an inline patch
		case err != nil:
			g.Missing = append(g.Missing, &Error{Code: "missing-file", Exit: 2, Location: k.File.Range(ref.Node),
				Message: fmt.Sprintf("%s: '%s' does not exist", ref.Field, ref.Entry)})
		case info.IsDir() && KustomizationFile(ref.Path) == "":
			g.Missing = append(g.Missing, &Error{Code: "missing-file", Exit: 2, Location: k.File.Range(ref.Node),
				Message: fmt.Sprintf("%s: '%s' holds no kustomization.yaml", ref.Field, ref.Entry)})
		case info.IsDir():
			if err := s.walk(g, ref.Path); err != nil {
				return err
			}
		}
	}
	return nil
}

// at is the kustomization whose file has this path, or that has the file as a transformer.
func (g *Graph) at(path string) *Kustomization {
	for _, k := range g.Kustomizations {
		transforms := func(ref Ref) bool {
			return ref.Field == "transformers" && filepath.ToSlash(filepath.Join(filepath.Dir(k.File.Path), ref.Entry)) == path
		}
		if k.File.Path == path || slices.ContainsFunc(k.Refs, transforms) {
			return k
		}
	}
	return nil
}

// Kustomization reads the kustomization file in dir; nil when there is none or kustomize cannot read it either.
func (s *Files) Kustomization(dir string) (*Kustomization, error) {
	path := KustomizationFile(dir)
	if path == "" {
		return nil, nil
	}
	file, err := s.Read(path)
	if err != nil {
		return nil, err
	}
	docs, broken := file.Documents()
	if broken != nil {
		return nil, broken
	}
	k := &Kustomization{Dir: dir, File: file}
	if len(docs) == 0 || k.Unmarshal(file.Data) != nil {
		return nil, nil
	}
	k.Root = docs[0].Root
	k.refer()
	return k, nil
}

// refer lists every entry that kustomize would open, each with the node it is written at.
func (k *Kustomization) refer() {
	add := func(field, entry string, node *yaml.Node) {
		if entry != "" && !strings.Contains(entry, "\n") {
			k.Refs = append(k.Refs, Ref{field, entry, filepath.Join(k.Dir, entry), node})
		}
	}
	for _, field := range []string{"resources", "bases", "components", "generators", "transformers", "validators",
		"crds", "configurations", "patchesStrategicMerge"} {
		for _, node := range items(k.field(field)) {
			if Deref(node).Kind == yaml.ScalarNode {
				add(field, Deref(node).Value, node)
			}
		}
	}
	for _, field := range []string{"patches", "patchesJson6902", "replacements"} {
		for _, item := range items(k.field(field)) {
			_, node := Field(item, "path")
			add(field, Scalar(item, "path"), node)
		}
	}
	for _, field := range []string{"configMapGenerator", "secretGenerator"} {
		for _, item := range items(k.field(field)) {
			for _, list := range []string{"files", "envs"} {
				_, entries := Field(item, list)
				for _, node := range items(entries) {
					entry := Deref(node).Value
					if _, after, ok := strings.Cut(entry, "="); ok && list == "files" {
						entry = after
					}
					add(field, entry, node)
				}
			}
			_, node := Field(item, "env")
			add(field, Scalar(item, "env"), node)
		}
	}
	_, node := Field(k.field("openapi"), "path")
	add("openapi", k.OpenAPI["path"], node)
}

// field finds a top-level field the way kustomize does, whatever the case of its letters.
func (k *Kustomization) field(name string) *yaml.Node {
	root := Deref(k.Root)
	if root == nil || root.Kind != yaml.MappingNode {
		return nil
	}
	if _, value := Field(root, name); value != nil {
		return value
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if strings.EqualFold(root.Content[i].Value, name) {
			return root.Content[i+1]
		}
	}
	return nil
}

func items(n *yaml.Node) []*yaml.Node {
	if n = Deref(n); n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

var remote = regexp.MustCompile(`(?i)^(?:git::)?((?:ssh|https?|file)://)?([a-z][a-z0-9-]*@)?(.*)$`)

// IsRemote says whether kustomize would fetch an entry: a URL, or what it takes for a git repository
// (https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md).
func IsRemote(entry string) bool {
	match := remote.FindStringSubmatch(entry)
	if match == nil {
		return false
	}
	rest := strings.ToLower(match[3])
	github := strings.HasPrefix(rest, "github.com/") || strings.HasPrefix(rest, "github.com:")
	if match[1] != "" {
		return true
	}
	at := strings.IndexAny(rest, "/:")
	return (match[2] != "" || github) && at > 0 && strings.ContainsAny(rest[at+1:], "/.")
}

// Wrong is the first thing in a graph's files that is certainly the author's to correct: an entry without its file, a
// file that is not YAML. Nil when the files show none.
func (g *Graph) Wrong(files *Files) *Error {
	for _, missing := range g.Missing {
		return missing
	}
	for _, k := range g.Kustomizations {
		for _, ref := range k.Refs {
			if info, err := os.Stat(ref.Path); err != nil || info.IsDir() || strings.HasSuffix(ref.Field, "Generator") {
				continue
			}
			file, err := files.Read(ref.Path)
			if err != nil {
				continue
			}
			if _, broken := file.Documents(); broken != nil {
				return broken
			}
		}
	}
	return g.broken
}

// Source is one YAML document of what a target was built from, or a file that a generator reads as text.
type Source struct {
	File     string  `json:"file"`
	Document int     `json:"document"`
	Kind     string  `json:"kind"`
	Object   any     `json:"object"`
	Text     *string `json:"text"`
}

// Plain is the source as JSON types.
func (s Source) Plain() map[string]any {
	plain := map[string]any{"file": s.File, "document": json.Number(strconv.Itoa(s.Document)), "kind": s.Kind, "object": s.Object, "text": nil}
	if s.Text != nil {
		plain["text"] = *s.Text
	}
	return plain
}

// Sources are the documents of a graph's closure, in the order kustomize reaches them.
func (g *Graph) Sources(files *Files) []Source {
	var sources []Source
	seen := map[string]bool{}
	add := func(file *File, kind string) {
		if !seen[file.Path] {
			seen[file.Path] = true
			sources = append(sources, file.Sources(kind)...)
		}
	}
	for _, k := range g.Kustomizations {
		add(k.File, "kustomization")
		for _, ref := range k.Refs {
			if info, err := os.Stat(ref.Path); err != nil || info.IsDir() {
				continue
			}
			if file, err := files.Read(ref.Path); err == nil {
				add(file, ref.kind())
			}
		}
	}
	return sources
}

func (r Ref) kind() string {
	switch r.Field {
	case "resources", "bases":
		return "manifest"
	case "patches", "patchesStrategicMerge", "patchesJson6902":
		return "patch"
	}
	return "data"
}

// Sources are the file's documents; a data file that is not YAML or JSON by name is one text.
func (f *File) Sources(kind string) []Source {
	docs, broken := f.Documents()
	if kind == "data" && (broken != nil || !isYAML(f.Path)) {
		text := strings.ToValidUTF8(string(f.Data), "\ufffd")
		return []Source{{File: f.Path, Kind: kind, Text: &text}}
	}
	var sources []Source
	for _, doc := range docs {
		if doc.Root != nil {
			sources = append(sources, Source{File: f.Path, Document: doc.Index, Kind: kind, Object: Value(doc.Root, false)})
		}
	}
	return sources
}

func isYAML(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}
