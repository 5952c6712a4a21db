package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// replayed is one request in the shape in which a public program sends it, and
// what the program reads from the reply.
type replayed struct {
	request string // method, path, body
	reads   string // part of the reply; the status is 200
}

// replays are the shapes of the requests of public programs that were written
// against the service: which forms it takes, not their code.
var replays = map[string][]replayed{
	"the vendor's PHP class": {
		{`GET /virtual_machines.api10json`, `"virtual_machine":{`},
		{`GET /virtual_machines/1384.api10json`, `"hostname":"web01"`},
		{`POST /virtual_machines/1384/shutdown.api10json null`, `"id":1384`},
		{`wait`, ``},
		{`POST /virtual_machines/1384/power_on.api10json null`, `"id":1384`},
		{`wait`, ``},
		{`POST /virtual_machines/1384/reboot.api10json null`, `"id":1384`},
		{`wait`, ``},
		{`POST /virtual_machines/1384/reset_password.api10json null`, `"password":`},
		{`wait`, ``},
		{`PUT /virtual_machines/1384.api10json {"virtual_machine":{"label":"one","backups_enabled":0,"rsync_backups_enabled":0,"r1_soft_backups_enabled":0,"slices_required":3,"consumer_id":0,"fqdn":"web01","public_fqdn":"web01"}}`, `"label":"one"`},
		{`wait`, ``},
		{`POST /virtual_machines.api10json {"virtual_machine":{"label":"two","fqdn":"two.example.com","system_template_id":9,"cloud_id":1,"backups_enabled":0,"rsync_backups_enabled":0,"slices_required":1,"storage_nodes_required":1,"ram_nodes_required":1,"consumer_id":0,"licenses":[]}}`, `"password":`},
		{`POST /nodes.api10json {"quantity":1,"upgrade_option":"storage","consumer_id":0}`, `"storage_node"`},
		{`POST /virtual_machines/1384/backups.api10json {"backup":{"label":"before"}}`, `"label":"before"`},
		{`POST /tickets.api10json {"department":1,"subject":"other","body":"A question"}`, `"id"`},
		{`POST /domains/52/records.api10json {"domain_record":{"type":"a","host":"new","data":"192.0.2.7","ttl":"3600"}}`, `"host":"new"`},
		{`POST /virtual_machines/1385/power_off.api10json null`, `"id":1385`},
		{`wait`, ``},
		{`PUT /virtual_machines/1385/reinstall.api10json {"virtual_machine":{"system_template_id":92}}`, `"password":`},
		{`wait`, ``},
		{`GET /virtual_machines/1385/console.api10json`, ``}, // running again
		{`DELETE /virtual_machines/1385.api10json {"virtual_machine":{"label":"stale"}}`, ``},
		{`POST /virtual_machines/1385/recover.api10json null`, `"id":1385`},
	},
	"the Blesta module": {
		{`GET /nodes.api10json?type=vps`, `"slice"`},
		{`POST /nodes.api10json {"quantity": 1}`, `"slice"`},
		{`GET /available_clouds.api10json`, `"system_templates"`},
		{`POST /virtual_machines.api10json {"virtual_machine":{"label":"blesta 1","fqdn":"b.example.com","system_template_id":"9","cloud_id":"1","backups_enabled":"false","rsync_backups_enabled":"false","slices_required":"1"}}`, `"primary_ip_address"`},
		{`GET /virtual_machines/1384/network_utilisation.api10json`, `"data_sent"`},
	},
	"the BoxBilling module": {
		{`GET /available_clouds.api10json`, `"cloud"`},
		{`POST /virtual_machines/1384/backups.api10json {"backup":{"label":"Backup 12:30"}}`, `12:30`},
		{`DELETE /virtual_machines/1384.api10json`, ``},
	},
	"the WHMCS module": {
		{`POST /available_clouds.api10json ""`, `"system_templates"`},
		{`POST /clouds/153.api10json ""`, `"Ubuntu 8.04 x64"`},
		{`POST /virtual_machines.api10json {"virtual_machine":{"label":"whmcs 1","fqdn":"w.example.com","system_template_id":"9","cloud_id":"1","backups_enabled":"true","rsync_backups_enabled":"false","slices_required":"1"}}`, `"backups_enabled":true`},
		{`POST /virtual_machines/1384/reboot.api10json ""`, `"id":1384`},
		{`wait`, ``},
		{`POST /virtual_machines/1384/shutdown.api10json ""`, `"id":1384`},
		{`wait`, ``},
		{`POST /virtual_machines/1384/power_on.api10json ""`, `"id":1384`},
		{`wait`, ``},
		{`GET /virtual_machines/1384/network_graph.api10json?period=hourly`, `"data_received"`},
		{`DELETE /virtual_machines/1384.api10json ""`, ``},
	},
	"the cPanel module": {
		{`GET /domains/demodomain.api10json?tld=com`, `"id":51`},
		{`GET /domains/51/records.api10json?new`, `"host"`},
		{`PUT /domains/51/records/update_records.api10json {"domain_records":[{"domain_record":{"type":"A","host":"@","data":"192.0.2.7","ttl":"3600"}},{"domain_record":{"type":"MX","host":"@","data":"mail.demodomain.com.","ttl":"3600","mx_priority":"10"}}]}`, `"message"`},
		{`POST /domains.api10json {"domain":{"name":"demodomain.com","ip_address":"192.0.2.7"}}`, `false`}, // a duplicate
	},
	"zhhuta's Python and Go": {
		{`GET //profile.api10json null`, `"email_address"`},
		{`GET //available_templates.api10json null`, `"template_groups"`},
		{`GET /virtual_machines.api10json null`, `"virtual_machine"`},
		{`POST /virtual_machines/1384/reboot.api10json {"mode":"recovery"}`, `"id":1384`},
		{`wait`, ``},
		{`POST /virtual_machines/1384/power_off.api10json null`, `"id":1384`},
		{`wait`, ``},
		{`DELETE /virtual_machines/1384.api10json null`, ``},
	},
	"corvomq": {
		{`POST /ssd_virtual_machines.api10json {"virtual_machine":{"ssd_vps_plan":"0","fqdn":"mq1.example.com","system_template_id":"78","cloud_id":"160","backups_enabled":false,"rsync_backups_enabled":false,"tag":"","licences":{}}}`, `"hostname":"mq1"`},
		{`POST /domains/51/records.api10json {"domain_record":{"type":"a","host":"mq1","data":"198.51.100.1","ttl":3600}}`, `"host":"mq1"`},
		{`GET /ssd_virtual_machines.api10json`, `"hostname":"mq1"`},
	},
	"Psiphon's driver": {
		{`POST /ssd_virtual_machines.api10json {"virtual_machine":{"ssd_vps_label":"ps1","fqdn":"ps1.example.com","ssd_vps_plan":1,"system_template_id":78,"cloud_id":160,"backups_enabled":false,"rsync_backups_enabled":false,"server_monitoring_service_required":"0","server_monitoring_configuration_service_required":"0"}}`, `"hostname":"ps1"`},
		{`wait`, ``},
		{`GET /ssd_virtual_machines.api10json?basic=True`, `"hostname":"ps1"`},
		{`POST /virtual_machines.api10json {"virtual_machine":{"label":"ps2","fqdn":"ps2.example.com","slices_required":1,"system_template_id":9,"cloud_id":1,"backups_enabled":false,"rsync_backups_enabled":false,"server_monitoring_service_required":"0","server_monitoring_configuration_service_required":"0"}}`, `"label":"ps2"`},
	},
}

