package source

import (
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"
	"sigs.k8s.io/kustomize/kyaml/utils"
	"sigs.k8s.io/kustomize/kyaml/yaml"
	k8syaml "sigs.k8s.io/yaml"
)

// layer is a piece of source that kustomize lays over an object, at a path inside it.
type layer struct {
	file *File
	node *yaml.Node
	at   []any
	role string
}

const (
	roleOrigin = "the object it patches"
	roleImage  = "the image this entry replaces"
)

// layers are the pieces of source an object is made of as far as they can bear on a path, in kustomize's order.
func (l *Locator) layers(object *Object, path []any) []layer {
	if object.Doc != nil {
		node := object.Doc.Root
		for _, step := range object.Prefix {
			if index, ok := step.(int); ok {
				node = items(node)[index]
			} else {
				_, node = Field(node, step.(string))
			}
		}
		return []layer{{object.Doc.File, node, nil, roleOrigin}}
	}
	if object.Origin == nil {
		l.guess(object)
	}
	who := l.identify(object)
	var layers []layer
	for _, passed := range object.Origin.Passed {
		if k := l.Graph.at(passed); k != nil {
			layers = append(layers, l.over(k, who, path)...)
		}
	}
	return append(who.origin, layers...)
}

// subject is an object as kustomize's selectors see it: every name and namespace it has had.
type subject struct {
	*Object
	names, namespaces map[string]bool
	origin            []layer
}

// identify finds where an object was written: its document, or its entry in a generator.
func (l *Locator) identify(object *Object) *subject {
	who := &subject{object, map[string]bool{text(object.Value, "metadata", "name"): true}, map[string]bool{text(object.Value, "metadata", "namespace"): true, "": true}, nil}
	if object.Origin.Kind != "" {
		for i := len(l.Graph.Kustomizations) - 1; i >= 0; i-- {
			for _, k := range append(l.plugins(l.Graph.Kustomizations[i], "generators"), l.Graph.Kustomizations[i]) {
				who.generated(l, k)
			}
		}
		if len(who.origin) > 0 {
			return who
		}
	}
	file, err := l.Files.Read(filepath.Join(l.Files.Root, filepath.FromSlash(object.Origin.Path)))
	if err != nil {
		return who
	}
	docs, _ := file.Documents()
	best, kind, name := -1, text(object.Value, "kind"), text(object.Value, "metadata", "name")
	for _, doc := range docs {
		candidates := []*yaml.Node{doc.Root}
		if _, list := Field(doc.Root, "items"); list != nil && strings.HasSuffix(Scalar(doc.Root, "kind"), "List") {
			candidates = items(list)
		}
		for _, node := range candidates {
			own, fit := Scalar(node, "metadata", "name"), 0
			switch {
			case Scalar(node, "kind") != kind && object.Origin.Kind == "":
				continue
			case l.renamed(own, object) == name:
				fit = 1 << 20
			case strings.Contains(name, own):
				fit = len(own)
			}
			if fit > best {
				best = fit
				who.origin = []layer{{file, node, nil, roleOrigin}}
			}
		}
	}
	if len(who.origin) > 0 {
		own := Scalar(who.origin[0].node, "metadata", "name")
		who.names[own] = true
		who.namespaces[Scalar(who.origin[0].node, "metadata", "namespace")] = true
		for _, passed := range object.Origin.Passed {
			if k := l.Graph.at(passed); k != nil {
				own = k.NamePrefix + own + k.NameSuffix
				who.names[own], who.namespaces[k.Namespace] = true, true
			}
		}
	}
	return who
}

