package role

import (
	"encoding/json"

	"convene/internal/hiring"
)

// Schema returns a JSON Schema of role files, for editors. It is made from the
// same description that Parse reads by; it knows the form of a file, while
// references, duplicates and what fits in Slack are for Parse alone.
func Schema() []byte {
	s := roleFormat(&hiring.Role{}).schema()
	s["$schema"] = "http://json-schema.org/draft-07/schema#"
	s["title"] = "Convene role file"
	out, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic(err) // can't happen: the schema holds only strings, numbers, lists and maps
	}
	return append(out, '\n')
}
