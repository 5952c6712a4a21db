package vpsapi_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

func pointer[T any](v T) *T { return &v }

// The bodies are the document's own examples; the routes are those of its
// functions' list.
func TestRequestsOfServerExtrasAndBackups(t *testing.T) {
	one, ten, fifty := pointer(vpsapi.Int(1)), pointer(vpsapi.Int(10)), pointer(vpsapi.Int(50))
	usage := &vpsapi.UsageScalingRule{Enabled: true, Percentage: fifty, Period: ten, Nodes: one, NodeType: one}
	for _, c := range []struct {
		op         vpsapi.Operation
		in         any
		want, body string
	}{
		{vpsapi.GetRsyncBackupInfo, vpsapi.GetRsyncBackupInfoIn{ServerID: "1384"}, "GET /virtual_machines/1384/backups/rsync_backup.api10json", ""},
		{vpsapi.ConvertBackupToTemplate, vpsapi.ConvertBackupToTemplateIn{ServerID: "1384", BackupID: "3774"}, "POST /virtual_machines/1384/backups/3774/convert.api10json", ""},
		{vpsapi.CreateTemplateFromServer, vpsapi.CreateTemplateFromServerIn{ServerID: "1384"}, "POST /virtual_machines/1384/backups.api10json", `{"one_click": true}`},
		{vpsapi.ListScheduledUpgrades, vpsapi.ListScheduledUpgradesIn{ServerID: "1384"}, "GET /virtual_machines/1384/upgrade_schedules.api10json", ""},
		{
			vpsapi.CreateScheduledUpgrade, vpsapi.CreateScheduledUpgradeIn{
				ServerID: "1384", Label: "My upgrade schedule", ExtraSlices: 2, Temporary: pointer(vpsapi.Flag(true)),
				Days: pointer(vpsapi.Int(2)), RunAt: "2014-05-08 12:00", DelayedStorage: pointer(vpsapi.Flag(true)),
			}, "POST /virtual_machines/1384/upgrade_schedules.api10json",
			`{"upgrade_schedule": {"label": "My upgrade schedule", "extra_slices": 2, "temporary": true, "days": 2, "run_at": "2014-05-08 12:00", "delayed_storage": true}}`,
		},
		{vpsapi.DeleteScheduledUpgrade, vpsapi.DeleteScheduledUpgradeIn{ServerID: "1384", ScheduleID: "12"}, "DELETE /virtual_machines/1384/upgrade_schedules/12.api10json", ""},
		{vpsapi.RestoreServer, vpsapi.RestoreServerIn{ServerID: "1384", BackupID: "3774"}, "POST /virtual_machines/1384/backups/3774/restore.api10json", ""},
		{vpsapi.GetBandwidthUtilisation, vpsapi.GetBandwidthUtilisationIn{ServerID: "1384"}, "GET /virtual_machines/1384/network_utilisation.api10json", ""},
		{vpsapi.GetCPUUtilisation, vpsapi.GetCPUUtilisationIn{ServerID: "1384", From: "1399550400", To: "2014-05-09T00:00:00+05:30"}, "GET /virtual_machines/1384/cpu_usage.api10json?from=1399550400&to=2014-05-09T00%3A00%3A00%2B05%3A30", ""},
		{vpsapi.AddDotdefenderLicense, vpsapi.AddDotdefenderLicenseIn{VirtualMachineID: "1385"}, "POST /dotdefender_licenses.api10json", `{"accept": "1", "virtual_machine_id": 1385}`},
		{vpsapi.RemoveDotdefenderLicense, vpsapi.RemoveDotdefenderLicenseIn{ServerID: "1385"}, "DELETE /dotdefender_licenses/1385.api10json", ""},
		{vpsapi.ListAvailableLicenses, vpsapi.ListAvailableLicensesIn{}, "GET /available_licenses.api10json", ""},
		{vpsapi.GetServerLicenses, vpsapi.GetServerLicensesIn{ServerID: "1384"}, "GET /virtual_machines/1384/licenses.api10json", ""},
		{vpsapi.GetAutoscaling, vpsapi.GetAutoscalingIn{ServerID: "1384"}, "GET /virtual_machines/1384/auto_scaling.api10json", ""},
		{
			vpsapi.EditAutoscaling, vpsapi.EditAutoscalingIn{
				ServerID: "1384", MaxNodes: &vpsapi.MaxNodesScalingRule{Enabled: true, Nodes: one}, SwapUsage: usage, RAMUsage: usage,
				LoadAverage: &vpsapi.LoadScalingRule{Enabled: true, Average: pointer(2.0), Period: ten, Nodes: one, NodeType: one},
				DiskUsage:   &vpsapi.DiskScalingRule{Enabled: true, Percentage: fifty, Nodes: one, NodeType: one},
			}, "PUT /virtual_machines/1384/auto_scaling.api10json",
			`{"max_nodes": {"enabled": 1, "nodes": 1},
			"swap_usage": {"enabled": 1, "percentage": 50, "period": 10, "nodes": 1, "node_type": 1},
			"ram_usage": {"enabled": 1, "percentage": 50, "period": 10, "nodes": 1, "node_type": 1},
			"load_average": {"enabled": 1, "average": 2, "period": 10, "nodes": 1, "node_type": 1},
			"disk_usage": {"enabled": 1, "percentage": 50, "nodes": 1, "node_type": 1}}`,
		},
		{vpsapi.EditAutoscaling, vpsapi.EditAutoscalingIn{ServerID: "1384", DiskUsage: &vpsapi.DiskScalingRule{}}, "PUT /virtual_machines/1384/auto_scaling.api10json", `{"disk_usage": {"enabled": 0}}`},

		{vpsapi.CreateBackup, vpsapi.CreateBackupIn{ServerID: "1384"}, "POST /virtual_machines/1384/backups.api10json", ""},
		{vpsapi.CreateBackup, vpsapi.CreateBackupIn{ServerID: "1384", Label: "nightly"}, "POST /virtual_machines/1384/backups.api10json", `{"backup": {"label": "nightly"}}`},
		{vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: "1384"}, "GET /virtual_machines/1384/backups.api10json", ""},
		{vpsapi.DeleteBackup, vpsapi.DeleteBackupIn{ServerID: "1384", BackupID: "3774"}, "DELETE /virtual_machines/1384/backups/3774.api10json", ""},
		{vpsapi.ListClones, vpsapi.ListClonesIn{ServerID: "1384"}, "GET /virtual_machines/1384/clones.api10json", ""},
		{vpsapi.CloneServer, vpsapi.CloneServerIn{ServerID: "1384", CloudID: "15"}, "POST /virtual_machines/1384/backups.api10json", `{"cloud_id": 15, "one_click": true, "one_clone": true}`},
		{vpsapi.CloneServer, vpsapi.CloneServerIn{ServerID: "1384"}, "POST /virtual_machines/1384/backups.api10json", `{"one_click": true, "one_clone": true}`},
		{vpsapi.DeleteClone, vpsapi.DeleteCloneIn{ServerID: "1384", CloneID: "543"}, "DELETE /virtual_machines/1384/clones/543.api10json", `{"id": 543}`},
	} {
		request, err := c.op.Encode(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.op.Info().Name, err)
			continue
		}
		if got := request.Method + " " + request.URL(); got != c.want {
			t.Errorf("%s: %s, want %s", request.Op, got, c.want)
		}
		if diff := cmp.Diff(jsonOf(t, c.body), jsonOf(t, string(request.Body))); diff != "" {
			t.Errorf("%s: body (-want +got): %s", request.Op, diff)
		}
	}
}

