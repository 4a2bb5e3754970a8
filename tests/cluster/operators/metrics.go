package operators

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const metricsPath = "/apis/metrics.k8s.io/v1beta1"

// serveMetrics stands in for metrics-server: every container uses half the cpu and all the memory it requests.
func (o *operator) serveMetrics(ctx context.Context) error {
	server := httptest.NewTLSServer(http.HandlerFunc(o.answerMetrics))
	go func() { <-ctx.Done(); server.Close() }()
	address, err := url.Parse(server.URL)
	if err != nil {
		return err
	}
	port, err := strconv.ParseInt(address.Port(), 10, 64)
	if err != nil {
		return err
	}
	// The API server reaches an aggregated API through a Service; this one is a name for this machine.
	if err := o.apply(ctx, services, map[string]any{
		"apiVersion": "v1", "kind": "Service", "metadata": map[string]any{"name": "metrics-server", "namespace": "kube-system"},
		"spec": map[string]any{"type": "ExternalName", "externalName": "localhost"},
	}); err != nil {
		return err
	}
	resource := schema.GroupVersionResource{Group: "apiregistration.k8s.io", Version: "v1", Resource: "apiservices"}
	return o.apply(ctx, resource, map[string]any{
		"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": map[string]any{"name": "v1beta1.metrics.k8s.io"},
		"spec": map[string]any{
			"group": "metrics.k8s.io", "version": "v1beta1", "groupPriorityMinimum": int64(100), "versionPriority": int64(100),
			"insecureSkipTLSVerify": true,
			"service":               map[string]any{"name": "metrics-server", "namespace": "kube-system", "port": port},
		},
	})
}

// answerMetrics answers discovery and lists of pods, the two requests a HorizontalPodAutoscaler leads to.
func (o *operator) answerMetrics(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, metricsPath), "/")
	var answer any
	switch {
	case r.URL.Path == metricsPath:
		pods := map[string]any{"name": "pods", "namespaced": true, "kind": "PodMetrics", "verbs": []string{"get", "list"}}
		answer = map[string]any{"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "metrics.k8s.io/v1beta1", "resources": []any{pods}}
	case len(parts) == 4 && parts[1] == "namespaces" && parts[3] == "pods":
		list, err := o.client.CoreV1().Pods(parts[2]).List(r.Context(), metav1.ListOptions{LabelSelector: r.URL.Query().Get("labelSelector")})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		items := []any{}
		for i := range list.Items {
			items = append(items, podMetrics(&list.Items[i]))
		}
		answer = map[string]any{"kind": "PodMetricsList", "apiVersion": "metrics.k8s.io/v1beta1", "metadata": map[string]any{}, "items": items}
	default:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

func podMetrics(pod *corev1.Pod) map[string]any {
	containers := []any{}
	for _, container := range pod.Spec.Containers {
		cpu := container.Resources.Requests.Cpu().MilliValue() / 2
		usage := map[string]string{"cpu": strconv.FormatInt(cpu, 10) + "m", "memory": container.Resources.Requests.Memory().String()}
		containers = append(containers, map[string]any{"name": container.Name, "usage": usage})
	}
	return map[string]any{
		"metadata":  map[string]any{"name": pod.Name, "namespace": pod.Namespace, "labels": pod.Labels},
		"timestamp": time.Now().UTC().Format(time.RFC3339), "window": "1s", "containers": containers,
	}
}
