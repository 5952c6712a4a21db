package tools

// planners lists the functions whose plans look at the account.
func planners() map[string]planner {
	plans := map[string]planner{}
	return plans
}
