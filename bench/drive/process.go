package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The servers that are compared.
const (
	ours = "ours"
	bare = "bare"
	same = "bare-same"
)

// process is a running server.
type process struct {
	name string
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	url  string // over HTTP
}

// start runs a server over stdio, or over HTTP.
func (b *bench) start(name string, web bool, upstream string, more ...string) (*process, error) {
	program, args := "bare", []string{"-list", b.list}
	switch name {
	case ours:
		program, args = "ours", []string{"-tokens", filepath.Join(b.dir, "tokens.yaml")}
	case same:
		args = append(args, "-same")
	case "vpsnet-mcp":
		program, args = name, []string{"--state-dir", filepath.Join(b.dir, "state")}
	}
	p := &process{name: name}
	if web {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		address := l.Addr().String()
		_ = l.Close()
		args = append(args, "-listen", address)
		p.url = "http://" + address + "/mcp"
	}
	p.cmd = exec.Command(filepath.Join(*bin, program), append(args, more...)...) //nolint:gosec // our own programs
	p.cmd.Env = append(os.Environ(), "VPSNET_API_URL="+upstream, "VPSNET_EMAIL=bench@example.com", "VPSNET_API_KEY=0123456789abcdef0123",
		"VPSNET_LOG_LEVEL=error", "SSL_CERT_FILE="+filepath.Join(b.dir, "ca.pem"))
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReaderSize(out, 1<<20)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if web {
		return p, p.awaited()
	}
	return p, nil
}

func (p *process) awaited() error {
	address := strings.TrimSuffix(strings.TrimPrefix(p.url, "http://"), "/mcp")
	for range 500 {
		if c, err := net.Dial("tcp", address); err == nil {
			return c.Close()
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("%s does not listen", p.name)
}

// ask sends a line and waits for the next.
func (p *process) ask(line string) (string, error) {
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		return "", err
	}
	return p.out.ReadString('\n')
}

func (p *process) stop() {
	_ = p.in.Close()
	if p.name != ours {
		_ = p.cmd.Process.Kill()
	}
	_ = p.cmd.Wait()
}

// cpu is the time that the process has run on the processors.
func (p *process) cpu() time.Duration {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", p.cmd.Process.Pid))
	total := time.Duration(0)
	for _, task := range tasks {
		text, _ := os.ReadFile(task)
		if fields := strings.Fields(string(text)); len(fields) > 0 {
			ns, _ := strconv.ParseInt(fields[0], 10, 64)
			total += time.Duration(ns)
		}
	}
	return total
}

// memory is a line of the process's status, such as VmHWM, in KiB.
func (p *process) memory(what string) float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, what+":"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib
		}
	}
	return 0
}
