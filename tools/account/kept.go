package account

import (
	"sync"
	"time"

	"vpsnet-mcp/vpsapi"
)

// What is kept, how long and how much: a reply of a large cloud is some 100 kB.
const (
	keptFor  = time.Minute
	mostKept = 200
)

// lasting are the functions whose replies do not change in minutes, as long as
// this program changes nothing.
var lasting = map[string]bool{
	vpsapi.ListClouds.Name: true, vpsapi.ListSSDClouds.Name: true, vpsapi.GetCloud.Name: true,
	vpsapi.GetSystemTemplate.Name: true, vpsapi.ListTemplates.Name: true,
	vpsapi.GetProfile.Name: true, vpsapi.GetBillingInfo.Name: true, vpsapi.ListRecoverableServers.Name: true,
	vpsapi.ListPlatformLocations.Name: true, vpsapi.ListPlatformPlans.Name: true, vpsapi.ListPlatformSystems.Name: true,
}

// Kept are replies of lasting functions, of every account for itself, for the
// words of the plans to come. Nothing is decided by them. The nil pointer keeps nothing.
type Kept struct {
	mu      sync.Mutex
	replies map[keptKey]keptReply
	drops   int
}

// keptKey is a request by one account's client: others never see its reply.
type keptKey struct {
	client  *vpsapi.Client
	request string
}

type keptReply struct {
	out any
	at  time.Time
}

// NewKept makes an empty one.
func NewKept() *Kept { return &Kept{replies: map[keptKey]keptReply{}} }

func (k *Kept) get(c *vpsapi.Client, request string, now time.Time) (any, bool) {
	if k == nil {
		return nil, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	got, ok := k.replies[keptKey{c, request}]
	return got.out, ok && !got.old(now)
}

// old reports a reply that is kept no longer; one from later than now, too.
func (k keptReply) old(now time.Time) bool {
	age := now.Sub(k.at)
	return age < 0 || age >= keptFor
}

// since is what put is told of a reply that is asked for now.
func (k *Kept) since() int {
	if k == nil {
		return 0
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.drops
}

// put keeps a reply, unless something was dropped since it was asked for: then it
// may be of before a change.
func (k *Kept) put(c *vpsapi.Client, request string, out any, now time.Time, since int) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.drops != since {
		return
	}
	if len(k.replies) >= mostKept {
		for key, reply := range k.replies {
			if reply.old(now) {
				delete(k.replies, key)
			}
		}
	}
	if len(k.replies) >= mostKept {
		clear(k.replies)
	}
	k.replies[keptKey{c, request}] = keptReply{out, now}
}

// Drop forgets what is kept of an account. Whoever changes something calls it:
// which replies a change touches is not known for sure.
func (k *Kept) Drop(c *vpsapi.Client) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drops++
	for key := range k.replies {
		if key.client == c {
			delete(k.replies, key)
		}
	}
}
