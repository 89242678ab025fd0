package typed

import (
	"strings"
	"testing"

	"dossier/engine/calendar"
)

// dirt is what people, spreadsheets and chats put into a text without seeing it.
var dirt = []string{"\t", "\u200b", "\ufeff", "\u202d", "\u00a0", "\u3000", "\u2060"}

// wide writes ASCII as full-width characters.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r - '!' + '！'
		}
		return r
	}, s)
}

func TestMoney(t *testing.T) {
	for s, want := range map[string]int64{
		"8600.50": 860050, "8,600.50": 860050, "８６００．５０": 860050, "¥8600.5": 860050, "￥8,600.50元": 860050, "8 600.50": 860050, "8，600.50": 860050,
		"0": 0, "0.05": 5, "128400": 12840000, "128400元整": 12840000, "人民币128400元": 12840000, "1,234,567.89": 123456789, "100000000000": most, "00012": 1200,
	} {
		if got, bad := Money(s); bad != nil || got != want {
			t.Errorf("%q: %d, %v", s, got, bad)
		}
	}
	for s, why := range map[string]string{
		"8600，50": "field.money", "8600,50": "field.money", "0,5": "field.money", "12,34.5": "field.money", "1,2345": "field.money", "1,234 567": "field.money",
		"-5": "field.money", "8600.505": "field.money", "8600.": "field.money", ".5": "field.money", "": "field.money", "一万": "field.money", "1e5": "field.money",
		"100000000000.01": "field.money-large", "99999999999999999999": "field.money-large", "3.5万元": "field.money-units", "12万": "field.money-units", "1.2345亿元": "field.money-units",
		"8600\x00": "field.control",
	} {
		if got, bad := Money(s); bad == nil || bad.Why != why {
			t.Errorf("%q: %d, %v, want %s", s, got, bad, why)
		}
	}
	if _, bad := Money("3.5万元"); bad.Args["type"] != "35000" {
		t.Errorf("3.5万元: %v", bad)
	}
}

func TestNumber(t *testing.T) {
	for s, want := range map[string]int{"0": 0, "1200": 1200, "1,200": 1200, "１２００": 1200, " 41 ": 41, "-3": -3} {
		if got, bad := Number(s); bad != nil || got != want {
			t.Errorf("%q: %d, %v", s, got, bad)
		}
	}
	for _, s := range []string{"", "1.5", "12,34", "四十", "--1", "0x10", "99999999999999999999"} {
		if got, bad := Number(s); bad == nil {
			t.Errorf("%q: %d", s, got)
		}
	}
}

func TestDayAndMoment(t *testing.T) {
	want := calendar.Of(2026, 3, 2)
	for _, s := range []string{"2026-03-02", "2026-3-2", "2026/3/2", "2026.3.2", "2026年3月2日", "2026 年 3 月 2 日", "20260302", "２０２６－０３－０２"} {
		if got, bad := Day(s); got != want || bad != nil {
			t.Errorf("%q: %s, %v", s, got, bad)
		}
	}
	for _, s := range []string{"", "2026-02-30", "2026-3", "3/2/2026", "2026年3-2", "2026/3-2", "26-3-2", "昨天"} {
		if got, bad := Day(s); bad == nil {
			t.Errorf("%q: %s", s, got)
		}
	}
	for s, want := range map[string]string{"2026-01-05 14:30": "2026-01-05 14:30", "2026-01-05T14:30": "2026-01-05 14:30", "2026-1-5 9:05:59": "2026-01-05 09:05",
		"2026年1月5日14时30分": "2026-01-05 14:30", "2026-01-05": "2026-01-05", "２０２６－０１－０５　１４：３０": "2026-01-05 14:30"} {
		if got, bad := Moment(s); bad != nil || got != want {
			t.Errorf("%q: %q, %v", s, got, bad)
		}
	}
	for _, s := range []string{"", "14:30", "2026-01-05 24:00", "2026-01-05 9:60", "2026-02-30 09:00"} {
		if got, bad := Moment(s); bad == nil {
			t.Errorf("%q: %q", s, got)
		}
	}
}