// guess stands in for kustomize's record where that could not be had: the document of the object's kind whose name is the
// longest part of its own, and every kustomization.
func (l *Locator) guess(object *Object) {
	object.Origin = &Origin{}
	best, name := -1, text(object.Value, "metadata", "name")
	for i := len(l.Graph.Kustomizations) - 1; i >= 0; i-- {
		k := l.Graph.Kustomizations[i]
		object.Origin.Passed = append(object.Origin.Passed, k.File.Path)
		for _, ref := range k.Refs {
			file, err := l.Files.Read(ref.Path)
			if err != nil || ref.kind() != "manifest" {
				continue
			}
			docs, _ := file.Documents()
			for _, doc := range docs {
				if own := Scalar(doc.Root, "metadata", "name"); Scalar(doc.Root, "kind") == text(object.Value, "kind") && strings.Contains(name, own) && len(own) > best {
					best, object.Origin.Path = len(own), file.Path
				}
			}
		}
	}
}

func (l *Locator) renamed(name string, object *Object) string {
	for _, passed := range object.Origin.Passed {
		if k := l.Graph.at(passed); k != nil {
			name = k.NamePrefix + name + k.NameSuffix
		}
	}
	return name
}

// generated adds the layers of a generator's entries that make the object.
func (who *subject) generated(l *Locator, k *Kustomization) {
	field := strings.ToLower(who.Origin.Kind[:1]) + who.Origin.Kind[1:]
	name := text(who.Value, "metadata", "name")
	for _, entry := range items(k.field(field)) {
		short := Scalar(entry, "name")
		if full := l.renamed(short, who.Object); full != name && !(strings.HasPrefix(name, full+"-") && len(name) == len(full)+11) {
			continue
		}
		who.names[short] = true
		who.origin = append(who.origin, layer{k.File, entry, nil, "the entry that generates it"})
		_, own := Field(entry, "options")
		for _, options := range []*yaml.Node{k.field("generatorOptions"), own} {
			if options != nil {
				who.origin = append(who.origin, layer{k.File, options, nil, "the generator's options"})
			}
			for _, kind := range []string{"labels", "annotations"} {
				if _, pairs := Field(options, kind); pairs != nil {
					who.origin = append(who.origin, layer{k.File, pairs, []any{"metadata", kind}, "the generator's options"})
				}
			}
		}
		_, list := Field(entry, "literals")
		for _, node := range items(list) {
			key, _, _ := strings.Cut(Deref(node).Value, "=")
			who.origin = append(who.origin, layer{k.File, node, []any{"data", key}, "the literal it is generated from"})
		}
		_, list = Field(entry, "files")
		for _, node := range items(list) {
			key, _, named := strings.Cut(Deref(node).Value, "=")
			if !named {
				key = filepath.Base(key)
			}
			for _, data := range []string{"data", "binaryData"} {
				who.origin = append(who.origin, layer{k.File, node, []any{data, key}, "the file it is generated from"})
			}
		}
		_, list = Field(entry, "envs")
		_, one := Field(entry, "env")
		for _, node := range append(items(list), one) {
			if node != nil {
				who.origin = append(who.origin, l.environment(filepath.Join(k.Dir, Deref(node).Value))...)
			}
		}
	}
}

// environment are the layers of a file of KEY=value lines.
func (l *Locator) environment(path string) (layers []layer) {
	file, err := l.Files.Read(path)
	if err != nil {
		return nil
	}
	for i := range file.lines() {
		line := strings.TrimRight(file.line(i+1), "\r")
		key, value, ok := strings.Cut(line, "=")
		if trimmed := strings.TrimLeft(key, " \t"); ok && !strings.HasPrefix(trimmed, "#") {
			node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Line: i + 1, Column: utf8.RuneCountInString(key) + 2}
			layers = append(layers, layer{file, node, []any{"data", trimmed}, "the line it is generated from"})
		}
	}
	return layers
}

