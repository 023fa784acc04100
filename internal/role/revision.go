package role

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"convene/internal/hiring"
)

// revisionLen is the length of Role.Revision in hex digits: enough that two
// versions of one role never share it, short enough to read aloud.
const revisionLen = 12

// revision names what a role says: the same for two files that mean the same,
// whatever their comments, white space, quotes and order of keys, and another
// as soon as a word, a value or the order of a list differs. So a comment does
// not ask anybody to confirm the role anew.
//
// What is empty doesn't count, so a newer program that knows one key more
// gives every role the revision that it had.
func revision(role *hiring.Role) string {
	said := *role
	said.Revision, said.Setup, said.File, said.Choices = "", hiring.Setup{}, nil, nil
	var chosen []string // whether a value is stated or chosen counts; how we call it doesn't
	for _, c := range role.Choices {
		chosen = append(chosen, c.Path)
	}
	canonical := must(json.Marshal([]any{withoutEmpty(said), chosen}))
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])[:revisionLen]
}

// withoutEmpty returns v as maps, lists and plain values, without what is
// empty, zero or false. json.Marshal writes a map's keys in one order.
func withoutEmpty(v any) any {
	var tree any
	if err := json.Unmarshal(must(json.Marshal(v)), &tree); err != nil {
		panic(err) // can't happen: it is our own JSON
	}
	return pruned(tree)
}

func pruned(node any) any {
	switch node := node.(type) {
	case map[string]any:
		for key, v := range node {
			if v = pruned(v); v == nil {
				delete(node, key)
			} else {
				node[key] = v
			}
		}
		if len(node) == 0 {
			return nil
		}
	case []any:
		if len(node) == 0 {
			return nil
		}
		for i, v := range node { // an empty entry keeps its place
			node[i] = pruned(v)
		}
	case string, float64, bool:
		if node == "" || node == 0.0 || node == false {
			return nil
		}
	}
	return node
}

func must(raw []byte, err error) []byte {
	if err != nil {
		panic(err) // can't happen: a role holds only texts, numbers, lists and maps
	}
	return raw
}