func TestIDNumber(t *testing.T) {
	today := calendar.Of(2026, 3, 2)
	for s, want := range map[string]string{"11010519491231002X": "11010519491231002X", "11010519491231002x": "11010519491231002X",
		"110105 19491231 002x": "11010519491231002X", "110105-19491231-002X": "11010519491231002X", wide("11010519491231002X"): "11010519491231002X"} {
		if got, bad := IDNumber(s, today); bad != nil || got != want {
			t.Errorf("%q: %q, %v", s, got, bad)
		}
	}
	for s, why := range map[string]string{
		"110105194912310021": "field.id-number", "11010519491331002X": "field.id-number", "11010519490229002X": "field.id-number", "1101051949123100": "field.id-number",
		"": "field.id-number", "000000000000000000": "field.id-cut", "440524188001010014": "field.id-born", "110105491231002": "field.id-15",
		"110105194912310000": "field.id-cut", "1.10105E+17": "field.id-cut", withCheck("11010520300101001"): "field.id-born", withCheck("99010519900101001"): "field.id-number",
	} {
		if got, bad := IDNumber(s, today); bad == nil || bad.Why != why {
			t.Errorf("%q: %q, %v, want %s", s, got, bad, why)
		}
	}
}

func withCheck(s string) string { return s + string(idCheck(s+" ")) }

func TestCreditCode(t *testing.T) {
	for s, want := range map[string]string{"91350100M000100Y43": "91350100M000100Y43", "91350100m000100y43": "91350100M000100Y43",
		wide("91350100M000100Y43"): "91350100M000100Y43", "9135 0100 M000 100Y 43": "91350100M000100Y43", "91100000100003962T": "91100000100003962T"} {
		if got, bad := CreditCode(s); bad != nil || got != want {
			t.Errorf("%q: %q, %v", s, got, bad)
		}
	}
	for s, why := range map[string]string{"91350100M000100Y44": "field.credit-code", "91350100M000100I43": "field.credit-code", "91350100M000100Y4": "field.credit-code",
		"": "field.credit-code", "000000000000000000": "field.credit-first", "11010519491231002X": "field.credit-id", "132201194912310021": "field.credit-code"} {
		if got, bad := CreditCode(s); bad == nil || bad.Why != why {
			t.Errorf("%q: %q, %v, want %s", s, got, bad, why)
		}
	}
	const code = "91350100M000100Y43" // the weights and 31 have no common divisor
	for i := range code {
		for _, c := range CreditAlphabet {
			changed := code[:i] + string(c) + code[i+1:]
			if _, bad := CreditCode(changed); changed != code && bad == nil {
				t.Errorf("%s passes for %s", changed, code)
			}
		}
	}
}

func TestPhone(t *testing.T) {
	for s, want := range map[string]string{"13800138000": "13800138000", "138 0013 8000": "13800138000", "138-0013-8000": "13800138000", "+86 13800138000": "13800138000",
		wide("13800138000"): "13800138000", "0319-7512345": "0319-7512345", "03197512345": "0319-7512345", "(0319) 7512345": "0319-7512345", "（0319）7512345": "0319-7512345",
		"010-12345678-801": "010-12345678-801", "0319-7512345转12": "0319-7512345-12", "12333": "12333", "400-820-8820": "400-820-8820", "4008208820": "400-820-8820", "7512345": "7512345"} {
		if got, bad := Phone(s); bad != nil || got != want {
			t.Errorf("%q: %q, %v", s, got, bad)
		}
	}
	for _, s := range []string{"", "12", "1380013800", "call me", "110105194912310021"} {
		if got, bad := Phone(s); bad == nil {
			t.Errorf("%q: %q", s, got)
		}
	}
}

