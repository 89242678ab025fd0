package secret

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// tokenBytes is a token's randomness: 256 bits.
const tokenBytes = 32

var lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// New makes a token and its hash. The token (52 letters and digits, safe in
// an address and in a header) is shown once to its owner; only the hash is
// stored. It fails only when random does.
func New(random io.Reader) (token, hash string, err error) {
	b := make([]byte, tokenBytes)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", "", fmt.Errorf("secret: token: %w", err)
	}
	token = lower.EncodeToString(b)
	return token, Sum(token), nil
}

// Sum is the hash of a token by which it is stored and found: SHA-256 in hex.
// Capitals and surrounding spaces don't count.
func Sum(token string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(token))))
	return hex.EncodeToString(sum[:])
}

// Matches says whether hash is the token's, in a time that doesn't tell how
// much of it is right.
func Matches(token, hash string) bool {
	return subtle.ConstantTimeCompare([]byte(Sum(token)), []byte(hash)) == 1
}

// Why a one-time link doesn't open.
var (
	ErrLinkWrong   = errors.New("secret: not this link's token")
	ErrLinkUsed    = errors.New("secret: link used already")
	ErrLinkExpired = errors.New("secret: link expired")
)

// Link is what is stored of a one-time link. Times are UTC seconds.
type Link struct {
	Hash    string `json:"hash"`
	Expires int64  `json:"expires"`        // the last second in which it opens
	Used    int64  `json:"used,omitempty"` // 0: not yet
}

// NewLink makes a link that opens once, until life after now. The token
// goes into the address, the Link into the store.
func NewLink(random io.Reader, now time.Time, life time.Duration) (token string, link Link, err error) {
	token, hash, err := New(random)
	if err != nil {
		return "", Link{}, err
	}
	return token, Link{Hash: hash, Expires: now.Add(life).Unix()}, nil
}

// Use answers the link as used now, to be stored in place of this one in the
// same commit as what the link allowed. It fails with [ErrLinkWrong],
// [ErrLinkUsed] or [ErrLinkExpired]; whoever hasn't the token learns only the first.
func (l Link) Use(token string, now time.Time) (Link, error) {
	switch {
	case !Matches(token, l.Hash):
		return l, ErrLinkWrong
	case l.Used != 0:
		return l, ErrLinkUsed
	case now.Unix() > l.Expires:
		return l, ErrLinkExpired
	}
	l.Used = now.Unix()
	return l, nil
}
