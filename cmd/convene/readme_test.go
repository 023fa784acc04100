package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"convene/bot"
)

// top is the top of the repository.
const top = "../.."

func readReadme(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(top, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// readmeSection returns what stands between a heading and the next one of its level.
func readmeSection(t *testing.T, readme, heading string) string {
	t.Helper()
	_, rest, ok := strings.Cut(readme, "\n"+heading+"\n")
	if !ok {
		t.Fatalf("README.md has no heading %q", heading)
	}
	level, _, _ := strings.Cut(heading, " ")
	text, _, _ := strings.Cut(rest, "\n"+level+" ")
	return text
}

func TestReadmeLinks(t *testing.T) {
	readme := readReadme(t)
	anchors := anchorsOf(readme)
	links := regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllStringSubmatch(readme, -1)
	if len(links) < 20 {
		t.Fatalf("only %d links were found", len(links))
	}
	for _, link := range links {
		file, anchor, within := strings.Cut(link[1], "#")
		switch {
		case strings.Contains(link[1], "://"):
		case within && file == "":
			if !slices.Contains(anchors, anchor) {
				t.Errorf("#%s leads to no heading of README.md; they are %s", anchor, strings.Join(anchors, ", "))
			}
		default:
			if _, err := os.Stat(filepath.Join(top, file)); err != nil {
				t.Errorf("the link %s leads nowhere: %v", link[1], err)
			}
		}
	}
}

// anchorsOf returns the anchors that GitHub makes of headings: lower case,
// without punctuation, hyphens for spaces.
func anchorsOf(markdown string) []string {
	var anchors []string
	unwanted := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	for _, m := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(markdown, -1) {
		anchors = append(anchors, strings.ReplaceAll(unwanted.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return anchors
}

// TestReadmeNamesEverything: every command of the program, every slash command
// with its words, shortcut and scope is in README.md.
func TestReadmeNamesEverything(t *testing.T) {
	readme := readReadme(t)
	parser, err := kong.New(new(commands))
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range parser.Model.Leaves(true) {
		name := strings.TrimSuffix(leaf.FullPath(), " list") // audit's default; role list is below
		if leaf.Name == "list" && leaf.Parent.Name == "role" {
			name = leaf.FullPath()
		}
		name = "convene" + strings.TrimPrefix(name, parser.Model.Name)
		if !strings.Contains(readme, name) {
			t.Errorf("README.md doesn't name the command %q", name)
		}
	}

	raw, err := bot.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Features struct {
			Commands []struct {
				Command string `yaml:"command"`
				Hint    string `yaml:"usage_hint"`
			} `yaml:"slash_commands"`
			Shortcuts []struct {
				Name string `yaml:"name"`
			} `yaml:"shortcuts"`
		} `yaml:"features"`
	}
	if err := yaml.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	table := readmeSection(t, readme, "## A week with it")
	words := regexp.MustCompile(`\[(\w+(?: \| \w+)+)\]`)
	for _, c := range manifest.Features.Commands {
		row := regexp.MustCompile("(?m)^\\| `" + c.Command + "` \\|.*$").FindString(table)
		if row == "" {
			t.Errorf("README.md's table has no row for %s", c.Command)
		}
		for _, m := range words.FindAllStringSubmatch(c.Hint, -1) {
			for word := range strings.SplitSeq(m[1], " | ") {
				if !strings.Contains(row, "`"+word+"`") {
					t.Errorf("README.md's row for %s doesn't name its word %q", c.Command, word)
				}
			}
		}
	}
	for _, s := range manifest.Features.Shortcuts {
		if !strings.Contains(table, `"`+s.Name+`"`) {
			t.Errorf("README.md doesn't name the shortcut %q", s.Name)
		}
	}
	for _, scope := range bot.Scopes() {
		if !strings.Contains(readmeSection(t, readme, "### 1. Slack"), "`"+scope+"`") {
			t.Errorf("README.md doesn't say what the scope %s is for", scope)
		}
	}
}

// TestReadmeMap: every package is in the map once, and nothing else is.
func TestReadmeMap(t *testing.T) {
	var packages []string
	err := filepath.WalkDir(top, func(path string, entry os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != top && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata" || entry.Name() == "node_modules"):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			dir, err := filepath.Rel(top, filepath.Dir(path))
			if err != nil {
				return err
			}
			packages = append(packages, filepath.ToSlash(dir))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(packages)
	packages = slices.Compact(packages)
	var rows []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(readmeSection(t, readReadme(t), "## Map"), -1) {
		rows = append(rows, m[1])
	}
	slices.Sort(rows)
	if diff := cmp.Diff(packages, rows); diff != "" {
		t.Errorf("the packages and README.md's map differ (-packages +map):\n%s", diff)
	}
}
