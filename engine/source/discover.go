package source

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Skipped is a file, or a document of one, that is not judged, and why.
type Skipped struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

// Object is one rendered object and where it comes from.
type Object struct {
	Value map[string]any `json:"value"`
	// Origin is kustomize's record; nil for a manifest that is not built.
	Origin *Origin `json:"origin"`
	// Doc holds the object when it is not built, inside a list at Prefix.
	Doc    *Document `json:"-"`
	Prefix []any     `json:"-"`
}

// Origin is the file an object was read from, or the kustomization whose generator (Kind) made it, and the
// kustomizations it passed on its way out, innermost first.
type Origin struct {
	Path   string   `json:"path"`
	Kind   string   `json:"kind"`
	Passed []string `json:"passed"`
}

// Objects are the Kubernetes objects of a file that is judged as it is; lists are opened.
func (f *File) Objects() ([]Object, []Skipped, *Error) {
	docs, broken := f.Documents()
	if broken != nil {
		return nil, nil, broken
	}
	var objects []Object
	var skipped []Skipped
	for _, doc := range docs {
		if doc.Root == nil {
			continue
		}
		if !IsManifest(doc.Root) {
			skipped = append(skipped, Skipped{f.Path, notManifest(doc, len(docs))})
			continue
		}
		if _, list := Field(doc.Root, "items"); strings.HasSuffix(Scalar(doc.Root, "kind"), "List") && list != nil {
			for i, item := range items(list) {
				if !IsManifest(item) {
					return nil, nil, &Error{Code: "invalid-yaml", Message: "an item of this list has no apiVersion and kind", Location: f.Range(item), Exit: 2}
				}
				objects = append(objects, Object{Value: Value(item, true).(map[string]any), Doc: doc, Prefix: []any{"items", i}})
			}
			continue
		}
		objects = append(objects, Object{Value: Value(doc.Root, true).(map[string]any), Doc: doc})
	}
	return objects, skipped, nil
}

// IsManifest says whether a node is a Kubernetes object: a mapping with apiVersion and kind.
func IsManifest(n *yaml.Node) bool { return Scalar(n, "apiVersion") != "" && Scalar(n, "kind") != "" }

func notManifest(doc *Document, of int) string {
	if of > 1 {
		return fmt.Sprintf("document %d is not a Kubernetes manifest", doc.Index+1)
	}
	return "not a Kubernetes manifest"
}

// Found is one thing to judge under a path: a kustomization root, or files that are judged as they are.
type Found struct {
	Name          string   `json:"name"`
	Kustomization string   `json:"kustomization,omitempty"`
	Files         []string `json:"files,omitempty"`
}

// survey is what a walk over a folder has seen; paths are absolute and without links.
type survey struct {
	files    *Files
	roots    map[string]*Kustomization // nil for one that cannot be read
	loose    []string
	charts   []string
	unjudged []Skipped
}

// Discover finds the targets under a path, relative to the root: a kustomization, a file, or a folder with its loose
// manifests as one target and every kustomization that no other refers to.
func (s *Files) Discover(path string) ([]Found, []Skipped, error) {
	real, err := s.Inside(filepath.Join(s.Root, filepath.FromSlash(path)))
	if err != nil {
		return nil, nil, err
	}
	info, err := os.Stat(real)
	if err != nil {
		return nil, nil, err
	}
	dir := real
	if !info.IsDir() {
		if dir = filepath.Dir(real); KustomizationFile(dir) != real {
			return []Found{{Name: s.Rel(real), Files: []string{s.Rel(real)}}}, nil, nil
		}
	}
	if KustomizationFile(dir) != "" {
		return []Found{{Name: s.Rel(dir), Kustomization: s.Rel(dir)}}, nil, nil
	}
	seen := &survey{files: s, roots: map[string]*Kustomization{}}
	if err := filepath.WalkDir(dir, seen.visit); err != nil {
		return nil, nil, err
	}
	found := seen.kustomizations()
	files, broken := seen.manifests()
	if len(files) > 0 {
		found = append(found, Found{Name: s.Rel(dir), Files: files})
	}
	return append(found, broken...), seen.unjudged, nil
}

func (v *survey) visit(path string, entry fs.DirEntry, err error) error {
	name := entry.Name()
	switch {
	case err != nil:
		v.skip(path, "cannot be read")
		return fs.SkipDir
	case entry.IsDir() && (name == ".git" || name == "node_modules" || name == ".venv" || name == ".terraform"):
		return fs.SkipDir
	case entry.IsDir() && KustomizationFile(path) != "":
		v.roots[path], _ = v.files.Kustomization(path)
	case entry.IsDir():
	case name == "Chart.yaml":
		v.charts = append(v.charts, filepath.Dir(path))
		v.loose = append(v.loose, path)
	case isYAML(name) && KustomizationFile(filepath.Dir(path)) != path:
		v.loose = append(v.loose, path)
	}
	return nil
}

