package secret

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// random is a source of bytes that are the same in every run.
func random() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{1, 2, 3}) }

func TestPassword(t *testing.T) {
	stored, err := Hash(random(), "任县-2026")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("stored is %s", stored)
	}
	if NeedsRehash(stored) {
		t.Error("a new hash needs rehash")
	}
	for password, want := range map[string]bool{"任县-2026": true, "任县-2027": false, "": false, strings.Repeat("x", MaxPassword+1): false} {
		if Verify(stored, password) != want {
			t.Errorf("Verify(%.12q) is not %v", password, want)
		}
	}
	again, err := Hash(rand.NewChaCha8([32]byte{9}), "任县-2026")
	if err != nil || again == stored {
		t.Errorf("two salts, one hash (%v)", err)
	}
	if composed, _ := Hash(random(), "caf\u00e9"); !Verify(composed, "cafe\u0301") {
		t.Error("two spellings of one character are two passwords")
	}
	if _, err := Hash(random(), strings.Repeat("x", MaxPassword+1)); !errors.Is(err, ErrTooLong) {
		t.Errorf("error is %v", err)
	}
	if _, err := Hash(iotest.ErrReader(errors.New("dry")), "x"); err == nil {
		t.Error("a salt without randomness")
	}
	if _, err := Hash(bytes.NewReader(make([]byte, 15)), "x"); err == nil {
		t.Error("a salt of 15 bytes")
	}
}

// The reference implementation's answer for these parameters, salt and password.
func TestKnownHash(t *testing.T) {
	const stored = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if !Verify(stored, "password") || Verify(stored, "passwort") {
		t.Error("the known hash isn't verified")
	}
	if !NeedsRehash(stored) {
		t.Error("other parameters need no rehash")
	}
}

func TestBrokenHashes(t *testing.T) {
	good, err := Hash(random(), "x")
	if err != nil {
		t.Fatal(err)
	}
	for _, stored := range []string{
		"", "x", "$", "$$$$$", good[1:], good + "$", good + "=", good[:len(good)-1],
		strings.Replace(good, "argon2id", "argon2i", 1),
		strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=19456", "m=4194304", 1),
		strings.Replace(good, "m=19456", "m=-1", 1),
		strings.Replace(good, "t=2", "t=0", 1),
		strings.Replace(good, "t=2", "t=4000", 1),
		strings.Replace(good, "p=1", "p=0", 1),
		strings.Replace(good, "m=19456,t=2", "t=2,m=19456", 1),
		" " + good,
	} {
		if _, ok := parse(stored); ok || !NeedsRehash(stored) {
			t.Errorf("%q is taken", stored)
		}
	}
	if Verify("", "") || Verify("$argon2id$", "x") {
		t.Error("a broken hash is verified")
	}
}

func TestToken(t *testing.T) {
	src := random()
	seen := map[string]bool{}
	for range 100 {
		token, hash, err := New(src)
		if err != nil {
			t.Fatal(err)
		}
		if len(token) != 52 || strings.Trim(token, "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Fatalf("token %q", token)
		}
		if seen[token] || strings.Contains(hash, token) {
			t.Fatalf("token %q again", token)
		}
		seen[token] = true
		if !Matches(token, hash) || !Matches(" "+strings.ToUpper(token)+"\n", hash) || Matches(token+"a", hash) || Matches("", hash) || Matches(token, "") {
			t.Errorf("Matches of %q", token)
		}
	}
	if _, _, err := New(bytes.NewReader(make([]byte, 31))); err == nil {
		t.Error("a token of 31 bytes")
	}
}

