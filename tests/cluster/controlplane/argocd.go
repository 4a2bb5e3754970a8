package main

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const argocdNamespace = "argocd"

// startArgoCD runs Argo CD's application controller and repository server, and the Redis they share, as programs.
func (p *plane) startArgoCD(ctx context.Context, client kubernetes.Interface, redis, repository, metrics int) error {
	if err := p.installArgoCD(ctx, client); err != nil {
		return err
	}
	address := func(port int) string { return net.JoinHostPort(local, strconv.Itoa(port)) }
	if err := p.processes.startAs("argocd-redis", "argocd", nil, "redis", address(redis)); err != nil {
		return err
	}
	environment := []string{
		"KUBECONFIG=" + p.kubeconfig("admin"), "ARGOCD_FAKE_IN_CLUSTER=true", "ARGOCD_GPG_ENABLED=false", "TMPDIR=" + p.folder,
		"ARGOCD_ASK_PASS_SOCK=" + filepath.Join(p.folder, "askpass.sock"), "HOME=" + p.folder, "PATH=" + p.bin + ":/usr/local/bin:/usr/bin:/bin",
		"ARGOCD_SYNC_WAVE_DELAY=1", // seconds; 2 by default
	}
	if err := p.processes.startAs("argocd-repo-server", "argocd", environment, "repo-server", "--disable-tls", "--client-ca-path=", "--address="+local,
		"--port="+strconv.Itoa(repository), "--metrics-address="+local, "--metrics-port=0", "--redis="+address(redis)); err != nil {
		return err
	}
	if err := p.processes.startAs("argocd-controller", "argocd", environment, "controller", "--kubeconfig="+p.kubeconfig("admin"), "--namespace="+argocdNamespace,
		"--repo-server="+address(repository), "--repo-server-plaintext", "--redis="+address(redis), "--metrics-port="+strconv.Itoa(metrics),
		"--app-resync=30", "--persist-resource-health", "--self-heal-backoff-timeout-seconds=1"); err != nil {
		return err
	}
	return p.wait(ctx, "argocd-repo-server", func() error {
		connection, err := net.Dial("tcp", address(repository))
		if err != nil {
			return err
		}
		return connection.Close()
	})
}

// installArgoCD makes the namespace, the empty settings and the default project that Argo CD's install manifest holds.
func (p *plane) installArgoCD(ctx context.Context, client kubernetes.Interface) error {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: argocdNamespace}}
	if _, err := client.CoreV1().Namespaces().Create(ctx, namespace, metav1.CreateOptions{}); err != nil {
		return err
	}
	labels := map[string]string{"app.kubernetes.io/part-of": "argocd"}
	for _, name := range []string{"argocd-cm", "argocd-rbac-cm", "argocd-cmd-params-cm"} {
		config := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}}
		if _, err := client.CoreV1().ConfigMaps(argocdNamespace).Create(ctx, config, metav1.CreateOptions{}); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "argocd-secret", Labels: labels}, StringData: map[string]string{"server.secretkey": "e2e"}}
	_, err := client.CoreV1().Secrets(argocdNamespace).Create(ctx, secret, metav1.CreateOptions{})
	return err
}
