package source

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// lines are the byte offsets at which the file's lines start, as an editor counts them.
func (f *File) lines() []int {
	f.count.Do(func() {
		starts := []int{0}
		for i, b := range f.Data {
			if b == '\n' {
				starts = append(starts, i+1)
			}
		}
		f.starts = starts
	})
	return f.starts
}

func (f *File) line(number int) string {
	starts, end := f.lines(), len(f.Data)
	if number < len(starts) {
		end = starts[number] - 1
	}
	return string(f.Data[starts[number-1]:end])
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
	if f.outer != nil {
		return f.outward(at)
	}
	return at
}

// Inner is the text of a scalar as a file of its own, whose positions are those in the file around it.
func (f *File) Inner(n *yaml.Node) *File {
	return &File{Path: f.Path, Data: []byte(n.Value), outer: f, scalar: n}
}

// outward moves a range inside a scalar's text to the file around it: exactly for a literal block and for a scalar
// written on one line without escapes, else the whole scalar.
func (f *File) outward(at *Location) *Location {
	from := f.outer.offset(f.scalar.Line, f.scalar.Column)
	whole := f.outer.span(from, f.outer.end(f.scalar, from))
	line, column := f.outer.point(from)
	shift := func(inner int) (int, bool) {
		if f.scalar.Style&yaml.LiteralStyle != 0 && line+inner <= len(f.outer.lines()) {
			before, ok := strings.CutSuffix(strings.TrimRight(f.outer.line(line+inner), "\r"), strings.TrimRight(f.line(inner), "\r"))
			return utf8.RuneCountInString(before), ok
		}
		i := from + properties(f.outer.Data[from:])
		i += bytes.IndexAny(f.outer.Data[i:min(i+1, len(f.outer.Data))], `'"`) + 1
		_, column = f.outer.point(i)
		return column - 1, inner == 1 && bytes.HasPrefix(f.outer.Data[i:], f.Data)
	}
	start, ok := shift(at.Line)
	end, alsoOK := shift(at.EndLine)
	if !ok || !alsoOK {
		return whole
	}
	if f.scalar.Style&yaml.LiteralStyle == 0 {
		line--
	}
	return &Location{File: whole.File, Line: line + at.Line, Column: start + at.Column, EndLine: line + at.EndLine, EndColumn: end + at.EndColumn}
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
