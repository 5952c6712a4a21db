package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// textSetter returns the setter of an option that is text.
func textSetter(field func(*Settings) *string) func(*Settings, string) error {
	return func(s *Settings, v string) error { *field(s) = strings.TrimSpace(v); return nil }
}

// flagSetter returns the setter of an option that is true or false.
func flagSetter(field func(*Settings) *bool) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		on, err := strconv.ParseBool(strings.ToLower(v))
		if err != nil {
			return fmt.Errorf("%s is neither true nor false", vpsapi.Quote(v))
		}
		*field(s) = on
		return nil
	}
}

// numberSetter returns the setter of an option that is a whole number.
func numberSetter(field func(*Settings) *int) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 1_000_000 {
			return fmt.Errorf("%s is not a whole number from 1 to 1000000", vpsapi.Quote(v))
		}
		*field(s) = n
		return nil
	}
}

// listSetter takes names with commas between them.
func listSetter(field func(*Settings) *[]string) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		names := strings.FieldsFunc(v, isListSeparator)
		if len(names) == 0 {
			return errors.New("the list is empty; leave it out to offer all")
		}
		*field(s) = names
		return nil
	}
}

// setSpeed sets how many times faster the sandbox's clock runs.
func setSpeed(s *Settings, v string) error {
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || !(n > 0 && n <= 1e6) {
		return fmt.Errorf("%s is not a number above 0 and up to 1000000", vpsapi.Quote(v))
	}
	s.SandboxSpeed = n
	return nil
}

// setFaults sets the faults of the sandbox.
func setFaults(s *Settings, v string) error {
	s.SandboxFault = nil
	for spec := range strings.SplitSeq(v, Separator) {
		f, err := sandbox.ParseFault(strings.TrimSpace(spec))
		if err != nil {
			return err
		}
		s.SandboxFault = append(s.SandboxFault, f)
	}
	return nil
}

// setConsent sets how consent is given.
func setConsent(s *Settings, v string) (err error) {
	s.Consent, err = consent.ParseMode(v)
	return err
}

// consentModes lists the modes of consent, the strictest first but for deny, which asks nobody.
func consentModes() []string {
	return []string{string(consent.Person), string(consent.Code), string(consent.Flag), string(consent.Deny)}
}

// logLevels are the levels of the log, from the most lines to the fewest.
var logLevels = []string{"debug", "info", "warn", "error"}

// setLogLevel sets the level of the log.
func setLogLevel(s *Settings, v string) error {
	for _, known := range logLevels {
		if strings.EqualFold(v, known) {
			var err error
			s.LogLevel, err = zerolog.ParseLevel(known)
			return err
		}
	}
	return fmt.Errorf("%s is not one of %s", vpsapi.Quote(v), strings.Join(logLevels, ", "))
}

// homePath gives a path that starts with ~/ its meaning: config files and MCP
// clients know no shell that would.
func homePath(path string) string {
	rest, ok := strings.CutPrefix(path, "~/")
	if !ok {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(home, rest)
}
