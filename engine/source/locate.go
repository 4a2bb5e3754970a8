package source

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Resource names one object of a render.
type Resource struct {
	APIVersion string  `json:"apiVersion"`
	Kind       string  `json:"kind"`
	Namespace  *string `json:"namespace"`
	Name       string  `json:"name"`
}

// Place is a document of the closure.
type Place struct {
	File     string `json:"file"`
	Document int    `json:"document"`
}

// Related is another place that takes part in a finding, and how.
type Related struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// Finding is one violation of one rule in one target.
type Finding struct {
	Rule     string    `json:"rule"`
	Category string    `json:"category"`
	Severity string    `json:"severity"`
	Message  string    `json:"message"`
	Resource *Resource `json:"resource"`
	Path     []any     `json:"path"`
	Trace    []string  `json:"trace"`
	Source   *Place    `json:"source"`
	Location *Location `json:"location"`
	Related  []Related `json:"related"`
}

// Locator finds the place in the sources that decides a field of a render.
type Locator struct {
	Files   *Files
	Graph   *Graph
	Objects []Object
	depth   int
}

// hit is how far a path leads into a layer: key and node of the last step, and how many steps of the path were found.
type hit struct {
	layer
	key, value *yaml.Node
	depth      int
}

// Place gives a finding its location and related places, where the sources show them.
func (l *Locator) Place(f *Finding) {
	numbered(f.Path)
	if f.Source != nil {
		f.Location = l.inDocument(f.Source, f.Path)
		return
	}
	object := l.find(f.Resource)
	if object == nil {
		return
	}
	hits, chosen := l.decide(object, f.Path)
	if chosen == nil {
		return
	}
	f.Location = chosen.place()
	for _, other := range hits {
		at := other.place()
		if (other.role != chosen.role || other.file != chosen.file) && *at != *f.Location && (other.depth == chosen.depth || other.role == roleOrigin) {
			f.Related = append(f.Related, Related{at.File, at.Line, at.Column, other.role})
		}
	}
}

// Layer is a place that says something about a field: what it is, and whether it decides.
type Layer struct {
	Location
	Role    string `json:"role"`
	Decides bool   `json:"decides"`
}

// Trace returns every place that says something about a field, from the innermost out; none for an object or a field that
// is not there.
func (l *Locator) Trace(resource *Resource, field []any) (layers []Layer) {
	object := l.find(resource)
	numbered(field)
	if object == nil {
		return nil
	}
	if _, exists := lookup(object.Value, field); !exists {
		return nil
	}
	hits, chosen := l.decide(object, field)
	for i := range hits {
		if one := &hits[i]; one.depth == len(field) || one == chosen {
			layers = append(layers, Layer{*one.place(), one.role, one == chosen})
		}
	}
	return layers
}

// numbered turns the indices of a path as JSON has them into integers.
func numbered(path []any) {
	for i, step := range path {
		if number, ok := step.(json.Number); ok {
			index, _ := number.Int64()
			path[i] = int(index)
		}
	}
}

func (l *Locator) inDocument(place *Place, path []any) *Location {
	file, err := l.Files.Read(filepath.Join(l.Files.Root, filepath.FromSlash(place.File)))
	if err != nil {
		return nil
	}
	docs, _ := file.Documents()
	if place.Document < 0 || place.Document >= len(docs) || docs[place.Document].Root == nil {
		return &Location{File: file.Path, Line: 1, Column: 1, EndLine: 1, EndColumn: 1}
	}
	root := docs[place.Document].Root
	return resolve(layer{file: file, node: root}, path, Value(root, false)).place()
}

func (l *Locator) find(want *Resource) *Object {
	for i := range l.Objects {
		if value := l.Objects[i].Value; want != nil && text(value, "kind") == want.Kind && text(value, "metadata", "name") == want.Name &&
			text(value, "apiVersion") == want.APIVersion && (want.Namespace == nil || text(value, "metadata", "namespace") == *want.Namespace) {
			return &l.Objects[i]
		}
	}
	return nil
}

// decide picks what the author must edit, among all hits of a path. A value: the last layer that holds it. A field that
// is not there: what took it away, else, as for more than a value, the first layer that leads closest to it.
func (l *Locator) decide(object *Object, path []any) ([]hit, *hit) {
	rendered, exists := lookup(object.Value, path)
	hits := l.hits(object, path)
	if !exists {
		there := len(path)
		for !exists {
			there--
			_, exists = lookup(object.Value, path[:there])
		}
		var gone *hit
		for i := range hits {
			if one := &hits[i]; one.role != roleOrigin && one.depth > there && isNull(Deref(one.value)) {
				gone = one
			}
		}
		path, hits = path[:there], l.hits(object, path[:there])
		if gone != nil {
			return hits, gone
		}
		rendered = map[string]any{}
	}
	if len(hits) == 0 {
		return nil, nil
	}
	switch rendered.(type) {
	case map[string]any, []any:
		return hits, deepest(hits)
	}
	return hits, lastWriter(hits, len(path), rendered)
}

