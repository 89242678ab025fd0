package postgres

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"dossier/engine/ledger"
	"dossier/store/group"
)

// Options say how to open a schema.
type Options struct {
	Create bool             // make the tables where there are none yet
	Owner  string           // what the server's lists call the connections: the command and its address
	NoSync bool             // a commit may be lost when the server's machine fails, up to Close: for filling a schema that can be made anew
	Now    func() time.Time // the machine's clock, held against the server's; nil: not held
	Conns  int              // by how many connections at most a database is read; 0: as many as the address or the machine says
}

// Store is an open schema. It is safe for concurrent use, beside other processes that have the same schema open.
type Store struct {
	reader
	address
	opt     Options
	pool    *pgxpool.Pool
	queue   *group.Queue
	writers [atOnce]writer
	clock   clock
	askers  askers
	id      string // of this process, for the others
	news    news
}

var _ ledger.Store = (*Store)(nil)

const (
	oldestServer    = 15
	defaultSchema   = "dossier"
	defaultPatience = 30 * time.Second
)

// address is a URL taken apart.
type address struct {
	config   *pgxpool.Config
	schema   string
	where    string        // for errors: no password
	patience time.Duration // how long a server that has gone away is waited for
}

var schemaName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,50}$`)

// readURL reads postgres://USER@HOST[,HOST]/DATABASE?schema=NAME&patience=30s&…; what else stands in the query is PostgreSQL's.
func readURL(text string, opt Options) (address, error) {
	a := address{schema: defaultSchema, patience: defaultPatience}
	bad := func(why, do string) (address, error) {
		return a, &OpenError{Code: CodeBadURL, Where: Named(text), Why: why, Do: do}
	}
	base, query, _ := strings.Cut(text, "?")
	q, err := url.ParseQuery(query)
	if err != nil {
		return bad("the address can't be read", "write postgres://USER@HOST/DATABASE?schema=NAME")
	}
	if s := q.Get("schema"); s != "" {
		a.schema = s
	}
	if !schemaName.MatchString(a.schema) || strings.HasPrefix(a.schema, "pg_") {
		return bad("this is no name for a schema: "+a.schema, "write lower-case letters, digits and _, a letter first, at most 51, not beginning with pg_")
	}
	if s := q.Get("patience"); s != "" {
		if a.patience, err = time.ParseDuration(s); err != nil || a.patience < 0 || a.patience > 10*time.Minute {
			return bad("patience="+s+" is no time up to 10m", "write patience=30s, or leave it out")
		}
	}
	q.Del("schema")
	q.Del("patience")
	if len(q) > 0 {
		base += "?" + q.Encode()
	}
	if a.config, err = pgxpool.ParseConfig(base); err != nil {
		return bad("the address can't be read", "write postgres://USER@HOST/DATABASE?schema=NAME")
	}
	c := a.config.ConnConfig
	host := c.Host
	for _, f := range c.Fallbacks {
		if !strings.Contains(","+host+",", ","+f.Host+",") {
			host += "," + f.Host
		}
	}
	a.where = fmt.Sprintf("%s@%s:%d/%s?schema=%s", c.User, host, c.Port, c.Database, a.schema)
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 5 * time.Second
	}
	for k, v := range map[string]string{
		"search_path": a.schema, "timezone": "UTC", "default_transaction_isolation": "read committed",
		"application_name": name(opt.Owner), "jit": "off", "idle_in_transaction_session_timeout": "300s",
		// Every statement here asks for rows by their keys. Plans that don't depend on what the planner has counted so far are the
		// same on the first day and in the tenth year.
		// A machine that lost its power doesn't say so: what it held is free again after so long (10 + 3 × 5 s).
		"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
		"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "enable_bitmapscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off",
	} {
		c.RuntimeParams[k] = v
	}
	if opt.Conns > 0 {
		a.config.MaxConns, a.config.MaxConnIdleTime = int32(opt.Conns), time.Minute
	}
	if opt.NoSync {
		c.RuntimeParams["synchronous_commit"] = "off"
	}
	return a, nil
}

// name is what the server's lists call a connection.
func name(owner string) string {
	if owner == "" {
		owner = "dossier"
	}
	if len(owner) > 60 {
		owner = owner[:60]
	}
	return owner
}

var passwordIn = regexp.MustCompile(`//[^:/@]*:[^@]*@|password=[^&]*`)

// Named is an address without its password.
func Named(text string) string {
	return passwordIn.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(found, "password=") {
			return "password="
		}
		return found[:strings.Index(found[2:], ":")+2] + "@"
	})
}

// classOf is the first half of the names of a schema's advisory locks.
func classOf(schema string) int32 {
	h := fnv.New32a()
	h.Write([]byte("dossier " + schema))
	return int32(h.Sum32())
}

// The second halves of the names of advisory locks. Below them stand the records' (see lockOf).
const (
	lockMigration = 1 << 20
	lockLedger    = 2 << 20 // and on: one a ledger
	lockDuty      = 3 << 20 // and on: what one process at a time does
)

