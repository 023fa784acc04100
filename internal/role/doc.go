// Package role reads role files: YAML that becomes a hiring.Role. It holds the
// built-in roles, the JSON Schema for editors, and the holiday calendars that a
// role can name.
//
// # Write a role file
//
// A role file says what an opening is, who takes part in its stages and what
// they look for. Who these people are and which channel is the role's is filled
// in later, in Slack, with /hiring setup. This is a whole one:
//
//	# sales.yaml
//	key: sales-representative
//	title: Sales Representative
//	company: Example
//	zone: Europe/Berlin
//
//	competencies:
//	  - id: discovery
//	    name: Discovery
//	    assesses: [Finds out what the customer needs before offering anything]
//	    strong: Asks open questions and sums up the answers before proposing
//	    red_flags:
//	      - {id: monologue, text: Presents the product without a question}
//	questions:
//	  - id: first-call
//	    text: A customer writes “send me a quote”. What do you do first?
//	    competencies: [discovery]
//	gates:
//	  - {id: travel, text: Can visit customers two days a week}
//	titles:
//	  - {key: sales-lead, text: Sales Lead}
//	  - {key: managing-director, text: Managing Director}
//	stages:
//	  - id: round1
//	    name: First interview
//	    kind: interview
//	    duration: 45m
//	    panelists: [{title: sales-lead}]
//	    deadline: {kind: weekday_after_week, weekday: Monday, eod: "17:00"}
//	  - id: panel
//	    name: Panel
//	    kind: interview
//	    panel: true
//	    panelists: [{title: managing-director}, {title: sales-lead, any: 1}]
//	  - id: references
//	    name: References
//	    kind: check
//
// To make one:
//
//  1. Start with the file above, or with one of internal/role/roles.
//  2. Write what your document says, in its own words, and leave out what it
//     doesn't say. Where the bot needs a value all the same, such as an
//     interview's length, it takes a generic one and asks a person to confirm
//     it in setup. To propose another, mark it:
//     duration: {value: 30m, chosen: true}
//  3. Levels are not written: every competency is rated Not shown, Partly,
//     Strong or Beyond, and "strong" is what stands at Strong.
//  4. Everybody who fills a title takes part, unless "part" says optional or
//     shadow. With "any: 2", two of those who fill it do, whoever is free, and
//     they are required: of several, who has the fewest interviews that week.
//  5. Check it: convene role validate sales.yaml names every problem at once,
//     with its line and what to do. Several files are checked as they will be
//     used, together.
//  6. Read it as others will: put it into the directory that ROLES_DIR names,
//     and run convene role show sales-representative.
//
// Lengths of time are written 45m, 1h30m or 14d, times of day "17:00", days
// Monday, dates 2026-12-24. A file whose key is that of a built-in role
// replaces it. convene role schema prints a JSON Schema; with
//
//	# yaml-language-server: $schema=role.schema.json
//
// in the first line, editors complete keys and mark mistakes while you type.
package role
