package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/calendar"
	"dossier/engine/handover"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/typed"
	"dossier/store"
)

var userVerb = verb{help: `用法：dossier user add 用户名 --name 姓名 --post 职务... [选项]
      dossier user list
      dossier user posts
      dossier user disable 用户名 [--on 日期]
      dossier user password 用户名 [--password -]
      dossier user second-off 用户名

管理人员。新增人员和重设密码时打印一个三天内有效的一次性链接，由本人打开设置密码；写 --password - 的，从标准输入读一行作为密码。

second-off 停用本人的两步登录，供手机和备用码都丢了的人；只在命令行上办理。重设密码同时清除登录失败的次数。

  --name 姓名        打印在文书上的姓名
  --post 职务        可以多次；职务的代码见 dossier user posts
  --section 部门     --phone 电话     --mail 邮箱
  --certificate 编号:起始日..截止日   执法证，可以多次
  --on 日期          从哪一天起停用，默认今天
  --as 用户名        以谁的名义，默认系统操作员

例：
  dossier user add liwei --name 李维 --post officer --certificate 1305260012:2024-01-01..2028-12-31
  dossier user password liwei
  echo 新密码 | dossier user password liwei --password -
  dossier user disable liwei --on 2026-03-31
`, options: []string{"name", "post", "section", "phone", "mail", "certificate", "on", "password", "as"}, run: user}

