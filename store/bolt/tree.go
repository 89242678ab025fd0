// Package bolt keeps a Dossier folder: one bbolt file and, beside it, a file for each blob. It implements [engine.Store].
//
// The folder:
//
//	dossier.db              the database, locked by the process that owns the folder
//	owner.json              who that is; its time is since when
//	blobs/ab/abcdef…        bytes by their SHA-256
//	blobs/tmp/              blobs being written
//	documents/, workflows/  the office's own files, not this package's
//
// The database, format 5, has a bucket for each of the sorts of rows that [rows] draws, with their keys and values as drawn
// there (those of cases may be packed, as told in pack.go), and beside them
//
//	blocks                                                   in Dump as entries of the index
//	  index 0 key/000000012 → 345, 346, …                    entries without a value, as told in block.go
//	meta                                                     never in Dump
//	  "format"         → number of the last migration that ran
//	  "product"        → "dossier"
//	  "filling"        → only while migrate-store fills the folder: whence, 0, how far it has come
//
// A case's snapshot stands right behind its newest event: one page serves both. A case that rests is kept whole, as told in whole.go.
package bolt

import "dossier/store/rows"

// The buckets, in the order of Dump.
var (
	bucketCases    = []byte(rows.Cases)
	bucketRecords  = []byte(rows.Records)
	bucketVersions = []byte(rows.Versions)
	bucketCounters = []byte(rows.Counters)
	bucketIndex    = []byte(rows.Index)
	bucketLedger   = []byte(rows.Ledger)

	buckets = [][]byte{bucketCases, bucketRecords, bucketVersions, bucketCounters, bucketIndex, bucketLedger}
)

var (
	bucketBlocks = []byte("blocks")

	bucketMeta = []byte("meta")
	keyFormat  = []byte("format")
	keyProduct = []byte("product")
	product    = []byte("dossier")
)
