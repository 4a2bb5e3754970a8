// Command projects asks an AppProject what it permits, by Argo CD's own rules: JSON in, one verdict for each try out.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// try is one object that an Application of the project would write, where that comes from and where it goes.
type try struct {
	Group, Kind, Name, Namespace, Source, Destination string
	Cluster                                           v1alpha1.Cluster
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run() error {
	var asked struct {
		Project v1alpha1.AppProject
		Tries   []try
	}
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		return err
	}
	verdicts := make([]bool, 0, len(asked.Tries))
	for _, one := range asked.Tries {
		kind := schema.GroupKind{Group: one.Group, Kind: one.Kind}
		permitted, err := asked.Project.IsResourcePermitted(kind, one.Name, one.Namespace, &one.Cluster, noClusters)
		if err != nil {
			return err
		}
		destination, err := asked.Project.IsDestinationPermitted(&one.Cluster, one.Destination, noClusters)
		if err != nil {
			return err
		}
		source := asked.Project.IsSourcePermitted(v1alpha1.ApplicationSource{RepoURL: one.Source})
		verdicts = append(verdicts, permitted && destination && source)
	}
	return json.NewEncoder(os.Stdout).Encode(verdicts)
}

// noClusters says that no cluster belongs to the project itself.
func noClusters(string) ([]*v1alpha1.Cluster, error) { return nil, nil }
