package tools

import "slices"

// planners lists the functions whose plans look at the account.
func planners() map[string]planner {
	plans := map[string]planner{}
	for _, e := range slices.Concat(
		powerPlans(), serverPlans(), ssdPlans(), editPlans(), buildPlans(), backupPlans(), extraPlans(), nodePlans(), ipPlans(),
		dnsPlans(), dnsTemplatePlans(), ticketPlans(), templatePlans(), platformPlans(),
	) {
		plans[e.op.Info().Name] = e.plan
	}
	return plans
}