func (v *survey) skip(path, reason string) {
	v.unjudged = append(v.unjudged, Skipped{v.files.Rel(path), reason})
}

// kustomizations are the roots: what no other refers to, and one of each circle.
func (v *survey) kustomizations() (found []Found) {
	reached, dirs := map[string]bool{}, make([]string, 0, len(v.roots))
	for dir, k := range v.roots {
		dirs = append(dirs, dir)
		if k != nil {
			for _, ref := range k.Refs {
				if real, err := v.files.Inside(ref.Path); err == nil && real != dir {
					reached[real] = true
				}
			}
		}
	}
	sort.Strings(dirs)
	v.loose = slices.DeleteFunc(v.loose, func(path string) bool { return reached[path] })
	covered := map[string]bool{}
	for _, circles := range []bool{false, true} {
		for _, dir := range dirs {
			if reached[dir] && !circles || covered[dir] {
				continue
			}
			if k := v.roots[dir]; k != nil && k.Kind == types.ComponentKind {
				v.skip(filepath.Join(v.files.Root, k.File.Path), "a Kustomize Component that no kustomization refers to")
				covered[dir] = true
				continue
			}
			found = append(found, Found{Name: v.files.Rel(dir), Kustomization: v.files.Rel(dir)})
			v.cover(dir, covered)
		}
	}
	return found
}

func (v *survey) cover(dir string, covered map[string]bool) {
	if covered[dir] {
		return
	}
	covered[dir] = true
	if k := v.roots[dir]; k != nil {
		for _, ref := range k.Refs {
			if real, err := v.files.Inside(ref.Path); err == nil {
				v.cover(real, covered)
			}
		}
	}
}

// manifests are the loose files that hold objects; one that cannot be read is a target of its own, so that its error stops
// no other.
func (v *survey) manifests() (files []string, broken []Found) {
	for _, path := range v.loose {
		rel := v.files.Rel(path)
		switch reason := v.notLoose(path, rel); reason {
		case "":
			files = append(files, rel)
		case "broken":
			broken = append(broken, Found{Name: rel, Files: []string{rel}})
		case "JSON":
		default:
			v.skip(path, reason)
		}
	}
	sort.Slice(v.unjudged, func(i, j int) bool { return v.unjudged[i].File < v.unjudged[j].File })
	return files, broken
}

var (
	ciFile     = regexp.MustCompile(`^(.*/)?(\.github/.*|\.circleci/.*|\.gitlab-ci\.ya?ml|azure-pipelines\.ya?ml|\.pre-commit-(config|hooks)\.yaml|\.travis\.yml)$`)
	valuesFile = regexp.MustCompile(`^values([-._].*)?\.ya?ml$`)
)

// notLoose says why a file is not judged, "" when it is, "JSON" for JSON that has nothing to do with Kubernetes, "broken".
func (v *survey) notLoose(path, rel string) string {
	for _, chart := range v.charts {
		if strings.HasPrefix(path, chart+string(filepath.Separator)) {
			return "part of a Helm chart, which is not rendered"
		}
	}
	file, err := v.files.Read(path)
	if err != nil {
		return "broken"
	}
	docs, broken := file.Documents()
	template := bytes.Contains(file.Data, []byte("{{")) || bytes.Contains(file.Data, []byte("{%"))
	isJSON := strings.EqualFold(filepath.Ext(path), ".json")
	switch {
	case broken != nil && isJSON && !bytes.Contains(file.Data, []byte(`"apiVersion"`)):
		return "JSON"
	case len(docs) == 1 && strings.HasPrefix(Scalar(docs[0].Root, "apiVersion"), "asky-gitops.dev/"):
		return "written for asky-gitops, not for Kubernetes"
	case broken == nil && slices.ContainsFunc(docs, func(doc *Document) bool { return IsManifest(doc.Root) }):
		return ""
	case template:
		return "a template, which is not rendered"
	case broken != nil:
		return "broken"
	case isJSON:
		return "JSON"
	case ciFile.MatchString(rel):
		return "configuration of a CI system"
	case valuesFile.MatchString(filepath.Base(path)):
		return "values of a Helm chart"
	case len(docs) > 0 && strings.Contains(filepath.Base(path), "compose"):
		return "a Compose file"
	}
	return "not a Kubernetes manifest"
}
