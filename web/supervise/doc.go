// Package supervise is whom the office supervises and how often: the registry, plans with their quotas, random selection.
package supervise
