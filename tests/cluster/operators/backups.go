package operators

import (
	"context"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	scheduledBackups = clusters.GroupVersion().WithResource("scheduledbackups")
	backups          = clusters.GroupVersion().WithResource("backups")
	objectStores     = schema.GroupVersionResource{Group: "barmancloud.cnpg.io", Version: "v1", Resource: "objectstores"}
)

// reconcileScheduledBackup makes the first Backup, as `immediate` asks for, and says when the next one is due (a day later:
// nothing here waits for it). The Cluster owns the Backup where `backupOwnerReference` says so.
func (o *operator) reconcileScheduledBackup(ctx context.Context, scheduled *unstructured.Unstructured) error {
	if _, found, _ := unstructured.NestedString(scheduled.Object, "status", "lastScheduleTime"); found {
		return nil
	}
	spec, _, _ := unstructured.NestedMap(scheduled.Object, "spec")
	name, _, _ := unstructured.NestedString(spec, "cluster", "name")
	cluster, err := o.dynamic.Resource(clusters).Namespace(scheduled.GetNamespace()).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	if !isHealthy(cluster) {
		return fmt.Errorf("cluster %s is not healthy yet", name)
	}
	owner := scheduled
	if spec["backupOwnerReference"] == "cluster" {
		owner = cluster
	}
	now := time.Now().UTC()
	if spec["immediate"] == true {
		labels := map[string]any{"cnpg.io/cluster": name, "cnpg.io/immediateBackup": "true", "cnpg.io/scheduled-backup": scheduled.GetName()}
		backup := child(owner, "postgresql.cnpg.io/v1", "Backup", scheduled.GetName()+"-"+now.Format("20060102150405"), labels, map[string]any{
			"spec": map[string]any{"cluster": spec["cluster"], "method": spec["method"], "pluginConfiguration": spec["pluginConfiguration"]},
		})
		if err := o.apply(ctx, backups, backup); err != nil {
			return err
		}
	}
	return o.setStatus(ctx, scheduledBackups, scheduled, map[string]any{
		"lastCheckTime": now.Format(time.RFC3339), "lastScheduleTime": now.Format(time.RFC3339),
		"nextScheduleTime": now.Add(24 * time.Hour).Format(time.RFC3339),
	})
}

func isHealthy(cluster *unstructured.Unstructured) bool {
	phase, _, _ := unstructured.NestedString(cluster.Object, "status", "phase")
	return phase == healthy
}

// reconcileBackup lets a backup by the plugin run for a moment and complete, and has the plugin's ObjectStore say so.
func (o *operator) reconcileBackup(ctx context.Context, backup *unstructured.Unstructured) error {
	now := time.Now().UTC().Format(time.RFC3339)
	switch phase, _, _ := unstructured.NestedString(backup.Object, "status", "phase"); phase {
	case "":
		return o.setStatus(ctx, backups, backup, map[string]any{"phase": "running", "method": "plugin", "startedAt": now})
	case "running":
		started, _, _ := unstructured.NestedString(backup.Object, "status", "startedAt")
		if err := o.recordBackup(ctx, backup, now); err != nil {
			return err
		}
		return o.setStatus(ctx, backups, backup, map[string]any{
			"phase": "completed", "method": "plugin", "startedAt": started, "stoppedAt": now, "backupId": started, "instanceID": map[string]any{},
		})
	}
	return nil
}

// recordBackup sets the recovery window of the server in every ObjectStore that the Cluster archives to.
func (o *operator) recordBackup(ctx context.Context, backup *unstructured.Unstructured, moment string) error {
	name, _, _ := unstructured.NestedString(backup.Object, "spec", "cluster", "name")
	cluster, err := o.dynamic.Resource(clusters).Namespace(backup.GetNamespace()).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	plugins, _, _ := unstructured.NestedSlice(cluster.Object, "spec", "plugins")
	for _, each := range plugins {
		parameters, _, _ := unstructured.NestedStringMap(each.(map[string]any), "parameters")
		store, err := o.dynamic.Resource(objectStores).Namespace(backup.GetNamespace()).Get(ctx, parameters["barmanObjectName"], metav1.GetOptions{})
		if err != nil {
			return err
		}
		window := map[string]any{"firstRecoverabilityPoint": moment, "lastSuccessfulBackupTime": moment}
		status := map[string]any{"serverRecoveryWindow": map[string]any{parameters["serverName"]: window}}
		if err := o.setStatus(ctx, objectStores, store, status); err != nil {
			return err
		}
	}
	return nil
}