// Open opens the schema that the URL names. Every error holds an [*OpenError] for errors.As; after one, the database is as it was.
func Open(text string, opt Options) (*Store, error) {
	a, err := readURL(text, opt)
	if err != nil {
		return nil, err
	}
	if err := a.prepare(opt); err != nil {
		return nil, explain(a.where, err)
	}
	s, err := a.open(opt)
	if err != nil {
		return nil, explain(a.where, err)
	}
	if err := s.Clock(); err != nil {
		return nil, errors.Join(explain(a.where, err), s.Close())
	}
	return s, nil
}

// open makes the store of a schema that is up to date.
func (a address) open(opt Options) (*Store, error) {
	pool, err := pgxpool.NewWithConfig(context.Background(), a.config)
	if err != nil {
		return nil, err
	}
	s := &Store{address: a, opt: opt, pool: pool}
	s.reader = reader{s.view}
	s.clock.now = opt.Now
	for i := range s.writers {
		s.writers[i] = writer{address: a, clock: &s.clock}
	}
	one := make([]byte, 8)
	if _, err := rand.Read(one); err != nil {
		pool.Close()
		return nil, err
	}
	s.id = hex.EncodeToString(one)
	s.startTelling()
	s.queue = group.Start(atOnce, s.write)
	return s, nil
}

// prepare looks at the server and the schema, and makes or migrates the tables.
func (a address) prepare(opt Options) error {
	ctx, cancel := context.WithTimeout(context.Background(), a.patience+10*time.Second)
	defer cancel()
	c, err := pgx.ConnectConfig(ctx, a.config.ConnConfig)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	if err := a.fits(ctx, c, opt); err != nil {
		return err
	}
	at, err := lookAt(ctx, c, a.schema)
	switch {
	case err != nil:
		return err
	case at.loading != "":
		return &OpenError{Code: CodeHalf, Where: a.where, Why: "dossier migrate-store has not come to its end here (from " + at.loading + ")",
			Do: "run the same dossier migrate-store again: it goes on where it was"}
	case at.format > Format:
		return newer(a.where, at.format)
	case at.format == 0 && !opt.Create:
		return &OpenError{Code: CodeMissing, Where: a.where, Why: "there is no dossier schema of this name", Do: "check the address, or start with dossier serve, which makes one"}
	case at.format == Format:
		return nil
	}
	return migrate(ctx, c, a.schema, migrations)
}

// fits refuses a server that is too old, that takes no changes, or whose clock is another.
func (a address) fits(ctx context.Context, c *pgx.Conn, opt Options) error {
	var version int
	var readOnly bool
	err := c.QueryRow(ctx, `select current_setting('server_version_num')::int, pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool`).
		Scan(&version, &readOnly)
	switch {
	case err != nil:
		return err
	case version < oldestServer*10000:
		return &OpenError{Code: CodeOldServer, Where: a.where, Why: fmt.Sprintf("the server is PostgreSQL %d", version/10000), Do: fmt.Sprintf("use version %d or later", oldestServer)}
	case readOnly:
		return explain(a.where, errReadOnly)
	}
	if opt.Now == nil {
		return nil
	}
	ahead, there, err := (&clock{now: opt.Now}).measure(ctx, c) // before a schema is made
	if err == nil && ahead.Abs() > mostSkew {
		err = skewed(a.where, "the database server's", there.Add(ahead), there)
	}
	return err
}

func newer(where string, has int64) error {
	return &OpenError{Code: CodeNewer, Where: where, Why: fmt.Sprintf("the schema has format %d, and this version knows %d", has, Format),
		Do: "use the version of dossier that wrote it, or a later one"}
}

// Close waits for what is being committed, and ends the connections.
func (s *Store) Close() error {
	if !s.queue.Stop() {
		return nil
	}
	var err error
	for i := range s.writers {
		err = errors.Join(err, s.writers[i].close())
	}
	s.stopTelling()
	s.offDuty()
	s.pool.Close()
	return err
}

// view runs f with a connection; where the server has gone away it waits and tries again.
func (s *Store) view(f func(context.Context, querier) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.patience+readTime)
	defer cancel()
	return s.patiently(ctx, func() error {
		return s.lend(ctx, func(c *pgx.Conn) error { return f(ctx, c) })
	})
}

// lend lends a connection of the pool.
func (s *Store) lend(ctx context.Context, f func(*pgx.Conn) error) error {
	return s.pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error { return gone(c.Conn(), f(c.Conn())) })
}

// readTime is how long a read may take.
const readTime = 60 * time.Second

// patiently runs f until it doesn't fail for want of a server, or patience ends.
func (a address) patiently(ctx context.Context, f func() error) error {
	patience, cancel := context.WithTimeout(ctx, a.patience)
	defer cancel()
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		err := f()
		if err == nil || !lost(err) {
			return err
		}
		pause(patience, wait)
		if patience.Err() != nil {
			return explain(a.where, err)
		}
	}
}

// pause waits for so long, or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	p, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-p.Done()
}