// user keeps the office's people.
func user(ctx context.Context, p *process, a arguments) (err error) {
	if len(a.rest) == 0 {
		return unreadable("no-verb", "where", "user", "verbs", userVerbs)
	}
	acts := map[string]func(context.Context, *process, *house, arguments) error{
		"add": addUser, "list": listUsers, "posts": listPosts, "disable": disableUser, "password": passwordOf, "second-off": secondOff}
	act, ok := acts[a.rest[0]]
	if !ok {
		return unreadable("no-such-verb", "where", "user "+a.rest[0], "offer", offer(a.rest[0], userVerbs))
	}
	h, err := p.open(a, store.Options{Owner: "dossier user"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	return act(ctx, p, h, a)
}

// one is the user that the words name.
func (h *house) one(a arguments) (office.Person, uint64, error) {
	words, err := a.words("user", a.rest[0], "用户名")
	if err != nil {
		return office.Person{}, 0, err
	}
	id := office.PersonID(words[1])
	p := h.Office().Person(id)
	if p == nil {
		return office.Person{}, 0, unreadable("nobody", "where", words[1])
	}
	seq, err := access.PersonSeq(h.Engine, id)
	return *p, seq, err
}

func addUser(ctx context.Context, p *process, h *house, a arguments) error {
	words, err := a.words("user", "add", "用户名")
	if err != nil {
		return err
	}
	who, err := h.person(a)
	if err != nil {
		return err
	}
	u := office.Person{ID: office.PersonID(words[1])}
	for name, to := range map[string]*string{"name": &u.Name, "section": &u.Section, "phone": &u.Phone, "mail": &u.Mail} {
		if *to, err = a.one(name); err != nil {
			return err
		}
	}
	for _, post := range a.values["post"] {
		if h.Office().Post(procedure.Actor(post)) == nil {
			return invalid("post", "post", "no-post", "where", "--post "+post)
		}
		u.Posts = append(u.Posts, office.Held{Post: procedure.Actor(post)})
	}
	for i, text := range a.values["certificate"] {
		c, err := readCertificate(text)
		if err != nil {
			return invalid(fmt.Sprintf("certificate[%d]", i), "certificate", "certificate", "where", "--certificate "+text)
		}
		u.Certificates = append(u.Certificates, c)
	}
	password, err := p.password(a)
	if err != nil {
		return err
	}
	if err := access.KeepPerson(ctx, h.Engine, who, u, password, 0); err != nil {
		return err
	}
	return p.admit(ctx, h, a, u, who, password, "已新增")
}

// readCertificate reads NUMBER:FROM..TO.
func readCertificate(text string) (c office.Certificate, err error) {
	number, days, found := strings.Cut(text, ":")
	from, to, both := strings.Cut(days, "..")
	if !found || !both || number == "" {
		return c, errNotRead
	}
	c.Number = number
	if c.From, err = typed.Date(from); err != nil {
		return c, err
	}
	c.To, err = typed.Date(to)
	return c, err
}

// maxLine is the most of standard input that a password is looked for in, in bytes.
const maxLine = 4096

// password reads the password that --password - asks for; "" when it isn't given.
func (p *process) password(a arguments) (string, error) {
	how, err := a.one("password")
	if err != nil || how == "" {
		return "", err
	}
	if how != "-" {
		return "", unreadable("password-seen")
	}
	line, err := bufio.NewReader(io.LimitReader(p.in, maxLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", unreadable("no-password")
	}
	return line, nil
}

// admit says what was done and, where no password was given, how the person gets in.
func (p *process) admit(ctx context.Context, h *house, a arguments, u office.Person, who office.PersonID, password, done string) error {
	link := ""
	if password == "" {
		token, err := access.Invite(ctx, h.Engine, who, u.ID)
		if err == nil {
			err = (&alert.Alerts{Engine: h.Engine}).Key(ctx, who, u.ID, alert.LinkClock)
		}
		if err != nil {
			return err
		}
		link = "/setup/" + token
	}
	if a.has("json") {
		out := map[string]any{"id": u.ID, "name": u.Name}
		if link != "" {
			out["link"] = link
		}
		return json.NewEncoder(p.out).Encode(out)
	}
	fmt.Fprintf(p.out, "%s：%s（%s）\n", done, u.Name, u.ID)
	if link != "" {
		fmt.Fprintf(p.out, "请本人在三天内打开 http://服务器地址%s 设置密码，链接只能用一次\n", link)
	}
	return nil
}

func passwordOf(ctx context.Context, p *process, h *house, a arguments) error {
	u, seq, err := h.one(a)
	if err != nil {
		return err
	}
	who, err := h.person(a)
	if err != nil {
		return err
	}
	password, err := p.password(a)
	if err != nil {
		return err
	}
	if password != "" {
		if err := access.KeepPerson(ctx, h.Engine, who, u, password, seq); err != nil {
			return err
		}
	}
	return p.admit(ctx, h, a, u, who, password, "重设密码")
}

func disableUser(ctx context.Context, p *process, h *house, a arguments) error {
	u, seq, err := h.one(a)
	if err != nil {
		return err
	}
	who, err := h.person(a)
	if err != nil {
		return err
	}
	u.Disabled = h.Today()
	if text, err := a.one("on"); err != nil {
		return err
	} else if text != "" {
		if u.Disabled, err = typed.Date(text); err != nil {
			return invalid("on", "date", "date", "where", "--on")
		}
	}
	if err := access.KeepPerson(ctx, h.Engine, who, u, "", seq); err != nil {
		return err
	}
	n, by, err := handover.Burden(h.Engine, u.ID)
	if err != nil {
		return err
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(map[string]any{"id": u.ID, "disabled": u.Disabled, "cases": n})
	}
	_, err = fmt.Fprintf(p.out, "%s（%s）自%s起停用\n", u.Name, u.ID, u.Disabled.Han())
	if n > 0 && err == nil {
		names := make([]string, len(by))
		for i, id := range by {
			names[i] = h.Office().Name(id)
		}
		_, err = fmt.Fprintf(p.out, "还有%d件在办案件没有移交，由%s在网页上办理移交\n", n, strings.Join(names, "、"))
	}
	return err
}

// userLine is one person in `user list --json`.
type userLine struct {
	ID       office.PersonID   `json:"id"`
	Name     string            `json:"name"`
	Section  string            `json:"section,omitempty"`
	Posts    []procedure.Actor `json:"posts"` // held today
	Disabled calendar.Date     `json:"disabled,omitempty"`
}

// postLine is one post in `user posts --json`.
type postLine struct {
	ID          procedure.Actor `json:"post"`
	Title       procedure.Label `json:"title"`
	Section     string          `json:"section,omitempty"`
	Regime      string          `json:"regime,omitempty"`
	Certificate bool            `json:"certificate,omitempty"`
}

func listPosts(_ context.Context, p *process, h *house, a arguments) error {
	if _, err := a.words("user", "posts"); err != nil {
		return err
	}
	lines := []postLine{}
	for _, x := range h.Posts() {
		lines = append(lines, postLine{x.ID, x.Title, x.Section, x.Regime, x.Certificate})
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(lines)
	}
	for _, l := range lines {
		needs := ""
		if l.Certificate {
			needs = "　要有行政执法证"
		}
		fmt.Fprintf(p.out, "%-12s %s　%s%s\n", l.ID, l.Title.ZH, l.Section, needs)
	}
	return nil
}

func listUsers(_ context.Context, p *process, h *house, a arguments) error {
	if _, err := a.words("user", "list"); err != nil {
		return err
	}
	lines := []userLine{}
	for _, u := range h.Office().People() {
		l := userLine{ID: u.ID, Name: u.Name, Section: u.Section, Posts: []procedure.Actor{}, Disabled: u.Disabled}
		for _, held := range u.Posts {
			if u.Holds(held.Post, h.Today()) {
				l.Posts = append(l.Posts, held.Post)
			}
		}
		lines = append(lines, l)
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(lines)
	}
	for _, l := range lines {
		posts := make([]string, len(l.Posts))
		for i, post := range l.Posts {
			posts[i] = string(post)
		}
		state := strings.Join(posts, "、")
		if l.Disabled != 0 {
			state = "自" + l.Disabled.Han() + "起停用"
		}
		fmt.Fprintf(p.out, "%-12s %s　%s　%s\n", l.ID, l.Name, l.Section, state)
	}
	return nil
}

// secondOff turns a person's second step off, for who has lost both telephone and recovery codes.
func secondOff(ctx context.Context, p *process, h *house, a arguments) error {
	u, _, err := h.one(a)
	if err != nil {
		return err
	}
	if err := access.DropSecond(ctx, h.Engine, "", access.Knock{Name: string(u.ID)}); err != nil {
		return err
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(map[string]any{"id": u.ID, "second": false})
	}
	_, err = fmt.Fprintf(p.out, "已停用两步登录：%s（%s）\n", u.Name, u.ID)
	return err
}

// userVerbs are what can be done with them.
var userVerbs = []string{"add", "list", "posts", "disable", "password", "second-off"}
