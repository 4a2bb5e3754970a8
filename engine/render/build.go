package render

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"asky-gitops.dev/engine/source"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// Target is one thing to build: a kustomization root, a list of manifest files, or a text.
type Target struct {
	Name           string   `json:"name"`
	Kustomization  string   `json:"kustomization,omitempty"`
	Files          []string `json:"files,omitempty"`
	Text           *string  `json:"text,omitempty"`
	TimeoutSeconds float64  `json:"timeoutSeconds,omitempty"`
}

// Result is a built target.
type Result struct {
	Objects  []source.Object  `json:"objects"`
	YAML     string           `json:"yaml"`
	Closure  []string         `json:"closure"`
	Unjudged []source.Skipped `json:"unjudged"`
	Error    *source.Error    `json:"error"`
	// Graph is nil for a target without a kustomization.
	Graph *source.Graph  `json:"-"`
	Texts []*source.File `json:"-"`
}

// Seal takes from this process what kustomize would reach other machines and programs with, and the environment, which
// a line without a value in a generator's env file would copy into the render.
func Seal() {
	http.DefaultTransport = closed{}
	os.Clearenv()
	_ = os.Setenv("PATH", filepath.Join(os.DevNull, "none"))
}

type closed struct{}

func (closed) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("nothing is fetched from other machines")
}

// Build renders one target. It never returns an error beside a Result: Result.Error holds it.
func Build(files *source.Files, target Target, withYAML bool) *Result {
	if target.Kustomization == "" {
		return manifests(files, target, withYAML)
	}
	result := &Result{}
	root := filepath.Join(files.Root, filepath.FromSlash(target.Kustomization))
	graph, err := files.Walk(root)
	if err != nil {
		result.Error = Explain(files, err)
		return result
	}
	if result.Graph = graph; graph.OpenAPI && !isChild {
		return inChild(files, target, result)
	}
	recorded := &recorder{files: files, read: map[string]bool{}}
	resources, err := run(recorded, root)
	result.Closure = recorded.closure()
	if err == nil {
		err = result.collect(resources, withYAML)
	}
	if err != nil {
		result.Error = explain(files, graph, recorded, err)
	}
	return result
}

func run(recorded filesys.FileSystem, root string) (resmap.ResMap, error) {
	options := &krusty.Options{
		Reorder:          krusty.ReorderOptionUnspecified,
		LoadRestrictions: types.LoadRestrictionsRootOnly,
		PluginConfig:     types.DisabledPluginConfig(),
	}
	return krusty.MakeKustomizer(options).Run(recorded, root)
}

func (r *Result) collect(resources resmap.ResMap, withYAML bool) error {
	for _, resource := range resources.Resources() {
		object, ok := source.Value(resource.YNode(), false).(map[string]any)
		if !ok {
			return fmt.Errorf("%s is not an object", resource.CurId())
		}
		r.Objects = append(r.Objects, source.Object{Value: object})
	}
	if withYAML {
		text, err := resources.AsYaml()
		if err != nil {
			return err
		}
		r.YAML = string(text)
	}
	if len(r.Objects) == 0 {
		return &source.Error{Code: "no-objects", Message: "the kustomization renders no objects", Exit: 2}
	}
	return nil
}

// Trace builds a kustomization again with kustomize's own record of where each object came from and which
// kustomizations it passed, and adds it to the result's objects. The record changes what the build sees (every object
// has annotations), which is why the judged render is another one.
func Trace(files *source.Files, target Target, result *Result) error {
	if result.Graph.OpenAPI && !isChild {
		return nil // its own process has done it
	}
	root, err := files.Inside(filepath.Join(files.Root, filepath.FromSlash(target.Kustomization)))
	if err != nil {
		return err
	}
	path, err := files.Inside(source.KustomizationFile(root))
	if err != nil {
		return err
	}
	file, err := files.Read(path)
	if err != nil {
		return err
	}
	asked, err := withBuildMetadata(file.Data)
	if err != nil {
		return err
	}
	recorded := &recorder{files: files, read: map[string]bool{}, replaced: map[string][]byte{path: asked}}
	resources, err := run(recorded, root)
	if err != nil {
		return err
	}
	if resources.Size() != len(result.Objects) {
		return errors.New("the record of origins does not fit the render")
	}
	rel := files.Rel(root)
	for i, resource := range resources.Resources() {
		origin, err := resource.GetOrigin()
		if err != nil || origin == nil {
			continue
		}
		step := &source.Origin{Path: filepath.ToSlash(filepath.Join(rel, origin.Path))}
		if origin.ConfiguredIn != "" {
			step.Path, step.Kind = filepath.ToSlash(filepath.Join(rel, origin.ConfiguredIn)), origin.ConfiguredBy.Kind
		}
		passed, _ := resource.GetTransformations()
		for _, one := range passed {
			file := filepath.ToSlash(filepath.Join(rel, one.ConfiguredIn))
			if n := len(step.Passed); n == 0 || step.Passed[n-1] != file {
				step.Passed = append(step.Passed, file)
			}
		}
		result.Objects[i].Origin = step
	}
	return nil
}

