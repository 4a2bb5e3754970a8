package operators

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kubernetes/third_party/forked/golang/expansion"

	"asky-gitops.dev/tests/cluster/sandbox"
)

// sandbox turns a container into what the sandbox runs; it waits for the Secrets and ConfigMaps its environment names.
func (o *operator) sandbox(ctx context.Context, pod *corev1.Pod, container *corev1.Container, folder string, volumes map[string]string) (*sandbox.Spec, error) {
	environment, err := o.environment(ctx, pod, container)
	if err != nil {
		return nil, err
	}
	root := filepath.Join(folder, "root")
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, err
	}
	spec := &sandbox.Spec{Root: root, Hosts: o.hosts(pod.Namespace), Folder: container.WorkingDir, Mounts: []sandbox.Mount{{Source: o.Programs, Target: o.Programs, ReadOnly: true}}}
	if spec.Folder == "" {
		spec.Folder = "/"
	}
	for _, mount := range container.VolumeMounts {
		source := filepath.Join(volumes[mount.Name], mount.SubPath)
		spec.Mounts = append(spec.Mounts, sandbox.Mount{Source: source, Target: mount.MountPath, ReadOnly: mount.ReadOnly})
	}
	if security := pod.Spec.SecurityContext; security != nil && security.RunAsUser != nil {
		spec.User = int(*security.RunAsUser)
	}
	if security := container.SecurityContext; security != nil && security.ReadOnlyRootFilesystem != nil {
		spec.ReadOnlyRoot = *security.ReadOnlyRootFilesystem
	}
	expand := expansion.MappingFuncFor(environment)
	command := container.Command
	if len(command) == 0 {
		command = []string{imageName(container.Image) + "-entrypoint"}
	}
	for _, argument := range append(append([]string{}, command...), container.Args...) {
		spec.Command = append(spec.Command, expansion.Expand(argument, expand))
	}
	spec.Command[0] = o.program(spec.Command[0])
	for name, value := range environment {
		spec.Environment = append(spec.Environment, name+"="+value)
	}
	return spec, nil
}

// imageName is the last part of an image's repository: `postgres` of `docker.io/library/postgres:17@sha256:…`.
func imageName(image string) string {
	image, _, _ = strings.Cut(image, "@")
	name := image[strings.LastIndex(image, "/")+1:]
	name, _, _ = strings.Cut(name, ":")
	return name
}

func (o *operator) path() string {
	return filepath.Join(o.Programs, "images") + ":" + filepath.Join(o.Programs, "bin") + ":/usr/local/bin:/usr/bin:/bin"
}

// program finds a command: an image's own programs come first, wherever the image keeps them.
func (o *operator) program(name string) string {
	for _, folder := range strings.Split(o.path(), ":") {
		if path := filepath.Join(folder, filepath.Base(name)); isFile(path) {
			return path
		}
	}
	return name
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// hosts stands in for the cluster's DNS: every name of the database's Services is the address its server listens on.
func (o *operator) hosts(namespace string) string {
	var text strings.Builder
	text.WriteString("127.0.0.1 localhost\n")
	services, err := o.client.CoreV1().Services(namespace).List(context.Background(), metav1.ListOptions{})
	if err != nil {
		return text.String()
	}
	for _, service := range services.Items {
		if len(service.Spec.Ports) > 0 && service.Spec.Ports[0].Port == 5432 {
			fmt.Fprintf(&text, "%s %s %[2]s.%[3]s %[2]s.%[3]s.svc %[2]s.%[3]s.svc.cluster.local\n", o.DatabaseAddress, service.Name, namespace)
		}
	}
	return text.String()
}

// environment resolves a container's variables as the kubelet does: later ones may refer to earlier ones.
func (o *operator) environment(ctx context.Context, pod *corev1.Pod, container *corev1.Container) (map[string]string, error) {
	server, err := url.Parse(o.config.Host)
	if err != nil {
		return nil, err
	}
	values := map[string]string{
		"PATH": o.path(), "HOME": "/", "LC_ALL": "C.UTF-8", "HOSTNAME": pod.Name, "DATABASE_ADDRESS": o.DatabaseAddress,
		"KUBERNETES_SERVICE_HOST": server.Hostname(), "KUBERNETES_SERVICE_PORT": server.Port(),
	}
	for _, variable := range container.Env {
		value := expansion.Expand(variable.Value, expansion.MappingFuncFor(values))
		if variable.ValueFrom != nil {
			if value, err = o.valueFrom(ctx, pod, variable.ValueFrom); err != nil {
				return nil, err
			}
		}
		values[variable.Name] = value
	}
	return values, nil
}

func (o *operator) valueFrom(ctx context.Context, pod *corev1.Pod, source *corev1.EnvVarSource) (string, error) {
	switch {
	case source.SecretKeyRef != nil:
		value, err := o.secretValue(ctx, pod.Namespace, source.SecretKeyRef.Name, source.SecretKeyRef.Key)
		return string(value), err
	case source.ConfigMapKeyRef != nil:
		config, err := o.client.CoreV1().ConfigMaps(pod.Namespace).Get(ctx, source.ConfigMapKeyRef.Name, metav1.GetOptions{})
		if err != nil {
			return "", err
		}
		return config.Data[source.ConfigMapKeyRef.Key], nil
	case source.FieldRef != nil && source.FieldRef.FieldPath == "metadata.namespace":
		return pod.Namespace, nil
	case source.FieldRef != nil && source.FieldRef.FieldPath == "metadata.name":
		return pod.Name, nil
	}
	return "", fmt.Errorf("this source of a variable is not played here: %v", source)
}

// secretValue waits for a Secret and its key, as a kubelet does for ever; the Job's own deadline ends it.
func (o *operator) secretValue(ctx context.Context, namespace, name, key string) ([]byte, error) {
	for {
		secret, err := o.client.CoreV1().Secrets(namespace).Get(ctx, name, metav1.GetOptions{})
		if value, found := secret.Data[key]; err == nil && found {
			return value, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(300 * time.Millisecond):
		}
	}
}
