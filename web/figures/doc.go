// Package figures is what is counted and listed: statistics and reports, ledgers, publicity, the review of ended files.
package figures
