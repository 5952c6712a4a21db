package rpc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf16"

	"vpsnet-mcp/internal/rpc"
)

// echo is a library that answers each request with its method.
func echo(_ context.Context, message []byte) []byte {
	var m struct {
		ID     json.RawMessage
		Method string
	}
	if json.Unmarshal(message, &m) != nil || m.ID == nil {
		return nil
	}
	return []byte(`{"jsonrpc":"2.0","id":` + string(m.ID) + `,"result":"` + m.Method + `"}`)
}

// wide is a text as UTF-16, the low byte first, without its mark.
func wide(text string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// said is what a client of a pipe reads.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *said) lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Split(strings.TrimSuffix(s.text.String(), "\n"), "\n")
}

// TestPipeLines: what comes over a pipe in one go, and what goes back.
func TestPipeLines(t *testing.T) {
	for name, c := range map[string]struct{ in, out string }{
		"last line without its end":   {`{"jsonrpc":"2.0","id":3,"method":"ping"}`, `{"jsonrpc":"2.0","id":3,"result":"ping"}`},
		"BOM, CRLF, blank lines":      {"\ufeff\r\n\n \t\r\n{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}\r\n\r\n", `{"jsonrpc":"2.0","id":3,"result":"ping"}`},
		"UTF-16":                      {"\xff\xfe" + wide(`{"jsonrpc":"2.0","id":"é😀","method":"ping"}`+"\r\n") + wide(`{"jsonrpc":"2.0","id":4,"method":"ping"}`), `{"jsonrpc":"2.0","id":"é😀","result":"ping"}` + "\n" + `{"jsonrpc":"2.0","id":4,"result":"ping"}`},
		"a cursor of nobody's":        {`{"jsonrpc":"2.0","id":3,"method":"tools/list","params":{"cursor":"?"}}`, `{"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"Invalid params: unknown cursor"}}`},
		"a resource without a name":   {`{"jsonrpc":"2.0","id":3,"method":"resources/read","params":{}}`, `{"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"Invalid params: uri is missing; resources/list lists them"}}`},
		"above 2^53":                  {`{"jsonrpc":"2.0","id":1732659000123456789,"method":"ping"}`, `{"jsonrpc":"2.0","id":1732659000123456789,"result":"ping"}`},
		"beyond every integer":        {`{"id":123456789012345678901234567890,"jsonrpc":"2.0","method":"ping"}`, `{"jsonrpc":"2.0","id":123456789012345678901234567890,"result":"ping"}`},
		"negative":                    {`{"jsonrpc":"2.0","id":-9007199254740993,"method":"ping"}`, `{"jsonrpc":"2.0","id":-9007199254740993,"result":"ping"}`},
		"a fraction as it was sent":   {`{"jsonrpc":"2.0","id":1.50e0,"method":"ping"}`, `{"jsonrpc":"2.0","id":1.50e0,"result":"ping"}`},
		"a text as it was sent":       {`{"jsonrpc":"2.0","id":"<\u00e9&\"","method":"ping"}`, `{"jsonrpc":"2.0","id":"<\u00e9&\"","result":"ping"}`},
		"an empty text":               {`{"jsonrpc":"2.0","id":"","method":"ping"}`, `{"jsonrpc":"2.0","id":"","result":"ping"}`},
		"null":                        {`{"jsonrpc":"2.0","id":null,"method":"ping"}`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request: the id must be a string or a number"}}`},
		"an object":                   {`{"jsonrpc":"2.0","id":{},"method":"ping"}`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request: the id must be a string or a number"}}`},
		"no JSON":                     {`{"jsonrpc"`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}`},
		"no UTF-8":                    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xe9\"}", `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error: the message is not UTF-8"}}`},
		"no object":                   {`7`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request: a message must be an object"}}`},
		"no method":                   {`{"jsonrpc":"2.0","id":7}`, `{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"Invalid request: the method is missing"}}`},
		"a method that is not a text": {`{"jsonrpc":"2.0","id":7,"method":[]}`, `{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"Invalid request: the method must be a string"}}`},
		"a notification":              {`{"jsonrpc":"2.0","method":"notifications/initialized"}`, ``},
		"stray responses":             {`{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"dialog closed"}}` + "\n" + `{"jsonrpc":"2.0","id":1,"result":{}}` + "\n" + `{"jsonrpc":"2.0","id":null,"error":{}}` + "\n" + `{"jsonrpc":"2.0","error":7}`, ``},
		"a batch":                     {`[{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","method":"n"},{"jsonrpc":"2.0","id":"x","method":"b"},5]`, `[{"jsonrpc":"2.0","id":1,"result":"a"},{"jsonrpc":"2.0","id":"x","result":"b"},{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request: a message must be an object"}}]`},
		"a batch of notifications":    {`[{"jsonrpc":"2.0","method":"n"},{"jsonrpc":"2.0","id":1,"result":{}}]`, ``},
		"an empty batch":              {`[]`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request: the batch is empty"}}`},
		"initialize in a batch":       {`[{"jsonrpc":"2.0","id":1,"method":"initialize"}]`, `[{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"Invalid request: initialize must not be in a batch"}}]`},
		"a batch without an end":      {"[" + strings.Repeat(`{"jsonrpc":"2.0","id":1,"method":"a"},`, 50) + `{"jsonrpc":"2.0","id":1,"method":"a"}]`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request: a batch of more than 50 messages"}}`},
		"a line without an end":       {strings.Repeat("x", 5<<20) + "\n" + `{"jsonrpc":"2.0","id":3,"method":"ping"}`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"a message is longer than 4 MiB"}}` + "\n" + `{"jsonrpc":"2.0","id":3,"result":"ping"}`},
	} {
		t.Run(name, func(t *testing.T) {
			var out said
			if err := rpc.NewPipe(strings.NewReader(c.in), &out, echo).Serve(t.Context()); err != nil {
				t.Fatal(err)
			}
			got, want := out.lines(), strings.Split(c.out, "\n")
			slices.Sort(got) // each request is answered when it is done
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("got  %.300q\nwant %.300q", got, want)
			}
		})
	}
}

// conversation is a client of a pipe that speaks while it is served.
type conversation struct {
	out  said
	in   *io.PipeWriter
	done chan error
}

func talk(handle func(context.Context, []byte) []byte, more ...func(*rpc.Pipe)) *conversation {
	r, w := io.Pipe()
	c := &conversation{in: w, done: make(chan error, 1)}
	pipe := rpc.NewPipe(r, &c.out, handle)
	for _, m := range more {
		m(pipe)
	}
	go func() { c.done <- pipe.Serve(context.Background()) }()
	return c
}

func (c *conversation) say(line string) {
	_, _ = io.WriteString(c.in, line+"\n")
	synctest.Wait()
}

func (c *conversation) end(t *testing.T) {
	t.Helper()
	_ = c.in.Close()
	if err := <-c.done; err != nil {
		t.Error(err)
	}
}

func (c *conversation) heard(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	if got := strings.Join(c.out.lines(), "\n"); got != strings.Join(want, "\n") {
		t.Errorf("the client heard\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

// TestCancelled: a call that its client cancelled is not answered, whatever its id
// is; one of another id goes on.
func TestCancelled(t *testing.T) {
	for _, id := range []string{`1`, `"a"`, `-7`, `9007199254740993`, `1.5`} {
		synctest.Test(t, func(t *testing.T) {
			c := talk(func(ctx context.Context, message []byte) []byte {
				<-ctx.Done()
				if !errors.Is(context.Cause(ctx), rpc.ErrCancelled) {
					t.Errorf("the call ended by %v", context.Cause(ctx))
				}
				rpc.CallOf(ctx).Progress("too late")
				return echo(ctx, message)
			})
			c.say(`{"jsonrpc":"2.0","id":` + id + `,"method":"tools/call","params":{"_meta":{"progressToken":7}}}`)
			c.say(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"other"}}`)
			c.heard(t, "")
			c.say(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":` + id + `}}`)
			c.end(t)
			c.heard(t, "")
		})
	}
}

// TestQuestions: a question gets the client's result or its error with the code; one
// that is given up is taken back, and an answer that comes after that says nothing.
func TestQuestions(t *testing.T) {
	ask := func(ctx context.Context, message []byte) []byte {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		result, err := rpc.CallOf(ctx).Ask(ctx, "elicitation/create", map[string]any{"message": "sure?"})
		answer := string(result)
		if err != nil {
			b, _ := json.Marshal(err.Error())
			answer = string(b)
		}
		return bytes.Replace(echo(ctx, message), []byte(`"tools/call"`), []byte(answer), 1)
	}
	const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call"}`
	const question = `{"id":1099511627778,"jsonrpc":"2.0","method":"elicitation/create","params":{"message":"sure?"}}`
	const takenBack = `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"reason":"the question is no longer open","requestId":1099511627778}}`
	for name, c := range map[string]struct {
		then []string
		want []string
	}{
		"a result": {[]string{`{"jsonrpc":"2.0","id":1099511627778,"result":{"action":"accept"}}`}, []string{question, `{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}`}},
		"an error": {[]string{`{"jsonrpc":"2.0","id":1099511627778,"error":{"code":-32601,"message":"no such method"}}`}, []string{question, `{"jsonrpc":"2.0","id":1,"result":"JSON-RPC error -32601: no such method"}`}},
		"another's answers": {[]string{`{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}`, `{"jsonrpc":"2.0","id":"1099511627778","result":{}}`, `{"jsonrpc":"2.0","id":1099511627778,"result":5}`, `{"jsonrpc":"2.0","id":1099511627778,"result":6}`},
			[]string{question, `{"jsonrpc":"2.0","id":1,"result":5}`}},
		"nothing": {[]string{""}, []string{question, takenBack, `{"jsonrpc":"2.0","id":1,"result":"context deadline exceeded"}`}},
		"cancelled, then an error": {[]string{`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`, `{"jsonrpc":"2.0","id":1099511627778,"error":{"code":-1,"message":"dialog closed"}}`, `{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"dialog closed"}}`},
			[]string{question, takenBack}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				talk := talk(ask)
				talk.say(call)
				for _, line := range c.then {
					talk.say(line)
				}
				if name == "nothing" {
					time.Sleep(2 * time.Minute)
				}
				talk.heard(t, c.want...)
				talk.end(t)
			})
		})
	}
}

