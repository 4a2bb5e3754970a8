// Package source is the only reader of what is judged: files inside one root, the YAML documents in
// them with the position of every node, the kustomizations that tie them together.
package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

const (
	maxFile  = 16 << 20
	maxDepth = 256
	maxNodes = 200_000
)

// Location is a range in a file; lines and columns (Unicode characters) count from 1, the end column is exclusive.
type Location struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
}

// Error says why a target could not be judged. Exit is 2 when the author's files cure it, 3 when they do not.
type Error struct {
	Code     string    `json:"code"`
	Message  string    `json:"message"`
	Location *Location `json:"location"`
	Exit     int       `json:"exit"`
	// Bomb marks a document that must not be given to any parser that expands it.
	Bomb bool `json:"-"`
}

func (e *Error) Error() string { return e.Message }

// Files reads regular files inside Root once, for every target of one request.
type Files struct {
	Root   string
	mu     sync.Mutex
	byPath map[string]*File
}

// File is one file as it was when it was first read. Path is relative to the root, with forward slashes.
type File struct {
	Path   string
	Data   []byte
	fail   error
	read   sync.Once
	parse  sync.Once
	count  sync.Once
	docs   []*Document
	broken *Error
	starts []int
	outer  *File      // the file this one's text is a scalar of, or nil
	scalar *yaml.Node // that scalar
}

// Document is one YAML document; Root is nil when it is empty.
type Document struct {
	File  *File
	Index int
	Root  *yaml.Node
}

// Open prepares to read below root, an absolute or relative path of a folder.
func Open(root string) (*Files, error) {
	abs, err := filepath.Abs(root)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		return nil, err
	}
	return &Files{Root: abs, byPath: map[string]*File{}}, nil
}

// Text makes a file that is not on disk, such as standard input; one that would explode in memory is an *Error.
func Text(name string, data []byte) (*File, error) {
	f := &File{Path: name, Data: data}
	return f, f.bounds()
}

// Rel is path relative to the root, with forward slashes.
func (s *Files) Rel(path string) string {
	rel, err := filepath.Rel(s.Root, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}

// Inside follows every symbolic link of an absolute path and refuses a result outside the root.
func (s *Files) Inside(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	if real != s.Root && !strings.HasPrefix(real, s.Root+string(filepath.Separator)) {
		return "", fmt.Errorf("security; '%s' leads outside the repository", s.Rel(path))
	}
	return real, nil
}

// Read returns the file at an absolute path. A document that would explode in memory is an *Error.
func (s *Files) Read(path string) (*File, error) {
	real, err := s.Inside(path)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	f := s.byPath[real]
	if f == nil {
		f = &File{Path: s.Rel(real)}
		s.byPath[real] = f
	}
	s.mu.Unlock()
	f.read.Do(func() {
		if f.Data, f.fail = readRegular(real); f.fail == nil {
			f.fail = f.bounds()
		}
	})
	return f, f.fail
}

func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: errors.New("not a regular file")}
	}
	if info.Size() > maxFile {
		return nil, &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("larger than %d MiB", maxFile>>20)}
	}
	return os.ReadFile(path)
}

// bounds refuses what only an attacker writes: aliases that multiply, nesting beyond any manifest's.
func (f *File) bounds() error {
	aliases := bytes.IndexByte(f.Data, '&') >= 0 && bytes.IndexByte(f.Data, '*') >= 0
	if !aliases && !mayNest(f.Data) {
		return nil
	}
	docs, _ := f.Documents()
	for _, doc := range docs {
		m := measure{size: map[*yaml.Node]int{}}
		if m.count(doc.Root, 0)-len(m.size) > maxNodes || m.tooDeep != nil || m.circle != nil {
			at, why := m.worst, fmt.Sprintf("aliases add more than %d nodes", maxNodes)
			switch {
			case m.circle != nil:
				at, why = m.circle, "an anchor's value contains itself"
			case m.tooDeep != nil:
				at, why = m.tooDeep, fmt.Sprintf("nested deeper than %d levels", maxDepth)
			}
			if at == nil {
				at = doc.Root
			}
			return &Error{Code: "invalid-yaml", Message: why, Location: f.Range(at), Exit: 2, Bomb: true}
		}
	}
	return nil
}

// mayNest overestimates the depth of a document without parsing it.
func mayNest(data []byte) bool {
	open, indent, dashes, fresh := 0, 0, 0, true
	for _, b := range data {
		switch {
		case b == '\n':
			indent, dashes, fresh = 0, 0, true
		case b == '[' || b == '{':
			open, fresh = open+1, false
		case b == ']' || b == '}':
			open, fresh = open-1, false
		case fresh && b == ' ':
			indent++
		case fresh && (b == '-' || b == '?'):
			dashes++
		default:
			fresh = false
		}
		if open > maxDepth || indent/2+dashes > maxDepth {
			return true
		}
	}
	return false
}

type measure struct {
	size                   map[*yaml.Node]int // 0 while a node is being counted
	worst, tooDeep, circle *yaml.Node
}

