package source

import (
	"reflect"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// operate is the layer of one JSON 6902 operation, when it bears on a path.
func (l *Locator) operate(file *File, operation *yaml.Node, who *subject, path []any) []layer {
	tokens := pointed(Scalar(operation, "path"))
	_, written := Field(operation, "value")
	at, ok := aim(who.Value, tokens, func(value any) bool { return written == nil || reflect.DeepEqual(value, Value(written, false)) })
	if !ok {
		name := Scalar(written, "name")
		at, ok = aim(who.Value, tokens, func(value any) bool {
			fields, isMap := value.(map[string]any)
			return name == "" || isMap && fields["name"] == name
		})
	}
	if !ok || len(at) > len(path) || !equal(path[:len(at)], at) {
		return nil
	}
	_, pointer := Field(operation, "path")
	switch Scalar(operation, "op") {
	case "add", "replace":
		return []layer{{file, written, at, "the patch over it"}}
	case "remove":
		gone := *Deref(pointer)
		gone.Tag = "!!null"
		return []layer{{file, &gone, at, "the patch over it"}}
	case "copy", "move":
		_, from := Field(operation, "from")
		if origin, ok := aim(who.Value, pointed(Scalar(from)), func(any) bool { return true }); ok && l.depth < 3 {
			l.depth++
			_, chosen := l.decide(who.Object, origin)
			l.depth--
			if chosen != nil {
				return []layer{{chosen.file, chosen.value, at, "the field it is copied from"}}
			}
		}
		return []layer{{file, from, at, "the patch over it"}}
	}
	return nil
}

// pointed are the steps of a JSON pointer.
func pointed(pointer string) []string {
	tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, token := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
	}
	return tokens
}

// aim finds what a pointer means in the render. Patches that ran later may have moved the items of its lists: the index
// as written comes first, then every other at which the render holds what was written.
func aim(value any, tokens []string, fits func(any) bool) ([]any, bool) {
	if len(tokens) == 0 {
		return nil, fits(value)
	}
	list, isList := value.([]any)
	if !isList {
		next, _ := lookup(value, []any{tokens[0]})
		rest, ok := aim(next, tokens[1:], fits)
		return append([]any{tokens[0]}, rest...), ok
	}
	written, err := strconv.Atoi(tokens[0])
	order := make([]int, 0, len(list)+1)
	if err == nil {
		order = append(order, written)
	}
	for i := range list {
		order = append(order, i)
	}
	for _, i := range order {
		next, _ := lookup(value, []any{i})
		if rest, ok := aim(next, tokens[1:], fits); ok {
			return append([]any{i}, rest...), true
		}
	}
	return nil, false
}