// withBuildMetadata is a kustomization file that asks for kustomize's record, all else as it was.
func withBuildMetadata(data []byte) ([]byte, error) {
	var k types.Kustomization
	if err := k.Unmarshal(data); err != nil {
		return nil, err
	}
	encoded, err := yaml.YAMLToJSON(data)
	if err != nil {
		return nil, err
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(encoded, &fields); err != nil {
		return nil, err
	}
	for key := range fields {
		if strings.EqualFold(key, "buildMetadata") {
			delete(fields, key)
		}
	}
	asked, err := json.Marshal(append(k.BuildMetadata, types.OriginAnnotations, types.TransformerAnnotations))
	if err != nil {
		return nil, err
	}
	fields["buildMetadata"] = asked
	return json.Marshal(fields)
}

// explain turns kustomize's error into ours: at the line that is wrong when the files show it, else in its own words.
func explain(files *source.Files, graph *source.Graph, recorded *recorder, err error) *source.Error {
	var known *source.Error
	if errors.As(err, &known) {
		return known
	}
	if recorded.refused != nil {
		return Explain(files, recorded.refused)
	}
	if at := graph.Wrong(files); at != nil {
		return at
	}
	return Explain(files, err)
}

var (
	// quotes are where kustomize repeats what it read, which may be a secret.
	quotes = regexp.MustCompile("(?s)(: node contents:|JSON patch from|(?:literal|env|file) sources?(?: files)?:? \\[|(?:invalid literal|in) source|" +
		"\\bline \\[|for (?:value|key name)|cannot decode \\S+).*?(, expected|\\]: |` as|$)")
	dumps = regexp.MustCompile("(?s) with config: `\n.*?\n`|&\\{0x[0-9a-f]+ <nil>\\}")
)

// own are kustomize's words without what they quote.
func own(text string) string {
	return quotes.ReplaceAllString(dumps.ReplaceAllString(text, ""), "$1 …$2")
}

// Explain is an error of the file system or of kustomize as ours, paths relative to the root.
func Explain(files *source.Files, err error) *source.Error {
	if err == nil {
		return nil
	}
	var known *source.Error
	if errors.As(err, &known) {
		return known
	}
	code, text := "render-failed", own(err.Error())
	var missing *fs.PathError
	if errors.As(err, &missing) && errors.Is(err, fs.ErrNotExist) {
		code, text = "missing-file", fmt.Sprintf("'%s' does not exist", files.Rel(missing.Path))
		if strings.ContainsAny(missing.Path, ":{\n") {
			code, text = "render-failed", "an entry is neither a file nor a patch"
		}
	}
	text = strings.ReplaceAll(text, files.Root+string(filepath.Separator), "")
	text = strings.TrimSpace(strings.ReplaceAll(text, files.Root, "."))
	return &source.Error{Code: code, Message: text, Exit: 2}
}

func manifests(files *source.Files, target Target, withYAML bool) *Result {
	result := &Result{}
	if target.Text != nil {
		text, err := source.Text(target.Name, []byte(*target.Text))
		if err != nil {
			result.Error = Explain(files, err)
			return result
		}
		result.Texts = append(result.Texts, text)
	}
	for _, path := range target.Files {
		file, err := files.Read(filepath.Join(files.Root, filepath.FromSlash(path)))
		if err != nil {
			result.Error = Explain(files, err)
			return result
		}
		result.Texts = append(result.Texts, file)
		result.Closure = append(result.Closure, file.Path)
	}
	var parts []string
	for _, file := range result.Texts {
		objects, skipped, broken := file.Objects()
		if broken != nil {
			result.Error = broken
			return result
		}
		result.Objects = append(result.Objects, objects...)
		result.Unjudged = append(result.Unjudged, skipped...)
	}
	if len(result.Objects) == 0 {
		result.Error = &source.Error{Code: "no-objects", Message: "there is no Kubernetes object in it", Exit: 2}
	}
	for _, object := range result.Objects {
		if !withYAML {
			break
		}
		text, err := yaml.Marshal(object.Value)
		if err != nil {
			result.Error = Explain(files, err)
			break
		}
		parts = append(parts, string(text))
	}
	result.YAML = strings.Join(parts, "---\n")
	return result
}