// TestProgress: the numbers of a call's progress only grow, its token comes back as
// it was sent, and none comes after the answer.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept *rpc.Call
		c := talk(func(ctx context.Context, message []byte) []byte {
			kept = rpc.CallOf(ctx)
			var all sync.WaitGroup
			for range 2 {
				all.Go(func() { kept.Progress("on") })
			}
			all.Wait()
			return echo(ctx, message)
		})
		c.say(`{"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{"progressToken":9007199254740993}}}`)
		kept.Progress("late")
		c.heard(t, `{"jsonrpc":"2.0","method":"notifications/progress","params":{"message":"on","progress":1,"progressToken":9007199254740993}}`,
			`{"jsonrpc":"2.0","method":"notifications/progress","params":{"message":"on","progress":2,"progressToken":9007199254740993}}`,
			`{"jsonrpc":"2.0","id":1,"result":"a"}`)
		c.end(t)
		rpc.CallOf(t.Context()).Progress("of no call")
	})
}

// TestWaitsKeepNobody: a thousand calls that wait keep no ping, and one more than
// there are places for is told so at once.
func TestWaitsKeepNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		free := make(chan struct{})
		c := talk(func(ctx context.Context, message []byte) []byte {
			if bytes.Contains(message, []byte("wait")) {
				<-free
			}
			return echo(ctx, message)
		})
		for i := range 1023 {
			_, _ = fmt.Fprintf(c.in, `{"jsonrpc":"2.0","id":%d,"method":"wait"}`+"\n", i)
		}
		c.say(`{"jsonrpc":"2.0","id":"p","method":"ping"}`)
		c.heard(t, `{"jsonrpc":"2.0","id":"p","result":"ping"}`)
		c.say(`{"jsonrpc":"2.0","id":1023,"method":"wait"}`)
		c.say(`{"jsonrpc":"2.0","id":"q","method":"ping"}`)
		c.heard(t, `{"jsonrpc":"2.0","id":"p","result":"ping"}`, `{"jsonrpc":"2.0","id":"q","error":{"code":-32000,"message":"1024 requests are under way; wait until some are answered"}}`)
		close(free)
		c.end(t)
		if n := len(c.out.lines()); n != 1026 {
			t.Errorf("%d answers", n)
		}
	})
}