func TestLink(t *testing.T) {
	now := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	token, link, err := NewLink(random(), now, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, token string
		link        Link
		at          time.Time
		want        error
	}{
		{"at once", token, link, now, nil},
		{"in the last second", token, link, now.Add(time.Hour), nil},
		{"too late", token, link, now.Add(time.Hour + time.Second), ErrLinkExpired},
		{"another token", token + "a", link, now, ErrLinkWrong},
		{"another token, too late", "x", link, now.Add(2 * time.Hour), ErrLinkWrong},
		{"twice", token, Link{Hash: link.Hash, Expires: link.Expires, Used: now.Unix()}, now, ErrLinkUsed},
		{"of no link", "", Link{}, now, ErrLinkWrong},
	} {
		used, err := c.link.Use(c.token, c.at)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if err == nil && used.Used != c.at.Unix() || err != nil && used != c.link {
			t.Errorf("%s: link is %+v", c.name, used)
		}
	}
	if _, _, err := NewLink(iotest.ErrReader(errors.New("dry")), now, time.Hour); err == nil {
		t.Error("a link without randomness")
	}
}

func TestCode(t *testing.T) {
	code := Code(42, 1)
	if !strings.HasPrefix(code, "42-1-") || len(code) != len("42-1-7K3F") {
		t.Errorf("code is %s", code)
	}
	for _, typed := range []string{code, strings.ToLower(code), " " + code + " ", strings.ReplaceAll(code, "-", " — "), strings.ReplaceAll(code, "-", "－"), wide(code)} {
		if c, n, err := Check(typed); c != 42 || n != 1 || err != nil {
			t.Errorf("Check(%q) = %d, %d, %v", typed, c, n, err)
		}
	}
	for _, typed := range []string{"", "-", "42-1", "42-1-", "0-1-0000", "-1-1-0000", "a-b-c", "42-1-1-7K3F", "99999999999999999999-1-7K3F"} {
		if _, _, err := Check(typed); !errors.Is(err, ErrCode) {
			t.Errorf("Check(%q) = %v", typed, err)
		}
	}
	// Codes on paper outlive the program: these never change.
	for _, c := range []struct {
		caseID, n int64
		want      string
	}{{1, 1, "1-1-7XMA"}, {42, 1, "42-1-HJ58"}, {42, 2, "42-2-4D3E"}, {123456, 78, "123456-78-W6Y7"}} {
		if got := Code(c.caseID, c.n); got != c.want {
			t.Errorf("Code(%d, %d) = %s, want %s", c.caseID, c.n, got, c.want)
		}
	}
}

// wide is a text in full-width characters.
func wide(s string) string {
	return strings.Map(func(r rune) rune { return r + 0xFEE0 }, s)
}

// Every single wrong character and every swap of neighbours is noticed.
func TestCodeErrors(t *testing.T) {
	rnd := rand.New(random())
	for range 300 {
		caseID, n := 1+rnd.Int64N(1_000_000), 1+rnd.Int64N(60)
		code := Code(caseID, n)
		if c, m, err := Check(code); c != caseID || m != n || err != nil {
			t.Fatalf("Check(%q) = %d, %d, %v", code, c, m, err)
		}
		refuse := func(b []byte) {
			if string(b) == code {
				return
			}
			if c, m, err := Check(string(b)); err == nil {
				t.Fatalf("%s typed as %s is taken for %d-%d", code, b, c, m)
			}
		}
		for i := range len(code) {
			for _, wrong := range []byte(crockford + "-") {
				b := []byte(code)
				b[i] = wrong
				refuse(b)
			}
			if i > 0 {
				b := []byte(code)
				b[i-1], b[i] = b[i], b[i-1]
				refuse(b)
			}
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("42-1-7K3F")
	f.Add("４２－１－ＨＪ５８")
	f.Fuzz(func(t *testing.T, code string) {
		c, n, err := Check(code)
		if err != nil {
			return
		}
		if c2, n2, err := Check(Code(c, n)); c2 != c || n2 != n || err != nil {
			t.Errorf("%q is %d-%d, whose code isn't", code, c, n)
		}
	})
}

func TestWeak(t *testing.T) {
	for password, weak := range map[string]bool{
		"woaini1314": true, "5201314aa": true, "mima123456": true, "password1": true, "laodong888": true, "qwertyui": true, "renxian2026": true, "zhangsan1": true,
		"gulou-dongjie-7": false, "lanyuhuazi": false, "四月里的一场雨": false, "correct horse": false,
	} {
		if got := Weak(password, "zhangsan", "张三", "renxian"); got != weak {
			t.Errorf("%q: weak %v", password, got)
		}
	}
}
