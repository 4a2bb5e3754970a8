package operators

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	authentication "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// mountVolumes fills a folder for each of the pod's volumes; a claim keeps its own as long as it lives, and a claim of the same
// name that follows it begins with an empty one.
func (o *operator) mountVolumes(ctx context.Context, pod *corev1.Pod, folder string) (map[string]string, error) {
	volumes := map[string]string{}
	for _, volume := range pod.Spec.Volumes {
		path := filepath.Join(folder, "volumes", volume.Name)
		if claim := volume.PersistentVolumeClaim; claim != nil {
			found, err := o.client.CoreV1().PersistentVolumeClaims(pod.Namespace).Get(ctx, claim.ClaimName, metav1.GetOptions{})
			if err != nil {
				return nil, fmt.Errorf("volume %s: %w", volume.Name, err)
			}
			path = filepath.Join(o.Folder, "claims", string(found.UID))
		}
		if err := os.MkdirAll(path, 0o777); err != nil {
			return nil, err
		}
		if err := o.fill(ctx, pod, &volume, path); err != nil {
			return nil, fmt.Errorf("volume %s: %w", volume.Name, err)
		}
		volumes[volume.Name] = path
	}
	return volumes, nil
}

func (o *operator) fill(ctx context.Context, pod *corev1.Pod, volume *corev1.Volume, path string) error {
	switch {
	case volume.ConfigMap != nil:
		return o.writeConfigMap(ctx, pod, volume.Name, volume.ConfigMap.Name, volume.ConfigMap.Items, path)
	case volume.Secret != nil:
		return o.writeSecret(ctx, pod, volume.Name, volume.Secret.SecretName, volume.Secret.Items, path)
	case volume.Projected != nil:
		for _, source := range volume.Projected.Sources {
			if err := o.project(ctx, pod, volume.Name, &source, path); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *operator) project(ctx context.Context, pod *corev1.Pod, volume string, source *corev1.VolumeProjection, path string) error {
	switch {
	case source.ConfigMap != nil:
		return o.writeConfigMap(ctx, pod, volume, source.ConfigMap.Name, source.ConfigMap.Items, path)
	case source.Secret != nil:
		return o.writeSecret(ctx, pod, volume, source.Secret.Name, source.Secret.Items, path)
	case source.DownwardAPI != nil:
		return writeFile(path, source.DownwardAPI.Items[0].Path, []byte(pod.Namespace))
	case source.ServiceAccountToken != nil:
		request := &authentication.TokenRequest{Spec: authentication.TokenRequestSpec{BoundObjectRef: &authentication.BoundObjectReference{
			Kind: "Pod", APIVersion: "v1", Name: pod.Name, UID: pod.UID,
		}}}
		token, err := o.client.CoreV1().ServiceAccounts(pod.Namespace).CreateToken(ctx, pod.Spec.ServiceAccountName, request, metav1.CreateOptions{})
		if err != nil {
			return err
		}
		return writeFile(path, source.ServiceAccountToken.Path, []byte(token.Status.Token))
	}
	return fmt.Errorf("this projected source is not played here: %v", source)
}

func (o *operator) writeConfigMap(ctx context.Context, pod *corev1.Pod, volume, name string, items []corev1.KeyToPath, path string) error {
	content := map[string][]byte{}
	if err := o.mounted(ctx, pod, volume, "configmap", name, func() error {
		config, err := o.client.CoreV1().ConfigMaps(pod.Namespace).Get(ctx, name, metav1.GetOptions{})
		for key, text := range config.Data {
			content[key] = []byte(text)
		}
		return err
	}); err != nil {
		return err
	}
	return writeItems(path, content, items)
}

func (o *operator) writeSecret(ctx context.Context, pod *corev1.Pod, volume, name string, items []corev1.KeyToPath, path string) error {
	var content map[string][]byte
	if err := o.mounted(ctx, pod, volume, "secret", name, func() error {
		secret, err := o.client.CoreV1().Secrets(pod.Namespace).Get(ctx, name, metav1.GetOptions{})
		content = secret.Data
		return err
	}); err != nil {
		return err
	}
	return writeItems(path, content, items)
}

// mounted reads what a volume needs until it is there, and says once, in a kubelet's words, that it is not.
func (o *operator) mounted(ctx context.Context, pod *corev1.Pod, volume, kind, name string, read func() error) error {
	for said := false; read() != nil; said = true {
		if !said {
			o.warn(ctx, pod, "FailedMount", fmt.Sprintf("MountVolume.SetUp failed for volume %q : %s %q not found", volume, kind, name))
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

// warn makes an event about a pod; events are a courtesy, and one that cannot be made stops nothing.
func (o *operator) warn(ctx context.Context, pod *corev1.Pod, reason, message string) {
	_, _ = o.client.CoreV1().Events(pod.Namespace).Create(ctx, &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{GenerateName: pod.Name + "."},
		InvolvedObject: corev1.ObjectReference{APIVersion: "v1", Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID},
		Type:           corev1.EventTypeWarning, Reason: reason, Message: message, LastTimestamp: metav1.Now(), Count: 1,
	}, metav1.CreateOptions{})
}

// pause is how long a kubelet's stand-in waits before it looks again for what a volume needs.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(300 * time.Millisecond):
		return nil
	}
}

func writeItems(path string, content map[string][]byte, items []corev1.KeyToPath) error {
	if items == nil {
		for key := range content {
			items = append(items, corev1.KeyToPath{Key: key, Path: key})
		}
	}
	for _, item := range items {
		value, found := content[item.Key]
		if !found {
			return fmt.Errorf("there is no key %q", item.Key)
		}
		if err := writeFile(path, item.Path, value); err != nil {
			return err
		}
	}
	return nil
}

// writeFile writes for the owner alone: the pod's user owns every file here, where a kubelet has root own it and the group read.
func writeFile(folder, name string, content []byte) error {
	target := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	return os.WriteFile(target, content, 0o600)
}