// TestEnds: after the end of the input what was asked is answered, for as long as
// that may take; streams end at once.
func TestEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := false
		start := time.Now()
		c := talk(func(ctx context.Context, message []byte) []byte {
			if bytes.Contains(message, []byte("subscriptions/listen")) {
				<-ctx.Done()
			} else {
				time.Sleep(20 * time.Second)
			}
			return echo(ctx, message)
		}, func(p *rpc.Pipe) { p.Ended = func() { ended = true } })
		c.say(`{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen"}`)
		c.say(`{"jsonrpc":"2.0","id":2,"method":"slow"}`)
		c.end(t)
		c.heard(t, `{"jsonrpc":"2.0","id":1,"result":"subscriptions/listen"}`, `{"jsonrpc":"2.0","id":2,"result":"slow"}`)
		if took := time.Since(start); took != 20*time.Second || !ended {
			t.Errorf("it took %s; the end was told: %t", took, ended)
		}
	})
	synctest.Test(t, func(t *testing.T) { // one that ends by its context alone
		c := talk(func(ctx context.Context, message []byte) []byte { <-ctx.Done(); return echo(ctx, message) })
		c.say(`{"jsonrpc":"2.0","id":1,"method":"slow"}`)
		start := time.Now()
		c.end(t)
		if took := time.Since(start); took != 30*time.Second {
			t.Errorf("it took %s", took)
		}
	})
	synctest.Test(t, func(t *testing.T) { // one that heeds nothing
		free := make(chan struct{})
		c := talk(func(context.Context, []byte) []byte { <-free; return nil })
		c.say(`{"jsonrpc":"2.0","id":1,"method":"slow"}`)
		_ = c.in.Close()
		if err := <-c.done; !errors.Is(err, rpc.ErrUnfinished) {
			t.Errorf("it ended by %v", err)
		}
		close(free)
	})
}

