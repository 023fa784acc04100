package main

import (
	"errors"
	"fmt"
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
	hint := "the roles are " + strings.Join(keys, ", ")
	if near := hiring.Closest(c.Key, keys); near != "" {
		hint = fmt.Sprintf("did you mean %s?", near)
	}
	return errors.Join(callError{{"KEY", fmt.Sprintf("there is no role %q: %s", c.Key, hint)}}, err)
}

type roleValidateCommand struct {
	Files []string `arg:"" name:"file" help:"Role files."`
}

// Help is shown by the command line's parser.
func (roleValidateCommand) Help() string {
	return `Each problem is a line "file:line:column: what, hint" on the standard error; warnings say so, and keep no file from being used. For all files of a folder: convene role validate roles/*.yaml`
}

// Run says of each file whether it can be used, and what is wrong with it.
func (c roleValidateCommand) Run(p *program) error {
	found := role.Validate(c.Files)
	broken := 0
	for _, file := range c.Files {
		for _, problem := range found[file] {
			fmt.Fprintln(p.stderr, problem)
		}
		switch n := len(found[file]); {
		case role.Broken(found[file]):
			broken++
		case n > 0:
			fmt.Fprintf(p.stdout, "%s: ok, with %s\n", file, hiring.Counted(n, "warning"))
		default:
			fmt.Fprintf(p.stdout, "%s: ok\n", file)
		}
	}
	if broken > 0 {
		return filesError(fmt.Sprintf("%d of %s can't be used: mend what stands above", broken, hiring.Counted(len(c.Files), "role file")))
	}
	return nil
}

// A filesError says that files given by the call or the settings are wrong;
// what is wrong was printed.
type filesError string

func (e filesError) Error() string { return string(e) }

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
		return roles, filesError("not every role file of ROLES_DIR can be used: mend what stands above")
	}
	return roles, nil
}
