package roletest

import (
	"encoding/json"
	"fmt"
	"strings"
)

// writeKeys writes keys as a block of YAML. It is not a library's work: those
// leave unquoted what another reads as something else.
func writeKeys(b *strings.Builder, indent string, f keys) {
	for _, p := range f {
		b.WriteString(indent + p.key + ":")
		writeValue(b, indent, p.value)
	}
}

func writeValue(b *strings.Builder, indent string, v any) {
	switch v := v.(type) {
	case keys:
		b.WriteString("\n")
		writeKeys(b, indent+"  ", v)
	case []any:
		b.WriteString("\n")
		for _, entry := range v {
			var sub strings.Builder
			if group, ok := entry.(keys); ok {
				writeKeys(&sub, indent+"    ", group)
			} else {
				sub.WriteString(indent + "    " + quoted(entry.(string)) + "\n")
			}
			b.WriteString(indent + "  - " + strings.TrimPrefix(sub.String(), indent+"    "))
		}
	case []string:
		list := make([]string, len(v))
		for i, s := range v {
			list[i] = quoted(s)
		}
		b.WriteString(" [" + strings.Join(list, ", ") + "]\n")
	case string:
		if strings.Contains(v, "\n") {
			b.WriteString(" |-\n" + indent + "  " + strings.ReplaceAll(v, "\n", "\n"+indent+"  ") + "\n")
			return
		}
		b.WriteString(" " + quoted(v) + "\n")
	default:
		fmt.Fprintf(b, " %v\n", v)
	}
}

// quoted writes a text in one of YAML's two kinds of quotes.
func quoted(s string) string {
	if len(s)%2 == 0 {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	var b strings.Builder
	e := json.NewEncoder(&b) // a text in JSON is one in YAML
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // can't happen: it is a text
	}
	return strings.TrimSuffix(b.String(), "\n")
}
