package statistics

import (
	"testing"

	"dossier/engine/listing"
	"dossier/engine/penalty"
)

func TestAbove(t *testing.T) {
	for _, x := range []struct {
		low, high, fine penalty.Fen
		percent         int
		ok              bool
	}{{100, 200, 100, 0, true}, {100, 200, 150, 50, true}, {100, 200, 200, 100, true}, {100, 100, 100, 0, false}, {100, 200, 0, 0, false}} {
		d := Decided{Charge: listing.Charge{Fine: int64(x.fine)}, Low: x.low, High: x.high, Known: true}
		if n, ok := d.Above(); n != x.percent || ok != x.ok {
			t.Errorf("%+v: %d, %t", x, n, ok)
		}
	}
}
