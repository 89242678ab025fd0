// Command dossier runs the cases of a county labour-inspection brigade.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
	_ "time/tzdata"

	"dossier/engine/calendar"
	"dossier/engine/heap"
	"dossier/seeds"
)

// commands are the program's commands by name.
var commands map[string]command

func init() { // not in the declaration: a command may run another inside the owner of a folder
	commands = map[string]command{
		"completion":    completion,
		"deadline":      func(p *process, args []string) error { return Deadline(args, p.out, p.today(), p.calendar) },
		"calendar":      calendarCommand,
		"workflow":      func(p *process, args []string) error { return Workflow(args, p.out, anywhere{p}) },
		"penalty":       penaltyCommand,
		"play":          play,
		"migrate-store": migrateStore,
		"register":      func(p *process, args []string) error { return Register(args, p.out) },
		"version":       version,
		"serve":         serveVerb.command(),
		"demo":          demoVerb.command(),
		"verify":        verifyVerb.named("verify"),
		"rebuild":       rebuildVerb.command(),
		"backup":        backupVerb.named("backup"),
		"restore":       restoreVerb.command(),
		"reload":        reloadVerb.named("reload"),
		"user":          userVerb.named("user"),
		"token":         tokenVerb.named("token"),
		"print":         printVerb.named("print"),
		"check":         checkVerb.named("check"),
		"bind":          bindVerb.named("bind"),
		"import":        importVerb.named("import"),
		"export":        exportVerb.named("export"),
		"draw":          drawVerb.named("draw"),
		"statistics":    statisticsVerb.named("statistics"),
	}
}

func main() {
	heap.Grow(heap.Most)
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1) // one of them waits for the disk, with whoever commits
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := &process{commands: commands, ctx: ctx, in: os.Stdin, out: os.Stdout, err: os.Stderr, now: time.Now, calendar: calendar.New(seeds.Schedules()...)}
	code := p.run(os.Args[1:])
	stop()
	os.Exit(code)
}
