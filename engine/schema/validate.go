package schema

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"

	"asky-gitops.dev/engine/source"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"sigs.k8s.io/kustomize/kyaml/resid"
)

// violation is one field that a schema refuses; messages name types and rules, never a value.
type violation struct {
	path    []any
	message string
}

// Check validates objects by every version. It returns findings in the objects' order, and apiVersion/kind of those
// that no schema is known for.
func (s *Set) Check(objects []source.Object) (found []source.Finding, unknown []string, err error) {
	for _, object := range objects {
		apiVersion, _ := object.Value["apiVersion"].(string)
		name, _ := object.Value["kind"].(string)
		gvk := resid.Gvk{Kind: name}
		gvk.Group, gvk.Version = resid.ParseGroupVersion(apiVersion)
		refusedBy, order := map[string][]string{}, []violation{}
		for _, v := range s.versions {
			schema, err := s.schema(v, gvk)
			if err != nil {
				return nil, nil, err
			}
			if label := apiVersion + "/" + name; schema == nil {
				if !slices.Contains(unknown, label) {
					unknown = append(unknown, label)
				}
				continue
			}
			refused := violations(schema, object.Value)
			if err := v.failed(); err != nil {
				return nil, nil, err
			}
			for _, one := range refused {
				key := fmt.Sprint(one.path, one.message)
				if refusedBy[key] == nil {
					order = append(order, one)
				}
				refusedBy[key] = append(refusedBy[key], v.name)
			}
		}
		for _, one := range order {
			if by := refusedBy[fmt.Sprint(one.path, one.message)]; len(by) < len(s.versions) {
				one.message += " (Kubernetes " + strings.Join(by, ", ") + ")"
			}
			found = append(found, finding(object.Value, one))
		}
	}
	sort.Strings(unknown)
	return found, unknown, nil
}

func finding(object map[string]any, one violation) source.Finding {
	metadata, _ := object["metadata"].(map[string]any)
	resource := &source.Resource{APIVersion: fmt.Sprint(object["apiVersion"]), Kind: fmt.Sprint(object["kind"])}
	resource.Name, _ = metadata["name"].(string)
	if namespace, ok := metadata["namespace"].(string); ok {
		resource.Namespace = &namespace
	}
	return source.Finding{Rule: "schema-error", Category: "reliability", Severity: "error", Message: one.message, Resource: resource,
		Path: one.path, Trace: []string{}, Related: []source.Related{}}
}

func violations(schema *jsonschema.Schema, object any) []violation {
	var refused *jsonschema.ValidationError
	if !errors.As(schema.Validate(object), &refused) {
		return nil
	}
	var list []violation
	leaves(refused, object, &list)
	sort.SliceStable(list, func(i, j int) bool { return fmt.Sprint(list[i].path) < fmt.Sprint(list[j].path) })
	return slices.CompactFunc(list, func(a, b violation) bool { return reflect.DeepEqual(a, b) })
}

// leaves turns the validator's tree of errors into fields and messages.
func leaves(refused *jsonschema.ValidationError, object any, list *[]violation) {
	path := pathOf(refused.InstanceLocation, object)
	add := func(message string, more ...any) {
		*list = append(*list, violation{append(slices.Clone(path), more...), message})
	}
	switch why := refused.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range why.Missing {
			add(fmt.Sprintf("required field %q is missing", name), name)
		}
	case *kind.AdditionalProperties:
		for _, name := range why.Properties {
			add(fmt.Sprintf("unknown field %q", name), name)
		}
	case *kind.Type:
		add(fmt.Sprintf("must be %s, is %s", either(why.Want), why.Got))
	case *kind.OneOf, *kind.AnyOf:
		var want []string
		got := "null"
		for _, cause := range refused.Causes {
			one, ok := cause.ErrorKind.(*kind.Type)
			if !ok || len(cause.InstanceLocation) != len(refused.InstanceLocation) {
				add("fits none of the forms its schema allows")
				return
			}
			want, got = append(want, one.Want...), one.Got
		}
		if len(want) == 0 {
			add("fits several of the forms of which its schema allows one")
			return
		}
		add(fmt.Sprintf("must be %s, is %s", either(want), got))
	case *kind.Enum:
		var want []string
		for _, one := range why.Want {
			if one != nil {
				want = append(want, fmt.Sprint(one))
			}
		}
		add("must be one of " + strings.Join(want, ", "))
	case *kind.Pattern:
		add(fmt.Sprintf("must match %s", why.Want))
	case *kind.Minimum:
		add("must be at least " + why.Want.RatString())
	case *kind.Maximum:
		add("must be at most " + why.Want.RatString())
	case *kind.MinLength:
		add(fmt.Sprintf("must have at least %d characters", why.Want))
	case *kind.MaxLength:
		add(fmt.Sprintf("must have at most %d characters", why.Want))
	case *kind.MinItems:
		add(fmt.Sprintf("must have at least %d items", why.Want))
	case *kind.MaxItems:
		add(fmt.Sprintf("must have at most %d items", why.Want))
	default:
		if len(refused.Causes) == 0 {
			add("violates `" + strings.Join(refused.ErrorKind.KeywordPath(), "/") + "` of its schema")
		}
		for _, cause := range refused.Causes {
			leaves(cause, object, list)
		}
	}
}

// either joins type names, without null: it is what a field that is left out has.
func either(types []string) string {
	var names []string
	for _, one := range types {
		if one != "null" && !slices.Contains(names, one) {
			names = append(names, one)
		}
	}
	return strings.Join(names, " or ")
}

// pathOf gives list indices back their numbers.
func pathOf(location []string, object any) []any {
	path := make([]any, 0, len(location))
	for _, token := range location {
		var step any = token
		switch at := object.(type) {
		case []any:
			if index, err := strconv.Atoi(token); err == nil && index < len(at) {
				step, object = index, at[index]
			}
		case map[string]any:
			object = at[token]
		}
		path = append(path, step)
	}
	return path
}