// over are the layers one kustomization lays over an object, in the order its transformers run.
func (l *Locator) over(k *Kustomization, who *subject, path []any) []layer {
	var layers []layer
	for _, node := range items(k.field("patchesStrategicMerge")) {
		layers = append(layers, l.patch(k, node, node, nil, who, path)...)
	}
	patches := func(field string, list []types.Patch) {
		for i, entry := range items(k.field(field)) {
			if i < len(list) {
				_, file := Field(entry, "path")
				_, inline := Field(entry, "patch")
				layers = append(layers, l.patch(k, file, inline, list[i].Target, who, path)...)
			}
		}
	}
	patches("patches", k.Patches)
	rendered, _ := lookup(who.Value, path)
	add := func(node *yaml.Node, at []any, role string) {
		if node != nil {
			layers = append(layers, layer{k.File, node, at, role})
		}
	}
	last := any("")
	if len(path) > 0 {
		last = path[len(path)-1]
	}
	if k.Namespace != "" && rendered == k.Namespace && (last == "namespace" || text(who.Value, "kind") == "Namespace" && last == "name") {
		add(k.field("namespace"), path, "the namespace of this kustomization")
		if len(path) > 2 {
			// Only some references follow; one that was written like this already did not need to.
			who.origin = append([]layer{layers[len(layers)-1]}, who.origin...)
			layers = layers[:len(layers)-1]
		}
	}
	for i := 1; i < len(path); i++ {
		at, parent := path[:i], path[i-1]
		if parent == "annotations" {
			add(k.field("commonAnnotations"), at, "an annotation of this kustomization")
		}
		if parent != "labels" && parent != "selector" && parent != "matchLabels" {
			continue
		}
		add(k.field("commonLabels"), at, "a label of this kustomization")
		for n, entry := range items(k.field("labels")) {
			template := k.Labels[n].IncludeTemplates && parent == "labels"
			if _, pairs := Field(entry, "pairs"); i == 2 && path[0] == "metadata" || k.Labels[n].IncludeSelectors || template {
				add(pairs, at, "a label of this kustomization")
			}
		}
	}
	patches("patchesJson6902", k.PatchesJson6902)
	for _, entry := range items(k.field("replicas")) {
		if _, count := Field(entry, "count"); len(path) == 2 && path[0] == "spec" && last == "replicas" && who.names[Scalar(entry, "name")] {
			add(count, path, "the replicas of this kustomization")
		}
	}
	if image, ok := rendered.(string); ok && last == "image" {
		for _, entry := range append(items(k.field("images")), items(k.field("imageTags"))...) {
			name := Scalar(entry, "newName")
			if name == "" {
				name = Scalar(entry, "name")
			}
			if rest, ok := strings.CutPrefix(image, name); !ok || rest != "" && rest[0] != ':' && rest[0] != '@' {
				continue
			}
			for _, part := range []string{"newName", "newTag", "digest"} {
				_, node := Field(entry, part)
				add(node, path, roleImage)
			}
		}
	}
	layers = append(layers, l.replaced(k, who, path)...)
	for _, plugin := range l.plugins(k, "transformers") {
		layers = append(layers, l.over(plugin, who, path)...)
	}
	return layers
}

// patch are the layers of one patch, from a file or written inline, strategic merge or JSON 6902.
func (l *Locator) patch(k *Kustomization, path, inline *yaml.Node, target *types.Selector, who *subject, at []any) (layers []layer) {
	var file *File
	if path != nil {
		file, _ = l.Files.Read(filepath.Join(k.Dir, Deref(path).Value))
	}
	if file == nil && inline != nil {
		file = k.File.Inner(Deref(inline))
	}
	if file == nil || target != nil && !who.selected(target) {
		return nil
	}
	docs, _ := file.Documents()
	identity := len(at) > 0 && (at[0] == "apiVersion" || at[0] == "kind" || len(at) == 2 && at[0] == "metadata" && (at[1] == "name" || at[1] == "namespace"))
	for _, doc := range docs {
		if operations := items(doc.Root); operations != nil {
			for _, operation := range operations {
				layers = append(layers, l.operate(file, operation, who, at)...)
			}
			continue
		}
		named := &types.Selector{ResId: resid.NewResId(resid.GvkFromString(""), "")}
		named.Group, named.Version = resid.ParseGroupVersion(Scalar(doc.Root, "apiVersion"))
		named.Kind, named.Name = Scalar(doc.Root, "kind"), regexp.QuoteMeta(Scalar(doc.Root, "metadata", "name"))
		if !identity && (target != nil || who.selected(named)) {
			layers = append(layers, layer{file, doc.Root, nil, "the patch over it"})
		}
	}
	return layers
}

