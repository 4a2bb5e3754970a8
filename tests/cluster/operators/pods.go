package operators

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	apiruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"asky-gitops.dev/tests/cluster/sandbox"
)

// runningPods ends a pod's programs when the pod is deleted.
type runningPods struct {
	sync.Mutex
	stop map[types.UID]context.CancelFunc
}

// runPod runs the programs of a pod that is a Job's or a PostgreSQL server, once it has a node; kwok plays all the others.
func (o *operator) runPod(ctx context.Context, object *unstructured.Unstructured) error {
	var pod corev1.Pod
	if err := apiruntime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &pod); err != nil {
		return err
	}
	o.pods.Lock()
	defer o.pods.Unlock()
	stop, known := o.pods.stop[pod.UID]
	if pod.DeletionTimestamp != nil && known {
		stop()
	}
	if known || !isRun(&pod) || pod.Spec.NodeName == "" || pod.DeletionTimestamp != nil {
		return nil
	}
	running, stop := context.WithCancel(ctx)
	o.pods.stop[pod.UID] = stop
	go func() {
		defer stop()
		if err := o.runContainers(running, &pod); err != nil && running.Err() == nil {
			fmt.Fprintf(os.Stderr, "pod %s/%s: %v\n", pod.Namespace, pod.Name, err)
		}
	}()
	return nil
}

func isRun(pod *corev1.Pod) bool {
	owner := metav1.GetControllerOf(pod)
	return owner != nil && owner.Kind == "Job" || isServer(pod)
}

// isServer tells a PostgreSQL server by its image's name: `postgres` (official), `postgresql` (CloudNativePG).
func isServer(pod *corev1.Pod) bool {
	owner := metav1.GetControllerOf(pod)
	name := imageName(pod.Spec.Containers[0].Image)
	return (owner == nil || owner.Kind != "Job") && (name == "postgres" || name == "postgresql")
}

// podIP is what a pod that runs here calls its address; nothing connects to it.
const podIP = "10.244.0.1"

// runContainers does the kubelet's part: init containers one after the other, then the containers, then the verdict.
func (o *operator) runContainers(ctx context.Context, pod *corev1.Pod) error {
	folder := filepath.Join(o.Folder, "pods", string(pod.UID))
	volumes, err := o.mountVolumes(ctx, pod, folder)
	if err != nil {
		return err
	}
	status := &corev1.PodStatus{Phase: corev1.PodRunning, PodIP: podIP, StartTime: &metav1.Time{Time: time.Now()}}
	for i := range pod.Spec.InitContainers {
		code, err := o.runContainer(ctx, pod, &pod.Spec.InitContainers[i], folder, volumes, nil)
		if err != nil {
			return err
		}
		status.InitContainerStatuses = append(status.InitContainerStatuses, terminated(&pod.Spec.InitContainers[i], code))
		if code != 0 {
			status.Phase = corev1.PodFailed
			return o.report(ctx, pod, status)
		}
	}
	container := &pod.Spec.Containers[0]
	status.ContainerStatuses = []corev1.ContainerStatus{{Name: container.Name, Image: container.Image, State: corev1.ContainerState{
		Running: &corev1.ContainerStateRunning{StartedAt: metav1.Now()},
	}}}
	if err := o.report(ctx, pod, status); err != nil {
		return err
	}
	code, err := o.runContainer(ctx, pod, container, folder, volumes, func() error { return o.becomeReady(ctx, pod, status, folder, volumes) })
	if err != nil {
		return err
	}
	status.ContainerStatuses[0] = terminated(container, code)
	status.Conditions = nil
	status.Phase = corev1.PodSucceeded
	if code != 0 {
		status.Phase = corev1.PodFailed
	}
	return o.report(ctx, pod, status)
}