func deepest(hits []hit) *hit {
	best := &hits[0]
	for i := range hits {
		if hits[i].depth > best.depth {
			best = &hits[i]
		}
	}
	return best
}

func lastWriter(hits []hit, depth int, rendered any) *hit {
	var last *hit
	for i := len(hits) - 1; i >= 0; i-- {
		one := &hits[i]
		if one.depth < depth || one.value == nil {
			continue
		}
		if own := fmt.Sprint(Value(one.value, false)); own == fmt.Sprint(rendered) || one.role == roleImage && strings.Contains(fmt.Sprint(rendered), own) {
			return one
		}
		if last == nil {
			last = one
		}
	}
	if last == nil {
		return deepest(hits)
	}
	return last
}

// place is where a hit is read: a value, else the key it stands under, else the line that names it.
func (h hit) place() *Location {
	value := Deref(h.value)
	if h.value != nil && (h.value.Kind == yaml.AliasNode || value.Kind == yaml.ScalarNode && !(isNull(value) && value.Value == "")) {
		return h.file.Range(h.value)
	}
	if h.key != nil {
		return h.file.Range(h.key)
	}
	for _, path := range [][]string{{"name"}, {"metadata", "name"}} {
		var key *yaml.Node
		named := h.value
		for _, step := range path {
			key, named = Field(named, step)
		}
		if named != nil && Deref(named).Kind == yaml.ScalarNode {
			at, end := h.file.Range(key), h.file.Range(named)
			at.EndLine, at.EndColumn = end.EndLine, end.EndColumn
			return at
		}
	}
	return h.file.Range(h.value)
}

// hits follows a path into every layer of an object, from the innermost out.
func (l *Locator) hits(object *Object, path []any) []hit {
	var hits []hit
	for _, one := range l.layers(object, path) {
		if found := resolve(one, path, object.Value); found.depth >= len(one.at) {
			hits = append(hits, found)
		}
	}
	return hits
}

// resolve follows path into one layer as far as it leads. Items of lists are recognised by what identifies them in the
// render, not by their index, which patches change.
func resolve(from layer, path []any, rendered any) hit {
	h := hit{layer: from, value: from.node}
	if len(path) < len(from.at) || !equal(path[:len(from.at)], from.at) {
		h.depth = -1
		return h
	}
	h.depth = len(from.at)
	rendered, _ = lookup(rendered, from.at)
	for _, step := range path[len(from.at):] {
		var key, value *yaml.Node
		switch step := step.(type) {
		case string:
			key, value = Field(h.value, step)
		case int:
			list, _ := rendered.([]any)
			value = item(h.value, list, step)
		}
		if value == nil {
			return h
		}
		rendered, _ = lookup(rendered, []any{step})
		h.key, h.value = key, value
		h.depth++
	}
	return h
}

var identity = []string{"name", "mountPath", "devicePath", "containerPort", "port", "ip", "topologyKey", "key", "type", "kind"}

// item finds the node of list[index] in a sequence.
func item(sequence *yaml.Node, list []any, index int) *yaml.Node {
	nodes := items(sequence)
	if index < 0 || index >= len(list) {
		if index >= 0 && index < len(nodes) && list == nil {
			return nodes[index]
		}
		return nil
	}
	want, isMap := list[index].(map[string]any)
	_, named := want["name"]
	keyed := false
	for _, key := range identity {
		value, ok := want[key]
		if !isMap || !ok {
			continue
		}
		var same []*yaml.Node
		for _, node := range nodes {
			if _, has := Field(node, key); has != nil {
				keyed = true
				if fmt.Sprint(Value(has, false)) == fmt.Sprint(value) {
					same = append(same, node)
				}
			}
		}
		if keyed {
			if nodes = same; len(nodes) == 1 {
				return nodes[0]
			}
		}
	}
	ordinal := 0
	for _, one := range list[:index] {
		if reflect.DeepEqual(one, list[index]) {
			ordinal++
		}
	}
	for _, node := range nodes {
		if reflect.DeepEqual(Value(node, false), list[index]) {
			if ordinal == 0 {
				return node
			}
			ordinal--
		}
	}
	if keyed && len(nodes) > 0 {
		return nodes[0]
	}
	if all := items(sequence); !named && len(all) == len(list) {
		return all[index]
	}
	return nil
}

// OrEmpty is a list that JSON does not write as null.
func OrEmpty[T any](list []T) []T { return append([]T{}, list...) }

func lookup(value any, path []any) (any, bool) {
	for _, step := range path {
		switch at := value.(type) {
		case map[string]any:
			key, _ := step.(string)
			next, ok := at[key]
			if !ok {
				return nil, false
			}
			value = next
		case []any:
			index, ok := step.(int)
			if !ok || index < 0 || index >= len(at) {
				return nil, false
			}
			value = at[index]
		default:
			return nil, false
		}
	}
	return value, true
}

func text(value map[string]any, path ...any) string {
	found, _ := lookup(value, path)
	s, _ := found.(string)
	return s
}

func equal(a, b []any) bool { return reflect.DeepEqual(append([]any{}, a...), append([]any{}, b...)) }
