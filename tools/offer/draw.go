package offer

import (
	"fmt"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
)

// addChart adds to an answer of utilisation its figures, and its picture unless that
// was not wanted. Without a picture the answer is still whole.
func addChart(s answer.Shaping, r *account.Reader, in any, a *answer.Answer, out any) {
	c := answer.ChartOf(out)
	if c == nil || len(c.Times) == 0 {
		return
	}
	if asked := len(s.Fields) > 0 || len(s.Filter) > 0 || s.Limit > 0 || s.Cursor != "" || s.NoChart; len(c.Times) > answer.MaxTableRows && !asked {
		title, _, _ := strings.Cut(a.Text, ":")
		a.Text = fmt.Sprintf("%s: %d rows, not shown; a limit, a filter or chart false shows them.", title, len(c.Times))
	}
	a.Text += "\n" + c.Text()
	if s.NoChart || len(c.Times) < 2 {
		return
	}
	c.Title += " of " + r.DrawnServer(in)
	if picture, err := c.PNG(); err == nil {
		a.Image = picture
	}
}
