// Package operators stands in for what a real cluster has beside its control plane: the programs in Jobs' pods (run for
// real, pods.go), a volume provisioner, a load balancer controller, metrics-server, CloudNativePG and External Secrets.
package operators

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
)

// Options say where the things outside the cluster are.
type Options struct {
	Programs string // folder that build.sh filled; containers see it at the same path
	Folder   string // the run's own folder
	// DatabaseAddress is the address of this machine on which the database's server listens, port 5432.
	DatabaseAddress string
}

type operator struct {
	Options
	config  *rest.Config
	client  kubernetes.Interface
	dynamic dynamic.Interface
	pods    runningPods
}

// Start runs every stand-in until the context ends.
func Start(ctx context.Context, config *rest.Config, options Options) error {
	o := &operator{
		Options: options, config: config,
		client: kubernetes.NewForConfigOrDie(config), dynamic: dynamic.NewForConfigOrDie(config),
		pods: runningPods{stop: map[types.UID]context.CancelFunc{}},
	}
	if err := os.MkdirAll(filepath.Join(options.Folder, "logs", "pods"), 0o700); err != nil {
		return err
	}
	if err := o.serveMetrics(ctx); err != nil {
		return err
	}
	handlers := map[schema.GroupVersionResource]func(context.Context, *unstructured.Unstructured) error{
		{Version: "v1", Resource: "pods"}:                                  o.runPod,
		{Version: "v1", Resource: "persistentvolumeclaims"}:                o.provision,
		{Group: "networking.k8s.io", Version: "v1", Resource: "ingresses"}: o.balance,
		{Group: "postgresql.cnpg.io", Version: "v1", Resource: "clusters"}: o.reconcileCluster,
		poolers:          o.reconcilePooler,
		scheduledBackups: o.reconcileScheduledBackup,
		backups:          o.reconcileBackup,
		secrets:          o.reloadRole,
		{Group: "external-secrets.io", Version: "v1", Resource: "externalsecrets"}:     o.reconcileExternalSecret,
		{Group: "external-secrets.io", Version: "v1", Resource: "secretstores"}:        o.reconcileSecretStore,
		{Group: "external-secrets.io", Version: "v1", Resource: "clustersecretstores"}: o.reconcileSecretStore,
	}
	for resource, handle := range handlers {
		go o.watchWhenServed(ctx, resource, handle)
	}
	return nil
}

// watchWhenServed waits until the API server knows a kind, as an operator that is installed later does, and watches it.
func (o *operator) watchWhenServed(ctx context.Context, resource schema.GroupVersionResource, handle func(context.Context, *unstructured.Unstructured) error) {
	for ctx.Err() == nil {
		_, err := o.dynamic.Resource(resource).List(ctx, metav1.ListOptions{Limit: 1})
		if err == nil {
			err = o.watch(ctx, resource, handle)
		}
		if err == nil {
			return
		}
		if !apierrors.IsNotFound(err) && ctx.Err() == nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", resource.Resource, err)
		}
		time.Sleep(time.Second)
	}
}

// watch calls handle for every new state of every object, one at a time, and again after a second when it fails.
func (o *operator) watch(ctx context.Context, resource schema.GroupVersionResource, handle func(context.Context, *unstructured.Unstructured) error) error {
	informer := dynamicinformer.NewDynamicSharedInformerFactory(o.dynamic, 0).ForResource(resource).Informer()
	queue := workqueue.NewTypedRateLimitingQueue(workqueue.NewTypedItemFastSlowRateLimiter[string](time.Second, time.Second, 1))
	add := func(object any) {
		if key, err := cache.DeletionHandlingMetaNamespaceKeyFunc(object); err == nil {
			queue.Add(key)
		}
	}
	if _, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: add, DeleteFunc: add, UpdateFunc: func(_, object any) { add(object) },
	}); err != nil {
		return err
	}
	go informer.Run(ctx.Done())
	go func() { <-ctx.Done(); queue.ShutDown() }()
	go func() {
		for {
			key, closed := queue.Get()
			if closed {
				return
			}
			object, exists, err := informer.GetStore().GetByKey(key)
			if err == nil && exists {
				err = handle(ctx, object.(*unstructured.Unstructured).DeepCopy())
			}
			if err != nil && ctx.Err() == nil {
				fmt.Fprintf(os.Stderr, "%s %s: %v\n", resource.Resource, key, err)
				queue.AddRateLimited(key)
			}
			queue.Done(key)
		}
	}()
	return nil
}

// apply creates the object, or overwrites what this program wrote of it before.
func (o *operator) apply(ctx context.Context, resource schema.GroupVersionResource, object map[string]any) error {
	u := &unstructured.Unstructured{Object: object}
	_, err := o.dynamic.Resource(resource).Namespace(u.GetNamespace()).Apply(ctx, u.GetName(), u, metav1.ApplyOptions{FieldManager: "operators", Force: true})
	return err
}

// setStatus replaces the object's status when it differs.
func (o *operator) setStatus(ctx context.Context, resource schema.GroupVersionResource, object *unstructured.Unstructured, status map[string]any) error {
	object = object.DeepCopy()
	object.Object["status"] = status
	object.SetManagedFields(nil)
	_, err := o.dynamic.Resource(resource).Namespace(object.GetNamespace()).UpdateStatus(ctx, object, metav1.UpdateOptions{FieldManager: "operators"})
	return err
}

// owned marks an object as the child of its owner, so that it goes when the owner goes.
func owned(owner *unstructured.Unstructured) []any {
	return []any{map[string]any{
		"apiVersion": owner.GetAPIVersion(), "kind": owner.GetKind(), "name": owner.GetName(), "uid": string(owner.GetUID()), "controller": true,
	}}
}
