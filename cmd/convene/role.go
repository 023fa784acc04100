package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"convene/internal/hiring"
	"convene/internal/role"
)

type roleCommands struct {
	List     roleListCommand     `cmd:"" help:"List the built-in roles and those of ROLES_DIR."`
	Show     roleShowCommand     `cmd:"" help:"Show all that a role says, what was chosen for it, and what it leaves open."`
	Validate roleValidateCommand `cmd:"" help:"Check role files, and say what is wrong with each, and where."`
	Schema   roleSchemaCommand   `cmd:"" help:"Print a JSON Schema of role files, for editors: convene role schema > role.schema.json"`
}

type roleListCommand struct{}

func (roleListCommand) Run(p *program) error {
	roles, err := loadRoles(p)
	builtin, builtinErr := role.Builtin()
	if builtinErr != nil {
		return builtinErr
	}
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, r := range roles {
		from := "ROLES_DIR"
		if slices.ContainsFunc(builtin, func(b *hiring.Role) bool { return b.Key == r.Key && b.Revision == r.Revision }) {
			from = "built-in"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", r.Key, r.Title, from)
	}
	return errors.Join(table.Flush(), err)
}

// Help is shown by the command line's parser.
func (roleValidateCommand) Help() string {
	return `Each problem is a line "file:line:column: what, hint". For all files of a folder: convene role validate roles/*.yaml`
}

type roleShowCommand struct {
	Key string `arg:"" help:"The role's key, as \"role list\" prints it."`
}

func (c roleShowCommand) Run(p *program) error {
	roles, err := loadRoles(p)
	var keys []string
	for _, r := range roles {
		if r.Key == c.Key {
			return errors.Join(role.Show(r, p.stdout), err)
		}
		keys = append(keys, r.Key)
	}
	return errors.Join(fmt.Errorf("there is no role %q: the roles are %s", c.Key, strings.Join(keys, ", ")), err)
}

type roleValidateCommand struct {
	Files []string `arg:"" name:"file" help:"Role files."`
}

// Run prints every problem of every file to the standard output, for editors
// and scripts to read.
func (c roleValidateCommand) Run(p *program) error {
	broken := 0
	for _, file := range c.Files {
		src, err := os.ReadFile(file)
		if err != nil {
			fmt.Fprintf(p.stdout, "%s: it can't be read: %v, check its path and permissions\n", file, withoutPath(err))
			broken++
			continue
		}
		_, problems := role.Parse(file, src)
		for _, problem := range problems {
			fmt.Fprintln(p.stdout, problem)
		}
		switch {
		case role.Broken(problems):
			broken++
		default:
			fmt.Fprintf(p.stdout, "%s: ok\n", file)
		}
	}
	if broken > 0 {
		return fmt.Errorf("%d of %d role files cannot be used", broken, len(c.Files))
	}
	return nil
}

type roleSchemaCommand struct{}

func (roleSchemaCommand) Run(p *program) error {
	_, err := p.stdout.Write(role.Schema())
	return err
}

// loadRoles returns the roles that can be used, and an error that names the
// files of ROLES_DIR that cannot. Warnings go to the standard error.
func loadRoles(p *program) ([]*hiring.Role, error) {
	settings := &settingsReader{getenv: p.getenv}
	dir := settings.directory("ROLES_DIR")
	if len(settings.problems) > 0 {
		return nil, settings.problems
	}
	roles, problems := role.Load(dir)
	for _, problem := range problems {
		fmt.Fprintln(p.stderr, problem)
	}
	if role.Broken(problems) {
		return roles, errors.New("not every role file can be used: see above")
	}
	return roles, nil
}
