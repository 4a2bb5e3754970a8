// Package sandbox runs one program the way a container would see it: its volumes at their paths, a read-only root, its own
// /etc/hosts, the user the pod names. It needs no root: user and mount namespaces do it. The network is the host's.
//
// The root is made of the host's own programs and libraries, so what an image lacks does not show here.
package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// Name is the first argument with which a program that links this package becomes the sandbox's inner half.
const Name = "sandbox"

// Mount is a folder or file of the host at a path of the container.
type Mount struct {
	Source, Target string
	ReadOnly       bool
}

// Spec is one container.
type Spec struct {
	Root         string // empty folder of the host to mount the container's root at
	Mounts       []Mount
	Hosts        string // content of /etc/hosts
	User         int
	ReadOnlyRoot bool
	Command      []string
	Environment  []string
	Folder       string // working directory
}

// Command prepares the program; it and all its children end when the calling thread ends or its process group is killed.
func Command(spec Spec) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, Name, string(text))
	cmd.Env = []string{}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		Setpgid:     true,
		Pdeathsig:   syscall.SIGKILL,
	}
	return cmd, nil
}

// Main is the inner half: it mounts what the spec says, runs the program in it and ends with its exit status.
func Main(text string) int {
	var spec Spec
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		return 125
	}
	if err := spec.mount(); err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		return 125
	}
	cmd := &exec.Cmd{Path: spec.Command[0], Args: spec.Command, Env: spec.Environment, Dir: spec.Folder}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Chroot:      spec.Root,
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: spec.User, HostID: 0, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: spec.User, HostID: 0, Size: 1}},
		Pdeathsig:   syscall.SIGKILL,
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		return 127
	}
	go func() {
		for received := range signals {
			_ = cmd.Process.Signal(received)
		}
	}()
	err := cmd.Wait()
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		if status := exited.Sys().(syscall.WaitStatus); status.Signaled() {
			return 128 + int(status.Signal())
		}
		return exited.ExitCode()
	}
	if err != nil {
		return 125
	}
	return 0
}
