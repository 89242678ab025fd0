package procedure

import (
	"testing"
)

func TestValidIDNumber(t *testing.T) {
	for _, tt := range []struct {
		s    string
		want bool
		why  string
	}{
		{"11010519491231002X", true, "the example of GB 11643"},
		{"440524188001010014", true, "the other one"},
		{"11010519491231002x", false, "a small x"},
		{"110105194912310021", false, "another check character"},
		{"11010519491331002X", false, "a thirteenth month"},
		{"11010519490229002X", false, "no such day"},
		{"1101051949123100", false, "too short"},
		{"1101051949123100２X", false, "a full-width digit"},
		{"", false, "nothing"},
	} {
		if got := ValidIDNumber(tt.s); got != tt.want {
			t.Errorf("%s (%s): %v", tt.s, tt.why, got)
		}
	}
}

func TestValidCreditCode(t *testing.T) {
	for _, tt := range []struct {
		s    string
		want bool
		why  string
	}{
		{"91350100M000100Y43", true, "the example of GB 32100"},
		{"91350100M000100Y44", false, "another check character"},
		{"91350100M000100I43", false, "a letter that isn't used"},
		{"91350100m000100y43", false, "small letters"},
		{"91350100M000100Y4", false, "too short"},
		{"", false, "nothing"},
	} {
		if got := ValidCreditCode(tt.s); got != tt.want {
			t.Errorf("%s (%s): %v", tt.s, tt.why, got)
		}
	}
}

// Each changed character of a code is noticed: the weights and 31 have no common divisor.
func TestCreditCodeNoticesEveryChangedCharacter(t *testing.T) {
	const code = "91350100M000100Y43"
	for i := range code {
		for _, c := range CreditAlphabet {
			changed := code[:i] + string(c) + code[i+1:]
			if changed != code && ValidCreditCode(changed) {
				t.Errorf("%s passes for %s", changed, code)
			}
		}
	}
}

func TestValidPhone(t *testing.T) {
	for s, want := range map[string]bool{"13800138000": true, "0319-7512345": true, "03197512345": true, "010-12345678-801": true,
		"12333": true, "400-820-8820": true, "7512345": true, "12": false, "1380013800": false, "138 0013 8000": false, "": false, "call me": false} {
		if got := ValidPhone(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}
