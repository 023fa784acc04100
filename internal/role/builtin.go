package role

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"convene/internal/hiring"
)

//go:embed roles/*.yaml
var builtin embed.FS

// builtinFiles are the built-in roles in the order in which they are shown; the
// first is the sandbox's default.
func builtinFiles() []string {
	return []string{
		"roles/account-coordinator.yaml",
		"roles/account-coordinator-general.yaml",
		"roles/pixelspoke-account-coordinator.yaml",
	}
}

// Builtin returns the built-in roles, always in the same order. They are
// templates: none is open before its setup is saved. What a role holds is shared
// by all callers: read it only.
func Builtin() ([]*hiring.Role, error) {
	parsed, err := parseBuiltin()
	roles := make([]*hiring.Role, len(parsed))
	for i, r := range parsed {
		own := *r
		roles[i] = &own
	}
	return roles, err
}

// parseBuiltin reads the files that the program carries, which don't change, once.
var parseBuiltin = sync.OnceValues(func() ([]*hiring.Role, error) {
	var roles []*hiring.Role
	for _, file := range builtinFiles() {
		src, err := builtin.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("built-in role: %w", err)
		}
		role, problems := Parse(file, src)
		if Broken(problems) {
			return nil, fmt.Errorf("built-in role: %s", problems[0])
		}
		roles = append(roles, role)
	}
	return roles, nil
})

// Load returns the built-in roles and those of the *.yaml and *.yml files in
// dir; "" means no directory. A file with the key of a built-in role replaces
// it; the other files follow, sorted by key. Every problem of every file is
// returned; a file with a problem that is more than a warning is left out.
func Load(dir string) ([]*hiring.Role, []Problem) {
	roles, err := Builtin()
	if err != nil {
		return nil, []Problem{{File: "built-in", What: err.Error(), Hint: "this build of the program is broken: use another"}}
	}
	if dir == "" {
		return roles, nil
	}

	files, problems := roleFiles(dir)
	var added []*hiring.Role
	from := map[string]string{}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			problems = append(problems, unreadable(file, err))
			continue
		}
		role, r := parse(file, src)
		sameKey(r, from)
		problems = append(problems, r.problems...)
		if Broken(r.problems) {
			continue
		}
		if i := slices.IndexFunc(roles, func(r *hiring.Role) bool { return r.Key == role.Key }); i >= 0 {
			roles[i] = role
		} else {
			added = append(added, role)
		}
	}
	slices.SortFunc(added, func(a, b *hiring.Role) int { return cmp.Compare(a.Key, b.Key) })
	return append(roles, added...), problems
}

// Validate reads role files that will be used together, and returns the
// problems of each, in the order of the files.
func Validate(files []string) map[string][]Problem {
	out := map[string][]Problem{}
	keys := map[string]string{}
	for _, file := range files {
		if _, done := out[file]; done {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			out[file] = []Problem{unreadable(file, err)}
			continue
		}
		_, r := parse(file, src)
		sameKey(r, keys)
		out[file] = r.problems
	}
	return out
}

// sameKey reports a key that an earlier file has; files says which, by key.
func sameKey(r *reader, files map[string]string) {
	key := r.key
	if key == "" {
		return
	}
	if other, twice := files[key]; twice {
		r.report(r.at("key"), fmt.Sprintf("the key “%s” is also in %s", key, filepath.Base(other)), "give one of them another key")
		sortByPlace(r.problems)
		return
	}
	files[key] = r.file
}

// roleFiles lists the role files in dir, sorted by name.
func roleFiles(dir string) ([]string, []Problem) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, []Problem{unreadable(dir, err)}
	}
	var files []string
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); !e.IsDir() && (ext == ".yaml" || ext == ".yml") {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	return files, nil
}

func unreadable(path string, err error) Problem {
	p := Problem{File: path, What: "it can't be read: " + reason(err), Hint: "check its path and permissions"}
	if errors.Is(err, fs.ErrNotExist) {
		p.What, p.Hint = "there is no such file or directory", "check the path"
	}
	if info, statErr := os.Stat(path); statErr == nil && info.IsDir() {
		p.What, p.Hint = "it is a directory", fmt.Sprintf("name its files: convene role validate %s", filepath.Join(path, "*.yaml"))
	}
	return p
}

// reason leaves out the path, which the problem already names.
func reason(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}