// TestReplays: the sandbox takes what public programs send.
func TestReplays(t *testing.T) {
	for program, requests := range replays {
		t.Run(program, func(t *testing.T) {
			now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
			sb := sandbox.New(sandbox.Options{Now: func() time.Time { return now }})
			for _, r := range requests {
				if r.request == "wait" { // as they do, until nothing is pending
					now = now.Add(5 * time.Minute)
					continue
				}
				status, reply := replay(sb, r.request)
				if status != http.StatusOK || !strings.Contains(reply, r.reads) {
					t.Errorf("%s\nHTTP %d %s\nwant %s", r.request, status, reply, r.reads)
				}
			}
		})
	}
}

// TestBodiesThatAreNone: what stands in place of a body breaks no connection, and
// what is not JSON is refused in the service's words.
func TestBodiesThatAreNone(t *testing.T) {
	for request, want := range map[string]string{
		`GET /virtual_machines.api10json not JSON`:                                    "200",
		`DELETE /domains/52.api10json not JSON`:                                       "200",
		`POST /virtual_machines/1384/reboot.api10json []`:                             "200",
		`POST /virtual_machines.api10json {"virtual_machine":null}`:                   `422 {"errors":[["label","can't be blank"]`,
		`POST /virtual_machines.api10json null`:                                       `422 {"errors":[["label","can't be blank"]`,
		`POST /virtual_machines.api10json {"virtual_machine":`:                        `422 {"errors":[["base","The request could not be parsed"]]}`,
		`POST /virtual_machines.api10json <xml/>`:                                     `422 {"errors":[["base","The request could not be parsed"]]}`,
		`POST /virtual_machines.api10json {"virtual_machine":7}`:                      `422 {"errors":[["base","The request could not be parsed"]]}`,
		`PUT /virtual_machines/1384.api10json {"virtual_machine":{"label":{"a":[]}}}`: `422 {"errors":[["label","is invalid"]]}`,
		`PUT /domains/51/records/update_records.api10json {"domain_records":"x"}`:     `200 {"error":"domain_records is invalid"}`,
	} {
		status, reply := replay(sandbox.New(sandbox.Options{}), request)
		if got := strconv.Itoa(status) + " " + reply; !strings.HasPrefix(got, want) || strings.Contains(got, "json:") || strings.Contains(got, "Go ") {
			t.Errorf("%s: %s, want %s", request, got, want)
		}
	}
}

