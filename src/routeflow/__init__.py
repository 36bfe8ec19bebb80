"""routeflow: the inburgeringsroute of a gemeente, run as BPMN processes."""
