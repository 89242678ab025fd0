package alert

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dossier/engine/office"
	"dossier/engine/refusal"
)

// Robot is a channel to a group's robot. A group reads it, so that it names cases and clocks and no party. The parcel's
// id goes in the head of the request (Idempotency-Key) and in its body (msgid), the same at every try.
type Robot struct {
	Kind   string // [WeComChannel] or [DingTalkChannel]: the shape of what is sent
	URL    string // with the robot's own key in it
	Secret string // signs: DingTalk in the address as its robots ask, WeCom in the head for a relay that checks it; "" none
	Words  func(office.Person) Words
	Now    func() time.Time
	Client *http.Client // nil: one that waits ten seconds
}

// most is how much of an answer is read, in bytes.
const most = 64 << 10

// longest is how much text goes into one message, in bytes: the robots refuse more than 2 048 (WeCom).
const longest = 2000

var patient = &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Send sends a parcel as one message that mentions the person by their mobile number.
func (r *Robot) Send(ctx context.Context, to office.Person, p Parcel) error {
	body, err := json.Marshal(r.message(to, p))
	if err != nil {
		return err
	}
	address, err := r.address()
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return plain(err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Idempotency-Key", p.ID)
	if r.Kind == WeComChannel && r.Secret != "" {
		req.Header.Set("X-Signature", "sha256="+base64.StdEncoding.EncodeToString(sign(r.Secret, p.ID+"\n"+string(body))))
	}
	client := r.Client
	if client == nil {
		client = patient
	}
	res, err := client.Do(req)
	if err != nil {
		return plain(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, most))
	if err != nil {
		return fmt.Errorf("the robot's answer broke off: %w", plain(err))
	}
	return taken(res.StatusCode, answer)
}

// taken tells whether an answer says that the message was taken.
func taken(status int, answer []byte) error {
	if status != http.StatusOK {
		return fmt.Errorf("the robot answered %d", status)
	}
	var said struct {
		Code    *int   `json:"errcode"`
		Message string `json:"errmsg"`
	}
	if err := json.Unmarshal(answer, &said); err != nil || said.Code == nil {
		return errors.New("the robot's answer is not one of a robot")
	}
	if *said.Code != 0 {
		return fmt.Errorf("the robot refused: %d %.200s", *said.Code, said.Message)
	}
	return nil
}

// message is the body as the robot reads it.
func (r *Robot) message(to office.Person, p Parcel) map[string]any {
	subject, lines := r.Words(to).digest(p, false)
	mobiles := []string{}
	if mobile(to.Phone) {
		mobiles = append(mobiles, to.Phone)
	}
	content := short(to.Name+" "+subject, lines)
	if r.Kind == DingTalkChannel {
		for _, m := range mobiles { // DingTalk mentions whom the text names
			content += " @" + m
		}
		return map[string]any{"msgid": p.ID, "msgtype": "text", "text": map[string]any{"content": content},
			"at": map[string]any{"atMobiles": mobiles, "isAtAll": false}}
	}
	return map[string]any{"msgid": p.ID, "msgtype": "text", "text": map[string]any{"content": content, "mentioned_mobile_list": mobiles}}
}

// mobile tells whether a number is a mobile telephone's: by a landline's a robot finds nobody.
func mobile(number string) bool {
	return len(number) == 11 && number[0] == '1' && number[1] >= '3' && strings.Trim(number, "0123456789") == ""
}

// fits tells whether a parcel is one message of a robot, whole.
func fits(w Words, to office.Person, p Parcel) bool {
	subject, lines := w.digest(p, false)
	return len(to.Name+" "+subject)+len(lines)+len(strings.Join(lines, "")) <= longest
}

// short joins as many lines as a message holds, and says by dots that there are more: the desk has them all.
func short(head string, lines []string) string {
	for _, l := range lines {
		if len(head)+1+len(l) > longest {
			return head + "\n……"
		}
		head += "\n" + l
	}
	return head
}

// address is the robot's, signed and dated where it asks for that.
func (r *Robot) address() (string, error) {
	u, err := url.Parse(r.URL)
	if err != nil || u.Host == "" {
		return "", errors.New("the robot's address is none")
	}
	if r.Kind == DingTalkChannel && r.Secret != "" {
		at := strconv.FormatInt(r.Now().UnixMilli(), 10)
		q := u.Query()
		q.Set("timestamp", at)
		q.Set("sign", base64.StdEncoding.EncodeToString(sign(r.Secret, at+"\n"+r.Secret)))
		u.RawQuery = q.Encode()
	}
	return u.String(), nil
}

func sign(secret, text string) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// plain is a fault of the network without the address, which holds the robot's key.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// Secrets are what the channels need and the record must not hold.
type Secrets struct{ MailPassword, WeCom, DingTalk string }

// Channels are those that the office's settings name today, by their names.
func (a *Alerts) Channels() map[string]Channel {
	o, today, s := a.Engine.Office(), a.Engine.Today(), a.Secrets
	words := func(p office.Person) Words { return Words{langOf(p), a.Engine} }
	cs := map[string]Channel{}
	if server := strings.TrimSpace(o.Text(MailSetting, today)); server != "" {
		user := o.Text(settingUser, today)
		from := o.Text(settingFrom, today)
		if from == "" {
			from = user
		}
		cs[MailChannel] = &Mail{Server: server, User: user, Password: s.MailPassword, From: from, Words: words, Now: a.Engine.Now}
	}
	for _, r := range []Robot{{Kind: WeComChannel, URL: o.Text(settingWeCom, today), Secret: s.WeCom},
		{Kind: DingTalkChannel, URL: o.Text(settingDingTalk, today), Secret: s.DingTalk}} {
		if r.URL = strings.TrimSpace(r.URL); r.URL != "" {
			r.Words, r.Now = words, a.Engine.Now
			cs[r.Kind] = &r
		}
	}
	return cs
}

// Try sends a message that tells of nothing to the administrator who asks, by a channel that the settings name, so that they
// see at once whether it works. It is in no ledger. not-found where the settings don't name the channel; any other error is
// the channel's own, as [Channel] has it.
func (a *Alerts) Try(ctx context.Context, who office.PersonID, channel string) error {
	if err := a.Engine.Administers(who); err != nil {
		return err
	}
	c, to := a.Channels()[channel], a.Engine.Office().Person(who)
	if c == nil || to == nil {
		return refusal.New(refusal.NotFound, refusal.Args{"what": "channel", "id": channel})
	}
	fault := c.Send(ctx, *to, Parcel{ID: "test-" + strconv.FormatInt(a.Engine.Now().UnixMilli(), 10), Day: a.Engine.Today()})
	if a.Tried != nil && ctx.Err() == nil && !errors.As(fault, new(*Refused)) {
		a.Tried(channel, fault)
	}
	return fault
}
