package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

const completionHelp = `用法：dossier completion bash|zsh|fish [--json]

命令行补全的脚本：命令、子命令和选项，写到标准输出。

例：
  dossier completion bash > /etc/bash_completion.d/dossier
  dossier completion zsh > "${fpath[1]}/_dossier"
  dossier completion fish > ~/.config/fish/completions/dossier.fish
`

// shells are how each shell is told which words may follow which.
var shells = map[string]func(io.Writer, map[string][]string){"bash": bash, "zsh": zsh, "fish": fish}

// completion writes a shell's script that completes the program's commands and the words that their help names.
func completion(p *process, args []string) error {
	a, err := readArguments(args, nil, []string{"json"})
	if err != nil {
		return err
	}
	if a.has("help") || len(a.rest) == 0 && !a.has("json") {
		_, err := io.WriteString(p.out, completionHelp)
		return err
	}
	if len(a.rest) == 0 { // what may follow what, for a tool of one's own
		return json.NewEncoder(p.out).Encode(vocabulary(p))
	}
	write := shells[a.rest[0]]
	if write == nil || len(a.rest) > 1 {
		return unreadable("shell", "where", "completion "+strings.Join(a.rest, " "), "offer", offer(a.rest[0], slices.Sorted(maps.Keys(shells))))
	}
	if a.has("json") {
		var b strings.Builder
		write(&b, vocabulary(p))
		return json.NewEncoder(p.out).Encode(map[string]string{"shell": a.rest[0], "script": b.String()})
	}
	write(p.out, vocabulary(p))
	return nil
}

var (
	optionWord = regexp.MustCompile(`--[a-z][a-z-]*`)
	verbWord   = regexp.MustCompile(`dossier ([a-z-]+) ([a-z-]{3,})\b`)
)

// vocabulary are the words that may follow each command, taken from its own help: what is shown to people is what is
// completed.
func vocabulary(p *process) map[string][]string {
	words := map[string][]string{}
	for name, run := range p.commands {
		if name == "completion" {
			words[name] = slices.Sorted(maps.Keys(shells))
			continue
		}
		var b strings.Builder
		asked := *p
		asked.out = &b
		_ = run(&asked, []string{"--help"}) // help is no command: it can't fail but by the writer
		ws := optionWord.FindAllString(b.String(), -1)
		for _, m := range verbWord.FindAllStringSubmatch(b.String(), -1) {
			if m[1] == name {
				ws = append(ws, m[2])
			}
		}
		slices.Sort(ws)
		words[name] = slices.Compact(append(ws, "--help"))
	}
	return words
}

func bash(w io.Writer, words map[string][]string) {
	fmt.Fprintf(w, "_dossier() {\n\tlocal words\n\tcase \"${COMP_WORDS[1]}\" in\n")
	for _, name := range slices.Sorted(maps.Keys(words)) {
		fmt.Fprintf(w, "\t%s) words=%q ;;\n", name, strings.Join(words[name], " "))
	}
	fmt.Fprintf(w, "\tesac\n\t[ \"$COMP_CWORD\" -eq 1 ] && words=%q\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\ncomplete -o default -F _dossier dossier\n",
		strings.Join(slices.Sorted(maps.Keys(words)), " "))
}

func zsh(w io.Writer, words map[string][]string) {
	fmt.Fprintf(w, "#compdef dossier\nif (( CURRENT == 2 )); then compadd -- %s; return; fi\ncase \"$words[2]\" in\n", strings.Join(slices.Sorted(maps.Keys(words)), " "))
	for _, name := range slices.Sorted(maps.Keys(words)) {
		fmt.Fprintf(w, "%s) compadd -- %s ;;\n", name, strings.Join(words[name], " "))
	}
	fmt.Fprint(w, "esac\n_files\n")
}

func fish(w io.Writer, words map[string][]string) {
	for _, name := range slices.Sorted(maps.Keys(words)) {
		fmt.Fprintf(w, "complete -c dossier -n __fish_use_subcommand -a %s\n", name)
		fmt.Fprintf(w, "complete -c dossier -n '__fish_seen_subcommand_from %s' -a %q\n", name, strings.Join(words[name], " "))
	}
}
