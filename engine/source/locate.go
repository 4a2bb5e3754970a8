package source

import (
	"strings"
	"unicode/utf8"

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

// offset is the byte at which the YAML parser's line and column are. The parser also breaks lines at U+0085, U+2028,
// U+2029 and a lone carriage return, where an editor does not.
func (f *File) offset(line, column int) int {
	at := 0
	if strings.HasPrefix(string(f.Data[:min(3, len(f.Data))]), "\ufeff") {
		at = 3
	}
	for line > 1 && at < len(f.Data) {
		r, size := utf8.DecodeRune(f.Data[at:])
		at += size
		switch {
		case r == '\r' && at < len(f.Data) && f.Data[at] == '\n':
		case r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			line--
		}
	}
	for ; column > 1 && at < len(f.Data); column-- {
		_, size := utf8.DecodeRune(f.Data[at:])
		at += size
	}
	return at
}

// point is the editor's line and column of a byte.
func (f *File) point(at int) (line, column int) {
	starts := f.lines()
	low, high := 0, len(starts)
	for high-low > 1 {
		if middle := (low + high) / 2; starts[middle] <= at {
			low = middle
		} else {
			high = middle
		}
	}
	text := strings.TrimPrefix(string(f.Data[starts[low]:at]), "\ufeff")
	return low + 1, utf8.RuneCountInString(text) + 1
}

func (f *File) span(from, to int) *Location {
	at := &Location{File: f.Path}
	at.Line, at.Column = f.point(from)
	at.EndLine, at.EndColumn = f.point(max(from, to))
	return at
}

// Range is where a node is written: a scalar whole, a mapping or sequence its first line.
func (f *File) Range(n *yaml.Node) *Location {
	if n == nil {
		return &Location{File: f.Path, Line: 1, Column: 1, EndLine: 1, EndColumn: 1}
	}
	from := f.offset(n.Line, n.Column)
	return f.span(from, f.end(n, from))
}

// end is the byte after a node that starts at from.
func (f *File) end(n *yaml.Node, from int) int {
	text := f.Data[from:]
	firstLine := from + len(trimLine(text))
	if n.Kind == yaml.AliasNode {
		return from + 1 + len(n.Value)
	}
	if n.Kind != yaml.ScalarNode {
		return firstLine
	}
	i := from + properties(text)
	switch {
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		return i + quoted(f.Data[i:])
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return firstLine
	case strings.HasPrefix(string(f.Data[i:]), n.Value):
		return i + len(n.Value)
	}
	return firstLine
}

func trimLine(text []byte) string {
	line, _, _ := strings.Cut(string(text[:min(len(text), 4096)]), "\n")
	return strings.TrimRight(line, " \t\r")
}

// properties is the length of the tag and anchor in front of a scalar, with the space after them.
func properties(text []byte) int {
	i := 0
	for i < len(text) && (text[i] == '&' || text[i] == '!') {
		for i < len(text) && !strings.ContainsRune(" \t\r\n", rune(text[i])) {
			i++
		}
		for i < len(text) && strings.ContainsRune(" \t\r\n", rune(text[i])) {
			i++
		}
	}
	return i
}

// quoted is the length of a quoted scalar, with its quotes.
func quoted(text []byte) int {
	if len(text) == 0 {
		return 0
	}
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && text[0] == '"':
			i++
		case text[i] == text[0] && text[0] == '\'' && i+1 < len(text) && text[i+1] == '\'':
			i++
		case text[i] == text[0]:
			return i + 1
		}
	}
	return len(text)
}
