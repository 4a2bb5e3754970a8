package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"asky-gitops.dev/tests/cluster/pki"
)

const local = "127.0.0.1"

// plane is one Kubernetes control plane in one folder.
type plane struct {
	processes
	folder, stages string
	pki            *pki.Authority
	server         string
	admin          *rest.Config
}

// start returns when the API server answers, the controllers work and every node is ready.
func (p *plane) start(ctx context.Context, crds []string, argocd bool) error {
	ports, err := freePorts(8)
	if err != nil {
		return err
	}
	p.server = fmt.Sprintf("https://%s:%d", local, ports[2])
	if err := os.MkdirAll(p.logs, 0o700); err != nil {
		return err
	}
	if err := p.issueAll(); err != nil {
		return err
	}
	if err := p.startEtcdAndServer(ports[0], ports[1], ports[2]); err != nil {
		return err
	}
	if p.admin, err = clientcmd.BuildConfigFromFlags("", p.kubeconfig("admin")); err != nil {
		return err
	}
	p.admin.QPS, p.admin.Burst = 200, 400
	client := kubernetes.NewForConfigOrDie(p.admin)
	if err := p.wait(ctx, "kube-apiserver", func() error {
		return client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	}); err != nil {
		return err
	}
	if err := p.installCRDs(ctx, crds); err != nil {
		return err
	}
	if err := p.startControllers(ports[3], ports[4]); err != nil {
		return err
	}
	if err := p.addNodes(ctx, client); err != nil {
		return err
	}
	if err := addStorageClass(ctx, client); err != nil {
		return err
	}
	if argocd {
		return p.startArgoCD(ctx, client, ports[5], ports[6], ports[7])
	}
	return nil
}

func (p *plane) issueAll() (err error) {
	if p.pki, err = pki.NewAuthority(filepath.Join(p.folder, "pki")); err != nil {
		return err
	}
	if err := p.pki.Issue("server", "kube-apiserver", nil, local, "localhost", "kubernetes.default.svc", "10.96.0.1"); err != nil {
		return err
	}
	if err := p.pki.Issue("service-accounts", "service-accounts", nil); err != nil {
		return err
	}
	users := map[string]struct{ user, group string }{
		"admin":                   {"e2e", "system:masters"},
		"kube-controller-manager": {"system:kube-controller-manager", ""},
		"kube-scheduler":          {"system:kube-scheduler", ""},
	}
	for name, user := range users {
		if err := p.pki.Issue(name, user.user, []string{user.group}); err != nil {
			return err
		}
		if err := p.writeKubeconfig(name); err != nil {
			return err
		}
	}
	return nil
}

func (p *plane) kubeconfig(name string) string {
	return filepath.Join(p.folder, name+".kubeconfig")
}

func (p *plane) writeKubeconfig(name string) error {
	config := api.NewConfig()
	config.Clusters["e2e"] = &api.Cluster{Server: p.server, CertificateAuthority: p.pki.File("ca", ".crt")}
	config.AuthInfos["e2e"] = &api.AuthInfo{ClientCertificate: p.pki.File(name, ".crt"), ClientKey: p.pki.File(name, ".key")}
	config.Contexts["e2e"] = &api.Context{Cluster: "e2e", AuthInfo: "e2e"}
	config.CurrentContext = "e2e"
	return clientcmd.WriteToFile(*config, p.kubeconfig(name))
}

