package operators

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var clusters = schema.GroupVersionResource{Group: "postgresql.cnpg.io", Version: "v1", Resource: "clusters"}

// The phases a new Cluster passes through (cloudnative-pg, api/v1/cluster_types.go).
const (
	settingUp = "Setting up primary"
	applying  = "Applying configuration"
	healthy   = "Cluster in healthy state"
)

// degradedFor is how long a Cluster stays in a phase that Argo CD's own health check calls Degraded.
const degradedFor = 4 * time.Second

// rolesLateBy is how long after a Cluster says that it is healthy its `managed.roles` come, as the operator's own do.
const rolesLateBy = 3 * time.Second

// reconcileCluster does for a Cluster what CloudNativePG's users can see of it: Services, Secrets, one instance that is a real
// server, the database, the roles of `managed.roles`, and a status that is Degraded before it is healthy.
func (o *operator) reconcileCluster(ctx context.Context, cluster *unstructured.Unstructured) error {
	phase, _, _ := unstructured.NestedString(cluster.Object, "status", "phase")
	switch {
	case phase == "":
		return o.setPhase(ctx, cluster, settingUp)
	case phase == settingUp:
		if err := o.makeInstance(ctx, cluster); err != nil {
			return err
		}
		return o.setPhase(ctx, cluster, applying)
	case phase == applying:
		if err := o.makeDatabase(ctx, cluster); err != nil {
			return err
		}
		time.Sleep(degradedFor)
		return o.setPhase(ctx, cluster, healthy)
	case observed(cluster) != cluster.GetGeneration():
		return o.setPhase(ctx, cluster, applying)
	case !rolesMade(cluster):
		time.Sleep(rolesLateBy)
		return o.makeRoles(ctx, cluster)
	}
	return nil
}

// rolesMade tells whether `managed.roles` were made since the Cluster was last healthy.
func rolesMade(cluster *unstructured.Unstructured) bool {
	_, found, _ := unstructured.NestedMap(cluster.Object, "status", "managedRolesStatus", "byStatus")
	return found
}

// observed tells which generation the status was written for.
func observed(cluster *unstructured.Unstructured) int64 {
	conditions, _, _ := unstructured.NestedSlice(cluster.Object, "status", "conditions")
	for _, condition := range conditions {
		if generation, ok := condition.(map[string]any)["observedGeneration"].(int64); ok {
			return generation
		}
	}
	return 0
}

func (o *operator) setPhase(ctx context.Context, cluster *unstructured.Unstructured, phase string) error {
	instances, _, _ := unstructured.NestedInt64(cluster.Object, "spec", "instances")
	status, reason, ready := "False", "ClusterIsNotReady", int64(0)
	if phase == healthy {
		status, reason, ready = "True", "ClusterIsReady", instances
	}
	return o.setStatus(ctx, clusters, cluster, map[string]any{
		"phase": phase, "phaseReason": reason, "instances": instances, "readyInstances": ready,
		"currentPrimary": cluster.GetName() + "-1", "targetPrimary": cluster.GetName() + "-1",
		"conditions": []any{map[string]any{
			"type": "Ready", "status": status, "reason": reason, "message": phase, "observedGeneration": cluster.GetGeneration(),
			"lastTransitionTime": time.Now().UTC().Format(time.RFC3339),
		}},
	})
}

// makeDatabase makes what `bootstrap.initdb` asks for, in a server that is ready. It fails, and is tried again, as long as the
// server is not ready or the password is not there.
func (o *operator) makeDatabase(ctx context.Context, cluster *unstructured.Unstructured) error {
	pod, err := o.client.CoreV1().Pods(cluster.GetNamespace()).Get(ctx, cluster.GetName()+"-1", metav1.GetOptions{})
	if err != nil {
		return err
	}
	if len(pod.Status.ContainerStatuses) == 0 || !pod.Status.ContainerStatuses[0].Ready {
		return errors.New("its first instance is not ready")
	}
	database, _, _ := unstructured.NestedString(cluster.Object, "spec", "bootstrap", "initdb", "database")
	owner, _, _ := unstructured.NestedString(cluster.Object, "spec", "bootstrap", "initdb", "owner")
	secret, _, _ := unstructured.NestedString(cluster.Object, "spec", "bootstrap", "initdb", "secret", "name")
	role := map[string]any{"name": owner, "login": true, "passwordSecret": map[string]any{"name": secret}}
	script, err := o.roleSQL(ctx, cluster.GetNamespace(), role)
	if err != nil {
		return err
	}
	script += fmt.Sprintf("SELECT format('CREATE DATABASE %%I OWNER %%I', %[1]s, %[2]s) WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = %[1]s) \\gexec\n",
		literal(database), literal(owner))
	return o.psql(ctx, pod, script)
}

