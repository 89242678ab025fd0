package alert

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"dossier/engine"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// kindChoice is the record of what a person wants to be sent; its id is the person.
const kindChoice = "alert-choice"

// Level is what a person wants of one channel.
type Level string

const (
	All     Level = "all" // yellow in the morning's digest, red at once; the default
	OnlyRed Level = "red"
	None    Level = "none" // the desk alone; nobody who leads the office may choose it
)

// The channels beside the desk.
const (
	MailChannel     = "mail"
	WeComChannel    = "wecom"    // 企业微信 robot
	DingTalkChannel = "dingtalk" // 钉钉 robot
)

// Names are the channels, in the order in which they are shown.
var Names = []string{MailChannel, WeComChannel, DingTalkChannel}

// Leads tells whether a person leads the bureau, and so can't switch off red.
func (a *Alerts) Leads(p *office.Person) bool {
	return a.Engine.Office().Leads(p, procedure.LeadsBureau, a.Engine.Today())
}

// Choice is what the person gets by each channel. Whoever has come to lead since they chose gets red all the same.
func (a *Alerts) Choice(p *office.Person) (map[string]Level, error) {
	_, chosen, err := a.chosen(p.ID)
	if err != nil {
		return nil, err
	}
	levels := map[string]Level{}
	for _, c := range Names {
		levels[c] = All
		if l, ok := chosen[c]; ok {
			levels[c] = l
		}
		if levels[c] == None && a.Leads(p) {
			levels[c] = OnlyRed
		}
	}
	return levels, nil
}

// Choose keeps what the person wants, field-invalid with the channel's name as its path for what they can't have.
func (a *Alerts) Choose(ctx context.Context, p *office.Person, levels map[string]Level) error {
	bad := &refusal.Error{Code: refusal.FieldInvalid}
	for _, c := range Names {
		switch l := levels[c]; {
		case l != All && l != OnlyRed && l != None:
			bad.Fields = append(bad.Fields, refusal.FieldFault{Path: c, Code: refusal.FieldInvalid, Why: "field.choice"})
		case l == None && a.Leads(p):
			bad.Fields = append(bad.Fields, refusal.FieldFault{Path: c, Code: refusal.FieldInvalid, Why: "field.red-stays"})
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	seq, _, err := a.chosen(p.ID)
	if err != nil {
		return err
	}
	data, err := json.Marshal(levels)
	if err != nil {
		return err
	}
	return engine.IgnoreConflict(change.KeepRecords(ctx, a.Engine, ledger.RecordWrite{Kind: kindChoice, ID: string(p.ID), Read: seq, Data: data})) // chosen twice at once: one of them stands
}

func (a *Alerts) chosen(id office.PersonID) (seq uint64, levels map[string]Level, err error) {
	r, err := a.Engine.Store.Record(kindChoice, string(id))
	if errors.Is(err, ledger.ErrNotFound) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, err
	}
	return r.Seq, levels, json.Unmarshal(r.Data, &levels)
}

// The office's settings that name the channels' servers; one without a value is not used.
const (
	MailSetting     = "mail/server" // host:port; 465 is TLS from the first byte, any other port STARTTLS
	settingUser     = "mail/user"
	settingFrom     = "mail/from"
	settingWeCom    = "webhook/wecom"
	settingDingTalk = "webhook/dingtalk"
)

// reached are the channels by which a person is sent a telling.
func (a *Alerts) reached(p *office.Person, red bool) ([]string, error) {
	levels, err := a.Choice(p)
	if err != nil {
		return nil, err
	}
	o, today := a.Engine.Office(), a.Engine.Today()
	open := map[string]bool{MailChannel: p.Mail != "" && o.Text(MailSetting, today) != "",
		WeComChannel: o.Text(settingWeCom, today) != "", DingTalkChannel: o.Text(settingDingTalk, today) != ""}
	return slices.DeleteFunc(slices.Clone(Names), func(c string) bool {
		return !open[c] || levels[c] == None || levels[c] == OnlyRed && !red
	}), nil
}
