// Package secret keeps what must not be known: passwords as argon2id hashes,
// tokens and one-time links as SHA-256 hashes. It also makes the short codes
// that tie a printed document to its record, which are no secret but a check
// on typing. Randomness and time are always given by the caller.
package secret

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// MaxPassword is the longest password that is taken, in bytes.
const MaxPassword = 1024

// ErrTooLong is a password of more than [MaxPassword] bytes.
var ErrTooLong = errors.New("secret: password too long")

// cost is what one guess at a password costs.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// today is the cost of new hashes: OWASP's second choice for argon2id.
var today = cost{memory: 19 << 10, passes: 2, threads: 1}

// ceiling is the most that a stored hash may ask for, so that a forged
// record can't exhaust the machine.
var ceiling = cost{memory: 256 << 10, passes: 16, threads: 16}

const (
	saltBytes = 16
	keyBytes  = 32
)

// slots bounds the hashes that are worked out at once, each of which holds
// 19 MiB: a crowd at the sign-in page waits instead of taking the memory.
var slots = make(chan struct{}, 4)

// hashed is a stored password taken apart.
type hashed struct {
	cost
	salt, key []byte
}

// Hash makes the string to store for a password:
//
//	$argon2id$v=19$m=19456,t=2,p=1$SALT$KEY
//
// (the PHC string format). The salt comes from random. It fails with
// [ErrTooLong], or when random does.
func Hash(random io.Reader, password string) (string, error) {
	if len(password) > MaxPassword {
		return "", ErrTooLong
	}
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("secret: salt: %w", err)
	}
	h := hashed{cost: today, salt: salt}
	h.key = h.derive(password, keyBytes)
	return h.String(), nil
}

// Verify says whether the password is the one that was hashed. It takes as
// long for a stored string that is empty or broken, so that a sign-in page
// that calls it with "" doesn't tell which users exist.
func Verify(stored, password string) bool {
	h, ok := parse(stored)
	if !ok {
		h = hashed{cost: today, salt: make([]byte, saltBytes), key: make([]byte, keyBytes)}
	}
	if len(password) > MaxPassword {
		return false
	}
	same := subtle.ConstantTimeCompare(h.derive(password, len(h.key)), h.key) == 1
	return same && ok
}

// NeedsRehash says that a stored string was not made by today's [Hash]: after
// the next successful sign-in the password should be hashed again.
func NeedsRehash(stored string) bool {
	h, ok := parse(stored)
	return !ok || h.cost != today || len(h.salt) != saltBytes || len(h.key) != keyBytes
}

// derive works out the key. Two spellings of one character (NFC) are one password.
func (h hashed) derive(password string, size int) []byte {
	slots <- struct{}{}
	defer func() { <-slots }()
	return argon2.IDKey([]byte(norm.NFC.String(password)), h.salt, h.passes, h.memory, h.threads, uint32(size))
}

func (h hashed) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.threads,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.key))
}

// parse takes a stored string apart; only what String writes is taken.
func parse(stored string) (hashed, bool) {
	var h hashed
	var version int
	parts := strings.Split(stored, "$")
	if len(parts) != 6 {
		return hashed{}, false
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &h.memory, &h.passes, &h.threads); err != nil {
		return hashed{}, false
	}
	var err1, err2 error
	h.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	h.key, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	within := h.passes >= 1 && h.passes <= ceiling.passes && h.threads >= 1 && h.threads <= ceiling.threads &&
		h.memory <= ceiling.memory && len(h.salt) >= 8 && len(h.key) >= 16 && len(h.key) <= 64
	if err1 != nil || err2 != nil || !within || h.String() != stored {
		return hashed{}, false
	}
	return h, true
}
