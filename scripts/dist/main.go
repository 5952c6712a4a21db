// Command dist makes a release in a folder: an archive and an MCP bundle for each
// system, a bill of materials (CycloneDX) of each, server.json for the registry,
// manifests for Homebrew and Scoop, and the checksums of all. The same commit and Go
// give the same bytes.
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	out := flag.String("out", "dist", "the folder, made anew")
	version := flag.String("version", "", "such as 0.1.0")
	owner := flag.String("owner", "OWNER", "the GitHub account that publishes it, for server.json and the manifests")
	only := flag.String("only", "", "one system alone, such as linux/amd64, without server.json and manifests")
	sbom := flag.String("sbom", "", "cyclonedx-gomod")
	flag.Parse()
	if err := release(*out, *version, *owner, *only, *sbom); err != nil {
		log.Fatal("dist: ", err)
	}
}

// target is a system that is built for.
type target struct{ os, arch string }

// targets are the systems for which a release has a program.
var targets = []target{
	{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"},
}

// program returns the file name of the program.
func (t target) program() string {
	if t.os == "windows" {
		return "vpsnet-mcp.exe"
	}
	return "vpsnet-mcp"
}

// archiveExtension returns that of the system's archive.
func (t target) archiveExtension() string {
	if t.os == "windows" {
		return "zip"
	}
	return "tar.gz"
}

// file is what goes into an archive.
type file struct {
	name string
	text []byte
	mode os.FileMode
}

// release builds the targets, all or the only one, and writes archives, checksums and manifests to out.
func release(out, version, owner, only, sbom string) error {
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "dist")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	if err := os.MkdirAll(out, 0o755); err != nil { //nolint:gosec // a release is for everybody
		return err
	}
	var made []file
	bundles := map[string]string{}
	for _, t := range targets {
		if only != "" && only != t.os+"/"+t.arch {
			continue
		}
		files, err := t.make(work, version, sbom)
		if err != nil {
			return fmt.Errorf("%s/%s: %w", t.os, t.arch, err)
		}
		for _, f := range files {
			if strings.HasSuffix(f.name, ".mcpb") {
				bundles[f.name] = checksum(f.text)
			}
		}
		made = append(made, files...)
	}
	if only == "" {
		server, err := serverJSON(version, owner, bundles)
		if err != nil {
			return err
		}
		manifests, err := manifests(version, owner, made)
		if err != nil {
			return err
		}
		made = append(append(made, file{name: "server.json", text: server}), manifests...)
	}
	if len(made) == 0 {
		return fmt.Errorf("there is no target %s", only)
	}
	var sums strings.Builder
	slices.SortFunc(made, func(a, b file) int { return strings.Compare(a.name, b.name) })
	for _, f := range made {
		fmt.Fprintf(&sums, "%s  %s\n", checksum(f.text), f.name)
	}
	for _, f := range append(made, file{name: "checksums.txt", text: []byte(sums.String())}) {
		if err := os.WriteFile(filepath.Join(out, f.name), f.text, 0o644); err != nil { //nolint:gosec // a release is for everybody
			return err
		}
	}
	return nil
}

// checksum returns the SHA-256 of a file in hexadecimal.
func checksum(text []byte) string { return fmt.Sprintf("%x", sha256.Sum256(text)) }

// versionVariable is what the linker sets to the release's version, as -X names it under the module's path.
const versionVariable = "internal/settings.releaseVersion"

// make builds for one system and packs what it gives.
func (t target) make(work, version, sbom string) ([]file, error) {
	path := filepath.Join(work, t.os+t.arch, t.program())
	flags := "-s -w -X " + modulePath() + "/" + versionVariable + "=" + version
	build := exec.Command("go", "build", "-trimpath", "-ldflags", flags, "-o", path, ".") //nolint:gosec // our own words
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.os, "GOARCH="+t.arch, "GOFLAGS=-buildvcs=true", "GOAMD64=v1", "GOARM64=v8.0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, err
	}
	binary, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("vpsnet-mcp_%s_%s_%s", version, t.os, t.arch)
	program := file{t.program(), binary, 0o755}
	archive, err := t.archive(name, version, program)
	if err != nil {
		return nil, err
	}
	bundle, err := t.bundle(version, program)
	if err != nil {
		return nil, err
	}
	bill, err := componentList(sbom, path, version)
	if err != nil {
		return nil, err
	}
	return []file{archive, {name: name + ".mcpb", text: bundle}, {name: name + ".cdx.json", text: bill}}, nil
}