// becomeReady asks a server's readiness probe until it agrees; a Job's pod has none and is never ready.
func (o *operator) becomeReady(ctx context.Context, pod *corev1.Pod, status *corev1.PodStatus, folder string, volumes map[string]string) error {
	container := pod.Spec.Containers[0].DeepCopy()
	if container.ReadinessProbe == nil || container.ReadinessProbe.Exec == nil {
		return nil
	}
	container.Command, container.Args, container.Name = container.ReadinessProbe.Exec.Command, nil, container.Name+".probe"
	// The probe names 127.0.0.1, the server listens on an address of its own: every pod shares the host's network here.
	container.Env = append(container.Env, corev1.EnvVar{Name: "PGHOSTADDR", Value: o.DatabaseAddress})
	for {
		code, err := o.runContainer(ctx, pod, container, folder, volumes, nil)
		if err != nil {
			return err
		}
		if code == 0 {
			break
		}
		time.Sleep(300 * time.Millisecond)
	}
	status.ContainerStatuses[0].Ready = true
	for _, kind := range []corev1.PodConditionType{corev1.PodInitialized, corev1.ContainersReady, corev1.PodReady} {
		status.Conditions = append(status.Conditions, corev1.PodCondition{Type: kind, Status: corev1.ConditionTrue, LastTransitionTime: metav1.Now()})
	}
	return o.report(ctx, pod, status)
}

func (o *operator) report(ctx context.Context, pod *corev1.Pod, status *corev1.PodStatus) error {
	live, err := o.client.CoreV1().Pods(pod.Namespace).Get(ctx, pod.Name, metav1.GetOptions{})
	if err != nil || live.UID != pod.UID {
		return client404(err)
	}
	wanted := status.DeepCopy()
	wanted.QOSClass, wanted.HostIP = live.Status.QOSClass, live.Status.HostIP
	for _, condition := range live.Status.Conditions {
		if condition.Type == corev1.PodScheduled {
			wanted.Conditions = append(wanted.Conditions, condition)
		}
	}
	live.Status = *wanted
	_, err = o.client.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, live, metav1.UpdateOptions{})
	return client404(err)
}

// client404 drops the error of an object that went while its programs ran.
func client404(err error) error {
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func terminated(container *corev1.Container, code int) corev1.ContainerStatus {
	reason := "Completed"
	if code != 0 {
		reason = "Error"
	}
	return corev1.ContainerStatus{Name: container.Name, Image: container.Image, State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
		ExitCode: int32(code), Reason: reason, FinishedAt: metav1.Now(), StartedAt: metav1.Now(),
	}}}
}

// logFile is where a container's output goes: logs/pods/NAMESPACE_POD_CONTAINER.log.
func (o *operator) logFile(pod *corev1.Pod, container string) string {
	return filepath.Join(o.Folder, "logs", "pods", fmt.Sprintf("%s_%s_%s.log", pod.Namespace, pod.Name, container))
}

// runContainer runs one container to its end and returns its exit status; started is called once it runs.
func (o *operator) runContainer(ctx context.Context, pod *corev1.Pod, container *corev1.Container, folder string, volumes map[string]string, started func() error) (int, error) {
	spec, err := o.sandbox(ctx, pod, container, folder, volumes)
	if err != nil {
		return 0, err
	}
	log, err := os.OpenFile(o.logFile(pod, container.Name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return 0, err
	}
	defer log.Close()
	cmd, err := sandbox.Command(*spec)
	if err != nil {
		return 0, err
	}
	cmd.Stdout, cmd.Stderr = log, log
	// The death signal goes out when the starting thread ends (see controlplane/process.go).
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-ctx.Done():
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
			select {
			case <-ended:
			case <-time.After(3 * time.Second):
				_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			}
		case <-ended:
		}
	}()
	if started != nil {
		go func() {
			if err := started(); err != nil && ctx.Err() == nil {
				fmt.Fprintf(os.Stderr, "pod %s/%s: %v\n", pod.Namespace, pod.Name, err)
			}
		}()
	}
	err = cmd.Wait()
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		return exited.ExitCode(), nil
	}
	return 0, err
}
