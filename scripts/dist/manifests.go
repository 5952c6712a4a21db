package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

// modulePath is the module's path, as go.mod has it.
func modulePath() string {
	info, _ := debug.ReadBuildInfo()
	return info.Main.Path
}

// programInfo is what server.json says of the program; every manifest says the same.
type programInfo struct {
	Title       string `json:"title"`
	Description string `json:"description"`
}

// readAbout reads what the manifests say of the program from server.json.
func readAbout() (a programInfo, err error) {
	text, err := os.ReadFile("server.json")
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	return a, err
}

// manifests are what package managers for people take: a Homebrew formula and a
// Scoop manifest, both leading to the archives.
func manifests(version, owner string, made []file) ([]file, error) {
	a, err := readAbout()
	if err != nil {
		return nil, err
	}
	home := "https://github.com/" + owner + "/vpsnet-mcp"
	archive := func(t target) (url, hash string, err error) {
		name := fmt.Sprintf("vpsnet-mcp_%s_%s_%s.%s", version, t.os, t.arch, t.archiveExtension())
		for _, f := range made {
			if f.name == name {
				return home + "/releases/download/v" + version + "/" + name, checksum(f.text), nil
			}
		}
		return "", "", fmt.Errorf("there is no archive %s", name)
	}
	formula, err := homebrew(a, version, home, archive)
	if err != nil {
		return nil, err
	}
	bucket, err := scoop(a, version, home, archive)
	if err != nil {
		return nil, err
	}
	return []file{{name: "vpsnet-mcp.rb", text: formula}, {name: "vpsnet-mcp.scoop.json", text: bucket}}, nil
}

// homebrew is a formula for macOS and Linux.
func homebrew(a programInfo, version, home string, archive func(target) (string, string, error)) ([]byte, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "class VpsnetMcp < Formula\n  desc %q\n  homepage %q\n  version %q\n  license \"MIT\"\n", shortDescription(a.Description), home, version)
	for _, system := range []struct{ block, os string }{{"on_macos", "darwin"}, {"on_linux", "linux"}} {
		fmt.Fprintf(&b, "\n  %s do\n", system.block)
		for _, cpu := range []struct{ block, arch string }{{"on_arm", "arm64"}, {"on_intel", "amd64"}} {
			url, hash, err := archive(target{system.os, cpu.arch})
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&b, "    %s do\n      url %q\n      sha256 %q\n    end\n", cpu.block, url, hash)
		}
		b.WriteString("  end\n")
	}
	b.WriteString(`
  def install
    bin.install "vpsnet-mcp"
    generate_completions_from_executable(bin/"vpsnet-mcp", "completion")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/vpsnet-mcp version")
    assert_match "web01", shell_output("#{bin}/vpsnet-mcp call list_cloud_servers --sandbox")
  end
end
`)
	return []byte(b.String()), nil
}

// shortDescription returns a description as Homebrew takes it: short, and without a full stop.
func shortDescription(description string) string {
	first, _, _ := strings.Cut(description, ", with ")
	return strings.TrimSuffix(first, ".")
}

// scoop returns the manifest for Scoop, a package manager of Windows.
func scoop(a programInfo, version, home string, archive func(target) (string, string, error)) ([]byte, error) {
	type source struct {
		URL  string `json:"url"`
		Hash string `json:"hash"`
	}
	systems, updates := map[string]source{}, map[string]map[string]string{}
	for name, arch := range map[string]string{"64bit": "amd64", "arm64": "arm64"} {
		url, hash, err := archive(target{"windows", arch})
		if err != nil {
			return nil, err
		}
		systems[name] = source{url, hash}
		updates[name] = map[string]string{"url": strings.ReplaceAll(url, version, "$version")}
	}
	return json.MarshalIndent(map[string]any{
		"version": version, "description": a.Description, "homepage": home, "license": "MIT", "bin": "vpsnet-mcp.exe",
		"architecture": systems, "checkver": "github", "autoupdate": map[string]any{"architecture": updates},
	}, "", "  ")
}

// extensions are the files that make an unpacked archive an extension of Gemini CLI
// and a plugin of Claude Code. Both start the program beside them, with the
// credentials that setup kept.
func (t target) extensions(version string) ([]file, error) {
	a, err := readAbout()
	if err != nil {
		return nil, err
	}
	server := func(folder string) map[string]any {
		return map[string]any{"vps-net": map[string]any{"command": folder + "/" + t.program(), "args": []string{}}}
	}
	var files []file
	for _, f := range []struct {
		name string
		text map[string]any
	}{
		{"gemini-extension.json", map[string]any{
			"name": "vps-net", "version": version, "description": a.Description, "mcpServers": server("${extensionPath}"),
		}},
		{".claude-plugin/plugin.json", map[string]any{
			"name": "vps-net", "version": version, "description": a.Description, "license": "MIT",
			"author": map[string]string{"name": "vpsnet-mcp authors"}, "mcpServers": server("${CLAUDE_PLUGIN_ROOT}"),
		}},
	} {
		text, err := json.MarshalIndent(f.text, "", "  ")
		if err != nil {
			return nil, err
		}
		files = append(files, file{f.name, append(text, '\n'), 0o644})
	}
	return files, nil
}