// archive is the program with what a person reads. Its folder is an extension of
// Gemini CLI and a plugin of Claude Code, too.
func (t target) archive(name, version string, program file) (file, error) {
	pages, err := readPages()
	if err != nil {
		return file{}, err
	}
	extensions, err := t.extensions(version)
	if err != nil {
		return file{}, err
	}
	files := slices.Concat([]file{program}, pages, extensions)
	pack := tarFiles
	if t.os == "windows" {
		pack = zipFiles
	}
	text, err := pack(files)
	return file{name: name + "." + t.archiveExtension(), text: text}, err
}

// bundle is the MCP bundle: a manifest and the program.
func (t target) bundle(version string, program file) ([]byte, error) {
	text, err := os.ReadFile("mcpb/manifest.json")
	if err != nil {
		return nil, err
	}
	system := map[string]string{"windows": "win32"}[t.os]
	if system == "" {
		system = t.os
	}
	manifest := strings.NewReplacer("VERSION", version, "PROGRAM", program.name, "PLATFORM", system).Replace(string(text))
	license, err := os.ReadFile("LICENSE")
	if err != nil {
		return nil, err
	}
	program.name = "server/" + program.name
	return zipFiles([]file{{"manifest.json", []byte(manifest), 0o644}, program, {"LICENSE", license, 0o644}})
}

// componentList lists what is in a program; the moment of its making is left out.
func componentList(sbom, path, version string) ([]byte, error) {
	made := exec.Command(sbom, "bin", "-json", "-noserial", "-version", "v"+version, path) //nolint:gosec // the release's own tool
	made.Stderr = os.Stderr
	text, err := made.Output()
	if err != nil {
		return nil, fmt.Errorf("bill of materials: %w", err)
	}
	var bill map[string]any
	if err := json.Unmarshal(text, &bill); err != nil {
		return nil, err
	}
	if about, ok := bill["metadata"].(map[string]any); ok {
		delete(about, "timestamp")
		delete(about, "tools") // its hashes are those of the machine's own build
	}
	return json.MarshalIndent(bill, "", "  ")
}

// serverJSON is what the MCP registry is given.
func serverJSON(version, owner string, bundles map[string]string) ([]byte, error) {
	text, err := os.ReadFile("server.json")
	if err != nil {
		return nil, err
	}
	filled := strings.NewReplacer("0.0.0", version, "OWNER", owner).Replace(string(text))
	var server struct {
		Packages []struct {
			Identifier string `json:"identifier"`
		} `json:"packages"`
	}
	if err := json.Unmarshal([]byte(filled), &server); err != nil {
		return nil, err
	}
	if len(server.Packages) != len(bundles) {
		return nil, fmt.Errorf("server.json has %d packages, and there are %d bundles", len(server.Packages), len(bundles))
	}
	for _, p := range server.Packages {
		name := filepath.Base(p.Identifier)
		if bundles[name] == "" {
			return nil, fmt.Errorf("server.json: there is no bundle %s", name)
		}
		before, after, _ := strings.Cut(filled, `/`+name+`"`)
		filled = before + `/` + name + `"` + strings.Replace(after, strings.Repeat("0", 64), bundles[name], 1)
	}
	return []byte(filled), nil
}

// The fixedTime of every file: a release is the same whenever it is made.
var fixedTime = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// tarFiles returns a tar.gz of the files, the same bytes each time.
func tarFiles(files []file) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	t := tar.NewWriter(z)
	for _, f := range files {
		if err := t.WriteHeader(&tar.Header{Name: f.name, Mode: int64(f.mode), Size: int64(len(f.text)), ModTime: fixedTime, Format: tar.FormatUSTAR}); err != nil {
			return nil, err
		}
		if _, err := t.Write(f.text); err != nil {
			return nil, err
		}
	}
	if err := t.Close(); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}

// zipFiles returns a zip of the files, the same bytes each time.
func zipFiles(files []file) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: fixedTime}
		h.SetMode(f.mode)
		w, err := z.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(w, bytes.NewReader(f.text)); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}