// TestEveryRouteRefusesWhatIsNoJSON: in the words of its API, and never in ours or Go's.
func TestEveryRouteRefusesWhatIsNoJSON(t *testing.T) {
	placeholder, routes := regexp.MustCompile(`\{\w+\}`), 0
	for _, op := range vpsapi.Operations() {
		info := op.Info()
		for _, route := range info.Routes() {
			if route.Method() != http.MethodPost && route.Method() != http.MethodPut {
				continue
			}
			routes++
			path, want := placeholder.ReplaceAllString(route.Path(), "1")+info.Suffix, `422 {"errors":[["base","The request could not be parsed"]]}`
			if info.API == vpsapi.Platform {
				path, want = "/rest-api"+path, `400 {"data":[],"message":"The request could not be parsed","status":400}`
			}
			for _, body := range []string{"not JSON", `{"label":`, `7`, `"x"`, `[1]`, `true`, `<xml/>`, `{} {}`, "a=b&c=d"} {
				status, reply := replay(sandbox.New(sandbox.Options{}), route.Method()+" "+path+" "+body)
				if got := strconv.Itoa(status) + " " + reply; got != want {
					t.Errorf("%s %s %s: %s", route.Method(), path, body, got)
				}
			}
		}
	}
	if routes < 45 {
		t.Errorf("%d routes", routes)
	}
}

// TestPathsThatNameNothing: what can be no id is answered as an id that nothing has.
func TestPathsThatNameNothing(t *testing.T) {
	for request, want := range map[string]string{
		`GET /virtual_machines/abc.api10json`:                        `404 {"errors":["Virtual machine abc was not found"]}`,
		`POST /virtual_machines/abc/reboot.api10json {}`:             `404 {"errors":["Virtual machine abc was not found"]}`,
		`PUT /virtual_machines/-1.api10json {}`:                      `404 {"errors":["Virtual machine -1 was not found"]}`,
		`DELETE /nodes/1e3.api10json`:                                `404 {"errors":["Node 1e3 was not found"]}`,
		`GET /ssd_virtual_machines/abc.api10json`:                    `404 {"errors":["Virtual machine abc was not found"]}`,
		`GET /rest-api/ssd-vps/locations/abc/servers/1`:              `400 {"data":[],"message":"Path parameter location_id needs to be numeric","status":400}`,
		`POST /rest-api/ssd-vps/locations/abc/servers {}`:            `400 {"data":[],"message":"Path parameter location_id needs to be numeric","status":400}`,
		`GET /rest-api/ssd-vps/locations/abc/operating-systems`:      `400 {"data":[],"message":"Path parameter location_id needs to be numeric","status":400}`,
		`GET /rest-api/ssd-vps/locations/9/servers/4107`:             `404 {"data":[],"message":"server not found","status":404}`,
		`GET /rest-api/ssd-vps/locations/0117/servers/4107`:          `404 {"data":[],"message":"server not found","status":404}`,
		`GET /rest-api/ssd-vps/locations/117/servers/a%20b`:          `404 {"data":[],"message":"server not found","status":404}`,
		`POST /rest-api/ssd-vps/locations/117/servers/x/power/on`:    `404 {"data":[],"message":"server not found","status":404}`,
		`DELETE /rest-api/ssh-keys/abc`:                              `400 {"data":[],"message":"Path parameter ssh_key_id needs to be numeric","status":400}`,
		`GET /rest-api/ssh-keys/78`:                                  `404 {"data":[],"message":"ssh key not found","status":404}`,
		`POST /rest-api/ssd-vps/locations/117/servers {"label":"x"}`: `400 {"data":[],"message":"hostname can't be blank","status":400}`,
	} {
		status, reply := replay(sandbox.New(sandbox.Options{}), request)
		if got := strconv.Itoa(status) + " " + reply; got != want {
			t.Errorf("%s: %s, want %s", request, got, want)
		}
	}
}

// replay sends a request of one line: method, path, body.
func replay(sb *sandbox.Sandbox, line string) (int, string) {
	method, rest, _ := strings.Cut(line, " ")
	path, body, _ := strings.Cut(rest, " ")
	r := httptest.NewRequest(method, "http://sandbox.example.com"+path, strings.NewReader(body))
	r.SetBasicAuth(sandbox.Email, sandbox.APIKey)
	r.Header.Set("X-Api-Token", sandbox.Token)
	w := httptest.NewRecorder()
	sb.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}