// makeRoles makes what `managed.roles` asks for and reports it where the operator does.
func (o *operator) makeRoles(ctx context.Context, cluster *unstructured.Unstructured) error {
	pod, err := o.client.CoreV1().Pods(cluster.GetNamespace()).Get(ctx, cluster.GetName()+"-1", metav1.GetOptions{})
	if err != nil {
		return err
	}
	roles, _, _ := unstructured.NestedSlice(cluster.Object, "spec", "managed", "roles")
	var script strings.Builder
	reconciled := []any{}
	for _, each := range roles {
		role := each.(map[string]any)
		text, err := o.roleSQL(ctx, cluster.GetNamespace(), role)
		if err != nil {
			return err
		}
		script.WriteString(text)
		reconciled = append(reconciled, role["name"])
	}
	if err := o.psql(ctx, pod, script.String()); err != nil {
		return err
	}
	status, _, _ := unstructured.NestedMap(cluster.Object, "status")
	status["managedRolesStatus"] = map[string]any{"byStatus": map[string]any{"reconciled": reconciled}}
	return o.setStatus(ctx, clusters, cluster, status)
}

// reloadRole gives a role the password of its Secret when that changes, as the label `cnpg.io/reload` asks for.
func (o *operator) reloadRole(ctx context.Context, secret *unstructured.Unstructured) error {
	if secret.GetLabels()["cnpg.io/reload"] != "true" {
		return nil
	}
	all, err := o.dynamic.Resource(clusters).Namespace(secret.GetNamespace()).List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for i := range all.Items {
		cluster := &all.Items[i]
		roles, _, _ := unstructured.NestedSlice(cluster.Object, "spec", "managed", "roles")
		for _, each := range roles {
			role := each.(map[string]any)
			name, _, _ := unstructured.NestedString(role, "passwordSecret", "name")
			if name != secret.GetName() || !rolesMade(cluster) {
				continue
			}
			script, err := o.roleSQL(ctx, secret.GetNamespace(), role)
			if err != nil {
				return err
			}
			pod, err := o.client.CoreV1().Pods(secret.GetNamespace()).Get(ctx, cluster.GetName()+"-1", metav1.GetOptions{})
			if err != nil {
				return err
			}
			if err := o.psql(ctx, pod, script); err != nil {
				return err
			}
		}
	}
	return nil
}

// roleSQL makes or changes one role; a role's Secret must be for that role, as the operator demands.
func (o *operator) roleSQL(ctx context.Context, namespace string, role map[string]any) (string, error) {
	name, _, _ := unstructured.NestedString(role, "name")
	options := "NOLOGIN"
	if login, _ := role["login"].(bool); login {
		options = "LOGIN"
	}
	if reference, found, _ := unstructured.NestedString(role, "passwordSecret", "name"); found {
		secret, err := o.client.CoreV1().Secrets(namespace).Get(ctx, reference, metav1.GetOptions{})
		if err != nil {
			return "", err
		}
		if string(secret.Data["username"]) != name {
			return "", fmt.Errorf("secret %s is for user %q, not for role %q", reference, secret.Data["username"], name)
		}
		options += " PASSWORD " + literal(string(secret.Data["password"]))
	}
	return fmt.Sprintf("SELECT format('CREATE ROLE %%I', %[1]s) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = %[1]s) \\gexec\nALTER ROLE \"%[2]s\" %[3]s;\n",
		literal(name), name, options), nil
}

func literal(text string) string {
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}
