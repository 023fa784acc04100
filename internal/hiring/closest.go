package hiring

import "strings"

// Closest returns the known word that needs the fewest changed letters to
// become word, or "" when none is near: at most about a third of its letters.
func Closest(word string, known []string) string {
	best, fewest := "", (len(word)+2)/3+1
	for _, k := range known {
		if d := changes(strings.ToLower(word), strings.ToLower(k)); d < fewest {
			best, fewest = k, d
		}
	}
	return best
}

// changes returns the Levenshtein distance between two words, in bytes.
func changes(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
