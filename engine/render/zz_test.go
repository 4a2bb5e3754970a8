package render

import (
	"asky-gitops.dev/engine/source"
	"fmt"
	"testing"
	"time"
)

func TestZ(t *testing.T) {
	s := time.Now()
	parseSchemas()
	fmt.Println("schemas", time.Since(s))
	for i := 0; i < 4; i++ {
		f, _ := source.Open("/tmp/e")
		s = time.Now()
		r := Build(f, Target{Name: "a", Kustomization: "overlays/a"}, false)
		fmt.Println("plain", time.Since(s), r.Error)
		s = time.Now()
		err := Trace(f, Target{Name: "a", Kustomization: "overlays/a"}, r)
		fmt.Println("trace", time.Since(s), err)
		for _, o := range r.Objects {
			fmt.Printf("%+v\n", o.Origin)
		}
	}
}
