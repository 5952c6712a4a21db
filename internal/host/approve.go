package host

import (
	"crypto/hmac"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/pages"
	"vpsnet-mcp/internal/state"
)

// sees reports a plan that a visitor may look at: that of their own assistant,
// and one on which they may decide.
func (v visit) sees(p state.Pending) bool {
	return v.name == p.Caller || v.among(p.Approvers) || v.among(p.Demands)
}

// mayApprove reports a plan to which a visitor may say yes. What a rule of the
// policy demands is another's yes: never that of the caller's own person.
func (v visit) mayApprove(p state.Pending) bool {
	if len(p.Demands) > 0 {
		return v.name != p.Caller && v.among(p.Demands)
	}
	return v.name == p.Caller || v.among(p.Approvers)
}

// among reports a visitor who is named, or whose group is.
func (v visit) among(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return name == v.name || slices.Contains(v.groups, name) })
}

// page is a plan as a visitor sees it.
func (h *Host) page(v visit, p state.Pending) pages.Plan {
	page := pages.Plan{Pending: p, Now: time.Now(), Form: h.seal("form", v.name+"\x00"+p.ID)}
	switch {
	case !v.mayApprove(p):
		page.Note = "It waits for the approval of " + strings.Join(p.Demands, " or ") + "."
	case !v.fresh() && !p.Decided:
		page.Again = h.signInForm("/approve/"+p.ID, "")
	}
	return page
}

func (h *Host) approvals(w http.ResponseWriter, r *http.Request) {
	v, ok := h.visitor(w, r)
	if !ok {
		return
	}
	all, err := h.config.Store.AllHeld(r.Context())
	if err != nil {
		h.done(w, http.StatusServiceUnavailable, "The plans cannot be read at the moment", err.Error(), "")
		return
	}
	var list []pages.Plan
	for _, p := range all {
		if v.sees(p) {
			list = append(list, h.page(v, p))
		}
	}
	signIns, err := h.signIns(r.Context(), v)
	if err != nil {
		h.config.Log.Error().Err(err).Msg("the sign-ins cannot be listed")
	}
	h.show(w, http.StatusOK, "plans.html", map[string]any{
		"Plans": list, "Caller": v.name, "SignIns": signIns, "Form": h.seal("form", v.name),
	})
}

// plan finds a plan that a visitor may see; another's is as if it were not there.
func (h *Host) plan(w http.ResponseWriter, r *http.Request) (p state.Pending, v visit, ok bool) {
	v, ok = h.visitor(w, r)
	if !ok {
		return p, v, false
	}
	p, err := h.config.Store.Held(r.Context(), r.PathValue("id"))
	if err != nil || !v.sees(p) {
		h.done(w, http.StatusNotFound, "No such plan is waiting",
			"It was decided and done already, its ten minutes are over, or it belongs to another person. This page does nothing more.", "")
		return p, v, false
	}
	return p, v, true
}

func (h *Host) approval(w http.ResponseWriter, r *http.Request) {
	if p, v, ok := h.plan(w, r); ok {
		h.show(w, http.StatusOK, "plan.html", h.page(v, p))
	}
}

func (h *Host) decide(w http.ResponseWriter, r *http.Request) {
	p, v, ok := h.plan(w, r)
	if !ok {
		return
	}
	page := h.page(v, p)
	if !sameSite(r) || !hmac.Equal([]byte(r.PostFormValue("form")), []byte(page.Form)) {
		refuse(w, http.StatusForbidden, "decide on this server's own page")
		return
	}
	yes := r.PostFormValue("answer") == "yes"
	switch {
	case yes && (page.Note != "" || page.Again != nil):
		h.show(w, http.StatusForbidden, "plan.html", page)
		return
	case yes && p.Typed != "" && strings.TrimSpace(r.PostFormValue("typed")) != p.Typed:
		page.Wrong = "What you typed does not match. Nothing was decided."
		h.show(w, http.StatusUnprocessableEntity, "plan.html", page)
		return
	}
	if err := h.config.Store.Decide(r.Context(), p.ID, v.name+" on the page", yes); err != nil {
		h.done(w, http.StatusConflict, "Nothing was decided", err.Error(), "")
		return
	}
	if !yes {
		h.done(w, http.StatusOK, "Declined", "Nothing is done.", "")
		return
	}
	h.done(w, http.StatusOK, "Approved", fmt.Sprintf("The approval is good once, for the next %d min. The change is made when the assistant makes the call again.", page.Minutes()),
		"Go back to your assistant and say: continue.")
}
