package operators

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var ingresses = schema.GroupVersionResource{Group: "networking.k8s.io", Version: "v1", Resource: "ingresses"}

// provision makes a volume for a claim, once the claim's storage class and (when the class waits for it) a node are known.
func (o *operator) provision(ctx context.Context, object *unstructured.Unstructured) error {
	var claim corev1.PersistentVolumeClaim
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &claim); err != nil {
		return err
	}
	// The controller manager sets this annotation when it is the provisioner's turn.
	if claim.Annotations["volume.kubernetes.io/storage-provisioner"] == "" || claim.Spec.VolumeName != "" {
		return nil
	}
	_, err := o.client.CoreV1().PersistentVolumes().Create(ctx, &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: "pv-" + string(claim.UID)},
		Spec: corev1.PersistentVolumeSpec{
			AccessModes: claim.Spec.AccessModes,
			Capacity:    corev1.ResourceList{corev1.ResourceStorage: claim.Spec.Resources.Requests[corev1.ResourceStorage]},
			ClaimRef: &corev1.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim", Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID,
			},
			PersistentVolumeReclaimPolicy: corev1.PersistentVolumeReclaimRetain,
			PersistentVolumeSource:        corev1.PersistentVolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/pv-" + string(claim.UID)}},
			StorageClassName:              *claim.Spec.StorageClassName,
		},
	}, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

// balance gives an Ingress of the class `alb` its load balancer's name; minikube's controller may publish none.
func (o *operator) balance(ctx context.Context, ingress *unstructured.Unstructured) error {
	class, _, _ := unstructured.NestedString(ingress.Object, "spec", "ingressClassName")
	if _, found, _ := unstructured.NestedSlice(ingress.Object, "status", "loadBalancer", "ingress"); found || class != "alb" {
		return nil
	}
	return o.setStatus(ctx, ingresses, ingress, map[string]any{
		"loadBalancer": map[string]any{"ingress": []any{map[string]any{"hostname": "alb.test"}}},
	})
}
