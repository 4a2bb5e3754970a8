package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

// entry is one survivor that somebody looked at, as tests/policies/survivors.yaml lists it.
type entry struct {
	At         string
	Expression string
	Which      int
	Reason     string
}

// kept names an expression by what it says, because rows drift.
type kept struct {
	file  string
	text  string
	which int
}

// reasons say why nobody needs to notice that an expression is gone.
type reasons map[kept]string

func reasonsOf(entries []entry) reasons {
	found := reasons{}
	for _, one := range entries {
		found[kept{one.At, one.Expression, max(one.Which, 1)}] = one.Reason
	}
	return found
}

// stale names the reasons that are given for no survivor, as far as the prefixes reach, and counts them.
func (r reasons) stale(to io.Writer, mutants []*mutant, prefixes []string) int {
	fates := map[kept]fate{}
	for _, one := range mutants {
		fates[kept{one.file, one.text, one.which}] = one.fate
	}
	var found []string
	for one := range r {
		if wanted(one.file, prefixes) && fates[one] != survived {
			found = append(found, fmt.Sprintf("stale %s %s (which: %d): %s",
				one.file, one.text, one.which, cmp.Or(fates[one], "there is no such expression")))
		}
	}
	slices.Sort(found)
	for _, one := range found {
		fmt.Fprintln(to, one)
	}
	return len(found)
}
