package hiring

import "slices"

// A Panelboard is what Independence needs to know of one interview: who sits on
// it, who has submitted, and whether a coordinator has revealed it early.
type Panelboard struct {
	Interview *Interview
	Submitted []string // panelists whose scorecard is in
	Revealed  bool
}

// Complete reports whether every required scorecard is in.
func (b Panelboard) Complete() bool {
	in, owed := b.Count()
	return in == owed
}

// Count returns how many of the required scorecards are in, and how many are
// required.
func (b Panelboard) Count() (in, owed int) {
	for _, p := range b.Interview.Panel {
		if !p.Owes() {
			continue
		}
		owed++
		if slices.Contains(b.Submitted, p.Person) {
			in++
		}
	}
	return in, owed
}

// Owing returns the panelists whose required scorecard is missing.
func (b Panelboard) Owing() []string {
	var out []string
	for _, p := range b.Interview.Panel {
		if p.Owes() && !slices.Contains(b.Submitted, p.Person) {
			out = append(out, p.Person)
		}
	}
	return out
}

// Unscored returns the panelists, in whatever part, who have yet to hand in
// theirs. Who is excused won't: they can't go back on it once others can be read.
func (b Panelboard) Unscored() []string {
	var out []string
	for _, p := range b.Interview.Panel {
		if p.Excused.Kind == "" && !slices.Contains(b.Submitted, p.Person) {
			out = append(out, p.Person)
		}
	}
	return out
}

// MayRead is the one answer to "may this person see that scorecard's ratings
// now?". Authors read their own for ever. Nobody on the panel reads another's
// before their own is in. Everyone else on the role's side waits until all
// required scorecards are in, or a coordinator has revealed them; so do
// coordinators and deciders of the panel who are excused, and whose own never
// comes.
func MayRead(viewer, author string, role *Role, b Panelboard) bool {
	if viewer == author {
		return true
	}
	if slices.Contains(b.Unscored(), viewer) {
		return false
	}
	scored := b.Interview.Part(viewer) != "" && slices.Contains(b.Submitted, viewer)
	if !scored && !role.IsCoordinator(viewer) && !role.IsDecider(viewer) {
		return false
	}
	return b.Complete() || b.Revealed
}

// MayReveal reports whether the person may open an interview's scorecards
// before all are in: a coordinator who is not on the panel, whose own scorecard
// is in, or who is excused.
func MayReveal(viewer string, role *Role, b Panelboard) bool {
	return role.IsCoordinator(viewer) && !slices.Contains(b.Unscored(), viewer)
}
