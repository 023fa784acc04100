package blockkit

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

func tableRule(c *checker, ptr string, m map[string]any) {
	n := 0
	rows, _ := m["rows"].([]any)
	for i, row := range rows {
		cells, ok := row.([]any)
		if !ok {
			continue
		}
		for j, cell := range cells {
			c.cell(fmt.Sprintf("%s/rows/%d/%d", ptr, i, j), cell, "raw_text", "raw_number", "rich_text")
			n += utf8.RuneCountInString(textOf(cell))
		}
	}
	if max := int(*c.limits.Message.TableText.Max); n > max || c.tables+n > max {
		c.report(ptr, "must be less than %d characters", max+1)
	}
	c.tables += n
	for i, setting := range objects(m["column_settings"]) {
		at := fmt.Sprintf("%s/column_settings/%d", ptr, i)
		c.onlyKeys(at, setting, "align", "is_wrapped")
		if align, set := setting["align"]; set && !slices.Contains([]any{"left", "center", "right"}, align) {
			c.report(at+"/align", "must be a valid enum value")
		}
		if wrapped, set := setting["is_wrapped"]; set {
			c.value(at+"/is_wrapped", "table", wrapped, field{Type: "bool"})
		}
	}
}

// cell is one cell of a table or data_table.
func (c *checker) cell(ptr string, v any, kinds ...string) {
	m, ok := c.object(ptr, v)
	if !ok {
		return
	}
	kind, _ := m["type"].(string)
	if !slices.Contains(kinds, kind) {
		c.report(ptr, "unsupported type: %s", kind)
		return
	}
	switch kind {
	case "raw_text":
		c.onlyKeys(ptr, m, "type", "text")
		if s, ok := m["text"].(string); !ok {
			c.missing(ptr, "text")
		} else if s == "" {
			c.report(ptr+"/text", "must be more than 0 characters")
		}
	case "raw_number":
		c.onlyKeys(ptr, m, "type", "value", "text")
		c.value(ptr+"/value", kind, m["value"], field{Type: "number"})
	case "rich_text":
		text := c.text
		c.richText(ptr, m)
		c.text = text // a table's text has a sum of its own
	case "action_cell":
		c.onlyKeys(ptr, m, "type", "element", "fallback")
		c.element(ptr+"/element", m["element"], []string{"button"})
		if m["fallback"] != nil {
			c.cell(ptr+"/fallback", m["fallback"], "raw_text", "raw_number")
		}
	}
}

func dataTableRule(c *checker, ptr string, m map[string]any) {
	columns := c.limits.Blocks["data_table"].Fields["columns"]
	rows, _ := m["rows"].([]any)
	n, width := 0, -1
	for i, row := range rows {
		at := fmt.Sprintf("%s/rows/%d", ptr, i)
		cells, ok := c.array(at, row, columns)
		if !ok {
			continue
		}
		if width >= 0 && len(cells) != width {
			c.report(at, "must have as many cells as the header")
		}
		if width < 0 {
			width = len(cells)
		}
		for j, cell := range cells {
			kinds := []string{"raw_text", "raw_number", "rich_text", "action_cell"}
			if i == 0 {
				kinds = kinds[:1]
			}
			c.cell(fmt.Sprintf("%s/%d", at, j), cell, kinds...)
			n += utf8.RuneCountInString(textOf(cell))
		}
	}
	if index, ok := m["row_header_column_index"].(float64); ok && width >= 0 && int(index) >= width {
		c.report(ptr+"/row_header_column_index", "must be less than %d", width)
	}
	if max := int(*c.limits.Message.DataTableText.Max); n > max || c.data+n > max {
		c.report(ptr, "must be less than %d characters", max+1)
	}
	c.data += n
}

func chartRule(c *checker, ptr string, m map[string]any) {
	c.charts++
	if max := int(*c.limits.Message.Charts.Max); c.surface == "message" && c.charts > max {
		c.report(ptr, "no more than %d items allowed", max)
	}
	chart, ok := m["chart"].(map[string]any)
	if !ok {
		c.missing(ptr, "chart")
		return
	}
	if chart["type"] == "pie" {
		if chart["segments"] == nil {
			c.missing(ptr+"/chart", "segments")
		}
		c.onlyKeys(ptr+"/chart", chart, "type", "segments")
		for i, segment := range objects(chart["segments"]) {
			c.onlyKeys(fmt.Sprintf("%s/chart/segments/%d", ptr, i), segment, "label", "value")
		}
		return
	}
	c.onlyKeys(ptr+"/chart", chart, "type", "series", "axis_config")
	axis, _ := chart["axis_config"].(map[string]any)
	if chart["series"] == nil {
		c.missing(ptr+"/chart", "series")
	}
	if axis == nil {
		c.missing(ptr+"/chart", "axis_config")
	}
	categories, _ := axis["categories"].([]any)
	c.uniqueStrings(ptr+"/chart/axis_config/categories", categories)
	var names []any
	for i, series := range objects(chart["series"]) {
		at := fmt.Sprintf("%s/chart/series/%d", ptr, i)
		names = append(names, series["name"])
		c.onlyKeys(at, series, "name", "data")
		var labels []any
		for j, point := range objects(series["data"]) {
			c.onlyKeys(fmt.Sprintf("%s/data/%d", at, j), point, "label", "value")
			labels = append(labels, point["label"])
		}
		if !same(labels, categories) {
			c.report(at+"/data", "must have one point for each category, in order")
		}
	}
	c.uniqueStrings(ptr+"/chart/series", names)
}

func (c *checker) uniqueStrings(ptr string, values []any) {
	seen := map[any]bool{}
	for _, v := range values {
		if s, ok := v.(string); ok && seen[s] {
			c.report(ptr, "must be unique: %s", s)
		} else if ok {
			seen[s] = true
		}
	}
}
