package hiring

import "slices"

// Excuse returns why the person's scorecard isn't owed; the zero Excuse when
// they gave no reason.
func (iv *Interview) Excuse(person string) Excuse {
	i := slices.IndexFunc(iv.Panel, func(p Panelist) bool { return p.Person == person })
	if i < 0 {
		return Excuse{}
	}
	return iv.Panel[i].Excused
}

// Unexcused returns the panel as it was before anybody was excused: of an
// interview that is still to be held nobody can have missed it, and nobody can
// have held it in somebody's place.
func Unexcused(panel []Panelist) []Panelist {
	var out []Panelist
	for _, p := range panel {
		standsIn := slices.ContainsFunc(panel, func(o Panelist) bool { return o.Excused.StandIn == p.Person })
		if !standsIn {
			p.Excused = Excuse{}
			out = append(out, p)
		}
	}
	return out
}

// String returns the cause in words that follow "it didn't take place:".
func (c Cause) String() string {
	switch c {
	case CauseNoShow:
		return "the candidate didn't come"
	case CauseWithdrew:
		return "the candidate withdrew"
	case CauseMoved:
		return "it is held at another time"
	case CauseOther:
		return "another reason"
	default:
		return ""
	}
}
