package operators

import (
	"context"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	poolers     = schema.GroupVersionResource{Group: "postgresql.cnpg.io", Version: "v1", Resource: "poolers"}
	deployments = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
)

// reconcilePooler does for a Pooler what CloudNativePG does (pkg/specs/pgbouncer): a Service and a Deployment of the Pooler's
// name, from its template, and a status. Its pods are kwok's: they are ready and answer nobody.
func (o *operator) reconcilePooler(ctx context.Context, pooler *unstructured.Unstructured) error {
	name := pooler.GetName()
	cluster, _, _ := unstructured.NestedString(pooler.Object, "spec", "cluster", "name")
	image, _, _ := unstructured.NestedString(pooler.Object, "spec", "pgbouncer", "image")
	instances, _, _ := unstructured.NestedInt64(pooler.Object, "spec", "instances")
	template, _, _ := unstructured.NestedMap(pooler.Object, "spec", "template", "spec")
	labels := map[string]any{"cnpg.io/poolerName": name, "cnpg.io/cluster": cluster, "cnpg.io/podRole": "pooler"}
	port := map[string]any{"name": "pgbouncer", "port": int64(5432), "protocol": "TCP", "targetPort": "pgbouncer"}
	selector := map[string]any{"cnpg.io/poolerName": name}
	if err := o.apply(ctx, services, child(pooler, "v1", "Service", name, labels, map[string]any{
		"spec": map[string]any{"selector": selector, "ports": []any{port}},
	})); err != nil {
		return err
	}
	if err := o.apply(ctx, deployments, child(pooler, "apps/v1", "Deployment", name, labels, map[string]any{"spec": map[string]any{
		"replicas": instances, "selector": map[string]any{"matchLabels": selector},
		"template": map[string]any{"metadata": map[string]any{"labels": labels}, "spec": pgbouncer(template, image)},
	}})); err != nil {
		return err
	}
	if phase, _, _ := unstructured.NestedString(pooler.Object, "status", "phase"); phase == "active" {
		return nil
	}
	return o.setStatus(ctx, poolers, pooler, map[string]any{"phase": "active", "image": image, "instances": instances})
}

// pgbouncer lays over a template what the operator sets itself: the image, the port, the restricted security contexts.
func pgbouncer(template map[string]any, image string) map[string]any {
	container := template["containers"].([]any)[0].(map[string]any)
	container["image"] = image
	container["ports"] = []any{map[string]any{"name": "pgbouncer", "containerPort": int64(5432), "protocol": "TCP"}}
	container["securityContext"] = map[string]any{
		"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": map[string]any{"drop": []any{"ALL"}},
	}
	template["containers"] = []any{container}
	template["securityContext"] = map[string]any{
		"runAsNonRoot": true, "runAsUser": int64(998), "seccompProfile": map[string]any{"type": "RuntimeDefault"},
	}
	return template
}