// count returns the nodes below n with every alias expanded; it stops growing far above any limit.
func (m *measure) count(n *yaml.Node, depth int) int {
	if n == nil || m.tooDeep != nil {
		return 0
	}
	if depth > maxDepth {
		m.tooDeep = n
		return 0
	}
	target := Deref(n)
	if known, ok := m.size[target]; ok {
		if known == 0 {
			m.circle = n
		}
		return known
	}
	m.size[target] = 0
	total := 1
	for _, child := range target.Content {
		total = min(total+m.count(child, depth+1), 1<<40)
		if total-len(m.size) > maxNodes && m.worst == nil {
			m.worst = child
		}
	}
	m.size[target] = total
	return total
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// Documents parses the file's YAML (or JSON); what parsed before an error is returned beside it.
func (f *File) Documents() ([]*Document, *Error) {
	f.parse.Do(func() {
		decoder := yaml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(f.Data, []byte("\ufeff"))))
		for i := 0; ; i++ {
			var node yaml.Node
			err := decoder.Decode(&node)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				f.broken = f.syntax(err.Error())
				return
			}
			doc := &Document{File: f, Index: i}
			if len(node.Content) > 0 && !isNull(node.Content[0]) {
				doc.Root = node.Content[0]
			}
			f.docs = append(f.docs, doc)
		}
	})
	return f.docs, f.broken
}

func (f *File) syntax(message string) *Error {
	match := yamlLine.FindStringSubmatch(message)
	line := 1
	if match != nil {
		message = message[len(match[0]):]
		if n, err := strconv.Atoi(match[1]); err == nil {
			line = min(max(n, 1), len(f.lines()))
		}
	}
	if name, ok := strings.CutPrefix(message, "unknown anchor '"); ok {
		name = "*" + strings.TrimSuffix(name, "' referenced")
		from := max(bytes.Index(f.Data, []byte(name)), 0)
		return &Error{Code: "invalid-yaml", Message: "unknown anchor", Location: f.span(from, from+len(name)), Exit: 2}
	}
	text := f.line(line)
	column := utf8.RuneCountInString(text) - utf8.RuneCountInString(strings.TrimLeft(text, " \t")) + 1
	end := utf8.RuneCountInString(strings.TrimRight(text, " \t\r")) + 1
	at := &Location{File: f.Path, Line: line, Column: column, EndLine: line, EndColumn: max(end, column)}
	return &Error{Code: "invalid-yaml", Message: message, Location: at, Exit: 2}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// Deref follows an alias to what it stands for.
func Deref(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// Field returns the key and value nodes of a mapping's field, looking through merge keys; nil when there is none.
func Field(n *yaml.Node, name string) (key, value *yaml.Node) {
	n = Deref(n)
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		legacy := (name == "true" || name == "false") && fmt.Sprint(scalar(n.Content[i], true)) == name
		if (n.Content[i].Value == name || legacy) && n.Content[i].ShortTag() != "!!merge" {
			return n.Content[i], n.Content[i+1]
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].ShortTag() != "!!merge" {
			continue
		}
		merged := []*yaml.Node{n.Content[i+1]}
		if from := Deref(merged[0]); from.Kind == yaml.SequenceNode {
			merged = from.Content
		}
		for _, from := range merged {
			if key, value = Field(from, name); value != nil {
				return key, value
			}
		}
	}
	return nil, nil
}

// Scalar is the text of a mapping's scalar field, "" when there is none.
func Scalar(n *yaml.Node, path ...string) string {
	for _, name := range path {
		_, n = Field(n, name)
	}
	if n = Deref(n); n == nil || n.Kind != yaml.ScalarNode || isNull(n) {
		return ""
	}
	return n.Value
}

// Value turns a node into what JSON would hold; numbers stay as written where JSON allows it. With yaml11 plain
// `yes`, `on`, `y` and their opposites are booleans, as kubectl and Argo CD read a manifest.
func Value(n *yaml.Node, yaml11 bool) any {
	if n = Deref(n); n == nil {
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		object := map[string]any{}
		fill(object, n, yaml11)
		return object
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			list = append(list, Value(item, yaml11))
		}
		return list
	}
	return scalar(n, yaml11)
}

func fill(object map[string]any, n *yaml.Node, yaml11 bool) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].ShortTag() != "!!merge" {
			continue
		}
		from := Deref(n.Content[i+1])
		if from.Kind == yaml.MappingNode {
			fill(object, from, yaml11)
			continue
		}
		for j := len(from.Content) - 1; j >= 0; j-- {
			if one := Deref(from.Content[j]); one.Kind == yaml.MappingNode {
				fill(object, one, yaml11)
			}
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := Deref(n.Content[i]); key.ShortTag() != "!!merge" {
			name := key.Value
			if yaml11 && key.Kind == yaml.ScalarNode {
				name = fmt.Sprint(scalar(key, true))
			}
			object[name] = Value(n.Content[i+1], yaml11)
		}
	}
}

var legacyBool = regexp.MustCompile(`^(?:(y|Y|yes|Yes|YES|on|On|ON)|n|N|no|No|NO|off|Off|OFF)$`)

func scalar(n *yaml.Node, yaml11 bool) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool", "!!int", "!!float":
		var v any
		if n.Decode(&v) == nil {
			if encoded, err := json.Marshal(v); err == nil {
				if _, isBool := v.(bool); isBool {
					return v
				}
				return json.Number(encoded)
			}
		}
	case "!!str":
		if yaml11 && n.Style == 0 {
			if match := legacyBool.FindStringSubmatch(n.Value); match != nil {
				return match[1] != ""
			}
		}
	}
	return n.Value
}