func (p *plane) startEtcdAndServer(client, peer, server int) error {
	clientURL, peerURL := fmt.Sprintf("http://%s:%d", local, client), fmt.Sprintf("http://%s:%d", local, peer)
	err := p.processes.start("etcd", "--name=e2e", "--data-dir="+filepath.Join(p.folder, "etcd"), "--unsafe-no-fsync",
		"--listen-client-urls="+clientURL, "--advertise-client-urls="+clientURL, "--listen-peer-urls="+peerURL,
		"--initial-advertise-peer-urls="+peerURL, "--initial-cluster=e2e="+peerURL, "--log-level=warn")
	if err != nil {
		return err
	}
	return p.processes.start("kube-apiserver", "--etcd-servers="+clientURL,
		"--bind-address="+local, "--advertise-address="+local, "--secure-port="+strconv.Itoa(server), "--endpoint-reconciler-type=none",
		"--tls-cert-file="+p.pki.File("server", ".crt"), "--tls-private-key-file="+p.pki.File("server", ".key"),
		"--client-ca-file="+p.pki.File("ca", ".crt"), "--authorization-mode=Node,RBAC", "--allow-privileged",
		"--service-account-issuer=https://kubernetes.default.svc", "--service-cluster-ip-range=10.96.0.0/16",
		"--service-account-key-file="+p.pki.File("service-accounts", ".pub"),
		"--service-account-signing-key-file="+p.pki.File("service-accounts", ".key"))
}

func (p *plane) startControllers(controllers, scheduler int) error {
	if err := p.processes.start("kube-controller-manager", "--kubeconfig="+p.kubeconfig("kube-controller-manager"), "--leader-elect=false",
		"--bind-address="+local, "--secure-port="+strconv.Itoa(controllers), "--use-service-account-credentials", "--horizontal-pod-autoscaler-sync-period=5s", "--root-ca-file="+p.pki.File("ca", ".crt"),
		"--service-account-private-key-file="+p.pki.File("service-accounts", ".key")); err != nil {
		return err
	}
	if err := p.processes.start("kube-scheduler", "--kubeconfig="+p.kubeconfig("kube-scheduler"), "--leader-elect=false",
		"--bind-address="+local, "--secure-port="+strconv.Itoa(scheduler)); err != nil {
		return err
	}
	return p.processes.start("kwok", "--kubeconfig="+p.kubeconfig("admin"), "--manage-all-nodes", "--node-lease-duration-seconds=40", "--config="+p.stages)
}

// addNodes makes one node in each of three zones and waits until kwok has made them ready.
func (p *plane) addNodes(ctx context.Context, client kubernetes.Interface) error {
	for _, zone := range []string{"a", "b", "c"} {
		node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "node-" + zone, Labels: map[string]string{
			"kubernetes.io/hostname": "node-" + zone, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
			"topology.kubernetes.io/zone": "zone-" + zone, "topology.kubernetes.io/region": "local",
		}}}
		if _, err := client.CoreV1().Nodes().Create(ctx, node, metav1.CreateOptions{}); err != nil {
			return err
		}
	}
	return p.wait(ctx, "kwok", func() error {
		nodes, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
		if err != nil {
			return err
		}
		for _, node := range nodes.Items {
			if !ready(node) {
				return fmt.Errorf("%s is not ready", node.Name)
			}
		}
		return nil
	})
}

// addStorageClass makes minikube's default class; other classes are the overlays' own.
func addStorageClass(ctx context.Context, client kubernetes.Interface) error {
	class := &storagev1.StorageClass{
		ObjectMeta:  metav1.ObjectMeta{Name: "standard", Annotations: map[string]string{"storageclass.kubernetes.io/is-default-class": "true"}},
		Provisioner: "k8s.io/minikube-hostpath",
	}
	_, err := client.StorageV1().StorageClasses().Create(ctx, class, metav1.CreateOptions{})
	return err
}

func ready(node corev1.Node) bool {
	for _, condition := range node.Status.Conditions {
		if condition.Type == corev1.NodeReady && condition.Status == corev1.ConditionTrue {
			return len(node.Spec.Taints) == 0
		}
	}
	return false
}

// wait asks until there is no error, the start limit has passed or a part has died.
func (p *plane) wait(ctx context.Context, name string, try func() error) error {
	for {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case dead := <-p.died:
			return fmt.Errorf("%s died:\n%s", dead, p.tail(dead, 20))
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w\n%s", name, err, p.tail(name, 20))
		case <-time.After(200 * time.Millisecond):
		}
	}
}
