package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"dossier/engine/access"
	"dossier/engine/office"
	"dossier/store"
)

var tokenVerb = verb{help: `用法：dossier token create --user 用户名 [--scope read|write] [--days 天数] [--name 用途]

为接口（/api/v1）签发令牌。令牌只显示这一次，库中只存其哈希值；可以在网页上吊销；令牌不能代替人员审批。

  --scope            read 只读（默认），write 可以办理不属于审批的事项
  --days             有效天数，默认90，最多730

例：
  dossier token create --user liwei --days 30
  dossier token create --user liwei --scope write --json
`, options: []string{"user", "scope", "days", "name", "as"}, run: token}

// token makes an API token.
func token(ctx context.Context, p *process, a arguments) (err error) {
	if words, err := a.words("token", "create"); err != nil {
		return err
	} else if words[0] != "create" {
		return unreadable("not a thing to do with tokens", words[0], "write dossier token create --user NAME")
	}
	var user, scope, name, days string
	for option, to := range map[string]*string{"user": &user, "scope": &scope, "name": &name, "days": &days} {
		if *to, err = a.one(option); err != nil {
			return err
		}
	}
	if user == "" {
		return invalid("user", "--user", "required", errors.New("an option is missing: write --user and the person's user name"))
	}
	if scope == "" {
		scope = string(access.ReadScope)
	}
	n := 0
	if days != "" {
		if n, err = strconv.Atoi(days); err != nil || n < 1 {
			return invalid("days", "--days "+days, "days", errors.New("this is no number of days: write it as --days 30"))
		}
	}
	h, err := p.open(a, store.Options{Owner: "dossier token"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	who, err := h.person(a)
	if err != nil {
		return err
	}
	secret, err := access.NewToken(ctx, h.Engine, who, office.PersonID(user), name, access.Scope(scope), n)
	if err != nil {
		return err
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(map[string]string{"token": secret})
	}
	_, err = fmt.Fprintf(p.out, "%s\n只显示这一次，请妥善保存\n", secret)
	return err
}
