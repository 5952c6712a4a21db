// Command bare is the yardstick of the benchmarks: a server on mcp-go alone that
// publishes the list that vpsnet-mcp publishes, and answers list_cloud_servers by
// forwarding one request and its body. With -same it decodes into the same types
// as vpsnet-mcp and answers the same structured and text result, by the library's
// own helpers. It checks, redacts, logs and limits nothing.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/vpsapi"
)

var (
	list   = flag.String("list", "", "the tools list, as JSON")
	listen = flag.String("listen", "", "serve streamable HTTP there instead of stdio")
	same   = flag.Bool("same", false, "decode into the same types and answer the same")
)

func main() {
	flag.Parse()
	raw, err := os.ReadFile(*list)
	if err != nil {
		log.Fatal(err)
	}
	var tools []mcp.Tool
	if err := json.Unmarshal(raw, &tools); err != nil {
		log.Fatal(err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 128, 128
	u := upstream{&http.Client{Transport: transport}, os.Getenv("VPSNET_API_URL"), os.Getenv("VPSNET_EMAIL"), os.Getenv("VPSNET_API_KEY")}
	s := server.NewMCPServer("bare", "1", server.WithToolCapabilities(false))
	for _, t := range tools {
		s.AddTool(t, u.answer)
	}
	if *listen != "" {
		log.Fatal(http.ListenAndServe(*listen, server.NewStreamableHTTPServer(s))) //nolint:gosec // a yardstick, on the loopback
	}
	if err := server.NewStdioServer(s).Listen(context.Background(), os.Stdin, os.Stdout); err != nil { //nolint:forbidigo // the protocol
		log.Fatal(err)
	}
}

// upstream is the REST service.
type upstream struct {
	client          *http.Client
	url, email, key string
}

func (u upstream) answer(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.url+"/virtual_machines.api10json", http.NoBody)
	if err != nil {
		return nil, err
	}
	request.SetBasicAuth(u.email, u.key)
	response, err := u.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if !*same {
		return mcp.NewToolResultText(string(body)), nil
	}
	var servers []struct {
		Server vpsapi.Server `json:"virtual_machine"`
	}
	if err := json.Unmarshal(body, &servers); err != nil {
		return nil, err
	}
	rows := make([]row, len(servers))
	for i, s := range servers {
		rows[i] = rowOf(s.Server)
	}
	return mcp.NewToolResultStructuredOnly(map[string]any{"items": rows, "total": len(rows)}), nil
}
