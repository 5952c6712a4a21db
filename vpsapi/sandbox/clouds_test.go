package sandbox

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

// cloudsByID gives wrapped clouds as the wire has them.
func cloudsByID(l *lab, path string) map[float64]map[string]any {
	l.Helper()
	status, body := l.send("GET", path, "")
	if status != http.StatusOK {
		l.Fatalf("GET %s: HTTP %d %s", path, status, body)
	}
	clouds := map[float64]map[string]any{}
	for _, wrapped := range decode[[]map[string]map[string]any](l, []byte(body)) {
		clouds[wrapped["cloud"]["id"].(float64)] = wrapped["cloud"]
	}
	return clouds
}

func TestCloudsOfTheDocument(t *testing.T) {
	l := newLab(t)
	const cloud153 = `{"label": "test cloud", "available": true, "system_templates": [{"label": "Ubuntu 8.04 x64", "id": 78}, {"label": "Ubuntu 10.04 x64", "id": 92}],
		"fusion_io": false, "id": 153, "cloud_version": 1, "premium_price": 0, "currency_code": "USD", "daily_node_bandwidth": 100, "monthly_node_bandwidth": 150}`
	const cloud160 = `{"label": "test SSD cloud", "available": true, "system_templates": [{"label": "Ubuntu 8.04 x64", "id": 78}, {"label": "Ubuntu 10.04 x64", "id": 92}],
		"id": 160, "cloud_version": 1, "premium_price": 0, "currency_code": "USD", "daily_node_bandwidth": 100, "monthly_node_bandwidth": 150}`
	clouds, ssd := cloudsByID(l, "/available_clouds.api10json"), cloudsByID(l, "/available_ssd_clouds.api10json")
	if diff := cmp.Diff(decode[map[string]any](l, []byte(cloud153)), clouds[153]); diff != "" {
		t.Errorf("cloud 153 (-document +ours):\n%s", diff)
	}
	if diff := cmp.Diff(decode[map[string]any](l, []byte(cloud160)), ssd[160]); diff != "" || len(ssd) != 1 || clouds[160] != nil {
		t.Errorf("SSD clouds %v, and 160 among the others %v (-document +ours):\n%s", ssd, clouds[160], diff)
	}
	for _, id := range []float64{1, 2, 3, 15} {
		if clouds[id] == nil || clouds[id]["available"] != true {
			t.Errorf("cloud %v: %v", id, clouds[id])
		}
	}
}

func TestSomeCloudsAreDearerOrShut(t *testing.T) {
	l := newLab(t)
	var shut, dear []vpsapi.CloudID
	for _, c := range must(l, vpsapi.ListClouds, vpsapi.ListCloudsIn{}) {
		if !isOn(c.Available) {
			shut = append(shut, c.ID)
		}
		if c.PremiumPrice != "0" {
			dear = append(dear, c.ID)
		}
		if c.ClusterStats != nil {
			t.Errorf("the list shows the statistics of cloud %s", c.ID)
		}
		for _, offered := range c.SystemTemplates {
			if made, err := l.account.template(offered.ID); err != nil || made.Label != offered.Label {
				t.Errorf("cloud %s offers %+v, and the account has %+v", c.ID, offered, made)
			}
		}
	}
	if len(shut) != 1 || len(dear) != 1 {
		t.Errorf("not available: %v, at a premium: %v; want one of each", shut, dear)
	}
}

func TestCloudByItself(t *testing.T) {
	l := newLab(t)
	_, body := l.send("GET", "/clouds/3.api10json", "")
	got := decode[map[string]any](l, []byte(body))
	if got["label"] != "Test Cloud" || got["id"] != 3.0 || got["available"] != true || got["fusion_io"] != false || got["cloud_version"] != 1.0 {
		t.Errorf("cloud 3 is %s", body)
	}
	const stats = `{"stats":{"memory":{"usage":"3488","total":"4094","free":"606"},"tasks":{"pending":"3"},"templates":{"system":"72","custom":"148"},"disk_space":{"usage":"150.0","total":"232.0","free":"82.0"}}}`
	if diff := cmp.Diff(decode[any](l, []byte(stats)), got["cluster_stats"]); diff != "" {
		t.Errorf("statistics (-document +ours):\n%s", diff)
	}
	if c := must(l, vpsapi.GetCloud, vpsapi.GetCloudIn{CloudID: "3"}); !json.Valid(c.ClusterStats) || len(c.SystemTemplates) != 13 {
		t.Errorf("typed: %+v", c)
	}
	refused(l, vpsapi.GetCloud, vpsapi.GetCloudIn{CloudID: "42"}, 404, "42")
}

func TestCloudGroupsHoldEveryCloud(t *testing.T) {
	l := newLab(t)
	type group struct {
		Group struct {
			Label  string
			Clouds []int
		} `json:"cloud_group"`
	}
	members := 0
	for _, g := range decode[[]group](l, must(l, vpsapi.ListCloudGroups, vpsapi.ListCloudGroupsIn{})) {
		members += len(g.Group.Clouds)
	}
	if members != len(l.account.clouds) {
		t.Errorf("%d clouds in groups, of %d", members, len(l.account.clouds))
	}
}
