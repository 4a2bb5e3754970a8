package schema

import (
	"fmt"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// later is the keyword of a schema whose one part is compiled when a value first needs it: the address of a definition, or
// a schema as it stands in a CustomResourceDefinition. A pod's schema refers to hundreds of definitions of which a
// manifest uses a dozen.
const later = "x-later"

// parts are the parts met so far.
type parts struct {
	byAddress map[string]*part
	count     int
	broken    error
}

// part is a schema that may not be compiled yet.
type part struct {
	version *version
	address string
	raw     map[string]any
	compile sync.Once
	schema  *jsonschema.Schema
}

// compilePart is called by the compiler, while the version is locked, for every schema it compiles.
func (v *version) compilePart(_ *jsonschema.CompilerContext, schema map[string]any) (jsonschema.SchemaExt, error) {
	switch what := schema[later].(type) {
	case string:
		if v.parts.byAddress[what] == nil {
			v.parts.byAddress[what] = &part{version: v, address: what}
		}
		return v.parts.byAddress[what], nil
	case map[string]any:
		v.parts.count++
		return &part{version: v, address: fmt.Sprintf("part://%d", v.parts.count), raw: what}, nil
	}
	return nil, nil
}

// Validate holds a value to the part.
func (p *part) Validate(ctx *jsonschema.ValidatorContext, value any) {
	p.compile.Do(func() {
		v := p.version
		v.lock.Lock()
		defer v.lock.Unlock()
		var err error
		if p.raw != nil {
			prepare(p.raw)
			err = v.compiler.AddResource(p.address, p.raw)
		}
		if err == nil {
			p.schema, err = v.compiler.Compile(p.address)
		}
		if err != nil {
			v.parts.broken = err
		}
	})
	if p.schema != nil {
		ctx.AddErr(ctx.Validate(p.schema, value, nil))
	}
}

// postponed is a schema inside a CustomResourceDefinition's, left for later when it is large.
func postponed(schema any) any {
	child, ok := schema.(map[string]any)
	if ok && (child["type"] == "object" || child["type"] == "array") {
		return map[string]any{later: child}
	} else if ok {
		structural(child, false)
	}
	return schema
}

var preparing sync.Mutex

// prepare makes a postponed schema structural, once: every version has the same definitions.
func prepare(schema map[string]any) {
	preparing.Lock()
	defer preparing.Unlock()
	if schema["$schema"] != trusted {
		structural(schema, false)
		schema["$schema"] = trusted
	}
}

// failed is why a part could not be compiled: what was held to it was not validated.
func (v *version) failed() error {
	v.lock.Lock()
	defer v.lock.Unlock()
	return v.parts.broken
}