// selected says whether a selector of kustomize matches the object under any name it has had.
func (who *subject) selected(by *types.Selector) bool {
	selector, err := types.NewSelectorRegex(by)
	if err != nil {
		return false
	}
	group, version := resid.ParseGroupVersion(text(who.Value, "apiVersion"))
	fit := selector.MatchGvk(resid.Gvk{Group: group, Version: version, Kind: text(who.Value, "kind")})
	named, placed := false, false
	for name := range who.names {
		named = named || selector.MatchName(name)
	}
	for namespace := range who.namespaces {
		placed = placed || selector.MatchNamespace(namespace)
	}
	if !fit || !named || !placed {
		return false
	}
	if by.LabelSelector == "" && by.AnnotationSelector == "" {
		return true
	}
	node, err := yaml.FromMap(who.Value)
	if err != nil {
		return false
	}
	labelled, _ := node.MatchesLabelSelector(by.LabelSelector)
	annotated, _ := node.MatchesAnnotationSelector(by.AnnotationSelector)
	return labelled && annotated
}

// replaced is the layer of a replacement into a path: the place its value is copied from.
func (l *Locator) replaced(k *Kustomization, who *subject, path []any) (layers []layer) {
	for _, entry := range k.Replacements {
		all := []types.Replacement{entry.Replacement}
		if entry.Path != "" {
			if file, err := l.Files.Read(filepath.Join(k.Dir, entry.Path)); err == nil && k8syaml.Unmarshal(file.Data, &all) != nil {
				_ = k8syaml.Unmarshal(file.Data, &all[0])
			}
		}
		for _, one := range all {
			if one.Source == nil || l.depth > 3 || !writes(one, who, path) {
				continue
			}
			l.depth++
			if from := l.copied(one.Source); from != nil {
				layers = append(layers, layer{from.file, from.value, path, "the field it is copied from"})
			}
			l.depth--
		}
	}
	return layers
}

// writes says whether a replacement has path of the object among its targets.
func writes(one types.Replacement, who *subject, path []any) bool {
	for _, target := range one.Targets {
		if target == nil || target.Select == nil || !who.selected(target.Select) {
			continue
		}
		fields := target.FieldPaths
		if len(fields) == 0 {
			fields = []string{types.DefaultReplacementFieldPath}
		}
		for _, field := range fields {
			tokens := utils.SmarterPathSplitter(field, ".")
			fits := len(tokens) == len(path)
			for i := 0; fits && i < len(tokens); i++ {
				parent, _ := lookup(who.Value, path[:i])
				fits = tokens[i] == "*" || reflect.DeepEqual(step(tokens[i], parent), path[i])
			}
			if fits {
				return true
			}
		}
	}
	return false
}

// step is the key or index that one token of a replacement's field path stands for.
func step(token string, parent any) any {
	list, ok := parent.([]any)
	if !ok {
		return token
	}
	if key, value, ok := strings.Cut(strings.Trim(token, "[]"), "="); ok {
		for i, one := range list {
			if fields, _ := one.(map[string]any); fields != nil && fmt.Sprint(fields[key]) == value {
				return i
			}
		}
	}
	index, err := strconv.Atoi(token)
	if err != nil {
		return token
	}
	return index
}

// copied finds where the value of a replacement's source is written.
func (l *Locator) copied(from *types.SourceSelector) *hit {
	by := &types.Selector{ResId: from.ResId}
	by.Name = regexp.QuoteMeta(by.Name)
	field := from.FieldPath
	if field == "" {
		field = types.DefaultReplacementFieldPath
	}
	for i := range l.Objects {
		object := &l.Objects[i]
		if object.Origin == nil || !l.identify(object).selected(by) {
			continue
		}
		var path []any
		for _, token := range utils.SmarterPathSplitter(field, ".") {
			parent, _ := lookup(object.Value, path)
			path = append(path, step(token, parent))
		}
		if _, chosen := l.decide(object, path); chosen != nil {
			return chosen
		}
	}
	return nil
}
