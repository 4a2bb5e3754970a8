package operators

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"asky-gitops.dev/tests/cluster/pki"
)

var (
	services = schema.GroupVersionResource{Version: "v1", Resource: "services"}
	claims   = schema.GroupVersionResource{Version: "v1", Resource: "persistentvolumeclaims"}
	pods     = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
)

// instanceUser is the user of CloudNativePG's images.
const instanceUser = 26

// makeInstance makes a Cluster's Services, its Secrets `-ca`, `-server` and `-superuser`, and its first instance.
func (o *operator) makeInstance(ctx context.Context, cluster *unstructured.Unstructured) error {
	name := cluster.GetName()
	for suffix, selector := range map[string]map[string]any{
		"rw": {"cnpg.io/cluster": name, "cnpg.io/instanceRole": "primary"},
		"ro": {"cnpg.io/cluster": name, "cnpg.io/instanceRole": "replica"},
		"r":  {"cnpg.io/cluster": name, "cnpg.io/podRole": "instance"},
	} {
		port := map[string]any{"name": "postgres", "port": int64(5432), "protocol": "TCP", "targetPort": int64(5432)}
		if err := o.apply(ctx, services, child(cluster, "v1", "Service", name+"-"+suffix, nil, map[string]any{
			"spec": map[string]any{"selector": selector, "ports": []any{port}},
		})); err != nil {
			return err
		}
	}
	if err := o.makeCertificates(ctx, cluster); err != nil {
		return err
	}
	if err := o.makeSecret(ctx, cluster, name+"-superuser", map[string][]byte{"password": []byte(randomHex(16))}); err != nil {
		return err
	}
	storage, _, _ := unstructured.NestedMap(cluster.Object, "spec", "storage")
	claim := map[string]any{"accessModes": []any{"ReadWriteOnce"}, "resources": map[string]any{"requests": map[string]any{"storage": storage["size"]}}}
	if class := storage["storageClass"]; class != nil {
		claim["storageClassName"] = class
	}
	if err := o.apply(ctx, claims, child(cluster, "v1", "PersistentVolumeClaim", name+"-1", nil, map[string]any{"spec": claim})); err != nil {
		return err
	}
	return o.apply(ctx, pods, o.instance(cluster))
}

