package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vpsnet-mcp/tools"
	"vpsnet-mcp/vpsapi"
)

// exampleValues are values by argument that the sandbox's account knows, or takes.
var exampleValues = map[string]string{
	"server_id": "1384", "virtual_machine_id": "1384", "domain_id": "51", "backup_id": "3774", "record_id": "2315958", "dns_template_id": "51",
	"ip_id": "5010", "node_id": "5005", "ticket_id": "979", "cloud_id": "1", "system_template_id": "41", "clone_id": "86", "invoice_no": "9130",
	"commercial_template_id": "25", "windows_template_id": "15", "consumer_id": "0", "label": "web02", "fqdn": "web02.example.com",
	"quantity": "1", "ip_address": "192.0.2.10", "body": "Thank you.", "zone": "www 3600 IN A 192.0.2.10",
	"platform_server_id": "117-4107", "location_id": "117", "hostname": "web1.example.com", "product_name": "V3", "ssh_key_id": "77",
}

// exampleCall returns a call of a tool that runs on the sandbox.
func exampleCall(e tools.Entry, schema inputSchema) string {
	line := "vpsnet-mcp call " + e.Name
	for _, word := range exampleArguments(e, schema) {
		name, value, _ := strings.Cut(word, "=")
		line += " " + name + "=" + quoteShell(value)
	}
	line += " --sandbox"
	if e.Safety > vpsapi.Changes {
		line += " --yes"
	}
	return line
}

// exampleArguments returns its arguments: those that are required, and those that the tool
// cannot do without.
func exampleArguments(e tools.Entry, schema inputSchema) []string {
	var words []string
	own := toolExampleValues[e.Name]
	for _, name := range schema.Required {
		if _, has := own[name]; !has {
			words = append(words, name+"="+exampleValue(schema, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		words = append(words, name+"="+own[name])
	}
	return words
}

// exampleValue returns a value for an argument in an example call.
func exampleValue(schema inputSchema, name string) string {
	if value, ok := exampleValues[name]; ok {
		return value
	}
	property := schema.Properties[name]
	switch {
	case len(property.Enum) > 0:
		return fmt.Sprint(property.Enum[0])
	case property.Type == "boolean":
		return "false"
	case property.Type == "integer" && property.Minimum != nil:
		return fmt.Sprint(*property.Minimum)
	case property.Type == "integer":
		return "1"
	}
	return "example"
}

// quoteShell quotes a value so that a POSIX shell passes it on as it is.
func quoteShell(value string) string {
	if strings.ContainsAny(value, " \"'[]{}*?$&;|<>()") || value == "" {
		return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
	}
	return value
}
