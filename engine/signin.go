package engine

import (
	"hash/fnv"
	"sync"

	"dossier/engine/office"
)

// doors lets one try at a time through under a name: what it counts is written before the next is looked at.
type doors [64]sync.Mutex

func (d *doors) Lock(id office.PersonID) (unlock func()) {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(id))
	m := &d[sum.Sum32()%uint32(len(d))]
	m.Lock()
	return m.Unlock
}
