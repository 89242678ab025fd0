package bureaus

import (
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"dossier/engine/alert"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
	"dossier/web/page"
)

// Bureau is one entry of the file.
type Bureau struct {
	Host     string        // by which it is asked for
	URL      string        // of its store
	Secrets  alert.Secrets // of its own channels
	Counties []page.County // whose figures its leaders see, where it is a city's
}

// Read reads the file of that name. The error is [text.Faults] unless it is the file system's.
func Read(name string) ([]Bureau, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0 {
		return nil, text.Faults{{File: name, Message: "everybody on this machine may read it, and it holds secrets", Hint: "chmod 640 or 600"}}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return parse(name, data)
}

var (
	hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
	token    = regexp.MustCompile(`^[!-~]{20,200}$`)
)

func parse(name string, data []byte) ([]Bureau, error) {
	root, err := strictyaml.Parse(name, data)
	if err != nil {
		return nil, err
	}
	r := strictyaml.NewReader(name)
	if !r.Keys(root, "bureaus") {
		return nil, r.Err()
	}
	r.Require(root, "bureaus")
	var all []Bureau
	hosts, stores := map[string]bool{}, map[string]bool{}
	for _, n := range r.List(root.Get("bureaus")) {
		if !r.Keys(n, "host", "data", "store", "secrets", "counties") {
			continue
		}
		r.Require(n, "host")
		b := Bureau{Host: r.String(n.Get("host")), URL: r.String(n.Get("store"))}
		switch at := n.Get("host"); {
		case at == nil:
		case !hostName.MatchString(b.Host) || len(b.Host) > 253:
			r.Fault(at, text.Say("%q is no host name", b.Host), "write small letters, digits, hyphens and points, without a port")
		case hosts[b.Host]:
			r.Fault(at, text.Say("host %q stands twice", b.Host), "give each bureau a name of its own")
		}
		hosts[b.Host] = true
		place := n.Get("store")
		if at := n.Get("data"); at != nil {
			if place != nil {
				r.Fault(at, "the place of the data stands twice", "write data or store")
			}
			place, b.URL = at, "bolt:"+r.String(at)
		}
		switch where := sameAs(b.URL); {
		case place == nil:
			r.Fault(n, "the place of the data is missing", "write data: FOLDER, or store: postgres://USER@HOST/DATABASE?schema=NAME")
		case !strings.HasPrefix(b.URL, "bolt:") && !strings.Contains(where, "?"):
			r.Fault(place, "the store names no schema", "write postgres://USER@HOST/DATABASE?schema=NAME: a bureau in a database has a schema of its own")
		case stores[where]:
			r.Fault(place, "another bureau has its data here", "give each bureau a folder or a schema of its own")
		default:
			stores[where] = true
		}
		if s := n.Get("secrets"); s != nil && r.Keys(s, "mail", "wecom", "dingtalk") {
			b.Secrets = alert.Secrets{MailPassword: r.String(s.Get("mail")), WeCom: r.String(s.Get("wecom")), DingTalk: r.String(s.Get("dingtalk"))}
		}
		b.Counties = counties(r, n.Get("counties"))
		all = append(all, b)
	}
	if len(all) == 0 && r.Err() == nil {
		r.Fault(root.Get("bureaus"), "no bureau stands here", "write one or more")
	}
	return all, r.Err()
}

// sameAs is a store's URL with everything left out that doesn't tell where the data are.
func sameAs(store string) string {
	if dir, ok := strings.CutPrefix(store, "bolt:"); ok {
		if abs, err := filepath.Abs(dir); err == nil {
			dir = abs
		}
		return "bolt:" + dir
	}
	u, err := url.Parse(store)
	if err != nil || u.Query().Get("schema") == "" {
		return ""
	}
	return u.Host + u.Query().Get("host") + u.Path + "?" + u.Query().Get("schema")
}

func counties(r *strictyaml.Reader, list *strictyaml.Node) (all []page.County) {
	names := map[string]bool{}
	for _, n := range r.List(list) {
		if !r.Keys(n, "name", "address", "token") {
			continue
		}
		r.Require(n, "name", "address", "token")
		c := page.County{Name: r.String(n.Get("name")), Address: strings.TrimSuffix(r.String(n.Get("address")), "/"), Token: r.String(n.Get("token"))}
		if at := n.Get("name"); at != nil && names[c.Name] {
			r.Fault(at, text.Say("county %q stands twice", c.Name), "write each once")
		}
		names[c.Name] = true
		if at := n.Get("address"); at != nil && !safe(c.Address) {
			r.Fault(at, "a token can't be sent there", "write https:// and the county's host name; http:// only for this machine")
		}
		if at := n.Get("token"); at != nil && !token.MatchString(c.Token) { // which is never shown
			r.Fault(at, "this is no token", "write what dossier token create --scope read printed at the county")
		}
		all = append(all, c)
	}
	return all
}

// safe tells whether a token may be sent to the address: encrypted, or within this machine.
func safe(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}
