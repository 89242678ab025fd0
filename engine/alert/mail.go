package alert

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"dossier/engine/office"
)

// Mail is a channel to a mail server. A server that is not this machine must speak TLS.
type Mail struct {
	Server   string // host:port; 465 is TLS from the first byte, any other port STARTTLS
	User     string // "" signs in as nobody
	Password string
	From     string
	Words    func(office.Person) Words
	Now      func() time.Time
	TLS      *tls.Config // nil: the host's name and the system's authorities
	Timeout  time.Duration
}

// mailTimeout bounds one try, in case nothing else is said.
const mailTimeout = 15 * time.Second

// Send sends a parcel as one mail. Its Message-ID is the parcel's id, the same at every try. It is *Refused where the person
// has no address or the server knows nobody there; whatever else a server answers may pass, or be set right.
func (m *Mail) Send(ctx context.Context, to office.Person, p Parcel) error {
	if to.Mail == "" {
		return &Refused{fmt.Errorf("%s has no mail address", to.ID)}
	}
	msg, err := m.compose(to, p)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(m.Server)
	if err != nil {
		return fmt.Errorf("mail server %q: %w", m.Server, err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return fmt.Errorf("mail server %q: the port is no number", m.Server)
	}
	timeout := m.Timeout
	if timeout == 0 {
		timeout = mailTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	opts := []mail.Option{mail.WithPort(n), mail.WithTimeout(timeout)}
	switch ip := net.ParseIP(host); {
	case n == 465:
		opts = append(opts, mail.WithSSL())
	case host == "localhost" || ip != nil && ip.IsLoopback():
		opts = append(opts, mail.WithTLSPolicy(mail.TLSOpportunistic))
	default:
		opts = append(opts, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if m.TLS != nil {
		opts = append(opts, mail.WithTLSConfig(m.TLS))
	}
	if m.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.Password))
	}
	client, err := mail.NewClient(host, opts...)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, msg)
	var said *mail.SendError
	if errors.As(err, &said) && said.Reason == mail.ErrSMTPRcptTo && !said.IsTemp() { // 5xx: nobody there has that address
		return &Refused{err}
	}
	return err
}

func (m *Mail) compose(to office.Person, p Parcel) (*mail.Msg, error) {
	msg := mail.NewMsg()
	if err := msg.From(m.From); err != nil {
		return nil, fmt.Errorf("sender %q: %w", m.From, err)
	}
	if err := msg.To(to.Mail); err != nil {
		return nil, &Refused{fmt.Errorf("address %q: %w", to.Mail, err)}
	}
	subject, lines := m.Words(to).digest(p, true)
	msg.Subject(subject)
	_, domain, _ := strings.Cut(strings.TrimSuffix(m.From, ">"), "@")
	msg.SetMessageIDWithValue(p.ID + "@" + domain)
	msg.SetDateWithValue(m.Now())
	msg.SetBodyString(mail.TypeTextPlain, strings.Join(lines, "\n")+"\n")
	return msg, nil
}
