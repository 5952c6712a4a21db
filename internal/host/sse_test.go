package host

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
)

// TestOverSSE: the first revision's transport reads and answers messages as the others do.
func TestOverSSE(t *testing.T) {
	g, account := slowed(t)
	s := newSite(t, account)
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/sse", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+s.tokens["anna"])
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Body.Close() }()
	lines := bufio.NewScanner(stream.Body)
	lines.Buffer(nil, 1<<20)
	next := func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		t.Fatal("the stream ended")
		return ""
	}
	endpoint := strings.TrimSpace(next())
	post := func(body string) {
		t.Helper()
		s.status(body, http.StatusAccepted, http.MethodPost, endpoint, body, s.headers("anna")...)
	}
	post(strings.Replace(initialize, `"id":1`, `"id":9007199254740993`, 1))
	if got := next(); !strings.Contains(got, `"result":`) {
		t.Fatal(got)
	}
	for _, c := range [][2]string{
		{`{"jsonrpc":"2.0","id":9223372036854775807,"method":"ping"}`, `{"jsonrpc":"2.0","id":9223372036854775807,"result":{}}`},
		{"\ufeff" + `{"jsonrpc":"2.0","id":"a","method":"ping","params":[]}`, `{"jsonrpc":"2.0","id":"a","result":{}}`},
		{`[{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"},{"jsonrpc":"2.0","id":4,"error":{"code":-1,"message":"x"}},{"jsonrpc":"2.0","method":"notifications/x"}]`, `[{"jsonrpc":"2.0","id":9007199254740993,"result":{}}]`},
		{`{`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}`},
		{`{"jsonrpc":"2.0","id":7,"method":"prompts/get","params":{"name":"deploy_server","arguments":[]}}`, `{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"prompt deploy_server needs`},
	} {
		post(c[0])
		if got := next(); !strings.HasPrefix(got, c[1]) {
			t.Errorf("%s: %s", c[0], got)
		}
	}
	post(`{"jsonrpc":"2.0","id":4,"error":{"code":-1,"message":"x"}}`)
	post(`{"jsonrpc":"2.0","id":9007199254740995,"method":"tools/call","params":{"name":"get_profile","arguments":[],"_meta":[]}}`)
	<-g.came
	post(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9007199254740995}}`)
	close(g.opened)
	post(`{"jsonrpc":"2.0","id":8,"method":"ping"}`)
	if got := next(); got != `{"jsonrpc":"2.0","id":8,"result":{}}` {
		t.Errorf("a stray response or a cancelled call was answered: %s", got)
	}
}
