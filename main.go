// Command vpsnet-mcp serves the VPS.NET API as an MCP server.
package main

import (
	"os"

	"vpsnet-mcp/internal/cli"
)

func main() { os.Exit(cli.Main()) }
