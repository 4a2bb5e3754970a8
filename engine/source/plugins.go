package source

import (
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
	k8syaml "sigs.k8s.io/yaml"
)

// forms say by which field of a kustomization a file under `transformers:` or `generators:` could be replaced: where in the
// file its value is (the whole file when empty), the field, and whether that is a list.
var forms = map[string]struct {
	from, field string
	list        bool
}{
	"PatchTransformer": {"", "patches", true}, "PatchJson6902Transformer": {"", "patchesJson6902", true},
	"PatchStrategicMergeTransformer": {"paths", "patchesStrategicMerge", false}, "NamespaceTransformer": {"namespace", "namespace", false},
	"LabelTransformer": {"labels", "commonLabels", false}, "AnnotationsTransformer": {"annotations", "commonAnnotations", false},
	"ImageTagTransformer": {"imageTag", "images", true}, "ReplicaCountTransformer": {"replica", "replicas", true},
	"ReplacementTransformer": {"replacements", "replacements", false},
	"ConfigMapGenerator":     {"", "configMapGenerator", true}, "SecretGenerator": {"", "secretGenerator", true},
}

// plugins are a kustomization's transformers or generators in files of their own, as kustomizations that say the same with
// the nodes of those files.
func (l *Locator) plugins(k *Kustomization, field string) (list []*Kustomization) {
	for _, node := range items(k.field(field)) {
		file := k.File.Inner(Deref(node))
		if !strings.Contains(file.scalar.Value, "\n") {
			file, _ = l.Files.Read(filepath.Join(k.Dir, file.scalar.Value))
		}
		if file == nil {
			continue
		}
		docs, _ := file.Documents()
		for _, doc := range docs {
			form, ok := forms[Scalar(doc.Root, "kind")]
			if !ok {
				continue
			}
			value := &yaml.Node{Kind: yaml.MappingNode, Content: slices.Clone(doc.Root.Content)}
			if _, metadata := Field(doc.Root, "metadata"); metadata != nil {
				value.Content = append(value.Content, metadata.Content...)
			}
			if _, operations := Field(value, "jsonOp"); operations != nil {
				value.Content = append(value.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "patch"}, operations)
			}
			if form.from != "" {
				_, value = Field(value, form.from)
			}
			if form.list {
				value = &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{value}}
			}
			one := &Kustomization{Dir: k.Dir, File: file, Root: &yaml.Node{Kind: yaml.MappingNode}}
			one.Root.Content = []*yaml.Node{{Kind: yaml.ScalarNode, Value: form.field}, value}
			if text, err := yaml.Marshal(one.Root); value != nil && err == nil && k8syaml.Unmarshal(text, &one.Kustomization) == nil {
				list = append(list, one)
			}
		}
	}
	return list
}
