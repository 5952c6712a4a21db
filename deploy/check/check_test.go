package check

import (
	"bytes"
	"context"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// program builds vpsnet-mcp.
func program(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "vpsnet-mcp")
	build := exec.Command("go", "build", "-o", file, ".")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return file
}

// takes reports options that the program does not know.
func takes(t *testing.T, program string, arguments []string) {
	t.Helper()
	if out, err := exec.Command(program, append(arguments, "--help")...).CombinedOutput(); err != nil {
		t.Errorf("the program does not take %q: %.200s", arguments, out)
	}
}

// objects are what kubernetes.yaml holds, each decoded strictly.
type objects struct {
	config     core.ConfigMap
	deployment apps.Deployment
	service    core.Service
	scaler     autoscaling.HorizontalPodAutoscaler
	budget     policy.PodDisruptionBudget
}

func decode(t *testing.T) *objects {
	t.Helper()
	text, err := os.ReadFile("../kubernetes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	o := &objects{}
	into := map[string]any{
		"v1 ConfigMap": &o.config, "apps/v1 Deployment": &o.deployment, "v1 Service": &o.service,
		"autoscaling/v2 HorizontalPodAutoscaler": &o.scaler, "policy/v1 PodDisruptionBudget": &o.budget,
	}
	for _, part := range bytes.Split(text, []byte("\n---\n")) {
		var kind meta.TypeMeta
		if err := yaml.Unmarshal(part, &kind); err != nil {
			t.Fatal(err)
		}
		name := kind.APIVersion + " " + kind.Kind
		object, ok := into[name]
		if !ok {
			t.Fatalf("an object %q that is none of those expected, or there twice", name)
		}
		delete(into, name)
		if err := yaml.UnmarshalStrict(part, object); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name := range into {
		t.Errorf("no %s", name)
	}
	return o
}

// TestKubernetes: the objects are of their types, name one another, and the
// program runs in them as nobody on a root that it cannot write.
func TestKubernetes(t *testing.T) {
	o := decode(t)
	pod := o.deployment.Spec.Template
	if len(pod.Spec.Containers) != 1 {
		t.Fatalf("%d containers", len(pod.Spec.Containers))
	}
	c := pod.Spec.Containers[0]
	takes(t, program(t), c.Args)
	if got := listed(t, "../kubernetes.yaml"); !slices.Equal(got, c.Args) {
		t.Errorf("scripts/container.sh runs %q, and the pod %q", got, c.Args)
	}
	who, root := pod.Spec.SecurityContext, c.SecurityContext
	switch {
	case who == nil || who.RunAsNonRoot == nil || !*who.RunAsNonRoot || who.RunAsUser == nil || *who.RunAsUser != 65532 || who.SeccompProfile.Type != core.SeccompProfileTypeRuntimeDefault:
		t.Errorf("the pod is not nobody's: %v", who)
	case root == nil || !*root.ReadOnlyRootFilesystem || *root.AllowPrivilegeEscalation || len(root.Capabilities.Drop) != 1 || root.Capabilities.Drop[0] != "ALL":
		t.Errorf("the container can do more than it must: %v", root)
	case *pod.Spec.AutomountServiceAccountToken:
		t.Error("the pod gets a token of the cluster that it does not need")
	}
	names := map[string]bool{}
	for _, p := range c.Ports {
		names[p.Name] = true
	}
	for _, p := range []*core.Probe{c.ReadinessProbe, c.LivenessProbe} {
		if p == nil || !names[p.HTTPGet.Port.StrVal] || p.HTTPGet.Scheme != core.URISchemeHTTPS {
			t.Errorf("a probe asks %v", p)
		}
	}
	if !names[o.service.Spec.Ports[0].TargetPort.StrVal] {
		t.Errorf("the service leads to the port %q", o.service.Spec.Ports[0].TargetPort.StrVal)
	}
	for _, selector := range []map[string]string{o.service.Spec.Selector, o.deployment.Spec.Selector.MatchLabels, o.budget.Spec.Selector.MatchLabels} {
		for key, value := range selector {
			if pod.Labels[key] != value {
				t.Errorf("a selector %v does not select the pods %v", selector, pod.Labels)
			}
		}
	}
	if to := o.scaler.Spec.ScaleTargetRef; to.Kind != o.deployment.Kind || to.Name != o.deployment.Name {
		t.Errorf("the scaler scales %v", to)
	}
	if o.service.Spec.SessionAffinity != core.ServiceAffinityClientIP {
		t.Error("sessions of older revisions do not stay with their replica")
	}
	mounts(t, o, c)
}

// mounts holds the files that the arguments name to the volumes.
func mounts(t *testing.T, o *objects, c core.Container) {
	t.Helper()
	volumes := map[string]core.Volume{}
	for _, v := range o.deployment.Spec.Template.Spec.Volumes {
		volumes[v.Name] = v
		if v.Secret != nil && *v.Secret.DefaultMode&0o027 != 0 {
			t.Errorf("the secrets of %s can be read by others or written: %o", v.Name, *v.Secret.DefaultMode)
		}
	}
	for _, a := range c.Args {
		_, file, _ := strings.Cut(a, "=")
		if !strings.HasPrefix(file, "/") {
			continue
		}
		found := false
		for _, m := range c.VolumeMounts {
			v, ok := volumes[m.Name]
			found = found || ok && m.ReadOnly && filepath.Dir(file) == m.MountPath && holds(t, o, v, filepath.Base(file))
		}
		if !found {
			t.Errorf("nothing puts a file where %s looks", a)
		}
	}
}

// holds reports that a volume has a file: of a secret, that the command of the
// file's head puts it there.
func holds(t *testing.T, o *objects, v core.Volume, file string) bool {
	switch {
	case v.ConfigMap != nil:
		return v.ConfigMap.Name == o.config.Name && o.config.Data[file] != ""
	case v.Secret == nil:
		return false
	}
	_, made, _ := strings.Cut(head(t, "../kubernetes.yaml"), "kubectl create secret generic "+v.Secret.SecretName+" ")
	if made == "" { // one for TLS always has these
		return file == core.TLSCertKey || file == core.TLSPrivateKeyKey
	}
	made, _, _ = strings.Cut(made, "kubectl")
	return strings.Contains(made+" ", "--from-file="+file+" ")
}

// TestCompose: the project loads as Compose loads it, the replicas take what they
// are given, and the address that they trust is the proxy's.
func TestCompose(t *testing.T) {
	text, err := os.ReadFile("../compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	load := func(env map[string]string) (*types.Project, error) {
		return loader.LoadWithContext(context.Background(), types.ConfigDetails{
			WorkingDir: "..", Environment: env, ConfigFiles: []types.ConfigFile{{Filename: "compose.yaml", Content: text}},
		})
	}
	if _, err := load(nil); err == nil || !strings.Contains(err.Error(), "REDIS_PASSWORD") {
		t.Errorf("without a password for Redis: %v", err)
	}
	project, err := load(map[string]string{"REDIS_PASSWORD": "long and random"})
	if err != nil {
		t.Fatal(err)
	}
	proxy := project.Services["proxy"].Networks["inside"].Ipv4Address
	subnet, err := netip.ParsePrefix(project.Networks["inside"].Ipam.Config[0].Subnet)
	if address, err2 := netip.ParseAddr(proxy); err != nil || err2 != nil || !subnet.Contains(address) {
		t.Errorf("the proxy's address %s is not in %s", proxy, subnet)
	}
	file := program(t)
	turned := strings.Join(project.Services["proxy"].Command, " ")
	for _, name := range []string{"replica-a", "replica-b"} {
		s, ok := project.Services[name]
		if !ok {
			t.Fatalf("no %s", name)
		}
		takes(t, file, s.Command)
		if got := listed(t, "../compose.yaml"); !slices.Equal(got, s.Command) {
			t.Errorf("scripts/container.sh runs %q, and %s %q", got, name, s.Command)
		}
		if !strings.Contains(strings.Join(s.Command, " "), "--behind-proxy="+proxy) {
			t.Errorf("%s trusts another than %s: %q", name, proxy, s.Command)
		}
		if !s.ReadOnly || len(s.CapDrop) != 1 || !s.Volumes[0].ReadOnly {
			t.Errorf("%s can do more than it must", name)
		}
		if !strings.Contains(turned, name+":8080") {
			t.Errorf("the proxy does not know %s", name)
		}
	}
}
