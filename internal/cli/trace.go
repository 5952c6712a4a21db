package cli

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/trace"
)

// tracer is what the OTEL_ variables ask for. They may be meant for the program
// that started this one: what it cannot do is a warning, and no traces.
func (p *program) tracer(log zerolog.Logger) *trace.Tracer {
	t, err := trace.New(p.env, settings.Version(), log)
	if err != nil {
		p.warn(err.Error() + "; there are no traces")
	}
	return t
}

// endTraces sends what is left of the traces.
func (p *program) endTraces() {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := p.traces.Close(ctx); err != nil {
		p.warn(err.Error())
	}
}