func jsonOf(t *testing.T, text string) (v any) {
	t.Helper()
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// What a schema cannot say is refused before anything is sent, by the name of
// the argument.
func TestServerExtrasRefuseBeforeSending(t *testing.T) {
	for name, c := range map[string]struct {
		op     vpsapi.Operation
		in     any
		fields []string
	}{
		"temporary without days": {
			vpsapi.CreateScheduledUpgrade,
			vpsapi.CreateScheduledUpgradeIn{ServerID: "1", Label: "x", ExtraSlices: 1, Temporary: pointer(vpsapi.Flag(true))},
			[]string{"days"},
		},
		"days of a permanent upgrade": {
			vpsapi.CreateScheduledUpgrade,
			vpsapi.CreateScheduledUpgradeIn{ServerID: "1", Label: "x", ExtraSlices: 1, Days: pointer(vpsapi.Int(2))},
			[]string{"days"},
		},
		"no moment": {
			vpsapi.CreateScheduledUpgrade,
			vpsapi.CreateScheduledUpgradeIn{ServerID: "1", Label: "x", ExtraSlices: 1, RunAt: "2014-02-30 12:00"},
			[]string{"run_at"},
		},
		"span of words":       {vpsapi.GetCPUUtilisation, vpsapi.GetCPUUtilisationIn{ServerID: "1", From: "yesterday", To: "2014"}, []string{"from", "to"}},
		"span backwards":      {vpsapi.GetBandwidthUtilisation, vpsapi.GetBandwidthUtilisationIn{ServerID: "1", From: "2014-05-08", To: "1399420800"}, []string{"to"}},
		"no rule":             {vpsapi.EditAutoscaling, vpsapi.EditAutoscalingIn{ServerID: "1"}, []string{""}},
		"half a rule enabled": {vpsapi.EditAutoscaling, vpsapi.EditAutoscalingIn{ServerID: "1", DiskUsage: &vpsapi.DiskScalingRule{Enabled: true, Nodes: pointer(vpsapi.Int(1))}}, []string{"disk_usage.percentage", "disk_usage.node_type"}},
	} {
		_, err := c.op.Encode(c.in)
		var refused *vpsapi.InputError
		if !errors.As(err, &refused) {
			t.Errorf("%s: got %v, want an InputError", name, err)
			continue
		}
		var fields []string
		for _, f := range refused.Faults {
			fields = append(fields, f.Field)
		}
		if diff := cmp.Diff(c.fields, fields); diff != "" {
			t.Errorf("%s: %s (%v)", name, diff, err)
		}
	}
}

func TestTimestamp(t *testing.T) {
	want := time.Date(2014, 5, 8, 12, 0, 0, 0, time.UTC)
	for _, text := range []string{"1399550400", "2014-05-08T12:00:00Z", "2014-05-08T12:00Z", "2014-05-08T08:00:00-04:00", "2014-05-08T12:00:00.000Z", "2014-05-08T12:00", "2014-05-08 12:00:00", "2014-05-08 12:00"} {
		if got, err := vpsapi.Timestamp(text); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "2014", "1399550400000", "-1", "08/05/2014", "2014-13-01"} {
		if got, err := vpsapi.Timestamp(text); err == nil {
			t.Errorf("%q: %v, want an error", text, got)
		}
	}
}

// The service's spellings of a configuration are all taken.
func TestAutoscalingReplyIsLenient(t *testing.T) {
	out, err := vpsapi.GetAutoscaling.DecodeReply([]byte(`{"load_average":{"average":1.5,"node_type":"daily","nodes":"2","period":10.0},"max_nodes":null,"other":{}}`))
	want := vpsapi.Autoscaling{LoadAverage: &vpsapi.ScalingRule{Average: "1.5", NodeType: "daily", Nodes: pointer(vpsapi.Int(2)), Period: pointer(vpsapi.Int(10))}}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
}
