// Package hiring holds the nouns of Convene and the rules that need nothing
// but them: roles, candidates, interviews, scorecards, decisions, deadlines and
// who may see what. It does no I/O, takes no context and imports only the
// standard library, so that every rule can be read and tested by itself.
//
// Times are instants in UTC; zones are data on people and roles. Pure functions
// take now as a parameter.
package hiring
