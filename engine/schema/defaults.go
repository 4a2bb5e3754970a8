package schema

// filled is an object as the API server validates it: a null that may not be one is left out, and then what a structural
// schema gives by default is there (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting).
// The value itself stays as its author wrote it.
func filled(schema map[string]any, value any) any {
	schema = whole(schema)
	switch value := value.(type) {
	case map[string]any:
		properties, _ := schema["properties"].(map[string]any)
		result := make(map[string]any, len(value))
		for name, child := range value {
			of, known := properties[name].(map[string]any)
			if !known {
				of, known = schema["additionalProperties"].(map[string]any)
			}
			if child != nil || !known || whole(of)["nullable"] == true {
				result[name] = filled(of, child)
			}
		}
		for name, child := range properties {
			of, _ := child.(map[string]any)
			if given := whole(of)["default"]; given != nil {
				if _, written := result[name]; !written {
					result[name] = filled(of, given)
				}
			}
		}
		return result
	case []any:
		items, _ := schema["items"].(map[string]any)
		result := make([]any, len(value))
		for i, child := range value {
			result[i] = filled(items, child)
		}
		return result
	}
	return value
}

// whole is a schema, also where it is left for later.
func whole(schema map[string]any) map[string]any {
	if postponed, ok := schema[later].(map[string]any); ok {
		return postponed
	}
	return schema
}
