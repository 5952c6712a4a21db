package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// LookAtPlatform looks whether a server of the newer API is up, or is not. What else
// it may be doing its API does not tell.
func LookAtPlatform(r *account.Reader, id vpsapi.PlatformServerID, up bool) Look {
	return func(ctx context.Context) (bool, string, string, error) {
		now, err := vpsapi.GetPlatformServerStatus.Call(ctx, r.Client, vpsapi.GetPlatformServerStatusIn{ID: id})
		if err != nil {
			return false, "", "", err
		}
		wanted := Stopped
		if up {
			wanted = Running
		}
		return now.IsUp() == up, "platform server " + words.IDText(id) + " is " + StatusText(now), waitCall(r, "server_id", string(id), wanted), nil
	}
}

// StatusText says how a server of the newer API is.
func StatusText(s vpsapi.PlatformState) string {
	if s.IsUp() {
		return "up"
	}
	return fmt.Sprintf("not up (status %d)", s.Status)
}

// platformAppears looks for a new server by its hostname, and then whether it is up.
func platformAppears(r *account.Reader, hostname string) Look {
	return func(ctx context.Context) (bool, string, string, error) {
		all, err := vpsapi.ListPlatformServers.Call(ctx, r.Client, vpsapi.ListPlatformServersIn{})
		if err != nil {
			return false, "", "", err
		}
		i := slices.IndexFunc(all, func(s vpsapi.PlatformServer) bool { return strings.EqualFold(string(s.Hostname), hostname) })
		if i < 0 {
			return false, vpsapi.Quote(hostname) + " is not listed yet, though it is bought (never create it again)", r.CallText(vpsapi.ListPlatformServers.Name, ""), nil
		}
		done, how, again, err := LookAtPlatform(r, all[i].ServerID(), true)(ctx)
		return done, how + ", at " + words.AddressText(all[i].IPAddress), again, err
	}
}

// platformLook is what a call about a server of the newer API waits for; nil for
// another's.
func platformLook(r *account.Reader, p *plan.Plan) Look {
	if len(p.Steps) == 0 {
		return nil
	}
	switch in := p.Steps[len(p.Steps)-1].In.(type) {
	case vpsapi.CreatePlatformServerIn:
		return platformAppears(r, in.Hostname)
	case vpsapi.PowerOffPlatformServerIn:
		return LookAtPlatform(r, in.ID, false)
	}
	if id := p.FirstNamed("platform server"); id != "" {
		return LookAtPlatform(r, vpsapi.PlatformServerID(id), true)
	}
	return nil
}

// ssdOf is the SSD server that a plan was about, or that its reply names.
func ssdOf(p *plan.Plan, reply any) vpsapi.SSDServerID {
	if s, ok := reply.(vpsapi.SSDServer); ok && s.ID != "" {
		return s.ID
	}
	return vpsapi.SSDServerID(p.FirstNamed("SSD server"))
}

// LookAtSSD looks whether an SSD server is as wanted.
func LookAtSSD(r *account.Reader, id vpsapi.SSDServerID, wanted Until) Look {
	return func(ctx context.Context) (bool, string, string, error) {
		now, err := vpsapi.GetSSDServer.Call(ctx, r.Client, vpsapi.GetSSDServerIn{ID: id})
		if err != nil {
			return false, "", "", err
		}
		now.ID = id
		return wanted.Is(words.ServerOfSSD(now)), DescribeState("SSD server", words.ServerOfSSD(now)), waitCall(r, "ssd_server_id", string(id), wanted), nil
	}
}

// WaitArgument is added to the arguments of tools whose work takes time.
type WaitArgument struct {
	Wait *vpsapi.Flag `json:"wait,omitempty" jsonschema_description:"Until it is done, 45 s at most"`
}

// Until is the state that a call waits for, as wait_for_server calls it, and what reports a server in it.
type Until struct {
	Name string
	Is   func(vpsapi.Server) bool
}

// IsIdle reports a server with no task pending.
func IsIdle(s vpsapi.Server) bool {
	return s.PowerActionPending != nil && !bool(*s.PowerActionPending)
}

// The states that are waited for; all but idle ones are of a server with no task pending.
var (
	Idle    = Until{"idle", IsIdle}
	Running = Until{"running", func(s vpsapi.Server) bool { return IsIdle(s) && words.IsOn(s.Running) }}
	Stopped = Until{"stopped", func(s vpsapi.Server) bool { return IsIdle(s) && words.IsOff(s.Running) }}
	Built   = Until{"built", func(s vpsapi.Server) bool { return Running.Is(s) && !words.IsOff(s.Built) }}
)

// waitFunc makes the look at what a call waits for; nil where the call names nothing to look at.
type waitFunc func(r *account.Reader, p *plan.Plan, reply any) Look

// untilServer waits until the server of a call, of either kind, is as wanted.
func untilServer(wanted Until) waitFunc {
	return func(r *account.Reader, p *plan.Plan, reply any) Look {
		if id := ssdOf(p, reply); id != "" {
			return LookAtSSD(r, id, wanted)
		}
		if id := serverOf(p, reply); id != "" {
			return LookAtServer(r, id, wanted)
		}
		return nil
	}
}

