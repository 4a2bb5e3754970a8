package operators

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	externalSecrets = schema.GroupVersionResource{Group: "external-secrets.io", Version: "v1", Resource: "externalsecrets"}
	secrets         = schema.GroupVersionResource{Version: "v1", Resource: "secrets"}
)

// reconcileSecretStore reports a store as valid.
func (o *operator) reconcileSecretStore(ctx context.Context, store *unstructured.Unstructured) error {
	resource := externalSecrets.GroupVersion().WithResource(strings.ToLower(store.GetKind()) + "s")
	return o.setCondition(ctx, resource, store, "Valid")
}

// forceSync is the annotation that has a value fetched at once (external-secrets.io, "FAQ"). Here somebody has always changed
// the provider's values just before.
const forceSync = "force-sync"

// reconcileExternalSecret makes the target Secret with the provider's value for every remote key, anew when it is forced to, and
// reports it ready.
func (o *operator) reconcileExternalSecret(ctx context.Context, external *unstructured.Unstructured) error {
	target, _, _ := unstructured.NestedMap(external.Object, "spec", "target")
	name, _ := target["name"].(string)
	if name == "" {
		name = external.GetName()
	}
	made, err := o.dynamic.Resource(secrets).Namespace(external.GetNamespace()).Get(ctx, name, metav1.GetOptions{})
	forced := external.GetAnnotations()[forceSync]
	if apierrors.IsNotFound(err) || err == nil && made.GetAnnotations()[forceSync] != forced {
		err = o.apply(ctx, secrets, targetSecret(external, target, name))
	}
	if err != nil {
		return err
	}
	return o.setCondition(ctx, externalSecrets, external, "SecretSynced")
}

// targetSecret fills the template's `{{ .key }}` places, the only template form our manifests use.
func targetSecret(external *unstructured.Unstructured, target map[string]any, name string) map[string]any {
	values := map[string]string{}
	entries, _, _ := unstructured.NestedSlice(external.Object, "spec", "data")
	for _, entry := range entries {
		one := entry.(map[string]any)
		values[one["secretKey"].(string)] = remoteValue(one["remoteRef"], external.GetAnnotations()[forceSync])
	}
	template, _ := target["template"].(map[string]any)
	texts, _, _ := unstructured.NestedStringMap(template, "data")
	if texts == nil {
		texts = maps.Clone(values)
	}
	data := map[string]any{}
	for key, text := range texts {
		for placeholder, value := range values {
			text = strings.ReplaceAll(text, "{{ ."+placeholder+" }}", value)
		}
		data[key] = base64.StdEncoding.EncodeToString([]byte(text))
	}
	metadata, _, _ := unstructured.NestedMap(template, "metadata")
	if metadata == nil {
		metadata = map[string]any{}
	}
	metadata["name"], metadata["namespace"] = name, external.GetNamespace()
	metadata["ownerReferences"] = owned(external)
	if forced := external.GetAnnotations()[forceSync]; forced != "" {
		metadata["annotations"] = map[string]any{forceSync: forced}
	}
	kind, _ := template["type"].(string)
	if kind == "" {
		kind = "Opaque"
	}
	return map[string]any{"apiVersion": "v1", "kind": "Secret", "type": kind, "metadata": metadata, "data": data}
}

// setCondition sets the one condition Ready, unless it is there already.
func (o *operator) setCondition(ctx context.Context, resource schema.GroupVersionResource, object *unstructured.Unstructured, reason string) error {
	if conditions, found, _ := unstructured.NestedSlice(object.Object, "status", "conditions"); found && len(conditions) > 0 {
		return nil
	}
	return o.setStatus(ctx, resource, object, map[string]any{"conditions": []any{map[string]any{
		"type": "Ready", "status": "True", "reason": reason, "message": reason, "lastTransitionTime": time.Now().UTC().Format(time.RFC3339),
	}}})
}

// provider makes each run's values its own.
var provider = randomHex(24)

// remoteValue is what the provider keeps under a key: the same value whenever it is asked, until somebody changes it.
func remoteValue(reference any, changed string) string {
	sum := sha256.Sum256(fmt.Append(nil, provider, reference, changed))
	return hex.EncodeToString(sum[:24])
}

func randomHex(bytes int) string {
	value := make([]byte, bytes)
	_, _ = rand.Read(value)
	return hex.EncodeToString(value)
}