// TestPanic: a request that panics is answered, and the next one too.
func TestPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		told := ""
		c := talk(func(ctx context.Context, message []byte) []byte {
			if bytes.Contains(message, []byte("boom")) {
				panic("boom")
			}
			return echo(ctx, message)
		}, func(p *rpc.Pipe) { p.Panicked = func(why any, _ []byte) { told = fmt.Sprint(why) } })
		c.say(`{"jsonrpc":"2.0","id":1,"method":"boom"}`)
		c.say(`{"jsonrpc":"2.0","id":2,"method":"ping"}`)
		c.heard(t, `{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"internal error; the log has the details"}}`, `{"jsonrpc":"2.0","id":2,"result":"ping"}`)
		if c.end(t); told != "boom" {
			t.Errorf("told: %s", told)
		}
	})
}

// TestStandsFor: an internal error of the library takes the code that its handler
// meant; other answers stay.
func TestStandsFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := talk(func(ctx context.Context, message []byte) []byte {
			rpc.CallOf(ctx).ReplaceError(rpc.Error{Code: rpc.InvalidParams, Data: map[string]string{"uri": "x"}})
			answer := echo(ctx, message)
			if bytes.Contains(message, []byte("fail")) {
				answer = bytes.Replace(answer, []byte(`"result":"fail"`), []byte(`"error":{"code":-32603,"message":"not found"}`), 1)
			}
			return answer
		})
		c.say(`{"jsonrpc":"2.0","id":1,"method":"fail"}`)
		c.say(`{"jsonrpc":"2.0","id":2,"method":"read"}`)
		c.heard(t, `{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"not found","data":{"uri":"x"}}}`, `{"jsonrpc":"2.0","id":2,"result":"read"}`)
		c.end(t)
	})
}

// FuzzLines: whatever comes over a pipe, each line that goes back is a response
// or a batch of them, and a request in the middle is answered under its own id.
func FuzzLines(f *testing.F) {
	for _, seed := range []string{"", "{}", "[]", "[[]]", "\ufeff", "\r\n", "null", `{"id":1}`, `{"method":"a","id":1e400}`, `[{"id":"\ud800","method":"x"}]`, `{"method":"notifications/cancelled","params":{"requestId":{}}}`, `{"id":5,"result":null}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if bytes.HasPrefix(in, []byte("\xfe\xff")) || bytes.HasPrefix(in, []byte("\xff\xfe")) {
			return // it says that all of the pipe is UTF-16, and the request is not
		}
		var out said
		whole := append(append(bytes.Clone(in), "\n{\"jsonrpc\":\"2.0\",\"id\":18446744073709551617,\"method\":\"the/one\"}\n"...), in...)
		if err := rpc.NewPipe(bytes.NewReader(whole), &out, echo).Serve(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.text.String(), `{"jsonrpc":"2.0","id":18446744073709551617,"result":"the/one"}`) {
			t.Errorf("the one request is not answered: %s", out.text.String())
		}
		for _, line := range out.lines() {
			if !json.Valid([]byte(line)) {
				t.Errorf("no JSON: %q", line)
			}
		}
	})
}