// makeCertificates makes the authority and the server's certificate, for the Services' names and those the user adds.
func (o *operator) makeCertificates(ctx context.Context, cluster *unstructured.Unstructured) error {
	folder, err := os.MkdirTemp(o.Folder, "certificates-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	authority, err := pki.NewAuthority(folder)
	if err != nil {
		return err
	}
	hosts, _, _ := unstructured.NestedStringSlice(cluster.Object, "spec", "certificates", "serverAltDNSNames")
	for _, suffix := range []string{"-rw", "-ro", "-r"} {
		hosts = append(hosts, cluster.GetName()+suffix)
	}
	if err := authority.Issue("tls", hosts[0], nil, hosts...); err != nil {
		return err
	}
	secrets := map[string]map[string]string{
		"-ca":     {"ca.crt": "ca.crt", "ca.key": "ca.key"},
		"-server": {"tls.crt": "tls.crt", "tls.key": "tls.key"},
	}
	for suffix, files := range secrets {
		values := map[string][]byte{}
		for key, file := range files {
			if values[key], err = os.ReadFile(filepath.Join(folder, file)); err != nil {
				return err
			}
		}
		if err := o.makeSecret(ctx, cluster, cluster.GetName()+suffix, values); err != nil {
			return err
		}
	}
	return nil
}

// makeSecret makes a Secret once; its values never change afterwards.
func (o *operator) makeSecret(ctx context.Context, cluster *unstructured.Unstructured, name string, values map[string][]byte) error {
	_, err := o.client.CoreV1().Secrets(cluster.GetNamespace()).Get(ctx, name, metav1.GetOptions{})
	if !apierrors.IsNotFound(err) {
		return err
	}
	data := map[string]any{}
	for key, value := range values {
		data[key] = base64.StdEncoding.EncodeToString(value)
	}
	return o.apply(ctx, secrets, child(cluster, "v1", "Secret", name, nil, map[string]any{"data": data}))
}

// instance is the first instance's pod: restricted, as the operator's are, with the user's settings and access rules.
func (o *operator) instance(cluster *unstructured.Unstructured) map[string]any {
	name := cluster.GetName()
	settings := map[string]string{"ssl": "on", "ssl_cert_file": "/tls/tls.crt", "ssl_key_file": "/tls/tls.key", "ssl_min_protocol_version": "TLSv1.3"}
	parameters, _, _ := unstructured.NestedStringMap(cluster.Object, "spec", "postgresql", "parameters")
	for key, value := range parameters {
		settings[key] = value
	}
	arguments := []any{}
	for key, value := range settings {
		arguments = append(arguments, "-c", key+"="+value)
	}
	rules, _, _ := unstructured.NestedStringSlice(cluster.Object, "spec", "postgresql", "pg_hba")
	rules = append(append([]string{"local all all trust"}, rules...), "host all all all scram-sha-256")
	image, _, _ := unstructured.NestedString(cluster.Object, "spec", "imageName")
	mounts := map[string]string{"data": "/var/lib/postgresql/data", "tls": "/tls", "superuser": "/superuser", "run": "/var/run/postgresql", "tmp": "/tmp", "shm": "/dev/shm"}
	volumeMounts := []any{}
	for volume, path := range mounts {
		volumeMounts = append(volumeMounts, map[string]any{"name": volume, "mountPath": path})
	}
	resources, _, _ := unstructured.NestedMap(cluster.Object, "spec", "resources")
	container := map[string]any{
		"name": "postgres", "image": image, "args": arguments, "volumeMounts": volumeMounts, "resources": resources,
		"env": []any{
			map[string]any{"name": "PGDATA", "value": mounts["data"] + "/pgdata"},
			map[string]any{"name": "POSTGRES_PASSWORD_FILE", "value": "/superuser/password"},
			map[string]any{"name": "HBA", "value": strings.Join(rules, "\n")},
		},
		"readinessProbe": map[string]any{"exec": map[string]any{"command": []any{"pg_isready", "--host=127.0.0.1"}}},
		"securityContext": map[string]any{
			"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": map[string]any{"drop": []any{"ALL"}},
		},
	}
	return child(cluster, "v1", "Pod", name+"-1", map[string]any{
		"cnpg.io/cluster": name, "cnpg.io/instanceRole": "primary", "cnpg.io/podRole": "instance",
	}, map[string]any{"spec": map[string]any{
		"containers": []any{container},
		"securityContext": map[string]any{
			"runAsNonRoot": true, "runAsUser": int64(instanceUser), "seccompProfile": map[string]any{"type": "RuntimeDefault"},
		},
		"volumes": []any{
			map[string]any{"name": "data", "persistentVolumeClaim": map[string]any{"claimName": name + "-1"}},
			map[string]any{"name": "tls", "secret": map[string]any{"secretName": name + "-server"}},
			map[string]any{"name": "superuser", "secret": map[string]any{"secretName": name + "-superuser"}},
			map[string]any{"name": "run", "emptyDir": map[string]any{}},
			map[string]any{"name": "tmp", "emptyDir": map[string]any{}},
			map[string]any{"name": "shm", "emptyDir": map[string]any{"medium": "Memory"}},
		},
	}})
}

// child is an object that belongs to the Cluster and goes with it.
func child(owner *unstructured.Unstructured, version, kind, name string, labels, content map[string]any) map[string]any {
	if labels == nil {
		labels = map[string]any{"cnpg.io/cluster": owner.GetName()}
	}
	content["apiVersion"], content["kind"] = version, kind
	content["metadata"] = map[string]any{
		"name": name, "namespace": owner.GetNamespace(), "labels": labels, "ownerReferences": owned(owner),
	}
	return content
}

// psql runs a script as the superuser, through the socket in the pod's own volume.
func (o *operator) psql(ctx context.Context, pod *corev1.Pod, script string) error {
	socket := filepath.Join(o.Folder, "pods", string(pod.UID), "volumes", "run")
	cmd := exec.CommandContext(ctx, o.program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--host="+socket, "--username=postgres", "--dbname=postgres")
	cmd.Stdin = strings.NewReader(script)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("psql: %w: %s", err, output)
	}
	return nil
}