// However its brackets, width, spaces and zeros are typed, a number is one number.
func TestOneCaseNumber(t *testing.T) {
	const number = "任人社监立〔2026〕36号"
	for _, s := range []string{number, "任人社监立[2026]36号", "任人社监立(2026)36号", "任人社监立（２０２６）３６号", "任人社监立【2026】036号", " 任人社监立〔2026〕 36 号 ", "任人社监立〔2026〕第36号", "任人社监立\u200b〔2026〕0036号"} {
		if got, bad := CaseNumber(s); bad != nil || got != number {
			t.Errorf("%q: %q, %v", s, got, bad)
		}
		if SameNumber(s) != SameNumber(number) {
			t.Errorf("%q is compared as %q", s, SameNumber(s))
		}
	}
	for _, s := range []string{"任人社监立〔2026〕360号", "任人社监立〔2025〕36号", "任人社监收〔2026〕36号", "任人社监立〔2026〕3号"} {
		if SameNumber(s) == SameNumber(number) {
			t.Errorf("%q is taken for %s", s, number)
		}
	}
	if SameNumber("0330") != SameNumber("330") || SameNumber("330") == SameNumber("33") {
		t.Error("0330 and 330 are one number")
	}
}

func TestClean(t *testing.T) {
	for _, d := range dirt {
		for s, read := range map[string]func(string) any{
			"8600.50":            func(s string) any { n, bad := Money(s); return pair{n, bad == nil} },
			"41":                 func(s string) any { n, bad := Number(s); return pair{n, bad == nil} },
			"2026-03-02":         func(s string) any { d, bad := Day(s); return pair{d, bad == nil} },
			"11010519491231002X": func(s string) any { x, bad := IDNumber(s, 0); return pair{x, bad == nil} },
			"91350100M000100Y43": func(s string) any { x, bad := CreditCode(s); return pair{x, bad == nil} },
			"13800138000":        func(s string) any { x, bad := Phone(s); return pair{x, bad == nil} },
		} {
			if got, want := read(d+s+d), read(s); got != want || !want.(pair).ok {
				t.Errorf("%q around %s: %v, want %v", d, s, got, want)
			}
		}
	}
	for s, want := range map[string]string{"张\u200b三": "张三", "\ufeff张三\u202d": "张三", "张\t三": "张 三", "甲\r\n乙": "甲 乙", "甲　乙": "甲 乙", "𠮷田": "𠮷田"} {
		if got, bad := Clean(s, false); bad != nil || got != want {
			t.Errorf("%q: %q, %v", s, got, bad)
		}
	}
	if got, _ := Clean("甲\r\n\u3000\u3000乙\u2028丙", true); got != "甲\n\u3000\u3000乙\n丙" {
		t.Errorf("lines: %q", got)
	}
	if _, bad := Clean("张\x01三", false); bad == nil || bad.Args["code"] != "U+0001" || bad.Args["at"] != "2" {
		t.Errorf("a control character: %v", bad)
	}
}

type pair struct {
	value any
	ok    bool
}

// What was read once is read again as itself, and nothing brings a reader down.
func FuzzReaders(f *testing.F) {
	for _, s := range []string{"8,600.50", "2026年3月2日14时30分", "11010519491231002X", "91350100M000100Y43", "（0319）7512345转12", "立〔2026〕036号", "\u202d\x00\xff", "1.10105E+17", "3.5万元"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		today := calendar.Of(2026, 3, 2)
		for name, read := range map[string]func(string) (string, *Fault){
			"clean": func(s string) (string, *Fault) { return Clean(s, false) }, "lines": func(s string) (string, *Fault) { return Clean(s, true) },
			"moment": Moment, "credit code": CreditCode, "phone": Phone, "number": CaseNumber,
			"id": func(s string) (string, *Fault) { return IDNumber(s, today) }, "day": func(s string) (string, *Fault) { d, bad := Day(s); return d.String(), bad },
		} {
			once, bad := read(s)
			if bad != nil {
				continue
			}
			if twice, bad := read(once); bad != nil || twice != once {
				t.Errorf("%s of %q: %q, then %q, %v", name, s, once, twice, bad)
			}
		}
		if fen, bad := Money(s); bad == nil && (fen < 0 || fen > most) {
			t.Errorf("%q is %d fen", s, fen)
		}
		Number(s)
		Fold(s)
		SameNumber(s)
	})
}
