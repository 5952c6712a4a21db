package account

import (
	"sync"
	"time"

	"vpsnet-mcp/vpsapi"
)

// What is kept, how long and how much: a reply of a large cloud is some 100 kB.
const (
	// cacheTTL is how long a reply may be shown again without reading it anew.
	cacheTTL = time.Minute
	// maxCached is how many replies are kept.
	maxCached = 200
)

// cachedFunctions are the functions whose replies do not change in minutes, as long as
// this program changes nothing.
var cachedFunctions = map[string]bool{
	vpsapi.ListClouds.Name: true, vpsapi.ListSSDClouds.Name: true, vpsapi.GetCloud.Name: true,
	vpsapi.GetSystemTemplate.Name: true, vpsapi.ListTemplates.Name: true,
	vpsapi.GetProfile.Name: true, vpsapi.GetBillingInfo.Name: true, vpsapi.ListRecoverableServers.Name: true,
	vpsapi.ListPlatformLocations.Name: true, vpsapi.ListPlatformPlans.Name: true, vpsapi.ListPlatformSystems.Name: true,
}

// ReplyCache are replies of lasting functions, of every account for itself, for the
// words of the plans to come. Nothing is decided by them. The nil pointer keeps nothing.
type ReplyCache struct {
	mu      sync.Mutex
	replies map[cacheKey]cachedReply
	drops   int
}

// cacheKey is a request by one account's client: others never see its reply.
type cacheKey struct {
	client  *vpsapi.Client
	request string
}

// cachedReply is a decoded reply and when it was read.
type cachedReply struct {
	out any
	at  time.Time
}

// NewReplyCache makes an empty cache of replies.
func NewReplyCache() *ReplyCache { return &ReplyCache{replies: map[cacheKey]cachedReply{}} }

// get returns the kept reply to a client's request, unless it is too old. A nil cache has none.
func (k *ReplyCache) get(c *vpsapi.Client, request string, now time.Time) (any, bool) {
	if k == nil {
		return nil, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	got, ok := k.replies[cacheKey{c, request}]
	return got.out, ok && !got.isExpired(now)
}

// isExpired reports a reply that is kept no longer; one from later than now, too.
func (k cachedReply) isExpired(now time.Time) bool {
	age := now.Sub(k.at)
	return age < 0 || age >= cacheTTL
}

// version returns what put is told of a reply that is asked for now.
func (k *ReplyCache) version() int {
	if k == nil {
		return 0
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.drops
}

// put keeps a reply, unless something was dropped since it was asked for: then it
// may be of before a change.
func (k *ReplyCache) put(c *vpsapi.Client, request string, out any, now time.Time, since int) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.drops != since {
		return
	}
	if len(k.replies) >= maxCached {
		for key, reply := range k.replies {
			if reply.isExpired(now) {
				delete(k.replies, key)
			}
		}
	}
	if len(k.replies) >= maxCached {
		clear(k.replies)
	}
	k.replies[cacheKey{c, request}] = cachedReply{out, now}
}

// Drop forgets what is kept of an account. Whoever changes something calls it:
// which replies a change touches is not known for sure.
func (k *ReplyCache) Drop(c *vpsapi.Client) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drops++
	for key := range k.replies {
		if key.client == c {
			delete(k.replies, key)
		}
	}
}
