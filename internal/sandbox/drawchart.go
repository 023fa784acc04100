package sandbox

import (
	"strconv"

	"convene/internal/sandbox/fakeslack"
)

// A chart is drawn as a table with a bar beside each number, whatever its type:
// everybody can read that.
type chart struct {
	Title  string
	Axis   string // what the rows are
	Series []string
	Rows   []chartRow
	Max    string // what the longest bar stands for
}

type chartRow struct {
	Label  string
	Values []string // one for each series
}

func drawChart(b fakeslack.Block) *chart {
	of, _ := b["chart"].(map[string]any)
	axis, _ := of["axis_config"].(map[string]any)
	c := &chart{Title: str(b["title"]), Axis: str(axis["x_label"])}
	longest := 0.0
	value := func(point fakeslack.Block) string {
		v, _ := point["value"].(float64)
		longest = max(longest, v)
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	for _, s := range objects(of["segments"]) { // of a pie
		c.Series = []string{""}
		c.Rows = append(c.Rows, chartRow{str(s["label"]), []string{value(s)}})
	}
	for i, s := range objects(of["series"]) {
		c.Series = append(c.Series, str(s["name"]))
		for j, point := range objects(s["data"]) {
			if i == 0 {
				c.Rows = append(c.Rows, chartRow{Label: str(point["label"])})
			}
			if j < len(c.Rows) {
				c.Rows[j].Values = append(c.Rows[j].Values, value(point))
			}
		}
	}
	c.Max = strconv.FormatFloat(max(longest, 1), 'f', -1, 64)
	return c
}
