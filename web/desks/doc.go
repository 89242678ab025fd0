// Package desks is what waits for whom: the desk, approvals, lists of cases, messages, the county at a glance.
package desks
