package setup

import (
	"os"
	"path"
	"regexp"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// program is how this program's file is named, but for what may follow.
const program = "vpsnet-mcp"

// ourNames are the names of the entries of ours that setup keeps: Name, and the former
// one.
func ourNames(doc map[string]any, table string) []string {
	var names []string
	for _, name := range []string{Name, formerName} {
		if entry := entryNamed(doc, table, name); entry != nil && isOurs(name, entry) {
			names = append(names, name)
		}
	}
	return names
}

// hasForeignEntry reports an entry of our name that is not ours.
func hasForeignEntry(doc map[string]any, table string) bool {
	servers, _ := doc[table].(map[string]any)
	value, has := servers[Name]
	entry, _ := value.(map[string]any)
	return has && !isOurs(Name, entry)
}

// isOurs reports an entry that starts this program; under our own name also one that
// leads to a hosted server, or nowhere yet. VPSnet.com's program has the same name
// as this one: what speaks of that company, or has a key without the address that
// this program needs beside it, is theirs.
func isOurs(name string, entry map[string]any) bool {
	if entry == nil || namesVPSnetCom(entry) {
		return false
	}
	e := entryOf(entry)
	if e.Command == "" {
		return name == Name
	}
	file := strings.ReplaceAll(e.Command, `\`, "/")
	own, err := os.Executable()
	if renamed := err == nil && e.Command == own; !renamed && !strings.HasPrefix(path.Base(file), program) {
		return false
	}
	if name == Name {
		return true
	}
	env, _ := entry["env"].(map[string]any)
	_, key := env["VPSNET_API_KEY"]
	_, address := env["VPSNET_EMAIL"]
	return (!key || address) && (name != formerName || strings.Contains(file, "/")) // setup wrote whole paths
}

// hostname finds names of VPSnet.com, which is another company than VPS.NET.
var hostname = regexp.MustCompile(`(?i)[a-z0-9.-]*vpsnet\.com\.*`)

// namesVPSnetCom reports that something in an entry names a host of VPSnet.com.
func namesVPSnetCom(value any) bool {
	switch v := value.(type) {
	case string:
		for _, host := range hostname.FindAllString(v, -1) {
			if vpsapi.RefuseNamesake(strings.TrimLeft(host, ".-")) != nil {
				return true
			}
		}
	case []any:
		for _, element := range v {
			if namesVPSnetCom(element) {
				return true
			}
		}
	case map[string]any:
		for _, element := range v {
			if namesVPSnetCom(element) {
				return true
			}
		}
	}
	return false
}

// entryURL returns where a decoded entry leads; empty when it starts a command alone.
func entryURL(entry map[string]any) string {
	for _, name := range []string{"url", "httpUrl", "serverUrl"} {
		if u, ok := entry[name].(string); ok {
			return u
		}
	}
	return ""
}

// bearerHeader is the Authorization header that setup writes: it names a variable, not the token.
var bearerHeader = regexp.MustCompile(`^Bearer \$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)\}$`)

// tokenVariable returns the variable that a decoded entry takes its token from.
func tokenVariable(entry map[string]any) string {
	if name, ok := entry["bearer_token_env_var"].(string); ok {
		return name
	}
	headers, _ := entry["headers"].(map[string]any)
	value, _ := headers["Authorization"].(string)
	if m := bearerHeader.FindStringSubmatch(value); m != nil {
		return m[1]
	}
	return ""
}
