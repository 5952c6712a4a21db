package account

import (
	"errors"
	"fmt"
	"time"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Moment reads a moment of an argument, in US Eastern time as the service takes it,
// for the plan to show it in the person's zone and in UTC too. One that has passed,
// or that US Eastern time does not have, is refused; one that it has twice is a
// warning.
func (r *Reader) Moment(p *plan.Plan, argument, text string) (string, error) {
	moments, err := words.EasternMoments(text)
	if err == nil && moments[len(moments)-1].Before(r.Now()) {
		err = fmt.Errorf("%s has passed: it is %s now", words.Moment(moments[0], r.Person), words.Moment(r.Now(), r.Person))
	}
	if err != nil {
		return "", errors.New(p.Tool + ": " + argument + ": " + err.Error() + "; nothing was sent")
	}
	if len(moments) > 1 {
		p.Words.Warnings = append(p.Words.Warnings, fmt.Sprintf("US Eastern time has %s twice, as the clocks go back then: %s and %s; which one the service takes is not documented",
			text, moments[0].UTC().Format("15:04 MST"), moments[1].UTC().Format("15:04 MST")))
	}
	return words.Moment(moments[0], r.Person), nil
}

// ShownMoment is a moment of the service's for a plan, as moment writes one.
func (r *Reader) ShownMoment(t vpsapi.Time) string {
	if moment, err := time.Parse(time.RFC3339, string(t)); err == nil {
		return words.Moment(moment, r.Person)
	}
	return words.TimeText(t)
}
