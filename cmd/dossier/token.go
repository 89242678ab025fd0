package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/office"
	"dossier/store"
)

var tokenVerb = verb{help: `用法：dossier token create --user 用户名 [--scope read|write] [--days 天数] [--name 用途] [--gates]
      dossier token list [--user 用户名]
      dossier token revoke 编号

为接口（/api/v1）签发、列出、吊销令牌。令牌只显示这一次，库中只存其哈希值；令牌不能代替人员审批，也不能撤回、作废、移交。

  --scope            read 只读（默认），write 可以办理不属于审批的事项
  --days             有效天数，默认90，最多730
  --gates            可以审批的令牌，供联调测试；只在演示目录（serve --demo）里签发

例：
  dossier token create --user liwei --days 30
  dossier token create --user liwei --scope write --json
  dossier token list --json
  dossier token revoke 3fa94c0b1d22
`, options: []string{"user", "scope", "days", "name", "as"}, switches: []string{"gates"}, run: token}

// token makes, lists and revokes API tokens.
func token(ctx context.Context, p *process, a arguments) (err error) {
	acts := map[string]func(context.Context, *process, *house, arguments) error{"create": createToken, "list": listTokens, "revoke": revokeToken}
	if len(a.rest) == 0 {
		return unreadable("no-verb", "where", "token", "verbs", tokenVerbs)
	}
	act, ok := acts[a.rest[0]]
	if !ok {
		return unreadable("no-such-verb", "where", "token "+a.rest[0], "offer", offer(a.rest[0], tokenVerbs))
	}
	if a.rest[0] == "create" {
		if _, err := wanted(a); err != nil { // what is wrong with the words themselves is told before any folder is opened
			return err
		}
	}
	h, err := p.open(a, store.Options{Owner: "dossier token"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	return act(ctx, p, h, a)
}

// wish is the token that the words ask for.
type wish struct {
	user, name string
	scope      access.Scope
	days       int
	gates      bool
}

func wanted(a arguments) (w wish, err error) {
	if _, err := a.words("token", "create"); err != nil {
		return w, err
	}
	var scope, days string
	for option, to := range map[string]*string{"user": &w.user, "scope": &scope, "name": &w.name, "days": &days} {
		if *to, err = a.one(option); err != nil {
			return w, err
		}
	}
	w.gates = a.has("gates")
	if w.user == "" {
		return w, invalid("user", "required", "option-missing", "where", "--user", "do", "写 --user 和这个人的用户名")
	}
	if w.scope = access.Scope(scope); scope == "" {
		w.scope = access.ReadScope
	}
	if days != "" {
		if w.days, err = strconv.Atoi(days); err != nil || w.days < 1 {
			return w, invalid("days", "days", "days", "where", "--days "+days)
		}
	}
	return w, nil
}

func createToken(ctx context.Context, p *process, h *house, a arguments) error {
	w, err := wanted(a)
	if err != nil {
		return err
	}
	who, err := h.person(a)
	if err != nil {
		return err
	}
	var secret string
	if w.gates {
		if _, err := h.Store.Record(kindDemo, "county"); err != nil {
			return unreadable("gates")
		}
		secret, err = access.NewGateToken(ctx, h.Engine, who, office.PersonID(w.user), w.name, w.days)
	} else {
		secret, err = access.NewToken(ctx, h.Engine, who, office.PersonID(w.user), w.name, w.scope, w.days)
	}
	if err == nil {
		err = (&alert.Alerts{Engine: h.Engine}).Key(ctx, who, office.PersonID(w.user), alert.TokenClock)
	}
	if err != nil {
		return err
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(map[string]string{"token": secret})
	}
	_, err = fmt.Fprintf(p.out, "%s\n只显示这一次，请妥善保存\n", secret)
	return err
}

// tokenLine is one token in `token list --json`.
type tokenLine struct {
	ID      string          `json:"id"`
	Person  office.PersonID `json:"person"`
	Name    string          `json:"name,omitempty"`
	Scope   access.Scope    `json:"scope"`
	Gates   bool            `json:"gates,omitempty"`
	Made    string          `json:"made"` // RFC 3339, UTC
	Expires string          `json:"expires"`
	Open    bool            `json:"open"` // not revoked, not expired
}

func listTokens(_ context.Context, p *process, h *house, a arguments) error {
	if _, err := a.words("token", "list"); err != nil {
		return err
	}
	user, err := a.one("user")
	if err != nil {
		return err
	}
	ts, err := access.Tokens(h.Engine, "")
	if err != nil {
		return err
	}
	lines := []tokenLine{}
	for _, t := range ts {
		if user == "" || string(t.Person) == user {
			lines = append(lines, tokenLine{t.Short(), t.Person, t.Name, t.Scope, t.Gates, t.Made.Format(time.RFC3339), t.Expires.Format(time.RFC3339), t.Open(h.Now())})
		}
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(lines)
	}
	for _, l := range lines {
		state := "有效至" + l.Expires[:10]
		if !l.Open {
			state = "已失效"
		}
		fmt.Fprintf(p.out, "%s  %-12s %-5s  %s  %s\n", l.ID, l.Person, l.Scope, state, l.Name)
	}
	return nil
}

func revokeToken(ctx context.Context, p *process, h *house, a arguments) error {
	words, err := a.words("token", "revoke", "编号")
	if err != nil {
		return err
	}
	who, err := h.person(a)
	if err != nil {
		return err
	}
	ts, err := access.Tokens(h.Engine, who)
	if err != nil {
		return err
	}
	var found []access.Token
	for _, t := range ts {
		if len(words[1]) >= 6 && strings.HasPrefix(t.ID, words[1]) {
			found = append(found, t)
		}
	}
	if len(found) != 1 {
		return unreadable("no-token", "where", words[1])
	}
	if err := access.RevokeToken(ctx, h.Engine, who, found[0].ID); err != nil {
		return err
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(map[string]any{"id": found[0].Short(), "revoked": true})
	}
	_, err = fmt.Fprintf(p.out, "已吊销：%s（%s）\n", found[0].Short(), found[0].Person)
	return err
}

// tokenVerbs are what can be done with them.
var tokenVerbs = []string{"create", "list", "revoke"}
