// Package admin is what an office sets up: people, delegations, hand-over, settings, calendar, procedures and their versions, tokens.
package admin
