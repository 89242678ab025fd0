package secret

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"io"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// stepSeconds is how long one code of an authenticator lasts (RFC 6238).
const stepSeconds = 30

// TOTP is the secret that an authenticator shares with the office: as text to
// type in, and as a picture (a data URI) to take.
type TOTP struct{ Secret, Picture string }

// NewTOTP makes the secret of an account.
func NewTOTP(random io.Reader, issuer, account string) (TOTP, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Rand: random})
	if err != nil {
		return TOTP{}, fmt.Errorf("secret: %w", err)
	}
	return picture(key)
}

// SameTOTP draws a secret that was made before again.
func SameTOTP(secret, issuer, account string) (TOTP, error) {
	key, err := otp.NewKeyFromURL("otpauth://totp/" + escape(issuer) + ":" + escape(account) + "?secret=" + escape(secret) + "&issuer=" + escape(issuer))
	if err != nil {
		return TOTP{}, fmt.Errorf("secret: %w", err)
	}
	return picture(key)
}

func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func picture(key *otp.Key) (TOTP, error) {
	img, err := key.Image(220, 220)
	if err != nil {
		return TOTP{}, fmt.Errorf("secret: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return TOTP{}, fmt.Errorf("secret: %w", err)
	}
	return TOTP{key.Secret(), "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())}, nil
}

// CodeAt is the code of a secret at a moment.
func CodeAt(secret string, at time.Time) (string, error) { return totp.GenerateCode(secret, at) }

// CheckTOTP finds the step whose code this is: the present one, or one beside
// it for clocks that go wrong by half a minute, but none up to after, which
// was used before. 0 when it is none.
func CheckTOTP(secret, code string, now time.Time, after int64) int64 {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	for d := int64(-1); d <= 1; d++ {
		step := now.Unix()/stepSeconds + d
		if want, err := totp.GenerateCode(secret, time.Unix(step*stepSeconds, 0)); err == nil && want == code && step > after {
			return step
		}
	}
	return 0
}
