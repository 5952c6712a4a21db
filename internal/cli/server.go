package cli

import (
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools"
)

// The least level that is logged when nobody chose one. A command tells its
// person what went wrong in its own words; a log line beside them is noise.
const (
	serverLogLevel  = zerolog.InfoLevel
	commandLogLevel = zerolog.ErrorLevel
)

// logger writes to stderr: lines for people on a terminal, JSON elsewhere.
func (p *program) logger(s *settings.Settings, level zerolog.Level) zerolog.Logger {
	if s.LogLevel != zerolog.NoLevel {
		level = s.LogLevel
	}
	log := zerolog.New(p.err)
	if isTerminal(p.err) {
		log = zerolog.New(zerolog.ConsoleWriter{Out: p.err, TimeFormat: time.TimeOnly, NoColor: p.env["NO_COLOR"] != ""})
	}
	return log.Level(level).With().Timestamp().Logger()
}

// howToApprove says how a person reaches a plan that waits, where there is no page; with %s for its id.
func howToApprove(s *settings.Settings) string {
	switch {
	case s.InMemory() && s.Consent != consent.Person:
		return "" // its plans are in memory, where vpsnet-mcp approve does not see them
	case s.InMemory():
		return "start a sandbox with --state-dir DIR, whose plans vpsnet-mcp approve sees; this one keeps them in memory"
	case s.StateDir != "":
		return "run vpsnet-mcp approve %s --state-dir " + s.StateDir + " on a terminal"
	}
	return "run vpsnet-mcp approve %s on a terminal"
}

// server makes the tools of the account that the settings name; with may add to
// their options, once it is settled where state is kept.
func (p *program) server(s *settings.Settings, log zerolog.Logger, with func(*tools.Options) error) (*tools.Server, error) {
	config, err := s.Account()
	if err != nil {
		return nil, err
	}
	o := tools.Options{Approve: howToApprove(s), Trace: p.traces, Person: time.Local}
	if err := s.SetState(&o); err != nil {
		return nil, err
	}
	if why := state.WhyNone(o.Store); why != nil && !s.ReadOnly {
		log.Warn().Err(why).Msg("the state cannot be stored, so changes are refused")
	}
	if with != nil {
		if err := with(&o); err != nil {
			return nil, err
		}
	}
	return settings.NewServer(s, config, log, o)
}
