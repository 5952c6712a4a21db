// Command requests prints what a person waits for: of typical calls how many requests each makes to a service that takes its
// time, and how long it takes, for its answer or plan and then with consent. Each row has an embedded VPS.NET of its own,
// over HTTP on the loopback, and the client's own pace.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"sync/atomic"
	"time"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

var delay = flag.Duration("delay", 100*time.Millisecond, "how long the service takes for each answer")

// row is a call, and the goals for it: requests and seconds, at first and with consent.
type row struct{ name, tool, arguments, goal string }

var rows = []row{
	{"rename by `edit_cloud_server`", "edit_cloud_server", `"server_id":"1384","label":"New name"`, "2, 0.25"},
	{"`reboot_cloud_server`", "reboot_cloud_server", `"server_id":"1384"`, "1, 0.15; then 2, 0.25"},
	{"`edit_domain_record`", "edit_domain_record", `"domain_id":"51","record_id":"2315958","data":["192.0.2.9"]`, "2, 0.25; then 3, 0.35"},
	{"`delete_cloud_server`", "delete_cloud_server", `"server_id":"1384"`, "7, 0.35; then 5, 0.45"},
	{"`create_cloud_server`", "create_cloud_server", `"label":"New","fqdn":"new.example.com","system_template_id":"9","cloud_id":"1",` +
		`"backups_enabled":false,"rsync_backups_enabled":false,"slices_required":2`, "4, 0.25; then 5, 0.40"},
	{"`create_backup`", "create_backup", `"server_id":"1384","label":"before"`, "2, 0.25"},
	{"`fleet_report`", "fleet_report", "", "10, 0.30"},
	{"`diagnose_server`", "diagnose_server", `"server_id":"1384"`, "11, 0.45"},
}

// slow answers after a while, and counts.
type slow struct {
	service  http.Handler
	requests atomic.Int64
}

func (s *slow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	time.Sleep(*delay)
	s.service.ServeHTTP(w, r)
}

func main() {
	flag.Parse()
	say("| call | requests, seconds | goal |\n| --- | --- | --- |")
	for _, r := range rows {
		took, err := r.measure()
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", r.tool, err)
			os.Exit(1)
		}
		say("| %s | %s | %s |", r.name, took, r.goal)
	}
}

func say(format string, args ...any) { _, _ = fmt.Fprintf(os.Stdout, format+"\n", args...) } //nolint:forbidigo // its report

var code = regexp.MustCompile(`confirm: "([^"]{16,})"`)

// measure makes the row's call, and once more with its plan's code.
func (r row) measure() (string, error) {
	service := &slow{service: sandbox.New(sandbox.Options{})}
	web := httptest.NewServer(service)
	defer web.Close()
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, BaseURL: web.URL, Observe: trail.Observe})
	if err != nil {
		return "", err
	}
	server, err := tools.New(tools.Options{Client: client, Policy: policy.Default()})
	if err != nil {
		return "", err
	}
	call := func(arguments string) (answer.Answer, string) {
		service.requests.Store(0)
		start := time.Now()
		a := server.Call(context.Background(), r.tool, []byte("{"+arguments+"}"))
		return a, fmt.Sprintf("%d, %.2f", service.requests.Load(), time.Since(start).Seconds())
	}
	got, took := call(r.arguments)
	if given := code.FindStringSubmatch(got.Text); got.NeedsConsent && given != nil {
		time.Sleep(2 * time.Second) // as long as a person reads at least; the pace is what it was
		var then string
		got, then = call(fmt.Sprintf(`%s,"confirm":%q`, r.arguments, given[1]))
		took += "; then " + then
	}
	if got.IsError {
		return "", fmt.Errorf("%s", got.Text)
	}
	return took, nil
}
