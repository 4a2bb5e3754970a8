package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// system is what every container takes from the host.
var system = []string{"/usr", "/bin", "/sbin", "/lib", "/lib64", "/dev", "/proc", "/etc/alternatives", "/etc/ld.so.cache", "/etc/ssl"}

// mount builds the root at spec.Root.
func (spec *Spec) mount() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	if err := unix.Mount("root", spec.Root, "tmpfs", 0, "mode=0755"); err != nil {
		return fmt.Errorf("root: %w", err)
	}
	if err := spec.writeEtc(); err != nil {
		return err
	}
	for _, path := range system {
		if err := spec.system(path); err != nil {
			return err
		}
	}
	for _, mount := range spec.Mounts {
		if err := spec.bind(mount); err != nil {
			return err
		}
	}
	if spec.ReadOnlyRoot {
		return unix.Mount("", spec.Root, "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY, "")
	}
	return os.MkdirAll(filepath.Join(spec.Root, "tmp"), 0o777)
}

func (spec *Spec) writeEtc() error {
	etc := filepath.Join(spec.Root, "etc")
	if err := os.MkdirAll(etc, 0o755); err != nil {
		return err
	}
	user := fmt.Sprintf("user:x:%d:%[1]d::/:/bin/sh\n", spec.User)
	for name, text := range map[string]string{
		"hosts": spec.Hosts, "passwd": user, "group": fmt.Sprintf("user:x:%d:\n", spec.User), "nsswitch.conf": "hosts: files\n", "resolv.conf": "",
	} {
		if err := os.WriteFile(filepath.Join(etc, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// system takes one path from the host: a link as a link, anything else as a read-only mount; what is not there is left out.
func (spec *Spec) system(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		target, err := os.Readlink(path)
		if err != nil {
			return err
		}
		return os.Symlink(target, filepath.Join(spec.Root, path))
	}
	return spec.bind(Mount{Source: path, Target: path, ReadOnly: path != "/dev" && path != "/proc"})
}

func (spec *Spec) bind(mount Mount) error {
	target := filepath.Join(spec.Root, mount.Target)
	info, err := os.Stat(mount.Source)
	if err != nil {
		return err
	}
	if err := place(target, info.IsDir()); err != nil {
		return err
	}
	if err := unix.Mount(mount.Source, target, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("%s: %w", mount.Target, err)
	}
	if !mount.ReadOnly {
		return nil
	}
	// A mount that came from outside the user namespace keeps the restrictions it had there, or the kernel refuses.
	var is unix.Statfs_t
	if err := unix.Statfs(target, &is); err != nil {
		return err
	}
	kept := uintptr(is.Flags) & (unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC | unix.MS_NOATIME | unix.MS_NODIRATIME | unix.MS_RELATIME)
	if err := unix.Mount("", target, "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY|kept, ""); err != nil {
		return fmt.Errorf("%s read-only: %w", mount.Target, err)
	}
	return nil
}

// place makes the empty folder or file that a mount covers.
func place(target string, folder bool) error {
	if folder {
		return os.MkdirAll(target, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(target, os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	return file.Close()
}
