package metrics

import _ "embed"

//go:embed dashboard.json
var dashboard string

// Dashboard is one for Grafana, as JSON that can be imported there. It asks for the Prometheus
// that has the metrics.
func Dashboard() string { return dashboard }
