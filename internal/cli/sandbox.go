package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// sandboxLong is the help of the command sandbox.
const sandboxLong = `Serve the embedded VPS.NET as a REST server, for any program that uses the API
of api.vps.net: curl, old VPS.NET clients, tests, or vpsnet-mcp itself with

  VPSNET_API_URL=http://127.0.0.1:8081 VPSNET_EMAIL=sandbox@vps.net VPSNET_API_KEY=sandbox

Its account lives in memory until the command ends. It starts with the examples
of the vendor's document: servers 1384 web01 and 1385 mysql01, and so on.`

// sandboxFlags are the flags of sandbox alone.
type sandboxFlags struct {
	listen           string
	allowRemote      bool
	servers, records int
	seed             uint64
	ledger           string
}

// sandboxCommand returns the command sandbox.
func (p *program) sandboxCommand() *cobra.Command {
	var flags sandboxFlags
	cmd := &cobra.Command{
		Use:               "sandbox",
		Short:             "Serve the embedded VPS.NET over HTTP",
		Long:              sandboxLong,
		Example:           "  vpsnet-mcp sandbox\n  vpsnet-mcp sandbox --listen 127.0.0.1:9000 --sandbox-speed 60 --servers 200",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return p.sandbox(cmd, flags) },
	}
	cmd.Flags().StringVar(&flags.listen, "listen", "127.0.0.1:8081", "`ADDRESS` to listen on")
	cmd.Flags().BoolVar(&flags.allowRemote, "allow-remote", false, "listen on an address that other machines can reach; the credentials are public")
	cmd.Flags().IntVar(&flags.servers, "servers", 0, "generate `N` more servers")
	cmd.Flags().IntVar(&flags.records, "records", 0, "generate `N` DNS records")
	cmd.Flags().Uint64Var(&flags.seed, "seed", 0, "seed `N` of generated things and faults")
	cmd.Flags().StringVar(&flags.ledger, "ledger", "", "write each change that is made to `FILE`, one JSON line each")
	return cmd
}

// sandbox serves the embedded VPS.NET until it is interrupted.
func (p *program) sandbox(cmd *cobra.Command, flags sandboxFlags) error {
	s, err := p.settings(cmd)
	if err != nil {
		return err
	}
	if flags.servers < 0 || flags.records < 0 {
		return errors.New("--servers and --records take numbers from 0")
	}
	host, _, err := net.SplitHostPort(flags.listen)
	if err != nil {
		return fmt.Errorf("--listen %s: give host and port, such as 127.0.0.1:8081", vpsapi.Quote(flags.listen))
	}
	if !isLoopback(host) && !flags.allowRemote {
		return fmt.Errorf("--listen %s: other machines could reach it, and its credentials are public; add --allow-remote if that is intended", vpsapi.Quote(flags.listen))
	}
	listener, err := net.Listen("tcp", flags.listen)
	if err != nil {
		return failuref("sandbox: %w", err)
	}
	log := p.logger(s, commandLogLevel)
	o := sandbox.Options{Speed: s.SandboxSpeed, Servers: flags.servers, Records: flags.records, Seed: flags.seed, Faults: s.SandboxFault}
	if flags.ledger != "" {
		file, err := os.OpenFile(flags.ledger, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return failuref("sandbox: ledger: %w", err)
		}
		defer func() { _ = file.Close() }()
		o.Changed = changeWriter(file, log)
	}
	handler := sandbox.New(o)
	url := "http://" + listener.Addr().String()
	_, _ = fmt.Fprintf(p.err, "sandbox at %s, e-mail %s, key %s; try: curl -u %s:%s %s/virtual_machines.api10json\n",
		url, sandbox.Email, sandbox.APIKey, sandbox.Email, sandbox.APIKey, url)
	_, _ = fmt.Fprintf(p.err, "the newer API at %s/rest-api, token %s; try: curl -H 'X-Api-Token: %s' %s/rest-api/ssd-vps/plans\n", url, sandbox.Token, sandbox.Token, url)
	return serveHTTP(cmd.Context(), listener, logRequests(handler, log))
}

// changeWriter writes each change as a line.
func changeWriter(w io.Writer, log zerolog.Logger) func(sandbox.Change) {
	return func(c sandbox.Change) {
		line, err := json.Marshal(c)
		if err == nil {
			_, err = w.Write(append(line, '\n'))
		}
		if err != nil {
			log.Error().Err(err).Msg("the sandbox could not write a change to its ledger file")
		}
	}
}

// serveHTTP serves until ctx ends, and then lets requests that are under way end.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return failuref("sandbox: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return failuref("sandbox: %w", err)
	}
	return nil
}

// logRequests logs each request.
func logRequests(next http.Handler, log zerolog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		log.Info().Str("method", r.Method).Str("path", r.URL.Path).Int("status", seen.status).Msg("request")
	})
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter; it keeps the status for the log.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap gives the answer's own ways to flush and to end a connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// isLoopback reports a host that only this computer can reach.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
