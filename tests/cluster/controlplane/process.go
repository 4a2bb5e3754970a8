package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// processes starts programs that cannot outlive this one and stops them in reverse order.
type processes struct {
	bin, logs string
	running   []*process
	died      chan string
}

type process struct {
	name string
	cmd  *exec.Cmd
	done chan struct{}
}

// start runs the program of the same name, see startAs.
func (p *processes) start(name string, arguments ...string) error {
	return p.startAs(name, name, nil, arguments...)
}

// startAs runs bin/PROGRAM with its output in logs/NAME.log, in its own process group; a death is told on p.died.
func (p *processes) startAs(name, program string, environment []string, arguments ...string) error {
	log, err := os.Create(p.logFile(name))
	if err != nil {
		return err
	}
	cmd := exec.Command(filepath.Join(p.bin, program), arguments...)
	cmd.Env = append(os.Environ(), environment...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	started := &process{name: name, cmd: cmd, done: make(chan struct{})}
	failed := make(chan error)
	go func() {
		// Linux sends the death signal when the starting *thread* ends, so this one stays until the child is gone.
		runtime.LockOSThread()
		defer log.Close()
		err := cmd.Start()
		failed <- err
		if err != nil {
			return
		}
		_ = cmd.Wait()
		close(started.done)
		p.died <- name
	}()
	if err := <-failed; err != nil {
		return fmt.Errorf("%s does not start: %w", name, err)
	}
	p.running = append(p.running, started)
	return nil
}

// stop ends every process group, last started first: politely, then, after a grace time, for good.
func (p *processes) stop() {
	for i := len(p.running) - 1; i >= 0; i-- {
		one := p.running[i]
		_ = syscall.Kill(-one.cmd.Process.Pid, syscall.SIGTERM)
		select {
		case <-one.done:
		case <-time.After(3 * time.Second):
		}
		_ = syscall.Kill(-one.cmd.Process.Pid, syscall.SIGKILL)
		<-one.done
	}
	p.running = nil
}

func (p *processes) logFile(name string) string {
	return filepath.Join(p.logs, name+".log")
}

// tail returns the last lines a process wrote, for the message that says why nothing came up.
func (p *processes) tail(name string, lines int) string {
	text, _ := os.ReadFile(p.logFile(name))
	all := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// freePorts returns n free TCP ports of 127.0.0.1; all are held until the last is chosen, so they differ.
func freePorts(n int) ([]int, error) {
	ports := make([]int, n)
	for i := range ports {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		ports[i] = listener.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}
