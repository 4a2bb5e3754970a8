// Package render builds targets with kustomize's own library, in memory, reading only below one root.
package render

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"asky-gitops.dev/engine/source"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

var errReadOnly = errors.New("the file system is read-only")

// recorder is the file system kustomize sees: files below the root, each remembered as part of the closure.
type recorder struct {
	files    *source.Files
	mu       sync.Mutex
	read     map[string]bool
	refused  error             // the first file that must not be read, which kustomize may have swallowed
	replaced map[string][]byte // what a file is read as, by absolute path
}

var _ filesys.FileSystem = (*recorder)(nil)

func (r *recorder) ReadFile(path string) ([]byte, error) {
	if data, ok := r.replaced[path]; ok {
		return data, nil
	}
	file, err := r.files.Read(path)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && r.refused == nil {
			r.refused = err
		}
		return nil, err
	}
	r.read[file.Path] = true
	return file.Data, nil
}

func (r *recorder) closure() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.read))
}

func (r *recorder) CleanedAbs(path string) (filesys.ConfirmedDir, string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", "", err
	}
	real, err := r.files.Inside(abs)
	if err != nil {
		return "", "", err
	}
	if r.IsDir(real) {
		return filesys.ConfirmedDir(real), "", nil
	}
	return filesys.ConfirmedDir(filepath.Dir(real)), filepath.Base(real), nil
}

func (r *recorder) IsDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func (r *recorder) Exists(path string) bool {
	_, err := r.files.Inside(path)
	return err == nil
}

func (r *recorder) Create(string) (filesys.File, error)  { return nil, errReadOnly }
func (r *recorder) Mkdir(string) error                   { return errReadOnly }
func (r *recorder) MkdirAll(string) error                { return errReadOnly }
func (r *recorder) RemoveAll(string) error               { return errReadOnly }
func (r *recorder) WriteFile(string, []byte) error       { return errReadOnly }
func (r *recorder) Open(string) (filesys.File, error)    { return nil, errReadOnly }
func (r *recorder) Glob(string) ([]string, error)        { return nil, errReadOnly }
func (r *recorder) ReadDir(string) ([]string, error)     { return nil, errReadOnly }
func (r *recorder) Walk(string, filepath.WalkFunc) error { return errReadOnly }
