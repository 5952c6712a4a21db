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

// maySee reports a plan that a visitor may look at: that of their own assistant,
// and one on which they may decide.
func (v visit) maySee(p state.Pending) bool {
	return v.name == p.Caller || v.isNamed(p.Approvers) || v.isNamed(p.Demands)
}

// mayApprove reports a plan to which a visitor may say yes. What a rule of the
// policy demands is another's yes: never that of the caller's own person.
func (v visit) mayApprove(p state.Pending) bool {
	if len(p.Demands) > 0 {
		return v.name != p.Caller && v.isNamed(p.Demands)
	}
	return v.name == p.Caller || v.isNamed(p.Approvers)
}

// isNamed reports a visitor who is named, or whose group is.
func (v visit) isNamed(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return name == v.name || slices.Contains(v.groups, name) })
}

// planPage returns a plan as a visitor sees it.
func (h *Host) planPage(v visit, p state.Pending) pages.Plan {
	page := pages.Plan{Pending: p, Now: time.Now(), Form: h.seal("form", v.name+"\x00"+p.ID)}
	switch {
	case !v.mayApprove(p):
		page.Note = "It waits for the approval of " + strings.Join(p.Demands, " or ") + "."
	case !v.isFresh() && !p.Decided:
		page.Again = h.signInForm("/approve/"+p.ID, "")
	}
	return page
}

// listApprovals is the page of the plans that a visitor may see.
func (h *Host) listApprovals(w http.ResponseWriter, r *http.Request) {
	v, ok := h.requireVisit(w, r)
	if !ok {
		return
	}
	all, err := h.config.Store.AllHeld(r.Context())
	if err != nil {
		h.showDone(w, http.StatusServiceUnavailable, "The plans cannot be read at the moment", err.Error(), "")
		return
	}
	var list []pages.Plan
	for _, p := range all {
		if v.maySee(p) {
			list = append(list, h.planPage(v, p))
		}
	}
	signIns, err := h.listSignIns(r.Context(), v)
	if err != nil {
		h.config.Log.Error().Err(err).Msg("the sign-ins cannot be listed")
	}
	h.showPage(w, http.StatusOK, pages.Plans{Plans: list, Caller: v.name, SignIns: signIns, Form: h.seal("form", v.name)})
}

// findPlan finds a plan that a visitor may see; another's is as if it were not there.
func (h *Host) findPlan(w http.ResponseWriter, r *http.Request) (p state.Pending, v visit, ok bool) {
	v, ok = h.requireVisit(w, r)
	if !ok {
		return p, v, false
	}
	p, err := h.config.Store.Held(r.Context(), r.PathValue("id"))
	if err != nil || !v.maySee(p) {
		h.showDone(w, http.StatusNotFound, "No such plan is waiting",
			"It was decided and done already, its ten minutes are over, or it belongs to another person. This page does nothing more.", "")
		return p, v, false
	}
	return p, v, true
}

// showApproval is the page on which a person decides about one plan.
func (h *Host) showApproval(w http.ResponseWriter, r *http.Request) {
	if p, v, ok := h.findPlan(w, r); ok {
		h.showPage(w, http.StatusOK, h.planPage(v, p))
	}
}

// decide takes a person's decision on a plan from the page's form.
func (h *Host) decide(w http.ResponseWriter, r *http.Request) {
	p, v, ok := h.findPlan(w, r)
	if !ok {
		return
	}
	page := h.planPage(v, p)
	if !isSameSite(r) || !hmac.Equal([]byte(r.PostFormValue("form")), []byte(page.Form)) {
		writeRefusal(w, http.StatusForbidden, "decide on this server's own page")
		return
	}
	yes := r.PostFormValue("answer") == "yes"
	switch {
	case yes && (page.Note != "" || page.Again != nil):
		h.showPage(w, http.StatusForbidden, page)
		return
	case yes && p.Typed != "" && strings.TrimSpace(r.PostFormValue("typed")) != p.Typed:
		page.Wrong = "What you typed does not match. Nothing was decided."
		h.showPage(w, http.StatusUnprocessableEntity, page)
		return
	}
	if err := h.config.Store.Decide(r.Context(), p.ID, v.name+" on the page", yes); err != nil {
		h.showDone(w, http.StatusConflict, "Nothing was decided", err.Error(), "")
		return
	}
	if !yes {
		h.showDone(w, http.StatusOK, "Declined", "Nothing is done.", "")
		return
	}
	h.showDone(w, http.StatusOK, "Approved", fmt.Sprintf("The approval can be used once, within the next %d min. The change is made when your assistant makes the call again.", page.Minutes()),
		"Go back to your assistant and say: continue.")
}