// untilBackup waits until all backups of the call's server are built.
func untilBackup(r *account.Reader, p *plan.Plan, reply any) Look {
	if id := serverOf(p, reply); id != "" {
		return lookAtBackup(r, id)
	}
	return nil
}

// untilClone waits until the newest clone of the call's server has ended.
func untilClone(r *account.Reader, p *plan.Plan, reply any) Look {
	if id := serverOf(p, reply); id != "" {
		return lookAtClone(r, id)
	}
	return nil
}

// untilPlatform waits until the server of the newer API is as the call wanted it.
func untilPlatform(r *account.Reader, p *plan.Plan, _ any) Look { return platformLook(r, p) }

// serverOf is the server that a plan was about, or that its reply names.
func serverOf(p *plan.Plan, reply any) vpsapi.ServerID {
	if s, ok := reply.(vpsapi.Server); ok && s.ID != "" {
		return s.ID
	}
	return vpsapi.ServerID(p.FirstNamed("cloud server"))
}

// waitCall words the call that waits on.
func waitCall(r *account.Reader, field, id string, wanted Until) string {
	return r.CallText(WaitForServer, fmt.Sprintf(`{%q:%q,"state":%q}`, field, id, wanted.Name))
}

// Look sees once whether something is as wanted, says how it is, and which call
// looks again; empty where to wait is no use.
type Look func(ctx context.Context) (done bool, how, again string, err error)

// LookAtServer looks whether a cloud server is as wanted.
func LookAtServer(r *account.Reader, id vpsapi.ServerID, wanted Until) Look {
	return func(ctx context.Context) (bool, string, string, error) {
		now, err := vpsapi.GetServer.Call(ctx, r.Client, vpsapi.GetServerIn{ServerID: id})
		if err != nil {
			return false, "", "", err
		}
		how := DescribeState("cloud server", now)
		done := wanted.Is(now)
		if done && wanted.Name == Idle.Name {
			how += ", with no task pending"
		}
		if settled := IsIdle(now) && (account.IsSettledAs(now, true) || account.IsSettledAs(now, false)); settled && !done {
			return false, how + byHand(now), "", nil
		}
		return done, how, waitCall(r, "server_id", string(id), wanted), nil
	}
}

// byHand says how a server changes its state that no task is about to change.
func byHand(s vpsapi.Server) string {
	next := vpsapi.StartServer.Name + " starts it"
	if words.IsOn(s.Running) {
		next = vpsapi.ShutdownServer.Name + " stops it"
	}
	return ", and no task is under way that changes it: " + next
}

// lookAtBackup returns a look that is done when no backup of the server is being made.
func lookAtBackup(r *account.Reader, id vpsapi.ServerID) Look {
	return func(ctx context.Context) (bool, string, string, error) {
		backups, err := vpsapi.ListBackups.Call(ctx, r.Client, vpsapi.ListBackupsIn{ServerID: id})
		if err != nil {
			return false, "", "", err
		}
		for _, b := range backups {
			if b.Built != nil && !bool(*b.Built) {
				return false, fmt.Sprintf("backup %s is being made", words.IDText(b.ID)), r.CallText(vpsapi.ListBackups.Name, fmt.Sprintf(`{"server_id":%q}`, id)), nil
			}
		}
		return true, "the backup is built", "", nil
	}
}

// lookAtClone looks at the newest entry of a server's clone list: older ones may
// have ended in any way.
func lookAtClone(r *account.Reader, id vpsapi.ServerID) Look {
	again := r.CallText(vpsapi.ListClones.Name, fmt.Sprintf(`{"server_id":%q}`, id))
	return func(ctx context.Context) (bool, string, string, error) {
		clones, err := vpsapi.ListClones.Call(ctx, r.Client, vpsapi.ListClonesIn{ServerID: id})
		if err != nil {
			return false, "", "", err
		}
		if len(clones) == 0 {
			return false, "the clone is not listed yet", again, nil
		}
		newest := slices.MaxFunc(clones, func(a, b vpsapi.Clone) int { return cmp.Compare(number64(a.ID), number64(b.ID)) })
		status := strings.ToLower(string(newest.Status))
		ended := strings.Contains(status, "success") || strings.Contains(status, "fail") || strings.Contains(status, "error")
		return ended, fmt.Sprintf("clone %s, which makes cloud server %s, has the status %s",
			words.IDText(newest.ID), words.IDText(newest.ClonedServerID), vpsapi.Quote(string(newest.Status))), again, nil
	}
}

// number64 orders ids as the numbers that they are.
func number64[T any](id vpsapi.ID[T]) int64 {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// DescribeState says how a server is; what the service does not tell is unknown.
func DescribeState(kind string, s vpsapi.Server) string {
	state := "in an unknown state: the service does not say whether it runs"
	switch {
	case words.IsOn(s.Running):
		state = "running"
	case words.IsOff(s.Built):
		state = "being built"
	case words.IsOff(s.Running):
		state = "stopped"
	}
	switch {
	case s.PowerActionPending == nil:
		state += ", whether a task is pending is unknown"
	case bool(*s.PowerActionPending):
		state += ", a task is pending"
	}
	return fmt.Sprintf("%s %s (id %s) is %s", kind, vpsapi.Quote(string(s.Label)), words.IDText(s.ID), state)
}
