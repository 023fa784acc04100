package schedule

import "math/bits"

// A set is starts of the grid, one bit each, and a spare word at the end.
type set []uint64

// add puts the starts from the first to the last, both included, into the set.
// Nearly all that is busy is short, so that case takes no branch.
func (s set) add(first, last uint32) {
	for ; last-first >= 64; first += 64 {
		s.or(first, ^uint64(0))
	}
	s.or(first, ^uint64(0)>>(63-(last-first)))
}

// or adds starts, counted from the first on.
func (s set) or(first uint32, starts uint64) {
	s.put(first>>6, starts<<(first&63), starts>>(64-first&63))
}

// put adds the starts of a word and of the next.
func (s set) put(word uint32, low, high uint64) {
	two := s[word:][:2]
	two[0] |= low
	two[1] |= high
}

func (s set) has(i int64) bool { return s[i>>6]&(1<<(uint(i)&63)) != 0 }

func (s set) drop(i int64) { s[i>>6] &^= 1 << (uint(i) & 63) }

// next returns the first start at or after i; below zero when there is none.
func (s set) next(i int64) int64 {
	w := i >> 6
	if w >= int64(len(s)) {
		return -1
	}
	rest := s[w] >> (uint(i) & 63)
	if rest != 0 {
		return i + int64(bits.TrailingZeros64(rest))
	}
	for w++; w < int64(len(s)); w++ {
		if s[w] != 0 {
			return w<<6 + int64(bits.TrailingZeros64(s[w]))
		}
	}
	return -1
}

// size returns how many starts are in the set.
func (s set) size() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}
